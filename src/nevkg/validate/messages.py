"""Formats findings as sentences in English and Chinese: what is wrong, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, Quad

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.lookup.search import suggest
from nevkg.validate import checks, lint
from nevkg.validate.findings import SH, Finding
from nevkg.validate.run import Report, shape_files
from nevkg.words import words_of

_LABELS = terms.LABELS
_LONG = 80

_TEXTS = words_of("validate.messages.texts")
# The texts of rules that are code, not data: what is wrong, and how to fix it.
_OWN = {checks.RULE: words_of("validate.messages.rules.volume"), lint.RULE: words_of("validate.messages.rules.question")}


@dataclass
class Messages:
    """Formats findings in one language.

    Attributes:
        labels: the labels of the entities that findings mention.
        names: names of known entities as (IRI, name), for suggestions.
    """

    layout: Layout
    language: str
    labels: dict[str, str] = field(default_factory=dict)
    names: Sequence[tuple[str, str]] = ()

    @property
    def namespaces(self) -> dict[str, str]:
        """The namespaces of the dataset by prefix."""
        return terms.prefixes(self.layout.ontology)

    @cached_property
    def rules(self) -> dict[str, tuple[str, str]]:
        """The sentence and the fix for each rule; read when first needed."""
        rules = {rule: (words[self.language]["message"], words[self.language]["fix"]) for rule, words in _OWN.items()}
        for check in checks.all_checks(self.layout):
            rules[checks.CHECK + check.name] = (check.message[self.language], check.fix[self.language])
        texts: dict[tuple[str, str], str] = {}
        for path in shape_files(self.layout):
            for quad in dataset.parse_file(path):
                is_in_language = isinstance(quad.object, Literal) and quad.object.language == self.language
                if is_in_language and quad.predicate.value in (SH + "message", terms.NEV + "fix"):
                    texts[terms.text(quad.subject), quad.predicate.value] = terms.text(quad.object)
        for (shape, name), message in texts.items():
            if name == SH + "message":
                rules[shape] = (message, texts.get((shape, terms.NEV + "fix"), ""))
        return rules

    def name(self, iri: str) -> str:
        """Returns the label and the short name of an entity."""
        short = terms.shorten(iri, self.namespaces)
        label = self.labels.get(iri)
        return _TEXTS[self.language]["name"].format(label, short) if label else short

    def format_value(self, value: str) -> str:
        """Formats a value for readers; truncates long texts."""
        if value.startswith("<"):
            return self.name(value[1:-1])
        text = terms.literal_text(value) if value.startswith('"') else value
        return f"{text[:_LONG]}…" if len(text) > _LONG else text

    def sentence(self, finding: Finding) -> str:
        """Returns the sentence of a finding: what is wrong, with the value."""
        message, _ = self.rules.get(finding.rule, (finding.message or terms.shorten(finding.rule, self.namespaces), ""))
        value = self.format_value(finding.value)
        text = message.replace("{message}", finding.message).replace("{path}", self.name(finding.path))
        text = text.replace("{expected}", self.format_value(finding.expected))
        if "{value}" in text:
            text = text.replace("{value}", value)
        elif value and finding.value != f"<{finding.focus}>":
            text += _TEXTS[self.language]["colon"] + value
        return _TEXTS[self.language]["sentence"].format(self.name(finding.focus), text)

    def fix(self, finding: Finding) -> str:
        """Returns how to fix a finding, with suggestions for an unknown term."""
        text = self.rules.get(finding.rule, ("", ""))[1]
        if near := self._nearest(finding.value):
            words = _TEXTS[self.language]
            return f"{words['near'].format(words['or'].join(near))}{text}"
        return text

    def _nearest(self, value: str) -> list[str]:
        iri = value[1:-1]
        if not value.startswith(f"<{terms.BASE}") or iri in self._known:
            return []
        return [terms.shorten(name, self.namespaces) for name in suggest(self.names, iri)]

    @cached_property
    def _known(self) -> set[str]:
        return {iri for iri, _ in self.names}


def make_messages(report: Report, layout: Layout, language: str, findings: Sequence[Finding] | None = None) -> Messages:
    """Returns the formatter for a report, or for some of its findings, with the labels of all that they mention."""
    messages = Messages(layout, language)
    findings = report.findings if findings is None else findings
    if not findings:
        return messages
    wanted = {iri.strip("<>") for finding in findings for iri in (finding.focus, finding.path, finding.value, finding.expected)}
    files = [*(path for paths in dataset.schema_files(layout).values() for path in paths), *report.places.files_describing(wanted)]
    quads = report.quads or [quad for path in dict.fromkeys(files) for quad in dataset.parse_file(path)]
    about = _find_subjects(quads, {finding.focus for finding in findings})
    wanted |= {thing for things in about.values() for thing in things}
    texts: dict[str, str] = {}
    for quad in quads:
        iri = terms.text(quad.subject)
        if quad.predicate.value in _LABELS and iri in wanted and isinstance(quad.object, Literal):
            if quad.object.language == language:
                texts[iri] = quad.object.value
            else:
                texts.setdefault(iri, quad.object.value)
    messages.labels.update(texts)
    messages.names = list(_names(quads))
    words = _TEXTS[language]
    for statement, (subject, name) in about.items():
        parts = [texts.get(thing, terms.shorten(thing, messages.namespaces)) for thing in (subject, name) if thing]
        messages.labels[statement] = words["statement"].format(words["comma"].join(parts))
    return messages


def _names(quads: Iterable[Quad]) -> Iterator[tuple[str, str]]:
    """Yields the entities of this project with their names, including the local name of the IRI."""
    for quad in quads:
        iri = terms.text(quad.subject)
        if iri.startswith(terms.BASE):
            if quad.predicate.value == terms.RDF + "type":
                yield iri, iri.replace("#", "/").rpartition("/")[2]
            elif quad.predicate.value in (*_LABELS, *terms.ALIASES):
                yield iri, terms.text(quad.object)


def _find_subjects(quads: Sequence[Quad], wanted: set[str]) -> dict[str, tuple[str, str]]:
    """Returns the subject and the property of each of the statements; an empty string for one that it lacks."""
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
