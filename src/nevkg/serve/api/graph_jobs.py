"""Tasks of workers for graphs: projections, graphs, paths and neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from nevkg.ask import days
from nevkg.ask.catalogue import HISTORY
from nevkg.data.json_values import to_json_value
from nevkg.lookup import api_queries, entities
from nevkg.lookup.sources import Evidence
from nevkg.lookup.statements import count_statements
from nevkg.network import load_projections
from nevkg.network.analysis import find_paths
from nevkg.network.edges import find_upheld
from nevkg.network.files import content
from nevkg.network.graph_formats import FORMATS, to_csv
from nevkg.network.model import Edge, Node
from nevkg.network.nodes import CLASS, LABEL, describe_nodes
from nevkg.network.plain import read_document
from nevkg.network.project import add_format_defaults, project, project_between
from nevkg.network.projections import Projection
from nevkg.serve.api import responses, results
from nevkg.serve.api.operation import EXPORT_FORMATS, GRAPH_FORMATS, TABLE_FORMATS, file_reply
from nevkg.serve.api.question_jobs import dataset
from nevkg.serve.api.results import PagedTask
from nevkg.serve.jobs import Reply, Task, bytes_reply, json_reply
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.store.memo import memoise
from nevkg.table import formats

# The attributes for grouping and labelling nodes; the others take most of the time.
_NAMING = (CLASS, LABEL)


@dataclass(frozen=True, kw_only=True)
class ListProjections(Task):
    """The projections."""

    def run(self, store: Store) -> Reply:
        """Returns the projections."""
        found = load_projections(store.layout).projections.values()
        return json_reply(responses.Projections(dataset=dataset(store), projections=[_describe(projection) for projection in found]))


def _describe(projection: Projection) -> responses.Projection:
    return {**projection.question.basics, "layout": projection.layout, "expand": projection.expand}


@dataclass(frozen=True, kw_only=True)
class DrawGraph(Task):
    """A projection; ``values`` has those of its parameters, as typed."""

    projection: str
    values: Mapping[str, Sequence[str]]
    as_of: str | None = None
    weight: str
    depth: int = 1
    limit: int | None = None
    onto: Literal["subject", "object"] | None = None
    part: str
    lang: str
    format: str

    def run(self, store: Store) -> Reply:
        """Returns a projection as a graph, or its nodes or edges as a table."""
        format_name = self.format
        question = load_projections(store.layout)[self.projection].question
        values = add_format_defaults(question, format_name, self.values, self.as_of)
        network = project(
            store,
            self.projection,
            values,
            as_of=self.as_of,
            language=self.lang,
            weight=self.weight,
            depth=self.depth,
            limit=self.limit,
        )
        if self.onto is not None:
            network = network.onto(self.onto)
        if format_name == "json":
            return bytes_reply(GRAPH_FORMATS[format_name], content(network, format_name))
        name = f"{self.projection}-{network.as_of}"
        if format_name in TABLE_FORMATS:
            part = self.part
            table = network.node_table if part == "nodes" else network.edge_table
            return file_reply(f"{name}-{part}", format_name, GRAPH_FORMATS[format_name], formats.FORMATS[format_name](table))
        return file_reply(name, format_name, GRAPH_FORMATS[format_name], content(network, format_name))


@dataclass(frozen=True, kw_only=True)
class WriteGraph(Task):
    """A graph that the client has sent, as JSON."""

    document: str
    format: str

    def run(self, store: Store) -> Reply:  # noqa: ARG002  it needs no data
        """Returns the graph in the format of a graph tool."""
        try:
            network = read_document(json.loads(self.document))
        except (ValueError, RecursionError):
            raise Problem(400, "The body is not valid JSON.") from None
        return file_reply("graph", self.format, EXPORT_FORMATS[self.format], {**FORMATS, "csv": to_csv}[self.format](network))


@dataclass(frozen=True, kw_only=True)
class FindPaths(Task):
    """The paths between two entities."""

    from_: str
    to: str
    in_: str
    avoid: Sequence[str] = ()
    longest: int | None = None
    limit: int
    as_of: str | None = None
    lang: str
    format: str

    def run(self, store: Store) -> Reply:
        """Returns the paths between two entities, step by step."""
        format_name = self.format
        start, end, *avoid = (entities.resolve(store, word) for word in (self.from_, self.to, *self.avoid))
        network = project_between(store, self.in_, start, end, as_of=self.as_of, language=self.lang, longest=self.longest, avoid=avoid)
        found = find_paths(network, start, end, longest=self.longest, limit=self.limit, avoid=avoid)
        if format_name != "json":
            return file_reply(f"path-{network.as_of}", format_name, TABLE_FORMATS[format_name], formats.FORMATS[format_name](found))
        steps = [
            {**formats.to_json_record(found, row), "evidence": next(iter(rests[found.position("relation")]), None)}
            for row, rests in zip(found.records, found.rests, strict=True)
        ]
        body: responses.Paths = {
            "from": start,
            "to": end,
            "in": network.projection.question.name,
            "asOf": network.as_of,
            "dataset": dataset(store),
            "steps": cast(list[responses.Step], steps),
            "sources": found.sources,
        }
        return json_reply(body)


@dataclass(frozen=True, kw_only=True)
class ListNeighbours(PagedTask):
    """The neighbours of an entity."""

    iri: str
    exclude: Sequence[str] = ()
    kind: str | None = None
    order: str
    in_: str
    as_of: str | None = None
    history: bool = False
    lang: str

    def run(self, store: Store) -> Reply:
        """Returns the neighbours of an entity by class, without those already shown."""
        iri = entities.resolve(store, self.iri)
        every = load_projections(store.layout)
        projection = every[self.in_]
        if projection.expand is None:
            raise Problem(400, f"in: '{projection.question.name}' does not grow from a thing; choose another projection.")
        values = {projection.expand: [f"<{iri}>"], **({HISTORY: ["true"]} if self.history else {})}
        network = project(store, projection.question.name, values, as_of=self.as_of, language=self.lang, with_facts=False)
        excluded = {iri, *(results.read_iri(store, word) for word in self.exclude)}
        naming = {name: every.attributes[name] for name in _NAMING if name in every.attributes}
        nodes = describe_nodes(store, {iri, *network.nodes.keys() - excluded}, naming, {}, self.lang)
        own = nodes.pop(iri)
        groups: dict[str, list[Node]] = {}
        counts = count_statements(store, nodes) if self.order != "label" else {}
        sizes, upheld = dict[str, float](), set[str]()
        if self.order == "importance":
            sizes, upheld = _find_sizes(days.snapshot(store, network.as_of)), _upheld_ends(store, network.edges)

        def place(node: Node) -> tuple[object, ...]:
            return node.iri not in upheld, -sizes.get(node.iri, 0), -counts.get(node.iri, 0), node.label, node.iri

        for node in sorted(nodes.values(), key=place):
            groups.setdefault(node.kind.iri, []).append(node)
        only_kind = results.read_iri(store, self.kind) if self.kind is not None else None
        visible = set(excluded)
        group_pages: list[responses.NeighbourGroup] = []
        for kind in sorted(groups, key=lambda kind: (-len(groups[kind]), kind)):
            if only_kind in (None, kind):
                page = replace(self, asked={**self.asked, "kind": kind}).page(len(groups[kind]))
                part, first = page.of(groups[kind]), groups[kind][0]
                visible |= {node.iri for node in part}
                listed = [_neighbour(node, counts, sizes) for node in part]
                group_pages.append({"kind": first.kind, "color": first.color, **page.members, "nodes": listed})
        network = network.with_edges([edge for edge in network.edges if visible.issuperset(edge.ends)])
        body: responses.Neighbours = {
            "iri": iri,
            "self": {"iri": own.iri, "name": own.name, "label": own.label, "kind": own.kind, "color": own.color},
            "asOf": network.as_of,
            "total": len(nodes),
            "groups": group_pages,
            "edges": [_edge(edge, network.evidence) for edge in network.edges],
            "sources": network.sources,
        }
        return json_reply(body)


@memoise
def _find_sizes(snapshot: Store) -> dict[str, float]:
    """Returns the sizes of entities as the dataset defines them."""
    return {row["thing"]: float(row["size"]) for row in api_queries.texts(snapshot, "sizes")}


def _upheld_ends(store: Store, edges: Iterable[Edge]) -> set[str]:
    """Returns the ends of edges that sources support enough to be counted, or that need no sources."""
    upheld = find_upheld(store)
    return {end for edge in edges if not edge.evidence or (edge.standing and edge.standing.iri in upheld) for end in edge.ends}


def _neighbour(node: Node, counts: Mapping[str, int], sizes: Mapping[str, float]) -> responses.Neighbour:
    found: responses.Neighbour = {"iri": node.iri, "name": node.name, "label": node.label}
    if node.iri in sizes:
        found["size"] = sizes[node.iri]
    return {**found, "statements": counts.get(node.iri, 0)} if counts else found


def _edge(edge: Edge, evidence: Evidence) -> responses.NeighbourEdge:
    return {
        "subject": edge.subject,
        "relation": edge.relation,
        "object": edge.object,
        "spells": [{"from": begin, "until": until} for begin, until in edge.spells],
        "facts": to_json_value(edge.facts),
        "evidence": edge.evidence,
        "sources": evidence.find_sources(edge.evidence),
    }
