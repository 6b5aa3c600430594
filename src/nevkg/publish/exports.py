"""Exports: the dataset in other shapes, each defined by a query in ``queries/exports/``.

The query constructs triples, or selects quads with the columns ``graph``, ``subject``, ``property`` and ``value``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, QueryBoolean, QueryTriples, Triple

from nevkg.ask import days
from nevkg.ask.catalogue import RECORD, SNAPSHOT
from nevkg.data.frontmatter import read_head, read_query
from nevkg.data.paths import Layout
from nevkg.data.serialise import FORMATS
from nevkg.errors import InvalidData
from nevkg.sparql.syntax import explain_syntax_error
from nevkg.store import Store
from nevkg.store.known_by import as_embedded
from nevkg.table.columns import Words

_QUAD = ["graph", "subject", "property", "value"]


@dataclass(frozen=True)
class Export:
    """An export.

    Attributes:
        name: Its name, which is that of its file.
        title: What it contains, as a phrase, by language.
        text: The query.
        over: ``snapshot`` or ``record``.
        format: The name of its usual format, one of ``FORMATS``.
        released: Whether it is a file of each release.
    """

    name: str
    title: Words
    text: str
    over: str
    format: str
    released: bool


def load_exports(layout: Layout) -> Mapping[str, Export]:
    """Returns the exports by name.

    Raises:
        InvalidData: If the head of a query lacks a field or has an unknown value.
    """
    return {path.stem: _read(path) for path in sorted(layout.queries.glob("exports/*.rq"))}


def _read(path: Path) -> Export:
    text = read_query(path)
    head = read_head(path, text)
    over, format_name = head.get("over", SNAPSHOT), head.get("format")
    if over not in (SNAPSHOT, RECORD):
        raise InvalidData(f"{path}: 'over' is '{over}'; write {SNAPSHOT} or {RECORD}.")
    if format_name not in FORMATS:
        raise InvalidData(f"{path}: 'format' is '{format_name}'; write one of {', '.join(FORMATS)}.")
    if not isinstance(title := head.get("title"), dict):
        raise InvalidData(f"{path}: the head lacks 'title'; give it in each language, such as {{en: …, zh: …}}.")
    return Export(path.stem, title, text, over, format_name, bool(head.get("released")))


def export(store: Store, chosen: Export, day: str) -> set[Quad] | set[Triple]:
    """Runs an export.

    Args:
        store: The record. The content of a server is downloaded once.
        chosen: The export.
        day: The day (ISO) of the snapshot, for an export over a snapshot.

    Raises:
        InvalidData: If its query is not SPARQL, or returns neither triples nor the columns of quads.
    """
    source = days.snapshot(store, day) if chosen.over == SNAPSHOT else as_embedded(store)
    where = f"queries/exports/{chosen.name}.rq"
    try:
        found = source.query(chosen.text)
    except SyntaxError as error:
        raise InvalidData(f"{where}: the query is not SPARQL: {explain_syntax_error(chosen.text, error)}.") from None
    if isinstance(found, QueryTriples):
        return set(found)
    if isinstance(found, QueryBoolean) or [variable.value for variable in found.variables] != _QUAD:
        raise InvalidData(f"{where}: write a CONSTRUCT query, or SELECT ?{' ?'.join(_QUAD)}.")
    return {Quad(row["subject"], row["property"], row["value"], row["graph"]) for row in found}
