"""A release: the dataset, tables, ontology, questions and descriptions in one folder, the same bytes each time.

parts.py      the folder while it is filled: files with their sizes and digests, and packed variants
graphs.py     the dataset, the ontology and the shapes as RDF
tables.py     nodes, edges, values and answers; columns.py describes them (CSVW)
described.py  what an archive reads: DCAT, schema.org, the README
make.py       all of it, put in place in one step
"""
