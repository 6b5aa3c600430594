"""The results of a user's SPARQL query as a table that is read when it is needed.

Rows become Python objects only when they are iterated over, so that a million rows fit in memory: for Arrow the
engine writes its results as text (SPARQL 1.1 TSV), which Arrow parses and types column by column.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolution, QuerySolutions, RdfFormat, serialize

from nevkg.ask import days
from nevkg.ask.evaluation import read_cells
from nevkg.data import terms
from nevkg.errors import WrongUsage, needs_extra
from nevkg.lookup import entities
from nevkg.lookup.trace import Trace, trace_rows
from nevkg.sparql import syntax
from nevkg.store import EmbeddedStore, Store
from nevkg.table.frames import Record
from nevkg.table.table import Table, missing_row
from nevkg.table.values import Column

if TYPE_CHECKING:
    import pyarrow

    from nevkg.ask.emptiness import Reason

_XSD = terms.XSD.replace(".", r"\.")
# Patterns of terms in TSV; a column in which all terms match one of them gets the corresponding Arrow type.
_NUMBER = r"^[+-]?\d+$"
# Decimals are written without a datatype, doubles and floats with theirs.
_REAL = rf'^"?(?P<text>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:"\^\^<{_XSD}(?:double|float)>)?$'
_TRUTH = "^(true|false)$"
_DAY = rf'^"(?P<text>\d{{4}}-\d\d-\d\d)"\^\^<{_XSD}date>$'
_IRI = "^<(?P<text>.*)>$"
_TEXT = r'^"(?P<text>.*)"(@[A-Za-z0-9-]+|\^\^<[^>]*>)?$'


class Solutions(Table):
    """The solutions of a SELECT query. Iterating reads them once; :meth:`to_arrow` runs the query again."""

    def __init__(self, store: Store, text: str, names: Sequence[str], language: str, record: Store | None = None) -> None:
        """Creates the table of the query ``text``, which selects the variables ``names``.

        Args:
            record: the record in which labels and sources are looked up, if ``store`` is a snapshot of it.
        """
        super().__init__(
            record or store, [Column(name, {}) for name in names], (), self._trace_solutions, title="SPARQL query", language=language
        )
        self.queried_store, self.sparql = store, text
        self._day = store.day if isinstance(store, EmbeddedStore) else None
        if self._day:
            self.as_of = self._day

    def _solve(self) -> QuerySolutions:
        # Solutions must be read by the thread that ran the query, so none are stored; an unread query costs nothing.
        found = self.queried_store.query(self.sparql, entities.namespaces(self.store))
        assert isinstance(found, QuerySolutions)
        return found

    def _trace_solutions(self, solutions: Iterable[QuerySolution] | None = None) -> Trace:
        """Returns the evidence of solutions, by default all; empty over the record, where it is not known."""
        if not self._day:
            return Trace(())
        # The results themselves must not be a variable here: the exceptions within rdflib's parser keep those of its callers.
        rows = [[solution] for solution in (self._solve() if solutions is None else solutions)]
        return trace_rows(self.queried_store, self.sparql, self.names, rows)

    @cached_property
    def reason(self) -> Reason | None:
        """Why there are no rows; None if there are any."""
        from nevkg.ask.emptiness import explain_query

        has_rows = self.__dict__["_read"] if "_read" in self.__dict__ else next(iter(self._solve()), None) is not None
        return None if has_rows else explain_query(self.queried_store, self.sparql, self.language, self.store)

    def trace(self, number: int) -> tuple[Record, Store, Trace]:
        """See ``Table.trace``; the query is read only up to the row, and other rows are not converted."""
        if not self._day:
            raise WrongUsage("Only rows of what holds on a day can be explained; leave out over='record' and FROM.")
        count = 0
        for solution in self._solve():
            if count == number:
                (record,) = self._read_solutions([solution])
                return record, self.queried_store, self._trace_solutions([solution])
            count += 1
        raise missing_row(number, count)

    def page(self, offset: int, limit: int) -> tuple[Self, bool]:
        """Returns at most ``limit`` rows after the first ``offset``, and whether there are more, which are not read."""
        found = list(islice(self._solve(), offset, offset + limit + 1))
        shown, page = found[:limit], self._copy_without("evidence", "whole_trace", "reason", "total")
        page.__dict__["_read"] = self._read_solutions(shown)
        page._trace_all = lambda: self._trace_solutions(shown)
        return page, len(found) > limit

    @cached_property
    def _read(self) -> list[Record]:
        return self._read_solutions(self._solve())

    def _read_solutions(self, solutions: Iterable[QuerySolution]) -> list[Record]:
        return read_cells(self.store, [tuple(solution) for solution in solutions], self.language)

    @property
    def records(self) -> list[Record]:
        """The rows as plain tuples."""
        return self._read

    def to_arrow(self) -> pyarrow.Table:
        """Returns an Arrow table with one column per variable.

        IRIs and texts become text; dates, numbers and truth values have their Arrow types. A column with terms of
        several kinds holds their text. Labels are not looked up; select them in the query.
        """
        with needs_extra("parquet"):
            import pyarrow
            from pyarrow import csv
        out = io.BytesIO()
        self._solve().serialize(out, format=QueryResultsFormat.TSV)
        out.seek(0)
        # Tabs and line ends in terms are escaped, so neither quoting nor multi-line values need to be parsed.
        read = csv.read_csv(
            out,
            read_options=csv.ReadOptions(column_names=self.names, skip_rows=1),
            parse_options=csv.ParseOptions(delimiter="\t", quote_char=False, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pyarrow.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
        return pyarrow.table([_typed(column) for column in read.columns], names=self.names)


def _typed(column: Any) -> Any:
    """Converts a column of terms in TSV syntax to the narrowest Arrow type that holds them."""
    import pyarrow
    from pyarrow import compute

    coded = pyarrow.chunked_array(
        [chunk.dictionary_encode() for chunk in column.chunks], pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    )
    coded = coded.unify_dictionaries().combine_chunks()
    if isinstance(coded, pyarrow.ChunkedArray):
        coded = coded.chunk(0) if coded.num_chunks else pyarrow.array([], pyarrow.string()).dictionary_encode()
    distinct = coded.dictionary

    def all_are(pattern: str) -> bool:
        return bool(compute.all(compute.match_substring_regex(distinct, pattern)).as_py())

    def inner(pattern: str) -> Any:
        return compute.struct_field(compute.extract_regex(distinct, pattern), "text")

    if len(distinct) == 0:
        typed = distinct
    elif all_are(_NUMBER):
        typed = distinct.cast(pyarrow.int64())
    elif all_are(_REAL):
        typed = inner(_REAL).cast(pyarrow.float64())
    elif all_are(_TRUTH):
        typed = compute.equal(distinct, "true")
    elif all_are(_DAY):
        typed = inner(_DAY).cast(pyarrow.date32())
    elif all_are(_IRI):
        typed = inner(_IRI)
    else:
        typed = pyarrow.array([_plain(term) for term in distinct.to_pylist()], pyarrow.string())
    return typed.take(coded.indices)


_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\r": "\r", '\\"': '"', "\\\\": "\\"}


def _plain(term: str) -> str:
    """Returns the text of a term in TSV syntax."""
    import re

    if term.startswith("<"):
        return term[1:-1]
    match = re.match(_TEXT, term, re.DOTALL)
    if match is None:
        return term
    return re.sub(r'\\[tnr"\\]', lambda escape: _ESCAPES[escape[0]], match["text"])


def run(store: Store, text: str, language: str, record: Store | None = None) -> Any:
    """Runs a query; returns :class:`Solutions`, a truth value or an rdflib graph. ``WrongUsage``: not SPARQL 1.1, or it calls a server."""
    spaces = entities.namespaces(store)
    try:
        found = store.query(text, spaces)
    except SyntaxError as error:
        raise WrongUsage(f"The query is not SPARQL 1.1: {syntax.explain_syntax_error(text, error, spaces)}.") from None
    if isinstance(found, QuerySolutions):
        return Solutions(store, text, [variable.value for variable in found.variables], language, record)
    if isinstance(found, QueryBoolean):
        return bool(found)
    import rdflib

    graph = rdflib.Graph()
    return graph.parse(data=serialize(found, format=RdfFormat.N_TRIPLES) or b"", format="nt")


def select(record: Store, text: str, as_of: str | None, language: str) -> Solutions:
    """Returns the rows of a SELECT query over the snapshot of a day; these rows can be explained.

    Args:
        record: the record that the snapshot is made from.
        text: the query; FROM may name the snapshot.
        as_of: the day; if None and FROM names none, the date of the dataset.

    Raises:
        WrongUsage: if it is not a SELECT query, names another graph, or would send a request to another server.
    """
    if (form := syntax.query_form(text)) not in ("SELECT", ""):
        raise WrongUsage(f"Only rows can be explained, and {form} gives none: use SELECT.")
    snapshot, query, _ = days.find_dataset(record, text, as_of=as_of)
    found = run(snapshot, query, language, record)
    if not isinstance(found, Solutions):
        raise WrongUsage("Only rows can be explained: use SELECT.")
    return found
