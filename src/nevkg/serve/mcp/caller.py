"""Runs the calls of assistants in the workers of the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.serve.clients.account import Account
from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Job
from nevkg.serve.state.generations import Generation

_LOWEST_SERVER_ERROR = 500


async def run_call(
    generation: Generation,
    kind: str,
    name: str,
    arguments: Mapping[str, Any],
    known_by: str | None,
    account: Account | None = None,
) -> Mapping[str, Any]:
    """Runs a call in a worker; a cancelled call is stopped there if it takes long.

    Args:
        generation: the state of the dataset to use.
        kind: see ``nevkg.mcp.calls.perform``.
        name: see ``nevkg.mcp.calls.perform``.
        arguments: see ``nevkg.mcp.calls.perform``.
        known_by: the day (ISO) after which sources are left out; None if all count.
        account: the client that is charged; None to charge nobody.

    Raises:
        NevkgError: if it fails.
    """
    # Its cost is unknown if the assistant wrote a query.
    given = {"kind": kind, "name": name, "arguments": arguments}
    job = Job("mcp", given, steady=False, free="sparql" in arguments, known_by=known_by)
    try:
        ticket = await generation.begin(job, account or Account())
        try:
            return dict(json.loads(ticket.spool.content()))
        finally:
            ticket.close()
    except Problem as problem:
        raise (CouldNotRun if problem.status >= _LOWEST_SERVER_ERROR else WrongUsage)(problem.detail) from None
