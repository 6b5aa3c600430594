"""Who and what exists: the things of the registry, found by slug, name or identifier; new ones are added."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from nevkg.contribute.cells import slug
from nevkg.contribute.problems import listed
from nevkg.contribute.schema import Schema
from nevkg.data import dataset, merges, terms
from nevkg.data.paths import Layout, walk

_TYPE = NamedNode(terms.RDF + "type")
_LABEL = terms.RDFS + "label"
_ALIAS = terms.SKOS + "altLabel"
_FOLDER = "registry"
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ACRONYM_IN = 5  # so many names must write a word in capitals; fewer may be a habit of one source


@dataclass
class Entity:
    """One thing: its classes, its names by language, its identifiers, and the file that describes it."""

    iri: str
    file: str
    kinds: set[str] = field(default_factory=set)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    identifiers: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)

    def name(self, language: str = terms.LANGUAGES[0]) -> str:
        """The preferred name, else any, else what ends the IRI."""
        preferred = [text for (text, tag), kind in self.names.items() if kind == _LABEL and tag == language]
        return min(preferred or [text for text, _ in self.names] or [self.local])

    @property
    def local(self) -> str:
        """What ends the IRI."""
        return self.iri.rpartition("/")[2]


class Registry:
    """The things that are known, and what a contribution adds to them."""

    def __init__(self, layout: Layout, schema: Schema) -> None:
        self.schema = schema
        self.namespaces = terms.prefixes(layout.ontology)
        self.entities: dict[str, Entity] = {}
        self.added: dict[str, list[Quad]] = defaultdict(list)
        self._by_key: dict[str, set[str]] = defaultdict(set)
        self._new: set[str] = set()
        said: list[Quad] = []
        for path in sorted(walk(layout.data / _FOLDER, ".ttl")):
            quads = list(dataset.parse_file(path))
            said += quads
            self._read(quads, str(path.relative_to(layout.data)))
        self.replacements = merges.read(said)

    def _read(self, quads: Iterable[Quad], shown: str) -> None:
        for quad in quads:
            iri, name = terms.text(quad.subject), quad.predicate.value
            entity = self.entities.setdefault(iri, Entity(iri, shown))
            if quad.predicate == _TYPE:
                entity.kinds.add(terms.text(quad.object))
            elif isinstance(quad.object, NamedNode):
                entity.links.add((name, quad.object.value))
            elif isinstance(quad.object, Literal):
                if name in (*terms.LABELS, *terms.ALIASES):
                    entity.names[quad.object.value, quad.object.language or ""] = _LABEL if name in terms.LABELS else _ALIAS
                elif self.schema.is_identifier(name):
                    entity.identifiers.add(quad.object.value)
            self._index(entity)

    def _index(self, entity: Entity) -> None:
        keys = {entity.local, *entity.identifiers}
        for text, _ in entity.names:
            keys |= {text.casefold(), slug(text)}
        for key in keys - {""}:
            self._by_key[key].add(entity.iri)

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a thing is known and of a class; any class will do where none is asked for."""
        entity = self.entities.get(iri)
        return entity is not None and (not kind or any(kind in self.schema.wider(own) for own in entity.kinds))

    def named(self, text: str, kind: str) -> list[str]:
        """The things of a class that a slug, a name or an identifier may mean; a slug goes before a name."""
        exact = {iri for iri in self._by_key.get(text, ()) if self.entities[iri].local == text and self.is_a(iri, kind)}
        if exact:
            return sorted(exact)
        for key in (text, text.casefold(), slug(text)):
            found = {self.current(iri) for iri in self._by_key.get(key, ()) if self.is_a(iri, kind)}
            if found:
                return sorted(found)
        return []

    def current(self, iri: str) -> str:
        """What replaces a thing that was merged into another, else the thing itself."""
        return self.replacements.get(iri, iri)

    def find(self, text: str, kind: str, guess: str, links: frozenset[tuple[str, str]] = frozenset()) -> str | None:
        """The IRI that a cell means, or None if nothing of the class is so called.

        Args:
            guess: the IRI that the cell stands for if it is a slug.
            links: properties and values that a thing found by name must have: a city its country.

        Raises:
            ValueError: with a sentence, if several things are so called.
        """
        if guess and self.is_a(guess, kind):
            return guess
        found = [iri for iri in self.named(text, kind) if links <= self.entities[iri].links]
        if len(found) > 1:
            names = listed(terms.shorten(iri, self.namespaces) for iri in found)
            raise ValueError(f"'{text}' names more than one thing: {names}; write the slug of one")
        return found[0] if found else None

    def unknown(self, text: str, kind: str, where: str) -> str:
        """The sentence for a cell that names nothing."""
        what = terms.shorten(kind, self.namespaces).partition(":")[2] if kind else "thing"
        slugs = [entity.local for entity in self.entities.values() if self.is_a(entity.iri, kind)]
        return f"no {what} is called '{text}'.{terms.nearest(slug(text) or text, slugs)} {where}".strip()

    def add(self, iri: str, kind: str, file: str) -> Entity:
        """A thing, new or known; a known one keeps what it is."""
        known = self.entities.get(iri)
        if known is not None and known.kinds:
            return known
        self._new.add(iri)
        entity = self.entities[iri] = Entity(iri, f"{_FOLDER}/{file}.ttl", {kind})
        self._add(entity, _TYPE.value, NamedNode(kind))
        self._index(entity)
        return entity

    def call(self, entity: Entity, text: str, language: str, *, alias: bool = False) -> None:
        """Notes a name: the preferred one if there is none in its language yet, else an alias."""
        if not text or text.casefold() in {known.casefold() for known, tag in entity.names if tag == language}:
            return
        taken = any(tag == language and kind == _LABEL for (_, tag), kind in entity.names.items())
        entity.names[text, language] = _ALIAS if alias or taken else _LABEL
        self._add(entity, entity.names[text, language], Literal(text, language=language))
        self._index(entity)

    def link(self, entity: Entity, name: str, value: str) -> None:
        """Notes how a new thing belongs to another; a known one keeps its place."""
        if entity.iri in self._new:
            entity.links.add((name, value))
            self._add(entity, name, NamedNode(value))

    def _add(self, entity: Entity, name: str, value: terms.Term) -> None:
        self.added[entity.file].append(Quad(NamedNode(entity.iri), NamedNode(name), value, DefaultGraph()))

    @cached_property
    def acronyms(self) -> dict[tuple[str, ...], str]:
        """Words that names write in capitals and in no other way, by themselves in small letters."""
        written: dict[str, Counter[str]] = defaultdict(Counter)
        for entity in self.entities.values():
            for word in {word for text, language in entity.names if language == terms.LANGUAGES[0] for word in _LETTERS.findall(text)}:
                written[word.casefold()][word] += 1
        return {
            (word,): word.upper() for word, forms in written.items() if set(forms) == {word.upper()} and forms[word.upper()] >= _ACRONYM_IN
        }

    @property
    def new(self) -> list[str]:
        """The things that were not known before, sorted."""
        return sorted(self._new)
