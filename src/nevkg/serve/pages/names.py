"""Serves names (IRIs): the page of one, or what is known of it as RDF."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO

from pyoxigraph import BlankNode, Quad, Triple

from nevkg.ask import profile
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.rdf import serialise, sort_statements, write
from nevkg.lookup import entities
from nevkg.lookup.search import search
from nevkg.lookup.statements import read_triples
from nevkg.publish.exports import describe_questions
from nevkg.serve.jobs import Reply, Task, bytes_reply
from nevkg.serve.pages import documents, mentions, ontology, requests
from nevkg.serve.pages.address import DATASET, OF_QUADS, ONTOLOGY, QUESTION, Links, depends_on_day, formats, path_of
from nevkg.serve.pages.mentions import MANNERS
from nevkg.serve.pages.render import PageNames, View, html, page
from nevkg.serve.pages.things import thing
from nevkg.serve.parameter import AS_OF
from nevkg.serve.problem import Problem
from nevkg.store import Store, contents

_MANNERS = ", ".join(f"<{name}>" for name in sorted(MANNERS))
_VERSION = "http://www.w3.org/2002/07/owl#versionIRI"
_DEFINED_BY = terms.RDFS + "isDefinedBy"


def triples(store: Store, iri: str) -> list[Triple]:
    """Returns the triples that describe an IRI; an empty list if nothing is known about it."""
    if iri == DATASET:
        return read_triples(
            store, f'{{ BIND(<{iri}> AS ?thing) }} UNION {{ <{iri}> ?has ?thing FILTER(STRSTARTS(STR(?thing), "{iri}/")) }}'
        )
    if iri == ONTOLOGY or iri.startswith(ONTOLOGY + "/"):
        return list(_ontology_triples(store, iri))
    if iri.startswith(QUESTION):
        return _question_triples(store, iri)
    return read_triples(
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


def _ontology_triples(store: Store, iri: str) -> Iterator[Triple]:
    """Yields the triples of the ontology, or of a module with the terms it defines, including the blank nodes they refer to."""
    known = [Triple(quad.subject, quad.predicate, quad.object) for quad in contents.quads(store, [terms.graph("ontology")])]
    read = [(terms.text(triple.subject), triple.predicate.value, terms.text(triple.object), triple) for triple in known]
    iri = next((subject for subject, name, value, _ in read if (name, value) == (_VERSION, iri)), iri)
    if iri == ONTOLOGY:
        yield from known
        return
    wanted = {iri} | {subject for subject, name, value, _ in read if (name, value) == (_DEFINED_BY, iri)}
    size = 0
    while size < len(wanted):
        size = len(wanted)
        wanted |= {value for subject, _, value, triple in read if subject in wanted and isinstance(triple.object, BlankNode)}
    yield from (triple for subject, *_, triple in read if subject in wanted)


def _question_triples(store: Store, iri: str) -> list[Triple]:
    """Returns the triples of a question, also for the IRI of one of its parameters."""
    name = iri.removeprefix(QUESTION).partition("/")[0]
    found = load_catalogue(store.layout).questions.get(name)
    made = describe_questions([found]) if found else []
    return made if any(terms.text(triple.subject) == iri for triple in made) else []


_SERIALISED = {"ttl": "turtle", "jsonld": "jsonld", "rdf": "rdfxml", "nt": "ntriples", "trig": "trig", "nq": "nquads"}
_NEAR = 5
# Graphs with more triples are written to a file once; see ``downloads``.
_MOST_AT_ONCE = 5000


@dataclass(frozen=True)
class DescribeIri(Task):
    """The page or the RDF description of an IRI; ``named`` is whether the address has the suffix ``format``."""

    iri: str
    format: str
    named: bool
    links: Links = field(default_factory=Links)
    page: int = 1
    view: View | None = None

    def run(self, store: Store) -> Reply:
        """Renders the page or the RDF; ``Problem`` 404 if nothing is known of the IRI, 308 to the entity it was merged with."""
        iri, suffix = self.iri, self.format
        view = self.view.of_dataset(store) if self.view else None
        links = self.links
        if not terms.is_iri(iri):
            raise Problem(404, "This path is not a valid name.")
        if other := mentions.find_replacement(store, iri):
            where = links.to(path_of(other, suffix if self.named else None))
            raise Problem(308, f"{iri} was merged with {other}.", headers={"Location": where})
        plain = replace(links, language="")
        others = {other: plain.to(path_of(iri, other)) for other in formats(iri) if other != suffix}
        alternates = [f'<{path}>; rel="alternate"; type="{formats(iri)[other]}"' for other, path in others.items()]
        day = links.day if depends_on_day(iri) else None
        headers = {
            **requests.memento_headers(
                day, _original(plain, iri, suffix if self.named else None), entities.dataset_date(store), alternates
            ),
            "Content-Location": plain.to(path_of(iri, suffix)),
        }
        if view is None:
            return _data(store, iri, suffix, headers, day)
        return html(_content(store, iri, view, self.page, others), view, headers)


def _original(links: Links, iri: str, suffix: str | None) -> str:
    """Returns the address of an IRI without a date."""
    clocks = tuple((name, day) for name, day in links.clocks if name != AS_OF)
    return replace(links, clocks=clocks).to(path_of(iri, suffix))


def _content(store: Store, iri: str, view: View, number: int, alternates: Mapping[str, str]) -> bytes:
    if iri.startswith(terms.GRAPH):
        count = contents.size(store, iri)
        if not count:
            raise unknown_iri(store, iri)
        source = terms.SOURCE + iri.removeprefix(terms.GRAPH)
        names = PageNames(store, view.language, view.links)
        source_text = names.thing(source) if mentions.exists(store, source) else None
        return page("graph", view, iri=iri, slug=iri.removeprefix(terms.GRAPH), count=count, source=source_text, alternates=alternates)
    if iri == ONTOLOGY or iri.startswith(ONTOLOGY + "/"):
        made = ontology.content(store, iri, view)
        if made is not None:
            return page("ontology", view, iri=iri, alternates=alternates, documents=documents.of_page(store, view), **made)
    if not mentions.exists(store, iri):
        raise unknown_iri(store, iri)
    names = PageNames(store, view.language, view.links)
    found = thing(names, iri, view.day, number)
    return page("thing", view, thing=found, alternates=alternates, documents=documents.of_page(store, view))


def _data(store: Store, iri: str, suffix: str, headers: Mapping[str, str], day: str | None) -> Reply:
    spaces = entities.namespaces(store)
    format_name = _SERIALISED[suffix]
    if suffix in OF_QUADS or iri.startswith(terms.GRAPH):
        size = math.inf if iri == DATASET else contents.size(store, iri)
        if not size:
            raise unknown_iri(store, iri)

        def stream(output: IO[bytes]) -> None:
            for graph in quads(store, iri):
                write(sort_statements(graph, format_name), format_name, spaces, output)

        return Reply(formats(iri)[suffix], stream, headers, is_bulk=size > _MOST_AT_ONCE)
    found = (profile.triples(store, iri, day) if day else []) or triples(store, iri)
    if not found:
        raise unknown_iri(store, iri)
    return bytes_reply(formats(iri)[suffix], serialise(found, format_name, spaces), headers)


def unknown_iri(store: Store, iri: str) -> Problem:
    """Returns a 404 problem for an unknown IRI, with similar IRIs."""
    slug = iri.rpartition("/")[2].rpartition("#")[2]
    near = [hit.iri for hit in search(store, slug.replace("-", " "), _NEAR)]
    labels = entities.labels(store, near, terms.LANGUAGES[0])
    listed = [{"iri": name, "label": labels.get(name, name)} for name in near if name.startswith(terms.BASE)]
    return Problem(404, f"Nothing is known about {iri}.", more={"near": listed} if listed else {})
