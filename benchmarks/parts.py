"""Splits the shipped data into a fixed part, which has the same size at any factor, and a growing part, by source.

The ontology, the vocabularies, places, and the sources for memberships in blocs are fixed. Everything else grows:
sources with their statements, and the entities in the registry that they mention.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from random import Random

from pyoxigraph import NamedNode, Quad

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.statement_ids import group_by_subject, identifying_properties

TYPE = NamedNode(terms.RDF + "type")
SUBJECT = NamedNode(terms.NEV + "subject")
VALUE = NamedNode(terms.NEV + "value")
PROPERTY = NamedNode(terms.NEV + "property")
REGISTRY = NamedNode(terms.graph("registry"))
PLACE = terms.BASE + "place/"
PRODUCTION = terms.BASE + "production/"
_FIXED_KINDS = {"place", "position", "dataset"}  # kinds of entities, according to their IRIs
_SCHEMA = {terms.graph("ontology"), terms.graph("vocabularies")}
_POSITION = NamedNode(terms.NEV + "position")
_REFERENCE = NamedNode(terms.DCTERMS + "source")
_MAKER = NamedNode(terms.NEV + "maker")
_ASSEMBLES_IN = NamedNode(terms.NEV + "assemblesIn")
_JUDGEMENT = "judgement"
_ADDRESS = NamedNode(terms.NEV + "address")
HOST_NAME = NamedNode(terms.NEV + "hostName")
_HOST = re.compile(r"[A-Za-z]+://(?:www\.)?([^/:?#]*)")
_REPLACED = NamedNode(terms.NEV + "replaced")
_RETRACTS = NamedNode(terms.NEV + "retracts")
_KEEPS_APART = NamedNode(terms.NEV + "keepsApart")


def kind_of(iri: str) -> str:
    """Returns the kind of an entity from its IRI: ``plant`` for ``…/nevkg/plant/byd-rayong``; empty for foreign IRIs."""
    return iri[len(terms.BASE) :].partition("/")[0] if iri.startswith(terms.BASE) else ""


def slug_of(iri: str) -> str:
    """Returns the part of an IRI after the kind."""
    return iri[len(terms.BASE) :].partition("/")[2]


def host_of(address: str) -> str:
    """Returns the host of an address as written in judgements: in lower case, without ``www.`` and a final dot."""
    match = _HOST.match(address)
    return match[1].rstrip(".").lower() if match else ""


@dataclass(frozen=True)
class Part:
    """A self-contained set of registry entities and sources (by slug), before merging."""

    registry: list[Quad]
    sources: dict[str, list[Quad]]

    def quads(self, judgements: Iterable[Quad] = ()) -> list[Quad]:
        """Returns all quads, with merged entities as one, as in a store.

        Args:
            judgements: Judgements of another part about entities that this one mentions.
        """
        replaced = dataset.read_merges([*judgements, *self.registry])
        source_quads = [quad for quads in self.sources.values() for quad in quads]
        return [*dataset._apply_to_registry(self.registry, replaced, REGISTRY), *dataset.apply_merges(source_quads, replaced)]


class Shipped:
    """The shipped data.

    Attributes:
        schema: Quads of the ontology and the vocabularies.
        fixed: The part that never grows.
        entities: The growing entities of the registry: IRI to quads.
        sources: The growing sources: slug to quads.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.schema = [quad for quad in dataset.read_quads(layout) if terms.text(quad.graph_name) in _SCHEMA]
        registry = [
            Quad(quad.subject, quad.predicate, quad.object, REGISTRY)
            for path in dataset.schema_files(layout)["registry"]
            # The description has counts of the dataset, which would be wrong for grown data.
            if path.name != "description.ttl"
            for quad in dataset.parse_file(path)
        ]
        sources = {path.stem: list(dataset.parse_file(path)) for path in dataset.source_files(layout)}
        kinds = {kind_of(terms.text(quad.subject)) for quad in registry} - _FIXED_KINDS
        cited = {terms.text(quad.object) for quad in registry if kind_of(terms.text(quad.object)) == "source"}
        fixed_sources = {slug for slug, quads in sources.items() if terms.SOURCE + slug in cited or _concerns_places(quads)}
        # The publishers of fixed sources are fixed too; the growing part has its own copies of them.
        mentioned = {terms.text(quad.object) for slug in fixed_sources for quad in sources[slug]}
        # A judgement about places concerns nothing that grows; one about a host grows with the sources on it.
        judged_kinds: dict[str, set[str]] = defaultdict(set)
        for quad in registry:
            if kind_of(terms.text(quad.subject)) == _JUDGEMENT and quad.predicate in (_REPLACED, _KEEPS_APART):
                judged_kinds[terms.text(quad.subject)].add(kind_of(terms.text(quad.object)))
        fixed_judgements = {iri for iri, kinds_of in judged_kinds.items() if not kinds_of & kinds}
        self.entities: dict[str, list[Quad]] = defaultdict(list)
        fixed_quads = []
        for quad in registry:
            iri = terms.text(quad.subject)
            grows = kind_of(iri) in kinds and iri not in fixed_judgements
            if grows:
                self.entities[iri].append(quad)
            if not grows or iri in mentioned:
                fixed_quads.append(quad)
        self.fixed = Part(fixed_quads, {slug: sources[slug] for slug in sorted(fixed_sources)})
        self.sources = {slug: sources[slug] for slug in sorted(sources.keys() - fixed_sources)}

    @cached_property
    def identifying(self) -> frozenset[str]:
        """The properties that identify a statement."""
        return identifying_properties(self.schema)

    @cached_property
    def by_subject(self) -> dict[str, list[Quad]]:
        """The quads of each subject in the growing sources: statements, passages and the sources themselves."""
        return group_by_subject(quad for quads in self.sources.values() for quad in quads)

    def grows(self, iri: str) -> bool:
        """Whether each block has its own variant of an entity."""
        return iri in self.entities or iri in self.by_subject or iri.startswith(PRODUCTION)

    @cached_property
    def _dependencies(self) -> dict[str, set[str]]:
        """The sources that each source needs: those that it rests on, and those that state the productions it mentions."""
        makers: dict[str, str] = {}
        for slug, quads in self.sources.items():
            for group in group_by_subject(quads).values():
                facts = {quad.predicate: terms.text(quad.object) for quad in group}
                if facts.get(PROPERTY) == _MAKER.value:
                    makers.setdefault(f"{PRODUCTION}{slug_of(facts[VALUE])}-at-{slug_of(facts[SUBJECT])}", slug)
                elif facts.get(PROPERTY) == _ASSEMBLES_IN.value:
                    makers.setdefault(f"{PRODUCTION}{slug_of(facts[SUBJECT])}-in-{slug_of(facts[VALUE]).lower()}", slug)
        leads = {}
        for slug, quads in self.sources.items():
            named = {terms.text(quad.object) for quad in quads}
            others = {slug_of(iri) for iri in named if kind_of(iri) == "source"}
            leads[slug] = (others | {makers[iri] for iri in named if iri in makers and iri not in self.entities}) & self.sources.keys()
        return leads

    def sample_sources(self, random: Random, share: float, required: Iterable[str] = ()) -> list[str]:
        """Returns slugs of random sources that together have a share of all quads of sources, with the sources that they need.

        Args:
            random: Random generator.
            share: Share of the quads, from 0 to 1.
            required: Slugs of sources to include.
        """
        if share >= 1:
            return list(self.sources)
        shuffled, first = list(self.sources), list(required)
        random.shuffle(shuffled)
        room = share * sum(len(quads) for quads in self.sources.values())
        sample: set[str] = set()
        for number, slug in enumerate([*first, *shuffled]):
            if number >= len(first) and room <= 0:
                break
            queue = [slug]
            while queue:
                current = queue.pop()
                if current not in sample:
                    sample.add(current)
                    room -= len(self.sources[current])
                    queue += self._dependencies[current]
        return sorted(sample)

    def part(self, slugs: Iterable[str]) -> Part:
        """Returns these sources and the entities that they mention, with linked entities and the judgements about them."""
        sources = _drop_dangling_retractions({slug: self.sources[slug] for slug in slugs})
        reached = {terms.text(quad.object) for quads in sources.values() for quad in quads} & self.entities.keys()
        queue = sorted(reached)
        judgements = {iri: quads for iri, quads in self.entities.items() if kind_of(iri) == _JUDGEMENT}
        addresses = {terms.text(quad.object) for quads in sources.values() for quad in quads if quad.predicate == _ADDRESS}
        hosts = {host_of(address) for address in addresses}
        reached |= {
            iri for iri, quads in judgements.items() for quad in quads if quad.predicate == HOST_NAME and terms.text(quad.object) in hosts
        }
        dataset = {terms.text(quad.object): iri for iri, quads in judgements.items() for quad in quads if quad.predicate == _REPLACED}
        while queue:
            iri = queue.pop()
            neighbours = {terms.text(quad.object) for quad in self.entities[iri]} | {dataset.get(iri, iri)}
            new = neighbours & self.entities.keys() - reached
            reached |= new
            queue += sorted(new)
        registry = []
        for iri in sorted(self.entities):
            quads = self.entities[iri]
            apart = [quad for quad in quads if quad.predicate == _KEEPS_APART]
            present = [quad for quad in apart if terms.text(quad.object) in reached]
            if iri in reached:
                registry += quads
            elif len(present) > 1:
                registry += [quad for quad in quads if quad.predicate != _KEEPS_APART] + present
        return Part(registry, sources)

    def select_fixed(self, part: Part) -> Part:
        """Returns the fixed part without the places that neither ``part`` nor the fixed part mentions."""
        mentioned = {
            terms.text(quad.object) for piece in (part, self.fixed) for quads in (piece.registry, *piece.sources.values()) for quad in quads
        }
        about = group_by_subject(self.fixed.registry)
        dropped = set()
        for iri, quads in about.items():
            facts = {quad.predicate: terms.text(quad.object) for quad in quads}
            if iri.startswith(PLACE) and iri not in mentioned and _REFERENCE not in facts:
                dropped |= {iri, facts.get(_POSITION, iri)}
        return Part([quad for iri, quads in about.items() if iri not in dropped for quad in quads], self.fixed.sources)


def _drop_dangling_retractions(sources: dict[str, list[Quad]]) -> dict[str, list[Quad]]:
    """Returns these sources without retractions of statements that none of them has."""
    known = {quad.subject for quads in sources.values() for quad in quads}
    lost = {quad.subject for quads in sources.values() for quad in quads if quad.predicate == _RETRACTS and quad.object not in known}
    return {slug: [quad for quad in quads if quad.subject not in lost] for slug, quads in sources.items()}


def _concerns_places(quads: Iterable[Quad]) -> bool:
    """Whether a source has statements about a place, such as its membership in a bloc."""
    return any(
        any(quad.predicate == PROPERTY for quad in group)
        and any(quad.predicate == SUBJECT and terms.text(quad.object).startswith(PLACE) for quad in group)
        for group in group_by_subject(quads).values()
    )
