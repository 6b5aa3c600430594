"""Adds tables to a release: nodes, edges and values, which contain each triple once; those of ``queries/tables/``; all answers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import Question, read_question
from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network.nodes import describe_nodes
from nevkg.network.projections import load_projections
from nevkg.publish.release.parts import Parts
from nevkg.store import EmbeddedStore
from nevkg.table import formats
from nevkg.table.frames import to_arrow
from nevkg.table.spreadsheets import MOST_ROWS, make_sheet_names, write_workbook
from nevkg.table.table import Table
from nevkg.table.values import Column, Thing, Value

if TYPE_CHECKING:
    import pyarrow

METADATA = "csv-metadata.json"
_TYPES = {"bool": "boolean", "int64": "integer", "double": "double", "date32[day]": "date", "string": "string"}
SEPARATOR = " "
_ENGLISH, _CHINESE = terms.LANGUAGES
_EDGE = ("subject", "predicate", "object", "graphs")
_VALUE = ("subject", "predicate", "value", "datatype", "language", "graphs")
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
_DATASET = terms.DATASET.rstrip("/")


def csvw_metadata(tables: Iterable[tuple[str, str, Sequence[Column], pyarrow.Schema]], folder: str) -> bytes:
    """Returns the CSVW metadata of tables (path, title, columns, Arrow schema) as JSON, with paths relative to ``folder``."""
    descriptions = [
        {
            "url": PurePosixPath(path).relative_to(folder).as_posix(),
            "dc:title": title,
            "tableSchema": {"columns": _columns({column.name: column for column in columns}, schema)},
        }
        for path, title, columns, schema in tables
    ]
    document = {"@context": ["http://www.w3.org/ns/csvw", {"@language": terms.LANGUAGES[0]}], "tables": descriptions}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _columns(columns: Mapping[str, Column], schema: pyarrow.Schema) -> list[dict[str, Any]]:
    descriptions = []
    for field in schema:
        column: dict[str, Any] = {"name": field.name, "titles": field.name, "datatype": _TYPES[str(field.type)]}
        words = columns[field.name].label if field.name in columns else {}
        if words:
            column["dc:description"] = [{"@value": text, "@language": language} for language, text in sorted(words.items())]
        descriptions.append(column)
    return descriptions


def union_tables(store: EmbeddedStore) -> tuple[Table, Table, Table]:
    """Returns the tables of nodes, edges and values.

    Objects of edges are entities, values are literals. The column ``graphs`` has the slugs of the graphs that contain
    the triple. Subjects, objects and properties are nodes, except blank nodes, which occur only in axioms.
    """
    graphs: dict[tuple[str, str, terms.Term], str] = {}
    for quad in store.store.quads_for_pattern(None, None, None):
        triple = (_name(quad.subject), quad.predicate.value, quad.object)
        graphs[triple] = f"{graphs[triple]}{SEPARATOR}{_slug(quad)}" if triple in graphs else _slug(quad)
    iris = {name for subject, predicate, value in graphs for name in (subject, predicate, _name(value)) if name}
    nodes = _nodes(store, {iri for iri in iris if not iri.startswith("_:")})
    things = {iri: Thing(iri, iri) for iri in iris} | {record[0].iri: record[0] for record in nodes.records if isinstance(record[0], Thing)}
    edges: list[tuple[Value, ...]] = []
    values: list[tuple[Value, ...]] = []
    for (subject, predicate, value), where in graphs.items():
        start = (things[subject], things[predicate])
        slugs = SEPARATOR.join(sorted(where.split(SEPARATOR)))
        if isinstance(value, Literal):
            values.append((*start, value.value, value.datatype.value, value.language, slugs))
        else:
            edges.append((*start, things[_name(value)], slugs))
    return nodes, _table(store, _EDGE, edges), _table(store, _VALUE, values)


def _table(store: EmbeddedStore, heads: Iterable[str], records: Sequence[tuple[Value, ...]]) -> Table:
    def order(record: tuple[Value, ...]) -> tuple[str, ...]:
        return tuple(value.iri if isinstance(value, Thing) else str(value) for value in record)

    return Table(store, [Column(head, {}) for head in heads], sorted(records, key=order))


def _name(term: terms.Term) -> str:
    """Returns the IRI, the label of a blank node, or an empty string for a literal."""
    return term.value if isinstance(term, NamedNode) else str(term) if isinstance(term, BlankNode) else ""


def _slug(quad: Quad) -> str:
    return terms.text(quad.graph_name).removeprefix(terms.GRAPH)


def _nodes(store: EmbeddedStore, iris: set[str]) -> Table:
    """Returns one row for each entity: English label, Chinese label if there is one, main class, all classes, and attributes."""
    attributes = load_projections(store.layout).attributes
    nodes = describe_nodes(store, iris, attributes, {}, _ENGLISH)
    classes: dict[str, set[str]] = defaultdict(set)
    for quad in store.store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), None):
        if isinstance(quad.object, NamedNode):
            classes[_name(quad.subject)].add(quad.object.value)
    chinese: dict[str, str] = {}
    for name in terms.LABELS:
        for quad in store.store.quads_for_pattern(None, NamedNode(name), None):
            if isinstance(quad.object, Literal) and quad.object.language == _CHINESE:
                chinese[_name(quad.subject)] = min(quad.object.value, chinese.get(_name(quad.subject), quad.object.value))
    named = {iri: Thing(iri, label) for iri, label in find_display_labels(store, set().union(*classes.values()), _ENGLISH).items()}
    facts = sorted({name for node in nodes.values() for name in node.facts})
    heads = ["node", "label_zh", "name", "class", "classes", *facts]
    records: list[tuple[Value, ...]] = [
        (
            Thing(iri, node.label),
            chinese.get(iri),
            node.name,
            node.kind if node.kind.iri else None,
            tuple(named[kind] for kind in sorted(classes[iri])) or None,
            *(node.facts.get(fact) for fact in facts),
        )
        for iri, node in nodes.items()
    ]
    return Table(
        store, [Column(head, attributes[head].title if head in attributes else {}, list=head == "classes") for head in heads], records
    )


@dataclass(frozen=True)
class NamedTable:
    """A table for the release.

    Attributes:
        name: name of its files, without folder and suffix.
        title: what it contains, as a phrase.
    """

    name: str
    folder: str
    title: str
    table: Table


def add_tables(parts: Parts, store: EmbeddedStore, questions: Sequence[Question], step: Callable[[], None]) -> None:
    """Adds all tables as CSV and Parquet, CSVW metadata for the CSV files, and one workbook."""
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
    """Yields the tables of ``queries/tables/``, each with one row for each statement, fact and so on."""
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
        (name, named.title, min(len(named.table), MOST_ROWS - 1), f"{named.folder}/{named.name}.csv")
        for name, named in zip(others, content, strict=True)
    ]
    contents = Table(store, [Column(head, {}) for head in ("sheet", "content", "rows", "complete table")], rows)
    sheets = {first: contents, **{name: named.table for name, named in zip(others, content, strict=True)}}
    return write_workbook(title, entities.dataset_date(store), sheets, links=True)
