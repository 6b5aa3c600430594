"""Sends graphs aside, in pieces that go through."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from nevkg import terms
from nevkg.errors import CouldNotRun
from nevkg.publish.load.service import Service, TooLong
from nevkg.store import contents

PIECE = 50_000  # quads, about ten megabytes
_UPDATE = 5_000  # what an update may hold: servers parse it as a query, with the care that takes
_LEAST = 500  # what cannot be sent at this length is not made shorter
_TRIES = 3


def upload(service: Service, store: Store, graphs: Sequence[str], aside: Callable[[str], str], step: Callable[[], None]) -> None:
    """Sends graphs to where they wait.

    Args:
        service: where to.
        store: where they are.
        graphs: which.
        aside: the graph in which a graph waits.
        step: called after each piece.

    Raises:
        CouldNotRun: if a piece is refused.
    """
    most = PIECE if service.preset.quads else _UPDATE
    piece: list[Quad] = []
    for graph in graphs:
        name, there = NamedNode(graph), NamedNode(aside(graph))
        if any(_has_blank_node(quad) for quad in store.quads_for_pattern(None, None, None, name)):
            # A blank node is one and the same only within a request.
            _send_whole(service, [_moved(quad, there) for quad in store.quads_for_pattern(None, None, None, name)])
            step()
            continue
        for quad in store.quads_for_pattern(None, None, None, name):
            piece.append(_moved(quad, there))
            if len(piece) == most:
                _send(service, piece)
                step()
                piece = []
    if piece:
        _send(service, piece)
        step()


def _send_whole(service: Service, quads: Sequence[Quad]) -> None:
    """Sends a graph in one request; sent twice, as after a lost connection, its blank nodes would be there twice."""
    graph = terms.text(quads[0].graph_name)
    for _ in range(_TRIES):
        service.add(quads)
        if contents.counts(service.queries, [graph]).get(graph) == len(quads):
            return
        service.remove([graph])
    raise CouldNotRun(f"The {len(quads):,} triples of <{graph}> did not arrive as they are, {_TRIES} times; load again.")


def _moved(quad: Quad, graph: NamedNode) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _has_blank_node(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


def _send(service: Service, piece: Sequence[Quad]) -> None:
    """Sends a piece, in halves where it is too long: a proxy may cut what is long, or takes long."""
    try:
        service.add(piece)
    except TooLong:
        if len(piece) <= _LEAST:
            raise
        half = len(piece) // 2
        _send(service, piece[:half])
        _send(service, piece[half:])
