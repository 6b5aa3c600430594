"""The data report: what came in, what became of it, what the data covers, and what it does not.

Rows are counted from the accounts of the imports, mends from ``corrections.csv``; what the data covers is told by the
queries of ``queries/report/``, each a table; what is wrong by the validation, in its own words; and what no source tells
by ``gaps.csv`` of the data floor.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from nevkg import entities, terms
from nevkg.contribute import account
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.head import read_head, read_query
from nevkg.publish.ontology.usage import escape
from nevkg.sparql import syntax_problem
from nevkg.store import EmbeddedStore, Store
from nevkg.validate.findings import Severity
from nevkg.validate.run import Report
from nevkg.validate.words import words_for

MARK = "Made by nevkg docs data from the data; do not edit."
FOLDER = "report"
CORRECTIONS = "corrections.csv"
GAPS = "gaps.csv"
KNOWN = "What is known to be wrong or thin"

_LANGUAGE = terms.LANGUAGES[0]
_REASONS = 25
_EXAMPLES = 2
_WHOLE_ROW = "*"
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal", "double")}
_SEVERITIES = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "remark"}
# A cell: a number is set to the right and counted in totals; the rest is Markdown as it stands.
Cell = str | int


@dataclass(frozen=True)
class Table:
    """A table of the report; sections are runs of tables of one section."""

    section: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def with_total(self) -> Table:
        """The table with a last row of sums."""
        return replace(self, rows=[*self.rows, _sums("total", self.rows)]) if self.rows else self

    def with_top(self, count: int) -> Table:
        """The table with its first rows, and the rest in one."""
        rest = self.rows[count:]
        if len(rest) < 2:
            return self
        counts_something = any(isinstance(cell, int) for cell in rest[0])
        last = _sums(f"the rest ({len(rest)})", rest) if counts_something else [f"… {len(rest)} more", *[""] * (len(self.columns) - 1)]
        return replace(self, rows=[*self.rows[:count], last])

    def lines(self) -> Iterator[str]:
        """The table in Markdown, without its section."""
        yield from ["", f"### {self.title}", ""]
        if self.note:
            yield from [self.note, ""]
        if not self.rows:
            yield "None."
            return
        yield _line(self.columns)
        yield _line("---:" if isinstance(cell, int) else "---" for cell in self.rows[0])
        for row in self.rows:
            yield _line(f"{cell:,}" if isinstance(cell, int) else cell for cell in row)


def _sums(name: str, rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    sums: list[Cell] = [name]
    for cells in list(zip(*rows, strict=True))[1:]:
        numbers = [cell for cell in cells if isinstance(cell, int)]
        sums.append(sum(numbers) if len(numbers) == len(cells) else "")
    return sums


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """Text in code type; a bar would end the cell even there."""
    return f"`{text.replace('|', chr(92) + '|')}`"


def report(store: EmbeddedStore, validation: Report | None) -> str:
    """The report in Markdown; equal data gives equal bytes.

    Args:
        validation: what ``nevkg validate`` finds; without it that section is left out.

    Raises:
        InvalidData: if an account, a correction or a query is not of its form.
    """
    tables = [*_accounts(store), *_corrections(store.layout.data / CORRECTIONS), *_left_out(store.layout.data), *_queries(store)]
    if validation is not None:
        tables += _findings(store, validation)
    tables += _gaps(store.layout.data / GAPS)
    lines = [
        f"<!-- {MARK} -->",
        "# Data report",
        "",
        f"Of the dataset of {entities.dataset_date(store)}: what came in, what became of it, what the data covers, and what it does not.",
    ]
    section = ""
    for table in tables:
        if table.section != section:
            section = table.section
            lines += ["", f"## {section}"]
        lines += table.lines()
    return "\n".join(lines) + "\n"


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


def _collection(entry: dict[str, str]) -> str:
    return entry["file"].rpartition("/")[0]


def _table(entry: dict[str, str]) -> str:
    return Path(entry["file"]).stem


def _accounts(store: EmbeddedStore) -> Iterator[Table]:
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
    rows: list[list[Cell]] = [[_code(name), count.total(), count["new"], count["again"]] for name, count in sorted(by_table.items())]
    yield Table(section, "Statements and sources, by table", ["table", *columns], rows, "").with_total()
    labels = entities.labels(store, filter(None, {*by_class, *said_by_hand}), _LANGUAGE)
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
    return [[_code(name), count.total(), *(count[outcome] for outcome in account.OUTCOMES)] for name, count in sorted(counts.items())]


def _types(store: EmbeddedStore) -> Iterator[tuple[str, str]]:
    """Each statement and source with its class."""
    for quad in store.store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), None):
        name = terms.text(quad.subject)
        if name.startswith((terms.STATEMENT, terms.SOURCE)):
            yield name, terms.text(quad.object)


def _corrections(path: Path) -> Iterator[Table]:
    mends = _read(path, ["row", "field", "old", "new", "reason", "date"])
    section = "Corrections"
    fields = Counter((mend["row"].partition(":")[0].rpartition("/")[2], mend["field"]) for mend in mends)
    rows: list[list[Cell]] = [
        [_code(table), "the whole row, left out" if field == _WHOLE_ROW else _code(field), count]
        for (table, field), count in sorted(fields.items(), key=lambda item: (-item[1], item[0]))
    ]
    note = f"{len(mends):,} mends of {len({mend['row'] for mend in mends}):,} rows, each with its reason in `{path.name}`."
    yield Table(section, "By field", ["table", "field", "mends"], rows, note).with_top(_REASONS).with_total()
    reasons = Counter(mend["reason"] for mend in mends)
    rows = [[escape(reason), count] for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))]
    yield Table(section, "By reason", ["reason", "mends"], rows).with_top(_REASONS).with_total()


def _left_out(data: Path) -> Iterator[Table]:
    rows = [[_code(entry["row"]), escape(entry["reason"])] for entry in _entries(data) if entry["outcome"] == account.LEFT_OUT]
    yield Table("Rows left out", "Every row that was left out", ["row", "reason"], sorted(rows))


@dataclass(frozen=True)
class Told:
    """What a query of the report tells: its name, the head of its file, and its rows."""

    name: str
    head: Mapping[str, Any]
    rows: Sequence[Sequence[terms.Term | None]]

    def words(self, language: str) -> Mapping[str, Any]:
        """The head in a language: what it has under its tag goes before what stands in English."""
        return {**self.head, **self.head.get(language, {})}

    @property
    def columns(self) -> list[str]:
        """What stands in each row, in English."""
        return list(self.head["columns"].values())


def told(store: Store) -> Iterator[Told]:
    """What each query of the report tells, in the order of their names.

    Raises:
        InvalidData: if a query or its head is not of its form.
    """
    for path in sorted(store.layout.queries.glob(f"{FOLDER}/*.rq")):
        text = read_query(path)
        head = read_head(path, text)
        try:
            found = store.query(text)
        except SyntaxError as error:
            raise InvalidData(f"{path}: the query is not SPARQL: {syntax_problem(text, error)}.") from None
        if not isinstance(found, QuerySolutions):
            raise InvalidData(f"{path}: the query is not a SELECT query.")
        try:
            names, _, _ = list(head["columns"]), head["section"], head["title"]
        except (KeyError, AttributeError) as error:
            raise InvalidData(f"{path}: the head lacks {error}; see the others for its form.") from None
        if unknown := set(names) - {variable.value for variable in found.variables}:
            raise InvalidData(f"{path}: the query does not select '{min(unknown)}', which its head has as a column.")
        yield Told(path.stem.lstrip("0123456789-"), head, [[row[name] for name in names] for row in found])


def _queries(store: EmbeddedStore) -> Iterator[Table]:
    for one in told(store):
        labels = entities.labels(store, {term.value for row in one.rows for term in row if isinstance(term, NamedNode)}, _LANGUAGE)
        rows = [[_cell(term, labels, entities.namespaces(store)) for term in row] for row in one.rows]
        table = Table(one.head["section"], one.head["title"], one.columns, rows, one.head.get("note", ""))
        table = table.with_top(one.head["top"]) if "top" in one.head else table
        yield table.with_total() if one.head.get("total") else table


def _cell(term: terms.Term | None, labels: dict[str, str], namespaces: dict[str, str]) -> Cell:
    """A thing by its label, else by its short name; a number as one."""
    if term is None:
        return ""
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        return round(float(term.value))
    if isinstance(term, NamedNode):
        return escape(labels[term.value]) if term.value in labels else _code(terms.shorten(term.value, namespaces))
    return escape(terms.text(term))


def _findings(store: EmbeddedStore, validation: Report) -> Iterator[Table]:
    """What the validation finds, by rule: how often, and the first few in words."""
    words = words_for(validation, store.layout, _LANGUAGE)
    grouped = defaultdict(list)
    for finding in validation.findings:
        grouped[finding.severity, finding.rule].append(finding)
    rows: list[list[Cell]] = []
    for (severity, rule), found in sorted(grouped.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1])):
        examples = " ".join(escape(words.sentence(finding)) for finding in found[:_EXAMPLES])
        rows.append(
            [
                _SEVERITIES[severity],
                _code(rule.rpartition("/")[2]),
                len(found),
                examples,
            ]
        )
    note = (
        "What `nevkg validate` tells, by rule, with the first few. Warnings and remarks are known and stand: sources may disagree, "
        "and what they tell may be thin."
    )
    yield Table(KNOWN, "By rule", ["severity", "rule", "findings", "such as"], rows, note)


def _gaps(path: Path) -> Iterator[Table]:
    columns = ["topic", "missing", "why"]
    rows = [[escape(gap[column]) for column in columns] for gap in _read(path, columns)]
    yield Table("What the data cannot answer yet", "By topic", ["topic", "what is missing", "why"], rows)
