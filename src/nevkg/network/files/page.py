"""Writes a network as one interactive HTML file: the graph view of the explorer, with the network as its data."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from nevkg.errors import CouldNotRun
from nevkg.network.drawing.draw import caption
from nevkg.network.files.export import node_link_document
from nevkg.network.layout.labels import clean
from nevkg.network.model import Network
from nevkg.network.projection import load_projections

# Built with the explorer, from vite.graph-file.config.ts.
TEMPLATE = Path(__file__).parents[2] / "explorer" / "dist" / "graph.html"
_CLEANED = ("label", "class", "title", "publisher")


def page(network: Network) -> bytes:
    """Returns the page, which needs neither a server nor a network connection.

    Raises:
        CouldNotRun: if the explorer has not been built.
    """
    contents = json.dumps(_contents(network), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    values = {"language": network.language, "title": escape(clean(network.title)), "contents": contents}
    rest, parts = _read_template(), list[str]()
    # Each mark is sought after the one before it, since a value may contain the text of a mark.
    for name, value in values.items():
        before, _, rest = rest.partition(f"{{{{{name}}}}}")
        parts += [before, value]
    return "".join([*parts, rest]).encode()


def _read_template() -> str:
    try:
        return TEMPLATE.read_text(encoding="utf-8")
    except OSError:
        raise CouldNotRun(
            "The page for graphs is built with the explorer, which has not been done; run 'make explorer', or choose another format."
        ) from None


def _contents(network: Network) -> dict[str, Any]:
    """Returns the data of the page as JSON values; ``graph-file/contents.ts`` has its type."""
    graph = node_link_document(network)
    graph["graph"]["title"] = network.title
    for item in (graph["graph"], *graph["nodes"], *graph["edges"], *graph["graph"]["sources"]):
        item |= {name: clean(item[name]) for name in _CLEANED if name in item}
    kinds = {node.kind.iri: (clean(node.kind.label), node.color) for node in network.nodes.values() if node.kind.iri}
    standings = {edge.standing.iri: clean(edge.standing.label) for edge in network.edges if edge.standing}
    return {
        "language": network.language,
        "caption": caption(network, 0),
        "facts": _fact_labels(network),
        "ontology": {
            "classes": [{"iri": iri, "label": label, "color": color} for iri, (label, color) in sorted(kinds.items())],
            "concepts": [
                {"iri": iri, "label": standings[iri], "dashes": [" ".join(f"{length:g}" for length in dashes)], "rank": [-place]}
                for place, (iri, dashes) in enumerate(network.dashes.items())
                if iri in standings
            ],
        },
        "graph": graph,
    }


def _fact_labels(network: Network) -> dict[str, str]:
    """Returns the labels of the attributes of nodes and edges by name."""
    language = network.language
    attributes = load_projections(network.store.layout).attributes
    found = {name: column.label.get(language, name) for name, one in attributes.items() for column in one.columns[1:]}
    return found | {column.name: column.label.get(language, column.name) for column in network.projection.question.columns}
