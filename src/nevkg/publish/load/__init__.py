"""Loads the dataset into another store: a folder, or a server."""

from nevkg.publish.load.plan import Loaded, Plan
from nevkg.publish.load.source import Content

__all__ = ["Content", "Loaded", "Plan"]
