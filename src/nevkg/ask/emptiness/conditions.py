"""Which parameters of a question remove everything: it is asked again without each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nevkg.ask.answer import LANGUAGE, fold, solve
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Question
from nevkg.ask.emptiness.names import Namer
from nevkg.ask.emptiness.reason import Condition
from nevkg.data import terms
from nevkg.sparql import syntax
from nevkg.sparql.binding import ANY
from nevkg.store import Store

# With more parameters it would be asked too often.
_MOST = 6
Bound = Mapping[str, Sequence[str]]


def find_values(question: Question, bound: Bound, spaces: Mapping[str, str]) -> dict[str, list[str]]:
    """The parameters that restrict the answer, with their terms in N-Triples syntax; the day of a snapshot is none."""
    found: dict[str, list[str]] = {}
    for parameter in question.parameters:
        if parameter.name == LANGUAGE or (parameter.name == AS_OF and question.over == SNAPSHOT):
            continue
        given = bound.get(parameter.name)
        values = list(given) if given is not None else _default(parameter.default, spaces)
        if values:
            found[parameter.name] = values
    return dict(list(found.items())[:_MOST])


def _default(text: str, spaces: Mapping[str, str]) -> list[str]:
    if text == ANY:
        return []
    found, tokens = list[str](), list(syntax.tokens(text))
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.kind == "sign" or (before is not None and before.text == "^"):
            continue  # ^^ and the datatype after it
        if token.kind == "name":
            found.append(f"<{terms.expand(token.text, dict(spaces))}>")
        else:
            found.append(token.text)
    return found


def find_conditions(
    store: Store, question: Question, bound: Bound, values: Mapping[str, Sequence[str]], namer: Namer
) -> tuple[tuple[Condition, ...], int | None]:
    """The conditions of a question without rows, and how many rows there are without any, if no single one removes everything.

    Args:
        store: the record.
        question: what was asked.
        bound: the terms of its parameters.
        values: those that restrict it, see :func:`find_values`.
        namer: names the values.
    """

    def count(*without: str) -> int:
        return len(fold(question, solve(store, question, {**bound, **{name: [] for name in without}})))

    found = tuple(
        Condition(name, tuple(namer.name(term) for term in of), is_default=name not in bound, rows_without=count(name))
        for name, of in values.items()
    )
    if any(condition.rows_without for condition in found) or len(found) < 2:
        return found, None
    whole = count(*values)
    if whole:
        found = tuple(replace(one, rows_alone=count(*(name for name in values if name != one.name))) for one in found)
    return found, whole
