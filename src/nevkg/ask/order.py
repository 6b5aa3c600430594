"""Sorts the solutions of a question as the engine would.

Oxigraph reads both terms from the store at each comparison, so that sorting takes most of the time of a large answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, QuerySolution

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store

# ORDER BY in a line of its own at the end, with variables only.
_CLAUSE = re.compile(r"\nORDER BY(?P<keys>(?: (?:\?\w+|DESC\(\?\w+\)))+)\s*$")
_KEY = re.compile(r"(?P<descending>DESC\()?\?(?P<name>\w+)")
_NUMBERS = {terms.XSD + "integer", terms.XSD + "decimal"}
_TEXTS = {terms.XSD + "string", terms.XSD + "boolean"}
_DATE = terms.XSD + "date"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

# In the order of SPARQL: unbound, IRI, literal. Literals of one kind compare by the last member.
Rank = tuple[int, str, str | Decimal]
_UNBOUND: Rank = (0, "", "")


def select_in_order(store: Store, text: str) -> list[QuerySolution]:
    """Returns the solutions of a SELECT query in its order; raises ``TypeError`` if it is another query."""
    clause = _CLAUSE.search(text)
    if clause and isinstance(store, EmbeddedStore):
        found = entities.select(store, text[: clause.start()])
        keys = list(_KEY.finditer(clause["keys"]))
        if {key["name"] for key in keys} <= {variable.value for variable in found.variables}:
            ordered = _sort(list(found), keys)
            if ordered is not None:
                return ordered
    return list(entities.select(store, text))


def _sort(solutions: list[QuerySolution], keys: Sequence[re.Match[str]]) -> list[QuerySolution] | None:
    """Returns solutions in order; None if only the engine can compare the values of a key."""
    order = list(range(len(solutions)))
    for key in reversed(keys):  # sorting is stable, so the first key is the last to sort by
        ranks = [_rank(solution[key["name"]]) for solution in solutions]
        known = [rank for rank in ranks if rank is not None]
        if len(known) < len(ranks) or len({kind for place, kind, _ in known if place == 2}) > 1:
            return None
        order.sort(key=known.__getitem__, reverse=bool(key["descending"]))
    return [solutions[position] for position in order]


def _rank(term: terms.Term | None) -> Rank | None:
    """Returns what a term is sorted by; None if it is of another kind than most."""
    if term is None:
        return _UNBOUND
    if isinstance(term, NamedNode):
        return (1, "", term.value)
    if not isinstance(term, Literal):
        return None
    kind = term.datatype.value
    if kind in _NUMBERS:
        return (2, "number", Decimal(term.value))
    if term.language or kind in _TEXTS or (kind == _DATE and _DAY.fullmatch(term.value)):
        return (2, f"{kind}@{term.language}", term.value)
    return None
