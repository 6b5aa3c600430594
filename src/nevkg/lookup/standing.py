"""How well facts of a snapshot, and the statements from which they are derived, are supported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store

_AT_ONCE = 1000


@dataclass(frozen=True)
class Standing:
    """The standing (IRI) of a fact, the rank of the standing (higher is better), and the number of independent sources."""

    iri: str
    rank: int
    witnesses: int

    @property
    def order(self) -> tuple[int, int]:
        """A key that sorts the best supported first."""
        return -self.rank, -self.witnesses


UNKNOWN = Standing("", -1, 0)


def find_standings(snapshot: Store, facts: Iterable[str]) -> dict[str, Standing]:
    """Returns the standing of each fact that has one."""
    wanted, found = sorted(set(facts)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = f"""PREFIX nev: <{terms.NEV}> SELECT ?fact ?standing ?rank ?witnesses WHERE {{
            VALUES ?fact {{ {terms.format_iris(wanted[start : start + _AT_ONCE])} }}
            ?fact nev:standing ?standing .
            OPTIONAL {{ ?standing nev:ladderRank ?rank }} OPTIONAL {{ ?fact nev:witnesses ?witnesses }} }}"""
        for row in entities.rows(snapshot, query):
            found[row["fact"]] = Standing(row["standing"], int(row.get("rank", 0)), int(row.get("witnesses", 0)))
    return found


def rank_standings(store: Store) -> list[str]:
    """Returns the standings that a fact can have (IRIs), the best first."""
    query = f"""PREFIX nev: <{terms.NEV}> PREFIX skos: <{terms.SKOS}> SELECT ?standing WHERE {{
        nev:standing nev:valuesFrom ?scheme . ?standing skos:inScheme ?scheme ; nev:ladderRank ?rank }} ORDER BY DESC(?rank)"""
    return [row["standing"] for row in entities.rows(store, query)]


@dataclass(frozen=True)
class Outcome:
    """What follows from a statement.

    Attributes:
        standing: the best standing of the facts of a day that are derived from it; ``UNKNOWN`` if none holds on that day.
        is_disputed: whether sources disagree on it.
    """

    standing: Standing = UNKNOWN
    is_disputed: bool = False

    @property
    def is_current(self) -> bool:
        """Whether a fact of that day is derived from it."""
        return self.standing is not UNKNOWN


def find_outcomes(store: Store, snapshot: Store, statements: Iterable[str]) -> dict[str, Outcome]:
    """Returns what follows from each statement from which any episode is derived.

    Args:
        store: the record.
        snapshot: the snapshot of the day.
        statements: their IRIs.
    """
    wanted, derived = sorted(set(statements)), list[dict[str, str]]()
    for start in range(0, len(wanted), _AT_ONCE):
        query = f"""PREFIX nev: <{terms.NEV}> SELECT ?statement ?episode ?disputed WHERE {{
            VALUES ?statement {{ {terms.format_iris(wanted[start : start + _AT_ONCE])} }}
            ?episode <{terms.PROV}wasDerivedFrom> ?statement OPTIONAL {{ ?episode nev:disputed ?disputed }} }}"""
        derived += entities.rows(store, query)
    known = find_standings(snapshot, {row["episode"] for row in derived})
    found: dict[str, Outcome] = {}
    for row in derived:
        before = found.get(row["statement"], Outcome())
        standing = min(before.standing, known.get(row["episode"], UNKNOWN), key=lambda standing: standing.order)
        found[row["statement"]] = Outcome(standing, before.is_disputed or "disputed" in row)
    return found
