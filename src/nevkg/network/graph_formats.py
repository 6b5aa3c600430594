"""Exports networks to GraphML, GEXF, Cytoscape JSON, DOT and node-link JSON; the same network gives the same bytes.

GEXF 1.3 is the format of Gephi, in which nodes and edges have periods of existence. The writer of networkx is not used for it:
it stamps files with today's date, and loses the spells and the kinds of edges.
"""

from __future__ import annotations

import csv
import io
import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from nevkg.ask.support import STANDING
from nevkg.network.model import Scalar, Spell, merge_spells
from nevkg.network.plain import Plain, PlainNode
from nevkg.table.spreadsheets import guard
from nevkg.table.values import to_text

if TYPE_CHECKING:
    import networkx as nx

_NAMESPACE = "http://gexf.net/1.3"
_TYPES: Mapping[type[Scalar], str] = {bool: "boolean", int: "long", float: "double", str: "string"}
# The format has elements for these facts, so they are not repeated as attributes.
_NODE_OWN, _EDGE_OWN = frozenset({"label", "color"}), frozenset({"label", "weight"})


def to_gexf(plain: Plain) -> bytes:
    """Returns GEXF 1.3; the graph is static if nothing has a date."""
    top = Element("gexf", {"xmlns": _NAMESPACE, "xmlns:viz": f"{_NAMESPACE}/viz", "version": "1.3"})
    meta = SubElement(top, "meta", {"lastmodifieddate": plain.about["as_of"]} if "as_of" in plain.about else {})
    SubElement(meta, "creator").text = "nevkg"
    SubElement(meta, "description").text = "\n".join(plain.about[name] for name in ("title", "description") if name in plain.about)
    graph = SubElement(top, "graph", defaultedgetype="directed", mode="static")
    if any(node.life for node in plain.nodes) or any(edge.spells for edge in plain.edges):
        graph.attrib |= {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    _declare_attributes(graph, "node", plain.node_types, _NODE_OWN)
    _declare_attributes(graph, "edge", plain.edge_types, _EDGE_OWN)
    nodes = SubElement(graph, "nodes", count=str(len(plain.nodes)))
    for node in plain.nodes:
        life = _bounds(node.life) if node.life else {}
        place = SubElement(nodes, "node", {"id": node.name, "label": str(node.facts.get("label", node.name)), **life})
        _write_values(place, node.facts, _NODE_OWN)
        if color := node.rgb:
            # Without an alpha channel, which some readers do not support.
            SubElement(place, "viz:color", dict(zip("rgb", map(str, color), strict=True)))
        if node.position:
            SubElement(place, "viz:position", {axis: f"{value:.1f}" for axis, value in zip("xy", node.position, strict=True)})
    edges = SubElement(graph, "edges", count=str(len(plain.edges)))
    for edge in plain.edges:
        own = {"weight": to_text(edge.facts["weight"])} if "weight" in edge.facts else {}
        ends = {"id": edge.name, "source": edge.source, "target": edge.target}
        # Gephi distinguishes parallel edges by their kind, and merges those of the same kind.
        place = SubElement(edges, "edge", {**ends, "label": str(edge.facts.get("label", edge.kind)), **own, "kind": edge.kind})
        _write_values(place, edge.facts, _EDGE_OWN)
        bounds = [bounds for spell in merge_spells(edge.spells) if (bounds := _bounds(spell))]
        if bounds:
            spells = SubElement(place, "spells")
            for attributes in bounds:
                SubElement(spells, "spell", attributes)
    indent(top)
    content: bytes = tostring(top, "UTF-8", xml_declaration=True)
    return content + b"\n"


def _declare_attributes(graph: Element, what: str, types: Mapping[str, type[Scalar]], own: Iterable[str]) -> None:
    """Declares the attributes; their names are also their identifiers, since some readers show identifiers."""
    place = SubElement(graph, "attributes", {"class": what, "mode": "static"})
    for name, kind in types.items():
        if name not in own:
            SubElement(place, "attribute", id=name, title=name, type=_TYPES[kind])


def _write_values(place: Element, facts: Mapping[str, Scalar], own: Iterable[str]) -> None:
    values = SubElement(place, "attvalues")
    for name, value in facts.items():
        if name not in own:
            SubElement(values, "attvalue", {"for": name, "value": to_text(value)})


def _bounds(spell: Spell) -> dict[str, str]:
    """Returns the attributes ``start`` and ``end`` of a spell; an open end is left out.

    Here a spell excludes its last day, but in GEXF it includes it: version 1.3 removed ``endopen``, and Gephi reads
    that as ``end``. So ``end`` is the day before. A spell that ends on the day it begins is given that one day.
    """
    begin, until = spell
    bounds = {"start": begin} if begin else {}
    if until:
        last = (date.fromisoformat(until) - timedelta(days=1)).isoformat()
        bounds["end"] = max(begin or "", last)
    return bounds


_ENTITY = re.compile(r"&(?=#?\w+;)")


def _graph(plain: Plain) -> nx.MultiDiGraph[str]:
    """Converts to a networkx graph whose edge keys are the names of :class:`PlainEdge`."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.graph.update(plain.about)
    for node in plain.nodes:
        graph.add_node(node.name, **node.facts)
    for edge in plain.edges:
        # Not as keyword arguments: a fact may have the name of a parameter.
        graph.add_edge(edge.source, edge.target, edge.name)
        graph.edges[edge.source, edge.target, edge.name].update(edge.facts)
    return graph


def to_graphml(plain: Plain) -> bytes:
    """Returns GraphML with typed attributes."""
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(encoding="UTF-8")
    writer.add_graph_element(_graph(plain))
    booleans = {key.get("id") for key in writer.xml.iter("key") if key.get("attr.type") == "boolean"}
    for element in writer.xml.iter("data"):
        if element.get("key") in booleans:
            element.text = element.text.lower()  # networkx writes True
    out = io.BytesIO()
    writer.dump(out)
    return out.getvalue() + b"\n"


def to_cyjs(plain: Plain) -> bytes:
    """Returns the JSON of Cytoscape.js and Cytoscape."""
    from networkx import cytoscape_data

    graph = _graph(plain)
    for _, facts in graph.nodes(data=True):
        facts["name"] = facts.get("label")  # Cytoscape shows this attribute
    document: dict[str, Any] = cytoscape_data(graph)
    document["data"] = dict(document["data"])
    for edge in document["elements"]["edges"]:
        edge["data"]["id"] = edge["data"]["key"]
    return _json(document)


def to_node_link(plain: Plain) -> bytes:
    """Returns node-link JSON for networkx and D3, with the spells, the evidence and the sources of each edge."""
    return _json(to_document(plain))


def to_document(plain: Plain) -> dict[str, Any]:
    """Returns the content of :func:`to_node_link` as JSON values."""
    edges = []
    for edge in plain.edges:
        spells = [{"from": begin, "until": until} for begin, until in edge.spells]
        links = {"spells": spells, "evidence": sorted(edge.evidence), "sources": edge.sources}
        edges.append({**edge.facts, **links, "source": edge.source, "target": edge.target, "key": edge.name})
    return {
        "directed": True,
        "multigraph": True,
        "graph": {**plain.about, "sources": [vars(source) for source in plain.sources]},
        "nodes": [{**node.facts, "id": node.name} for node in plain.nodes],
        "edges": edges,
    }


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def to_dot(plain: Plain) -> bytes:
    """Returns DOT, the language of Graphviz."""
    lines = [f"digraph {_quote(plain.about['title'])} {{"]
    lines += ['  node [shape=box, style="rounded,filled", fontname="Helvetica"];', '  edge [fontname="Helvetica"];']
    for node in plain.nodes:
        attributes = {name: str(node.facts[name]) for name in ("label", "class") if name in node.facts}
        tooltip = str(node.facts.get("iri", node.name))
        lines.append(f"  {_quote(node.name)} {_format_attributes({**attributes, 'tooltip': tooltip, **_node_style(node)})};")
    for edge in plain.edges:
        label, standing = str(edge.facts.get("label", edge.kind)), str(edge.facts.get(STANDING, ""))
        # Graphviz has only two kinds of dashes, so labels also contain the standing.
        style = {"style": "dashed" if edge.dashes[0] > edge.dashes[-1] else "dotted"} if edge.dashes else {}
        attributes = {"id": edge.name, "label": f"{label}, {standing}" if standing else label, **style}
        lines.append(f"  {_quote(edge.source)} -> {_quote(edge.target)} {_format_attributes(attributes)};")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _node_style(node: PlainNode) -> dict[str, str]:
    """Returns the fill colour of a node, and a text colour that is legible on it."""
    if not (color := node.rgb):
        return {}
    bright = sum(weight * part for weight, part in zip((0.299, 0.587, 0.114), color, strict=True)) > 140
    return {"fillcolor": str(node.facts["color"]), "fontcolor": "#000000" if bright else "#FFFFFF"}


def _format_attributes(attributes: Mapping[str, str]) -> str:
    return "[" + ", ".join(f"{name}={_quote(value)}" for name, value in attributes.items()) + "]"


def _quote(text: str) -> str:
    """Quotes a text for DOT: escapes backslashes, and ``&`` where Graphviz would read an entity such as ``&amp;``."""
    escaped = _ENTITY.sub("&amp;", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def to_csv(plain: Plain) -> bytes:
    """Returns the edges as CSV for spreadsheets, with the labels of their ends."""
    labels = {node.name: (str(node.facts.get("iri", node.name)), str(node.facts.get("label", ""))) for node in plain.nodes}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["source", "source_label", "target", "target_label", *plain.edge_types])
    for edge in plain.edges:
        values = (to_text(edge.facts[name]) if name in edge.facts else "" for name in plain.edge_types)
        writer.writerow(map(guard, [*labels[edge.source], *labels[edge.target], *values]))
    return BOM_UTF8 + text.getvalue().encode()  # with the mark, Excel reads it as UTF-8


FORMATS: dict[str, Callable[[Plain], bytes]] = {
    "graphml": to_graphml,
    "gexf": to_gexf,
    "cyjs": to_cyjs,
    "dot": to_dot,
    "json": to_node_link,
}
