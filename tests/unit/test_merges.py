"""The names of merged entities."""

from __future__ import annotations

import pyoxigraph

from nevkg.data import dataset, terms

REGISTRY = f"""
@prefix : <https://example.org/> .
@prefix nev: <{terms.NEV}> .
@prefix rdfs: <{terms.RDFS}> .
:new rdfs:label "New Motor"@en .
:old rdfs:label "Old Motor"@en, "旧汽车有限公司"@zh .
:older rdfs:label "旧汽车"@zh .
:a nev:replaced :old ; nev:replacement :new .
:b nev:replaced :older ; nev:replacement :old .
"""


def names(entity: str, kind: str) -> set[str]:
    quads = list(pyoxigraph.parse(REGISTRY.encode(), pyoxigraph.RdfFormat.TURTLE))
    merged = dataset._apply_to_registry(quads, dataset.read_merges(quads), pyoxigraph.NamedNode("https://example.org/registry"))
    return {
        terms.text(quad.object)
        for quad in merged
        if terms.text(quad.subject) == f"https://example.org/{entity}" and quad.predicate.value == kind
    }


def test_names_of_merged_entities_become_alternative_names() -> None:
    assert names("new", terms.RDFS + "label") == {"New Motor"}
    assert names("new", terms.SKOS + "altLabel") == {"Old Motor", "旧汽车有限公司", "旧汽车"}
    assert names("old", terms.RDFS + "label") == set()
