"""A network in the formats that programs for graphs read; the same network gives the same bytes."""

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
    """A networkx graph whose edges have the names of :class:`PlainEdge` as keys."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.graph.update(shape.about)
    for node in shape.nodes:
        graph.add_node(node.name, **node.facts)
    for edge in shape.edges:
        # Not as arguments: a fact may have the name of one.
        graph.add_edge(edge.source, edge.target, edge.name)
        graph.edges[edge.source, edge.target, edge.name].update(edge.facts)
    return graph


def graphml(network: Network) -> bytes:
    """GraphML with typed attributes."""
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(encoding="UTF-8")
    writer.add_graph_element(_graph(plain(network)))
    booleans = {key.get("id") for key in writer.xml.iter("key") if key.get("attr.type") == "boolean"}
    for told in writer.xml.iter("data"):
        if told.get("key") in booleans:
            told.text = told.text.lower()  # networkx writes True
    out = io.BytesIO()
    writer.dump(out)
    return out.getvalue() + b"\n"


def gexf(network: Network) -> bytes:
    """GEXF 1.3, dynamic where there are dates."""
    return gexf_format.document(plain(network))


def cyjs(network: Network) -> bytes:
    """The JSON of Cytoscape.js and Cytoscape."""
    from networkx import cytoscape_data

    graph = _graph(plain(network))
    for _, facts in graph.nodes(data=True):
        facts["name"] = facts.get("label")  # which Cytoscape shows
    document: dict[str, Any] = cytoscape_data(graph)
    document["data"] = dict(document["data"])
    for edge in document["elements"]["edges"]:
        edge["data"]["id"] = edge["data"]["key"]
    return _json(document)


def node_link(network: Network) -> bytes:
    """Node-link JSON, as networkx and D3 read it, with the spells, the evidence and the sources of each edge."""
    from networkx import node_link_data

    shape = plain(network)
    graph = _graph(shape)
    for edge in shape.edges:
        spells = [{"from": begin, "until": until} for begin, until in edge.spells]
        sources = sorted({source for rest in edge.evidence for source in network.evidence.behind.get(rest, ())})
        graph.edges[edge.source, edge.target, edge.name].update(spells=spells, evidence=sorted(edge.evidence), sources=sources)
    graph.graph["sources"] = [vars(source) for source in network.sources]
    return _json(node_link_data(graph, edges="edges"))


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def dot(network: Network) -> bytes:
    """The language of Graphviz."""
    shape = plain(network)
    lines = [f"digraph {_quoted(shape.about['title'])} {{"]
    lines += ['  node [shape=box, style="rounded,filled", fontname="Helvetica"];', '  edge [fontname="Helvetica"];']
    for node in shape.nodes:
        told = {name: str(node.facts[name]) for name in ("label", "class") if name in node.facts}
        lines.append(f"  {_quoted(node.name)} {_listed({**told, 'tooltip': str(node.facts['iri']), **_filled(node)})};")
    for edge in shape.edges:
        label, standing = str(edge.facts.get("label", edge.kind)), str(edge.facts.get(STANDING, ""))
        told = {"id": edge.name, "label": f"{label}, {standing}" if standing else label, **_dashed(network.dashes.get(edge.standing, ()))}
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)} {_listed(told)};")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _filled(node: PlainNode) -> dict[str, str]:
    """The colour of a node, and one for words that can be read on it."""
    if not (color := node.rgb):
        return {}
    bright = sum(weight * part for weight, part in zip((0.299, 0.587, 0.114), color, strict=True)) > 140
    return {"fillcolor": str(node.facts["color"]), "fontcolor": "#000000" if bright else "#FFFFFF"}


def _dashed(dashes: Sequence[float]) -> dict[str, str]:
    """The style of a line; Graphviz knows no other dashes, so that labels have the standing in words."""
    return {"style": "dashed" if dashes[0] > dashes[-1] else "dotted"} if dashes else {}


def _listed(attributes: Mapping[str, str]) -> str:
    return "[" + ", ".join(f"{name}={_quoted(value)}" for name, value in attributes.items()) + "]"


def _quoted(text: str) -> str:
    """Any text as Graphviz shows it: backslashes would be escapes, and ``&amp;`` would be read as markup."""
    escaped = _ENTITY.sub("&amp;", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def parquet(network: Network, folder: Path) -> None:
    """Writes ``nodes.parquet`` and ``edges.parquet`` into a folder, which is made if it is not there.

    Raises:
        OSError: if the folder cannot be made.
        WrongUsage: if a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.node_table.to_parquet(folder / "nodes.parquet")
    network.edge_table.to_parquet(folder / "edges.parquet")


FORMATS: dict[str, Callable[[Network], bytes]] = {"graphml": graphml, "gexf": gexf, "cyjs": cyjs, "dot": dot, "json": node_link}
