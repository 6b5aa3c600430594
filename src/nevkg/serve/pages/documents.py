"""The documents of the API that a page contains, so that its script need not request what the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import cast
from urllib.parse import urlencode

from markupsafe import Markup

from nevkg.ask.answer import Answer
from nevkg.ask.catalogue import AS_OF as DAY
from nevkg.errors import NevkgError
from nevkg.serve.api.dataset_jobs import DescribeDataset
from nevkg.serve.api.operations import FAMILIES
from nevkg.serve.api.question_jobs import AnswerQuestion, DescribeQuestion, ListQuestions
from nevkg.serve.jobs import Reply, Task
from nevkg.serve.pages.render import View
from nevkg.serve.parameter import AS_OF, KNOWN_BY, read_all
from nevkg.serve.problem import Problem
from nevkg.store import Store

_ANSWERS = FAMILIES[0]
# A document: its address, relative to the root of the server, and its JSON for a script element.
Documents = Sequence[tuple[str, Markup]]


def of_page(store: Store, view: View) -> Documents:
    """Returns the documents that all pages need."""
    return _embed(store, view, {})


def of_catalogue(store: Store, view: View) -> Documents:
    """Returns the documents of the list of questions."""
    return _embed(store, view, {_address("questions", view, lang=""): ListQuestions()})


def of_question(store: Store, view: View, name: str, asked: Mapping[str, Sequence[str]], answer: Markup) -> Documents:
    """Returns the documents of a question; with that of its answer for the parameters as typed, unless it is empty."""
    own = _embed(store, view, {_address(f"questions/{name}", view, lang=""): DescribeQuestion(question=name)})
    address = _address(f"questions/{name}/answer", view, **_request_answer(asked, view.language))
    return [*([(address, answer)] if answer else []), *own]


def describe_answer(store: Store, answer: Answer, asked: Mapping[str, Sequence[str]]) -> Markup:
    """Returns the document of an answer for the parameters as typed."""
    operation = _ANSWERS.member(store.layout, answer.question.name)
    pairs = [(key, value) for key, values in _request_answer(asked, answer.language).items() for value in values]
    task = cast(AnswerQuestion, operation.make_task(read_all(operation.all_parameters, pairs, operation.aliases), format="json"))
    return _read(task.format_answer(store, answer))


def _request_answer(asked: Mapping[str, Sequence[str]], language: str) -> dict[str, Sequence[str]]:
    """Returns the parameters of a request for an answer."""
    return {AS_OF if key == DAY else key: values for key, values in asked.items()} | {"lang": [language]}


def _address(path: str, view: View, /, **query: str | Sequence[str]) -> str:
    """Returns an address of the API as the explorer requests it, but for the order of its parameters."""
    given = {"lang": view.language, **query, KNOWN_BY: view.links.known_by or ""}
    asked = urlencode({name: values for name, values in given.items() if values}, doseq=True)
    return f"api/{path}{'?' if asked else ''}{asked}"


def _embed(store: Store, view: View, tasks: Mapping[str, Task]) -> Documents:
    """Returns the documents, and that of the dataset, which all pages show; without those that cannot be made."""
    every = {**tasks, _address("dataset", view): DescribeDataset(lang=view.language)}
    return [(address, document) for address, task in every.items() if (document := _run(store, task))]


def _run(store: Store, task: Task) -> Markup:
    """Returns the JSON of a document; empty if there is none, which a request for it explains."""
    try:
        return _read(task.run(store))
    except (Problem, NevkgError):
        return Markup()


def _read(reply: Reply) -> Markup:
    body = BytesIO()
    reply.write(body)
    # The content of a script element must not end it.
    return Markup(body.getvalue().decode().replace("<", "\\u003c"))
