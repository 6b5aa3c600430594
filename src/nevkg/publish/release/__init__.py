"""A release: the dataset, tables, ontology, questions and descriptions in one folder. The same data gives the same bytes.

parts.py      the folder during the build: files with their sizes and digests, and compressed variants
graphs.py     the dataset, the ontology and the shapes as RDF
tables.py     nodes, edges, values and answers, with a description of their columns (CSVW)
metadata.py   descriptions for archives, search engines (DCAT, schema.org) and readers (the README)
make.py       builds all of it and puts it in place atomically
"""
