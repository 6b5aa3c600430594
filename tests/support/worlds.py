"""Small datasets for tests: a few statements, one line each, derived with the shipped rules."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import takewhile
from pathlib import Path

import pyoxigraph

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.store import EmbeddedStore, open_known_by, open_snapshot
from nevkg.store.derivation import derive, derive_current, read_rules
from nevkg.store.engine import Result

SHIPPED = Layout.find()
# The data as it is. SHIPPED is an edition without later sources, if there are any (support/edition.py).
CURRENT = replace(SHIPPED, data=SHIPPED.ontology.parent / "data")
PREFIXES = terms.prefixes(SHIPPED.ontology)
RULES = read_rules(dataset.rule_files(SHIPPED, dataset.RECORD))
TURTLE_PREFIXES = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())

REGISTRY = """
agent:a a nev:Organization ; rdfs:label "Maker A"@en , "制造商甲"@zh .
agent:b a nev:Organization ; rdfs:label "Maker B"@en , "制造商乙"@zh .
agent:c a nev:Organization ; rdfs:label "Maker C"@en , "制造商丙"@zh .
plant:p a nev:Plant ; rdfs:label "Plant P"@en , "工厂P"@zh .
plant:q a nev:Plant ; rdfs:label "Plant Q"@en , "工厂Q"@zh .
place:XA a nev:Country ; rdfs:label "Ania"@en , "甲国"@zh .
place:XB a nev:Country ; rdfs:label "Bania"@en , "乙国"@zh .
place:XA-1 a nev:Region ; rdfs:label "Region 1"@en , "一区"@zh ; nev:inCountry place:XA .
place:u a nev:Bloc ; rdfs:label "Union"@en , "联盟"@zh .
place:v a nev:Bloc ; rdfs:label "Vereinigung"@en , "协会"@zh .
"""


def widen(text: str) -> tuple[str, str, str]:
    """Returns the first day, last day and precision of ``2025``, ``2025-05`` or ``2025-05-16``."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return f"{text}-01-01", f"{text}-12-31", "year"
    if len(parts) == 2:
        return f"{text}-01", f"{text}-{calendar.monthrange(*parts)[1]:02}", "month"
    return text, text, "day"


def day(text: str) -> str:
    return f'"{text}"^^xsd:date'


@cache
def read_schema() -> list[pyoxigraph.Quad]:
    """Returns the ontology and the vocabularies, which are the same in all worlds."""
    graphs = {pyoxigraph.NamedNode(terms.graph(slug)) for slug in ("ontology", "vocabularies")}
    return list(takewhile(lambda quad: quad.graph_name in graphs, dataset.read_quads(SHIPPED)))


@dataclass
class World:
    """Collects sources and their statements; ``build`` derives the rest."""

    folder: Path
    today: str = "2026-01-01"
    registry: str = REGISTRY
    graphs: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0

    def source(self, slug: str, published: str | None = "2025-01-01", collected: str = "2026-01-01", **more: str) -> str:
        """Adds a source and returns its slug."""
        dates = ""
        if published:
            first, last, precision = widen(published)
            dates = f"nev:earliest {day(first)} ; nev:latest {day(last)} ; nev:precision precision:{precision} ;"
        if publisher := more.pop("publisher", None):
            dates += f"dcterms:publisher {publisher} ;"
        extra = "".join(f"nev:{name} {value} ;" for name, value in more.items())
        self.graphs.setdefault(slug, []).append(f"source:{slug} a nev:Source ; {dates} {extra} nev:collected {day(collected)} .")
        return slug

    def statement(self, source: str, kind: str, on: str | None = None, until: str | None = None, **about: str) -> str:
        """Adds a statement and returns its name; ``on`` and ``until`` are a year, a month or a day."""
        if source not in self.graphs:
            self.source(source)
        self.count += 1
        name = f"statement:n{self.count}"
        about = {"modality": "modality:actual", "scope": "scope:whole", **about}
        if on:
            first, last, precision = widen(on)
            about |= {"earliest": day(first), "latest": day(last), "precision": f"precision:{precision}"}
        if until:
            first, last, _ = widen(until)
            about |= {"endEarliest": day(first), "endLatest": day(last)}
        properties = " ; ".join(f"nev:{name} {value}" for name, value in about.items())
        self.graphs[source].append(f"{name} a nev:{kind} ; nev:source source:{source} ; {properties} .")
        return name

    def fact(self, subject: str, name: str, value: str, on: str | None = None, *, source: str = "s", **more: str) -> str:
        return self.statement(source, "Attribution", on, subject=subject, property=f"nev:{name}", value=value, **more)

    def event(self, kind: str, on: str | None = None, *, plant: str = "plant:p", makers: str = "", source: str = "s", **more: str) -> str:
        """Adds an event report; ``makers`` is a list in Turtle."""
        if makers:
            more["participant"] = makers
        if plant:
            more["site"] = plant
        return self.statement(source, "EventReport", on, event=f"event:e{self.count + 1}", eventType=f"eventtype:{kind}", **more)

    def figure(
        self, metric: str, number: str, unit: str, on: str | None = None, *, subject: str = "plant:p", source: str = "s", **more: str
    ) -> str:
        return self.statement(
            source, "Observation", on, subject=subject, metric=f"metric:{metric}", number=number, unit=f"unit:{unit}", **more
        )

    def plant(self, makers: str = "agent:a", plant: str = "plant:p", country: str = "place:XA", on: str = "2020-01-01") -> None:
        """Adds the location and the makers of a plant."""
        self.fact(plant, "locatedIn", country, on)
        for maker in makers.split():
            self.fact(plant, "maker", maker, on)

    def write(self) -> Layout:
        """Writes the world to its folder as a dataset."""
        data = self.folder / "data"
        (data / "registry").mkdir(parents=True, exist_ok=True)
        (data / "sources").mkdir(exist_ok=True)
        (data / "dataset.ttl").write_text(
            f"{TURTLE_PREFIXES}<{terms.BASE}dataset> a nev:Dataset ; nev:datasetDate {day(self.today)} .", encoding="utf-8"
        )
        (data / "registry" / "all.ttl").write_text(TURTLE_PREFIXES + self.registry, encoding="utf-8")
        if not self.graphs:
            self.source("nothing")
        for slug, lines in self.graphs.items():
            body = "\n".join(lines)
            (data / "sources" / f"{slug}.trig").write_text(f"{TURTLE_PREFIXES}graph:{slug} {{\n{body}\n}}\n", encoding="utf-8")
        return Layout.find(data)

    def _write_empty_ontology(self) -> Path:
        folder = self.folder / "empty-ontology"
        for name in ("imports", "modules", "vocabularies"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "nevkg.ttl").touch()
        return folder

    def build(self, *, current: bool = False) -> DerivedWorld:
        """Derives the record; with ``current``, also the current view, which few tests need."""
        layout = self.write()
        store = pyoxigraph.Store()
        store.extend(read_schema())
        store.extend(dataset.read_quads(replace(layout, ontology=self._write_empty_ontology())))
        derive(store, RULES)
        if current:
            derive_current(store, layout)
            store.remove_graph(pyoxigraph.DefaultGraph())
        return DerivedWorld(EmbeddedStore(store, layout, "0" * 64, None, None))


@dataclass(frozen=True)
class DerivedWorld:
    store: EmbeddedStore

    def known_by(self, day: str) -> DerivedWorld:
        """Returns the world without sources published after a day."""
        return DerivedWorld(open_known_by(self.store, day))

    def on(self, day: str) -> DerivedWorld:
        return DerivedWorld(open_snapshot(self.store, day))

    def rows(self, where: str, *names: str) -> list[tuple[str, ...]]:
        """Returns the solutions of a graph pattern, sorted, as short names; unbound variables are empty."""
        found = self.store.store.query(
            f"SELECT * WHERE {{ {where} }}", prefixes=PREFIXES, use_default_graph_as_union=self.store.day is None
        )
        assert isinstance(found, pyoxigraph.QuerySolutions)
        return sorted(tuple(self._short(row[name]) for name in names) for row in found)

    def holds(self, pattern: str) -> bool:
        return bool(self._query(f"ASK {{ {pattern} }}"))

    def select(self, question: str) -> list[pyoxigraph.QuerySolution]:
        solutions = self._query(question)
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        return list(solutions)

    def _query(self, text: str) -> Result:
        return self.store.store.query(text, prefixes=PREFIXES, use_default_graph_as_union=self.store.day is None)

    def history(self, subject: str, name: str) -> list[tuple[str, str, str]]:
        """Returns the episodes of one property: value or range, first day, first day after."""
        rows = self.rows(
            f"?e nev:subject {subject} ; nev:property nev:{name} ; nev:from ?from . OPTIONAL {{ ?e nev:value ?value }} "
            "OPTIONAL { ?e nev:low ?low ; nev:high ?high } OPTIONAL { ?e nev:until ?until }",
            "from",
            "until",
            "value",
            "low",
            "high",
        )
        return [(value.partition(":")[2] or (low if low == high else f"{low}-{high}"), start, end) for start, end, value, low, high in rows]

    @staticmethod
    def _short(term: object) -> str:
        if term is None:
            return ""
        value = str(getattr(term, "value", term))
        return terms.shorten(value, PREFIXES)
