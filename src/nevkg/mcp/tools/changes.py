"""The tool ``changes``: what began, was first reported or ended between two days, by a question that a data file names."""

from __future__ import annotations

from nevkg.lookup import entities
from nevkg.mcp.guide import read_guide
from nevkg.mcp.result import CLOCKS, DAY, PAGE, ROWS_OUTPUT, Arguments, Result, Tool, output, schema
from nevkg.mcp.tools.ask import find_answer, present_answer
from nevkg.store import Store


def run(store: Store, arguments: Arguments) -> Result:
    """Asks the question for changes."""
    question = read_guide(store.layout).changes
    given = {"until": entities.dataset_date(store), **arguments}
    values = {parameter: given[name] for name, parameter in question.parameters.items() if name in given}
    rest = {name: value for name, value in arguments.items() if name not in question.parameters}
    answer, hints = find_answer(store, {"question": question.name, "parameters": values, **rest})
    return present_answer(answer, arguments, hints)


TOOL = Tool(
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
    run,
)
