"""What workers do for the paths of graphs: projections, paths, neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nevkg.ask.catalogue import HISTORY
from nevkg.lookup import entities
from nevkg.network import load_projections
from nevkg.network.files.save import content
from nevkg.network.model import Edge, Node
from nevkg.network.paths import paths
from nevkg.network.project import CLASS, LABEL, described, given_for, project, project_between
from nevkg.network.projection import Projection
from nevkg.serve.api import paging, queries
from nevkg.serve.api.download import GRAPHS, TABLES, file
from nevkg.serve.api.paging import Page
from nevkg.serve.api.tasks_questions import dataset
from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Reply, as_json, whole
from nevkg.store import Store
from nevkg.table import formats

# What groups and names nodes; the rest takes most of the time.
_NAMING = (CLASS, LABEL)


def projections(store: Store, given: Mapping[str, Any]) -> Reply:  # noqa: ARG001  as all tasks have it
    """What can be drawn."""
    found = load_projections(store.layout).projections.values()
    return as_json({"dataset": dataset(store), "projections": [_facts(one) for one in found]})


def _facts(projection: Projection) -> dict[str, Any]:
    facts = {name: fact for name, fact in projection.question.facts.items() if name not in ("topic", "view", "show", "sparql")}
    return {**facts, "layout": projection.layout, "expand": projection.expand}


def graph(store: Store, given: Mapping[str, Any]) -> Reply:
    """A projection as a graph, or its nodes or edges as a table."""
    asked, format_name = paging.asked(given), given["format"]
    question = load_projections(store.layout)[given["projection"]].question
    own = {name: value for name, value in asked.items() if isinstance(value, list)}
    values = given_for(question, format_name, own, asked.get("as_of"))
    growth = {key: asked[key] for key in ("weight", "depth", "limit") if key in asked}
    network = project(store, given["projection"], values, as_of=asked.get("as_of"), language=asked["lang"], **growth)
    if "onto" in asked:
        network = network.onto(asked["onto"])
    if format_name == "json":
        return whole(GRAPHS[format_name], content(network, format_name))
    name = f"{given['projection']}-{network.as_of}"
    if format_name in TABLES:
        part = asked["part"]
        table = network.node_table if part == "nodes" else network.edge_table
        return file(f"{name}-{part}", format_name, GRAPHS[format_name], formats.FORMATS[format_name](table))
    return file(name, format_name, GRAPHS[format_name], content(network, format_name))


def path(store: Store, given: Mapping[str, Any]) -> Reply:
    """How two things are connected, step by step."""
    asked, format_name = paging.asked(given), given["format"]
    start, end, *avoid = (entities.resolve(store, word) for word in (asked["from"], asked["to"], *asked.get("avoid", ())))
    day, language, longest = asked.get("as_of"), asked["lang"], asked.get("longest")
    network = project_between(store, asked["in"], start, end, as_of=day, language=language, longest=longest, avoid=avoid)
    found = paths(network, start, end, longest=longest, limit=asked["limit"], avoid=avoid)
    if format_name != "json":
        return file(f"path-{network.as_of}", format_name, TABLES[format_name], formats.FORMATS[format_name](found))
    steps = [
        {**formats.record(found, row), "evidence": next(iter(rests[found.position("relation")]), None)}
        for row, rests in zip(found.records, found.rests, strict=True)
    ]
    return as_json(
        {
            "from": start,
            "to": end,
            "in": network.projection.question.name,
            "asOf": network.as_of,
            "dataset": dataset(store),
            "steps": steps,
            "sources": [vars(source) for source in found.sources],
        }
    )


def neighbours(store: Store, given: Mapping[str, Any]) -> Reply:
    """What is linked with a thing, by kind, without what is shown already."""
    asked = paging.asked(given)
    iri = entities.resolve(store, asked["iri"])
    language = asked["lang"]
    every = load_projections(store.layout)
    projection = every[asked["in"]]
    if projection.expand is None:
        raise Problem(400, f"in: '{projection.question.name}' does not grow from a thing; choose another projection.")
    grown = {projection.expand: [f"<{iri}>"], **({HISTORY: ["true"]} if asked.get("history") else {})}
    network = project(store, projection.question.name, grown, as_of=asked.get("as_of"), language=language, with_facts=False)
    hidden = {iri, *(queries.iri(store, word) for word in asked.get("exclude", ()))}
    naming = {name: every.attributes[name] for name in _NAMING if name in every.attributes}
    nodes = described(store, {iri, *network.nodes.keys() - hidden}, naming, {}, language)
    own = nodes.pop(iri)
    groups: dict[str, list[Node]] = {}
    for node in sorted(nodes.values(), key=lambda node: (node.label, node.iri)):
        groups.setdefault(node.kind.iri, []).append(node)
    wanted = queries.iri(store, asked["kind"]) if "kind" in asked else None
    shown, told = set(hidden), []
    for kind in sorted(groups, key=lambda kind: (-len(groups[kind]), kind)):
        if wanted in (None, kind):
            page = Page(paging.asked({**given, "asked": {**given["asked"], "kind": kind}}), len(groups[kind]))
            part, first = page.of(groups[kind]), groups[kind][0]
            shown |= {node.iri for node in part}
            listed = [_node(node) for node in part]
            told.append({"kind": {"iri": kind, "label": first.kind.label}, "color": first.color, **page.facts, "nodes": listed})
    network = network.with_edges([edge for edge in network.edges if shown.issuperset(edge.ends)])
    return as_json(
        {
            "iri": iri,
            "self": {**_node(own), "kind": vars(own.kind), "color": own.color},
            "asOf": network.as_of,
            "total": len(nodes),
            "groups": told,
            "edges": [_edge(edge, network.evidence.behind) for edge in network.edges],
            "sources": [vars(source) for source in network.sources],
        }
    )


def _node(node: Node) -> dict[str, str]:
    return {"iri": node.iri, "name": node.name, "label": node.label}


def _edge(edge: Edge, behind: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "subject": edge.subject,
        "relation": {"iri": edge.relation.iri, "label": edge.relation.label},
        "object": edge.object,
        "spells": [{"from": begin, "until": until} for begin, until in edge.spells],
        "facts": {name: formats.plain(value) for name, value in edge.facts.items()},
        "evidence": list(edge.evidence),
        "sources": sorted({source for rest in edge.evidence for source in behind.get(rest, ())}),
    }
