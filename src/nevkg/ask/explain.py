"""Explains a row: finds for each cell its facts, what these follow from, and the statements, passages and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nevkg.ask.explanation import WORDS, Basis, Cell, Explanation
from nevkg.errors import WrongUsage
from nevkg.lookup import descriptions
from nevkg.lookup.descriptions import Fact, StatementDescription
from nevkg.lookup.sources import Ground
from nevkg.lookup.trace import Addend, Trace
from nevkg.store import Store
from nevkg.table.frames import Record
from nevkg.table.table import Table

# Maximum number of facts that are described for one cell; an aggregate may rest on thousands.
_MOST = 25


def explain(table: Table, number: int, column: str | None = None) -> Explanation:
    """Explains a row of a table, or one of its cells.

    Args:
        table: the table.
        number: the number of the row, counted from 0.
        column: the column of the cell; None for the whole row.

    Raises:
        WrongUsage: if there is no such row or column, or the table does not record what its rows rest on.
    """
    if column is not None and column not in table.names:
        raise WrongUsage(f"There is no column '{column}'; there are {', '.join(table.names)}.")
    record, snapshot, trace = table.trace(number)
    words = WORDS[table.language]
    cells = [cell for cell in _cells(table, record, trace, is_traced=snapshot is not table.store) if column in (None, cell.column)]
    shown = (iri for cell in cells for iri in (*cell.facts, *(fact for addend in cell.addends for fact in addend.facts)))
    iris = set(_closure(shown, trace.because))
    grounds = table.gather(iris)
    stated = {ground.statement for found in grounds.grounds.values() for ground in found}
    statements = descriptions.describe(table.store, stated, table.language)
    facts = _facts(table, snapshot, iris - statements.keys())
    return Explanation(
        title=words["row"].format(number + 1, table.asked, table.as_of),
        cells=cells,
        facts={
            iri: Basis(facts[iri], trace.because.get(iri, ()), _by_time(statements, grounds.grounds.get(iri, ()))) for iri in sorted(facts)
        },
        statements=statements,
        passages=descriptions.find_passages(table.store, statements) if statements else {},
        sources=grounds.sources,
        gaps=[*(words[gap] for gap in trace.gaps), *(words["extent"].format(*extent) for extent in trace.extents)],
        language=table.language,
        omitted=grounds.omitted,
    )


def _by_time(statements: Mapping[str, StatementDescription], grounds: Iterable[Ground]) -> list[str]:
    def place(iri: str) -> tuple[str, ...]:
        said = statements[iri]
        return said.property, said.when, said.source, iri

    return sorted({ground.statement for ground in grounds} & statements.keys(), key=place)


def _facts(table: Table, snapshot: Store, iris: Iterable[str]) -> dict[str, Fact]:
    """Returns the facts of a snapshot, and the episodes of the record that are not in it."""
    wanted = set(iris)
    found = descriptions.describe_facts(snapshot, wanted, table.store, table.language) if wanted else {}
    others = wanted - found.keys() if snapshot is not table.store else set()
    return found | (descriptions.describe_facts(table.store, others, table.store, table.language) if others else {})


def _cells(table: Table, record: Record, trace: Trace, *, is_traced: bool) -> Iterator[Cell]:
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
        yield Cell(column.name, label, value, behind[:_MOST], more, roots[place][:_MOST] if behind else (), note, addends)


def _closure(facts: Iterable[str], because: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yields the facts, and recursively the facts from which they follow."""
    for fact in facts:
        yield fact
        yield from _closure(because.get(fact, ()), because)
