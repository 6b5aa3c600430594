"""The operations that questions and projections make, from the heads of their files."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache

from nevkg.ask.answer import LANGUAGE
from nevkg.ask.arguments import ANYTHING
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.catalogue import Parameter as Asked
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
_SECONDS = 5  # for which the heads of questions are taken to be as they were


def _own(asked: Asked) -> Parameter:
    """A parameter of a question, as a request has it."""
    default = "" if asked.default == ANY else f" Default: `{asked.default}`."
    words = f"{asked.label[ENGLISH]}.{default} `*` means any."
    match asked.type:
        case "xsd:date":
            return parameter.day(asked.name, words, many=True, open_too=True)
        case "xsd:boolean":
            return parameter.truth(asked.name, words, many=True, open_too=True)
        case kind if kind.startswith("xsd:"):
            return parameter.text(asked.name, words, many=True)
        case kind:
            what = "anything" if kind == ANYTHING else f"of `{kind}`"
            return parameter.text(asked.name, f"{words} A thing ({what}): {THING}.", many=True)


def _parameters(question: Question, others: list[Parameter]) -> list[Parameter]:
    """Those of its head, and those that all have.

    Raises:
        InvalidData: if two have one name.
    """
    own = [_own(one) for one in question.parameters if one.name not in (AS_OF, LANGUAGE)]
    days = [parameter.day("as_of", f"{one.label[ENGLISH]}.") for one in question.parameters if one.name == AS_OF]
    found = [*own, *days, LANG, *others]
    names = [one.name for one in (*found, parameter.text("format", ""))]
    if twice := {name for name in names if names.count(name) > 1}:
        raise InvalidData(
            f"The question '{question.name}' has a parameter '{min(twice)}', which the server has, too; give it another name."
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
                parameter.truth("evidence", "Whether to tell what each cell rests on (JSON).", default=True),
                paging.limit(10_000, 10_000),
                paging.OFFSET,
            ],
        ),
        formats=download.TABLES,
        paged=True,
        given={"question": question.name},
        also={AS_OF: "as_of"},
        renamed=question,
    )


def _graph(question: Question, grows: bool) -> Operation:
    growth = [
        parameter.count("depth", "Steps from node to node.", most=10, default=1),
        parameter.count("limit", "How many nodes it may reach; a step that would go beyond is not taken.", most=10_000),
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
                *(growth if grows else []),
                parameter.text("weight", "Which column of the edges is their weight.", default=WEIGHT),
                parameter.one_of("onto", "Keep one side, joined where it shares the other.", ["subject", "object"]),
                parameter.one_of("part", "Which table, where the format is one of tables.", ["nodes", "edges"], default="edges"),
            ],
        ),
        formats=download.GRAPHS,
        given={"projection": question.name},
        also={AS_OF: "as_of"},
        renamed=question,
    )


@lru_cache(maxsize=4)
def _made(layout: Layout, moment: int) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:  # noqa: ARG001  after which files may differ
    answers = {name: _answer(question) for name, question in sorted(load_catalogue(layout).questions.items())}
    graphs = {name: _graph(one.question, one.expand is not None) for name, one in load_projections(layout).projections.items()}
    return answers, graphs


def _now(layout: Layout) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:
    return _made(layout, int(time.monotonic() / _SECONDS))


FAMILIES = [
    Family(f"{ROOT}/questions/{{question}}/answer", "question", "The answer to a question.", lambda layout: _now(layout)[0]),
    Family(f"{ROOT}/graph/{{projection}}", "projection", "A graph.", lambda layout: _now(layout)[1]),
]
