"""A release: the dataset, tables, ontology, questions and descriptions in one folder. The same data gives the same bytes.

parts.py      the folder during the build: files with their sizes and digests, and compressed variants
graphs.py     the dataset, the ontology and the shapes as RDF
tables.py     nodes, edges, values (from triples.py) and answers; columns.py describes them (CSVW)
metadata.py   descriptions for archives and search engines: DCAT, schema.org
readme.py     the README
make.py       builds all of it and puts it in place atomically
"""
