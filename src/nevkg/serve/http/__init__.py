"""HTTP for all responses: hosts, limits, content negotiation, conditional and range requests, errors, the access log."""
