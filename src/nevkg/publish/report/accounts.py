"""What came in and what became of it: the accounts of the imports, the corrections, and the gaps."""

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

_CORRECTIONS = "corrections.csv"
_GAPS = "gaps.csv"
_REVIEWS = "reviews"
_OUTCOMES_OF_REVIEWS = ("kept", "retracted", "unclear", "not found")
_REASONS = 25
_WHOLE_ROW = "*"


def _collection(entry: dict[str, str]) -> str:
    return entry["file"].rpartition("/")[0]


def _table(entry: dict[str, str]) -> str:
    return Path(entry["file"]).stem


def accounts(store: EmbeddedStore) -> Iterator[Table]:
    """The rows that came in, and the statements and sources that they made.

    Raises:
        InvalidData: if the accounts do not balance.
    """
    entries = _entries(store.layout.data)
    outcomes = Counter(entry["outcome"] for entry in entries)
    balance = " + ".join(f"{outcomes[name]:,} {_outcome(name)}" for name in account.OUTCOMES)
    note = (
        f"{len(entries):,} rows = {balance}. A row that makes statements may make several; one that describes a source or only "
        "names a thing makes none; a duplicate says what an earlier row of the same source has said."
    )
    title, columns = "Rows, by {}", ["rows", *(_outcome(name) for name in account.OUTCOMES)]
    for name, key, told in (
        ("collection", _collection, note),
        ("table", _table, ""),
        ("collection and table", lambda entry: entry["file"], ""),
    ):
        yield Table("What came in", title.format(name), [name, *columns], _by(entries, key), told).with_total()

    namespaces = entities.namespaces(store)
    classes = {terms.shorten(name, namespaces): kind for name, kind in _types(store)}
    first: set[str] = set()
    by_table: dict[str, Counter[str]] = defaultdict(Counter)
    by_class: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        for name in entry["statements"].split():
            kind = classes.get(name, "")
            what = "again" if name in first else "new"
            by_table[_table(entry)][what] += 1
            by_class[kind][what] += 1
            first.add(name)
    said_by_hand = Counter(kind for name, kind in classes.items() if name not in first)
    section = "What came out"
    columns = ["named by rows", "new", "said again by another row"]
    rows: list[list[Cell]] = [[code(name), count.total(), count["new"], count["again"]] for name, count in sorted(by_table.items())]
    yield Table(section, "Statements and sources, by table", ["table", *columns], rows, "").with_total()
    labels = entities.labels(store, filter(None, {*by_class, *said_by_hand}), LANGUAGE)
    listed = sorted({*by_class, *said_by_hand}, key=lambda kind: (-by_class[kind].total(), kind))
    rows = [
        [
            labels.get(kind) or "not in the data",
            by_class[kind].total(),
            by_class[kind]["new"],
            by_class[kind]["again"],
            said_by_hand[kind],
            by_class[kind]["new"] + said_by_hand[kind],
        ]
        for kind in listed
    ]
    yield Table(section, "Statements and sources, by class", ["class", *columns, "by no row", "in the data"], rows, "").with_total()


def _outcome(name: str) -> str:
    words = {
        account.STATEMENTS: "that make statements",
        account.THING: "that describe a source or name a thing",
        account.DUPLICATE: "that are duplicates",
    }
    return words.get(name, name)


def _by(entries: Sequence[dict[str, str]], key: Callable[[dict[str, str]], str]) -> list[list[Cell]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        counts[key(entry)][entry["outcome"]] += 1
    return [[code(name), count.total(), *(count[outcome] for outcome in account.OUTCOMES)] for name, count in sorted(counts.items())]


def _types(store: EmbeddedStore) -> Iterator[tuple[str, str]]:
    """Each statement and source with its class."""
    for quad in store.store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), None):
        name = terms.text(quad.subject)
        if name.startswith((terms.STATEMENT, terms.SOURCE)):
            yield name, terms.text(quad.object)


def corrections(data: Path) -> Iterator[Table]:
    """What was mended, and why."""
    mends = _read(data / _CORRECTIONS, ["row", "field", "old", "new", "reason", "date"])
    section = "Corrections"
    fields = Counter((mend["row"].partition(":")[0].rpartition("/")[2], mend["field"]) for mend in mends)
    rows: list[list[Cell]] = [
        [code(table), "the whole row, left out" if field == _WHOLE_ROW else code(field), count]
        for (table, field), count in sorted(fields.items(), key=lambda item: (-item[1], item[0]))
    ]
    note = f"{len(mends):,} corrections of {len({mend['row'] for mend in mends}):,} rows, each with its reason in `{_CORRECTIONS}`."
    yield Table(section, "By field", ["table", "field", "mends"], rows, note).with_top(_REASONS).with_total()
    reasons = Counter(mend["reason"] for mend in mends)
    rows = [[escape(reason), count] for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))]
    yield Table(section, "By reason", ["reason", "mends"], rows).with_top(_REASONS).with_total()


def reviews(data: Path) -> Iterator[Table]:
    """Statements that someone compared with their sources again, and what came of it."""
    rows: list[list[Cell]] = []
    for path in sorted(data.glob(f"{_REVIEWS}/*.csv")):
        outcomes = Counter(row["outcome"] for row in _read(path, ["statement", "outcome", "reason"]))
        rows.append([path.stem, outcomes.total(), *(outcomes[name] for name in _OUTCOMES_OF_REVIEWS)])
    note = (
        "Kept: the source says it. Retracted: the source does not say it; the reason is a note of the retraction. "
        "Unclear: the text at hand is too short to decide. Not found: the source could not be read again."
    )
    yield Table("Reviews", "Statements read again, by day of the review", ["review", "read again", *_OUTCOMES_OF_REVIEWS], rows, note)


def left_out(data: Path) -> Iterator[Table]:
    """The rows that were left out, each with its reason."""
    rows = [[code(entry["row"]), escape(entry["reason"])] for entry in _entries(data) if entry["outcome"] == account.LEFT_OUT]
    yield Table("Rows left out", "Every row that was left out", ["row", "reason"], sorted(rows))


def gaps(data: Path) -> Iterator[Table]:
    """What no source tells."""
    columns = ["topic", "missing", "why"]
    rows = [[escape(gap[column]) for column in columns] for gap in _read(data / _GAPS, columns)]
    yield Table("What the data cannot answer yet", "By topic", ["topic", "what is missing", "why"], rows)


def _entries(data: Path) -> list[dict[str, str]]:
    """One account a row of the imports.

    Raises:
        InvalidData: if a row has two accounts, or an outcome that is none.
    """
    entries = [entry for path in sorted(data.glob(f"{account.FOLDER}/*.csv")) for entry in _read(path, account.COLUMNS)]
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        place = (entry["file"], entry["line"])
        if place in seen or entry["outcome"] not in account.OUTCOMES:
            raise InvalidData(f"The account of {entry['file']}:{entry['line']} does not balance: outcome '{entry['outcome']}'.")
        seen.add(place)
    return entries


def _read(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV file; none if it is not there.

    Raises:
        InvalidData: if its columns are others.
        CouldNotRun: if it cannot be read.
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
