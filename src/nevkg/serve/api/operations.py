"""All operations: those that are always there, and those that questions and projections make."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache

from nevkg import terms
from nevkg.answer import AS_OF, LANGUAGE
from nevkg.arguments import ANYTHING
from nevkg.errors import InvalidData
from nevkg.layout import Layout
from nevkg.network import load_projections
from nevkg.questions import ANY, Question, load_catalogue
from nevkg.questions import Parameter as Asked
from nevkg.serve.api import download, paging, parameter
from nevkg.serve.api.operation import LANG, ROOT, Family, Operation, ref
from nevkg.serve.api.parameter import Parameter

ENGLISH = terms.LANGUAGES[0]
_SECONDS = 5  # for which the heads of questions are taken to be as they were

_Q = parameter.text("q", "A name or a part of one, in any language.", required=True)
_NARROW = parameter.text("q", "Only what has this text in a name, in any language.")
_IN = parameter.text("in", "The projection to look in.", default="neighbourhood")
_DAY = parameter.day("as_of", "The day that the answer is for; the date of the dataset if left out.")
_QUESTION = ("The name of a question.", "local-manufacturers")
_THING = "a short name, an IRI, or a name in any language"

FIXED = [
    Operation(ROOT, "index", "dataset", "What there is here.", "api.index", ref("Index")),
    Operation(f"{ROOT}/openapi.json", "openapi", "dataset", "This API as an OpenAPI document.", "api.openapi", {"type": "object"}),
    Operation(
        f"{ROOT}/questions",
        "questions",
        "questions",
        "The catalogue of questions, by topic.",
        "api.questions",
        ref("Catalogue"),
        parameters=[
            parameter.text("topic", "Only questions of this topic."),
            parameter.text("tag", "Only questions with this tag."),
            parameter.text("q", "Only questions whose name, title, description or tags hold this text."),
        ],
    ),
    Operation(
        f"{ROOT}/questions/{{question}}",
        "question",
        "questions",
        "One question, with its parameters, columns and SPARQL.",
        "api.question",
        ref("Question"),
        places={"question": _QUESTION},
    ),
    Operation(
        f"{ROOT}/questions/{{question}}/parameters/{{parameter}}/options",
        "options",
        "questions",
        "What a parameter can be.",
        "api.options",
        ref("Options"),
        places={"question": _QUESTION, "parameter": ("The name of one of its parameters.", "bloc")},
        parameters=[_NARROW, LANG, paging.limit(100, 1000), paging.OFFSET],
        paged=True,
    ),
    Operation(
        f"{ROOT}/search",
        "search",
        "things",
        "Things by name, alias or identifier, best first.",
        "api.search",
        ref("Hits"),
        description="Case, accents and small slips do not matter.",
        parameters=[
            _Q,
            parameter.text("kind", "Only things of this class or vocabulary.", examples=["nev:Plant"]),
            LANG,
            parameter.count("limit", "How many at the most.", most=200, default=20),
        ],
    ),
    Operation(
        f"{ROOT}/entities",
        "entity_by_iri",
        "things",
        "All that is known of a thing, statement by statement.",
        "api.entity",
        ref("Entity"),
        description="Statements, the history that follows from them, and the sources, in words. In Turtle the triples themselves.",
        parameters=[parameter.text("iri", f"The thing: {_THING}.", required=True), LANG, paging.limit(1000, 10_000), paging.OFFSET],
        formats=download.THINGS,
        paged=True,
    ),
    Operation(
        f"{ROOT}/entities/{{kind}}/{{slug}}",
        "entity",
        "things",
        "All that is known of a thing, by its name.",
        "api.entity",
        ref("Entity"),
        places={"kind": ("The prefix of its name.", "place"), "slug": ("The rest of its name.", "TH")},
        parameters=[LANG, paging.limit(1000, 10_000), paging.OFFSET],
        formats=download.THINGS,
        paged=True,
    ),
    Operation(
        f"{ROOT}/evidence",
        "evidence",
        "things",
        "The statements behind a cell, a node or an edge.",
        "api.evidence",
        ref("Evidence"),
        description=(
            "Answers and graphs name what each cell and edge rests on; here are the statements behind that (`behind`), and what else "
            "is said of the same subject and property (`beside`), each with its source, its facts and its place in the text."
        ),
        parameters=[
            parameter.text("iri", "A statement, an episode, or a thing that statements are about.", many=True, required=True),
            LANG,
            paging.limit(1000, 10_000),
            paging.OFFSET,
        ],
        paged=True,
    ),
    Operation(
        f"{ROOT}/places",
        "places",
        "things",
        "Where places and plants lie.",
        "api.places",
        ref("Places"),
        description="`at` is the place whose position it is: the thing itself, or its city, region or country.",
        parameters=[
            parameter.text("iri", "Only these things.", many=True),
            LANG,
            paging.limit(10_000, 10_000),
            paging.OFFSET,
        ],
        paged=True,
    ),
    Operation(f"{ROOT}/graph", "projections", "graphs", "What can be drawn as a graph.", "api.projections", ref("Projections")),
    Operation(
        f"{ROOT}/graph/{{projection}}/parameters/{{parameter}}/options",
        "graph_options",
        "graphs",
        "What a parameter can be.",
        "api.options",
        ref("Options"),
        places={"projection": ("The name of a projection.", "ownership"), "parameter": ("The name of one of its parameters.", "group")},
        parameters=[_NARROW, LANG, paging.limit(100, 1000), paging.OFFSET],
        paged=True,
    ),
    Operation(
        f"{ROOT}/path",
        "path",
        "graphs",
        "How two things are connected, step by step, with sources.",
        "api.path",
        ref("Paths"),
        parameters=[
            parameter.text("from", f"A thing: {_THING}.", required=True),
            parameter.text("to", "Another thing.", required=True),
            _IN,
            parameter.text("avoid", "No path may lead through this.", many=True),
            parameter.count("longest", "All paths of at most so many steps, not just the shortest.", most=12),
            parameter.count("limit", "At most so many paths.", most=100, default=10),
            _DAY,
            LANG,
        ],
        formats=download.TABLES,
    ),
    Operation(
        f"{ROOT}/neighbours",
        "neighbours",
        "graphs",
        "What is linked with a thing, by kind.",
        "api.neighbours",
        ref("Neighbours"),
        parameters=[
            parameter.text("iri", f"The thing: {_THING}.", required=True),
            parameter.text("exclude", "What is shown already, and not given again; its edges are.", many=True),
            parameter.text("kind", "Only neighbours of this class."),
            _IN,
            _DAY,
            LANG,
            paging.limit(25, 1000),
            paging.OFFSET,
        ],
        description="`limit` and `offset` count within each kind.",
    ),
    Operation(
        f"{ROOT}/dataset", "dataset", "dataset", "What the dataset is, and how large.", "api.dataset", ref("Dataset"), parameters=[LANG]
    ),
    Operation(
        f"{ROOT}/ontology",
        "ontology",
        "dataset",
        "Classes, properties and vocabularies, with how often they are used.",
        "api.ontology",
        ref("Ontology"),
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/quality",
        "quality",
        "dataset",
        "What the data covers, how complete and how old it is.",
        "api.quality",
        ref("Quality"),
        description="Questions tell more, such as where sources disagree; see those with the tag `evidence`.",
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/quality/checks", "checks", "dataset", "What is thin or doubtful, by check.", "api.checks", ref("Checks"), parameters=[LANG]
    ),
    Operation(
        f"{ROOT}/quality/checks/{{check}}",
        "check",
        "dataset",
        "What one check finds, in words.",
        "api.findings",
        ref("Findings"),
        places={"check": ("Its name.", "state-from-one-source")},
        parameters=[LANG, paging.limit(100, 10_000), paging.OFFSET],
        paged=True,
    ),
]


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
            return parameter.text(asked.name, f"{words} A thing ({what}): {_THING}.", many=True)


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
                parameter.text("weight", "Which column of the edges is their weight.", default="weight"),
                parameter.one_of("onto", "Keep one side, joined where it shares the other.", ["subject", "object"]),
                parameter.one_of("part", "Which table, where the format is one of tables.", ["nodes", "edges"], default="edges"),
            ],
        ),
        formats=download.GRAPHS,
        given={"projection": question.name},
        also={AS_OF: "as_of"},
    )


@lru_cache(maxsize=4)
def _made(layout: Layout, moment: int) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:  # noqa: ARG001  after which files may differ
    answers = {name: _answer(question) for name, question in sorted(load_catalogue(layout).questions.items())}
    graphs = {name: _graph(one.question, one.expand is not None) for name, one in load_projections(layout).projections.items()}
    return answers, graphs


def _now(layout: Layout) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:
    return _made(layout, int(time.monotonic() / _SECONDS))


FAMILIES = [
    Family(f"{ROOT}/questions/{{question}}/answer", "question", lambda layout: _now(layout)[0]),
    Family(f"{ROOT}/graph/{{projection}}", "projection", lambda layout: _now(layout)[1]),
]
