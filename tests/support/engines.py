"""Runs questions on two engines, makes their answers comparable, and compares them with golden ones."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import rdflib
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, serialize
from tests.support.worlds import PREFIXES

from nevkg.ask.catalogue import SNAPSHOT, Question
from nevkg.ask.evaluation import choose_store, drop_snapshot_parameters, find_day, has_history, solve
from nevkg.data import terms
from nevkg.lookup.entities import select
from nevkg.store import EmbeddedStore, contents

Row = tuple[str | None, ...]
Rows = Counter[Row]


@cache
def load_in_rdflib(store: EmbeddedStore) -> rdflib.Dataset:
    """Loads a store into an rdflib dataset whose default graph is the union."""
    dataset = rdflib.Dataset(default_union=True)
    content = store.store.dump(format=RdfFormat.N_QUADS)
    assert content is not None
    dataset.parse(data=content.decode(), format="nquads")
    return dataset


def normalise(value: str | None, is_list: bool) -> str | None:
    """Sorts lists, and writes numbers in one way."""
    if value is None or not value:
        return None
    if is_list:
        return " ".join(sorted(value.split()))
    try:
        return f"{Decimal(value).normalize():f}"
    except InvalidOperation:
        return value


@cache
def load_snapshot_in_rdflib(store: EmbeddedStore, *, with_graphs: bool) -> rdflib.Dataset:
    """Loads the snapshot of a day as the default graph of an rdflib dataset, with its named graphs if they are needed."""
    dataset = rdflib.Dataset()
    if with_graphs:
        named = [quad for quad in store.store if isinstance(quad.graph_name, NamedNode)]
        dataset.parse(data=serialize(named, format=RdfFormat.N_QUADS) or b"", format="nquads")
    dataset.parse(data=serialize(contents.default_triples(store), format=RdfFormat.N_TRIPLES) or b"", format="nt")
    return dataset


def rows(question: Question, values: list[list[str | None]]) -> Rows:
    lists = [column.list for column in question.columns]
    if any(lists):
        values = merge_lists(values, lists)
    return Counter(tuple(normalise(value, is_list) for value, is_list in zip(row, lists, strict=True)) for row in values)


def merge_lists(values: list[list[str | None]], lists: Sequence[bool]) -> list[list[str | None]]:
    """Merges rows that differ only in lists."""
    found: dict[tuple[str | None, ...], list[set[str]]] = {}
    for row in values:
        scalars = tuple(normalise(value, False) for value, is_list in zip(row, lists, strict=True) if not is_list)
        parts = found.setdefault(scalars, [set() for _ in row])
        for part, value in zip(parts, row, strict=True):
            part |= {value} if value is not None else set()
    return [[" ".join(sorted(part)) or None for part in parts] for parts in found.values()]


# Tests of one question share its answers. The query is part of the key, since tests change it.
_Key = tuple[EmbeddedStore, str, str]
_by_oxigraph: dict[_Key, Rows] = {}
_by_rdflib: dict[_Key, Rows] = {}


def ask_oxigraph(store: EmbeddedStore, question: Question, bound: Mapping[str, Sequence[str]]) -> Rows:
    if (key := _key(store, question, bound)) not in _by_oxigraph:
        names = [column.name for column in question.columns]
        found = solve(store, question, bound)
        _by_oxigraph[key] = rows(question, [[term.value if (term := row[name]) is not None else None for name in names] for row in found])
    return _by_oxigraph[key].copy()


def ask_rdflib(store: EmbeddedStore, dataset: rdflib.Dataset, question: Question, bound: Mapping[str, Sequence[str]]) -> Rows:
    """Asks rdflib: the snapshot of ``store``, or ``dataset``, which has the same content."""
    if (key := _key(store, question, bound)) not in _by_rdflib:
        names = [column.name for column in question.columns]
        graph: rdflib.Graph = dataset
        if question.over == SNAPSHOT:
            snapshot = choose_store(store, question, bound)
            assert isinstance(snapshot, EmbeddedStore)
            graph = load_snapshot_in_rdflib(snapshot, with_graphs="GRAPH" in question.text)
        try:
            found = list(graph.query(question.bind(drop_snapshot_parameters(question, bound))))
        except AttributeError as error:
            if "SPARQLTypeError" not in str(error):
                raise
            found = []  # rdflib fails to add up the error that stands for a group without rows
        # rdflib makes a group of no rows, with zeros, even where the query groups by variables.
        found = [row for row in found if any(term is not None and term.toPython() != 0 for term in row)]  # type: ignore[union-attr]
        _by_rdflib[key] = rows(
            question,
            [[str(term) if (term := row.asdict().get(name)) is not None else None for name in names] for row in found],  # type: ignore[union-attr]
        )
    return _by_rdflib[key].copy()


def _key(store: EmbeddedStore, question: Question, bound: Mapping[str, Sequence[str]]) -> _Key:
    day = "" if question.over != SNAPSHOT else "history" if has_history(bound) else find_day(store, bound)
    return store, day, question.bind(drop_snapshot_parameters(question, bound))


def check_golden_answer(file: Path, found: Rows) -> None:
    """Asserts that an answer is the golden one in a JSON file of rows and how often each occurs, one a line."""
    plain = sorted(([list(row), count] for row, count in found.items()), key=str)
    if os.environ.get("NEVKG_UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in plain) + "\n]\n", encoding="utf-8")
    golden = json.loads(file.read_text(encoding="utf-8"))
    assert plain == golden, "if the new answer is right, run this test with NEVKG_UPDATE_GOLDEN=1"
    assert plain, "a question that finds nothing in the sample proves nothing"


def run_file(store: EmbeddedStore, question: Question) -> QuerySolutions:
    """Runs the file of a question as plain SPARQL, and asserts that it has what its head describes."""
    found = select(choose_store(store, question, {}), question.text)
    described = {column.name for column in question.columns} | {column.evidence for column in question.columns if column.evidence}
    assert described == {variable.value for variable in found.variables}
    labels = [*(column.label for column in question.columns), *(parameter.label for parameter in question.parameters)]
    for words in (question.title, question.description, *labels):
        assert set(words) == set(terms.LANGUAGES)
    return found


def find_values(store: EmbeddedStore, kind: str) -> list[str]:
    """Returns the members of a class or a scheme, such as ``nev:Country``, in N-Triples."""
    iri = terms.expand(kind, PREFIXES)
    found = select(
        store,
        f"""SELECT DISTINCT ?thing WHERE {{
          {{ ?thing a/<{terms.RDFS}subClassOf>* <{iri}> }} UNION {{ ?thing <{terms.SKOS}inScheme> <{iri}> }}
        }} ORDER BY ?thing""",
    )
    return [str(row["thing"]) for row in found]
