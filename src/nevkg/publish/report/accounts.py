"""Tables of the report on imported rows, reviews and gaps."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import NamedNode

from nevkg.contribute import account
from nevkg.data import terms
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.lookup import entities
from nevkg.publish.ontology.usage import escape
from nevkg.publish.report.table import LANGUAGE, Cell, Table, code
from nevkg.store import EmbeddedStore

_GAPS = "gaps.csv"
_REVIEWS = "reviews"
_OUTCOMES_OF_REVIEWS = ("kept", "retracted", "unclear", "not found")


def _collection(entry: dict[str, str]) -> str:
    return entry["file"].rpartition("/")[0]


def _table(entry: dict[str, str]) -> str:
    return Path(entry["file"]).stem


def import_tables(store: EmbeddedStore) -> Iterator[Table]:
    """Yields tables of the imported rows, and of the statements and sources made from them.

    Raises:
        InvalidData: If the import records are inconsistent.
    """
    entries = _entries(store.layout.data)
    outcomes = Counter(entry["outcome"] for entry in entries)
    balance = " + ".join(f"{outcomes[name]:,} {_outcome(name)}" for name in account.OUTCOMES)
    note = (
        f"{len(entries):,} rows = {balance}. A row may give several statements; one that describes a source or only "
        "names an entity gives none; a duplicate repeats an earlier row of the same source."
    )
    title, columns = "Rows, by {}", ["rows", *(_outcome(name) for name in account.OUTCOMES)]
    for name, key, text in (
        ("collection", _collection, note),
        ("table", _table, ""),
        ("collection and table", lambda entry: entry["file"], ""),
    ):
        yield Table("Imported rows", title.format(name), [name, *columns], _count_outcomes(entries, key), text).with_total()

    namespaces = entities.namespaces(store)
    classes = {terms.shorten(name, namespaces): kind for name, kind in _types(store)}
    first: set[str] = set()
    by_table: dict[str, Counter[str]] = defaultdict(Counter)
    by_class: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        for name in entry["statements"].split():
            kind = classes.get(name, "")
            occurrence = "again" if name in first else "new"
            by_table[_table(entry)][occurrence] += 1
            by_class[kind][occurrence] += 1
            first.add(name)
    without_row = Counter(kind for name, kind in classes.items() if name not in first)
    section = "Statements and sources from rows"
    columns = ["from rows", "new", "repeated by another row"]
    rows: list[list[Cell]] = [[code(name), count.total(), count["new"], count["again"]] for name, count in sorted(by_table.items())]
    yield Table(section, "Statements and sources, by table", ["table", *columns], rows, "").with_total()
    labels = entities.labels(store, filter(None, {*by_class, *without_row}), LANGUAGE)
    kinds = sorted({*by_class, *without_row}, key=lambda kind: (-by_class[kind].total(), kind))
    rows = [
        [
            labels.get(kind) or "not in the data",
            by_class[kind].total(),
            by_class[kind]["new"],
            by_class[kind]["again"],
            without_row[kind],
            by_class[kind]["new"] + without_row[kind],
        ]
        for kind in kinds
    ]
    yield Table(section, "Statements and sources, by class", ["class", *columns, "without a row", "in the data"], rows, "").with_total()


def _outcome(name: str) -> str:
    words = {
        account.STATEMENTS: "that give statements",
        account.THING: "that describe a source or name an entity",
        account.DUPLICATE: "that are duplicates",
    }
    return words.get(name, name)


def _count_outcomes(entries: Sequence[dict[str, str]], key: Callable[[dict[str, str]], str]) -> list[list[Cell]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        counts[key(entry)][entry["outcome"]] += 1
    return [[code(name), count.total(), *(count[outcome] for outcome in account.OUTCOMES)] for name, count in sorted(counts.items())]


def _types(store: EmbeddedStore) -> Iterator[tuple[str, str]]:
    """Yields the IRI of each statement and source with the IRI of its class."""
    for quad in store.store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), None):
        name = terms.text(quad.subject)
        if name.startswith((terms.STATEMENT, terms.SOURCE)):
            yield name, terms.text(quad.object)


def review_tables(data: Path) -> Iterator[Table]:
    """Yields a table of statements that were compared with their sources again, by outcome."""
    rows: list[list[Cell]] = []
    for path in sorted(data.glob(f"{_REVIEWS}/*.csv")):
        outcomes = Counter(row["outcome"] for row in _read(path, ["statement", "outcome", "reason"]))
        rows.append([path.stem, outcomes.total(), *(outcomes[name] for name in _OUTCOMES_OF_REVIEWS)])
    note = (
        "Kept: the source states it. Retracted: the source does not state it; the reason is a note of the retraction. "
        "Unclear: the available text is too short to decide. Not found: the source could not be read again."
    )
    yield Table("Reviews", "Statements checked again, by day of the review", ["review", "checked again", *_OUTCOMES_OF_REVIEWS], rows, note)


def left_out_tables(data: Path) -> Iterator[Table]:
    """Yields a table of the rows that were left out, each with its reason."""
    rows = [[code(entry["row"]), escape(entry["reason"])] for entry in _entries(data) if entry["outcome"] == account.LEFT_OUT]
    yield Table("Rows left out", "Every row that was left out", ["row", "reason"], sorted(rows))


def gap_tables(data: Path) -> Iterator[Table]:
    """Yields a table of the known gaps in the data."""
    columns = ["topic", "missing", "why"]
    rows = [[escape(gap[column]) for column in columns] for gap in _read(data / _GAPS, columns)]
    yield Table("What the data cannot answer yet", "By topic", ["topic", "what is missing", "why"], rows)


def _entries(data: Path) -> list[dict[str, str]]:
    """Returns the entries of all import records, one for each imported row.

    Raises:
        InvalidData: If a row has two entries, or an unknown outcome.
    """
    entries = [entry for path in sorted(data.glob(f"{account.FOLDER}/*.csv")) for entry in _read(path, account.COLUMNS)]
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        place = (entry["file"], entry["line"])
        if place in seen or entry["outcome"] not in account.OUTCOMES:
            raise InvalidData(
                f"The import record of {entry['file']}:{entry['line']} appears twice or has an unknown outcome: '{entry['outcome']}'."
            )
        seen.add(place)
    return entries


def _read(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Returns the rows of a CSV file, or an empty list if it does not exist.

    Raises:
        InvalidData: If it has other columns.
        CouldNotRun: If it cannot be read.
    """
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if list(reader.fieldnames or ()) != list(columns):
                raise InvalidData(f"{path} does not have the columns {','.join(columns)}.")
            return list(reader)
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror or error}.") from None
