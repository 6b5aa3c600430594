"""The content of ``/health``: whether the server works, and which state of the dataset it serves."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from nevkg.data.paths import Layout
from nevkg.serve.state.generations import Generations

_VERSION = version("nevkg")


def health(generations: Generations, layout: Layout) -> dict[str, Any]:
    """Returns the members of an application/health+json document.

    Args:
        generations: the served states of the dataset.
        layout: folders of the dataset; their absolute paths are removed from the reason.
    """
    current, refusal = generations.current, generations.refusal
    load = current.pool.load
    document: dict[str, Any] = {
        "status": "fail" if generations.is_overdue or not load["workers"] else "warn" if refusal else "pass",
        "version": _VERSION,
        "dataset": {**asdict(current.state.facts), "since": current.since},
        "watch": generations.watch,
        "load": load,
    }
    if refusal:
        reason = refusal.reason
        for folder in (layout.data, layout.ontology, layout.queries):
            reason = reason.replace(f"{folder.parent}/", "")
        document["refused"] = {"reason": reason, "since": refusal.since}
    return document
