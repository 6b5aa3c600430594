"""The objects that every request handler needs: the layout, the settings, and ``respond``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from nevkg.data.paths import Layout
from nevkg.serve.explorer import Explorer
from nevkg.serve.reply import Job
from nevkg.serve.settings import Settings


@dataclass(frozen=True)
class Site:
    """A site of files, whose pages link to files instead of paths of a server.

    Attributes:
        address: the address at which the site is published, without a slash at the end; empty if it is not known.
        is_rendered_here: whether a page is rendered in the browser, at the root of the site, and not written to a file.
    """

    address: str = ""
    is_rendered_here: bool = False


# Runs a job and returns its response; handles ETags, the cache, limits and errors.
Respond = Callable[[Request, Job], Awaitable[Response]]


@dataclass(frozen=True)
class Services:
    """Shared objects for request handlers.

    Attributes:
        layout: folders of the dataset, with the catalogue of questions and the projections.
        respond: see ``Respond``.
        settings: limits that handlers pass to their tasks.
        explorer: the build of the explorer.
        site: the site that the pages are for; None for pages of a server.
        releases: releases and folders of releases, from which citations of other editions are answered.
    """

    layout: Layout
    respond: Respond
    settings: Settings = field(default_factory=Settings)
    explorer: Explorer = field(default_factory=Explorer)
    site: Site | None = None
    releases: tuple[str, ...] = ()


def services_of(request: Request) -> Services:
    """Returns the services of the application that handles a request."""
    services: Services = request.app.state.services
    return services
