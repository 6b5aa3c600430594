"""Looks up entities, labels, statements, sources and evidence in a store."""
