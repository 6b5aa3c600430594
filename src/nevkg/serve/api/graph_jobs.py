"""Worker tasks for graphs: projections, graphs, paths and neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nevkg.ask.catalogue import HISTORY
from nevkg.lookup import entities
from nevkg.lookup.statements import count_statements
from nevkg.network import load_projections
from nevkg.network.analysis import find_paths
from nevkg.network.files import content
from nevkg.network.model import Edge, Node
from nevkg.network.nodes import CLASS, LABEL, describe_nodes
from nevkg.network.project import add_format_defaults, project, project_between
from nevkg.network.projections import Projection
from nevkg.serve.api import paging, queries
from nevkg.serve.api.operation import GRAPH_FORMATS, TABLE_FORMATS, file_reply
from nevkg.serve.api.paging import Page
from nevkg.serve.api.question_jobs import dataset
from nevkg.serve.jobs import Reply, bytes_reply, json_reply
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.table import formats

# The attributes for grouping and labelling nodes; the others take most of the time.
_NAMING = (CLASS, LABEL)


def projections(store: Store, given: Mapping[str, Any]) -> Reply:  # noqa: ARG001  the signature of all tasks
    """Returns the projections."""
    found = load_projections(store.layout).projections.values()
    return json_reply({"dataset": dataset(store), "projections": [_facts(one) for one in found]})


def _facts(projection: Projection) -> dict[str, Any]:
    facts = {name: fact for name, fact in projection.question.to_json().items() if name not in ("topic", "view", "show", "sparql")}
    return {**facts, "layout": projection.layout, "expand": projection.expand}


def graph(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns a projection as a graph, or its nodes or edges as a table."""
    parameters, format_name = paging.parameters(given), given["format"]
    question = load_projections(store.layout)[given["projection"]].question
    own = {name: value for name, value in parameters.items() if isinstance(value, list)}
    values = add_format_defaults(question, format_name, own, parameters.get("as_of"))
    expansion = {key: parameters[key] for key in ("weight", "depth", "limit") if key in parameters}
    network = project(store, given["projection"], values, as_of=parameters.get("as_of"), language=parameters["lang"], **expansion)
    if "onto" in parameters:
        network = network.onto(parameters["onto"])
    if format_name == "json":
        return bytes_reply(GRAPH_FORMATS[format_name], content(network, format_name))
    name = f"{given['projection']}-{network.as_of}"
    if format_name in TABLE_FORMATS:
        part = parameters["part"]
        table = network.node_table if part == "nodes" else network.edge_table
        return file_reply(f"{name}-{part}", format_name, GRAPH_FORMATS[format_name], formats.FORMATS[format_name](table))
    return file_reply(name, format_name, GRAPH_FORMATS[format_name], content(network, format_name))


def path(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the paths between two entities, step by step."""
    parameters, format_name = paging.parameters(given), given["format"]
    start, end, *avoid = (entities.resolve(store, word) for word in (parameters["from"], parameters["to"], *parameters.get("avoid", ())))
    day, language, longest = parameters.get("as_of"), parameters["lang"], parameters.get("longest")
    network = project_between(store, parameters["in"], start, end, as_of=day, language=language, longest=longest, avoid=avoid)
    found = find_paths(network, start, end, longest=longest, limit=parameters["limit"], avoid=avoid)
    if format_name != "json":
        return file_reply(f"path-{network.as_of}", format_name, TABLE_FORMATS[format_name], formats.FORMATS[format_name](found))
    steps = [
        {**formats.to_json_record(found, row), "evidence": next(iter(rests[found.position("relation")]), None)}
        for row, rests in zip(found.records, found.rests, strict=True)
    ]
    return json_reply(
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
    """Returns the neighbours of an entity by class, without those already shown."""
    parameters = paging.parameters(given)
    iri = entities.resolve(store, parameters["iri"])
    language = parameters["lang"]
    every = load_projections(store.layout)
    projection = every[parameters["in"]]
    if projection.expand is None:
        raise Problem(400, f"in: '{projection.question.name}' does not grow from a thing; choose another projection.")
    values = {projection.expand: [f"<{iri}>"], **({HISTORY: ["true"]} if parameters.get("history") else {})}
    network = project(store, projection.question.name, values, as_of=parameters.get("as_of"), language=language, with_facts=False)
    excluded = {iri, *(queries.iri(store, word) for word in parameters.get("exclude", ()))}
    naming = {name: every.attributes[name] for name in _NAMING if name in every.attributes}
    nodes = describe_nodes(store, {iri, *network.nodes.keys() - excluded}, naming, {}, language)
    own = nodes.pop(iri)
    groups: dict[str, list[Node]] = {}
    counts = count_statements(store, nodes) if parameters["order"] == "statements" else {}
    for node in sorted(nodes.values(), key=lambda node: (-counts.get(node.iri, 0), node.label, node.iri)):
        groups.setdefault(node.kind.iri, []).append(node)
    only_kind = queries.iri(store, parameters["kind"]) if "kind" in parameters else None
    visible, group_pages = set(excluded), []
    for kind in sorted(groups, key=lambda kind: (-len(groups[kind]), kind)):
        if only_kind in (None, kind):
            page = Page(paging.parameters({**given, "asked": {**given["asked"], "kind": kind}}), len(groups[kind]))
            part, first = page.of(groups[kind]), groups[kind][0]
            visible |= {node.iri for node in part}
            listed = [{**_node(node), **({"statements": counts.get(node.iri, 0)} if counts else {})} for node in part]
            group_pages.append({"kind": {"iri": kind, "label": first.kind.label}, "color": first.color, **page.to_json(), "nodes": listed})
    network = network.with_edges([edge for edge in network.edges if visible.issuperset(edge.ends)])
    return json_reply(
        {
            "iri": iri,
            "self": {**_node(own), "kind": vars(own.kind), "color": own.color},
            "asOf": network.as_of,
            "total": len(nodes),
            "groups": group_pages,
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
        "facts": {name: formats.to_json_value(value) for name, value in edge.facts.items()},
        "evidence": list(edge.evidence),
        "sources": sorted({source for rest in edge.evidence for source in behind.get(rest, ())}),
    }
