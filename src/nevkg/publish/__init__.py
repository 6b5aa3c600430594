"""Releases, diffs, loading into other stores, the data report and the ontology pages. The same content gives the same bytes."""
