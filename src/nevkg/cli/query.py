"""``nevkg query``: runs a SPARQL 1.1 query over the snapshot of a day or over the record."""

from __future__ import annotations

import argparse
import io
import re
from collections.abc import Sequence

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from nevkg.ask import days
from nevkg.ask.catalogue import RECORD, SNAPSHOT
from nevkg.ask.solutions import Solutions
from nevkg.cli import Command, common
from nevkg.data import terms
from nevkg.data.rdf import FORMATS as GRAPH_FORMATS
from nevkg.data.rdf import serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.sparql import syntax
from nevkg.store import Store
from nevkg.table import terminal
from nevkg.table.terminal import Cells

_RESULTS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}

_OVER = re.compile(r"^#\+ over: (\w+)\s*$", re.MULTILINE)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?", help="a file with the query, or - for standard input")
    parser.add_argument("-e", dest="text", metavar="SPARQL", help="the query itself")
    common.add_store(parser)
    parser.add_argument("--over", choices=[SNAPSHOT, RECORD], help="query what held on the day, or all statements and history of all days")
    common.add_language(parser)
    parser.add_argument(
        "--format",
        choices=["table", *_RESULTS, *GRAPH_FORMATS],
        help="default: table on a terminal, csv when piped; turtle for graphs",
    )
    parser.add_argument("--labels", action="store_true", help="table: show the labels of entities instead of their short names")
    parser.add_argument("--cite", action="store_true", help="append a citation with the sources of the rows (not over the record)")
    common.add_reliable(parser)


def _query_text(options: argparse.Namespace) -> str:
    if (options.file is None) == (options.text is None):
        raise WrongUsage("Name one query: a FILE, - for standard input, or -e with the query itself.")
    return str(options.text) if options.text is not None else common.read_text(options.file)


def _run(options: argparse.Namespace) -> int:
    """Prints the result; the project's prefixes need no PREFIX lines."""
    record = common.open_for(options)
    text = _query_text(options)
    # A question says itself what it is asked of.
    over = options.over or (head[1] if (head := _OVER.search(text)) and options.as_of is None else None)
    store, text, _ = days.find_dataset(record, text, as_of=options.as_of, over=over)
    common.warn_of_the_future(record, getattr(store, "day", None))
    absent = days.find_absent(record, text)
    for graph in absent:
        common.warn(f"there is no graph <{graph}> here; it is treated as empty.")
    spaces = entities.namespaces(record)
    common.exit_on_interrupt()
    format_name = options.format or ("table" if common.is_terminal_output() else "csv")
    try:
        found = store.query(text, spaces)
        names = [variable.value for variable in found.variables] if isinstance(found, QuerySolutions) else []
        is_empty = False
        if isinstance(found, QuerySolutions) and format_name == "table":
            records = [[solution[name] for name in names] for solution in found]
            content, is_empty = _table(names, records, _find_names(record, records, options)), not records
        elif isinstance(found, QuerySolutions):
            content = _standard(found, format_name)
            is_empty = _has_no_rows(content, format_name)
        elif isinstance(found, QueryBoolean):
            # For programs, false is an answer.
            content, is_empty = _standard(found, format_name), not found and format_name == "table"
        else:
            graph_format = _graph_format(options.format)  # refused before the triples are read
            content = serialise(list(found), graph_format, spaces)
    except SyntaxError as error:
        raise WrongUsage(f"The query is not SPARQL 1.1: {syntax.explain_refusal(text, error, spaces)}.") from None
    is_truth = isinstance(found, QueryBoolean)
    # The exceptions within rdflib's parser keep the variables of this function; results may only be released in their thread.
    del found
    citation = _citation(record, store, text, names, options) if options.cite else ""
    if is_empty and not absent and (format_name == "table" or not options.quiet):
        from nevkg.ask.emptiness import explain_query

        reason = explain_query(store, text, options.lang, record)
        if format_name == "table":
            content += f"\n{reason}\n".encode()
        else:
            common.warn(reason)
    elif names or is_truth:
        from nevkg.ask.emptiness import warn_of_unknown

        if warning := warn_of_unknown(store, text, options.lang, record):
            common.warn(warning)
    common.show(content)
    if citation:
        common.print_citation(citation, is_for_reading=format_name == "table")
    return 0


def _citation(record: Store, snapshot: Store, text: str, names: list[str], options: argparse.Namespace) -> str:
    """Returns the citation with the sources of the rows."""
    if not names:
        raise WrongUsage("--cite needs rows: use SELECT.")
    if record is snapshot:
        raise WrongUsage("--cite needs the snapshot of a day: leave out --over record and FROM.")
    rows = Solutions(snapshot, text, names, terms.LANGUAGES[0], record)
    if rows.records and not rows.sources:
        common.warn("no source was found behind these rows; see 'Evidence' in docs/model.md for what cannot be traced.")
    return common.restrict(rows, options).cite()


def _graph_format(name: str | None) -> str:
    if name is None:
        return "turtle"
    if name not in GRAPH_FORMATS:
        raise WrongUsage(f"A graph cannot be written as {name}; choose from {', '.join(GRAPH_FORMATS)}.")
    return name


def _standard(found: QuerySolutions | QueryBoolean, name: str) -> bytes:
    if isinstance(found, QueryBoolean) and name in ("table", "csv", "tsv"):
        return f"{str(bool(found)).lower()}\n".encode()
    if name not in _RESULTS:
        raise WrongUsage(f"A table of results cannot be written as {name}; choose from table, {', '.join(_RESULTS)}.")
    out = io.BytesIO()
    found.serialize(out, format=_RESULTS[name])
    return out.getvalue()


def _has_no_rows(content: bytes, name: str) -> bool:
    if name == "csv":  # Oxigraph cannot parse it
        return content.count(b"\n") == 1
    rows = parse_query_results(content, format=_RESULTS[name])
    return isinstance(rows, QuerySolutions) and next(rows, None) is None


def _find_names(record: Store, records: Sequence[Sequence[terms.Term | None]], options: argparse.Namespace) -> dict[str, str]:
    """Returns the text to show for each IRI: its short name, or its label if the options ask for labels."""
    iris = {term.value for row in records for term in row if isinstance(term, NamedNode)}
    spaces = entities.namespaces(record)
    return {iri: terms.shorten(iri, spaces) for iri in iris} | (entities.labels(record, iris, options.lang) if options.labels else {})


def _table(heads: Sequence[str], records: Sequence[Sequence[terms.Term | None]], names: dict[str, str]) -> bytes:
    # No column is left out and no name is broken, even if the table is wider than the terminal: the user selected them all.
    texts = [["" if term is None else names.get(terms.text(term), terms.text(term)) for term in row] for row in records]
    cells = Cells(heads, texts, unbroken=True)
    return terminal.render_table(cells, max(terminal.width(), terminal.minimum_width(cells)), styled=terminal.is_styled()).encode()


COMMANDS = {"query": Command(_add_arguments, _run)}
