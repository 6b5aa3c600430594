"""Data of any size as blocks: the shipped data first, then others made from it, at the end a part of one.

Blocks share places, vocabularies and ontology and nothing else, so rules that run over one block
after the other find what they find in the whole.
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
    """What to make: ``factor`` times all that grows, as a seed has it.

    Attributes:
        wanted: sources (slugs) that the part of a block has in any case.
    """

    factor: float
    seed: int = 0
    wanted: tuple[str, ...] = ()

    @property
    def blocks(self) -> range:
        """The numbers of the blocks."""
        return range(math.ceil(self.factor))

    @cached_property
    def stays(self) -> Part:
        """What does not grow; of less than a block, as much as that speaks of."""
        return shipped().stays if self.factor >= 1 else shipped().ground(self.part(0))

    def part(self, number: int) -> Part:
        """A block: all of it or, at the end, a part."""
        whole = shipped()
        part = whole.part(whole.chosen(Random(f"{self.seed}/{number}/sources"), self.factor - number, self.wanted))
        return Block(shipped(), _stock(), self.seed, number).varied(part) if number else part


@dataclass(frozen=True)
class Made:
    """How much was made."""

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
    """The shipped data, read once a process."""
    return Shipped(Layout.find())


@cache
def _stock() -> Stock:
    return Stock(shipped())


@cache
def _rules() -> list[Rule]:
    return read_rules(dataset.rule_files(shipped().layout))


def quads(order: Order) -> Iterator[Quad]:
    """All quads of the floors with the data grown, merged things being one; rules have not run."""
    yield from shipped().schema
    yield from order.stays.quads()
    for number in order.blocks:
        yield from order.part(number).quads(order.stays.registry)


def built(order: Order, part: Part) -> Store:
    """What stays and a part, with history and current view."""
    store = Store()
    store.bulk_extend([*shipped().schema, *order.stays.quads(), *part.quads(order.stays.registry)])
    derive(store, _rules())
    return store


@cache
def staying(order: Order) -> Store:
    """What is in the built dataset without any block."""
    return built(order, Part([], {}))


def added(order: Order, part: Part) -> Store:
    """What a part adds to the built dataset: its own quads, and what rules make of them."""
    store = built(order, part)
    for quad in staying(order):
        store.remove(quad)
    return store


def count(part: Part, triples: int | None = None) -> Made:
    """How much a part is, with so many triples if they are not its own."""
    said = [quad for quads in part.sources.values() for quad in quads]
    statements = sum(quad.predicate == _SOURCE for quad in said)
    plants = sum(quad.predicate == TYPE and quad.object == _PLANT for quad in part.registry)
    return Made(triples or len(part.registry) + len(said), statements, len(part.sources), plants)
