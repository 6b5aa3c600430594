"""Services beside SPARQL, the API and the pages: reconciliation, feeds of changes, and the Model Context Protocol."""
