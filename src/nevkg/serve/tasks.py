"""What workers can do: the name of each task, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from nevkg.serve.reply import Reply
from nevkg.store import Store

Task = Callable[[Store, Mapping[str, Any]], Reply]

# Imported when first done, so that a worker is ready fast.
TASKS = {
    "front": "pages.front:front",
    "name": "pages.tasks:name",
    "question-page": "pages.catalogue:question",
    "question-text": "pages.catalogue:text",
    "questions-page": "pages.catalogue:questions",
    "search-page": "pages.front:found",
    "sparql": "protocol.tasks:sparql",
    "service": "protocol.describe:service",
    "void": "protocol.describe:void",
}


def find(name: str) -> Task:
    """The function that does a task."""
    module, _, function = TASKS[name].partition(":")
    task: Task = getattr(import_module(f"nevkg.serve.{module}"), function)
    return task
