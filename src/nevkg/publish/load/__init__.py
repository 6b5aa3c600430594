"""Loads the dataset into another store: an Oxigraph folder or a SPARQL server."""

from nevkg.publish.load.content import Content, LoadResult, Plan

__all__ = ["Content", "LoadResult", "Plan"]
