"""Importing contributed tables into the data, and finding entities that are recorded twice."""
