"""Compares the properties of an entity in two states: the values removed and added, as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.diff.delta import TYPE, Delta
from nevkg.publish.diff.model import Edit
from nevkg.publish.states import OpenedState

_FIRST = NamedNode(terms.RDF + "first")
_REST = NamedNode(terms.RDF + "rest")
_END = terms.RDF + "nil"
# Labels for terms that neither the ontology nor the imported extracts label.
_OWN_WORDS = {
    "en": {terms.RDF + "type": "kind", terms.RDFS + "label": "label", terms.RDFS + "subClassOf": "is a kind of"},
    "zh": {terms.RDF + "type": "类别", terms.RDFS + "label": "名称", terms.RDFS + "subClassOf": "属于"},
}


@dataclass
class Editor:
    """Finds edits between two states and formats them as text.

    Attributes:
        delta: The two states.
        language: Language of the labels.
    """

    delta: Delta
    language: str

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Labels of all IRIs in the changed quads, from the second state or otherwise the first. One query is faster than many."""
        changed = self.delta.changed
        iris = {terms.text(term) for quad in changed for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, NamedNode)}
        return self._look_up(iris)

    def _look_up(self, iris: set[str]) -> dict[str, str]:
        before, after = (entities.labels(state.store, iris, self.language) for state in (self.delta.before, self.delta.after))
        return before | after | {iri: words for iri, words in _OWN_WORDS[self.language].items() if iri in iris}

    def name(self, iri: str) -> str:
        """Returns the label of an entity in the second state, otherwise in the first, otherwise its prefixed name."""
        if iri not in self._labels:
            short = terms.shorten(iri, terms.prefixes(self.delta.after.store.layout.ontology))
            self._labels[iri] = self._look_up({iri}).get(iri) or short
        return self._labels[iri]

    def edits(self, thing: NamedNode, *graphs: NamedNode, literally: bool = False, ignored: Iterable[str] = ()) -> tuple[Edit, ...]:
        """Returns the edits of an entity, sorted by property.

        Args:
            thing: The entity.
            graphs: The graphs to compare; all if none is given.
            literally: Whether an entity and the one that it was merged into count as different values.
            ignored: IRIs of properties to leave out.
        """
        delta, skipped = self.delta, set(ignored)
        before = self._values(delta.before, thing, graphs, {} if literally else delta.merged)
        after = self._values(delta.after, thing, graphs, {} if literally else delta.unmerged)
        edits = []
        for key in sorted(before.keys() | after.keys()):
            old, new = (values.get(key, {}) for values in (before, after))
            removed, added = (tuple(sorted(one[value] for value in one.keys() - other.keys())) for one, other in ((old, new), (new, old)))
            if (removed or added) and key[0] not in skipped:
                name, language = key
                edits.append(Edit(name, f"{self.name(name)} ({language})" if language else self.name(name), removed, added))
        return tuple(sorted(edits, key=lambda edit: (edit.name, edit.property)))

    def _values(
        self, state: OpenedState, thing: NamedNode, graphs: Iterable[NamedNode], same: Mapping[str, str]
    ) -> dict[tuple[str, str], dict[str, str]]:
        """Returns (property, language) to the values of an entity, each as a key for comparison to the text to show."""
        values: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for graph in tuple(graphs) or (None,):
            for quad in state.store.store.quads_for_pattern(thing, None, None, graph):
                language = quad.object.language or "" if isinstance(quad.object, Literal) else ""
                key, text = self._value(state, quad.object, same)
                values[quad.predicate.value, language][key] = text
        return values

    def _value(self, state: OpenedState, term: terms.Term, same: Mapping[str, str]) -> tuple[str, str]:
        if isinstance(term, NamedNode):
            current = same.get(term.value, term.value)
            return f"<{current}>", self.name(term.value)
        if isinstance(term, BlankNode):
            return self._expression(state, term, same)
        return str(term), terms.text(term)

    def _expression(self, state: OpenedState, node: BlankNode, same: Mapping[str, str]) -> tuple[str, str]:
        """Returns the key and the text of an anonymous OWL expression, composed of its parts. Such expressions are trees."""
        parts = list(state.store.store.quads_for_pattern(node, None, None))
        items = [quad.object for quad in parts if quad.predicate == _FIRST]
        if items:
            rest = next(quad.object for quad in parts if quad.predicate == _REST)
            following = ("", "") if terms.text(rest) == _END else self._value(state, rest, same)
            key, text = (
                ", ".join(part for part in pair if part) for pair in zip(self._value(state, items[0], same), following, strict=True)
            )
            return key, text
        facts = sorted((quad.predicate.value, *self._value(state, quad.object, same)) for quad in parts if quad.predicate != TYPE)
        keys = "; ".join(f"<{name}> {key}" for name, key, _ in facts)
        words = "; ".join(f"{self.name(name)}: {text}" for name, _, text in facts)
        return f"[{keys}]", f"[{words}]"
