"""Finds, reads and writes the files of the ontology, the data and the queries; defines the terms that the code uses."""
