"""What goes from the server to a worker, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, Any

Write = Callable[[IO[bytes]], None]


@dataclass(frozen=True)
class Job:
    """What a worker is to do.

    Attributes:
        task: its name in ``tasks.TASKS``.
        given: what the task is given; values of JSON, since it goes to another process.
        steady: whether the same job always has the same answer, so that it may be kept and have an ETag.
        free: whether the query is the client's own, of which nothing is known; ours are quick once a worker is warm.
        known_by: the day (ISO) after which sources are left out; None if all count.
    """

    task: str
    given: Mapping[str, Any] = field(default_factory=dict)
    steady: bool = True
    free: bool = False
    known_by: str | None = None

    @property
    def key(self) -> str:
        """The same for the same job (hexadecimal)."""
        return sha256(json.dumps([self.task, self.given, self.known_by], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Reply:
    """What a task answers.

    Attributes:
        media: the media type, with its parameters.
        write: writes the body; called once, in the process of the worker.
        headers: further headers.
        is_bulk: whether the body is long and the same for all, so that it is made once as a file; see ``downloads``.
        is_collected: whether all of it is there and only has to be written, so that its reader can wait until that has succeeded.
    """

    media: str
    write: Write
    headers: Mapping[str, str] = field(default_factory=dict)
    is_bulk: bool = False
    is_collected: bool = False


def whole(media: str, content: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply whose body is at hand."""

    def write(output: IO[bytes]) -> None:
        output.write(content)

    return Reply(media, write, headers or {})


def as_json(content: object, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply of JSON."""
    return whole("application/json", json.dumps(content, ensure_ascii=False).encode(), headers)
