"""The RDF description of an IRI, with the same content as its page."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Quad, QueryTriples, Triple

from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.publish.catalogue import as_rdf
from nevkg.serve.pages.address import DATASET, ONTOLOGY, QUESTION
from nevkg.serve.pages.lookup import MANNERS, PREFIXES
from nevkg.store import Store, contents

_MANNERS = ", ".join(f"<{name}>" for name in sorted(MANNERS))
_VERSION = "http://www.w3.org/2002/07/owl#versionIRI"
_DEFINED_BY = terms.RDFS + "isDefinedBy"


def triples(store: Store, iri: str) -> list[Triple]:
    """Returns the triples that describe an IRI; an empty list if nothing is known about it."""
    if iri == DATASET:
        return _construct(store, f'{{ BIND(<{iri}> AS ?thing) }} UNION {{ <{iri}> ?has ?thing FILTER(STRSTARTS(STR(?thing), "{iri}/")) }}')
    if iri == ONTOLOGY or iri.startswith(ONTOLOGY + "/"):
        return list(_ontology_triples(store, iri))
    if iri.startswith(QUESTION):
        return _question_triples(store, iri)
    return _construct(
        store,
        f"""{{ BIND(<{iri}> AS ?thing) }}
        UNION {{ ?thing ?names <{iri}> . FILTER(?names NOT IN ({_MANNERS})) ?thing nev:source ?source }}
        UNION {{ ?thing nev:subject <{iri}> ; a nev:Episode }}
        UNION {{ ?thing prov:wasDerivedFrom <{iri}> ; a nev:Episode }}
        UNION {{ <{iri}> prov:wasDerivedFrom ?thing }}
        UNION {{ ?thing nev:passageOf <{iri}> }} UNION {{ <{iri}> nev:passage ?thing }}
        UNION {{ ?thing <{terms.SKOS}inScheme> <{iri}> }}""",
    )


def quads(store: Store, iri: str) -> Iterator[list[Quad]]:
    """Yields the quads of a graph or of the whole dataset, one list for each graph."""
    for name in contents.graphs(store) if iri == DATASET else [iri]:
        yield list(contents.quads(store, [name]))


def _construct(store: Store, chosen: str) -> list[Triple]:
    """Returns all triples of each ``?thing`` that a graph pattern selects."""
    found = store.query(f"{PREFIXES} CONSTRUCT {{ ?thing ?property ?value }} WHERE {{ {chosen} ?thing ?property ?value }}")
    assert isinstance(found, QueryTriples)
    return list(found)


def _ontology_triples(store: Store, iri: str) -> Iterator[Triple]:
    """Yields the triples of the ontology, or of a module with the terms it defines, including the blank nodes they refer to."""
    known = [Triple(quad.subject, quad.predicate, quad.object) for quad in contents.quads(store, [terms.graph("ontology")])]
    iri = next((terms.text(one.subject) for one in known if one.predicate.value == _VERSION and terms.text(one.object) == iri), iri)
    if iri == ONTOLOGY:
        yield from known
        return
    wanted = {iri} | {terms.text(one.subject) for one in known if one.predicate.value == _DEFINED_BY and terms.text(one.object) == iri}
    size = 0
    while size < len(wanted):
        size = len(wanted)
        wanted |= {terms.text(one.object) for one in known if isinstance(one.object, BlankNode) and terms.text(one.subject) in wanted}
    yield from (one for one in known if terms.text(one.subject) in wanted)


def _question_triples(store: Store, iri: str) -> list[Triple]:
    """Returns the triples of a question, also for the IRI of one of its parameters."""
    name = iri.removeprefix(QUESTION).partition("/")[0]
    found = load_catalogue(store.layout).questions.get(name)
    made = as_rdf([found]) if found else []
    return made if any(terms.text(one.subject) == iri for one in made) else []
