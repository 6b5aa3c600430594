"""The documents of the API that a page contains, so that its script need not request what the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from urllib.parse import urlencode

from markupsafe import Markup

from nevkg.ask.catalogue import AS_OF as DAY
from nevkg.errors import NevkgError
from nevkg.serve.api.dataset_jobs import DescribeDataset
from nevkg.serve.api.entity_jobs import ShowCard
from nevkg.serve.api.operation import FAMILIES
from nevkg.serve.api.question_jobs import DescribeQuestion, ListQuestions
from nevkg.serve.jobs import Task
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


def of_entity(store: Store, view: View, name: str) -> Documents:
    """Returns the documents of the page of an entity with a short name."""
    day = view.links.day
    return _embed(store, view, {_address("cards", view, iri=name, as_of=day or ""): ShowCard(iri=name, as_of=day, lang=view.language)})


def of_question(store: Store, view: View, name: str, asked: Mapping[str, Sequence[str]], *, is_short: bool) -> Documents:
    """Returns the documents of a question; with its answer for the parameters as typed, if the answer ``is_short``."""
    found: dict[str, Task] = {_address(f"questions/{name}", view, lang=""): DescribeQuestion(question=name)}
    if is_short:
        given = {AS_OF if key == DAY else key: values for key, values in asked.items()} | {"lang": [view.language]}
        operation = _ANSWERS.member(store.layout, name)
        pairs = [(key, value) for key, values in given.items() for value in values]
        task = operation.make_task(read_all(operation.all_parameters, pairs, operation.aliases), format="json")
        found[_address(f"questions/{name}/answer", view, **given)] = task
    return _embed(store, view, found)


def _address(path: str, view: View, **query: str | Sequence[str]) -> str:
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
    body = BytesIO()
    try:
        task.run(store).write(body)
    except (Problem, NevkgError):
        return Markup()
    return _for_script(body.getvalue().decode())


def _for_script(document: str) -> Markup:
    """Returns JSON as the content of a script element, which must not end the element."""
    return Markup(document.replace("<", "\\u003c"))
