"""The tool ``explain``: what a row of an answer rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.ask import solutions
from nevkg.ask.explanation import Explanation
from nevkg.errors import WrongUsage
from nevkg.mcp.result import CLOCKS, Arguments, Result, Tool, language_of, output, schema
from nevkg.mcp.rows import describe_day
from nevkg.mcp.text import clean, clean_all
from nevkg.mcp.tools.ask import QUESTION, find_answer
from nevkg.store import Store
from nevkg.table.table import Table

_MOST_LINES, _MOST_STATEMENTS = 120, 40
_WORDS = {
    "en": {"cut": "{count} more lines are left out; give 'column' to see one cell only.", "row": "Row {row}."},
    "zh": {"cut": "另有{count}行未列出；请以 column 只看一个单元格。", "row": "第{row}行。"},
}


def run(store: Store, arguments: Arguments) -> Result:
    """Explains the row."""
    language, number = language_of(arguments), int(arguments["row"])
    table = _table(store, arguments)
    found = table.explain(number - 1, arguments.get("column"))
    lines = [line for line in found.lines if line.strip()]
    words = _WORDS[language]
    left_out = [words["cut"].format(count=len(lines) - _MOST_LINES)] if len(lines) > _MOST_LINES else []
    return Result(
        (words["row"].format(row=number), *describe_day(store, table.as_of, language), *left_out),
        tuple(_indent(line) for line in lines[:_MOST_LINES]),
        clean_all({"asOf": table.as_of, **_content(found)}),
    )


def _table(store: Store, arguments: Arguments) -> Table:
    if ("question" in arguments) == ("sparql" in arguments):
        raise WrongUsage("Give either 'question' with its parameters, or 'sparql'.")
    if "question" in arguments:
        return find_answer(store, arguments)[0]
    return solutions.select(store, str(arguments["sparql"]), arguments.get("as_of"), language_of(arguments))


def _indent(line: str) -> str:
    """Cleans a line, and keeps its indentation, which shows what rests on what."""
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


TOOL = Tool(
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
    run,
)
