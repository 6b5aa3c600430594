"""The tool ``ask``: answers a question of the catalogue."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from nevkg.ask import arguments as parameters
from nevkg.ask.answer import Answer
from nevkg.ask.answer import ask as answer_question
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.former import FormerName
from nevkg.ask.support import STANDING
from nevkg.mcp.result import CLOCKS, DEFAULT_ROWS, PAGE, ROWS_OUTPUT, Arguments, Result, Schema, Tool, language_of, output, schema
from nevkg.mcp.rows import Part, present
from nevkg.store import Store

QUESTION: Mapping[str, Schema] = {
    "question": {"type": "string", "description": "Its name, as `find` gives it"},
    "parameters": {
        "type": "object",
        "description": "Name to a value or a list of values; entities by name; '*' for any",
        "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"]},
    },
    "standing": {"type": "string", "description": "'*' also gives weakly supported rows"},
}


def run(store: Store, arguments: Arguments) -> Result:
    """Answers the question and returns a part of the rows."""
    answer, hints = find_answer(store, arguments)
    return present_answer(answer, arguments, hints)


def find_answer(store: Store, arguments: Arguments) -> tuple[Answer, list[str]]:
    """Returns the answer to the question that the arguments name, and hints on former names of parameters.

    Raises:
        WrongUsage: if the question, a parameter or a value is unknown; the text suggests similar names.
    """
    question = load_catalogue(store.layout)[arguments["question"]]
    given = parameters.format_values(arguments.get("parameters", {}))
    if "standing" in arguments:
        given[STANDING] = str(arguments["standing"]).replace(",", " ").split()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormerName)
        answer = answer_question(store, question, given, as_of=arguments.get("as_of"), language=language_of(arguments))
    return answer, [str(one.message) for one in caught if issubclass(one.category, FormerName)]


def present_answer(answer: Answer, arguments: Arguments, notes: list[str]) -> Result:
    """Returns the part of an answer that the arguments name."""
    offset, limit = int(arguments.get("offset", 0)), int(arguments.get("limit", DEFAULT_ROWS))
    part = Part(answer.page(offset, limit), offset, len(answer), offset + limit < len(answer))
    content: dict[str, Any] = {"question": answer.question.name, "parameters": dict(answer.parameters)}
    given = "".join(f" {name}={value}" for name, value in answer.parameters.items())
    return present(part, summary=[f"{answer.question.name}{given}"], notes=notes, content=content)


TOOL = Tool(
    "ask",
    "Answer a question of the catalogue",
    "Answers a tested question of the catalogue. Each row has citations. No rows means that no collected source reports it, not that it "
    "is not so: the notes say why and what to try.",
    schema({**QUESTION, **CLOCKS, **PAGE}, "question"),
    output(**ROWS_OUTPUT),
    run,
)
