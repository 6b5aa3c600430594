"""A synchronous wrapper of the MCP SDK's client, over either transport."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters, stdio_client
from mcp_types import CallToolResult
from tests.support.serving import PROGRAM


@dataclass(frozen=True)
class Assistant:
    portal: BlockingPortal
    client: Client

    def do(self, method: str, *values: Any, **named: Any) -> Any:
        return self.portal.call(lambda: getattr(self.client, method)(*values, **named))

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        """Calls a tool. The client checks the result against the schema of the tool."""
        result: CallToolResult = self.do("call_tool", tool, arguments)
        return result

    def read(self, address: str) -> str:
        (content,) = self.do("read_resource", address).contents
        return str(content.text)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text


def refusal(result: CallToolResult) -> str:
    """Returns the message of a failed call."""
    assert result.is_error
    return text_of(result)


@contextmanager
def over_stdio(*options: str) -> Iterator[Assistant]:
    """Starts a server as a child process, as a desktop assistant does."""
    program = StdioServerParameters(command=sys.executable, args=["-c", PROGRAM, "mcp", *options], env=dict(os.environ))
    with connect(stdio_client(program)) as assistant:
        yield assistant


@contextmanager
def over_http(address: str) -> Iterator[Assistant]:
    with connect(f"{address}/mcp") as assistant:
        yield assistant


@contextmanager
def connect(server: Any, mode: str = "auto") -> Iterator[Assistant]:
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server, mode=mode)) as client:
        yield Assistant(portal, client)
