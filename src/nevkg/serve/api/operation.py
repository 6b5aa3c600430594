"""Operations: each is declared once for the routes, the reader of requests and the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nevkg.ask.catalogue import Question
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.serve.api import parameter
from nevkg.serve.api.parameter import Parameter
from nevkg.serve.clocks import KNOWN_BY
from nevkg.serve.http.problem import Problem

ROOT = "/api"
JSON = {"json": "application/json"}
Schema = Mapping[str, Any]
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
        task: the task, a name in ``tasks.TASKS``.
        answer: JSON Schema of the response in JSON.
        description: further description, in Markdown.
        parameters: query parameters; ``format`` and ``known_by`` are added automatically.
        path_parameters: path parameters: name to description.
        formats: format name to media type, our preference first.
        paged: whether the response is one page of a list, with the headers for paging.
        given: further arguments of the task.
        aliases: alternative names of parameters, mapped to the names.
        renamed: the question whose parameters are also accepted by their former names.
        needs_base: whether the task gets the address of the server as ``base``.
        is_of_data: whether the response depends on statements, and so accepts ``known_by``.
        takes_query: whether a SPARQL query is sent in the body of a POST; the task gets it as ``query``.
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
    renamed: Question | None = None
    needs_base: bool = False
    is_of_data: bool = True
    takes_query: bool = False

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST" if self.takes_query else "GET"

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
            raise Problem(404, f"There is no {self.what} '{name[:80]}'.{terms.suggest(name[:80], list(members))}")
        return members[name]


def ref(name: str) -> Schema:
    """Returns a reference to a schema of ``schemas.yaml``."""
    return {"$ref": f"#/components/schemas/{name}"}
