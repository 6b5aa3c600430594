"""The messages between the server and its workers: jobs and replies."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import IO

from nevkg.data.json_values import to_json_value
from nevkg.store import Store

Write = Callable[[IO[bytes]], None]


@dataclass(frozen=True)
class Task(ABC):
    """The work of a job. The fields of each kind are sent to a worker, and equal ones have equal answers.

    The fields have JSON values, or dataclasses of them. Whatever a client sends is read before it becomes a field.
    """

    @abstractmethod
    def run(self, store: Store) -> Reply:
        """Does the work.

        Raises:
            Problem: if it fails, or the request is invalid.
            NevkgError: likewise.
        """


@dataclass(frozen=True)
class Job:
    """A task for a worker, and how it is handled.

    Attributes:
        steady: whether the same job always has the same answer, so that it can be cached and have an ETag.
        free: whether the client wrote the query. Its cost is unknown then, while our own queries are fast once a worker is warm.
        known_by: ISO date; sources published later are left out. None to use all sources.
        before: the edition of the data that it needs if another is served, and a job that opens it, which may take longer than a request
            may; None if it needs no other.
    """

    task: Task
    steady: bool = True
    free: bool = False
    known_by: str | None = None
    before: tuple[str, Job] | None = None

    @property
    def key(self) -> str:
        """A digest (hexadecimal) that equal jobs share."""
        return sha256(f"{self} {self.known_by}".encode()).hexdigest()

    def __str__(self) -> str:
        kind = type(self.task)
        return f"{kind.__module__}.{kind.__qualname__} {json.dumps(asdict(self.task), sort_keys=True)}"


@dataclass(frozen=True)
class Reply:
    """The answer of a task.

    Attributes:
        media: the media type; that of a text gets its charset when it is sent.
        write: writes the body; called once, in the worker process.
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
    """Returns a reply with a value as JSON; see :mod:`nevkg.data.json_values`."""
    return bytes_reply("application/json", json.dumps(content, ensure_ascii=False, default=to_json_value).encode(), headers)
