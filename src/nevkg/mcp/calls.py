"""Does what an assistant asks for, in the process that has the store open. Independent of the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.mcp import answer_tools, lookups, reading, resources
from nevkg.mcp.result import Tool
from nevkg.store import Store

_IN_ORDER = (
    lookups.FIND,
    answer_tools.ASK,
    answer_tools.EXPLAIN,
    lookups.DESCRIBE,
    answer_tools.QUERY,
    answer_tools.PATH,
    answer_tools.CHANGES,
    reading.READ_DOCUMENT,
    reading.PROPOSE_ROWS,
)
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _IN_ORDER}
TOOL, RESOURCE, COMPLETION = "tool", "resource", "completion"


def perform(store: Store, kind: str, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Runs a tool, reads a resource, or completes a name.

    Args:
        kind: ``tool``, ``resource`` or ``completion``.
        name: the name of the tool, the address of the resource, or the family of the resource.
        arguments: those of the tool; for a completion, ``text``.

    Returns:
        JSON values: ``text`` and ``content`` of a tool, ``text`` of a resource, or ``values``.

    Raises:
        NevkgError: if the arguments are wrong, or it cannot be done.
    """
    if kind == TOOL:
        result = TOOLS[name].run(store, arguments)
        return {"text": result.text, "content": result.content}
    if kind == RESOURCE:
        return {"text": resources.read(store, name)}
    return {"values": resources.complete(store, name, arguments["text"])}
