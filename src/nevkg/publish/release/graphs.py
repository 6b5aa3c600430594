"""Adds the dataset, the ontology and the shapes to a release, each as one file in each format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO

from pyoxigraph import NamedNode, Quad, Triple

from nevkg.data import dataset, terms
from nevkg.data.rdf import find_prefixes, serialise, sort_statements, write
from nevkg.errors import needs_extra
from nevkg.lookup import entities
from nevkg.publish.exports import load_exports, run_export
from nevkg.publish.release.parts import Parts
from nevkg.store import EmbeddedStore, contents, open_snapshot

# Suffixes and formats, in groups whose files have the same statements in the same order.
_OF_QUADS = {"nq": "nquads", "trig": "trig", "jsonld": "jsonld"}
_OF_TRIPLES = {"ttl": "turtle", "rdf": "rdfxml"}
_OF_SCHEMA = {"ttl": "turtle", "rdf": "rdfxml", "jsonld": "jsonld"}
_ENDINGS = {name: ending for ending, name in (_OF_QUADS | _OF_TRIPLES).items()} | {"ntriples": "nt"}
WHOLE, SNAPSHOT, EXPORTS = "nevkg", "snapshot", "exports"
STEPS = 2 * (len(_OF_QUADS) + len(_OF_TRIPLES))
_IMPORTS = NamedNode(terms.OWL + "imports")
_DEFINED_BY = NamedNode(terms.RDFS + "isDefinedBy")
_VERSION_IRI = NamedNode(terms.OWL + "versionIRI")
_TYPE = NamedNode(terms.RDF + "type")
_CATALOG = f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
    <uri name="{terms.NEV.rstrip("#")}" uri="ontology.rdf"/>
</catalog>
""".encode()
_WORDS = {
    "nq": "the dataset in N-Quads, one triple with its graph per line",
    "trig": "the dataset in TriG, named graphs with prefixes",
    "jsonld": "the dataset in JSON-LD",
    "ttl": "the union of all graphs in Turtle, for stores without named graphs",
    "rdf": "the union of all graphs in RDF/XML",
}


def add_dataset(parts: Parts, store: EmbeddedStore, step: Callable[[], None]) -> None:
    """Adds the dataset in all formats, each also compressed."""
    statements: Sequence[Quad | Triple] = list(store.store.quads_for_pattern(None, None, None))
    for formats in (_OF_QUADS, _OF_TRIPLES):
        # The triples are made from the quads, which are then released from memory.
        statements = sort_statements(statements, next(iter(formats.values())))
        for ending, format_name in formats.items():
            parts.add(f"{WHOLE}.{ending}", _WORDS[ending], _writer(statements, format_name, store))
            step()
            parts.pack(f"{WHOLE}.{ending}")
            step()


def add_snapshot(parts: Parts, store: EmbeddedStore) -> None:
    """Adds the snapshot for the date of the dataset, on which the questions are run."""
    day = entities.dataset_date(store)
    triples = contents.default_triples(open_snapshot(store, day))
    title = f"the snapshot for {day} in plain triples, on which the questions are run"
    parts.add(f"{SNAPSHOT}.ttl", title, _writer(sort_statements(triples, "turtle"), "turtle", store))
    parts.pack(f"{SNAPSHOT}.ttl")


def add_exports(parts: Parts, store: EmbeddedStore) -> None:
    """Adds the exports that belong to each release."""
    for chosen in load_exports(store.layout).values():
        if chosen.released:
            name = f"{EXPORTS}/{chosen.name}.{_ENDINGS[chosen.format]}"
            statements = sort_statements(run_export(store, chosen, entities.dataset_date(store)), chosen.format)
            parts.add(name, chosen.title[terms.LANGUAGES[0]], _writer(statements, chosen.format, store))
            parts.pack(name)


def _writer(statements: Sequence[Quad | Triple], format_name: str, store: EmbeddedStore) -> Callable[[IO[bytes]], None]:
    return lambda output: write(statements, format_name, terms.prefixes(store.layout.ontology), output)


def add_schema(parts: Parts, store: EmbeddedStore) -> None:
    """Adds the ontology and the vocabularies in all formats, the shapes, the rules and the JSON-LD context."""
    ontology = [quad.triple for quad in _graph(store, "ontology")]
    concepts = [quad.triple for quad in _graph(store, "vocabularies")]
    path = store.layout.ontology / "mappings.ttl"
    mappings = [quad.triple for quad in dataset.parse_file(path)]
    for name, title, triples in (
        ("ontology", "the ontology, its modules merged", merge_modules(ontology)),
        (path.stem, "mappings of the terms to other vocabularies", mappings),
        ("vocabularies", "the vocabularies", concepts),
    ):
        for ending, format_name in _OF_SCHEMA.items():
            written = _writer(sort_statements(triples, format_name), format_name, store)
            # The original file has comments, and no names with a slash, which the parser of older versions of Protégé rejects.
            parts.add(f"ontology/{name}.{ending}", title, path.read_bytes() if (name, ending) == (path.stem, "ttl") else written)
        if triples is not concepts:
            parts.add(
                f"ontology/{name}.ofn", f"{title}, in OWL functional syntax", functional(triples, terms.prefixes(store.layout.ontology))
            )
    parts.add("ontology/catalog-v001.xml", "catalogue with which Protégé locates the ontology that the mappings import", _CATALOG)
    parts.add("ontology/shapes.ttl", "the SHACL shapes", _writer(sort_statements(_shapes(store), "turtle"), "turtle", store))
    parts.add("ontology/context.jsonld", "the JSON-LD context with all prefixes", (store.layout.ontology / "context.jsonld").read_bytes())
    for rule in dataset.rule_files(store.layout):
        parts.add(f"ontology/rules/{rule.parent.name}/{rule.name}", "a rule; rules are run in the order of their names", rule.read_bytes())


def _graph(store: EmbeddedStore, slug: str) -> Iterable[Quad]:
    return store.store.quads_for_pattern(None, None, None, NamedNode(terms.graph(slug)))


def merge_modules(triples: Sequence[Triple]) -> list[Triple]:
    """Returns the triples as one ontology. The imported modules are in the same file, so headers and imports are removed."""
    imported = {triple.object for triple in triples if triple.predicate == _IMPORTS}
    # Terms name the module that defines them, but never an extract of another vocabulary, whose header is not needed here.
    extracts = imported - {triple.object for triple in triples if triple.predicate == _DEFINED_BY}
    return [
        triple
        for triple in triples
        if triple.predicate != _IMPORTS
        and triple.subject not in extracts
        and not (triple.predicate in (_TYPE, _VERSION_IRI) and triple.subject in imported)
    ]


def _shapes(store: EmbeddedStore) -> Iterable[Quad]:
    """Returns all shapes, with canonical names for blank nodes, which occur in lists."""
    paths = sorted(store.layout.ontology.glob("shapes/*.ttl"))
    return dataset.canonicalize_blank_nodes(quad for path in paths for quad in dataset.parse_file(path))


def functional(triples: Sequence[Triple], namespaces: Mapping[str, str]) -> bytes:
    """Returns an ontology in functional syntax. Equal content gives equal bytes."""
    with needs_extra("publish"):
        import pyhornedowl
        from pyhornedowl.model import DisjointClasses
    prefixes = find_prefixes(triples, dict(namespaces))
    ontology = pyhornedowl.open_ontology_from_string(serialise(triples, "rdfxml", prefixes).decode(), serialization="rdf")
    for members in _disjoint(triples):  # py-horned-owl 2.0 does not read these in RDF
        ontology.add_axiom(DisjointClasses([ontology.class_(name) for name in members]))
    for prefix, iri in prefixes.items():
        ontology.prefix_mapping.add_prefix(prefix, iri)
    return str(ontology.save_to_string("ofn")).encode()


def _disjoint(triples: Sequence[Triple]) -> Iterator[list[str]]:
    """Yields the members of each ``owl:AllDisjointClasses``, sorted."""
    objects = {(terms.text(triple.subject), triple.predicate.value): terms.text(triple.object) for triple in triples}
    for triple in triples:
        if triple.predicate.value == terms.OWL + "members":
            found, node = [], terms.text(triple.object)
            while member := objects.get((node, terms.RDF + "first")):
                found.append(member)
                node = objects[node, terms.RDF + "rest"]
            yield sorted(found)
