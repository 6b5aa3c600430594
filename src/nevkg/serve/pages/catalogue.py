"""The catalogue of questions, and one question with its form and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from nevkg.ask import answer, former
from nevkg.ask.answer import Answer
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Question, load_catalogue, topics
from nevkg.data.paths import Layout
from nevkg.errors import WrongUsage
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.address import OF_QUERIES, QUERY, QUESTION, path_of
from nevkg.serve.pages.cells import Cells
from nevkg.serve.pages.forms import fields
from nevkg.serve.pages.render import View, html, page
from nevkg.serve.pages.terms import Names
from nevkg.serve.reply import Reply, whole
from nevkg.store import Store

# Rows on one page.
PAGE = 100
_DOWNLOADS = ("csv", "xlsx", "json", "parquet")


def by_topic(layout: Layout, language: str) -> list[tuple[str, str, list[Question]]]:
    """Each topic with its name and its questions."""
    named = topics(layout)
    return [
        (topic, named.get(topic, {}).get(language, topic), sorted(group, key=lambda one: one.title[language].casefold()))
        for topic, group in groupby(load_catalogue(layout).find(), key=lambda one: one.topic)
    ]


def questions(store: Store, given: Mapping[str, Any]) -> Reply:
    """All questions by topic."""
    view = View.of(store, given)
    return html(page("questions", view, topics=by_topic(store.layout, view.language)), view)


def query(store: Store, given: Mapping[str, Any]) -> Reply:
    """The query of a question, as its file has it."""
    found = _named(store, given["iri"].removeprefix(QUESTION).partition("/")[0])
    return whole(f"{OF_QUERIES[QUERY]}; charset=utf-8", found.text.encode())


def question(store: Store, given: Mapping[str, Any]) -> Reply:
    """One question: its form, and the answer to what the form asks.

    Args:
        store: what is asked.
        given: ``name``; ``asked``, the values of parameters as they were typed; ``page``, of the rows; ``view``.

    Raises:
        Problem: 404 if there is no such question, or the answer has no such page.
    """
    view = View.of(store, given)
    one = _named(store, given["name"])
    days = {AS_OF: [view.links.day]} if view.links.day and one.over == SNAPSHOT and AS_OF not in given["asked"] else {}
    asked = days | {name: kept for name, values in given["asked"].items() if (kept := [value for value in values if value.strip()])}
    bound: dict[str, list[str]] = {}
    answered, wrong, hints = None, "", list[str]()
    try:
        asked, hints = former.rename(one, asked)
        bound = answer.bind(store, one, asked, None, view.language)
        answered = _answered(answer.ask(store, one, asked, language=view.language), view, given["page"])
    except WrongUsage as error:
        wrong = str(error)
    known = {"known_by": [view.links.known_by]} if view.links.known_by else {}
    content = page(
        "question",
        view,
        question=one,
        fields=fields(store, one, asked, bound, view.language),
        wrong=wrong,
        hints=hints,
        asked=asked,
        answer=answered,
        downloads={name: view.links.root + _download(one.name, known | asked, name, view.language) for name in _DOWNLOADS},
        sparql="\n".join(line for line in one.bind(bound).splitlines() if not line.startswith("#+")).strip(),
        alternates={suffix: view.links.root + path_of(QUESTION + one.name, suffix) for suffix in ("ttl", "jsonld", QUERY)},
    )
    return html(content, view)


def _answered(whole: Answer, view: View, number: int) -> dict[str, Any]:
    """One page of an answer, with the evidence of its cells."""
    pages = max(1, -(-len(whole) // PAGE))
    if number > pages:
        raise Problem(404, f"There is no page {number} of this answer; the last one is {pages}.")
    start = (number - 1) * PAGE
    shown = whole.page(start, PAGE)
    cells = Cells(shown, Names(whole.store, view.language, view.links), view.words["questions"])
    return {
        "columns": cells.columns(whole.records),
        "rows": cells.rows(),
        "sources": cells.sources(),
        "count": len(whole),
        "reason": whole.reason.text if whole.reason else "",
        "support": whole.support.text if whole.support else "",
        "first": start + 1,
        "last": start + len(shown),
        "as_of": whole.as_of,
        "cite": shown.cite().partition("\n")[0],
        "number": number,
        "pages": pages,
    }


def _named(store: Store, name: str) -> Question:
    try:
        return load_catalogue(store.layout)[name]
    except WrongUsage as error:
        raise Problem(404, str(error)) from None


def _download(name: str, asked: Mapping[str, Sequence[str]], format_name: str, language: str) -> str:
    return f"/api/questions/{name}/answer?{urlencode({**asked, 'format': format_name, 'lang': language}, doseq=True)}"
