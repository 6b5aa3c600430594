"""Tables of the report on what the data covers, one for each query in ``queries/report/``."""

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
from nevkg.sparql.syntax import explain_syntax_error
from nevkg.store import Store

_FOLDER = "report"
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal", "double")}


@dataclass(frozen=True)
class QueryAnswer:
    """The result of a query of the report.

    Attributes:
        name: Name of the query: its file name without number and suffix.
        head: The metadata in its front matter.
        rows: Its rows, with the columns in the order of the head.
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
    """Runs the queries of the report and yields their results, ordered by file name.

    Raises:
        InvalidData: If a query or its head is invalid.
    """
    for path in sorted(store.layout.queries.glob(f"{_FOLDER}/*.rq")):
        text = read_query(path)
        head = read_head(path, text)
        try:
            found = store.query(text)
        except SyntaxError as error:
            raise InvalidData(f"{path}: the query is not SPARQL: {explain_syntax_error(text, error)}.") from None
        if not isinstance(found, QuerySolutions):
            raise InvalidData(f"{path}: the query is not a SELECT query.")
        try:
            names, _, _ = list(head["columns"]), head["section"], head["title"]
        except (KeyError, AttributeError) as error:
            raise InvalidData(f"{path}: the head lacks {error}; see the other files in the folder for its form.") from None
        if unknown := set(names) - {variable.value for variable in found.variables}:
            raise InvalidData(f"{path}: the query does not select '{min(unknown)}', which its head lists as a column.")
        yield QueryAnswer(path.stem.lstrip("0123456789-"), head, [[row[name] for name in names] for row in found])


def coverage_tables(store: Store) -> Iterator[Table]:
    """Yields the result of each query as a table."""
    for one in run_queries(store):
        labels = entities.labels(store, {term.value for row in one.rows for term in row if isinstance(term, NamedNode)}, LANGUAGE)
        rows = [[_cell(term, labels, entities.namespaces(store)) for term in row] for row in one.rows]
        table = Table(one.head["section"], one.head["title"], one.columns, rows, one.head.get("note", ""))
        table = table.with_top(one.head["top"]) if "top" in one.head else table
        yield table.with_total() if one.head.get("total") else table


def _cell(term: terms.Term | None, labels: dict[str, str], namespaces: dict[str, str]) -> Cell:
    """Returns a term as a cell: an entity as its label or prefixed name, a number as a rounded integer."""
    if term is None:
        return ""
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        return round(float(term.value))
    if isinstance(term, NamedNode):
        return escape(labels[term.value]) if term.value in labels else code(terms.shorten(term.value, namespaces))
    return escape(terms.text(term))
