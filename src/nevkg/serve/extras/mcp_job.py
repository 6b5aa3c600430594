"""The worker task for calls of assistants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nevkg.mcp.calls import perform
from nevkg.serve.jobs import Reply, json_reply
from nevkg.store import Store


def call(store: Store, given: Mapping[str, Any]) -> Reply:
    """Does a call."""
    reply = json_reply(perform(store, given["kind"], given["name"], given["arguments"]))
    # It is read as a whole.
    return replace(reply, is_collected=True)
