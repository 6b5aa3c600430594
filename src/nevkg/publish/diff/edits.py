"""What changed in what is said of a thing: property by property, with the values that went and came, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nevkg import known, terms
from nevkg.publish.diff.delta import SCHEMA, TYPE, Delta
from nevkg.publish.diff.model import Edit
from nevkg.publish.opened import Opened

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
    def _namers(self) -> tuple[known.Namer, known.Namer]:
        values = {terms.text(term) for quad in self._worded for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, NamedNode)}
        before, after = (known.namer(state.store, values, self.language) for state in (self.delta.before, self.delta.after))
        return before, after

    @property
    def _worded(self) -> Iterable[Quad]:
        """All quads whose terms may be put into words: those that changed, and expressions, of which only a part may have."""
        yield from self.delta.changed
        for state in (self.delta.before, self.delta.after):
            for graph in SCHEMA:
                yield from (quad for quad in state.store.store.quads_for_pattern(None, None, None, graph) if isinstance(quad.subject, BlankNode))

    def name(self, iri: str) -> str:
        """The label of a thing, as it is now or else as it was; else its name in short."""
        own = _OWN_WORDS[self.language].get(iri)
        before, after = self._namers
        short = terms.shorten(iri, terms.prefixes(self.delta.after.store.layout.ontology))
        return own or next((label for namer in (after, before) if (label := namer(iri)) not in (short, iri)), short)

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
            key, text = (", ".join(part for part in pair if part) for pair in zip(self._value(state, items[0], same), following, strict=True))
            return key, text
        told = sorted((quad.predicate.value, *self._value(state, quad.object, same)) for quad in parts if quad.predicate != TYPE)
        keys = "; ".join(f"<{name}> {key}" for name, key, _ in told)
        words = "; ".join(f"{self.name(name)}: {text}" for name, _, text in told)
        return f"[{keys}]", f"[{words}]"
