"""The pages of the catalogue of questions, and of one question with its form and answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from nevkg.ask import answer, former
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Question, load_catalogue, topics
from nevkg.ask.evaluation import bind
from nevkg.data.frontmatter import remove_head
from nevkg.data.paths import Layout
from nevkg.errors import WrongUsage
from nevkg.serve.http.messages import translate
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.address import OF_QUERIES, QUERY, QUESTION, Links, path_of, path_of_citation
from nevkg.serve.pages.cells import Cells
from nevkg.serve.pages.forms import fields
from nevkg.serve.pages.render import VIEW, View, html, page, words
from nevkg.serve.pages.terms import Names
from nevkg.serve.reply import Reply, bytes_reply
from nevkg.store import Store
from nevkg.store.memo import Lookup
from nevkg.table.parts import count_rows, heading

# Rows on one page.
PAGE = 100
_DOWNLOADS = ("csv", "xlsx", "json", "parquet", "zip", "html", "bibtex", "csl", "ris")


def by_topic(layout: Layout, language: str) -> list[tuple[str, str, list[Question]]]:
    """Returns the topics, each with its title and its questions, sorted by title."""
    titles = topics(layout)
    return [
        (topic, titles.get(topic, {}).get(language, topic), sorted(group, key=lambda one: one.title[language].casefold()))
        for topic, group in groupby(load_catalogue(layout).find(), key=lambda one: one.topic)
    ]


def questions(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the list of all questions by topic."""
    view = View.of(store, given)
    return html(page("questions", view, topics=by_topic(store.layout, view.language)), view)


def query(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the query of a question as in its file."""
    found = _find_question(store, given["iri"].removeprefix(QUESTION).partition("/")[0])
    return bytes_reply(f"{OF_QUERIES[QUERY]}; charset=utf-8", found.text.encode())


def question(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders a question with its form and the answer for the values of the form.

    Args:
        store: the store to query.
        given: ``name``; ``asked``, values of parameters as typed; ``page``, number of the page of rows, from 1; ``view``.

    Raises:
        Problem: 404 if there is no such question, or no such page.
    """
    view = View.of(store, given)
    one = _find_question(store, given["name"])
    days = {AS_OF: [view.links.day]} if view.links.day and one.over == SNAPSHOT and AS_OF not in given["asked"] else {}
    asked = days | {name: filled for name, values in given["asked"].items() if (filled := [value for value in values if value.strip()])}
    bound: dict[str, list[str]] = {}
    answer_values, wrong, hints = None, ("", ""), list[str]()
    try:
        asked, hints = former.rename(one, asked)
        bound = bind(store, one, asked, None, view.language)
        key = _AnswerPage(one.name, one.text, _freeze(asked), _freeze(bound), given["page"], view.language, view.links)
        answer_values = _answer_pages(store, [key])[key]
    except WrongUsage as error:
        wrong = translate(str(error), view.language)
    known = {"known_by": [view.links.known_by]} if view.links.known_by else {}
    content = page(
        "question",
        view,
        question=one,
        fields=fields(store, one, asked, bound, view.language),
        wrong=wrong,
        hints=hints,
        asked=asked,
        answer=answer_values,
        explorer=_explorer_address(one.name, asked, view),
        downloads={name: view.links.form(_download_path(one.name, known | asked, name, view.language)) for name in _DOWNLOADS},
        sparql=remove_head(one.bind(bound)),
        alternates={suffix: view.links.bare(path_of(QUESTION + one.name, suffix)) for suffix in ("ttl", "jsonld", QUERY)},
    )
    return html(content, view)


class _AnswerPage(NamedTuple):
    """A page of an answer: the question and its text, the values of parameters, and the number, language and links of the page.

    The values are there as typed and as terms, since ``today`` means another day tomorrow.
    """

    question: str
    text: str
    asked: tuple[tuple[str, tuple[str, ...]], ...]
    bound: tuple[tuple[str, tuple[str, ...]], ...]
    number: int
    language: str
    links: Links


def _freeze(values: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(several)) for name, several in values.items())


def _describe_answer_page(store: Store, wanted: _AnswerPage) -> dict[str, Any]:
    """Returns the template values for one page of an answer, with the evidence of its cells.

    Raises:
        Problem: 404 if there is no such page.
    """
    question = _find_question(store, wanted.question)
    whole_answer = answer.ask(store, question, dict(wanted.asked), language=wanted.language)
    number, pages = wanted.number, max(1, -(-len(whole_answer) // PAGE))
    if number > pages:
        raise Problem(404, f"There is no page {number} of this answer; the last one is {pages}.")
    start = (number - 1) * PAGE
    part = whole_answer.page(start, PAGE)
    cells = Cells(part, Names(store, wanted.language, wanted.links), words()[wanted.language]["questions"])
    return {
        "columns": cells.columns(whole_answer.records),
        "rows": cells.rows(),
        "sources": cells.sources(),
        "count": len(whole_answer),
        "reason": whole_answer.reason.text if whole_answer.reason else "",
        "support": whole_answer.support.describe() if whole_answer.support else "",
        "first": start + 1,
        "last": start + len(part),
        "as_of": whole_answer.as_of,
        "title": " · ".join(filter(None, heading(whole_answer))),
        "summary": count_rows(whole_answer),
        "cite": part.cite().partition("\n")[0],
        "citation": path_of_citation(part.citation, wanted.links) if part.citation else "",
        "number": number,
        "pages": pages,
    }


# A question and its name have pages with the same answer.
_answer_pages = Lookup[_AnswerPage, dict[str, Any]](lambda store, keys: {key: _describe_answer_page(store, key) for key in keys}, most=8)


def _find_question(store: Store, name: str) -> Question:
    try:
        return load_catalogue(store.layout)[name]
    except WrongUsage as error:
        raise Problem(404, str(error)) from None


def _explorer_address(name: str, asked: Mapping[str, Sequence[str]], view: View) -> str:
    """Returns the address of the same answer in the explorer."""
    query = {**asked, VIEW: view.query.get(VIEW, ()), "lang": view.links.language, "known_by": view.links.known_by or ""}
    given = urlencode({key: value for key, value in query.items() if value}, doseq=True)
    return f"{view.links.root}/#/ask/{name}{'?' + given if given else ''}"


def _download_path(name: str, asked: Mapping[str, Sequence[str]], format_name: str, language: str) -> str:
    return f"/api/questions/{name}/answer?{urlencode({**asked, 'format': format_name, 'lang': language}, doseq=True)}"
