"""The ontology as one page, with an anchor for each term; a module by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from nevkg.data import terms
from nevkg.publish.ontology import words
from nevkg.publish.ontology.facts import Facts
from nevkg.publish.ontology.schema import DEFINITIONS, KINDS, OWL, TITLES, Schema
from nevkg.serve.pages.address import ONTOLOGY, Links
from nevkg.serve.pages.render import View
from nevkg.store import Store
from nevkg.store.memo import kept

_schema = kept(Schema)


def content(store: Store, iri: str, view: View) -> dict[str, Any] | None:
    """What the page of the ontology or of a module shows; None if the name is neither."""
    schema = _schema(store)
    version = terms.text(schema.facts[schema.head][OWL + "versionInfo"][0])
    iri = next((head for head in (schema.head, *schema.terms_of) if iri in schema.iris(head, OWL + "versionIRI")), iri)
    whole = iri == schema.head
    if not whole and not (iri in schema.terms_of and schema.is_module(iri)):
        return None
    described = _described(schema, view.language, view.links)
    shown = [page for page in schema.terms_of if schema.is_module(page) and (whole or page == iri)]
    return {
        "title": described[schema.head if whole else iri],
        "version": version,
        "modules": [_module(schema, page, described, view.language) for page in shown],
        "vocabularies": [described[page] for page in schema.terms_of if whole and not schema.is_module(page)],
    }


def _module(schema: Schema, page: str, described: dict[str, dict[str, Any]], language: str) -> dict[str, Any]:
    of_kind = {kind: [iri for iri in schema.terms_of[page] if schema.kind(iri) == kind] for kind in KINDS}
    titles = words()[language]["kinds"]
    return described[page] | {
        "kinds": [(titles[schema.short(kind)], [described[iri] for iri in found]) for kind, found in of_kind.items() if found],
    }


@lru_cache(maxsize=8)
def _described(schema: Schema, language: str, links: Links) -> dict[str, dict[str, Any]]:
    """Each term, module and vocabulary in words; the same for all who read in a language."""

    def label(iri: str) -> str:
        return schema.words(iri, TITLES, language) or schema.short(iri)

    def link(iri: str) -> str:
        address = links.of(iri)
        words = escape(label(iri))
        return str(Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, words) if address else words)

    facts = Facts(schema, language, words()[language], link, lambda text: str(escape(text)))
    return {
        iri: {
            "iri": iri,
            "anchor": schema.local(iri),
            "address": links.of(iri),
            "label": label(iri),
            "short": schema.short(iri),
            "definition": schema.words(iri, DEFINITIONS, language),
            "rows": [(Markup(title), Markup(text)) for title, text in facts.rows(iri)] if iri != ONTOLOGY else [],
        }
        for iri in (schema.head, *schema.page_of)
    }
