"""How often the data uses each term, with a few examples."""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.data import terms
from nevkg.publish.ontology.schema import TITLES, TYPE, Schema
from nevkg.store import EmbeddedStore

NOT_OF_THE_DATA = {terms.graph("ontology"), terms.graph("vocabularies")}
DERIVED = {terms.graph("history"), terms.graph("current")}
_RANKS = {terms.graph("current"): 0, terms.graph("registry"): 1, terms.graph("history"): 3}
_SHOWN = 3
_LONG = 100
# Rank and order of an example, and the triple.
Example = tuple[int, tuple[str, ...], Quad]


def _order(example: Example) -> tuple[int, tuple[str, ...]]:
    return example[:2]


class Data:
    """How often the data uses each term, and a few examples: the first by name, plain facts before statements."""

    def __init__(self, store: EmbeddedStore, schema: Schema) -> None:
        self.store = store.store
        self.schema = schema
        self.instances: dict[str, set[str]] = defaultdict(set)
        self.counts: Counter[tuple[str, str, bool]] = Counter()
        self.examples: dict[tuple[str, str, str], list[Example]] = defaultdict(list)
        above = {iri: schema.supers(iri) for iri in schema.page_of}
        for quad in self.store.quads_for_pattern(None, None, None):
            graph, name, value = terms.text(quad.graph_name), quad.predicate.value, terms.text(quad.object)
            # The description of the dataset speaks of the terms, it does not use them.
            if graph in NOT_OF_THE_DATA or terms.text(quad.subject).startswith(terms.DATASET):
                continue
            if name == TYPE:
                for iri in above.get(value, ()):
                    self.instances[iri].add(terms.text(quad.subject))
                    self._keep(iri, "instance", quad)
                continue
            for iri, role in ((name, "predicate"), (value, "object")):
                if iri in above:
                    self.counts[iri, role, graph in DERIVED] += 1
                    self._keep(iri, role, quad)

    def _keep(self, iri: str, role: str, quad: Quad) -> None:
        rank = _RANKS.get(terms.text(quad.graph_name), 2)
        entry = (rank, (str(quad.subject), quad.predicate.value, str(quad.object) if role != "instance" else ""), quad)
        tag = quad.object.language if isinstance(quad.object, Literal) else None
        for language in terms.LANGUAGES:
            if tag in (None, language):
                kept = self.examples[iri, role, language]
                # One example a subject: the first that there is.
                first = min([entry, *(one for one in kept if one[1][0] == entry[1][0])], key=_order)
                kept[:] = [one for one in kept if one[1][0] != entry[1][0]]
                insort(kept, first, key=_order)
                del kept[_SHOWN:]

    def label(self, iri: str, language: str) -> str:
        """The label in the language, else in English."""
        found = {quad.object for name in TITLES for quad in self.store.quads_for_pattern(NamedNode(iri), NamedNode(name), None)}
        said = {term.language: term.value for term in sorted(found, key=str, reverse=True) if isinstance(term, Literal)}
        return said.get(language) or said.get(terms.LANGUAGES[0], "")

    def shown(self, term: object, language: str) -> str:
        """A value as a reader would write it; a thing by its label and short name, a statement by what it is about."""
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
    """Text that Markdown does not take for marks."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)
