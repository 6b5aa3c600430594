"""HTML pages without scripts, and RDF: every IRI of the project, the catalogue of questions, forms and search."""
