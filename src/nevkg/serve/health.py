"""What ``/health`` says: whether the server answers, and from which state of the dataset."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from nevkg.data.paths import Layout
from nevkg.serve.state.generations import Generation
from nevkg.serve.state.watch import Refusal

_VERSION = version("nevkg")


def health(current: Generation, refusal: Refusal | None, layout: Layout) -> dict[str, Any]:
    """The members of a document of the type application/health+json.

    Args:
        current: what is served.
        refusal: of a newer state.
        layout: the folders, whose places on this machine are nobody else's business.
    """
    load = current.pool.load
    document: dict[str, Any] = {
        "status": "fail" if not load["workers"] else "warn" if refusal else "pass",
        "version": _VERSION,
        "dataset": {**asdict(current.state.facts), "since": current.since},
        "load": load,
    }
    if refusal:
        reason = refusal.reason
        for folder in (layout.data, layout.ontology, layout.queries):
            reason = reason.replace(f"{folder.parent}/", "")
        document["refused"] = {"reason": reason, "since": refusal.since}
    return document
