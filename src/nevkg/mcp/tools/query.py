"""The tool ``query``: runs a SPARQL query over the snapshot of a day, after checking its terms."""

from __future__ import annotations

from typing import Any

from pyoxigraph import QueryBoolean, QuerySolutions

from nevkg.ask import days
from nevkg.ask.catalogue import RECORD, SNAPSHOT
from nevkg.ask.emptiness import explain_query, warn_of_unknown
from nevkg.ask.solutions import Solutions
from nevkg.data.serialise import serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.mcp.result import CLOCKS, DEFAULT_ROWS, PAGE, Arguments, Result, Tool, language_of, output, schema
from nevkg.mcp.rows import Part, describe_day, present
from nevkg.mcp.text import clean
from nevkg.sparql import syntax
from nevkg.store import EmbeddedStore, Store

_MOST_LINES = 200
_CUT = {"en": "{count} more lines are left out; restrict the query.", "zh": "另有{count}行未列出；请缩小查询范围。"}


def run(store: Store, arguments: Arguments) -> Result:
    """Checks and runs the query.

    Raises:
        WrongUsage: if it is not a query of SPARQL 1.1, names a term that does not exist, or would send a request to another server.
    """
    language, spaces = language_of(arguments), entities.namespaces(store)
    dataset, text, _ = days.find_dataset(store, str(arguments["sparql"]), as_of=arguments.get("as_of"), over=arguments.get("over"))
    try:
        found = dataset.query(text, spaces)
    except SyntaxError as error:
        raise WrongUsage(f"The query was not run: {syntax.explain_refusal(text, error, spaces)}.") from None
    if unknown := warn_of_unknown(dataset, text, language, store):
        raise WrongUsage(f"The query was not run, since it names terms that do not exist. {unknown}")
    if isinstance(found, QuerySolutions):
        names = [variable.value for variable in found.variables]
        return _rows(Solutions(dataset, text, names, language, store), arguments)
    day = dataset.day if isinstance(dataset, EmbeddedStore) and dataset.day else entities.dataset_date(store)
    about = describe_day(store, day, language)
    if isinstance(found, QueryBoolean):
        is_true = bool(found)
        notes = [] if is_true else [clean(explain_query(dataset, text, language, store).text, 4000)]
        content: dict[str, Any] = {"asOf": day, "rows": [], "notes": notes, "boolean": is_true}
        return Result((*about, str(is_true).lower()), tuple(notes), content)
    lines = [clean_turtle(line) for line in serialise(list(found), "turtle", spaces).decode().splitlines() if line]
    left_out = [_CUT[language].format(count=len(lines) - _MOST_LINES)] if len(lines) > _MOST_LINES else []
    shown = lines[:_MOST_LINES]
    return Result((*about, *left_out), tuple(shown), {"asOf": day, "rows": [], "notes": left_out, "turtle": shown})


def _rows(solutions: Solutions, arguments: Arguments) -> Result:
    offset, limit = int(arguments.get("offset", 0)), int(arguments.get("limit", DEFAULT_ROWS))
    page, more = solutions.page(offset, limit)
    total = None if more else offset + len(page)
    return present(Part(page, offset, total, more))


def clean_turtle(line: str) -> str:
    """Cleans a line of Turtle, and keeps its indentation; brackets of IRIs become those that cannot end the fence."""
    return " " * (len(line) - len(line.lstrip())) + clean(line)


TOOL = Tool(
    "query",
    "Run a SPARQL query",
    "Runs a read-only SPARQL 1.1 query over what held on a day, for what no question covers. Read nevkg://model first. The project's "
    "prefixes need no PREFIX lines. Unknown terms are refused with the nearest ones. Rows get citations where they can be traced.",
    schema(
        {
            "sparql": {"type": "string", "maxLength": 100_000},
            "over": {"type": "string", "enum": [SNAPSHOT, RECORD], "description": "record: all statements and the history of all days"},
            **CLOCKS,
            **PAGE,
        },
        "sparql",
    ),
    output(asOf={"type": "string"}, rows={"type": "array"}, notes={"type": "array"}),
    run,
)
