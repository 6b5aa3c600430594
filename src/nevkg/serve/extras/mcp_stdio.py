"""Speaks the protocol on standard input and output, as desktop assistants expect it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from mcp.server.stdio import stdio_server

from nevkg.errors import CouldNotRun
from nevkg.mcp.server import build_server
from nevkg.serve.extras.mcp_endpoint import run_call
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset


def run(served: ServedDataset, settings: Settings) -> None:
    """Serves until standard input ends.

    Requests are answered from the start; calls wait until the store is open, which may take a minute the first time.
    """
    asyncio.run(_serve(served, settings))


async def _serve(served: ServedDataset, settings: Settings) -> None:
    generations = Generations(served, settings)
    opening = asyncio.ensure_future(generations.open())

    async def call(_request: Any, kind: str, name: str, arguments: Mapping[str, Any], known_by: str | None) -> Mapping[str, Any]:
        try:
            await asyncio.shield(opening)
        except OSError as error:
            raise CouldNotRun(f"The dataset cannot be opened: {error}.") from None
        return await run_call(generations.current, kind, name, arguments, known_by)

    server = build_server(served.layout, call)
    try:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await generations.close()
