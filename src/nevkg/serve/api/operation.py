"""Operations: what can be requested, declared once for the routes, for the reader of requests and for the OpenAPI document."""

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

_KNOWN_BY = parameter.day(KNOWN_BY, "Leave out sources published after this day, and what follows from them.")
LANG = parameter.one_of("lang", "Language of labels.", terms.LANGUAGES, default=terms.LANGUAGES[0])


@dataclass(frozen=True)
class Operation:
    """One path and what can be had there.

    Attributes:
        path: a template, such as ``/api/questions/{question}``.
        name: unique; ``operationId`` in the document.
        topic: groups the operations of the document.
        summary: a short sentence.
        task: that does it, a name in ``tasks.TASKS``.
        answer: the JSON Schema of the answer in JSON.
        description: what else there is to say, in Markdown.
        parameters: of the query; the format comes by itself.
        places: of the path: name to description.
        formats: name to media type, ours first.
        paged: whether an answer may be a part, with headers that say so.
        given: what the task is told besides.
        also: further names of parameters.
        renamed: the question whose parameters may be given by their former names, too.
        needs_base: whether the task is told the address of the server, as ``base``.
        is_of_data: whether the answer depends on what sources say, and so on which of them count.
        takes_query: whether a SPARQL query is sent as the body of a POST; the task gets it as ``query``.
    """

    path: str
    name: str
    topic: str
    summary: str
    task: str
    answer: Schema
    description: str = ""
    parameters: Sequence[Parameter] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=lambda: JSON)
    paged: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    renamed: Question | None = None
    needs_base: bool = False
    is_of_data: bool = True
    takes_query: bool = False

    @property
    def method(self) -> str:
        """Of requests."""
        return "POST" if self.takes_query else "GET"

    @property
    def asked(self) -> Sequence[Parameter]:
        """All parameters of the query, the format among them."""
        own = [*self.parameters, _KNOWN_BY] if self.is_of_data else [*self.parameters]
        if len(self.formats) == 1:
            return own
        description = "The format; it wins over the header Accept."
        return [*own, parameter.one_of("format", description, list(self.formats))]


@dataclass(frozen=True)
class Family:
    """Operations of one shape, such as one for each question.

    Attributes:
        path: the template that fits all of them, with one place.
        what: a word for what is named there.
        summary: a short sentence.
        members: makes them, by that name.
    """

    path: str
    what: str
    summary: str
    members: Callable[[Layout], Mapping[str, Operation]]

    def member(self, layout: Layout, name: str) -> Operation:
        """The operation of that name.

        Raises:
            Problem: 404 if there is none.
        """
        members = self.members(layout)
        if name not in members:
            raise Problem(404, f"There is no {self.what} '{name[:80]}'.{terms.nearest(name[:80], list(members))}")
        return members[name]


def ref(name: str) -> Schema:
    """A schema of ``schemas.yaml``."""
    return {"$ref": f"#/components/schemas/{name}"}
