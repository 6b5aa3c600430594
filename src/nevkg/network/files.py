"""Saves a network in the formats of graph tools, as a picture, or as a page for the browser."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from nevkg.data.paths import writing
from nevkg.errors import CouldNotRun, WrongUsage, needs_extra
from nevkg.network.drawing import caption
from nevkg.network.graph_formats import FORMATS, to_document
from nevkg.network.label_text import clean
from nevkg.network.model import NetworkData
from nevkg.network.plain import simplify
from nevkg.network.projections import load_projections

PICTURES, PAGE, TABLES = ("png", "svg"), "html", "parquet"
# Built with the explorer, from vite.graph-file.config.ts.
TEMPLATE = Path(__file__).parents[1] / "explorer" / "dist" / "graph.html"
_CLEANED = ("label", "class", "title", "publisher")


def to_page(network: NetworkData) -> bytes:
    """Returns the page, which needs neither a server nor a network connection."""
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


def _contents(network: NetworkData) -> dict[str, Any]:
    """Returns the data of the page as JSON values; ``graph-file/page.tsx`` has its type."""
    graph = to_document(simplify(network, with_sources=True))
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


def _fact_labels(network: NetworkData) -> dict[str, str]:
    """Returns the labels of the attributes of nodes and edges by name."""
    language = network.language
    attributes = load_projections(network.store.layout).attributes
    found = {name: column.label.get(language, name) for name, question in attributes.items() for column in question.columns[1:]}
    return found | {column.name: column.label.get(language, column.name) for column in network.projection.question.columns}


def content(network: NetworkData, format_name: str) -> bytes:
    """Returns the bytes of a network in one of the formats that consist of one file."""
    if format_name in PICTURES:
        with needs_extra("draw"):
            from nevkg.network.figure import draw_picture

        return draw_picture(network, format_name)
    if format_name == PAGE:
        return to_page(network)
    if format_name not in FORMATS:
        raise WrongUsage(f"A network cannot be written as '{format_name}'; choose from {', '.join([*FORMATS, *PICTURES, PAGE, TABLES])}.")
    return FORMATS[format_name](simplify(network, with_sources=format_name == "json"))


def find_format(path: str | Path) -> str:
    """Returns the format for a file's extension; without one, tables in a folder."""
    return Path(path).suffix.removeprefix(".").lower() or TABLES


def save(network: NetworkData, path: Path, format_name: str | None = None) -> None:
    """Writes a network to a file, or as ``nodes.parquet`` and ``edges.parquet`` into a folder."""
    with writing(path):
        if (format_name or find_format(path)) == TABLES:
            path.mkdir(parents=True, exist_ok=True)
            network.node_table.to_parquet(path / "nodes.parquet")
            network.edge_table.to_parquet(path / "edges.parquet")
        else:
            path.write_bytes(content(network, format_name or find_format(path)))
