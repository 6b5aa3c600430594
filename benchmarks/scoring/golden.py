"""Computes the golden answers: the rows of each question on two days, each row with the sources that support it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from benchmarks.scoring.items import GOLDEN, Item

from nevkg import KnowledgeGraph
from nevkg.table.table import Row
from nevkg.table.values import Thing, Value

# The second day of each question; the first is the date of the dataset.
OTHER_DAY = "2025-06-30"

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Golden:
    """The right answer to a question on a day: no rows if no source reports any.

    ``sources`` has the IRIs of the sources of each row, in the order of ``rows``.
    """

    name: str
    kind: str
    day: str
    en: str
    zh: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    sources: Sequence[Sequence[str]]


def find_days(graph: KnowledgeGraph) -> list[str]:
    """Returns the days (ISO) of the answers, the date of the dataset first."""
    return [graph.as_of, OTHER_DAY]


def compute_golden(graph: KnowledgeGraph, items: Iterable[Item]) -> list[Golden]:
    """Answers all questions on both days, in the order of ``items``."""
    days = [graph.at(as_of=day) for day in find_days(graph)]
    return [compute_answer(at, item) for item in items for at in days]


def compute_answer(graph: KnowledgeGraph, item: Item) -> Golden:
    """Answers a question on the day of a graph; the rows are sorted."""
    table = graph.query(item.sparql)
    answers = sorted({cells(row): tuple(source.iri for source in row.sources()) for row in table}.items())
    rows, sources = [row for row, _ in answers], [cited for _, cited in answers]
    return Golden(item.name, item.kind, graph.as_of, item.text["en"], item.text["zh"], table.names, rows, sources)


def cells(row: Row) -> Cells:
    """Returns the values of a row as text; empty cells are left out."""
    return tuple(text for value in row for text in texts(value))


def texts(value: Value) -> list[str]:
    """Returns the texts of a cell, one for each of its values: IRIs whole, dates in ISO, numbers without trailing zeros."""
    if value is None:
        return []
    if isinstance(value, tuple):
        return [text for item in value for text in texts(item)]
    if isinstance(value, Thing):
        return [value.iri]
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, int | float | Decimal):
        return [format_number(Decimal(str(value)))]
    return [value.isoformat() if isinstance(value, date | datetime) else value]


def format_number(number: Decimal) -> str:
    """Returns a number without exponent and trailing zeros: ``46.0`` becomes ``46``."""
    return f"{number.normalize():f}"


def write_lines(answers: Iterable[Golden]) -> str:
    """Returns golden answers as JSON Lines."""
    return "".join(json.dumps(asdict(answer), ensure_ascii=False) + "\n" for answer in answers)


def load_golden() -> list[Golden]:
    """Reads the golden answers of the benchmark."""
    with GOLDEN.open(encoding="utf-8") as lines:
        return [Golden(**json.loads(line)) for line in lines]
