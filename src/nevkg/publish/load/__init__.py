"""Loads the dataset into another store: an Oxigraph folder or a SPARQL server."""

from nevkg.publish.load.plan import LoadResult, Plan
from nevkg.publish.load.source import Content

__all__ = ["Content", "LoadResult", "Plan"]
