"""The files of the ontology, the data and the queries: where they are, how they are read and written, and the kernel's terms."""
