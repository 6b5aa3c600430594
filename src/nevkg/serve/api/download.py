"""Media types of formats, and replies that browsers save as files."""

from __future__ import annotations

from collections.abc import Mapping

from nevkg.serve.reply import Reply, bytes_reply

TABLES = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "zip": "application/zip",
    "bibtex": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}
GRAPHS = {
    "json": "application/json",
    "cyjs": "application/vnd.cytoscape+json",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "dot": "text/vnd.graphviz",
    "csv": TABLES["csv"],
    "tsv": TABLES["tsv"],
    "parquet": TABLES["parquet"],
    "xlsx": TABLES["xlsx"],
    "svg": "image/svg+xml",
    "png": "image/png",
}
THINGS = {"json": "application/json", "turtle": "text/turtle", "md": "text/markdown", "text": "text/plain"}
_ENDINGS = {"turtle": "ttl", "text": "txt", "bibtex": "bib", "csl": "csl.json"}


def file(name: str, format_name: str, media: str, content: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """Returns a reply that a browser offers to save as a file; ``name`` has no extension."""
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    disposition = f'attachment; filename="nevkg-{name}.{_ENDINGS.get(format_name, format_name)}"'
    return bytes_reply(media + charset, content, {**(headers or {}), "Content-Disposition": disposition})
