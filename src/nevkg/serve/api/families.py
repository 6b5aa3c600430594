"""Generates the operations of questions and projections from the metadata in their files."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache

from nevkg.ask.arguments import ANYTHING
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.catalogue import Parameter as QuestionParameter
from nevkg.ask.evaluation import LANGUAGE
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData
from nevkg.network import load_projections
from nevkg.network.projection import WEIGHT
from nevkg.serve.api import download, paging, parameter
from nevkg.serve.api.operation import LANG, ROOT, THING, Family, Operation, ref
from nevkg.serve.api.parameter import Parameter
from nevkg.sparql.binding import ANY

ENGLISH = terms.LANGUAGES[0]
_SECONDS_TO_REUSE = 5  # for which generated operations are reused before the files are read again


def _convert(declared: QuestionParameter) -> Parameter:
    """Converts a parameter of a question to a parameter of a request."""
    default = "" if declared.default == ANY else f" Default: `{declared.default}`."
    words = f"{declared.label[ENGLISH]}.{default} `*` means any."
    match declared.type:
        case "xsd:date":
            return parameter.day(declared.name, words, many=True, open_too=True)
        case "xsd:boolean":
            return parameter.truth(declared.name, words, many=True, open_too=True)
        case kind if kind.startswith("xsd:"):
            return parameter.text(declared.name, words, many=True)
        case kind:
            what = "anything" if kind == ANYTHING else f"of `{kind}`"
            return parameter.text(declared.name, f"{words} An entity ({what}): {THING}.", many=True)


def _parameters(question: Question, others: list[Parameter]) -> list[Parameter]:
    """Returns the parameters of a question, with those that all questions have.

    Raises:
        InvalidData: if two parameters have the same name.
    """
    own = [_convert(one) for one in question.parameters if one.name not in (AS_OF, LANGUAGE)]
    days = [parameter.day("as_of", f"{one.label[ENGLISH]}.") for one in question.parameters if one.name == AS_OF]
    found = [*own, *days, LANG, *others]
    names = [one.name for one in (*found, parameter.text("format", ""))]
    if duplicates := {name for name in names if names.count(name) > 1}:
        raise InvalidData(
            f"The question '{question.name}' has a parameter '{min(duplicates)}', a name that the server reserves; rename it."
        )
    return found


def _answer(question: Question) -> Operation:
    columns = {
        column.name: {**(ref("List") if column.list else ref("Value")), "description": column.label[ENGLISH]} for column in question.columns
    }
    row = {"type": "object", "properties": columns, "required": list(columns), "additionalProperties": False}
    return Operation(
        f"{ROOT}/questions/{question.name}/answer",
        f"answer_{question.name.replace('-', '_')}",
        "questions",
        question.title[ENGLISH],
        "api.answer",
        {"allOf": [ref("Answer"), {"type": "object", "properties": {"rows": {"type": "array", "items": row}}}]},
        description=question.description[ENGLISH].strip(),
        parameters=_parameters(
            question,
            [
                parameter.truth("evidence", "Whether to include the evidence of each cell (JSON only).", default=True),
                parameter.RELIABLE,
                parameter.truth("citation", "Whether to include the permanent address of the whole answer (JSON only).", default=False),
                paging.limit(10_000, 10_000),
                paging.OFFSET,
            ],
        ),
        formats=download.TABLES,
        paged=True,
        given={"question": question.name},
        aliases={AS_OF: "as_of"},
        renamed=question,
    )


def _graph(question: Question, is_expandable: bool) -> Operation:
    expansion = [
        parameter.count("depth", "Maximum number of steps from the start node.", most=10, default=1),
        parameter.count("limit", "Maximum number of nodes. A step that would exceed it is not taken.", most=10_000),
    ]
    return Operation(
        f"{ROOT}/graph/{question.name}",
        f"graph_{question.name.replace('-', '_')}",
        "graphs",
        question.title[ENGLISH],
        "api.graph",
        ref("Graph"),
        description=question.description[ENGLISH].strip(),
        parameters=_parameters(
            question,
            [
                *(expansion if is_expandable else []),
                parameter.text("weight", "The column of the edges that is their weight.", default=WEIGHT),
                parameter.one_of(
                    "onto", "Project onto one side: its nodes are linked if they share a node of the other side.", ["subject", "object"]
                ),
                parameter.one_of("part", "The table to return in a table format.", ["nodes", "edges"], default="edges"),
            ],
        ),
        formats=download.GRAPHS,
        given={"projection": question.name},
        aliases={AS_OF: "as_of"},
        renamed=question,
    )


@lru_cache(maxsize=4)
def _build_operations(layout: Layout, moment: int) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:  # noqa: ARG001  a later moment reads the files again
    answers = {name: _answer(question) for name, question in sorted(load_catalogue(layout).questions.items())}
    graphs = {name: _graph(one.question, one.expand is not None) for name, one in load_projections(layout).projections.items()}
    return answers, graphs


def _current_operations(layout: Layout) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:
    return _build_operations(layout, int(time.monotonic() / _SECONDS_TO_REUSE))


FAMILIES = [
    Family(f"{ROOT}/questions/{{question}}/answer", "question", "The answer to a question.", lambda layout: _current_operations(layout)[0]),
    Family(f"{ROOT}/graph/{{projection}}", "projection", "A graph.", lambda layout: _current_operations(layout)[1]),
]
