"""Queries as text: their tokens, prefixes, bounds, SERVICE clauses and triple patterns. Needs no store."""
