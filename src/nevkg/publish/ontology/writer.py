"""Formats the facts that the ontology states about a term, row by row, in the markup of the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nevkg.data import terms
from nevkg.publish.ontology.schema import DEFINITIONS, HEADS, INDEX, KINDS, ROOT, SH, TITLES, TYPE, Schema, Usage, escape

MARK = "Made by nevkg docs ontology from the ontology and the data; do not edit."


class Facts:
    """The facts of terms in one language, with the rows, and in the order, of the texts ``publish.ontology.rows``.

    A row ``^name`` has the terms that have the term as their value for that property, and ``*`` what the ontology itself adds to it.
    """

    def __init__(
        self, schema: Schema, language: str, words: dict[str, Any], link: Callable[[str], str], plain: Callable[[str], str]
    ) -> None:
        """Prepares the facts of ``schema``.

        Args:
            schema: the ontology.
            words: the texts ``publish.ontology`` in that language.
            link: formats an IRI as a link in the caller's markup.
            plain: escapes text for the caller's markup.
        """
        self.schema, self.language, self.words = schema, language, words
        self._link, self._plain = link, plain

    def rows(self, iri: str) -> Iterator[tuple[str, str]]:
        """Yields the title and the text of each row, both in the caller's markup."""
        known = self.words["rows"].keys()
        for name, word in self.words["rows"].items():
            if name == "*":
                own = [used for used in self.schema.facts[iri] if used in self.schema.page_of and self.schema.short(used) not in known]
                rows = [(self._link(used), self._values(iri, used)) for used in own]
            elif name.startswith("^"):
                full = terms.expand(name[1:], self.schema.spaces) or ""
                rows = [(word, [self._link(subject) for subject in self.schema.inverse[iri, full] if subject in self.schema.page_of])]
            else:
                rows = [(word, self._values(iri, terms.expand(name, self.schema.spaces) or ""))]
            yield from ((title, self.words["comma"].join(values)) for title, values in rows if values)

    def _values(self, iri: str, name: str) -> list[str]:
        skipped = (*KINDS, *HEADS) if name == TYPE else ()
        return [
            self._value(term)
            for term in self.schema.facts[iri].get(name, [])
            if terms.text(term) not in skipped and (not isinstance(term, Literal) or term.language in (None, self.language))
        ]

    def _value(self, term: terms.Term) -> str:
        if not isinstance(term, BlankNode):
            return self._link(term.value) if isinstance(term, NamedNode) else self._plain(terms.text(term))
        facts = self.schema.facts[term.value]
        words = {terms.expand(name, self.schema.spaces) or "": word for name, word in self.words["expressions"].items()}
        if terms.RDF + "first" in facts:
            return " ∘ ".join(self._list(term))
        for name, values in facts.items():
            if name in words and terms.OWL + "onProperty" in facts:
                return f"({self._value(facts[terms.OWL + 'onProperty'][0])} {words[name]} {self._value(values[0])})"
            if name in words:
                return str(words[name]).join(self._list(values[0]))
        return "…"

    def _list(self, term: terms.Term) -> Iterator[str]:
        while first := self.schema.facts.get(terms.text(term), {}).get(terms.RDF + "first"):
            yield self._value(first[0])
            term = self.schema.facts[terms.text(term)][terms.RDF + "rest"][0]


class Writer:
    """Writes the pages of one language."""

    def __init__(self, schema: Schema, data: Usage, language: str, words: dict[str, Any]) -> None:
        self.schema, self.data, self.language, self.words = schema, data, language, words
        self.facts = Facts(schema, language, words, self._link, escape)

    def index(self) -> str:
        """Returns the index of all pages and terms in Markdown."""
        head = self.schema.head
        version = terms.text(self.schema.facts[head][terms.OWL + "versionInfo"][0])
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
        yield self._row(self.words["data"], self.words["semicolon"].join(counts) or self.words["unused"])
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
                yield self._row(self.words.get(folder, folder), self.words["comma"].join(self._query(path) for path in paths))

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
