"""Loads into a server: graph after graph into graphs aside, which then replace the old ones in as few steps as the server allows.

Whatever breaks off, each graph is the old one or the new one, whole; what was left aside is removed by the next load.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import TypeVar

from pyoxigraph import NamedNode, Store

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.progress import Progress, silent
from nevkg.publish.load.parts import by_predicate, runs
from nevkg.publish.load.plan import Loaded, Plan, compare
from nevkg.publish.load.service import Service
from nevkg.publish.load.source import Content, check
from nevkg.publish.load.upload import SLICE, in_parts, upload, upload_whole, with_blank_nodes
from nevkg.store import contents, digest
from nevkg.store.digest import Sum
from nevkg.store.presets import Preset

GRAPHS_A_QUERY = 2000
ASIDE = terms.BASE + "loading/"
_TRIPLES_A_QUERY = 250_000  # whose digest a store can make in its time: Virtuoso as it is installed gives a minute
_Kept = TypeVar("_Kept")


def load(
    content: Content,
    preset: Preset,
    layout: Layout,
    *,
    verify: bool = True,
    dry: bool = False,
    progress: Progress = silent,
    tell: Callable[[str], None] = lambda _: None,
) -> Loaded:
    """Makes a server hold the dataset. Graphs of somebody else are not touched; graphs that it holds already are not sent again.

    Args:
        content: what to load.
        preset: the server, with the addresses of its services.
        layout: the floors.
        verify: whether to ask the server afterwards what it holds, and compare. Without, all graphs are sent.
        dry: tell what would be done, and write nothing.
        progress: told how far it is.
        tell: given a sentence that the user should know before anything is written.

    Raises:
        InvalidData: if the content is not of ours or does not parse.
        CouldNotRun: if the server cannot be reached, refuses, or does not hold what was sent.
    """
    service = Service(preset, layout)
    with content.as_store() as store:
        check(store, content.name)
        wanted = digest.here(store, digest.encoding(service.queries)) if verify else digest.counted(store)
        held = set(contents.graphs(service.queries))
        before = _sums(service, sorted(wanted.keys() & held), progress) if verify else {}
        same = {graph: there for graph, there in before.items() if there == wanted[graph]}
        plan = Plan(wanted, sorted(wanted.keys() - same.keys()), sorted(held - wanted.keys()))
        if dry:
            return Loaded(preset.name, plan, dry=True)
        if preset.update:
            _replace_by_update(service, store, plan, held, progress, tell)
        else:
            _replace_by_request(service, store, plan, progress, tell)
    if verify:
        # What was the same before is not asked for again.
        now = contents.graphs(service.queries)
        compare(preset.query, wanted, same | _sums(service, sorted({*plan.change, *now} - same.keys()), progress))
    return Loaded(preset.name, plan, verified=verify)


def _replace_by_update(service: Service, store: Store, plan: Plan, held: Set[str], progress: Progress, tell: Callable[[str], None]) -> None:
    """Sends the graphs aside, in pieces; then they replace the old ones. Small ones that are new need not go that way."""
    preset, blank = service.preset, with_blank_nodes(store, plan.change)
    sent = progress("sending", sum(plan.wanted[graph].triples // SLICE + 1 for graph in plan.change))
    service.sweep(contents.counts(service.queries, contents.graphs(service.queries, ASIDE)))  # what a load that broke off has left
    change = {graph: plan.wanted[graph].triples for graph in plan.change}
    aside = {
        graph: [_aside(graph)] if graph in blank else in_parts(_aside(graph), size, preset.most_triples) for graph, size in change.items()
    }
    steps = _told_of_steps(preset, change, aside, tell)
    if len(steps) > 1 and preset.whole:
        new = [graph for graph in change if graph not in held | blank and change[graph] <= SLICE]
        done = {*new} - {*upload_whole(service, store, new, sent)}
        change, aside = _without(change, done), _without(aside, done)
        steps = list(runs(change, preset.most_graphs, preset.most_triples))
    upload(service, store, aside, blank, sent)
    arrived = contents.counts(service.queries, sorted(name for names in aside.values() for name in names))
    for graph, due in change.items():
        if (there := sum(arrived.get(name, 0) for name in aside[graph])) != due:
            raise CouldNotRun(f"Of the {due:,} triples of <{graph}>, {there:,} arrived; the old graphs are as they were. Load again.")
    replaced = progress("replacing", len(steps))
    for step in steps:
        if len(aside[step[0]]) > 1:
            service.replace_in_parts(step[0], aside[step[0]], held)
        else:
            service.replace({graph: aside[graph][0] for graph in step}, held)
        replaced()
    service.remove(contents.counts(service.queries, plan.gone))
    service.sweep(arrived)


def _told_of_steps(
    preset: Preset, change: Mapping[str, int], aside: Mapping[str, Sequence[str]], tell: Callable[[str], None]
) -> list[list[str]]:
    """The steps in which graphs are replaced; if there are several, what readers may see meanwhile."""
    steps = list(runs(change, preset.most_graphs, preset.most_triples))
    if large := [graph for graph in change if len(aside[graph]) > 1]:
        tell(
            f"{preset.name} has no room for more than {preset.most_triples:,} triples in one step, so that "
            f"{', '.join(f'<{graph}> with {change[graph]:,}' for graph in large)} "
            f"{'comes' if len(large) == 1 else 'come'} in parts; until the load has ended, readers see old and new in one."
        )
    if len(steps) > 1:
        tell(
            f"{preset.name} cannot replace all {len(change):,} graphs at once; if the load breaks off, "
            f"some graphs are new and others old, each whole{' but for the large' if large else ''}, until you load again."
        )
    return steps


def _without(graphs: Mapping[str, _Kept], done: Set[str]) -> dict[str, _Kept]:
    return {graph: kept for graph, kept in graphs.items() if graph not in done}


def _replace_by_request(service: Service, store: Store, plan: Plan, progress: Progress, tell: Callable[[str], None]) -> None:
    """Puts each graph by the Graph Store Protocol, which replaces it in one step but knows nothing of pieces."""
    if len(plan.change) > 1:
        tell(
            f"{service.preset.name} takes no updates, so that each graph is replaced on its own, in one request whatever its size; "
            f"if the load breaks off, some of {len(plan.change):,} graphs are new and others old, until you load again."
        )
    sent = progress("sending", len(plan.change))
    for graph in plan.change:
        service.put(graph, list(store.quads_for_pattern(None, None, None, NamedNode(graph))))
        sent()
    for graph in plan.gone:
        service.delete(graph)


def _aside(graph: str) -> str:
    return ASIDE + graph.removeprefix(terms.GRAPH)


def _sums(service: Service, graphs: Sequence[str], progress: Progress) -> dict[str, Sum]:
    """The sums of graphs on the server; those that it does not hold are left out."""
    sizes = contents.counts(service.queries, graphs)
    parts = [(run, part) for run in runs(sizes, GRAPHS_A_QUERY, _TRIPLES_A_QUERY) for part in _parts(service, run[0], sizes[run[0]])]
    step = progress("comparing", len(parts))
    sums: dict[str, Sum] = {}
    for run, part in parts:
        for graph, found in digest.there(service.queries, run, part).items():
            sums[graph] = sums.get(graph, Sum()) + found
        step()
    return sums


def _parts(service: Service, graph: str, size: int) -> list[str]:
    """Filters that cut a large graph, and no others, into parts that can be summed up in one query."""
    most = _TRIPLES_A_QUERY
    return by_predicate(contents.predicates(service.queries, graph), most) if size > most else [""]
