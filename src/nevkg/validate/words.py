"""Findings in words: for each rule the sentence and the mend, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, Quad

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.lookup.search import suggest
from nevkg.validate import checks, lint, volumes
from nevkg.validate.find import shape_files
from nevkg.validate.findings import SH, Finding
from nevkg.validate.run import Report

_LABELS = terms.LABELS
_ENGLISH, _CHINESE = terms.LANGUAGES
_LONG = 80

# Rules that are code and not data have their words here.
_OWN = {
    volumes.RULE: {
        _ENGLISH: ("has {value} things, where {message} were expected", "Look for what was lost or doubled, else move the bounds."),
        _CHINESE: ("共有{value}个，预期为{message}个", "请检查是否有遗漏或重复，否则调整界限。"),
    },
    lint.RULE: {
        _ENGLISH: ("does not keep to the idioms: {message}", "See docs/adding-a-question.md."),
        _CHINESE: ("不符合问题文件的惯例：{message}", "参见docs/adding-a-question.md。"),
    },
}


@dataclass
class Words:
    """Looks up what to say."""

    layout: Layout
    language: str
    labels: dict[str, str] = field(default_factory=dict)
    names: Sequence[tuple[str, str]] = ()

    @property
    def namespaces(self) -> dict[str, str]:
        """Prefix to namespace."""
        return terms.prefixes(self.layout.ontology)

    @cached_property
    def rules(self) -> dict[str, tuple[str, str]]:
        """For each rule its sentence and its mend; read when there is something to tell."""
        rules = {rule: words[self.language] for rule, words in _OWN.items()}
        for check in checks.all_checks(self.layout):
            rules[checks.CHECK + check.name] = (check.message[self.language], check.mend[self.language])
        said: dict[tuple[str, str], str] = {}
        for path in shape_files(self.layout):
            for quad in dataset.parse_file(path):
                if quad.predicate.value in (SH + "message", terms.NEV + "mend") and _is_in(quad.object, self.language):
                    said[terms.text(quad.subject), quad.predicate.value] = terms.text(quad.object)
        for (shape, name), message in said.items():
            if name == SH + "message":
                rules[shape] = (message, said.get((shape, terms.NEV + "mend"), ""))
        return rules

    def name(self, iri: str) -> str:
        """A thing by its label and short name."""
        short = terms.shorten(iri, self.namespaces)
        label = self.labels.get(iri)
        if not label:
            return short
        return f"{label} ({short})" if self.language == _ENGLISH else f"{label}（{short}）"

    def shown(self, value: str) -> str:
        """A value as a reader would write it."""
        if value.startswith("<"):
            return self.name(value[1:-1])
        text = terms.literal_text(value) if value.startswith('"') else value
        return f"{text[:_LONG]}…" if len(text) > _LONG else text

    def sentence(self, finding: Finding) -> str:
        """What is wrong, with the value."""
        message, _ = self.rules.get(finding.rule, (finding.message or terms.shorten(finding.rule, self.namespaces), ""))
        value = self.shown(finding.value)
        text = message.replace("{message}", finding.message).replace("{path}", self.name(finding.path))
        text = text.replace("{expected}", self.shown(finding.expected))
        if "{value}" in text:
            text = text.replace("{value}", value)
        elif value and finding.value != f"<{finding.focus}>":
            text += f": {value}" if self.language == _ENGLISH else f"：{value}"
        return f"{self.name(finding.focus)} {text}." if self.language == _ENGLISH else f"{self.name(finding.focus)}{text}。"

    def mend(self, finding: Finding) -> str:
        """What to do about it, and what an unknown term may stand for."""
        mend = self.rules.get(finding.rule, ("", ""))[1]
        if near := self._nearest(finding.value):
            ends = ("Did you mean ", " or ", "? ") if self.language == _ENGLISH else ("是否应为", "或", "？")
            return f"{ends[0]}{ends[1].join(near)}{ends[2]}{mend}"
        return mend

    def _nearest(self, value: str) -> list[str]:
        iri = value[1:-1]
        if not value.startswith(f"<{terms.BASE}") or iri in self._known:
            return []
        return [terms.shorten(one, self.namespaces) for one in suggest(self.names, iri)]

    @cached_property
    def _known(self) -> set[str]:
        return {iri for iri, _ in self.names}


def _is_in(term: object, language: str) -> bool:
    return isinstance(term, Literal) and term.language == language


def words_for(report: Report, layout: Layout, language: str, findings: Sequence[Finding] | None = None) -> Words:
    """The words for a report, or for some of its findings, with the labels of all that they mention."""
    words = Words(layout, language)
    told = report.findings if findings is None else findings
    if not told:
        return words
    wanted = {iri.strip("<>") for finding in told for iri in (finding.focus, finding.path, finding.value, finding.expected)}
    files = [*(path for paths in dataset.schema_files(layout).values() for path in paths), *report.places.that_describe(wanted)]
    quads = report.quads or [quad for path in dict.fromkeys(files) for quad in dataset.parse_file(path)]
    about = _what_statements_are_about(quads, {finding.focus for finding in told})
    wanted |= {thing for things in about.values() for thing in things}
    texts: dict[str, str] = {}
    for quad in quads:
        iri = terms.text(quad.subject)
        if quad.predicate.value in _LABELS and iri in wanted and isinstance(quad.object, Literal):
            if quad.object.language == language:
                texts[iri] = quad.object.value
            else:
                texts.setdefault(iri, quad.object.value)
    words.labels.update(texts)
    words.names = list(_names(quads))
    for statement, (subject, name) in about.items():
        parts = [texts.get(thing, terms.shorten(thing, words.namespaces)) for thing in (subject, name) if thing]
        words.labels[statement] = f"statement on {', '.join(parts)}" if language == _ENGLISH else f"关于{'、'.join(parts)}的陈述"
    return words


def _names(quads: Iterable[Quad]) -> Iterator[tuple[str, str]]:
    """Our things with their names, the last part of the IRI among them."""
    for quad in quads:
        iri = terms.text(quad.subject)
        if iri.startswith(terms.BASE):
            if quad.predicate.value == terms.RDF + "type":
                yield iri, iri.replace("#", "/").rpartition("/")[2]
            elif quad.predicate.value in (*_LABELS, *terms.ALIASES):
                yield iri, terms.text(quad.object)


def _what_statements_are_about(quads: Sequence[Quad], wanted: set[str]) -> dict[str, tuple[str, str]]:
    """Subject and property of each of the wanted statements, as far as it has them."""
    subjects, properties = ({terms.NEV + name} for name in ("subject", "property"))
    for quad in quads:
        if quad.predicate.value == terms.RDFS + "subPropertyOf":
            for group in (subjects, properties):
                if terms.text(quad.object) in group:
                    group.add(terms.text(quad.subject))
    about: dict[str, tuple[str, str]] = {}
    for quad in quads:
        iri = terms.text(quad.subject)
        if iri in wanted and quad.predicate.value in subjects | properties:
            subject, name = about.get(iri, ("", ""))
            value = terms.text(quad.object)
            about[iri] = (value, name) if quad.predicate.value in subjects else (subject, value)
    return about
