"""Writes OWL 2 functional syntax with py-horned-owl, because RDF libraries do not write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Triple

from nevkg.data import terms
from nevkg.data.serialise import find_prefixes, serialise
from nevkg.errors import missing_extra

_OWL = "http://www.w3.org/2002/07/owl#"


def functional(triples: Sequence[Triple], namespaces: Mapping[str, str]) -> bytes:
    """Returns an ontology in functional syntax. Equal content gives equal bytes.

    Raises:
        CouldNotRun: If py-horned-owl is not installed.
    """
    try:
        import pyhornedowl
        from pyhornedowl.model import DisjointClasses
    except ImportError as error:
        raise missing_extra("publish", error) from None
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
        if triple.predicate.value == _OWL + "members":
            found, node = [], terms.text(triple.object)
            while member := objects.get((node, terms.RDF + "first")):
                found.append(member)
                node = objects[node, terms.RDF + "rest"]
            yield sorted(found)
