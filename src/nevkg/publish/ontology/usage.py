"""Counts how often the data uses each term, and selects examples."""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.data import terms
from nevkg.publish.ontology.schema import TITLES, TYPE, Schema
from nevkg.store import EmbeddedStore

SCHEMA_GRAPHS = {terms.graph("ontology"), terms.graph("vocabularies")}
DERIVED = {terms.graph("history"), terms.graph("current")}
_RANKS = {terms.graph("current"): 0, terms.graph("registry"): 1, terms.graph("history"): 3}
_SHOWN = 3
_LONG = 100
# Rank, sort key and triple of an example.
Example = tuple[int, tuple[str, ...], Quad]


def _order(example: Example) -> tuple[int, tuple[str, ...]]:
    return example[:2]


class Usage:
    """Counts of the use of each term in the data, and a few examples: plain facts before statements, then by name."""

    def __init__(self, store: EmbeddedStore, schema: Schema) -> None:
        self.store = store.store
        self.schema = schema
        self.instances: dict[str, set[str]] = defaultdict(set)
        self.counts: Counter[tuple[str, str, bool]] = Counter()
        self.examples: dict[tuple[str, str, str], list[Example]] = defaultdict(list)
        above = {iri: schema.supers(iri) for iri in schema.page_of}
        for quad in self.store.quads_for_pattern(None, None, None):
            graph, name, value = terms.text(quad.graph_name), quad.predicate.value, terms.text(quad.object)
            # The description of the dataset is about the terms; it does not use them.
            if graph in SCHEMA_GRAPHS or terms.text(quad.subject).startswith(terms.DATASET):
                continue
            if name == TYPE:
                for iri in above.get(value, ()):
                    self.instances[iri].add(terms.text(quad.subject))
                    self._add_example(iri, "instance", quad, graph)
                continue
            for iri, role in ((name, "predicate"), (value, "object")):
                if iri in above:
                    self.counts[iri, role, graph in DERIVED] += 1
                    self._add_example(iri, role, quad, graph)

    def _add_example(self, iri: str, role: str, quad: Quad, graph: str) -> None:
        rank, subject = _RANKS.get(graph, 2), str(quad.subject)
        tag = quad.object.language if isinstance(quad.object, Literal) else None
        for language in terms.LANGUAGES:
            if tag not in (None, language):
                continue
            examples = self.examples[iri, role, language]
            # Most triples come after the last example; they must cost little.
            if len(examples) == _SHOWN and (rank, subject) > (examples[-1][0], examples[-1][1][0]):
                continue
            entry = (rank, (subject, quad.predicate.value, str(quad.object) if role != "instance" else ""), quad)
            # One example for each subject: the first in order.
            first = min([entry, *(one for one in examples if one[1][0] == subject)], key=_order)
            examples[:] = [one for one in examples if one[1][0] != subject]
            insort(examples, first, key=_order)
            del examples[_SHOWN:]

    def label(self, iri: str, language: str) -> str:
        """Returns the label in a language, otherwise in English, otherwise an empty string."""
        found = {quad.object for name in TITLES for quad in self.store.quads_for_pattern(NamedNode(iri), NamedNode(name), None)}
        labels = {term.language: term.value for term in sorted(found, key=str, reverse=True) if isinstance(term, Literal)}
        return labels.get(language) or labels.get(terms.LANGUAGES[0], "")

    def format_value(self, term: object, language: str) -> str:
        """Returns a value in Markdown: an entity as label and prefixed name, a statement as its subject, property and value."""
        if not isinstance(term, NamedNode):
            text = " ".join(str(getattr(term, "value", term)).split())
            return f"“{escape(text[:_LONG])}{'…' if len(text) > _LONG else ''}”"
        short = self.schema.short(term.value)
        if short == term.value:
            return f"<{short}>"
        label = self.label(term.value, language) or " · ".join(self._about(term, language))
        return f"{escape(label)} (`{short}`)" if label else f"`{short}`"

    def _about(self, thing: NamedNode, language: str) -> Iterator[str]:
        facts = list(self.store.quads_for_pattern(thing, None, None))
        for name in ("subject", "property", "value", "number"):
            values = [quad.object for quad in facts if terms.NEV + name in self.schema.supers(quad.predicate.value)]
            for value in sorted(values, key=str)[:1]:
                text = terms.text(value)
                yield (self.label(text, language) or self.schema.short(text)) if isinstance(value, NamedNode) else text


def escape(text: str) -> str:
    """Escapes text for Markdown."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)
