"""nevkg: a knowledge graph on how Chinese new-energy-vehicle makers move from exporting cars to building them abroad."""

from nevkg.answer import Answer, ask
from nevkg.errors import CouldNotRun, InvalidData, NevkgError, WrongUsage
from nevkg.layout import Layout
from nevkg.questions import Catalogue, Question, load_catalogue
from nevkg.store import EmbeddedStore, open_store

__all__ = [
    "Answer",
    "Catalogue",
    "CouldNotRun",
    "EmbeddedStore",
    "InvalidData",
    "Layout",
    "NevkgError",
    "Question",
    "WrongUsage",
    "ask",
    "load_catalogue",
    "open_store",
]
