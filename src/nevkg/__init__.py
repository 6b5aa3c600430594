"""nevkg: a knowledge graph on how Chinese new-energy-vehicle makers move from exporting cars to building them abroad."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nevkg.answer import Answer, ask
    from nevkg.errors import CouldNotRun, InvalidData, NevkgError, WrongUsage
    from nevkg.layout import Layout
    from nevkg.questions import Catalogue, Question, load_catalogue
    from nevkg.store import EmbeddedStore, open_store

# The command line imports this package first; a name is loaded when it is asked for, so that it starts fast.
_WHERE = {
    "Answer": "answer",
    "Catalogue": "questions",
    "CouldNotRun": "errors",
    "EmbeddedStore": "store",
    "InvalidData": "errors",
    "Layout": "layout",
    "NevkgError": "errors",
    "Question": "questions",
    "WrongUsage": "errors",
    "ask": "answer",
    "load_catalogue": "questions",
    "open_store": "store",
}

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


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'nevkg' has no attribute '{name}'")
    return getattr(import_module(f"nevkg.{_WHERE[name]}"), name)
