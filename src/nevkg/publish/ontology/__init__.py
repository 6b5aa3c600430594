"""The ontology as Markdown pages, one a module or vocabulary and language.

A page stands at ``docs/ontology/<language>/<name>.md``; its links to files count on that. The words, and which facts of a
term are shown in which order, stand in ``templates/ontology.yaml``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from nevkg.data import terms
from nevkg.publish.ontology.diagrams import Box, draw
from nevkg.publish.ontology.schema import CLASS, INDEX, KINDS, SUPERS, Schema
from nevkg.publish.ontology.usage import Data
from nevkg.publish.ontology.writer import MARK, Writer
from nevkg.store import EmbeddedStore

__all__ = ["INDEX", "MARK", "pages", "words"]


def pages(store: EmbeddedStore) -> dict[str, str]:
    """Path below the folder of the documentation, and text: the pages and indexes of all languages, and the diagrams."""
    schema = Schema(store)
    data = Data(store, schema)
    made = {f"diagrams/{schema.local(page)}.svg": diagram(schema, page) for page in schema.terms_of if schema.is_module(page)}
    for language in terms.LANGUAGES:
        writer = Writer(schema, data, language, words()[language])
        made |= {f"{language}/{schema.local(page)}.md": writer.page(page) for page in schema.terms_of}
        made[f"{language}/{INDEX}.md"] = writer.index()
    return made


@cache
def words() -> dict[str, dict[str, Any]]:
    """What the pages say, by language."""
    import yaml

    found: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "templates" / "ontology.yaml").read_text("utf-8"))
    return found


def diagram(schema: Schema, page: str) -> str:
    """The classes of a module with its properties; dashed are classes of other modules that get properties here."""
    name = {iri: schema.local(iri) for iri in schema.page_of}
    listed = schema.terms_of[page]
    lines: dict[str, list[str]] = {iri: [] for iri in listed if schema.kind(iri) == CLASS}
    for iri in listed:
        if (kind := schema.kind(iri)) in KINDS[1:3]:
            taken = schema.iris(iri, terms.NEV + "valuesFrom") or schema.iris(iri, terms.RDFS + "range")
            ranges = ", ".join(name.get(one) or schema.short(one).removeprefix("xsd:") for one in taken)
            line = f"{name[iri]}{' → ' if kind == KINDS[1] else ': '}{ranges}" if ranges else name[iri]
            for domain in schema.iris(iri, terms.RDFS + "domain") or ["*"]:
                lines.setdefault(domain, []).append(line)
    boxes = []
    for iri, properties in lines.items():
        supers = [name.get(one) or schema.short(one) for one in schema.iris(iri, SUPERS[0])] if iri in listed else []
        boxes.append(Box(name.get(iri) or schema.short(iri), supers, properties, iri not in listed))
    return draw(schema.short(page), boxes).replace("<title>", f"<!-- {MARK} -->\n<title>", 1)
