"""The tables of a release: nodes, edges and values, which hold every triple of the union once, and all answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import Question
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.release.columns import METADATA, csvw
from nevkg.publish.release.parts import Parts
from nevkg.publish.release.triples import SEPARATOR, graph
from nevkg.store import EmbeddedStore
from nevkg.table import formats
from nevkg.table.columns import Column
from nevkg.table.frames import arrow
from nevkg.table.table import Table
from nevkg.table.values import Value
from nevkg.table.workbook import MOST_ROWS, Sheet, names, workbook

FOLDER = "tables"
ANSWERS = f"{FOLDER}/answers"
BOOK = f"{FOLDER}/nevkg.xlsx"
_GRAPH = {
    "nodes": "nodes: each thing with its labels, classes and what else is known of it on the day of the dataset",
    "edges": "edges: each triple that leads from one thing to another",
    "values": "values: each triple that ends in a text, a number or a date",
}
# Here things are related by one triple each; statements and episodes, of which there are ten times as many, say the same at length.
_DIRECT = {"registry", "current"}
_ENGLISH = terms.LANGUAGES[0]
_DATASET = terms.DATASET.rstrip("/")


@dataclass(frozen=True)
class Named:
    """A table, the name of its files without folder and ending, and what it is."""

    name: str
    folder: str
    title: str
    table: Table


def tables(parts: Parts, store: EmbeddedStore, questions: Sequence[Question], step: Callable[[], None]) -> None:
    """All tables as CSV and Parquet, a description of the CSV files, and one workbook.

    Raises:
        InvalidData: if a question is not a SPARQL SELECT query.
        OSError: if a file cannot be written.
        CouldNotRun: if a package is not installed.
    """
    whole = [Named(name, FOLDER, title, table) for (name, title), table in zip(_GRAPH.items(), graph(store), strict=True)]
    step()
    answers = []
    described = []
    for named in chain(whole, (_answer(store, question) for question in questions)):
        path = f"{named.folder}/{named.name}.csv"
        content = arrow(named.table)
        parts.add(path, named.title, formats.comma_separated(named.table))
        parts.add(f"{named.folder}/{named.name}.parquet", named.title, formats.parquet_file(content))
        described.append((path, named.title, named.table.columns, content.schema))
        if named.folder == ANSWERS:
            answers.append(named)
        step()
    parts.add(f"{FOLDER}/{METADATA}", "what the columns of the CSV files are (CSVW)", csvw(described, FOLDER))
    parts.add(BOOK, "a workbook: things of the current view, how they are related, and all answers", _book(store, [*_now(whole), *answers]))
    step()


def steps(questions: Sequence[Question]) -> int:
    """How many steps ``tables`` has."""
    return 5 + len(questions)


def _answer(store: EmbeddedStore, question: Question) -> Named:
    return Named(question.name, ANSWERS, question.title[_ENGLISH], ask(store, question))


def _now(whole: Sequence[Named]) -> list[Named]:
    """Nodes and edges of what is said in one triple: what an analyst reads; the rest would bury it."""
    nodes, edges = whole[0], whole[1]
    kept = [record for record in edges.table.records if _DIRECT & set(str(record[-1]).split(SEPARATOR))]
    joined = {end for subject, _, thing, _ in kept for end in (subject, thing)}
    things = [record for record in nodes.table.records if record[0] in joined]
    return [
        replace(nodes, title="things of the registry and the current view", table=_with(nodes.table, things)),
        replace(edges, title="how they are related", table=_with(edges.table, kept)),
    ]


def _with(table: Table, records: Sequence[tuple[Value, ...]]) -> Table:
    return Table(table.store, table.columns, records)


def _book(store: EmbeddedStore, made: Sequence[Named]) -> bytes:
    """A sheet a table, and a first one that lists them."""
    title = entities.labels(store, [_DATASET], _ENGLISH).get(_DATASET, "")
    first, *others = names(["contents", *(named.name for named in made)])
    listed: list[tuple[Value, ...]] = [
        (name, one.title, min(len(one.table), MOST_ROWS - 1), f"{one.folder}/{one.name}.csv")
        for name, one in zip(others, made, strict=True)
    ]
    contents = Table(store, [Column(head, {}) for head in ("sheet", "what it tells", "rows", "the whole of it")], listed)
    sheets = [Sheet(first, contents), *(Sheet(name, one.table) for name, one in zip(others, made, strict=True))]
    return workbook(title, entities.dataset_date(store), sheets, links=True)
