"""Finds the parameters of a question that remove all rows, by running it again without each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Question
from nevkg.ask.emptiness.names import Namer
from nevkg.ask.emptiness.reason import Condition
from nevkg.ask.evaluation import LANGUAGE, fold, solve
from nevkg.data import terms
from nevkg.sparql import syntax
from nevkg.sparql.binding import ANY
from nevkg.store import Store

# Each parameter costs one query, so only the first few are examined.
_MOST = 6
Bound = Mapping[str, Sequence[str]]


def find_values(question: Question, bound: Bound, spaces: Mapping[str, str]) -> dict[str, list[str]]:
    """Returns the parameters that restrict the answer, with their terms in N-Triples syntax.

    The language and the day of a snapshot do not count as restrictions. At most 6 parameters are returned.
    """
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
    found, tokens = list[str](), list(syntax.tokenize(text))
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
    """Returns the conditions of a question without rows, and the number of rows without any of them.

    That number is None if it was not needed: if there is only one condition, or dropping a single one gives rows.

    Args:
        store: the record.
        question: the question.
        bound: the terms of its parameters.
        values: the parameters that restrict it, see :func:`find_values`.
        namer: finds the labels of the values.
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
