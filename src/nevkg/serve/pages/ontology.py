"""The page of the ontology, with an anchor for each term, and the pages of its modules."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from nevkg.data import terms
from nevkg.publish.ontology import WORDS
from nevkg.publish.ontology.schema import DEFINITIONS, KINDS, TITLES, Schema
from nevkg.publish.ontology.writer import Facts
from nevkg.serve.api.dataset_jobs import count_uses
from nevkg.serve.pages.address import ONTOLOGY, Links
from nevkg.serve.pages.render import View
from nevkg.store import Store
from nevkg.store.memo import memoise

_schema = memoise(Schema)
# Queries for examples of classes and properties, which the editor opens.
_CLASS, *_PROPERTIES = KINDS[:4]
_OF_CLASS = f"SELECT DISTINCT ?thing\nWHERE {{\n  ?thing a/<{terms.RDFS}subClassOf>* <TERM> .\n}}\nLIMIT 20\n"
_OF_PROPERTY = "SELECT ?thing ?value\nWHERE {\n  ?thing <TERM> ?value .\n}\nLIMIT 20\n"
_ENDS = (terms.RDFS + "domain", terms.RDFS + "range")


def content(store: Store, iri: str, view: View) -> dict[str, Any] | None:
    """Returns the template values for the ontology or a module; None if the IRI is neither."""
    schema = _schema(store)
    version = terms.text(schema.facts[schema.head][terms.OWL + "versionInfo"][0])
    iri = next((head for head in (schema.head, *schema.terms_of) if iri in schema.iris(head, terms.OWL + "versionIRI")), iri)
    whole = iri == schema.head
    if not whole and not (iri in schema.terms_of and schema.is_module(iri)):
        return None
    values = _values_by_iri(schema, view.language, view.links)
    uses = count_uses(store)
    pages = [page for page in schema.terms_of if schema.is_module(page) and (whole or page == iri)]
    return {
        "title": values[schema.head if whole else iri],
        "version": version,
        "modules": [_module(schema, page, values, view.language) for page in pages],
        "uses": {iri: uses.get(iri, 0) for page in pages for iri in schema.terms_of[page]},
        "is_whole": whole,
        "vocabularies": [values[page] for page in schema.terms_of if whole and not schema.is_module(page)],
    }


def _module(schema: Schema, page: str, values: dict[str, dict[str, Any]], language: str) -> dict[str, Any]:
    of_kind = {kind: [iri for iri in schema.terms_of[page] if schema.kind(iri) == kind] for kind in KINDS}
    titles = WORDS[language]["kinds"]
    return values[page] | {
        "kinds": [(titles[schema.short(kind)], [values[iri] for iri in found]) for kind, found in of_kind.items() if found],
    }


@lru_cache(maxsize=8)
def _values_by_iri(schema: Schema, language: str, links: Links) -> dict[str, dict[str, Any]]:
    """Returns the template values of each term, module and vocabulary. They are the same for all readers of a language."""

    def label(iri: str) -> str:
        return schema.words(iri, TITLES, language) or schema.short(iri)

    def link(iri: str) -> str:
        address = links.of(iri)
        words = escape(label(iri))
        return str(Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, words) if address else words)

    facts = Facts(schema, language, WORDS[language], link, lambda text: str(escape(text)))
    return {
        iri: {
            "iri": iri,
            "anchor": schema.local(iri),
            "address": links.of(iri),
            "label": label(iri),
            "other": next((schema.words(iri, TITLES, tag), tag) for tag in terms.LANGUAGES if tag != language),
            "kind": schema.short(schema.kind(iri)) if schema.kind(iri) else "",
            "query": _query(schema.kind(iri), iri),
            "is_connected": any(schema.inverse[above, end] for above in schema.supers(iri) for end in _ENDS),
            "short": schema.short(iri),
            "definition": schema.words(iri, DEFINITIONS, language),
            "rows": [(Markup(title), Markup(text)) for title, text in facts.rows(iri)] if iri != ONTOLOGY else [],
        }
        for iri in (schema.head, *schema.page_of)
    }


def _query(kind: str, iri: str) -> str:
    """Returns a query for examples of a class or property; empty for other terms."""
    text = _OF_CLASS if kind == _CLASS else _OF_PROPERTY if kind in _PROPERTIES else ""
    return text.replace("TERM", iri)
