"""Converts expected and actual results to a canonical form that does not depend on the names of blank nodes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from nevkg.data import terms

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_NUMBERS: Mapping[str, Callable[[str], object]] = {
    terms.XSD + "integer": int,
    terms.XSD + "decimal": lambda text: Decimal(text).normalize(),
    terms.XSD + "float": float,
    terms.XSD + "double": float,
}
_TABLES = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON, ".tsv": QueryResultsFormat.TSV}
Row = Mapping[str, terms.Term]
Form = bool | Dataset
Node = NamedNode | BlankNode | Triple


def canonicalise_graph(quads: Iterable[Quad]) -> Dataset:
    """Returns a graph or dataset in canonical form (RDFC-1.0)."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _canonicalise_number(term: terms.Term) -> terms.Term:
    """Returns a number in one form for each value of its datatype, as engines may write it; any other term as it is.

    This does not use the engine under test, which would change the expected results as it changes its own: derived
    integers to xsd:integer, `0` to `false`, `+00:00` to `Z`.
    """
    if isinstance(term, Literal) and (read := _NUMBERS.get(term.datatype.value)):
        with suppress(ValueError, InvalidOperation):
            return Literal(str(read(term.value)), datatype=term.datatype)
    return term


def _canonicalise_numbers(quads: Iterable[Quad]) -> Dataset:
    return canonicalise_graph(Quad(quad.subject, quad.predicate, _canonicalise_number(quad.object)) for quad in quads)


def canonicalise_table(names: Iterable[str], rows: Iterable[Row], *, ordered: bool = False, distinct: bool = False) -> Dataset:
    """Returns a table in canonical form: a graph with a blank node for each row.

    Args:
        names: names of the variables.
        rows: the solutions.
        ordered: whether the order of the rows counts.
        distinct: whether equal rows count as one.
    """
    rows = ({name: _canonicalise_number(term) for name, term in row.items()} for row in rows)
    quads = [Quad(NamedNode(RS + "table"), NamedNode(RS + "resultVariable"), Literal(name)) for name in names]
    for number, row in enumerate(_drop_duplicates(rows) if distinct else rows):
        node = BlankNode()
        quads.append(Quad(NamedNode(RS + "table"), NamedNode(RS + "solution"), node))
        quads += [Quad(node, NamedNode(f"{RS}value-{name}"), term) for name, term in row.items()]
        if ordered:
            quads.append(Quad(node, NamedNode(RS + "index"), Literal(number)))
    return canonicalise_graph(quads)


def _drop_duplicates(rows: Iterable[Row]) -> Iterable[Row]:
    return {str(sorted((name, str(term)) for name, term in row.items())): row for row in rows}.values()


def canonicalise_answer(answer: QuerySolutions | QueryBoolean | QueryTriples, *, ordered: bool = False, distinct: bool = False) -> Form:
    """Returns the answer of a store or of a result parser in canonical form."""
    if isinstance(answer, QueryBoolean):
        return bool(answer)
    if isinstance(answer, QueryTriples):
        return canonicalise_graph(Quad(triple.subject, triple.predicate, _canonicalise_number(triple.object)) for triple in answer)
    names = [variable.value for variable in answer.variables]
    rows = ({name: term for name in names if (term := solution[name]) is not None} for solution in answer)
    return canonicalise_table(names, rows, ordered=ordered, distinct=distinct)


def canonicalise_csv(text: str) -> Dataset:
    """Returns a CSV table in canonical form, with cells as text except for blank nodes."""
    head, *body = csv.reader(io.StringIO(text, newline=""))
    rows = [
        {
            name: BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell)
            for name, cell in zip(head, line or [""], strict=True)
            if cell
        }
        for line in body
    ]
    return canonicalise_table(head, rows)


def read_expected(path: Path, *, distinct: bool = False) -> tuple[Form, bool]:
    """Returns the result in a file of the suite, and whether the order of its rows counts."""
    if path.suffix in _TABLES:
        return canonicalise_answer(parse_query_results(path=path, format=_TABLES[path.suffix]), distinct=distinct), False
    if path.suffix == ".csv":
        return canonicalise_csv(path.read_text(encoding="utf-8")), False
    graph = Dataset(read_file(path))
    result_sets = [quad.subject for quad in graph.quads_for_object(NamedNode(RS + "ResultSet"))]
    return _read_result_set(graph, result_sets[0], distinct=distinct) if result_sets else (_canonicalise_numbers(graph), False)


def read_file(path: Path, base: str = "") -> Iterator[Quad]:
    """Yields the quads of a file of the suite. Relative IRIs are resolved against ``base`` or the base of nevkg."""
    form = RdfFormat.from_extension(path.suffix[1:])
    assert form, f"{path} has an unknown format"
    return parse(path=path, format=form, base_iri=base or terms.BASE + path.name, rename_blank_nodes=True)


def _read_result_set(graph: Dataset, node: Node, *, distinct: bool) -> tuple[Form, bool]:
    """Returns a result in the DAWG result set vocabulary, and whether the order of its rows counts."""

    def objects(subject: object, name: str) -> list[terms.Term]:
        return [quad.object for quad in graph.quads_for_subject(subject) if quad.predicate == NamedNode(RS + name)]  # type: ignore[arg-type]

    truth = objects(node, "boolean")
    if truth:
        return terms.text(truth[0]) == "true", False
    solutions = objects(node, "solution")
    ordered = any(objects(solution, "index") for solution in solutions)
    if ordered:
        solutions.sort(key=lambda solution: int(terms.text(objects(solution, "index")[0])))
    rows = [
        {terms.text(objects(binding, "variable")[0]): objects(binding, "value")[0] for binding in objects(solution, "binding")}
        for solution in solutions
    ]
    names = [terms.text(name) for name in objects(node, "resultVariable")]
    return canonicalise_table(names, rows, ordered=ordered, distinct=distinct), ordered
