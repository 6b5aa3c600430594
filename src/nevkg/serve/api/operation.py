"""Operations: each is declared once for the routes, the reader of requests and the OpenAPI document.

Those of questions and projections are generated from the metadata in their files.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from keyword import iskeyword
from typing import Any

from nevkg.ask.arguments import ANYTHING
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.catalogue import Parameter as QuestionParameter
from nevkg.ask.evaluation import LANGUAGE
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData
from nevkg.network import load_projections
from nevkg.network.projections import WEIGHT
from nevkg.serve import parameter
from nevkg.serve.api.schemas import Schema, ref
from nevkg.serve.jobs import Reply, Task, bytes_reply
from nevkg.serve.parameter import KNOWN_BY, Parameter
from nevkg.serve.problem import Problem
from nevkg.sparql.binding import ANY

TABLE_FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "zip": "application/zip",
    "bibtex": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}
GRAPH_FORMATS = {
    "json": "application/json",
    "cyjs": "application/vnd.cytoscape+json",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "dot": "text/vnd.graphviz",
    "csv": TABLE_FORMATS["csv"],
    "tsv": TABLE_FORMATS["tsv"],
    "parquet": TABLE_FORMATS["parquet"],
    "xlsx": TABLE_FORMATS["xlsx"],
    "svg": "image/svg+xml",
    "png": "image/png",
}
EXPORT_FORMATS = {name: GRAPH_FORMATS[name] for name in ("graphml", "gexf", "cyjs", "dot", "csv", "json")}
ENTITY_FORMATS = {"json": "application/json", "turtle": "text/turtle", "md": "text/markdown", "text": "text/plain"}
_ENDINGS = {"turtle": "ttl", "text": "txt", "bibtex": "bib", "csl": "csl.json"}


def file_reply(name: str, format_name: str, media: str, content: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """Returns a reply that a browser offers to save as a file; ``name`` has no extension."""
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    disposition = f'attachment; filename="nevkg-{name}.{_ENDINGS.get(format_name, format_name)}"'
    return bytes_reply(media + charset, content, {**(headers or {}), "Content-Disposition": disposition})


ROOT = "/api"
JSON = {"json": "application/json"}
THING = "a short name, an IRI, or a name in any language"

_KNOWN_BY = parameter.day(KNOWN_BY, "Leave out sources published after this day, and all facts derived from them.")
LANG = parameter.one_of("lang", "Language of labels.", terms.LANGUAGES, default=terms.LANGUAGES[0])


@dataclass(frozen=True)
class Operation:
    """One path of the API.

    Attributes:
        path: path template, such as ``/api/questions/{question}``.
        name: unique name, the ``operationId`` in the document.
        topic: the tag that groups operations in the document.
        summary: a short sentence.
        task: module and class of the task, whose fields are the parameters; imported on first use, so that a server starts fast.
        answer: JSON Schema of the response in JSON.
        description: further description, in Markdown.
        parameters: query parameters; ``format`` and ``known_by`` are added automatically.
        path_parameters: path parameters: name to description.
        formats: format name to media type, our preference first.
        paged: whether the response is one page of a list, with the headers for paging.
        given: further fields of the task.
        aliases: alternative names of parameters, mapped to the names.
        is_of_data: whether the response depends on statements, and so accepts ``known_by``.
        takes_query: whether a SPARQL query is sent in the body of a POST; it is the field ``query`` of the task.
        takes: JSON Schema of a document that is sent in the body of a POST; it is the field ``document`` of the task.
    """

    path: str
    name: str
    topic: str
    summary: str
    task: str
    answer: Schema
    description: str = ""
    parameters: Sequence[Parameter] = ()
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=lambda: JSON)
    paged: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    is_of_data: bool = True
    takes_query: bool = False
    takes: Schema | None = None

    @property
    def task_class(self) -> type[Task]:
        """The class of the task."""
        module, _, name = self.task.partition(".")
        found: type[Task] = getattr(import_module(f"nevkg.serve.api.{module}"), name)
        return found

    def make_task(self, asked: Mapping[str, Any], **others: Any) -> Task:
        """Returns the task for a request.

        Args:
            asked: the parameters in the address. Those of the question whose answer it is, which can all be repeated, become the field
                ``values``; each other one is a field, with an underscore after a keyword of Python.
            others: values that the task gets if it has a field for them.
        """
        defaults = {declared.name: declared.default for declared in self.all_parameters if declared.default is not None}
        given = {**defaults, **asked}
        given.pop("format", None)
        known = inspect.signature(self.task_class).parameters
        if "values" in known:
            others["values"] = {name: given.pop(name) for name, value in asked.items() if isinstance(value, list)}
        fields = {f"{name}_" if iskeyword(name) else name: value for name, value in given.items()}
        others = {name: value for name, value in {**others, "asked": asked}.items() if name in known}
        return self.task_class(**fields, **others, **self.given)

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST" if self.takes_query or self.takes else "GET"

    @property
    def all_parameters(self) -> Sequence[Parameter]:
        """All query parameters, including ``known_by`` and ``format``."""
        own = [*self.parameters, _KNOWN_BY] if self.is_of_data else [*self.parameters]
        if len(self.formats) == 1:
            return own
        description = "The format; it overrides the Accept header."
        return [*own, parameter.one_of("format", description, list(self.formats))]


@dataclass(frozen=True)
class Family:
    """A group of similar operations, such as one for each question.

    Attributes:
        path: path template for all of them, with one path parameter.
        what: noun for the value of that parameter, used in messages.
        summary: a short sentence.
        members: returns the operations by that value.
    """

    path: str
    what: str
    summary: str
    members: Callable[[Layout], Mapping[str, Operation]]

    def member(self, layout: Layout, name: str) -> Operation:
        """Returns an operation.

        Raises:
            Problem: 404 if there is none.
        """
        members = self.members(layout)
        if name not in members:
            known = f"; there are {', '.join(members)}" if len(members) <= _MOST_NAMED else ""
            raise Problem(404, f"There is no {self.what} '{name[:80]}'{known}.{terms.suggest(name[:80], list(members))}")
        return members[name]


ENGLISH = terms.LANGUAGES[0]
_MOST_NAMED = 20  # members of a family that a message lists
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
    own = [_convert(declared) for declared in question.parameters if declared.name not in (AS_OF, LANGUAGE)]
    days = [parameter.day("as_of", f"{declared.label[ENGLISH]}.") for declared in question.parameters if declared.name == AS_OF]
    found = [*own, *days, LANG, *others]
    names = [declared.name for declared in (*found, parameter.text("format", ""))]
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
        "question_jobs.AnswerQuestion",
        {"allOf": [ref("Answer"), {"type": "object", "properties": {"rows": {"type": "array", "items": row}}}]},
        description=question.description[ENGLISH].strip(),
        parameters=_parameters(
            question,
            [
                parameter.truth("evidence", "Whether to include the evidence of each cell (JSON only).", default=True),
                parameter.RELIABLE,
                parameter.truth("citation", "Whether to include the permanent address of the whole answer (JSON only).", default=False),
                parameter.limit(10_000, 10_000),
                parameter.OFFSET,
            ],
        ),
        formats=TABLE_FORMATS,
        paged=True,
        given={"question": question.name},
        aliases={AS_OF: "as_of", **question.other_names},
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
        "graph_jobs.DrawGraph",
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
        formats=GRAPH_FORMATS,
        given={"projection": question.name},
        aliases={AS_OF: "as_of", **question.other_names},
    )


@lru_cache(maxsize=4)
def _build_operations(layout: Layout, moment: int) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:  # noqa: ARG001  a later moment reads the files again
    answers = {name: _answer(question) for name, question in sorted(load_catalogue(layout).questions.items())}
    projections = load_projections(layout).projections
    graphs = {name: _graph(projection.question, projection.expand is not None) for name, projection in projections.items()}
    return answers, graphs


def _current_operations(layout: Layout) -> tuple[Mapping[str, Operation], Mapping[str, Operation]]:
    return _build_operations(layout, int(time.monotonic() / _SECONDS_TO_REUSE))


FAMILIES = [
    Family(f"{ROOT}/questions/{{question}}/answer", "question", "The answer to a question.", lambda layout: _current_operations(layout)[0]),
    Family(f"{ROOT}/graph/{{projection}}", "projection", "A graph.", lambda layout: _current_operations(layout)[1]),
]
