"""Exports networks to GraphML, GEXF, Cytoscape JSON, DOT, node-link JSON and Parquet; the same network gives the same bytes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nevkg.ask.support import STANDING
from nevkg.network.files import gexf as gexf_format
from nevkg.network.files.plain import Plain, PlainNode, plain
from nevkg.network.model import Network

if TYPE_CHECKING:
    import networkx as nx

_ENTITY = re.compile(r"&(?=#?\w+;)")


def _graph(shape: Plain) -> nx.MultiDiGraph[str]:
    """Converts to a networkx graph whose edge keys are the names of :class:`PlainEdge`."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.graph.update(shape.about)
    for node in shape.nodes:
        graph.add_node(node.name, **node.facts)
    for edge in shape.edges:
        # Not as keyword arguments: a fact may have the name of a parameter.
        graph.add_edge(edge.source, edge.target, edge.name)
        graph.edges[edge.source, edge.target, edge.name].update(edge.facts)
    return graph


def graphml(network: Network) -> bytes:
    """Returns GraphML with typed attributes."""
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(encoding="UTF-8")
    writer.add_graph_element(_graph(plain(network)))
    booleans = {key.get("id") for key in writer.xml.iter("key") if key.get("attr.type") == "boolean"}
    for element in writer.xml.iter("data"):
        if element.get("key") in booleans:
            element.text = element.text.lower()  # networkx writes True
    out = io.BytesIO()
    writer.dump(out)
    return out.getvalue() + b"\n"


def gexf(network: Network) -> bytes:
    """Returns GEXF 1.3, in dynamic mode if there are dates."""
    return gexf_format.document(plain(network))


def cyjs(network: Network) -> bytes:
    """Returns the JSON of Cytoscape.js and Cytoscape."""
    from networkx import cytoscape_data

    graph = _graph(plain(network))
    for _, facts in graph.nodes(data=True):
        facts["name"] = facts.get("label")  # Cytoscape shows this attribute
    document: dict[str, Any] = cytoscape_data(graph)
    document["data"] = dict(document["data"])
    for edge in document["elements"]["edges"]:
        edge["data"]["id"] = edge["data"]["key"]
    return _json(document)


def node_link(network: Network) -> bytes:
    """Returns node-link JSON for networkx and D3, with the spells, the evidence and the sources of each edge."""
    return _json(node_link_document(network))


def node_link_document(network: Network) -> dict[str, Any]:
    """Returns the content of :func:`node_link` as JSON values."""
    edges = []
    for edge in (shape := plain(network)).edges:
        spells = [{"from": begin, "until": until} for begin, until in edge.spells]
        sources = sorted({source for rest in edge.evidence for source in network.evidence.behind.get(rest, ())})
        links = {"spells": spells, "evidence": sorted(edge.evidence), "sources": sources}
        edges.append({**edge.facts, **links, "source": edge.source, "target": edge.target, "key": edge.name})
    return {
        "directed": True,
        "multigraph": True,
        "graph": {**shape.about, "sources": [vars(source) for source in network.sources]},
        "nodes": [{**node.facts, "id": node.name} for node in shape.nodes],
        "edges": edges,
    }


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def dot(network: Network) -> bytes:
    """Returns DOT, the language of Graphviz."""
    shape = plain(network)
    lines = [f"digraph {_quote(shape.about['title'])} {{"]
    lines += ['  node [shape=box, style="rounded,filled", fontname="Helvetica"];', '  edge [fontname="Helvetica"];']
    for node in shape.nodes:
        attributes = {name: str(node.facts[name]) for name in ("label", "class") if name in node.facts}
        lines.append(f"  {_quote(node.name)} {_format_attributes({**attributes, 'tooltip': str(node.facts['iri']), **_node_style(node)})};")
    for edge in shape.edges:
        label, standing = str(edge.facts.get("label", edge.kind)), str(edge.facts.get(STANDING, ""))
        style = _edge_style(network.dashes.get(edge.standing, ()))
        attributes = {"id": edge.name, "label": f"{label}, {standing}" if standing else label, **style}
        lines.append(f"  {_quote(edge.source)} -> {_quote(edge.target)} {_format_attributes(attributes)};")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _node_style(node: PlainNode) -> dict[str, str]:
    """Returns the fill colour of a node, and a text colour that is legible on it."""
    if not (color := node.rgb):
        return {}
    bright = sum(weight * part for weight, part in zip((0.299, 0.587, 0.114), color, strict=True)) > 140
    return {"fillcolor": str(node.facts["color"]), "fontcolor": "#000000" if bright else "#FFFFFF"}


def _edge_style(dashes: Sequence[float]) -> dict[str, str]:
    """Returns the line style of an edge; Graphviz has only two kinds of dashes, so labels also contain the standing."""
    return {"style": "dashed" if dashes[0] > dashes[-1] else "dotted"} if dashes else {}


def _format_attributes(attributes: Mapping[str, str]) -> str:
    return "[" + ", ".join(f"{name}={_quote(value)}" for name, value in attributes.items()) + "]"


def _quote(text: str) -> str:
    """Quotes a text for DOT: escapes backslashes, and ``&`` where Graphviz would read an entity such as ``&amp;``."""
    escaped = _ENTITY.sub("&amp;", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def parquet(network: Network, folder: Path) -> None:
    """Writes ``nodes.parquet`` and ``edges.parquet`` into a folder, which is created if necessary.

    Raises:
        OSError: if the folder cannot be created.
        WrongUsage: if a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.node_table.to_parquet(folder / "nodes.parquet")
    network.edge_table.to_parquet(folder / "edges.parquet")


FORMATS: dict[str, Callable[[Network], bytes]] = {"graphml": graphml, "gexf": gexf, "cyjs": cyjs, "dot": dot, "json": node_link}
