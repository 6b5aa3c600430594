"""What a name answers with as RDF: the same that its page shows."""

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
    """The triples that describe a name; none if nothing is known of it."""
    if iri == DATASET:
        return _constructed(
            store, f'{{ BIND(<{iri}> AS ?thing) }} UNION {{ <{iri}> ?has ?thing FILTER(STRSTARTS(STR(?thing), "{iri}/")) }}'
        )
    if iri == ONTOLOGY or iri.startswith(ONTOLOGY + "/"):
        return list(_of_ontology(store, iri))
    if iri.startswith(QUESTION):
        return _of_question(store, iri)
    return _constructed(
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
    """The quads of a graph or of the whole dataset, graph by graph."""
    for name in contents.graphs(store) if iri == DATASET else [iri]:
        yield list(contents.quads(store, [name]))


def _constructed(store: Store, chosen: str) -> list[Triple]:
    """All triples of each ``?thing`` that a graph pattern chooses."""
    found = store.query(f"{PREFIXES} CONSTRUCT {{ ?thing ?property ?value }} WHERE {{ {chosen} ?thing ?property ?value }}")
    assert isinstance(found, QueryTriples)
    return list(found)


def _of_ontology(store: Store, iri: str) -> Iterator[Triple]:
    """The ontology, or one of its modules with the terms that it defines; what has no name goes with what names it."""
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


def _of_question(store: Store, iri: str) -> list[Triple]:
    """A question, or the question that a parameter belongs to."""
    name = iri.removeprefix(QUESTION).partition("/")[0]
    found = load_catalogue(store.layout).questions.get(name)
    made = as_rdf([found]) if found else []
    return made if any(terms.text(one.subject) == iri for one in made) else []
