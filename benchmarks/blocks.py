"""Data of any size, in blocks: the shipped data, then variants of it, and finally a part of a variant.

Blocks share only places, vocabularies and the ontology, so running the rules on each block separately gives the same
results as on the whole data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random

from benchmarks.parts import TYPE, Part, Shipped
from benchmarks.stock import Stock
from benchmarks.vary import Block
from pyoxigraph import NamedNode, Quad, Store

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.store.derivation import Rule, derive, read_rules

_SOURCE = NamedNode(terms.NEV + "source")
_PLANT = NamedNode(terms.NEV + "Plant")


@dataclass(frozen=True)
class Order:
    """A specification of generated data: ``factor`` times all data that grows, for a seed.

    Attributes:
        wanted: Slugs of sources that the part of a block always includes.
    """

    factor: float
    seed: int = 0
    wanted: tuple[str, ...] = ()

    @property
    def blocks(self) -> range:
        """The numbers of the blocks, from 0."""
        return range(math.ceil(self.factor))

    @cached_property
    def stays(self) -> Part:
        """The data that does not grow. For less than a block, only what the block mentions."""
        return shipped().stays if self.factor >= 1 else shipped().ground(self.part(0))

    def part(self, number: int) -> Part:
        """Returns a block, or for the last one possibly a part."""
        whole = shipped()
        part = whole.part(whole.chosen(Random(f"{self.seed}/{number}/sources"), self.factor - number, self.wanted))
        return Block(shipped(), _stock(), self.seed, number).varied(part) if number else part


@dataclass(frozen=True)
class Made:
    """The amount of data generated."""

    triples: int
    statements: int
    sources: int
    plants: int

    def __add__(self, other: Made) -> Made:
        return Made(
            self.triples + other.triples,
            self.statements + other.statements,
            self.sources + other.sources,
            self.plants + other.plants,
        )

    def __str__(self) -> str:
        return f"{self.triples:,} triples, {self.statements:,} statements, {self.sources:,} sources, {self.plants:,} plants"


@cache
def shipped() -> Shipped:
    """Returns the shipped data, which is read once per process."""
    return Shipped(Layout.find())


@cache
def _stock() -> Stock:
    return Stock(shipped())


@cache
def _rules() -> list[Rule]:
    return read_rules(dataset.rule_files(shipped().layout))


def quads(order: Order) -> Iterator[Quad]:
    """Yields all quads of the ontology, the vocabularies and the grown data, with merged entities as one, before rules run."""
    yield from shipped().schema
    yield from order.stays.quads()
    for number in order.blocks:
        yield from order.part(number).quads(order.stays.registry)


def built(order: Order, part: Part) -> Store:
    """Returns a store with the data that does not grow and a part, with history and current view."""
    store = Store()
    store.bulk_extend([*shipped().schema, *order.stays.quads(), *part.quads(order.stays.registry)])
    derive(store, _rules())
    return store


@cache
def staying(order: Order) -> Store:
    """Returns a store with the built dataset without any block."""
    return built(order, Part([], {}))


def added(order: Order, part: Part) -> Store:
    """Returns a store with what a part adds to the built dataset: its quads, and the quads derived from them."""
    store = built(order, part)
    for quad in staying(order):
        store.remove(quad)
    return store


def count(part: Part, triples: int | None = None) -> Made:
    """Counts the contents of a part; ``triples`` overrides the number of its own triples."""
    said = [quad for quads in part.sources.values() for quad in quads]
    statements = sum(quad.predicate == _SOURCE for quad in said)
    plants = sum(quad.predicate == TYPE and quad.object == _PLANT for quad in part.registry)
    return Made(triples or len(part.registry) + len(said), statements, len(part.sources), plants)
