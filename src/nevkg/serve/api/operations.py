"""The operations of the API: each is declared once for the routes, the reader of requests and the OpenAPI document.

The parameters of an operation are fields of its task, and its description is the docstring. Those of questions and projections are
generated from the metadata in their files.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from keyword import iskeyword
from typing import Any, get_type_hints

from nevkg.ask.arguments import ANYTHING, EVERYTHING
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.catalogue import Parameter as QuestionParameter
from nevkg.ask.evaluation import LANGUAGE
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData
from nevkg.network import load_projections
from nevkg.serve import parameter
from nevkg.serve.api import dataset_jobs, entity_jobs, graph_jobs, question_jobs
from nevkg.serve.api.graph_jobs import DrawGraph
from nevkg.serve.api.question_jobs import AnswerQuestion
from nevkg.serve.api.results import ENTITY_FORMATS, EXPORT_FORMATS, GRAPH_FORMATS, TABLE_FORMATS, PagedTask
from nevkg.serve.api.schemas import Schema, ref
from nevkg.serve.jobs import Task
from nevkg.serve.parameter import KNOWN_BY, TRUTHS, Parameter
from nevkg.serve.problem import unknown_name
from nevkg.sparql.binding import ANY

ROOT = "/api"
JSON = {"json": "application/json"}
_KNOWN_BY = parameter.day("Leave out sources published after this day, and all facts derived from them.")


@dataclass(frozen=True)
class Operation:
    """One path of the API.

    Attributes:
        path: path template, such as ``/api/questions/{question}``.
        name: unique name, the ``operationId`` in the document.
        topic: the tag that groups operations in the document.
        summary: a short sentence.
        task: the class of its task.
        answer: JSON Schema of the response in JSON.
        description: further description, in Markdown.
        parameters: query parameters by name; ``format`` and ``known_by`` are added automatically.
        path_parameters: path parameters: name to description.
        formats: format name to media type, our preference first.
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
    task: type[Task]
    answer: Schema
    description: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=lambda: JSON)
    given: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    is_of_data: bool = True
    takes_query: bool = False
    takes: Schema | None = None

    @property
    def paged(self) -> bool:
        """Whether the response is one page of a list, with the headers for paging."""
        return issubclass(self.task, PagedTask)

    def make_task(self, asked: Mapping[str, Any], **others: Any) -> Task:
        """Returns the task for a request.

        Args:
            asked: the parameters in the address. Those of the question whose answer it is, which can all be repeated, become the field
                ``values``; each other one is a field, with an underscore after a keyword of Python.
            others: values that the task gets if it has a field for them.
        """
        defaults = {name: declared.default for name, declared in self.all_parameters.items() if declared.default is not None}
        given = {**defaults, **asked}
        given.pop("format", None)
        known = inspect.signature(self.task).parameters
        if "values" in known:
            others["values"] = {name: given.pop(name) for name, value in asked.items() if isinstance(value, list)}
        fields = {f"{name}_" if iskeyword(name) else name: value for name, value in given.items()}
        others = {name: value for name, value in {**others, "asked": asked}.items() if name in known}
        return self.task(**fields, **others, **self.given)

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST" if self.takes_query or self.takes else "GET"

    @property
    def all_parameters(self) -> Mapping[str, Parameter]:
        """All query parameters by name, including ``known_by`` and ``format``."""
        own = {**self.parameters, **({KNOWN_BY: _KNOWN_BY} if self.is_of_data else {})}
        if len(self.formats) == 1:
            return own
        return {**own, "format": parameter.one_of("The format; it overrides the Accept header.", list(self.formats))}


@cache
def read_fields(task: type[Task]) -> tuple[dict[str, Parameter], dict[str, str]]:
    """Returns the query parameters and the descriptions of the path parameters that the fields of a task declare in ``Annotated``.

    Those of a class come before those of its bases.
    """
    hints = get_type_hints(task, include_extras=True)
    names = dict.fromkeys(name for kind in task.__mro__ for name in vars(kind).get("__annotations__", ()))
    notes = [(name.rstrip("_"), note) for name in names for note in getattr(hints[name], "__metadata__", ())]
    queried = {name: note for name, note in notes if isinstance(note, Parameter)}
    return queried, {name: note for name, note in notes if isinstance(note, str)}


def declare(task: type[Task], path: str, name: str, topic: str, answer: Schema, **others: Any) -> Operation:
    """Declares the operation at a path below ``ROOT``."""
    summary, _, description = inspect.cleandoc(task.__doc__ or "").partition("\n\n")
    parameters, in_path = read_fields(task)
    return Operation(
        f"{ROOT}{path}",
        name,
        topic,
        summary,
        task,
        answer,
        description=" ".join(description.split()),
        parameters=parameters,
        path_parameters={name: in_path[name] for name in re.findall(r"\{(\w+)\}", path)},
        **others,
    )


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
            raise unknown_name(self.what, name, members, known)
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
            return parameter.day(words, many=True, open_too=True)
        case "xsd:boolean":
            return parameter.one_of(words, [*TRUTHS, EVERYTHING], many=True)
        case kind if kind.startswith("xsd:"):
            return parameter.text(words, many=True)
        case kind:
            what = "anything" if kind == ANYTHING else f"of `{kind}`"
            return parameter.entity(f"{words} An entity ({what})", many=True)


def _generate(
    question: Question, path: str, name: str, topic: str, task: type[Task], answer: Schema, without: Sequence[str] = (), **others: Any
) -> Operation:
    """Generates an operation whose parameters are those of a question, and those of its task ``without`` some.

    Raises:
        InvalidData: if two parameters have the same name.
    """
    own = {declared.name: _convert(declared) for declared in question.parameters if declared.name not in (AS_OF, LANGUAGE)}
    day = next((declared.label[ENGLISH] for declared in question.parameters if declared.name == AS_OF), "")
    days = {"as_of": parameter.day(f"{day}.")} if day else {}
    of_task = {name: declared for name, declared in read_fields(task)[0].items() if name not in without}
    if duplicates := own.keys() & {*days, *of_task, "format"}:
        raise InvalidData(
            f"The question '{question.name}' has a parameter '{min(duplicates)}', a name that the server reserves; rename it."
        )
    return Operation(
        path,
        f"{name}_{question.name.replace('-', '_')}",
        topic,
        question.title[ENGLISH],
        task,
        answer,
        description=question.description[ENGLISH].strip(),
        parameters={**own, **days, **of_task},
        aliases={AS_OF: "as_of", **question.other_names},
        **others,
    )


def _answer(question: Question) -> Operation:
    columns = {
        column.name: {**(ref("List") if column.list else ref("Value")), "description": column.label[ENGLISH]} for column in question.columns
    }
    row = {"type": "object", "properties": columns, "required": list(columns), "additionalProperties": False}
    answer = {"allOf": [ref("Answer"), {"type": "object", "properties": {"rows": {"type": "array", "items": row}}}]}
    path, given = f"{ROOT}/questions/{question.name}/answer", {"question": question.name}
    return _generate(question, path, "answer", "questions", AnswerQuestion, answer, formats=TABLE_FORMATS, given=given)


def _graph(question: Question, is_expandable: bool) -> Operation:
    without = () if is_expandable else ("depth", "limit")
    path, given = f"{ROOT}/graph/{question.name}", {"projection": question.name}
    return _generate(question, path, "graph", "graphs", DrawGraph, ref("Graph"), without, formats=GRAPH_FORMATS, given=given)


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


HOME = [
    declare(question_jobs.Discover, "/discover", "discover", "things", ref("Discovery")),
    declare(question_jobs.DescribeHome, "/home", "home", "questions", ref("Home")),
    declare(question_jobs.ListStories, "/stories", "stories", "questions", ref("Stories"), is_of_data=False),
    declare(question_jobs.TellStory, "/stories/{story}", "story", "questions", ref("Story")),
]
OTHERS = [
    declare(question_jobs.ListQuestions, "/questions", "questions", "questions", ref("Catalogue")),
    declare(question_jobs.DescribeQuestion, "/questions/{question}", "question", "questions", ref("Question")),
    declare(question_jobs.ListOptions, "/questions/{question}/parameters/{parameter}/options", "options", "questions", ref("Options")),
    declare(entity_jobs.SearchEntities, "/search", "search", "things", ref("Hits")),
    declare(entity_jobs.DescribeEntity, "/entities", "entity_by_iri", "things", ref("Entity"), formats=ENTITY_FORMATS),
    declare(entity_jobs.DescribeEntityByName, "/entities/{kind}/{slug}", "entity", "things", ref("Entity"), formats=ENTITY_FORMATS),
    declare(entity_jobs.ShowCard, "/cards", "card", "things", ref("Card")),
    declare(entity_jobs.ShowEvidence, "/evidence", "evidence", "things", ref("Evidence")),
    declare(entity_jobs.ExplainRow, "/explain", "explain", "things", ref("Explanation"), takes_query=True),
    declare(entity_jobs.ExplainEmptiness, "/reason", "reason", "things", ref("EmptinessReason"), takes_query=True),
    declare(entity_jobs.LocateEntities, "/places", "places", "things", ref("Places")),
    declare(graph_jobs.ListProjections, "/graph", "projections", "graphs", ref("Projections")),
    declare(question_jobs.ListOptions, "/graph/{projection}/parameters/{parameter}/options", "graph_options", "graphs", ref("Options")),
    declare(
        graph_jobs.WriteGraph,
        "/graph/export",
        "export_graph",
        "graphs",
        {"type": "object"},
        formats=EXPORT_FORMATS,
        is_of_data=False,
        takes=ref("GraphToExport"),
    ),
    declare(graph_jobs.FindPaths, "/path", "path", "graphs", ref("Paths"), formats=TABLE_FORMATS),
    declare(graph_jobs.ListNeighbours, "/neighbours", "neighbours", "graphs", ref("Neighbours")),
    declare(dataset_jobs.DescribeDataset, "/dataset", "dataset", "dataset", ref("Dataset")),
    declare(dataset_jobs.DescribeOntology, "/ontology", "ontology", "dataset", ref("Ontology")),
    declare(dataset_jobs.MeasureQuality, "/quality", "quality", "dataset", ref("Quality")),
    declare(dataset_jobs.ListChecks, "/quality/checks", "checks", "dataset", ref("Checks")),
    declare(dataset_jobs.ListFindings, "/quality/checks/{check}", "check", "dataset", ref("Findings")),
]
