"""Tasks of workers for graphs: projections, graphs, paths and neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

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
from nevkg.network.projections import WEIGHT, Projection
from nevkg.serve.api import responses, results
from nevkg.serve.api.question_jobs import dataset
from nevkg.serve.api.results import GRAPH_FORMATS, TABLE_FORMATS, Page, file_reply
from nevkg.serve.jobs import Reply, Task, bytes_reply, json_reply
from nevkg.serve.parameter import OFFSET, Day, Lang, count, entity, limit, one_of, text, truth
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.store.memo import memoise
from nevkg.table import formats

# The attributes for grouping and labelling nodes; the others take most of the time.
_NAMING = (CLASS, LABEL)
_In = Annotated[str, text("The projection to search.", default="neighbourhood")]


@dataclass(frozen=True, kw_only=True)
class ListProjections(Task):
    """The projections: relations that can be drawn as a graph."""

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
    lang: Lang
    depth: Annotated[int, count("Maximum number of steps from the start node.", most=10, default=1)] = 1
    limit: Annotated[int | None, count("Maximum number of nodes. A step that would exceed it is not taken.", most=10_000)] = None
    weight: Annotated[str, text("The column of the edges that is their weight.", default=WEIGHT)]
    onto: Annotated[
        Literal["subject", "object"] | None,
        one_of("Project onto one side: its nodes are linked if they share a node of the other side.", ["subject", "object"]),
    ] = None
    part: Annotated[str, one_of("The table to return in a table format.", ["nodes", "edges"], default="edges")]
    format: str

    def run(self, store: Store) -> Reply:
        """Returns a projection as a graph, or its nodes or edges as a table."""
        question = load_projections(store.layout)[self.projection].question
        values = add_format_defaults(question, self.format, self.values, self.as_of)
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
        if self.format == "json":
            return bytes_reply(GRAPH_FORMATS[self.format], content(network, self.format))
        name = f"{self.projection}-{network.as_of}"
        if self.format in TABLE_FORMATS:
            part = self.part
            table = network.node_table if part == "nodes" else network.edge_table
            return file_reply(f"{name}-{part}", self.format, formats.FORMATS[self.format](table))
        return file_reply(name, self.format, content(network, self.format))


@dataclass(frozen=True, kw_only=True)
class WriteGraph(Task):
    """A graph that the client sends, in the format of a graph tool.

    The data is not read. The body is like the graphs of this API in node-link JSON, such as the visible part of one; all other members
    of nodes and edges are their attributes.
    """

    document: str
    format: str

    def run(self, store: Store) -> Reply:  # noqa: ARG002  it needs no data
        """Returns the graph in the format of a graph tool."""
        try:
            network = read_document(json.loads(self.document))
        except (ValueError, RecursionError):
            raise Problem(400, "The body is not valid JSON.") from None
        return file_reply("graph", self.format, {**FORMATS, "csv": to_csv}[self.format](network))


@dataclass(frozen=True, kw_only=True)
class FindPaths(Task):
    """How two entities are connected, step by step, with sources."""

    from_: Annotated[str, entity("An entity", required=True)]
    to: Annotated[str, text("Another entity.", required=True)]
    in_: _In
    avoid: Annotated[Sequence[str], text("An entity that no path may contain.", many=True)] = ()
    longest: Annotated[int | None, count("Maximum number of steps: return all such paths, not only the shortest.", most=12)] = None
    limit: Annotated[int, count("Maximum number of paths.", most=100, default=10)]
    as_of: Day = None
    lang: Lang
    format: str

    def run(self, store: Store) -> Reply:
        """Returns the paths between two entities, step by step."""
        start, end, *avoid = (entities.resolve(store, word) for word in (self.from_, self.to, *self.avoid))
        network = project_between(store, self.in_, start, end, as_of=self.as_of, language=self.lang, longest=self.longest, avoid=avoid)
        found = find_paths(network, start, end, longest=self.longest, limit=self.limit, avoid=avoid)
        if self.format != "json":
            return file_reply(f"path-{network.as_of}", self.format, formats.FORMATS[self.format](found))
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
class ListNeighbours(Task):
    """The neighbours of an entity, by class.

    `limit` and `offset` apply to each class separately.
    """

    iri: Annotated[str, entity("The entity", required=True)]
    exclude: Annotated[Sequence[str], text("Entities already shown: they are not returned again, but edges to them are.", many=True)] = ()
    kind: Annotated[str | None, text("Only neighbours of this class.")] = None
    order: Annotated[
        str,
        one_of(
            "By label, by number of statements that mention a neighbour, or by importance: first those to which an upheld fact "
            "links, then the largest, then those with most statements.",
            ["label", "statements", "importance"],
            default="label",
        ),
    ]
    in_: _In
    as_of: Day = None
    history: Annotated[bool, truth("The whole history instead of one day.")] = False
    lang: Lang
    limit: Annotated[int, limit(25, 1000)]
    offset: Annotated[int, OFFSET]
    asked: Mapping[str, Any]

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
                page = Page(len(groups[kind]), self.offset, self.limit, {**self.asked, "kind": kind})
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
