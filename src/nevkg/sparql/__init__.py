"""Analyses and rewrites SPARQL text without a store: tokens, prefixes, parameters, bounds, SERVICE and triple patterns."""
