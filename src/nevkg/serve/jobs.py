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
    "api.answer": "api.question_jobs:answer",
    "api.card": "api.entity_jobs:card",
    "api.checks": "api.dataset_jobs:checks",
    "api.dataset": "api.dataset_jobs:describe_dataset",
    "api.discover": "api.question_jobs:discover_anything",
    "api.entity": "api.entity_jobs:entity",
    "api.evidence": "api.entity_jobs:evidence",
    "api.export": "api.graph_jobs:export",
    "api.explain": "api.entity_jobs:explain",
    "api.findings": "api.dataset_jobs:findings",
    "api.graph": "api.graph_jobs:graph",
    "api.home": "api.question_jobs:home",
    "api.index": "api.openapi:index",
    "api.neighbours": "api.graph_jobs:neighbours",
    "api.ontology": "api.dataset_jobs:ontology",
    "api.openapi": "api.openapi:openapi",
    "api.options": "api.question_jobs:options",
    "api.path": "api.graph_jobs:path",
    "api.places": "api.entity_jobs:places",
    "api.projections": "api.graph_jobs:projections",
    "api.quality": "api.dataset_jobs:quality",
    "api.question": "api.question_jobs:question",
    "api.questions": "api.question_jobs:questions",
    "api.reason": "api.entity_jobs:reason",
    "api.search": "api.entity_jobs:find",
    "api.stories": "api.question_jobs:stories",
    "api.story": "api.question_jobs:story",
    "feeds.feed": "extras.feeds:feed",
    "mcp": "extras.mcp_job:call",
    "pages.citation": "pages.citations:citation",
    "pages.front": "pages.home:front",
    "pages.name": "pages.names:name",
    "pages.prepare_citation": "pages.citations:prepare",
    "pages.query": "pages.questions:query",
    "pages.question": "pages.questions:question",
    "pages.questions": "pages.questions:questions",
    "pages.search": "pages.home:search_page",
    "pages.stories": "pages.home:stories",
    "pages.story": "pages.home:story",
    "ready": "state.warm_up:ready",
    "reconcile.candidates": "extras.reconcile_jobs:candidates",
    "reconcile.extend": "extras.reconcile_jobs:extend",
    "reconcile.manifest": "extras.reconcile_jobs:manifest",
    "reconcile.preview": "extras.reconcile_jobs:preview",
    "reconcile.properties": "extras.reconcile_jobs:properties",
    "reconcile.suggest": "extras.reconcile_jobs:suggest",
    "service": "sparql_jobs:service",
    "sparql": "sparql_jobs:sparql",
    "void": "sparql_jobs:void",
}


def find(name: str) -> Task:
    """Returns the function of a task."""
    module, _, function = TASKS[name].partition(":")
    task: Task = getattr(import_module(f"nevkg.serve.{module}"), function)
    return task
