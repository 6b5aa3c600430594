"""Answers the requests of the explorer in a browser, with the same code as a server."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph

import nevkg
from nevkg.ask.catalogue import unpack_catalogue
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.serve.local import LocalServer
from nevkg.serve.services import Site
from nevkg.store import EmbeddedStore

_DATASET = Path(nevkg.__file__).parent / "_data"
_RELEASES = Path("/releases")


def open_server(record: Any, open_day: Any, facts: str) -> LocalServer:
    """Opens the dataset.

    Args:
        record: makes the store in JavaScript that has the graphs of the record.
        open_day: returns the one that has them, too, and makes its default graph the snapshot of a day; see ``prepared``.
        facts: what the site knows of the dataset, as JSON: ``digest``, ``day``, and the other days ``prepared``.
    """
    known = json.loads(facts)
    layout = Layout(_DATASET / "ontology", _DATASET / "data", _DATASET / "queries")
    unpack_catalogue(layout, (_DATASET / "catalogue.json").read_bytes())
    ready = {day: pyoxigraph.Store(turn=partial(open_day, day)) for day in (known["day"], *known["prepared"])}
    # Snapshots do not have this graph, which is for the date of the dataset.
    ready[known["day"]].remove_graph(pyoxigraph.NamedNode(terms.graph(dataset.CURRENT)))
    store = EmbeddedStore(pyoxigraph.Store(make=record), layout, known["digest"], None, None, ready=ready)
    _RELEASES.mkdir()
    return LocalServer(store, Site(is_rendered_here=True), (str(_RELEASES),))


def add_release(name: str, content: Any) -> None:
    """Adds a release, from which citations of its edition are answered.

    Args:
        name: the name of its file.
        content: the bytes of an archive, as a buffer of JavaScript.
    """
    (_RELEASES / name).write_bytes(content.to_bytes())


async def answer(server: LocalServer, request: str) -> tuple[int, str, bytes]:
    """Answers a request.

    Args:
        server: the opened dataset.
        request: as JSON: ``address``, ``method``, ``headers`` and ``body``.

    Returns:
        The status, the headers as JSON, and the body.
    """
    asked = json.loads(request)
    received = await server.fetch(
        asked["address"],
        accept=asked["headers"].pop("accept", "*/*"),
        method=asked["method"],
        body=asked["body"].encode(),
        headers=asked["headers"],
    )
    return received.status, json.dumps(dict(received.headers)), received.body
