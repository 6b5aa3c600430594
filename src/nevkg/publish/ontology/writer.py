"""Writes the pages of one language: an index, and one page for each module or vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from nevkg.data import terms
from nevkg.publish.ontology.facts import Facts
from nevkg.publish.ontology.schema import DEFINITIONS, INDEX, KINDS, OWL, ROOT, SH, TITLES, Schema
from nevkg.publish.ontology.usage import Usage, escape

MARK = "Made by nevkg docs ontology from the ontology and the data; do not edit."


class Writer:
    """Writes the pages of one language."""

    def __init__(self, schema: Schema, data: Usage, language: str, words: dict[str, Any]) -> None:
        self.schema, self.data, self.language, self.words = schema, data, language, words
        self.facts = Facts(schema, language, words, self._link, escape)

    def index(self) -> str:
        """Returns the index of all pages and terms in Markdown."""
        head = self.schema.head
        version = terms.text(self.schema.facts[head][OWL + "versionInfo"][0])
        lines = [f"<!-- {MARK} -->", f"# {self._label(head)}", "", self._definition(head), "", self.words["intro"], ""]
        lines += [self._row(self.words["version"], version), self._row(self.words["iri"], f"<{head}>"), *self._others(INDEX)]
        for name, is_module in (("modules", True), ("vocabularies", False)):
            pages = [page for page in self.schema.terms_of if self.schema.is_module(page) == is_module]
            lines += ["", f"## {self.words[name]}", "", *(self._row(self._link(page), self._definition(page)) for page in pages)]
        every = sorted(self.schema.page_of.keys() - self.schema.terms_of.keys(), key=lambda iri: (self.schema.short(iri).lower(), iri))
        lines += ["", f"## {self.words['all']}", "", *(f"- `{self.schema.short(iri)}` {self._link(iri)}" for iri in every)]
        return "\n".join(lines) + "\n"

    def page(self, page: str) -> str:
        """Returns the page of a module or vocabulary with all its terms in Markdown."""
        name, members = self.schema.local(page), self.schema.terms_of[page]
        lines = [
            f"<!-- {MARK} -->",
            f'# <a id="{name}"></a>{self._label(page)} · `{self.schema.short(page)}`',
            "",
            self._definition(page),
            "",
        ]
        lines += [f"- [{self.words['index']}]({INDEX}.md)", *self._others(name), *self._facts(page)]
        if self.schema.is_module(page):
            lines += ["", f"![{self.words['diagram']}](../diagrams/{name}.svg)"]
        for kind in KINDS:
            if of_kind := [iri for iri in members if self.schema.kind(iri) == kind]:
                title = self.words["kinds"][self.schema.short(kind)]
                lines += ["", f"## {title}", "", " · ".join(self._link(iri) for iri in of_kind)]
                lines += [line for iri in of_kind for line in self._term(iri)]
        return "\n".join(lines) + "\n"

    def _others(self, name: str) -> list[str]:
        others = [f"[{language}](../{language}/{name}.md)" for language in terms.LANGUAGES if language != self.language]
        return [self._row(self.words["other"], ", ".join(others))]

    def _term(self, iri: str) -> list[str]:
        heading = f'### <a id="{self.schema.local(iri)}"></a>{self._label(iri)} · `{self.schema.short(iri)}`'
        return ["", heading, "", self._definition(iri), "", *self._facts(iri), *self._use(iri)]

    def _facts(self, iri: str) -> list[str]:
        lines = [self._row(self.words["iri"], f"<{iri}>")]
        if iri in self.schema.terms_of:
            lines.append(self._row(self.words["file"], f"[{self.schema.files[iri]}]({ROOT}{self.schema.files[iri]})"))
        return lines + [self._row(title, text) for title, text in self.facts.rows(iri)]

    def _use(self, iri: str) -> Iterator[str]:
        counts = [self.words["instances"].format(len(things))] if (things := self.data.instances.get(iri)) else []
        for role, word in (("predicate", "triples"), ("object", "uses")):
            stated, derived = (self.data.counts[iri, role, is_derived] for is_derived in (False, True))
            if stated + derived:
                counts.append(self.words[word].format(stated + derived, stated, derived))
        if self.schema.counts[iri]:
            counts.append(self.words["schema"].format(self.schema.counts[iri]))
        yield self._row(self.words["data"], self.words["also"].join(counts) or self.words["unused"])
        for role in ("instance", "predicate", "object"):
            if examples := self.data.examples[iri, role, self.language]:
                yield self._row(self.words["examples"])
                yield from (f"  - {self._example(role, quad)}" for *_, quad in examples)
                break
        if shapes := self.schema.shapes.get(iri):
            yield self._row(self.words["shapes"])
            for shape in shapes:
                sentence = self.schema.words(shape, (SH + "message",), self.language)
                yield "  " + self._row(f"[{self.schema.local(shape)}]({ROOT}{self.schema.files[shape]})", escape(sentence))
        for folder, found in self.schema.queries.items():
            if paths := found.get(iri):
                yield self._row(self.words.get(folder, folder), self.words["between"].join(self._query(path) for path in paths))

    def _example(self, role: str, quad: Quad) -> str:
        parts = [self.data.format_value(quad.subject, self.language)]
        if role == "object":
            parts.append(self._link(quad.predicate.value))
        if role != "instance":
            parts.append(self.data.format_value(quad.object, self.language))
        return " → ".join(parts)

    def _query(self, path: Path) -> str:
        layout = self.schema.layout
        root = layout.ontology.parent if path.is_relative_to(layout.ontology) else layout.queries.parent
        return f"[{path.stem}]({ROOT}{path.relative_to(root).as_posix()})"

    def _row(self, title: str, text: str = "") -> str:
        return f"- {title}{self.words['colon']}{text}".rstrip()

    def _label(self, iri: str) -> str:
        return escape(self.schema.words(iri, TITLES, self.language) or self.schema.short(iri))

    def _definition(self, iri: str) -> str:
        return escape(self.schema.words(iri, DEFINITIONS, self.language))

    def _link(self, iri: str) -> str:
        page = self.schema.page_of.get(iri)
        if page is None:
            return f"[{self.schema.short(iri)}]({iri})"
        return f"[{self._label(iri)}]({self.schema.local(page)}.md#{self.schema.local(iri)})"
