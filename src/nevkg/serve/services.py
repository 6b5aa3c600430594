"""What every handler of requests is given: the floors, the settings, and ``respond``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from nevkg.data.paths import Layout
from nevkg.serve.explorer import Explorer
from nevkg.serve.reply import Job
from nevkg.serve.settings import Settings

# Answers a request with what a worker replies to a job; ETag, cache, limits and errors are seen to there.
Respond = Callable[[Request, Job], Awaitable[Response]]


@dataclass(frozen=True)
class Services:
    """Where handlers find what they need.

    Attributes:
        layout: the floors; the catalogue of questions and the projections are read from there.
        respond: see ``Respond``.
        settings: limits, of which handlers tell their tasks.
        explorer: what was built of it.
    """

    layout: Layout
    respond: Respond
    settings: Settings = field(default_factory=Settings)
    explorer: Explorer = field(default_factory=Explorer)


def services_of(request: Request) -> Services:
    """What the handler of a request is given."""
    services: Services = request.app.state.services
    return services
