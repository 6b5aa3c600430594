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
class DataSpec:
    """A specification of generated data: ``factor`` times all data that grows, for a seed.

    Attributes:
        required: Slugs of sources that the part of a block always includes.
    """

    factor: float
    seed: int = 0
    required: tuple[str, ...] = ()

    @property
    def blocks(self) -> range:
        """The numbers of the blocks, from 0."""
        return range(math.ceil(self.factor))

    @cached_property
    def fixed(self) -> Part:
        """The data that does not grow. For less than a block, only what the block mentions."""
        return load_shipped().fixed if self.factor >= 1 else load_shipped().select_fixed(self.part(0))

    def part(self, number: int) -> Part:
        """Returns a block, or for the last one possibly a part."""
        whole = load_shipped()
        part = whole.part(whole.sample_sources(Random(f"{self.seed}/{number}/sources"), self.factor - number, self.required))
        return Block(load_shipped(), _load_stock(), self.seed, number).vary(part) if number else part


@dataclass(frozen=True)
class Counts:
    """The amount of data generated."""

    triples: int
    statements: int
    sources: int
    plants: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.triples + other.triples,
            self.statements + other.statements,
            self.sources + other.sources,
            self.plants + other.plants,
        )

    def __str__(self) -> str:
        return f"{self.triples:,} triples, {self.statements:,} statements, {self.sources:,} sources, {self.plants:,} plants"


@cache
def load_shipped() -> Shipped:
    """Returns the shipped data, which is read once per process."""
    return Shipped(Layout.find())


@cache
def _load_stock() -> Stock:
    return Stock(load_shipped())


@cache
def _load_rules() -> list[Rule]:
    return read_rules(dataset.rule_files(load_shipped().layout, dataset.RECORD))


def generate_quads(spec: DataSpec) -> Iterator[Quad]:
    """Yields all quads of the ontology, the vocabularies and the grown data, with merged entities as one, before rules run."""
    yield from load_shipped().schema
    yield from spec.fixed.quads()
    for number in spec.blocks:
        yield from spec.part(number).quads(spec.fixed.registry)


def build_store(spec: DataSpec, part: Part) -> Store:
    """Returns a store with the data that does not grow and a part, with history and current view."""
    store = Store()
    store.bulk_extend([*load_shipped().schema, *spec.fixed.quads(), *part.quads(spec.fixed.registry)])
    derive(store, _load_rules())
    return store


@cache
def build_fixed(spec: DataSpec) -> Store:
    """Returns a store with the built dataset without any block."""
    return build_store(spec, Part([], {}))


def build_added(spec: DataSpec, part: Part) -> Store:
    """Returns a store with what a part adds to the built dataset: its quads, and the quads derived from them."""
    store = build_store(spec, part)
    for quad in build_fixed(spec):
        store.remove(quad)
    return store


def count_quads(part: Part, triples: int | None = None) -> Counts:
    """Counts the contents of a part; ``triples`` overrides the number of its own triples."""
    source_quads = [quad for quads in part.sources.values() for quad in quads]
    statements = sum(quad.predicate == _SOURCE for quad in source_quads)
    plants = sum(quad.predicate == TYPE and quad.object == _PLANT for quad in part.registry)
    return Counts(triples or len(part.registry) + len(source_quads), statements, len(part.sources), plants)
