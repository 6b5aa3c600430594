"""The registry of worker tasks: the name of each task, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from nevkg.serve.reply import Reply
from nevkg.store import Store

Task = Callable[[Store, Mapping[str, Any]], Reply]

# Imported on first use, so that a worker starts fast.
TASKS = {
    "api.answer": "api.tasks_questions:answer",
    "api.card": "api.tasks_cards:card",
    "api.checks": "api.tasks_dataset:checks",
    "api.dataset": "api.tasks_dataset:describe_dataset",
    "api.discover": "api.tasks_home:discover_anything",
    "api.entity": "api.tasks_things:entity",
    "api.evidence": "api.tasks_things:evidence",
    "api.explain": "api.tasks_things:explain",
    "api.findings": "api.tasks_dataset:findings",
    "api.graph": "api.tasks_graphs:graph",
    "api.home": "api.tasks_home:home",
    "api.index": "api.openapi:index",
    "api.neighbours": "api.tasks_graphs:neighbours",
    "api.ontology": "api.tasks_dataset:ontology",
    "api.openapi": "api.openapi:openapi",
    "api.options": "api.tasks_questions:options",
    "api.path": "api.tasks_graphs:path",
    "api.places": "api.tasks_things:places",
    "api.projections": "api.tasks_graphs:projections",
    "api.quality": "api.tasks_dataset:quality",
    "api.question": "api.tasks_questions:question",
    "api.questions": "api.tasks_questions:questions",
    "api.reason": "api.tasks_things:reason",
    "api.search": "api.tasks_things:find",
    "api.stories": "api.tasks_home:stories",
    "api.story": "api.tasks_home:story",
    "feeds.feed": "feeds.tasks:feed",
    "mcp": "mcp.tasks:call",
    "pages.citation": "pages.citations:citation",
    "pages.front": "pages.home:front",
    "pages.name": "pages.tasks:name",
    "pages.prepare_citation": "pages.citations:prepare",
    "pages.query": "pages.catalogue:query",
    "pages.question": "pages.catalogue:question",
    "pages.questions": "pages.catalogue:questions",
    "pages.search": "pages.home:search_page",
    "pages.stories": "pages.stories:stories",
    "pages.story": "pages.stories:story",
    "ready": "state.warm_up:ready",
    "reconcile.candidates": "reconcile.candidates:candidates",
    "reconcile.extend": "reconcile.extension:extend",
    "reconcile.manifest": "reconcile.manifest:manifest",
    "reconcile.preview": "reconcile.preview:preview",
    "reconcile.properties": "reconcile.suggestions:properties",
    "reconcile.suggest": "reconcile.suggestions:suggest",
    "service": "protocol.describe:service",
    "sparql": "protocol.tasks:sparql",
    "void": "protocol.describe:void",
}


def find(name: str) -> Task:
    """Returns the function of a task."""
    module, _, function = TASKS[name].partition(":")
    task: Task = getattr(import_module(f"nevkg.serve.{module}"), function)
    return task
