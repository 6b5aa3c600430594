"""The data report: how many statements are right, evidence, coverage, known problems, gaps, and imported rows.

The share that is right comes from the checked samples. Each query in ``queries/report/`` gives a table of the evidence or the
coverage. Known problems come from the validation, gaps from ``gaps.csv`` in the data folder, and rows from the import records.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.data.tables import read_table
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.publish.exports import run_query
from nevkg.publish.ontology.schema import escape
from nevkg.publish.samples import VERDICTS, read_samples
from nevkg.store import EmbeddedStore, Store

if TYPE_CHECKING:
    from nevkg.validate.run import Report

LANGUAGE = terms.LANGUAGES[0]
# A cell: numbers are right-aligned and included in totals; strings are Markdown.
Cell = str | int
_FOLDER = "report"
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal", "double")}
_GAPS = "gaps.csv"
_REVIEWS = "reviews"
COLUMNS_OF_REVIEWS = ("statement", "outcome", "fields", "reason")
OUTCOMES_OF_REVIEWS = ("kept", "corrected", "retracted", "unclear", "not found")
KNOWN = "Known problems"
_EXAMPLES = 2
MARK = "Made by nevkg docs data from the data; do not edit."


@dataclass(frozen=True)
class ReportTable:
    """A table of the report, with a note above it. Consecutive tables with the same section form that section."""

    section: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def with_total(self) -> ReportTable:
        """Returns the table with a row of sums appended."""
        return replace(self, rows=[*self.rows, _sums("total", self.rows)]) if self.rows else self

    def with_top(self, count: int) -> ReportTable:
        """Returns the table with its first ``count`` rows, and the rest combined into one row."""
        rest = self.rows[count:]
        if len(rest) < 2:
            return self
        counts_something = any(isinstance(cell, int) for cell in rest[0])
        last = _sums(f"the rest ({len(rest)})", rest) if counts_something else [f"… {len(rest)} more", *[""] * (len(self.columns) - 1)]
        return replace(self, rows=[*self.rows[:count], last])

    def lines(self) -> Iterator[str]:
        """Yields the lines of the table in Markdown, without the section heading."""
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


def code(text: str) -> str:
    """Returns text as Markdown code. Bars are escaped, because they would end the cell even in code."""
    return f"`{text.replace('|', chr(92) + '|')}`"


@dataclass(frozen=True)
class QueryAnswer:
    """The result of a query of the report.

    Attributes:
        name: name of the query: its file name without number and suffix.
        rows: its rows, with the columns in the order of the head.
    """

    name: str
    head: Mapping[str, Any]
    rows: Sequence[Sequence[terms.Term | None]]

    def words(self, language: str) -> Mapping[str, Any]:
        """Returns the head in a language. Entries under the language tag override the English ones."""
        return {**self.head, **self.head.get(language, {})}

    @property
    def columns(self) -> list[str]:
        """The titles of the columns, in English."""
        return list(self.head["columns"].values())


def run_queries(store: Store) -> Iterator[QueryAnswer]:
    """Runs the queries of the report and yields their results, ordered by file name."""
    for path in sorted(store.layout.queries.glob(f"{_FOLDER}/*.rq")):
        text = read_query(path)
        head = read_head(path, text)
        found = run_query(store, path, text)
        if not isinstance(found, QuerySolutions):
            raise InvalidData(f"{path}: the query is not a SELECT query.")
        try:
            names, _, _ = list(head["columns"]), head["section"], head["title"]
        except (KeyError, AttributeError) as error:
            raise InvalidData(f"{path}: the head lacks {error}; see the other files in the folder for its form.") from None
        if unknown := set(names) - {variable.value for variable in found.variables}:
            raise InvalidData(f"{path}: the query does not select '{min(unknown)}', which its head lists as a column.")
        yield QueryAnswer(path.stem.lstrip("0123456789-"), head, [[row[name] for name in names] for row in found])


def coverage_tables(store: Store) -> Iterator[ReportTable]:
    """Yields the result of each query as a table."""
    for answer in run_queries(store):
        labels = entities.labels(store, {term.value for row in answer.rows for term in row if isinstance(term, NamedNode)}, LANGUAGE)
        rows = [[_cell(term, labels, entities.namespaces(store)) for term in row] for row in answer.rows]
        table = ReportTable(answer.head["section"], answer.head["title"], answer.columns, rows, answer.head.get("note", ""))
        table = table.with_top(answer.head["top"]) if "top" in answer.head else table
        yield table.with_total() if answer.head.get("total") else table


def _cell(term: terms.Term | None, labels: dict[str, str], namespaces: dict[str, str]) -> Cell:
    """Returns a term as a cell: an entity as its label or prefixed name, a number as a rounded integer."""
    if term is None:
        return ""
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        return round(float(term.value))
    if isinstance(term, NamedNode):
        return escape(labels[term.value]) if term.value in labels else code(terms.shorten(term.value, namespaces))
    return escape(terms.text(term))


def _collection(entry: dict[str, str]) -> str:
    return entry["file"].rpartition("/")[0]


def _table(entry: dict[str, str]) -> str:
    return Path(entry["file"]).stem


def import_tables(store: EmbeddedStore) -> Iterator[ReportTable]:
    """Yields tables of the imported rows, and of the statements and sources made from them."""
    from nevkg.contribute import import_records  # not in the engine of a site

    entries = _entries(store.layout.data)
    outcomes = Counter(entry["outcome"] for entry in entries)
    balance = " + ".join(f"{outcomes[name]:,} {_outcome(name)}" for name in import_records.OUTCOMES)
    note = (
        f"{len(entries):,} rows = {balance}. A row may give several statements; one that describes a source or only "
        "names an entity gives none; a duplicate repeats an earlier row of the same source."
    )
    title, columns = "Rows, by {}", ["rows", *(_outcome(name) for name in import_records.OUTCOMES)]
    for name, key, text in (
        ("collection", _collection, note),
        ("table", _table, ""),
        ("collection and table", lambda entry: entry["file"], ""),
    ):
        yield ReportTable("Imported rows", title.format(name), [name, *columns], _count_outcomes(entries, key), text).with_total()

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
    yield ReportTable(section, "Statements and sources, by table", ["table", *columns], rows, "").with_total()
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
    yield ReportTable(
        section, "Statements and sources, by class", ["class", *columns, "without a row", "in the data"], rows, ""
    ).with_total()


def sample_tables(data: Path) -> Iterator[ReportTable]:
    """Yields a table of the checked samples, with the latest one in words."""
    samples = read_samples(data)
    note = ""
    if samples:
        latest = samples[0]
        low, high = latest.interval
        note = (
            f"{latest.right / latest.checked:.0%} of the {latest.checked:,} statements in the latest random sample that could be checked "
            f"are right ({low:.0%} to {high:.0%}): their page states them, with all qualifiers. Population: {latest.drawn_from}. "
            "The interval is Wilson's, 95 percent; pages that were not found are left out of the share."
        )
    rows: list[list[Cell]] = []
    for sample in samples:
        population = f"{int(sample.population):,}" if sample.population else "not recorded"
        checked_by, seed = escape(sample.checked_by), sample.seed or "not recorded"
        rows.append([sample.day, seed, population, checked_by, sum(sample.verdicts.values()), *sample.verdicts.values(), sample.precision])
    columns = ["checked", "seed", "drawn from", "checked by", "drawn", *VERDICTS, "share that is right"]
    yield ReportTable("Precision", "Random samples of statements compared with their pages", columns, rows, note)


def _outcome(name: str) -> str:
    from nevkg.contribute import import_records  # not in the engine of a site

    words = {
        import_records.STATEMENTS: "that give statements",
        import_records.THING: "that describe a source or name an entity",
        import_records.DUPLICATE: "that are duplicates",
    }
    return words.get(name, name)


def _count_outcomes(entries: Sequence[dict[str, str]], key: Callable[[dict[str, str]], str]) -> list[list[Cell]]:
    from nevkg.contribute import import_records  # not in the engine of a site

    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        counts[key(entry)][entry["outcome"]] += 1
    return [[code(name), count.total(), *(count[outcome] for outcome in import_records.OUTCOMES)] for name, count in sorted(counts.items())]


def _types(store: EmbeddedStore) -> Iterator[tuple[str, str]]:
    """Yields the IRI of each statement and source with the IRI of its class."""
    for quad in store.store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), None):
        name = terms.text(quad.subject)
        if name.startswith((terms.STATEMENT, terms.SOURCE)):
            yield name, terms.text(quad.object)


def review_tables(data: Path) -> Iterator[ReportTable]:
    """Yields a table of statements that were compared with their sources again, by outcome."""
    rows: list[list[Cell]] = []
    for path in sorted(data.glob(f"{_REVIEWS}/*.csv")):
        outcomes = Counter(row["outcome"] for row in read_table(path, COLUMNS_OF_REVIEWS))
        rows.append([path.stem, outcomes.total(), *(outcomes[name] for name in OUTCOMES_OF_REVIEWS)])
    note = (
        "Kept: the source states it. Corrected: the statement now says what the source states; its note has the reason. "
        "Retracted: the source does not state it; the reason is a note of the retraction. "
        "Unclear: the available text is too short to decide. Not found: the source could not be read again."
    )
    yield ReportTable(
        "Reviews", "Statements checked again, by day of the review", ["review", "checked again", *OUTCOMES_OF_REVIEWS], rows, note
    )


def left_out_tables(data: Path) -> Iterator[ReportTable]:
    """Yields a table of the rows that were left out, each with its reason."""
    from nevkg.contribute import import_records  # not in the engine of a site

    rows = [[code(entry["row"]), escape(entry["reason"])] for entry in _entries(data) if entry["outcome"] == import_records.LEFT_OUT]
    yield ReportTable("Rows left out", "Every row that was left out", ["row", "reason"], sorted(rows))


def gap_tables(data: Path, store: EmbeddedStore | None = None) -> Iterator[ReportTable]:
    """Yields a table of the known gaps in the data, each with the question that comes nearest and, given a store, the rows of its answer.

    Raises:
        InvalidData: if the file names no question of the catalogue, or a parameter or value that it does not have.
    """
    path = data / _GAPS
    rows: list[list[Cell]] = []
    for gap in read_table(path, ["topic", "ask", "missing", "why"]) if path.exists() else ():
        present = code(f"nevkg ask {gap['ask']}") if gap["ask"] else ""
        if present and store is not None:
            present += f": {_count_rows(store, gap['ask'], path):,} rows"
        rows.append([escape(gap["topic"]), present, escape(gap["missing"]), escape(gap["why"])])
    yield ReportTable("What the data cannot answer yet", "By topic", ["topic", "what is there", "what is missing", "why"], rows)


def _count_rows(store: EmbeddedStore, command: str, path: Path) -> int:
    """Returns the number of rows of the answer to a question with arguments, as ``path`` has it."""
    name, *arguments = command.split()
    given = {key: [value] for key, _, value in (argument.partition("=") for argument in arguments)}
    try:
        return len(ask(store, load_catalogue(store.layout)[name], given))
    except (KeyError, WrongUsage) as error:
        raise InvalidData(f"{path}: '{command}' cannot be asked ({error}); correct the column ask.") from None


def _entries(data: Path) -> list[dict[str, str]]:
    """Returns the entries of all import records, one for each row; raises ``InvalidData`` if a row has two, or an unknown outcome."""
    from nevkg.contribute import import_records  # not in the engine of a site

    entries = [entry for path in sorted(data.glob(f"{import_records.FOLDER}/*.csv")) for entry in read_table(path, import_records.COLUMNS)]
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        place = (entry["file"], entry["line"])
        if place in seen or entry["outcome"] not in import_records.OUTCOMES:
            raise InvalidData(
                f"The import record of {entry['file']}:{entry['line']} appears twice or has an unknown outcome: '{entry['outcome']}'."
            )
        seen.add(place)
    return entries


def finding_tables(store: EmbeddedStore, validation: Report) -> Iterator[ReportTable]:
    """Yields a table of the findings of the validation, by rule: their number, and the first few as text."""
    # The server, which only needs the coverage, starts without these.
    from nevkg.validate.findings import SEVERITY_NAMES
    from nevkg.validate.messages import make_messages

    messages = make_messages(validation, store.layout, LANGUAGE)
    grouped = defaultdict(list)
    for finding in validation.findings:
        grouped[finding.severity, finding.rule].append(finding)
    rows: list[list[Cell]] = []
    for (severity, rule), found in sorted(grouped.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1])):
        examples = " ".join(escape(messages.sentence(finding)) for finding in found[:_EXAMPLES])
        rows.append([SEVERITY_NAMES[LANGUAGE][severity], code(rule.rpartition("/")[2]), len(found), examples])
    note = (
        "Findings of `nevkg validate`, by rule, with the first few as examples. Warnings and remarks are known and accepted: "
        "sources may disagree, and the evidence may be thin."
    )
    yield ReportTable(KNOWN, "By rule", ["severity", "rule", "findings", "examples"], rows, note)


def write_report(store: EmbeddedStore, validation: Report | None) -> str:
    """Returns the report in Markdown, without known problems if there is no validation. Equal data gives equal bytes."""
    data = store.layout.data
    tables = [*sample_tables(data), *coverage_tables(store)]
    if validation is not None:
        tables += finding_tables(store, validation)
    tables += [*gap_tables(data, store), *review_tables(data), *import_tables(store), *left_out_tables(data)]
    lines = [
        f"<!-- {MARK} -->",
        "# Data report",
        "",
        f"Dataset of {entities.dataset_date(store)}: how much of it is right, what supports it, what it covers, and what it does not.",
    ]
    section = ""
    for table in tables:
        if table.section != section:
            section = table.section
            lines += ["", f"## {section}"]
        lines += table.lines()
    return "\n".join(lines) + "\n"
