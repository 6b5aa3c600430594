"""Watches feeds, sitemaps and index pages for new pages that name what the data is about. Writes no statements."""
