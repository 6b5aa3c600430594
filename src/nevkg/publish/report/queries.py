"""What the data covers: the queries of the report, each a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.errors import InvalidData
from nevkg.lookup import entities
from nevkg.publish.ontology.usage import escape
from nevkg.publish.report.table import LANGUAGE, Cell, Table, code
from nevkg.sparql.syntax import syntax_problem
from nevkg.store import EmbeddedStore, Store

_FOLDER = "report"
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal", "double")}


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
    for path in sorted(store.layout.queries.glob(f"{_FOLDER}/*.rq")):
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


def covered(store: EmbeddedStore) -> Iterator[Table]:
    """What each query tells, as a table."""
    for one in told(store):
        labels = entities.labels(store, {term.value for row in one.rows for term in row if isinstance(term, NamedNode)}, LANGUAGE)
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
        return escape(labels[term.value]) if term.value in labels else code(terms.shorten(term.value, namespaces))
    return escape(terms.text(term))
