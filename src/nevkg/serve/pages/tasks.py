"""The worker task for IRIs: renders the page or the RDF description of one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from nevkg.ask import dossier
from nevkg.data import terms
from nevkg.data.serialise import serialise, sort_statements, write
from nevkg.lookup import entities
from nevkg.lookup.search import search
from nevkg.serve.clocks import AS_OF
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages import describe, lookup, memento, ontology
from nevkg.serve.pages.address import DATASET, OF_QUADS, ONTOLOGY, PAGE, Links, depends_on_day, formats, path_of
from nevkg.serve.pages.render import View, html, page
from nevkg.serve.pages.terms import Names
from nevkg.serve.pages.things import thing
from nevkg.serve.reply import Reply, bytes_reply
from nevkg.store import Store, contents

_SERIALISED = {"ttl": "turtle", "jsonld": "jsonld", "rdf": "rdfxml", "nt": "ntriples", "trig": "trig", "nq": "nquads"}
_NEAR = 5
# Graphs with more triples are written to a file once; see ``downloads``.
_MOST_AT_ONCE = 5000


def name(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the page or the RDF description of one of our IRIs.

    Args:
        store: the store to query.
        given: ``iri``; ``format``, a suffix; ``named``, whether the address has that suffix; for a page ``view`` and ``page``;
            for RDF ``root`` and ``clocks``.

    Raises:
        Problem: 404 if nothing is known about the IRI; 308 to the entity with which it was merged.
    """
    iri, suffix = given["iri"], given["format"]
    links = View.of(store, given).links if suffix == PAGE else Links(given["root"], clocks=tuple(given["clocks"].items()))
    if not lookup.is_iri(iri):
        raise Problem(404, "This path is not a valid name.")
    if other := lookup.replacement(store, iri):
        where = links.to(path_of(other, suffix if given["named"] else None))
        raise Problem(308, f"{iri} was merged with {other}.", headers={"Location": where})
    plain = replace(links, language="")
    others = {other: plain.to(path_of(iri, other)) for other in formats(iri) if other != suffix}
    alternates = [f'<{path}>; rel="alternate"; type="{formats(iri)[other]}"' for other, path in others.items()]
    day = links.day if depends_on_day(iri) else None
    headers = {
        **memento.headers(day, _original(plain, iri, suffix if given["named"] else None), entities.dataset_date(store), alternates),
        "Content-Location": plain.to(path_of(iri, suffix)),
    }
    if suffix != PAGE:
        return _data(store, iri, suffix, headers, day)
    view = View.of(store, given)
    return html(_content(store, iri, view, given["page"], others), view, headers)


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
        names = Names(store, view.language, view.links)
        source_text = names.thing(source) if lookup.exists(store, source) else None
        return page("graph", view, iri=iri, slug=iri.removeprefix(terms.GRAPH), count=count, source=source_text, alternates=alternates)
    if iri == ONTOLOGY or iri.startswith(ONTOLOGY + "/"):
        made = ontology.content(store, iri, view)
        if made is not None:
            return page("ontology", view, iri=iri, alternates=alternates, **made)
    if not lookup.exists(store, iri):
        raise unknown_iri(store, iri)
    names = Names(store, view.language, view.links)
    return page("thing", view, thing=thing(names, iri, view.day, number, view.links.day), alternates=alternates)


def _data(store: Store, iri: str, suffix: str, headers: Mapping[str, str], day: str | None) -> Reply:
    spaces = entities.namespaces(store)
    format_name = _SERIALISED[suffix]
    if suffix in OF_QUADS or iri.startswith(terms.GRAPH):
        size = math.inf if iri == DATASET else contents.size(store, iri)
        if not size:
            raise unknown_iri(store, iri)

        def stream(output: IO[bytes]) -> None:
            for graph in describe.quads(store, iri):
                write(sort_statements(graph, format_name), format_name, spaces, output)

        return Reply(formats(iri)[suffix], stream, headers, is_bulk=size > _MOST_AT_ONCE)
    found = (dossier.triples(store, iri, day) if day else []) or describe.triples(store, iri)
    if not found:
        raise unknown_iri(store, iri)
    return bytes_reply(formats(iri)[suffix], serialise(found, format_name, spaces), headers)


def unknown_iri(store: Store, iri: str) -> Problem:
    """Returns a 404 problem for an unknown IRI, with similar IRIs."""
    slug = iri.rpartition("/")[2].rpartition("#")[2]
    near = [hit.iri for hit in search(store, slug.replace("-", " "), _NEAR)]
    labels = entities.labels(store, near, terms.LANGUAGES[0])
    listed = [{"iri": one, "label": labels.get(one, one)} for one in near if one.startswith(terms.BASE)]
    return Problem(404, f"Nothing is known about {iri}.", more={"near": listed} if listed else {})
