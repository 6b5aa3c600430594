"""The registry: finds entities by slug, name or identifier, and adds new ones; and an index of the ontology for reading cells."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nevkg.contribute.cells import slug
from nevkg.contribute.problems import join_names
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.data.statement_ids import identifying_properties

_RANGE = terms.RDFS + "range"
_DOMAIN = terms.RDFS + "domain"
_ANYTHING = terms.OWL + "Thing"
_SUBCLASS = terms.RDFS + "subClassOf"
_SUBPROPERTY = terms.RDFS + "subPropertyOf"
_VALUES_FROM = terms.NEV + "valuesFrom"
_IN_SCHEME = terms.SKOS + "inScheme"
_NOTATION = terms.SKOS + "notation"
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal")}
_UNIT = terms.NEV + "unit"
_METRIC = terms.NEV + "metric"
_IDENTIFIER = terms.DCTERMS + "identifier"


class SchemaIndex:
    """The ontology and its vocabularies, indexed."""

    def __init__(self, quads: Sequence[Quad]) -> None:
        self.identifying = identifying_properties(quads)
        self._ranges: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._schemes: dict[str, str] = {}
        self._superclasses: dict[str, set[str]] = defaultdict(set)
        self._closures: dict[str, frozenset[str]] = {}
        self._broader_property: dict[str, set[str]] = defaultdict(set)
        self._codes: dict[str, dict[str, str]] = defaultdict(dict)
        notations: list[tuple[str, str]] = []
        scheme_of: dict[str, str] = {}
        single = {_RANGE: self._ranges, _DOMAIN: self._domains, _VALUES_FROM: self._schemes}
        several = {_SUBCLASS: self._superclasses, _SUBPROPERTY: self._broader_property}
        for quad in quads:
            subject, value, name = terms.text(quad.subject), terms.text(quad.object), quad.predicate.value
            if isinstance(quad.object, BlankNode) or value == _ANYTHING:
                continue  # a union of classes, or no particular class: no help in resolving a cell
            if name in single:
                single[name][subject] = value
            elif name in several:
                several[name][subject].add(value)
            elif name == _IN_SCHEME:
                self._codes[value][subject.rpartition("/")[2]] = subject
                scheme_of[subject] = value
            elif name == _NOTATION:
                notations.append((subject, value))
        for concept, notation in notations:
            if concept in scheme_of:
                self._codes[scheme_of[concept]].setdefault(notation, concept)
        # The values of these properties are concepts too, although their range is a separate class.
        for name in (_UNIT, _METRIC):
            self._schemes.setdefault(name, self._scheme_of_instances(quads, self._ranges.get(name, "")))
        self._metrics = frozenset(self.codes(self.scheme(_METRIC)).values())

    def _scheme_of_instances(self, quads: Iterable[Quad], kind: str) -> str:
        typed = {
            terms.text(quad.subject) for quad in quads if quad.predicate.value == terms.RDF + "type" and terms.text(quad.object) == kind
        }
        return next((scheme for scheme, codes in self._codes.items() if typed & set(codes.values())), "")

    def scheme(self, name: str) -> str:
        """Returns the concept scheme that the values of a property come from, or an empty string."""
        return self._schemes.get(name, "")

    def codes(self, scheme: str) -> dict[str, str]:
        """Returns code to concept IRI for a scheme. Codes are local names and notations."""
        return self._codes.get(scheme, {})

    def preferred_codes(self, scheme: str) -> dict[str, str]:
        """Returns one code for each concept of a scheme, with the concept: its notation if it has one, otherwise its local name."""
        spellings: dict[str, list[str]] = defaultdict(list)
        for code, concept in self.codes(scheme).items():
            spellings[concept].append(code)  # the local name first; several notations are aliases
        return {codes[1] if len(codes) == 2 else codes[0]: concept for concept, codes in spellings.items()}

    def range(self, name: str) -> str:
        """Returns the range of a property, or an empty string."""
        return self._ranges.get(name, "")

    def domain(self, name: str) -> str:
        """Returns the domain of a property, or an empty string."""
        return self._domains.get(name, "")

    def is_number(self, name: str) -> bool:
        """Whether the values of a property are numbers."""
        return self._ranges.get(name, "") in _NUMBERS

    def is_text(self, name: str) -> bool:
        """Whether the values of a property are strings."""
        return self._ranges.get(name, "") == terms.XSD + "string"

    def is_metric(self, name: str) -> bool:
        """Whether the IRI identifies a metric, not a property."""
        return name in self._metrics

    def superclasses(self, kind: str) -> frozenset[str]:
        """Returns a class and all its superclasses."""
        if kind not in self._closures:
            found, queue = set(), [kind]
            while queue:
                superclass = queue.pop()
                if superclass not in found:
                    found.add(superclass)
                    queue += self._superclasses.get(superclass, ())
            self._closures[kind] = frozenset(found)
        return self._closures[kind]

    def is_identifier(self, name: str) -> bool:
        """Whether the values of a property are identifiers."""
        return name == _IDENTIFIER or _IDENTIFIER in self._broader_property.get(name, ())


def read_schema(layout: Layout) -> SchemaIndex:
    """Reads and indexes the ontology and its vocabularies, once for each state of their files."""
    files = dataset.schema_files(layout)
    paths = (*files["ontology"], *files["vocabularies"])
    return _index_schema(paths, dataset.compute_digest(paths))


@lru_cache(4)
def _index_schema(paths: Sequence[Path], _digest: str) -> SchemaIndex:
    return SchemaIndex([quad for path in paths for quad in dataset.parse_file(path)])


_TYPE = NamedNode(terms.RDF + "type")
_LABEL = terms.RDFS + "label"
_ALIAS = terms.SKOS + "altLabel"
_FOLDER = "registry"
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ACRONYM_IN = 5  # minimum number of names that write a word in capitals; fewer may be a habit of one source


@dataclass
class Entity:
    """An entity of the registry.

    Attributes:
        file: the file that describes it, relative to the data folder.
        names: (name, language) to the IRI of the property: ``rdfs:label`` or ``skos:altLabel``.
        links: property and IRI of each entity that it refers to.
    """

    iri: str
    file: str
    kinds: set[str] = field(default_factory=set)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    identifiers: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)

    def name(self, language: str = terms.LANGUAGES[0]) -> str:
        """Returns the preferred name in a language, otherwise any name, otherwise the local name."""
        preferred = [text for (text, tag), kind in self.names.items() if kind == _LABEL and tag == language]
        return min(preferred or [text for text, _ in self.names] or [self.local])

    @property
    def local(self) -> str:
        """The local name of the IRI."""
        return self.iri.rpartition("/")[2]


class Registry:
    """The known entities, and those that a contribution adds.

    Attributes:
        added: file, relative to the data folder, to the quads added to it.
        replacements: IRI of an entity that was merged to that of its replacement.
    """

    def __init__(self, layout: Layout, schema: SchemaIndex) -> None:
        self.schema = schema
        self.namespaces = terms.prefixes(layout.ontology)
        self.entities: dict[str, Entity] = {}
        self.added: dict[str, list[Quad]] = defaultdict(list)
        self._by_key: dict[str, set[str]] = defaultdict(set)
        self._new: set[str] = set()
        every: list[Quad] = []
        for path in sorted(walk(layout.data / _FOLDER, ".ttl")):
            quads = list(dataset.parse_file(path))
            every += quads
            self._read(quads, str(path.relative_to(layout.data)))
        for entity in self.entities.values():
            self._index(entity)
        self.replacements = dataset.read_merges(every)

    def _read(self, quads: Iterable[Quad], file: str) -> None:
        for quad in quads:
            iri, name = terms.text(quad.subject), quad.predicate.value
            entity = self.entities.setdefault(iri, Entity(iri, file))
            if quad.predicate == _TYPE:
                entity.kinds.add(terms.text(quad.object))
            elif isinstance(quad.object, NamedNode):
                entity.links.add((name, quad.object.value))
            elif isinstance(quad.object, Literal):
                if name in (*terms.LABELS, *terms.ALIASES):
                    entity.names[quad.object.value, quad.object.language or ""] = _LABEL if name in terms.LABELS else _ALIAS
                elif self.schema.is_identifier(name):
                    entity.identifiers.add(quad.object.value)

    def _index(self, entity: Entity) -> None:
        keys = {entity.local, *entity.identifiers}
        for text, _ in entity.names:
            keys |= {text.casefold(), slug(text)}
        for key in keys - {""}:
            self._by_key[key].add(entity.iri)

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether an entity is known and a member of a class; an empty class matches all."""
        entity = self.entities.get(iri)
        return entity is not None and (not kind or any(kind in self.schema.superclasses(own) for own in entity.kinds))

    def find_all(self, text: str, kind: str) -> list[str]:
        """Returns the entities of a class that a slug, name or identifier may denote. A slug has precedence."""
        exact = {iri for iri in self._by_key.get(text, ()) if self.entities[iri].local == text and self.is_a(iri, kind)}
        if exact:
            return sorted(exact)
        for key in (text, text.casefold(), slug(text)):
            found = {self.current(iri) for iri in self._by_key.get(key, ()) if self.is_a(iri, kind)}
            if found:
                return sorted(found)
        return []

    def current(self, iri: str) -> str:
        """Returns the replacement of an entity that was merged into another, otherwise the entity itself."""
        return self.replacements.get(iri, iri)

    def find(self, text: str, kind: str, guess: str, links: frozenset[tuple[str, str]] = frozenset()) -> str | None:
        """Returns the IRI that a cell denotes, or None if no entity of the class has this name.

        Args:
            kind: IRI of the class; empty for any.
            guess: the IRI that the cell denotes if it is a slug.
            links: properties and values that an entity found by name must have: for a city, its country.

        Raises:
            ValueError: if several entities have this name. The message is a sentence for the user.
        """
        if guess and self.is_a(guess, kind):
            return guess
        found = [iri for iri in self.find_all(text, kind) if links <= self.entities[iri].links]
        if len(found) > 1:
            names = join_names(terms.shorten(iri, self.namespaces) for iri in found)
            raise ValueError(f"'{text}' is the name of more than one entity: {names}; write the slug of one of them")
        return found[0] if found else None

    def not_found_message(self, text: str, kind: str, where: str) -> str:
        """Returns the message for a cell that names no known entity of a class (any, if empty), with a hint where to add it."""
        what = terms.shorten(kind, self.namespaces).partition(":")[2] if kind else "entity"
        slugs = [entity.local for entity in self.entities.values() if self.is_a(entity.iri, kind)]
        return f"no {what} is called '{text}'.{terms.suggest(slug(text) or text, slugs)} {where}".strip()

    def add(self, iri: str, kind: str, file: str) -> Entity:
        """Returns the entity with this IRI; an unknown one is added to a registry file, named without suffix, with the class."""
        known = self.entities.get(iri)
        if known is not None and known.kinds:
            return known
        self._new.add(iri)
        entity = self.entities[iri] = Entity(iri, f"{_FOLDER}/{file}.ttl", {kind})
        self._add(entity, _TYPE.value, NamedNode(kind))
        self._index(entity)
        return entity

    def add_name(self, entity: Entity, text: str, language: str, *, alias: bool = False) -> None:
        """Adds a name: as the preferred one if the entity has none in this language, otherwise as an alias."""
        if not text or text.casefold() in {known.casefold() for known, tag in entity.names if tag == language}:
            return
        taken = any(tag == language and kind == _LABEL for (_, tag), kind in entity.names.items())
        entity.names[text, language] = _ALIAS if alias or taken else _LABEL
        self._add(entity, entity.names[text, language], Literal(text, language=language))
        self._index(entity)

    def add_link(self, entity: Entity, name: str, value: str) -> None:
        """Links a new entity to another; the links of known entities are not changed."""
        if entity.iri in self._new:
            entity.links.add((name, value))
            self._add(entity, name, NamedNode(value))

    def _add(self, entity: Entity, name: str, value: terms.Term) -> None:
        self.added[entity.file] += terms.describe(entity.iri, [(name, value)])

    @cached_property
    def acronyms(self) -> dict[tuple[str, ...], str]:
        """Words that names always write in capitals, by the word in lower case."""
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for entity in self.entities.values():
            for word in {word for text, language in entity.names if language == terms.LANGUAGES[0] for word in _LETTERS.findall(text)}:
                spellings[word.casefold()][word] += 1
        return {
            (word,): word.upper()
            for word, forms in spellings.items()
            if set(forms) == {word.upper()} and forms[word.upper()] >= _ACRONYM_IN
        }

    @property
    def new(self) -> list[str]:
        """The entities that were added, sorted."""
        return sorted(self._new)
