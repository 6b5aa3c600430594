"""Statements about invented plants, of any number: the same number always gives the same quads.

A plant has ``STATEMENTS_PER_PLANT`` statements, from three sources that each cover a block of
plants. Makers, sources and events grow with the plants; countries and vocabularies are those of
the dataset. Passages are left out: no rule looks at them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode, Quad

from nevkg import terms

STATEMENTS_PER_PLANT = 25

_BLOCK = 8  # plants that share three sources and two makers
_COUNTRIES = ("BR", "DE", "EG", "ES", "HU", "ID", "KZ", "MA", "MX", "MY", "PK", "RU", "TH", "TR", "UZ", "VN", "ZA")
_WORKSHOPS = ("stamping", "welding", "painting", "assembly", "battery-assembly", "components")
_MODES = ("skd", "ckd", "full-production")
_FORMS = ("wholly-owned", "joint-venture", "contract-assembly", "acquired")
_TYPE = NamedNode(terms.RDF + "type")
_LABEL = NamedNode(terms.RDFS + "label")
_DAY = NamedNode(terms.XSD + "date")
_REGISTRY = NamedNode(terms.graph("registry"))
_FIRST = date(2018, 1, 1)

Node = NamedNode | Literal


def _nev(name: str) -> NamedNode:
    return NamedNode(terms.NEV + name)


def _thing(kind: str, name: str) -> NamedNode:
    return NamedNode(f"{terms.BASE}{kind}/{name}")


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=_DAY)


class _Plant:
    """Writes the statements about one plant."""

    def __init__(self, number: int, *, dated: bool) -> None:
        self.number = number
        self.dated = dated
        self.block = number // _BLOCK
        self.slug = f"synthetic-{number}"
        self.plant = _thing("plant", self.slug)
        self.maker = _thing("agent", f"synthetic-maker-{self.block}")
        self.other = _thing("agent", f"synthetic-partner-{self.block}")
        self.country = _thing("place", _COUNTRIES[number % len(_COUNTRIES)])
        self.begun = _FIRST + timedelta(days=number * 37 % 1500)
        self.count = 0

    def _statement(self, kind: str, outlet: int, after: int | None, **said: Node) -> Iterator[Quad]:
        """One statement, ``after`` days from the beginning; None leaves its date to its source."""
        source = f"s-synthetic-{self.block}-{outlet % 3}"
        digest = hashlib.sha256(f"{self.slug} {self.count}".encode()).hexdigest()
        self.count += 1
        subject, graph = NamedNode(terms.STATEMENT + digest[:32]), NamedNode(terms.graph(source))
        yield Quad(subject, _TYPE, _nev(kind), graph)
        facts: dict[str, Node] = {
            "source": NamedNode(terms.SOURCE + source),
            "comparator": _thing("comparator", "exactly"),
            "modality": _thing("modality", "actual"),
            "scope": _thing("scope", "whole"),
        }
        if after is None and self.dated:
            after = 0
        if after is not None:
            told = self.begun + timedelta(days=after)
            whole_month = (self.number + self.count) % 3 == 0
            facts["earliest"] = _day(told.replace(day=1) if whole_month else told)
            facts["latest"] = _day(told.replace(day=28) if whole_month else told)
            facts["precision"] = _thing("date-precision", "month" if whole_month else "day")
        for name, value in (facts | said).items():
            yield Quad(subject, _nev(name), value, graph)

    def _says(self, name: str, value: NamedNode, outlet: int, after: int | None, **more: Node) -> Iterator[Quad]:
        return self._statement("Attribution", outlet, after, **{"subject": self.plant, "property": _nev(name), "value": value} | more)

    def _figure(self, metric: str, unit: str, number: int, outlet: int, after: int, **more: Node) -> Iterator[Quad]:
        facts: dict[str, Node] = {"subject": self.plant, "metric": _thing("metric", metric), "unit": _thing("unit", unit)}
        return self._statement("Observation", outlet, after, **facts | {"number": Literal(number)} | more)

    def _event(self, kind: str, outlet: int, after: int) -> Iterator[Quad]:
        event = _thing("event", f"{self.slug}-{kind}")
        yield Quad(event, _TYPE, _nev("Event"), _REGISTRY)
        yield from _labels(event, f"{kind} at synthetic plant {self.number}")
        facts = {"event": event, "eventType": _thing("event-type", kind), "site": self.plant, "participant": self.maker}
        yield from self._statement("EventReport", outlet, after, **facts)

    def quads(self) -> Iterator[Quad]:
        """The plant in the registry, and its statements."""
        yield Quad(self.plant, _TYPE, _nev("Plant"), _REGISTRY)
        yield from _labels(self.plant, f"synthetic plant {self.number}")
        yield from self._life()
        yield from self._figures()
        yield from self._relations()

    def _life(self) -> Iterator[Quad]:
        """Nine statements: events, and the status on several days, on one of them in dispute."""
        for outlet, (kind, after) in enumerate(
            {"announcement": 0, "groundbreaking": 200, "inauguration": 700, "first-vehicle": 720}.items()
        ):
            yield from self._event(kind, outlet, after)
        last = "suspended" if self.number % 10 == 0 else "operating"
        lives = [("announced", 30), ("under-construction", 400), ("trial-production", 690), ("operating", 760), (last, 1400)]
        for outlet, (name, after) in enumerate(lives):
            yield from self._says("status", _thing("plant-status", name), outlet, after)

    def _figures(self) -> Iterator[Quad]:
        """Five statements: capacity by two sources on one day, later again and planned, and jobs."""
        size = 20000 + self.number * 7919 % 200000
        yield from self._figure("capacity", "vehicles-per-year", size, 0, 720)
        yield from self._figure("capacity", "vehicles-per-year", size + (self.number % 2) * 5000, 1, 720)
        yield from self._figure("capacity", "vehicles-per-year", size * 2, 2, 1400)
        yield from self._figure("capacity", "vehicles-per-year", size * 3, 0, 1400, modality=_thing("modality", "planned"))
        yield from self._figure("jobs", "persons", size // 50, 1, 720)

    def _relations(self) -> Iterator[Quad]:
        """Eleven statements: where, by whom, how and with which workshops."""
        number = self.number
        yield from self._says("locatedIn", self.country, 0, 0)
        yield from self._says("locatedIn", self.country, 1, None)
        yield from self._says("maker", self.maker, 0, 0)
        yield from self._says("maker", self.other if number % 5 == 0 else self.maker, 1, 700)
        ended: dict[str, Node] = {"endLatest": _day(self.begun + timedelta(days=1500))} if number % 7 == 0 else {}
        yield from self._says("operator", self.other, 2, 700, **ended)
        yield from self._says("arrangement", _thing("arrangement", _FORMS[number % len(_FORMS)]), 2, 100)
        yield from self._says("assemblyMode", _thing("assembly-mode", _MODES[number % len(_MODES)]), 0, 720)
        for step in range(3):
            yield from self._says("hasWorkshopOfKind", _thing("workshop-kind", _WORKSHOPS[(number + step) % len(_WORKSHOPS)]), step, 720)
        # Where no plant is known: the maker of the block before, so that some countries have no plant of it.
        maker = _thing("agent", f"synthetic-maker-{max(self.block - number % 2, 0)}")
        yield from self._says("assemblesIn", self.country, 2, 800, subject=maker)


def _labels(thing: NamedNode, name: str) -> Iterator[Quad]:
    for language in terms.LANGUAGES:
        yield Quad(thing, _LABEL, Literal(name, language=language), _REGISTRY)


def _block(block: int, *, dated: bool) -> Iterator[Quad]:
    """Two makers, what they are, and the three sources that tell of a block of plants."""
    collected, sources = _day(date(2026, 11, 1)), [f"s-synthetic-{block}-{outlet}" for outlet in range(3)]
    for outlet, source in enumerate(sources):
        iri, graph = NamedNode(terms.SOURCE + source), NamedNode(terms.graph(source))
        published = _day(date(2026, 1, 1) + timedelta(days=(block * 11 + outlet * 100) % 300))
        facts: dict[str, Node] = {"earliest": published, "latest": published, "precision": _thing("date-precision", "day")}
        facts |= {
            "collected": collected,
            "sourceKind": _thing("source-kind", "news"),
            "address": NamedNode(f"https://example.org/{source}"),
        }
        yield Quad(iri, NamedNode(terms.DCTERMS + "title"), Literal(f"Synthetic source {source}", language="en"), graph)
        yield Quad(iri, _TYPE, _nev("Source"), graph)
        yield from (Quad(iri, _nev(name), value, graph) for name, value in facts.items())
    graph = NamedNode(terms.graph(sources[0]))
    for role, country, kind in (("maker", "CN", "automaker"), ("partner", "TH", "contract-assembler")):
        agent = _thing("agent", f"synthetic-{role}-{block}")
        yield Quad(agent, _TYPE, _nev("Organization"), _REGISTRY)
        yield from _labels(agent, f"synthetic {role} {block}")
        for name, value in (("homeCountry", _thing("place", country)), ("kind", _thing("organization-kind", kind))):
            digest = hashlib.sha256(f"{role} {block} {name}".encode()).hexdigest()
            said: dict[str, Node] = {"source": NamedNode(terms.SOURCE + sources[0]), "modality": _thing("modality", "actual")}
            facts_said = said | {"subject": agent, "property": _nev(name), "value": value}
            if dated:
                facts_said |= {"earliest": _day(_FIRST), "latest": _day(_FIRST), "precision": _thing("date-precision", "day")}
            statement = NamedNode(terms.STATEMENT + digest[:32])
            yield Quad(statement, _TYPE, _nev("Attribution"), graph)
            yield from (Quad(statement, _nev(key), fact, graph) for key, fact in facts_said.items())


def quads(plants: int, *, dated: bool = False) -> Iterator[Quad]:
    """All quads about ``plants`` invented plants, their makers, sources and events.

    Args:
        dated: whether each statement has a date of its own, so that validation has nothing to remark.
    """
    for block in range(-(-plants // _BLOCK)):
        yield from _block(block, dated=dated)
    for number in range(plants):
        yield from _Plant(number, dated=dated).quads()
