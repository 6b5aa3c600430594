"""Uploads graphs in pieces that the server accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, islice

from pyoxigraph import NamedNode, RdfFormat, Store, serialize

from nevkg.errors import CouldNotRun
from nevkg.publish.load.service import Piece, Service, TooLong
from nevkg.store import contents

SLICE = 5_000  # triples of a graph that are read at a time, about a megabyte
_PIECE = 10_000_000  # bytes
_UPDATE = 1_000_000  # bytes in an update: servers parse it as a query, which is slower
_LEAST = 100_000  # bytes; pieces of this size that are rejected are not split further
_TRIES = 3


def upload(service: Service, store: Store, graphs: Mapping[str, Sequence[str]], blank: Set[str], step: Callable[[], None]) -> None:
    """Uploads graphs into staging graphs.

    Args:
        service: The server.
        store: The store with the graphs.
        graphs: Graph to its staging graphs, as ``staging_graphs`` returns them.
        blank: The graphs that have blank nodes.
        step: Called after each slice of a graph.

    Raises:
        CouldNotRun: If a piece is rejected.
    """
    divisible = {graph: staging for graph, staging in graphs.items() if graph not in blank}
    pieces = _pieces(store, divisible, _PIECE if service.preset.quads else _UPDATE, _slices_a_part(service.preset.most_triples))
    for piece in _send_each(pieces, lambda piece: _send(service, piece)):
        _count_slices(piece, step)
    for graph, staging in graphs.items():
        if graph in blank:
            whole = [(staging[0], lines) for lines in _slices(store, graph)]
            _send_whole(service, whole)
            _count_slices(whole, step)


def upload_whole(service: Service, store: Store, graphs: Sequence[str], step: Callable[[], None]) -> list[str]:
    """Uploads graphs directly to their destination, for servers that process each request atomically.

    Args:
        service: The server.
        store: The store with the graphs.
        graphs: Graphs that are not larger than a slice and have no blank nodes.
        step: Called after each graph.

    Returns:
        The graphs that were not sent, because the server or a proxy rejects requests of this size.

    Raises:
        CouldNotRun: If a piece is rejected.
    """

    def send(piece: Piece) -> None:
        if _size(piece) > _PIECE:
            raise TooLong(f"<{piece[0][0]}> is too large for one request.")
        service.add(piece)

    sent = 0
    with suppress(TooLong):
        for piece in _send_each(_pieces(store, {graph: [graph] for graph in graphs}, _PIECE, 1), send):
            sent += len(piece)
            _count_slices(piece, step)
    return list(graphs[sent:])


def staging_graphs(name: str, triples: int, most: int) -> list[str]:
    """Returns the names of the staging graphs for a graph.

    Args:
        name: The name, if one is enough.
        triples: Number of triples of the graph.
        most: Number of triples in a part, which is rounded up to whole slices.
    """
    number = -(-triples // (_slices_a_part(most) * SLICE))
    return [name] if number <= 1 else [f"{name}#{part:05}" for part in range(number)]


def _slices_a_part(most: int) -> int:
    return -(-most // SLICE)


def find_blank_node_graphs(store: Store, graphs: Iterable[str]) -> set[str]:
    """Returns the graphs that have blank nodes.

    A blank node keeps its identity only within a request; if it is sent twice, it becomes two nodes.
    """
    query = "ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"
    return {graph for graph in graphs if store.query(query, default_graph=NamedNode(graph))}


def _pieces(store: Store, graphs: Mapping[str, Sequence[str]], most: int, slices: int) -> Iterator[Piece]:
    """Yields the contents of graphs in pieces of at most ``most`` bytes, or of one slice if that is larger.

    Args:
        store: The store with the graphs.
        graphs: Graph to the names to send it under.
        most: Size of a piece in bytes.
        slices: Number of slices to send under each name.
    """
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
    """Yields the triples of a graph as N-Triples, a slice at a time."""
    found = store.quads_for_pattern(None, None, None, NamedNode(graph))
    while lines := serialize((quad.triple for quad in islice(found, SLICE)), format=RdfFormat.N_TRIPLES):
        yield lines


def _send_each(pieces: Iterable[Piece], send: Callable[[Piece], None]) -> Iterator[Piece]:
    """Sends pieces one after the other, while the next one is read. Yields each piece after it was sent."""
    with ThreadPoolExecutor(max_workers=1) as sender:
        under_way: list[tuple[Piece, Future[None]]] = []
        for piece in chain(pieces, [()]):
            for last, sending in under_way:
                sending.result()
                yield last
            under_way = [(piece, sender.submit(send, piece))] if piece else []


def _count_slices(piece: Piece, step: Callable[[], None]) -> None:
    for _ in piece:
        step()


def _size(piece: Piece) -> int:
    return sum(len(lines) for _, lines in piece)


def _send_whole(service: Service, piece: Piece) -> None:
    """Sends a graph in one request, and again if the number of triples is wrong.

    If it is sent twice, as after a lost connection, its blank nodes are duplicated.
    """
    graph, due = piece[0][0], _triples(piece)
    for _ in range(_TRIES):
        service.add(piece)
        if contents.counts(service.queries, [graph]).get(graph) == due:
            return
        service.remove({graph: due})
    raise CouldNotRun(f"The {due:,} triples of <{graph}> did not arrive correctly in {_TRIES} attempts; load again.")


def _send(service: Service, piece: Piece) -> None:
    """Sends a piece. If it is rejected as too large or times out, as in a proxy, sends it in halves."""
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
