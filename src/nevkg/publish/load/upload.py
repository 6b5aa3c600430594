"""Sends graphs in pieces that go through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, islice

from pyoxigraph import NamedNode, RdfFormat, Store, serialize

from nevkg.errors import CouldNotRun
from nevkg.publish.load.service import Piece, Service, TooLong
from nevkg.store import contents

SLICE = 5_000  # triples of a graph that are read at once, about a megabyte
_PIECE = 10_000_000  # bytes
_UPDATE = 1_000_000  # bytes that an update may hold: servers parse it as a query, with the care that takes
_LEAST = 100_000  # bytes; what cannot be sent at this length is not made shorter
_TRIES = 3


def upload(service: Service, store: Store, graphs: Mapping[str, Sequence[str]], blank: Set[str], step: Callable[[], None]) -> None:
    """Sends graphs to where they wait.

    Args:
        service: where to.
        store: where they are.
        graphs: each with the graph in which it waits, or the graphs if it is ``in_parts``.
        blank: those that have blank nodes.
        step: called after each slice of a graph.

    Raises:
        CouldNotRun: if a piece is refused.
    """
    cut = {graph: aside for graph, aside in graphs.items() if graph not in blank}
    pieces = _pieces(store, cut, _PIECE if service.preset.quads else _UPDATE, _slices_a_part(service.preset.most_triples))
    for piece in _sent(pieces, lambda piece: _send(service, piece)):
        _tell(piece, step)
    for graph, aside in graphs.items():
        if graph in blank:
            whole = [(aside[0], lines) for lines in _slices(store, graph)]
            _send_whole(service, whole)
            _tell(whole, step)


def upload_whole(service: Service, store: Store, graphs: Sequence[str], step: Callable[[], None]) -> list[str]:
    """Sends graphs to where they belong; for servers that take a piece as a whole or not at all.

    Args:
        service: where to.
        store: where they are.
        graphs: none larger than a slice, and none with blank nodes.
        step: called after each.

    Returns:
        Those that could not be sent, since something on the way does not let through so much at once.

    Raises:
        CouldNotRun: if a piece is refused.
    """

    def send(piece: Piece) -> None:
        if _size(piece) > _PIECE:
            raise TooLong(f"<{piece[0][0]}> is too long to be sent at once.")
        service.add(piece)

    sent = 0
    with suppress(TooLong):
        for piece in _sent(_pieces(store, {graph: [graph] for graph in graphs}, _PIECE, 1), send):
            sent += len(piece)
            _tell(piece, step)
    return list(graphs[sent:])


def in_parts(aside: str, triples: int, most: int) -> list[str]:
    """The graphs in which a graph waits: the one ``aside``, or several for parts of ``most`` triples, up to a whole slice."""
    number = -(-triples // (_slices_a_part(most) * SLICE))
    return [aside] if number <= 1 else [f"{aside}#{part:05}" for part in range(number)]


def _slices_a_part(most: int) -> int:
    return -(-most // SLICE)


def with_blank_nodes(store: Store, graphs: Iterable[str]) -> set[str]:
    """Those of the graphs that have blank nodes: one is the same only within a request, and sent twice it is two."""
    query = "ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"
    return {graph for graph in graphs if store.query(query, default_graph=NamedNode(graph))}


def _pieces(store: Store, graphs: Mapping[str, Sequence[str]], most: int, slices: int) -> Iterator[Piece]:
    """What graphs hold, under other names, each for so many slices, in pieces of ``most`` bytes, or of one slice if that is larger."""
    piece: list[tuple[str, bytes]] = []
    size = 0
    for graph, names in graphs.items():
        for number, lines in enumerate(_slices(store, graph)):
            if piece and size + len(lines) > most:
                yield piece
                piece, size = [], 0
            piece.append((names[number // slices], lines))
            size += len(lines)
    if piece:
        yield piece


def _slices(store: Store, graph: str) -> Iterator[bytes]:
    """The triples of a graph as N-Triples."""
    found = store.quads_for_pattern(None, None, None, NamedNode(graph))
    while lines := serialize((quad.triple for quad in islice(found, SLICE)), format=RdfFormat.N_TRIPLES):
        yield lines


def _sent(pieces: Iterable[Piece], send: Callable[[Piece], None]) -> Iterator[Piece]:
    """Sends pieces one after the other, reading the next meanwhile; gives each that is sent."""
    with ThreadPoolExecutor(max_workers=1) as sender:
        under_way: list[tuple[Piece, Future[None]]] = []
        for piece in chain(pieces, [()]):
            for last, sending in under_way:
                sending.result()
                yield last
            under_way = [(piece, sender.submit(send, piece))] if piece else []


def _tell(piece: Piece, step: Callable[[], None]) -> None:
    for _ in piece:
        step()


def _size(piece: Piece) -> int:
    return sum(len(lines) for _, lines in piece)


def _send_whole(service: Service, piece: Piece) -> None:
    """Sends a graph in one request; sent twice, as after a lost connection, its blank nodes would be there twice."""
    graph, due = piece[0][0], _triples(piece)
    for _ in range(_TRIES):
        service.add(piece)
        if contents.counts(service.queries, [graph]).get(graph) == due:
            return
        service.remove({graph: due})
    raise CouldNotRun(f"The {due:,} triples of <{graph}> did not arrive as they are, {_TRIES} times; load again.")


def _send(service: Service, piece: Piece) -> None:
    """Sends a piece, in halves where it is too long: a proxy may cut what is long, or takes long."""
    try:
        service.add(piece)
    except TooLong:
        if _size(piece) <= _LEAST or _triples(piece) == 1:
            raise
        for half in _halves(piece):
            _send(service, half)


def _triples(piece: Piece) -> int:
    return sum(lines.count(b"\n") for _, lines in piece)


def _halves(piece: Piece) -> tuple[Piece, Piece]:
    if len(piece) > 1:
        return piece[: len(piece) // 2], piece[len(piece) // 2 :]
    graph, lines = piece[0]
    after = lines.find(b"\n", len(lines) // 2, -1)
    # The last line may be longer than all others together.
    middle = (after if after >= 0 else lines.rindex(b"\n", 0, -1)) + 1
    return [(graph, lines[:middle])], [(graph, lines[middle:])]
