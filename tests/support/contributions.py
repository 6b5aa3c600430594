"""Small collections of a contributor, small data to import them into, and readers of the result."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.worlds import PREFIXES, SHIPPED, World

from nevkg.contribute.importer import import_collections
from nevkg.contribute.job import ImportResult
from nevkg.contribute.table_format import read_format
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout

TABLES = read_format(SHIPPED)
TODAY = "2026-01-02"
_COUNTRY = 'place:{0} a nev:Country ; rdfs:label "{1}"@en , "{2}"@zh ; nev:isoAlpha2 "{0}" ; nev:isoAlpha3 "{3}" ; nev:m49Code "{4}" ; '
_COUNTRIES = (("BR", "Brazil", "巴西", "BRA", "076"), ("CN", "China", "中国", "CHN", "156"), ("TH", "Thailand", "泰国", "THA", "764"))
REGISTRY = (
    "".join(_COUNTRY.format(*country) + "nev:partOf place:m49-001 .\n" for country in _COUNTRIES)
    + """
place:m49-001 a nev:WorldRegion ; rdfs:label "World"@en , "世界"@zh ; nev:m49Code "001" .
place:asean a nev:Bloc ; rdfs:label "Association of Southeast Asian Nations"@en , "东南亚国家联盟"@zh ; skos:altLabel "ASEAN"@en .
place:th-rayong a nev:City ; rdfs:label "Rayong"@en , "罗勇"@zh ; nev:inCountry place:TH .
agent:a a nev:Organization ; rdfs:label "Alpha Motor"@en , "甲汽车"@zh ; skos:altLabel "A Auto"@en .
agent:b a nev:Organization ; rdfs:label "Beta Motor"@en , "乙汽车"@zh .
agent:caam a nev:Organization ; rdfs:label "Association of Makers"@en , "汽车协会"@zh .
agent:zhou a nev:Person ; rdfs:label "Zhou Wei"@en , "周伟"@zh .
plant:p a nev:Plant ; rdfs:label "Plant P"@en , "工厂P"@zh .
policy:law a nev:Policy ; rdfs:label "Law on plants"@en , "工厂法"@zh .
model:a-one a nev:VehicleModel ; rdfs:label "A One"@en .
"""
)


# Cells of a row of each table that can be imported into the small data.
VALID_ROWS = {
    "sources": {"source_id": "s-z", "url": "https://example.org/z"},
    "organizations": {"org_id": "new", "kind": "automaker", "name": "New"},
    "plants": {"plant_id": "q", "name": "Q", "country": "TH"},
    "plant_facts": {"plant_id": "p", "attribute": "capacity", "value": "1000"},
    "events": {"event_id": "e", "type": "inauguration", "plant_id": "p"},
    "policies": {"policy_id": "new-law", "title": "New law", "kind": "subsidy", "jurisdiction": "TH"},
    "policy_facts": {"policy_id": "law", "attribute": "amount", "value": "5", "unit": "THB"},
    "observations": {"metric": "sales", "subject": "a", "geography": "TH", "period_end": "2025", "value": "7", "unit": "vehicles"},
    "people": {"person_id": "li", "name": "Li"},
    "claims": {"claim_id": "c-1", "person_id": "zhou", "paraphrase": "x", "topics": "cost"},
    "market_presence": {"org_id": "a", "country": "BR", "mode": "exports"},
    "listings": {"entry": "1", "org_id": "a", "country": "BR"},
    "blocs": {"bloc_id": "asean", "country": "TH"},
    "facts": {"subject": "p", "property": "jobs", "value": "5"},
}


def write_small_data(folder: Path, registry: str = "") -> Layout:
    """Writes data with a few entities, and one source without statements."""
    world = World(folder, registry=REGISTRY + registry)
    world.source("s-old", "2024-03", sourceKind="sourcekind:news", address="<https://example.org/old>")
    return world.write()


@dataclass
class Tables:
    """Builds a collection; columns that a row does not name are empty."""

    folder: Path
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def source(self, name: str = "s-x", url: str = "https://example.org/x", **cells: str) -> Tables:
        self.rows["sources"].append({"source_id": name, "url": url, "title": "A title", "publisher": "Paper", "language": "en"} | cells)
        return self

    def add(self, table: str, **cells: str) -> Tables:
        """Adds a row, by default of the source ``s-x``."""
        self.rows[table].append({"source" if table == "facts" else "source_id": "s-x"} | cells)
        return self

    def fact(self, attribute: str, value: str, **cells: str) -> Tables:
        """Adds a fact of the plant ``p``."""
        return self.add("plant_facts", plant_id="p", attribute=attribute, value=value, **cells)

    def write(self) -> Path:
        """Writes the tables, with optional columns only if a row has a value."""
        if "sources" not in self.rows:
            self.source()
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.rows.items():
            used = set().union(*rows)
            assert used <= TABLES[name].columns.keys(), used
            columns = [column for column in TABLES[name].columns if column in used or column not in TABLES[name].optional]
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return self.folder

    def import_into(self, layout: Layout, *others: Path, collected: str = TODAY, replacing: bool = False) -> ImportResult:
        """Writes and imports the tables, then other collections, and asserts that there are no problems."""
        result = import_collections(layout, [self.write(), *others], collected, replacing=replacing)
        assert not result.problems, "\n".join(map(str, result.problems))
        return result


def read_source(layout: Layout, slug: str) -> dict[str, dict[str, str]]:
    """Reads a source's file: IRI to property to value, in short names; several values are sorted and separated by bars."""
    path = next(path for path in dataset.source_files(layout) if path.stem == slug)
    about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in dataset.parse_file(path):
        about[terms.text(quad.subject)][_short(quad.predicate.value)].append(_short(terms.text(quad.object)))
    return {iri: {name: "|".join(sorted(values)) for name, values in properties.items()} for iri, properties in about.items()}


def statements(layout: Layout, slug: str = "s-x") -> list[dict[str, str]]:
    """Returns the statements of a source, without default values."""
    defaults = {"source": f"source:{slug}", "modality": "modality:actual", "comparator": "comparator:exactly", "scope": "scope:whole"}
    found = [properties for iri, properties in read_source(layout, slug).items() if iri.startswith(terms.STATEMENT)]
    return [{name: value for name, value in properties.items() if defaults.get(name) != value} for properties in found]


def statement(layout: Layout, slug: str = "s-x", **about: str) -> dict[str, str]:
    """Returns the only statement with these values."""
    (found,) = (properties for properties in statements(layout, slug) if about.items() <= properties.items())
    return found


def read_registry(layout: Layout) -> dict[str, dict[str, str]]:
    """Reads the registry: short name to property to value; labels have their language."""
    about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(layout.data.glob("registry/*.ttl")):
        for quad in dataset.parse_file(path):
            language = getattr(quad.object, "language", None)
            name = _short(quad.predicate.value) + (f"@{language}" if language else "")
            about[terms.shorten(terms.text(quad.subject), PREFIXES)][name].append(_short(terms.text(quad.object)))
    return {iri: {name: "|".join(sorted(values)) for name, values in properties.items()} for iri, properties in about.items()}


def _short(text: str) -> str:
    return terms.shorten(text, PREFIXES).removeprefix("nev:").removeprefix("rdfs:")


def contents(folder: Path) -> dict[str, str]:
    """Returns the hash of every file of a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
