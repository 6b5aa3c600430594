"""Writes networks to files in the formats of graph tools."""
