"""An assistant: the SDK's own client, over either transport, for tests that are not asynchronous."""

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
    """A client that is connected."""

    portal: BlockingPortal
    client: Client

    def do(self, method: str, *values: Any, **named: Any) -> Any:
        """Calls a method of the client."""
        return self.portal.call(lambda: getattr(self.client, method)(*values, **named))

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        """Calls a tool. The client checks the result against the schema of the tool."""
        result: CallToolResult = self.do("call_tool", tool, arguments)
        return result

    def read(self, address: str) -> str:
        """The text of a resource."""
        (content,) = self.do("read_resource", address).contents
        return str(content.text)


def text_of(result: CallToolResult) -> str:
    """What the assistant reads."""
    (content,) = result.content
    assert content.type == "text"
    return content.text


def refusal(result: CallToolResult) -> str:
    """The sentence of a failure."""
    assert result.is_error
    return text_of(result)


@contextmanager
def over_stdio(*options: str) -> Iterator[Assistant]:
    """A program of its own, as a desktop assistant starts it."""
    program = StdioServerParameters(command=sys.executable, args=["-c", PROGRAM, "mcp", *options], env=dict(os.environ))
    with connected(stdio_client(program)) as one:
        yield one


@contextmanager
def over_http(address: str) -> Iterator[Assistant]:
    """A server that runs already."""
    with connected(f"{address}/mcp") as one:
        yield one


@contextmanager
def connected(server: Any, mode: str = "auto") -> Iterator[Assistant]:
    """An assistant of a server."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server, mode=mode)) as client:
        yield Assistant(portal, client)
