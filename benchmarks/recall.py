"""Estimates how much of what exists the data has, from pairs of lists: ``python -m benchmarks.recall``.

Two lists that were made independently are two catches of one population: Chapman's estimator infers its size from their
overlap. What is counted are pairs of a maker, by group, and a country in which it is said to build vehicles now.

The estimate assumes that the lists are independent, that every pair is equally likely to be on a list, that nothing begins
or ends between their days, that both count the same kind of thing, and that pairs are matched without error. None of this
quite holds: lists follow the same announcements, and large plants are on all of them, small assembly of kits on none, so the
true number is higher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import nevkg
from nevkg.publish.samples import Z_95

Pair = tuple[str, str]

_ENTRIES = """
SELECT DISTINCT ?list ?group ?country ?scope ?cited WHERE {
  ?entry a nev:Listing ; nev:source ?list ; nev:listedMaker ?maker ; nev:listedCountry ?country ; nev:listedStatus status:operating .
  OPTIONAL { ?maker nev:countsAsGroup ?known }
  BIND(COALESCE(?known, ?maker) AS ?group)
  GRAPH ?page { ?list nev:listScope ?scope }
  BIND(EXISTS { GRAPH ?any { ?statement nev:source ?list ; nev:subject ?subject } } AS ?cited)
}"""
_OURS = """
SELECT DISTINCT ?group ?country ?upheld WHERE {
  ?production a nev:Production ; nev:maker ?maker ; nev:inCountry ?country ; nev:fact ?fact ;
    nev:makes/skos:broader?/skos:broader? ?product .
  VALUES ?product { productkind:vehicle productkind:not-known }
  ?fact nev:property nev:status ; nev:value status:operating ; nev:standing ?standing .
  ?maker nev:chineseControl answer:yes ; nev:countsAsGroup ?group .
  MINUS { ?maker nev:homeCountry ?country }
  OPTIONAL { ?standing nev:isUpheld ?known }
  BIND(COALESCE(?known, false) AS ?upheld)
}"""


@dataclass(frozen=True)
class Estimate:
    """A population size estimated from two catches.

    Attributes:
        first: number of pairs in the first list.
        second: number of pairs in the second one.
        both: number of pairs in both.
    """

    first: int
    second: int
    both: int

    @property
    def total(self) -> float:
        """The size of the population, by Chapman's estimator."""
        return (self.first + 1) * (self.second + 1) / (self.both + 1) - 1

    @property
    def margin(self) -> float:
        """Half the width of the 95 percent interval around the size, from Seber's variance."""
        first, second, both = self.first, self.second, self.both
        variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
        return Z_95 * sqrt(variance)

    @property
    def coverage(self) -> float:
        """The share of the population that is in the first list."""
        return self.first / self.total


def estimate(first: Iterable[Pair], second: Iterable[Pair]) -> Estimate:
    """Estimates the size of the population from two lists."""
    one, other = set(first), set(second)
    return Estimate(len(one), len(other), len(one & other))


@dataclass(frozen=True)
class Catches:
    """The pairs that lists and the data say to exist now.

    Attributes:
        world: those on lists whose scope is larger than a country.
        national: those on lists of one or some countries.
        uncited: those on lists whose page is no source of other statements, so that it can test the data.
        ours: those in the data, whatever their standing.
        upheld: those in the data that are upheld.
    """

    world: set[Pair]
    national: set[Pair]
    uncited: set[Pair]
    ours: set[Pair]
    upheld: set[Pair]


def read_catches(kg: nevkg.KnowledgeGraph) -> Catches:
    """Reads the lists and the productions of a graph."""
    countries = {row["x"].iri for row in kg.query("SELECT ?x WHERE { ?x a nev:Country }")}
    scopes, pairs, cited = defaultdict(set), defaultdict(set), {}
    for row in kg.query(_ENTRIES):
        name = row["list"].iri
        scopes[name].add(row["scope"].iri)
        pairs[name].add(_pair(row))
        cited[name] = bool(row["cited"])
    ours = list(kg.query(_OURS))
    return Catches(
        world=set().union(*(pairs[name] for name in pairs if not scopes[name] <= countries)),
        national=set().union(*(pairs[name] for name in pairs if scopes[name] <= countries)),
        uncited=set().union(*(pairs[name] for name in pairs if not cited[name])),
        ours={_pair(row) for row in ours},
        upheld={_pair(row) for row in ours if row["upheld"]},
    )


def _pair(row: Mapping[str, Any]) -> Pair:
    return row["group"].iri, row["country"].iri


def compare(catches: Catches) -> dict[str, Estimate]:
    """Returns an estimate for each comparison, by its name."""
    countries = {country for _, country in catches.national}
    return {
        "world lists × national lists, in the countries of the latter": estimate(
            (pair for pair in catches.world if pair[1] in countries), catches.national
        ),
        "the data, any standing × lists that it does not cite": estimate(catches.ours, catches.uncited),
        "the data, upheld × lists that it does not cite": estimate(catches.upheld, catches.uncited),
    }


def main() -> None:
    """Prints the estimates as a table in Markdown."""
    print("| first × second | first | second | both | estimate | coverage of the first |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, found in compare(read_catches(nevkg.open())).items():
        print(f"| {name} | {found.first} | {found.second} | {found.both} | {found.total:.0f} ± {found.margin:.0f} | {found.coverage:.0%} |")


if __name__ == "__main__":
    main()
