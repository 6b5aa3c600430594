"""Writes GEXF 1.3, the format of Gephi, in which nodes and edges have periods of existence.

The writer of networkx is not used: it stamps files with today's date, and loses the spells and the kinds of edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from nevkg.network.files.plain import Plain
from nevkg.network.model import Scalar, Spell, merge_spells
from nevkg.table.values import to_text

_NAMESPACE = "http://gexf.net/1.3"
_TYPES: Mapping[type[Scalar], str] = {bool: "boolean", int: "long", float: "double", str: "string"}
# The format has elements for these facts, so they are not repeated as attributes.
_NODE_OWN, _EDGE_OWN = frozenset({"label", "color"}), frozenset({"label", "weight"})


def document(plain: Plain) -> bytes:
    """Returns the content of the file; the graph is static if nothing has a date."""
    top = Element("gexf", {"xmlns": _NAMESPACE, "xmlns:viz": f"{_NAMESPACE}/viz", "version": "1.3"})
    meta = SubElement(top, "meta", lastmodifieddate=plain.about["as_of"])
    SubElement(meta, "creator").text = "nevkg"
    SubElement(meta, "description").text = f"{plain.about['title']}\n{plain.about['description']}"
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
            for one in bounds:
                SubElement(spells, "spell", one)
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
