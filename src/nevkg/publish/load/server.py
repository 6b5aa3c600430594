"""Loads into a server: graph after graph into graphs aside, which then replace the old ones in as few steps as the server allows.

Whatever breaks off, each graph is the old one or the new one, whole; what was left aside is removed by the next load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from pyoxigraph import NamedNode, Store

from nevkg import terms
from nevkg.errors import CouldNotRun
from nevkg.layout import Layout
from nevkg.progress import Progress, silent
from nevkg.publish.load.plan import Loaded, Plan, compare
from nevkg.publish.load.service import Service
from nevkg.publish.load.source import Content, check
from nevkg.publish.load.upload import SLICE, upload, upload_whole, with_blank_nodes
from nevkg.store import contents, digest
from nevkg.store.digest import Sum
from nevkg.store.presets import Preset

GRAPHS_A_QUERY = 2000
ASIDE = terms.BASE + "loading/"


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
        wanted = digest.here(store, digest.unencoded(service.queries)) if verify else digest.counted(store)
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
    preset, blank = service.preset, with_blank_nodes(store)
    sent = progress("sending", sum(plan.wanted[graph].triples // SLICE + 1 for graph in plan.change))
    service.sweep(contents.graphs(service.queries, ASIDE), ASIDE)  # what a load that broke off has left
    _warn_of_large(preset, plan, tell)
    if len(list(plan.steps(preset.most_graphs, preset.most_triples))) > 1:
        tell(
            f"{preset.name} cannot replace all {len(plan.change):,} graphs at once; "
            "if the load breaks off, some graphs are new and others old, each whole, until you load again."
        )
        if preset.whole:
            new = [graph for graph in plan.change if graph not in held | blank and plan.wanted[graph].triples <= SLICE]
            left = upload_whole(service, store, new, sent)
            plan = replace(plan, change=sorted({*plan.change} - {*new} | {*left}))
    upload(service, store, {graph: _aside(graph) for graph in plan.change}, blank, sent)
    steps = list(plan.steps(preset.most_graphs, preset.most_triples))
    aside = [_aside(graph) for graph in plan.change]
    arrived = contents.counts(service.queries, aside)
    for graph in plan.change:
        due, there = plan.wanted[graph].triples, arrived.get(_aside(graph), 0)
        if there != due:
            raise CouldNotRun(f"Of the {due:,} triples of <{graph}>, {there:,} arrived; the old graphs are as they were. Load again.")
    replaced = progress("replacing", len(steps))
    for step in steps:
        service.replace({graph: _aside(graph) for graph in step}, held)
        replaced()
    service.remove(list(plan.gone))
    service.sweep(aside, ASIDE)


def _warn_of_large(preset: Preset, plan: Plan, tell: Callable[[str], None]) -> None:
    """A graph is replaced in one step, however large: whoever runs the server should know before an hour has passed."""
    for graph in plan.change:
        if (triples := plan.wanted[graph].triples) > preset.most_triples:
            tell(
                f"<{graph}> has {triples:,} triples, and {preset.name} may not take more than {preset.most_triples:,} in one step; "
                f"if it refuses, {preset.more_room} and load again."
            )


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
    """The sums of graphs on the server."""
    step = progress("comparing", len(graphs) // GRAPHS_A_QUERY + 1)
    sums: dict[str, Sum] = {}
    for start in range(0, len(graphs), GRAPHS_A_QUERY):
        sums |= digest.there(service.queries, graphs[start : start + GRAPHS_A_QUERY])
        step()
    return sums
