"""Loads into a server: into staging graphs, which then replace the old graphs in as few steps as the server allows.

If the load is interrupted, each graph is completely old or completely new, unless the server has to replace it in
parts. The next load removes staging graphs that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, islice
from typing import TypeVar

from pyoxigraph import NamedNode, RdfFormat, Store, serialize

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.progress import Progress, ignore_progress
from nevkg.publish.load.content import Content, LoadResult, Plan, check_graphs, compare
from nevkg.publish.load.service import Piece, Service, TooLong
from nevkg.store import contents, digest
from nevkg.store.digest import Sum
from nevkg.store.endpoints import Preset
from nevkg.store.locate import check_booleans

SLICE = 5_000  # triples of a graph that are read at a time, about a megabyte
_PIECE = 10_000_000  # bytes
_UPDATE = 1_000_000  # bytes in an update: servers parse it as a query, which is slower
_LEAST = 100_000  # bytes; pieces of this size that are rejected are not split further
_TRIES = 3
GRAPHS_A_QUERY = 2000
STAGING = terms.BASE + "loading/"
# A store must compute the digest of this many triples before its timeout: one minute for Virtuoso by default.
_TRIPLES_A_QUERY = 250_000
_Value = TypeVar("_Value")


def load(
    content: Content,
    preset: Preset,
    layout: Layout,
    *,
    verify: bool = True,
    dry: bool = False,
    progress: Progress = ignore_progress,
    warn: Callable[[str], None] = lambda _: None,
) -> LoadResult:
    """Loads the dataset into a server. Foreign graphs are not touched; unchanged graphs are not sent again.

    Args:
        verify: whether to compare the contents of the server with the dataset, before and after. If false, all
            graphs are sent.
        dry: report what would be done, and write nothing.
        warn: called with a warning for the user, before anything is written.

    Raises:
        InvalidData: if the content cannot be parsed, or is not a nevkg dataset.
        CouldNotRun: if the server cannot be reached, rejects a request, or does not contain what was sent.
    """
    service = Service(preset, layout)
    check_booleans(service.queries, preset.query, preset.remedy)
    with content.as_store() as store:
        check_graphs(store, content.name)
        target = digest.sum_quads(store, digest.find_encoding(service.queries)) if verify else digest.count_triples(store)
        existing = set(contents.graphs(service.queries))
        before = _sums(service, sorted(target.keys() & existing), progress) if verify else {}
        same = {graph: found for graph, found in before.items() if found == target[graph]}
        plan = Plan(target, sorted(target.keys() - same.keys()), sorted(existing - target.keys()))
        if dry:
            return LoadResult(preset.name, plan, dry=True)
        if preset.update:
            _replace_by_update(service, store, plan, existing, progress, warn)
        else:
            _replace_by_request(service, store, plan, progress, warn)
    if verify:
        # Graphs that were unchanged are not queried again.
        now = contents.graphs(service.queries)
        compare(preset.query, target, same | _sums(service, sorted({*plan.change, *now} - same.keys()), progress))
    return LoadResult(preset.name, plan, verified=verify)


def _replace_by_update(
    service: Service, store: Store, plan: Plan, existing: Set[str], progress: Progress, warn: Callable[[str], None]
) -> None:
    """Sends graphs into staging graphs, in pieces, then replaces the old graphs by them. Small new graphs are sent directly."""
    preset, blank = service.preset, _find_blank_node_graphs(store, plan.change)
    sent = progress("sending", sum(plan.target[graph].triples // SLICE + 1 for graph in plan.change))
    service.sweep(contents.counts(service.queries, contents.graphs(service.queries, STAGING)))  # left by an interrupted load
    change = {graph: plan.target[graph].triples for graph in plan.change}
    staging = {
        graph: [_staging_graph(graph)] if graph in blank else _staging_parts(_staging_graph(graph), size, preset.most_triples)
        for graph, size in change.items()
    }
    steps = _plan_steps(preset, change, staging, warn)
    if len(steps) > 1 and preset.whole:
        new = [graph for graph in change if graph not in existing | blank and change[graph] <= SLICE]
        done = {*new} - {*_upload_whole(service, store, new, sent)}
        change, staging = _without(change, done), _without(staging, done)
        steps = list(contents.split_into_batches(change, preset.most_graphs, preset.most_triples))
    _upload(service, store, staging, blank, sent)
    arrived = contents.counts(service.queries, sorted(name for names in staging.values() for name in names))
    for graph, due in change.items():
        if (found := sum(arrived.get(name, 0) for name in staging[graph])) != due:
            raise CouldNotRun(f"Of the {due:,} triples of <{graph}>, {found:,} arrived; the old graphs are unchanged. Load again.")
    replaced = progress("replacing", len(steps))
    for step in steps:
        if len(staging[step[0]]) > 1:
            service.replace_in_parts(step[0], staging[step[0]], existing)
        else:
            service.replace({graph: staging[graph][0] for graph in step}, existing)
        replaced()
    service.remove(contents.counts(service.queries, plan.obsolete))
    service.sweep(arrived)


def _plan_steps(
    preset: Preset, change: Mapping[str, int], staging: Mapping[str, Sequence[str]], warn: Callable[[str], None]
) -> list[list[str]]:
    """Returns the graphs to replace in each step. If there are several steps, warns what readers may see in between."""
    steps = list(contents.split_into_batches(change, preset.most_graphs, preset.most_triples))
    if large := [graph for graph in change if len(staging[graph]) > 1]:
        warn(
            f"{preset.name} cannot process more than {preset.most_triples:,} triples in one step, so "
            f"{', '.join(f'<{graph}> with {change[graph]:,}' for graph in large)} "
            f"{'is' if len(large) == 1 else 'are'} replaced in parts; until the load is complete, readers see a mix of old and new triples."
        )
    if len(steps) > 1:
        warn(
            f"{preset.name} cannot replace all {len(change):,} graphs at once; if the load is interrupted, "
            f"some graphs are new and others old, each complete{' except the large' if large else ''}, until you load again."
        )
    return steps


def _without(graphs: Mapping[str, _Value], done: Set[str]) -> dict[str, _Value]:
    return {graph: value for graph, value in graphs.items() if graph not in done}


def _replace_by_request(service: Service, store: Store, plan: Plan, progress: Progress, warn: Callable[[str], None]) -> None:
    """Replaces each graph with the Graph Store Protocol, in one request each, since the protocol has no partial requests."""
    if len(plan.change) > 1:
        warn(
            f"{service.preset.name} does not accept updates, so each graph is replaced separately, in one request of any size; "
            f"if the load is interrupted, some of the {len(plan.change):,} graphs are new and others old, until you load again."
        )
    sent = progress("sending", len(plan.change))
    for graph in plan.change:
        service.put(graph, list(store.quads_for_pattern(None, None, None, NamedNode(graph))))
        sent()
    for graph in plan.obsolete:
        service.delete(graph)


def _staging_graph(graph: str) -> str:
    return STAGING + graph.removeprefix(terms.GRAPH)


def _sums(service: Service, graphs: Sequence[str], progress: Progress) -> dict[str, Sum]:
    """Returns the number of triples and the digest of each graph on the server; graphs that it does not have are omitted."""
    sizes = contents.counts(service.queries, graphs)
    parts = [
        (run, part)
        for run in contents.split_into_batches(sizes, GRAPHS_A_QUERY, _TRIPLES_A_QUERY)
        for part in _parts(service, run[0], sizes[run[0]])
    ]
    step = progress("comparing", len(parts))
    sums: dict[str, Sum] = {}
    for run, part in parts:
        for graph, found in digest.sum_graphs(service.queries, run, part).items():
            sums[graph] = sums.get(graph, Sum()) + found
        step()
    return sums


def _parts(service: Service, graph: str, size: int) -> list[str]:
    """Returns filters that split a graph into parts whose digest one query can compute; one empty filter if it is small."""
    most = _TRIPLES_A_QUERY
    return contents.split_by_predicate(contents.predicates(service.queries, graph), most) if size > most else [""]


def _upload(service: Service, store: Store, graphs: Mapping[str, Sequence[str]], blank: Set[str], step: Callable[[], None]) -> None:
    """Uploads each graph into its staging graphs, and each of those that have blank nodes, ``blank``, in one request."""
    divisible = {graph: staging for graph, staging in graphs.items() if graph not in blank}
    pieces = _pieces(store, divisible, _PIECE if service.preset.quads else _UPDATE, _slices_a_part(service.preset.most_triples))
    for piece in _send_each(pieces, lambda piece: _send(service, piece)):
        _count_slices(piece, step)
    for graph, staging in graphs.items():
        if graph in blank:
            whole = [(staging[0], lines) for lines in _slices(store, graph)]
            _send_whole(service, whole)
            _count_slices(whole, step)


def _upload_whole(service: Service, store: Store, graphs: Sequence[str], step: Callable[[], None]) -> list[str]:
    """Uploads graphs directly to their destination, for servers that process each request atomically.

    None may be larger than a slice or have blank nodes. Returns those that were not sent, because the server or a proxy rejects
    requests of this size.
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


def _staging_parts(name: str, triples: int, most: int) -> list[str]:
    """Returns the names of the staging graphs for a graph of so many triples: ``name`` if one is enough.

    Each gets ``most`` triples, rounded up to whole slices.
    """
    number = -(-triples // (_slices_a_part(most) * SLICE))
    return [name] if number <= 1 else [f"{name}#{part:05}" for part in range(number)]


def _slices_a_part(most: int) -> int:
    return -(-most // SLICE)


def _find_blank_node_graphs(store: Store, graphs: Iterable[str]) -> set[str]:
    """Returns the graphs that have blank nodes.

    A blank node keeps its identity only within a request; if it is sent twice, it becomes two nodes.
    """
    query = "ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"
    return {graph for graph in graphs if store.query(query, default_graph=NamedNode(graph))}


def _pieces(store: Store, graphs: Mapping[str, Sequence[str]], most: int, slices: int) -> Iterator[Piece]:
    """Yields the contents of graphs in pieces of at most ``most`` bytes, or of one slice if that is larger.

    Each graph is sent under several names, so many slices under each.
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
