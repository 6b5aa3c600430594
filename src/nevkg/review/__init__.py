"""Reviewing the rows of a collection beside the texts that they quote, on a local page."""
