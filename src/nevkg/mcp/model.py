"""The model on one page, generated from the ontology: prefixes, classes, properties with their domains and ranges, and example queries."""

from __future__ import annotations

from collections.abc import Iterator

from nevkg.ask import days
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.frontmatter import remove_head
from nevkg.lookup import entities
from nevkg.mcp.guide import read_guide
from nevkg.store import Store

_OWL = "http://www.w3.org/2002/07/owl#"
_PREFIXES = f"PREFIX owl: <{_OWL}> PREFIX rdf: <{terms.RDF}> PREFIX rdfs: <{terms.RDFS}> PREFIX skos: <{terms.SKOS}>"
# Only what the snapshot of the dataset's own date uses: the page is read as a whole, and the rest can be found.
_CLASSES = """SELECT ?term ?above ?definition ?count WHERE {
  { SELECT ?term (COUNT(?one) AS ?count) WHERE { ?one rdf:type ?term } GROUP BY ?term }
  ?term a owl:Class . FILTER(isIRI(?term))
  OPTIONAL { ?term rdfs:subClassOf ?above FILTER(isIRI(?above)) }
  OPTIONAL { ?term skos:definition ?definition FILTER(LANG(?definition) = "en") } }"""
_PROPERTIES = """SELECT ?term ?domain ?range ?count WHERE {
  { SELECT ?term (COUNT(*) AS ?count) WHERE { ?one ?term ?other } GROUP BY ?term }
  VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?term a ?kind .
  OPTIONAL { ?term rdfs:domain ?domain FILTER(isIRI(?domain)) } OPTIONAL { ?term rdfs:range ?range FILTER(isIRI(?range)) } }"""


def describe_model(store: Store) -> str:
    """Returns the page in Markdown."""
    guide, catalogue = read_guide(store.layout), load_catalogue(store.layout)
    snapshot = days.snapshot(store, entities.dataset_date(store))
    spaces = entities.namespaces(store)
    lines = ["# The model", "", guide.about, "", guide.model, "", "## Prefixes (no PREFIX lines are needed)", ""]
    lines += [f"{prefix}: <{space}>" for prefix, space in sorted(spaces.items())]
    lines += ["", "## Classes (number of instances)", "", *_classes(snapshot, spaces)]
    lines += ["", "## Properties (number of uses)", "", *_properties(snapshot, spaces), "", "## Examples", ""]
    for name in guide.examples:
        question = catalogue[name]
        lines += [f"{question.title[terms.LANGUAGES[0]]} (`{name}`)", "", "```sparql", remove_head(question.text), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _classes(snapshot: Store, spaces: dict[str, str]) -> Iterator[str]:
    found: dict[str, tuple[str, str, set[str]]] = {}
    for row in entities.rows(snapshot, f"{_PREFIXES} {_CLASSES}"):
        if row["term"].startswith(terms.BASE):
            _, _, above = found.setdefault(row["term"], (row["count"], row.get("definition", ""), set()))
            above |= {terms.shorten(row["above"], spaces)} if "above" in row else set()
    for iri, (count, definition, above) in sorted(found.items()):
        below = f" < {', '.join(sorted(above))}" if above else ""
        yield f"- {terms.shorten(iri, spaces)}{below} ({int(count):,}): {definition}".rstrip(": ")


def _properties(snapshot: Store, spaces: dict[str, str]) -> Iterator[str]:
    found: dict[str, tuple[str, set[str], set[str]]] = {}
    for row in entities.rows(snapshot, f"{_PREFIXES} {_PROPERTIES}"):
        if row["term"].startswith(terms.BASE):
            _, domains, ranges = found.setdefault(row["term"], (row["count"], set(), set()))
            domains |= {terms.shorten(row["domain"], spaces)} if "domain" in row else set()
            ranges |= {terms.shorten(row["range"], spaces)} if "range" in row else set()
    for iri, (count, domains, ranges) in sorted(found.items()):
        ends = f"{' and '.join(sorted(domains)) or 'any'} → {' and '.join(sorted(ranges)) or 'any'}"
        yield f"- {terms.shorten(iri, spaces)}: {ends} ({int(count):,})"
