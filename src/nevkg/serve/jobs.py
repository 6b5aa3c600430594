"""The messages between the server and its workers: jobs and replies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from typing import IO, Any

from nevkg.store import Store

Write = Callable[[IO[bytes]], None]


@dataclass(frozen=True)
class Job:
    """A task for a worker, with its arguments.

    Attributes:
        task: a name in ``tasks.TASKS``.
        given: arguments of the task, as JSON values, since they are sent to another process.
        steady: whether the same job always has the same answer, so that it can be cached and have an ETag.
        free: whether the client wrote the query. Its cost is unknown then, while our own queries are fast once a worker is warm.
        known_by: ISO date; sources published later are left out. None to use all sources.
        before: the edition of the data that it needs if another is served, and a job that opens it, which may take longer than a request
            may; None if it needs no other.
    """

    task: str
    given: Mapping[str, Any] = field(default_factory=dict)
    steady: bool = True
    free: bool = False
    known_by: str | None = None
    before: tuple[str, Job] | None = None

    @property
    def key(self) -> str:
        """A digest (hexadecimal) that equal jobs share."""
        return sha256(json.dumps([self.task, self.given, self.known_by], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Reply:
    """The answer of a task.

    Attributes:
        media: the media type with its parameters.
        write: writes the body; called once, in the worker process.
        headers: further response headers.
        is_bulk: whether the body is long and the same for all clients, so that it is written to a file once; see ``downloads``.
        is_collected: whether the result is complete and only has to be written. Its reader then waits until all of it is written.
    """

    media: str
    write: Write
    headers: Mapping[str, str] = field(default_factory=dict)
    is_bulk: bool = False
    is_collected: bool = False


def bytes_reply(media: str, content: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """Returns a reply with the given body."""

    def write(output: IO[bytes]) -> None:
        output.write(content)

    return Reply(media, write, headers or {})


def json_reply(content: object, headers: Mapping[str, str] | None = None) -> Reply:
    """Returns a reply with a value as JSON."""
    return bytes_reply("application/json", json.dumps(content, ensure_ascii=False).encode(), headers)


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
