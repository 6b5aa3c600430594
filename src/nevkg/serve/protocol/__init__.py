"""The SPARQL 1.1 Protocol: queries over HTTP, and the description of the service."""
