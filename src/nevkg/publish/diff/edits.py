"""What changed in what is said of a thing: property by property, with the values that went and came, in words."""

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
from nevkg.publish.states import Opened

_FIRST = NamedNode(terms.RDF + "first")
_REST = NamedNode(terms.RDF + "rest")
_END = terms.RDF + "nil"
# What neither the ontology nor its extracts of others label.
_OWN_WORDS = {
    "en": {terms.RDF + "type": "kind", terms.RDFS + "label": "label", terms.RDFS + "subClassOf": "is a kind of"},
    "zh": {terms.RDF + "type": "类别", terms.RDFS + "label": "名称", terms.RDFS + "subClassOf": "属于"},
}


@dataclass
class Editor:
    """Finds edits between two states and puts them into words."""

    delta: Delta
    language: str

    @cached_property
    def _labels(self) -> dict[str, str]:
        """The labels of all that the changed quads name: as they are now, or else as they were. Looked up at once, which is faster."""
        changed = self.delta.changed
        iris = {terms.text(term) for quad in changed for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, NamedNode)}
        return self._look_up(iris)

    def _look_up(self, iris: set[str]) -> dict[str, str]:
        before, after = (entities.labels(state.store, iris, self.language) for state in (self.delta.before, self.delta.after))
        return before | after | {iri: words for iri, words in _OWN_WORDS[self.language].items() if iri in iris}

    def name(self, iri: str) -> str:
        """The label of a thing, as it is now or else as it was; else its name in short."""
        if iri not in self._labels:
            short = terms.shorten(iri, terms.prefixes(self.delta.after.store.layout.ontology))
            self._labels[iri] = self._look_up({iri}).get(iri) or short
        return self._labels[iri]

    def edits(self, thing: NamedNode, *graphs: NamedNode, literally: bool = False, ignored: Iterable[str] = ()) -> tuple[Edit, ...]:
        """What changed of a thing in these graphs (in all if none is named), sorted by property.

        Args:
            thing: the thing.
            graphs: where.
            literally: whether a merged thing counts as another one than it is merged into.
            ignored: the IRIs of properties that are left out.
        """
        delta, left_out = self.delta, set(ignored)
        before = self._said(delta.before, thing, graphs, {} if literally else delta.merged)
        after = self._said(delta.after, thing, graphs, {} if literally else delta.parted)
        edits = []
        for key in sorted(before.keys() | after.keys()):
            gone, new = (there.get(key, {}) for there in (before, after))
            went, came = (tuple(sorted(one[value] for value in one.keys() - other.keys())) for one, other in ((gone, new), (new, gone)))
            if (went or came) and key[0] not in left_out:
                name, language = key
                edits.append(Edit(name, f"{self.name(name)} ({language})" if language else self.name(name), went, came))
        return tuple(sorted(edits, key=lambda edit: (edit.name, edit.property)))

    def _said(
        self, state: Opened, thing: NamedNode, graphs: Iterable[NamedNode], same: Mapping[str, str]
    ) -> dict[tuple[str, str], dict[str, str]]:
        """By property and language the values of a thing: how they are compared, and how they are read."""
        said: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for graph in tuple(graphs) or (None,):
            for quad in state.store.store.quads_for_pattern(thing, None, None, graph):
                language = quad.object.language or "" if isinstance(quad.object, Literal) else ""
                key, text = self._value(state, quad.object, same)
                said[quad.predicate.value, language][key] = text
        return said

    def _value(self, state: Opened, term: terms.Term, same: Mapping[str, str]) -> tuple[str, str]:
        if isinstance(term, NamedNode):
            meant = same.get(term.value, term.value)
            return f"<{meant}>", self.name(term.value)
        if isinstance(term, BlankNode):
            return self._expression(state, term, same)
        return str(term), terms.text(term)

    def _expression(self, state: Opened, node: BlankNode, same: Mapping[str, str]) -> tuple[str, str]:
        """An expression of OWL, which has no name, told by its parts; these are trees."""
        parts = list(state.store.store.quads_for_pattern(node, None, None))
        items = [quad.object for quad in parts if quad.predicate == _FIRST]
        if items:
            rest = next(quad.object for quad in parts if quad.predicate == _REST)
            following = ("", "") if terms.text(rest) == _END else self._value(state, rest, same)
            key, text = (
                ", ".join(part for part in pair if part) for pair in zip(self._value(state, items[0], same), following, strict=True)
            )
            return key, text
        told = sorted((quad.predicate.value, *self._value(state, quad.object, same)) for quad in parts if quad.predicate != TYPE)
        keys = "; ".join(f"<{name}> {key}" for name, key, _ in told)
        words = "; ".join(f"{self.name(name)}: {text}" for name, _, text in told)
        return f"[{keys}]", f"[{words}]"
