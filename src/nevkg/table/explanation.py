"""Explanations of rows: the facts, statements and sources behind each cell, as data and as a tree for readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from nevkg.data.json_values import to_json_value
from nevkg.errors import WrongUsage
from nevkg.lookup import descriptions
from nevkg.lookup.descriptions import Episode, EpisodeDescription, StatementDescription
from nevkg.lookup.literals import format_number
from nevkg.lookup.passages import PassageDescription, find_passages
from nevkg.lookup.sources import Ground, Source
from nevkg.lookup.trace import Addend, Trace
from nevkg.store import Store
from nevkg.table import values
from nevkg.table.frames import Record
from nevkg.table.terminal import paint
from nevkg.table.values import Value
from nevkg.view import FORMATS, Part, episode_line, report_part, statement_line
from nevkg.words import words_of

if TYPE_CHECKING:
    from nevkg.table.table import Table

WORDS = words_of("table.explanation")


@dataclass(frozen=True)
class ExplainedCell:
    """A cell and what it rests on.

    Attributes:
        column: the name of its column.
        label: the label of its column.
        facts: the IRIs of its facts, plans and reports, at most 25.
        more: how many more facts there are.
        evidence: the IRIs of the episodes and reports from which the facts are ultimately derived, at most 25.
        note: what the cell aggregates, or why facts are missing or incomplete; empty otherwise.
        addends: the numbers that a sum or an average adds, the greatest first, each with its facts; at most 25 of each.
    """

    column: str
    label: str
    value: Value
    facts: Sequence[str]
    more: int
    evidence: Sequence[str]
    note: str
    addends: Sequence[Addend]


@dataclass(frozen=True, kw_only=True)
class ExplainedFact(EpisodeDescription):
    """A fact or plan, with what it follows from.

    Attributes:
        about: its subject.
        rule: the title of the rule that derives it from other facts; empty if it is not derived.
        because: the IRIs of the facts that it follows from.
        statements: the IRIs of the statements that support it.
    """

    about: str
    rule: str
    because: Sequence[str]
    statements: Sequence[str]


@dataclass(frozen=True)
class ExplainedStatement(StatementDescription):
    """A statement with its passages in the text of its source."""

    passages: Sequence[PassageDescription]


@dataclass(frozen=True)
class Explanation:
    """The facts, statements and sources behind a row.

    It is printed as a tree.

    Attributes:
        title: the row, its answer and the day.
        language: the language of texts and labels.
        cells: the cells of the row.
        facts: facts and plans by IRI.
        statements: statements by IRI.
        sources: the sources in the order of their numbers.
        gaps: the parts of the query that are not traced, in words.
        omitted: the number of sources that were left out because they are on unreliable hosts.
    """

    title: str
    language: str
    cells: Sequence[ExplainedCell]
    facts: Mapping[str, ExplainedFact]
    statements: Mapping[str, ExplainedStatement]
    sources: Sequence[Source]
    gaps: Sequence[str]
    omitted: int = 0

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The lines of the tree, indented."""
        return list(FORMATS["text"](self._tree()))

    def with_ids(self, report: str) -> str:
        """Returns the tree with the short names of statements, and how to report a wrong fact.

        Args:
            report: the address of the form for wrong facts; empty if there is none.
        """
        return "\n".join(FORMATS["text"](self._tree(report)))

    def to_terminal(self, report: str | None = None) -> str:
        """Returns the tree with links from the numbers of sources to their pages, for a terminal that supports them.

        Args:
            report: as for :meth:`with_ids`; None for a tree without the short names of statements.
        """
        return "\n".join(FORMATS["text"](self._tree(report, is_styled=True)))

    def __repr__(self) -> str:
        return str(self)

    def to_dict(self) -> dict[str, Any]:
        """Returns the explanation as JSON values; facts and statements are referenced by IRI."""
        found: dict[str, Any] = to_json_value(self)
        return found

    def _repr_html_(self) -> str:
        return "\n".join(FORMATS["section"](self._tree()))

    def _tree(self, report: str | None = None, *, is_styled: bool = False) -> Part:
        words, seen = WORDS[self.language], set[str]()
        write = partial(self._line, ids=report is not None, is_styled=is_styled)
        whole = Part(self.title)
        for cell in self.cells:
            notes = [note for note in (cell.note, words["more"].format(cell.more) if cell.more else "") if note]
            title = cell.label if cell.value is None else f"{cell.label}: {values.to_text(cell.value)}"
            part = self._part(
                title, notes, (iri for iri in cell.facts if not any(iri in addend.facts for addend in cell.addends)), seen, write
            )
            part.parts[:0] = [
                self._part(words["addend"].format(format_number(addend.value)), (), addend.facts, seen, write) for addend in cell.addends
            ]
            whole.parts.append(part)
        if self.sources or self.omitted:
            listed = [f"[{self._numbers[source.iri]}] {source}" for source in self.sources]
            whole.parts.append(Part(words["sources"], [*listed, *([words["omitted"].format(self.omitted)] if self.omitted else [])]))
        if self.gaps:
            whole.parts.append(Part(words["gaps"], list(self.gaps)))
        if report is not None:
            whole.parts.append(report_part(report, self.language))
        return whole

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {source.iri: number for number, source in enumerate(self.sources, start=1)}

    def _part(self, title: str, lines: Iterable[str], behind: Iterable[str], seen: set[str], write: Callable[[str], str]) -> Part:
        """Returns a part with the facts and statements behind it; a fact that was shown before is only referenced."""
        part = Part(title, list(lines))
        for iri in behind:
            if iri in self.statements:
                part.lines.append(write(iri))
            elif iri in self.facts:
                part.parts.append(self._fact(iri, seen, write))
        return part

    def _fact(self, iri: str, seen: set[str], write: Callable[[str], str]) -> Part:
        words, fact = WORDS[self.language], self.facts[iri]
        title = f"{fact.about} · {episode_line(fact, self.language)}"
        if iri in seen:
            return Part(f"{title} ({words['above']})")
        seen.add(iri)
        rule = [words["rule"].format(fact.rule)] if fact.rule else []
        return self._part(title, rule, [*fact.statements, *fact.because], seen, write)

    def _line(self, iri: str, *, ids: bool, is_styled: bool) -> str:
        said, words = self.statements[iri], WORDS[self.language]
        where = [str(passage.text or passage.fault) or words["passage"].format(passage.length) for passage in said.passages]
        number = f"[{self._numbers.get(said.source, '?')}]"
        reference = paint(number, f"link {said.link}") if is_styled and said.link else number
        line = statement_line(said, self.language, f" {reference}", ids=ids)
        return "; ".join((f"{said.property}: {line}", *where))


# Maximum number of facts that are described for one cell; an aggregate may rest on thousands.
_MOST = 25


def explain_row(table: Table, number: int, column: str | None = None) -> Explanation:
    """Explains a row of a table, or one of its cells.

    Args:
        number: the number of the row, counted from 0.
        column: the column of the cell; None for the whole row.
    """
    if column is not None and column not in table.names:
        raise WrongUsage(f"There is no column '{column}'; there are {', '.join(table.names)}.")
    record, snapshot, trace = table.trace(number)
    words = WORDS[table.language]
    cells = [cell for cell in _read_cells(table, record, trace, is_traced=snapshot is not table.store) if column in (None, cell.column)]
    shown = (iri for cell in cells for iri in (*cell.facts, *(fact for addend in cell.addends for fact in addend.facts)))
    iris = set(_closure(shown, trace.because))
    grounds = table.gather(iris)
    stated = {ground.statement for found in grounds.grounds.values() for ground in found}
    statements = descriptions.describe(table.store, stated, table.language)
    passages = find_passages(table.store, statements, table.language)
    facts = _describe_facts(table, snapshot, iris - statements.keys())
    return Explanation(
        title=words["row"].format(number + 1, table.asked, table.as_of),
        language=table.language,
        cells=cells,
        facts={
            iri: ExplainedFact(
                **vars(fact.describe()),
                about=fact.subject.text,
                rule=fact.rule,
                because=trace.because.get(iri, ()),
                statements=_by_time(statements, grounds.grounds.get(iri, ())),
            )
            for iri, fact in sorted(facts.items())
        },
        statements={iri: ExplainedStatement(**vars(said), passages=passages.get(iri, ())) for iri, said in statements.items()},
        sources=grounds.sources,
        gaps=[*(words[gap] for gap in trace.gaps), *(words["extent"].format(*extent) for extent in trace.extents)],
        omitted=grounds.omitted,
    )


def _by_time(statements: Mapping[str, StatementDescription], grounds: Iterable[Ground]) -> list[str]:
    def place(iri: str) -> tuple[str, ...]:
        said = statements[iri]
        return said.property, said.when, said.source, iri

    return sorted({ground.statement for ground in grounds} & statements.keys(), key=place)


def _describe_facts(table: Table, snapshot: Store, iris: Iterable[str]) -> dict[str, Episode]:
    """Returns the facts of a snapshot, and the episodes of the record that are not in it."""
    wanted = set(iris)
    found = descriptions.describe_facts(snapshot, wanted, table.store, table.language) if wanted else {}
    others = wanted - found.keys() if snapshot is not table.store else set()
    return found | (descriptions.describe_facts(table.store, others, table.store, table.language) if others else {})


def _read_cells(table: Table, record: Record, trace: Trace, *, is_traced: bool) -> Iterator[ExplainedCell]:
    words = WORDS[table.language]
    (facts,), (roots,) = trace.facts, trace.roots
    (aggregates,) = trace.aggregates or ({},)
    for place, (column, value) in enumerate(zip(table.columns, record, strict=True)):
        behind = facts[place] if value is not None else ()
        addends: Sequence[Addend] = ()
        if value is None:
            note = words["nothing"]
        elif aggregate := aggregates.get(column.name):
            addends = [Addend(addend.value, addend.facts[:_MOST]) for addend in aggregate.addends[:_MOST]]
            note = words["aggregate" if aggregate.solutions else "none"].format(aggregate.solutions)
            note += words["addends"].format(_MOST) if len(aggregate.addends) > _MOST else ""
        elif behind:
            note = ""
        else:
            note = table.unsourced or words["untraced" if trace.gaps else "structure" if is_traced else "unknown"]
        more = max(len(behind) - _MOST, 0)
        label = column.label.get(table.language) or column.name
        yield ExplainedCell(column.name, label, value, behind[:_MOST], more, roots[place][:_MOST] if behind else (), note, addends)


def _closure(facts: Iterable[str], because: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yields the facts, and recursively the facts from which they follow."""
    for fact in facts:
        yield fact
        yield from _closure(because.get(fact, ()), because)
