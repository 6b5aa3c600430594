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


def find_standings_of_statements(store: Store, snapshot: Store, statements: Iterable[str]) -> dict[str, Standing]:
    """Returns for each statement the best standing of the facts of a snapshot that are derived from it.

    Args:
        store: the record.
        snapshot: the snapshot of the day.
        statements: their IRIs.
    """
    wanted, pairs = sorted(set(statements)), []
    for start in range(0, len(wanted), _AT_ONCE):
        query = f"""SELECT ?statement ?episode WHERE {{
            VALUES ?statement {{ {terms.format_iris(wanted[start : start + _AT_ONCE])} }}
            ?episode <{terms.PROV}wasDerivedFrom> ?statement }}"""
        pairs += [(row["statement"], row["episode"]) for row in entities.rows(store, query)]
    known = find_standings(snapshot, {episode for _, episode in pairs})
    found: dict[str, Standing] = {}
    for statement, episode in pairs:
        if episode in known:
            found[statement] = min(found.get(statement, UNKNOWN), known[episode], key=lambda one: one.order)
    return found
