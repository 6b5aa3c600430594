"""Loads into a server: into staging graphs, which then replace the old graphs in as few steps as the server allows.

If the load is interrupted, each graph is completely old or completely new, unless the server has to replace it in
parts. The next load removes staging graphs that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import TypeVar

from pyoxigraph import NamedNode, Store

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.progress import Progress, ignore_progress
from nevkg.publish.load.parts import batches, by_predicate
from nevkg.publish.load.plan import LoadResult, Plan, compare
from nevkg.publish.load.service import Service
from nevkg.publish.load.source import Content, check_graphs
from nevkg.publish.load.upload import SLICE, find_blank_node_graphs, staging_graphs, upload, upload_whole
from nevkg.store import contents, digest
from nevkg.store.digest import Sum
from nevkg.store.locate import check_booleans
from nevkg.store.presets import Preset

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
        content: The quads to load.
        preset: The server, with the addresses of its services.
        layout: The folders of the ontology, the data and the queries.
        verify: Whether to compare the contents of the server with the dataset, before and after. If false, all
            graphs are sent.
        dry: Report what would be done, and write nothing.
        progress: Called with a stage and its number of steps; returns a function to call at each step.
        warn: Called with a warning for the user, before anything is written.

    Raises:
        InvalidData: If the content cannot be parsed, or is not a nevkg dataset.
        CouldNotRun: If the server cannot be reached, rejects a request, or does not contain what was sent.
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
    preset, blank = service.preset, find_blank_node_graphs(store, plan.change)
    sent = progress("sending", sum(plan.target[graph].triples // SLICE + 1 for graph in plan.change))
    service.sweep(contents.counts(service.queries, contents.graphs(service.queries, STAGING)))  # left by an interrupted load
    change = {graph: plan.target[graph].triples for graph in plan.change}
    staging = {
        graph: [_staging_graph(graph)] if graph in blank else staging_graphs(_staging_graph(graph), size, preset.most_triples)
        for graph, size in change.items()
    }
    steps = _plan_steps(preset, change, staging, warn)
    if len(steps) > 1 and preset.whole:
        new = [graph for graph in change if graph not in existing | blank and change[graph] <= SLICE]
        done = {*new} - {*upload_whole(service, store, new, sent)}
        change, staging = _without(change, done), _without(staging, done)
        steps = list(batches(change, preset.most_graphs, preset.most_triples))
    upload(service, store, staging, blank, sent)
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
    steps = list(batches(change, preset.most_graphs, preset.most_triples))
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
    parts = [(run, part) for run in batches(sizes, GRAPHS_A_QUERY, _TRIPLES_A_QUERY) for part in _parts(service, run[0], sizes[run[0]])]
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
    return by_predicate(contents.predicates(service.queries, graph), most) if size > most else [""]
