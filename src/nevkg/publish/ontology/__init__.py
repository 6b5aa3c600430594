"""Writes the ontology as Markdown pages, one for each module or vocabulary in each language.

Pages are in ``docs/ontology/<language>/<name>.md``; their links to files depend on that. The rows of a term, in their
order, are those of the texts of ``publish.ontology`` (see :class:`~nevkg.publish.ontology.writer.Facts`).
"""

from __future__ import annotations

from nevkg.data import terms
from nevkg.publish.ontology.diagrams import Box, draw
from nevkg.publish.ontology.schema import CLASS, INDEX, KINDS, SUPERS, Schema, Usage
from nevkg.publish.ontology.writer import MARK, Writer
from nevkg.store import EmbeddedStore
from nevkg.words import texts_of

__all__ = ["INDEX", "MARK", "WORDS", "pages"]

WORDS = texts_of("publish.ontology")


def pages(store: EmbeddedStore) -> dict[str, str]:
    """Returns path (relative to ``docs/ontology``) to text: pages and indexes in all languages, and diagrams as SVG."""
    schema = Schema(store)
    data = Usage(store, schema)
    texts = {f"diagrams/{schema.local(page)}.svg": diagram(schema, page) for page in schema.terms_of if schema.is_module(page)}
    for language in terms.LANGUAGES:
        writer = Writer(schema, data, language, WORDS[language])
        texts |= {f"{language}/{schema.local(page)}.md": writer.page(page) for page in schema.terms_of}
        texts[f"{language}/{INDEX}.md"] = writer.index()
    return texts


def diagram(schema: Schema, page: str) -> str:
    """Returns an SVG diagram of the classes and properties of a module.

    Classes of other modules that get properties here have a dashed outline.
    """
    name = {iri: schema.local(iri) for iri in schema.page_of}
    members = schema.terms_of[page]
    lines: dict[str, list[str]] = {iri: [] for iri in members if schema.kind(iri) == CLASS}
    for iri in members:
        if (kind := schema.kind(iri)) in KINDS[1:3]:
            targets = schema.iris(iri, terms.NEV + "valuesFrom") or schema.iris(iri, terms.RDFS + "range")
            ranges = ", ".join(name.get(target) or schema.short(target).removeprefix("xsd:") for target in targets)
            line = f"{name[iri]}{' → ' if kind == KINDS[1] else ': '}{ranges}" if ranges else name[iri]
            for domain in schema.iris(iri, terms.RDFS + "domain") or ["*"]:
                lines.setdefault(domain, []).append(line)
    boxes = []
    for iri, properties in lines.items():
        supers = [name.get(above) or schema.short(above) for above in schema.iris(iri, SUPERS[0])] if iri in members else []
        boxes.append(Box(name.get(iri) or schema.short(iri), supers, properties, iri not in members))
    return draw(schema.short(page), boxes).replace("<title>", f"<!-- {MARK} -->\n<title>", 1)
