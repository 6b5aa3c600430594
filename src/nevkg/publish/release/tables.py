"""Adds tables to a release: nodes, edges and values, which contain each triple once; those of ``queries/tables/``; all answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import Question, read_question
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.release.columns import METADATA, csvw_metadata
from nevkg.publish.release.parts import Parts
from nevkg.publish.release.triples import SEPARATOR, union_tables
from nevkg.store import EmbeddedStore
from nevkg.table import formats
from nevkg.table.columns import Column
from nevkg.table.frames import to_arrow
from nevkg.table.table import Table
from nevkg.table.values import Value
from nevkg.table.workbook import MOST_ROWS, Sheet, make_sheet_names, write_workbook

FOLDER = "tables"
ANSWERS = f"{FOLDER}/answers"
BOOK = f"{FOLDER}/nevkg.xlsx"
_GRAPH = {
    "nodes": "nodes: each entity with its labels, classes and attributes on the date of the dataset",
    "edges": "edges: each triple whose object is an entity",
    "values": "values: each triple whose object is a text, a number or a date",
}
# Graphs in which one triple relates two entities. Statements and episodes, ten times as many, express the same in several triples.
_DIRECT = {"registry", "current"}
_ENGLISH = terms.LANGUAGES[0]
_DATASET = terms.DATASET.rstrip("/")


@dataclass(frozen=True)
class NamedTable:
    """A table for the release.

    Attributes:
        name: Name of its files, without folder and suffix.
        folder: Folder of its files.
        title: What it contains, as a phrase.
        table: The table.
    """

    name: str
    folder: str
    title: str
    table: Table


def add_tables(parts: Parts, store: EmbeddedStore, questions: Sequence[Question], step: Callable[[], None]) -> None:
    """Adds all tables as CSV and Parquet, CSVW metadata for the CSV files, and one workbook.

    Raises:
        InvalidData: If a question is not a SPARQL SELECT query.
        OSError: If a file cannot be written.
        CouldNotRun: If a package is not installed.
    """
    whole = whole_tables(store)
    step()
    answers = []
    written = []
    for named in chain(whole, wide_tables(store), (_answer(store, question, ANSWERS) for question in questions)):
        path = f"{named.folder}/{named.name}.csv"
        content = to_arrow(named.table)
        parts.add(path, named.title, formats.to_csv(named.table))
        parts.add(f"{named.folder}/{named.name}.parquet", named.title, formats.write_parquet(content))
        written.append((path, named.title, named.table.columns, content.schema))
        if named.folder == ANSWERS:
            answers.append(named)
        step()
    parts.add(f"{FOLDER}/{METADATA}", "description of the columns of the CSV files (CSVW)", csvw_metadata(written, FOLDER))
    parts.add(
        BOOK,
        "a workbook: entities of the current view, their relations, and all answers",
        _workbook(store, [*_current_view(whole), *answers]),
    )
    step()


def whole_tables(store: EmbeddedStore) -> list[NamedTable]:
    """Returns nodes, edges and values, which contain each triple once."""
    return [NamedTable(name, FOLDER, title, table) for (name, title), table in zip(_GRAPH.items(), union_tables(store), strict=True)]


def wide_tables(store: EmbeddedStore) -> Iterator[NamedTable]:
    """Yields the tables of ``queries/tables/``, each with one row for each statement, fact and so on.

    Raises:
        InvalidData: If one of the queries is invalid.
    """
    return (_answer(store, question, FOLDER) for question in _load(store))


def steps(store: EmbeddedStore, questions: Sequence[Question]) -> int:
    """Returns the number of steps that ``add_tables`` reports."""
    return 5 + len(_load(store)) + len(questions)


def _load(store: EmbeddedStore) -> list[Question]:
    return [read_question(path) for path in sorted(store.layout.queries.glob("tables/*.rq"))]


def _answer(store: EmbeddedStore, question: Question, folder: str) -> NamedTable:
    return NamedTable(question.name, folder, question.title[_ENGLISH], ask(store, question))


def _current_view(whole: Sequence[NamedTable]) -> list[NamedTable]:
    """Returns the nodes and edges of the registry and the current view only, for analysts. The rest would bury them."""
    nodes, edges = whole[0], whole[1]
    direct = [record for record in edges.table.records if _DIRECT & set(str(record[-1]).split(SEPARATOR))]
    joined = {end for subject, _, thing, _ in direct for end in (subject, thing)}
    things = [record for record in nodes.table.records if record[0] in joined]
    return [
        replace(nodes, title="entities of the registry and the current view", table=_with(nodes.table, things)),
        replace(edges, title="relations between them", table=_with(edges.table, direct)),
    ]


def _with(table: Table, records: Sequence[tuple[Value, ...]]) -> Table:
    return Table(table.store, table.columns, records)


def _workbook(store: EmbeddedStore, content: Sequence[NamedTable]) -> bytes:
    """Returns a workbook with one sheet for each table, and a first sheet that lists them."""
    title = entities.labels(store, [_DATASET], _ENGLISH).get(_DATASET, "")
    first, *others = make_sheet_names(["contents", *(named.name for named in content)])
    rows: list[tuple[Value, ...]] = [
        (name, one.title, min(len(one.table), MOST_ROWS - 1), f"{one.folder}/{one.name}.csv")
        for name, one in zip(others, content, strict=True)
    ]
    contents = Table(store, [Column(head, {}) for head in ("sheet", "content", "rows", "complete table")], rows)
    sheets = [Sheet(first, contents), *(Sheet(name, one.table) for name, one in zip(others, content, strict=True))]
    return write_workbook(title, entities.dataset_date(store), sheets, links=True)
