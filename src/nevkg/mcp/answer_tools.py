"""The tools that return rows, or explain one: ``ask``, ``changes``, ``explain``, ``path`` and ``query``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import QueryBoolean, QuerySolutions

from nevkg.ask import arguments as parameters
from nevkg.ask import days, solutions
from nevkg.ask.answer import Answer
from nevkg.ask.answer import ask as answer_question
from nevkg.ask.catalogue import RECORD, SNAPSHOT, load_catalogue
from nevkg.ask.emptiness import explain_query, warn_of_unknown
from nevkg.ask.solutions import Solutions
from nevkg.ask.support import STANDING
from nevkg.data.rdf import serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.mcp.guide import read_guide
from nevkg.mcp.result import (
    CLOCKS,
    DAY,
    DEFAULT_ROWS,
    PAGE,
    ROWS_OUTPUT,
    Arguments,
    Result,
    Schema,
    Tool,
    clean,
    clean_all,
    language_of,
    output,
    schema,
)
from nevkg.mcp.rows import RowsPart, describe_day, present
from nevkg.network.analysis import find_paths
from nevkg.network.project import project_between
from nevkg.sparql import syntax
from nevkg.store import EmbeddedStore, Store
from nevkg.table.explanation import Explanation
from nevkg.table.table import Table
from nevkg.words import words_of

QUESTION: Mapping[str, Schema] = {
    "question": {"type": "string", "description": "Its name, as `find` gives it"},
    "parameters": {
        "type": "object",
        "description": "Name to a value or a list of values; entities by name; '*' for any",
        "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"]},
    },
    "standing": {"type": "string", "description": "'*' also gives weakly supported rows"},
}


def ask_question(store: Store, arguments: Arguments) -> Result:
    """Answers the question and returns a part of the rows."""
    return present_answer(find_answer(store, arguments), arguments)


def find_answer(store: Store, arguments: Arguments) -> Answer:
    """Returns the answer to the question that the arguments name."""
    question = load_catalogue(store.layout)[arguments["question"]]
    given = parameters.format_values(arguments.get("parameters", {}))
    if "standing" in arguments:
        given[STANDING] = str(arguments["standing"]).replace(",", " ").split()
    return answer_question(store, question, given, as_of=arguments.get("as_of"), language=language_of(arguments))


def present_answer(answer: Answer, arguments: Arguments) -> Result:
    """Returns the part of an answer that the arguments name."""
    offset, limit = int(arguments.get("offset", 0)), int(arguments.get("limit", DEFAULT_ROWS))
    part = RowsPart(answer.page(offset, limit), offset, len(answer), offset + limit < len(answer))
    content: dict[str, Any] = {"question": answer.question.name, "parameters": clean_all(answer.parameters)}
    given = "".join(f" {name}={clean(value)}" for name, value in answer.parameters.items())
    return present(part, summary=[f"{answer.question.name}{given}"], content=content)


ASK = Tool(
    "ask",
    "Answer a question of the catalogue",
    "Answers a tested question of the catalogue. Each row has citations. No rows means that no collected source reports it, not that it "
    "is not so: the notes say why and what to try.",
    schema({**QUESTION, **CLOCKS, **PAGE}, "question"),
    output(**ROWS_OUTPUT),
    ask_question,
)


def list_changes(store: Store, arguments: Arguments) -> Result:
    """Asks the question for changes."""
    question = read_guide(store.layout).changes
    given = {"until": entities.dataset_date(store), **arguments}
    values = {parameter: given[name] for name, parameter in question.parameters.items() if name in given}
    rest = {name: value for name, value in arguments.items() if name not in question.parameters}
    return present_answer(find_answer(store, {"question": question.name, "parameters": values, **rest}), arguments)


CHANGES = Tool(
    "changes",
    "List changes between two days",
    "Lists the states that began, were first reported or ended after one day and up to another, with citations.",
    schema(
        {
            "since": {**DAY, "description": "The day before the first one"},
            "until": {**DAY, "description": "The last day; default: the date of the dataset"},
            "about": {"type": "string", "description": "Only changes of this entity"},
            **{name: CLOCKS[name] for name in ("known_by", "lang")},
            **PAGE,
        },
        "since",
    ),
    output(**ROWS_OUTPUT),
    list_changes,
)


_MOST_LINES_OF_EXPLANATION, _MOST_STATEMENTS = 120, 40
_WORDS = words_of("mcp.answer_tools")


def explain_row(store: Store, arguments: Arguments) -> Result:
    """Explains the row."""
    language, number = language_of(arguments), int(arguments["row"])
    table = _table(store, arguments)
    found = table.explain(number - 1, arguments.get("column"))
    lines = [line for line in found.lines if line.strip()]
    words = _WORDS[language]
    left_out = [words["cut row"].format(count=len(lines) - _MOST_LINES_OF_EXPLANATION)] if len(lines) > _MOST_LINES_OF_EXPLANATION else []
    return Result(
        (words["row"].format(row=number), *describe_day(store, table.as_of, language), *left_out),
        tuple(_indent(line) for line in lines[:_MOST_LINES_OF_EXPLANATION]),
        clean_all({"asOf": table.as_of, **_content(found)}),
    )


def _table(store: Store, arguments: Arguments) -> Table:
    if ("question" in arguments) == ("sparql" in arguments):
        raise WrongUsage("Give either 'question' with its parameters, or 'sparql'.")
    if "question" in arguments:
        return find_answer(store, arguments)
    return solutions.select(store, str(arguments["sparql"]), arguments.get("as_of"), language_of(arguments))


def _indent(line: str) -> str:
    """Cleans a line, and keeps its indentation; brackets of IRIs become those that cannot end the fence."""
    return " " * (len(line) - len(line.lstrip())) + clean(line)


def _content(found: Explanation) -> Mapping[str, Any]:
    whole = found.to_dict()
    statements = list(whole["statements"].values())
    return {
        "cells": [{name: cell[name] for name in ("column", "value", "facts", "note")} for cell in whole["cells"]],
        "facts": whole["facts"],
        "statements": statements[:_MOST_STATEMENTS],
        "moreStatements": max(len(statements) - _MOST_STATEMENTS, 0),
        "sources": whole["sources"],
        "notTraced": list(found.gaps),
    }


EXPLAIN = Tool(
    "explain",
    "Explain a row",
    "Shows what a row of `ask` or `query` rests on: facts, the rules that derive them, statements with their words and passages, and "
    "sources. Call it before you say how something is known.",
    schema(
        {
            **QUESTION,
            "sparql": {"type": "string", "description": "Instead of a question: the SELECT query"},
            "row": {"type": "integer", "minimum": 1, "description": "Its number, as shown"},
            "column": {"type": "string", "description": "Only this column"},
            **CLOCKS,
        },
        "row",
    ),
    output(asOf={"type": "string"}, cells={"type": "array"}, statements={"type": "array"}, sources={"type": "array"}),
    explain_row,
)


_PROJECTION = "neighbourhood"
_DEFAULT_PATHS, _MOST_PATHS, _MOST_STEPS = 3, 10, 6


def find_path(store: Store, arguments: Arguments) -> Result:
    """Returns the paths, one row for each step."""
    language = language_of(arguments)
    start, end = (entities.resolve(store, str(arguments[name])) for name in ("start", "end"))
    avoid = [entities.resolve(store, str(name)) for name in arguments.get("avoid", ())]
    longest = arguments.get("longest")
    network = project_between(
        store, _PROJECTION, start, end, {}, as_of=arguments.get("as_of"), language=language, longest=longest, avoid=avoid
    )
    found = find_paths(network, start, end, longest=longest, limit=int(arguments.get("paths", _DEFAULT_PATHS)), avoid=avoid)
    return present(RowsPart(found, total=len(found)), notes=[] if len(found) else [_WORDS[language]["unconnected"]], explains=False)


PATH = Tool(
    "path",
    "Find how two entities are connected",
    "Finds the shortest paths between two entities, one row for each step with its citations.",
    schema(
        {
            "start": {"type": "string", "description": "An entity"},
            "end": {"type": "string", "description": "Another entity"},
            "avoid": {"type": "array", "items": {"type": "string"}, "description": "Entities that paths must not pass"},
            "longest": {"type": "integer", "minimum": 1, "maximum": _MOST_STEPS, "description": "Also longer paths, up to this many steps"},
            "paths": {"type": "integer", "minimum": 1, "maximum": _MOST_PATHS, "default": _DEFAULT_PATHS},
            **CLOCKS,
        },
        "start",
        "end",
    ),
    output(**ROWS_OUTPUT),
    find_path,
)


_MOST_LINES = 200


def run_query(store: Store, arguments: Arguments) -> Result:
    """Checks and runs the query.

    Raises:
        WrongUsage: if it is not a query of SPARQL 1.1, names a term that does not exist, or would send a request to another server.
    """
    language, spaces = language_of(arguments), entities.namespaces(store)
    dataset, text, _ = days.find_dataset(store, str(arguments["sparql"]), as_of=arguments.get("as_of"), over=arguments.get("over"))
    over = [_WORDS[language]["record"]] if dataset is store else []
    try:
        found = dataset.query(text, spaces)
    except SyntaxError as error:
        raise WrongUsage(f"The query was not run: {syntax.explain_refusal(text, error, spaces)}.") from None
    if unknown := warn_of_unknown(dataset, text, language, store):
        raise WrongUsage(f"The query was not run, since it names terms that do not exist. {unknown}")
    if isinstance(found, QuerySolutions):
        solutions = Solutions(dataset, text, [variable.value for variable in found.variables], language, store)
        absent = [_WORDS[language]["absent"].format(graph=graph) for graph in days.find_absent(store, text)]
        return _rows(solutions, arguments, over, absent)
    day = dataset.day if isinstance(dataset, EmbeddedStore) and dataset.day else entities.dataset_date(store)
    about = [*over, *describe_day(store, day, language)]
    if isinstance(found, QueryBoolean):
        is_true = bool(found)
        notes = [] if is_true else [clean(explain_query(dataset, text, language, store).text, 4000)]
        content: dict[str, Any] = {"asOf": day, "rows": [], "notes": notes, "boolean": is_true}
        return Result((*about, str(is_true).lower()), tuple(notes), content)
    lines = [_indent(line) for line in serialise(list(found), "turtle", spaces).decode().splitlines() if line]
    left_out = [_WORDS[language]["cut query"].format(count=len(lines) - _MOST_LINES)] if len(lines) > _MOST_LINES else []
    shown = lines[:_MOST_LINES]
    return Result((*about, *left_out), tuple(shown), {"asOf": day, "rows": [], "notes": left_out, "turtle": shown})


def _rows(solutions: Solutions, arguments: Arguments, summary: list[str], notes: list[str]) -> Result:
    offset, limit = int(arguments.get("offset", 0)), int(arguments.get("limit", DEFAULT_ROWS))
    page, more = solutions.page(offset, limit)
    total = None if more else offset + len(page)
    return present(RowsPart(page, offset, total, more), summary=summary, notes=notes)


QUERY = Tool(
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
    run_query,
)
