"""Mentions of entities in a text: the names of the registry, found in one pass, and kinds of entities that texts describe."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nevkg.contribute.cells import slug
from nevkg.contribute.registry import Registry
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.data.tables import read_rows
from nevkg.propose.stated import Stated
from nevkg.reading.names import NameIndex
from nevkg.reading.spans import TextSpan, choose_longest
from nevkg.reading.words import Vocabulary, find_meanings, simplify, territory_names, word_pattern

_COLUMNS = ("name", "class", "role", "scope", "new", "label", "without", "hosts")
# What a kind is to a text: described instead of named, what it goes on speaking of, a place, the area that places are in, a
# part whose name may lack that of its topic, who speaks, or the area whose rules it speaks of.
DESCRIBED, TOPIC, PLACE, AREA, PART, SPEAKER, AUTHORITY = "described", "topic", "place", "area", "part", "speaker", "authority"
_ANY_IN_SCOPE = "*"
_SHORTEST = 2  # characters
_SHORT = 4  # characters of a name that is compared with upper and lower case, such as MG
_MODEL = re.compile(r"(?=.*\d)(?=.*[a-z])[\w+-]{2,}|[^\W\d_]{5,}|[^\W\d_]{3,} .+")
_BRACKETS = re.compile(r"([A-Z][^()]+) \(([A-Z][^()]+)\)")
_LATIN = re.split(" ", "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya")  # of the letters from а to я
_CYRILLIC = str.maketrans({**dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюя", _LATIN, strict=True)), "ё": "e"})
_CYRILLIC_NAME = re.compile(r"\b[А-ЯЁ][а-яёА-ЯЁ]{4,}")
_VOWELS, _STEM, _LONGEST_ENDING = "aeiouy", 5, 3
_PLURAL = re.compile(r"(?<=\d)s(?!\w)")
_LETTER = re.compile(r"[^\W\d_]|\d")


@dataclass(frozen=True)
class Kind:
    """A kind of entity that rows refer to.

    Attributes:
        name: what readings call it.
        role: ``described``, ``topic``, ``place``, ``area``, ``part``, ``speaker``, ``authority`` or empty.
        scope: property and value of the entities that rows may be about, or ``*`` for the value of one that is in scope;
            empty for all.
        new: patterns for the slug of a new entity, from the names of other kinds; the first that can be filled is used.
        label: patterns for its name, in the same order.
        without: property and value of the topics that have no entity of this kind.
        hosts: property and value of the topics that run entities of this kind, but whose own name nothing there has.
    """

    name: str
    classes: tuple[str, ...]
    role: str
    scope: tuple[tuple[str, str], ...]
    new: tuple[str, ...]
    label: tuple[str, ...]
    without: tuple[tuple[str, str], ...]
    hosts: tuple[tuple[str, str], ...]

    def find_scope(self, stated: Iterable[Stated]) -> frozenset[str]:
        """Returns the IRIs of the entities that are in scope by what the data states."""
        found: set[str] = set()
        known, size = list(stated), -1
        while size != len(found):
            size = len(found)
            for name, value in self.scope:
                found |= {
                    each.subject
                    for each in known
                    if each.name == name and (each.value in found if value == _ANY_IN_SCOPE else each.value == value)
                }
        return frozenset(found)

    def find_families(self, stated: Iterable[Stated]) -> dict[str, set[str]]:
        """Returns the entities that are related by a property that passes scope on, such as brands and their owners, by IRI."""
        inherited = {name for name, value in self.scope if value == _ANY_IN_SCOPE}
        found: dict[str, set[str]] = defaultdict(set)
        for each in stated:
            if each.name in inherited:
                found[each.subject].add(each.value)
                found[each.value].add(each.subject)
        return found

    def includes(self, registry: Registry, iri: str) -> bool:
        """Whether an entity is of this kind."""
        return any(registry.is_a(iri, cls) for cls in self.classes)


@dataclass(frozen=True)
class Roles:
    """Which kinds have which role.

    Attributes:
        topic: what texts go on speaking of.
        places: the kinds of places, the smallest first.
        area: what places are in.
        speaker: who speaks; empty for none.
        homes: local names of the areas that topics in scope are from; nothing that is described is there.
        described: what texts describe instead of naming it.
    """

    topic: str
    places: tuple[str, ...]
    area: str
    speaker: str
    homes: frozenset[str]
    described: str

    @classmethod
    def of(cls, kinds: Mapping[str, Kind]) -> Roles:
        """Returns the roles of kinds; there is one topic, one area and one that is described."""
        by_role = {
            role: tuple(name for name, kind in kinds.items() if kind.role == role) for role in (TOPIC, PLACE, AREA, SPEAKER, DESCRIBED)
        }
        (topic,), (area,), (described,) = by_role[TOPIC], by_role[AREA], by_role[DESCRIBED]
        homes = frozenset(value.rpartition("/")[2] for _, value in kinds[topic].scope if value != _ANY_IN_SCOPE)
        return cls(topic, by_role[PLACE], area, next(iter(by_role[SPEAKER]), ""), homes, described)


@dataclass(frozen=True)
class Mention(TextSpan):
    """A name of one or more entities in a text: the IRIs of those that it may mean, by kind; the likeliest first."""

    entities: Mapping[str, tuple[str, ...]]

    @property
    def local_names(self) -> set[str]:
        """The local names of all entities that it may mean."""
        return {iri.rpartition("/")[2] for iris in self.entities.values() for iri in iris}


def read_kinds(layout: Layout) -> dict[str, Kind]:
    """Returns the kinds of ``ontology/tables/mentions.csv`` by name."""
    file = layout.ontology / "tables" / "mentions.csv"
    spaces = terms.prefixes(layout.ontology)
    kinds = {}

    def read_pairs(cell: str) -> tuple[tuple[str, str], ...]:
        pairs = [part.partition("=") for part in cell.split("|") if part]
        return tuple((terms.expand(key, spaces) or key, terms.expand(value, spaces) or value) for key, _, value in pairs)

    for _, (name, classes, role, scope, new, label, without, hosts) in read_rows(file, _COLUMNS):
        kinds[name] = Kind(
            name,
            tuple(terms.expand(part, spaces) or part for part in classes.split("|")),
            role,
            read_pairs(scope),
            tuple(filter(None, new.split("|"))),
            tuple(filter(None, label.split("|"))),
            read_pairs(without),
            read_pairs(hosts),
        )
    return kinds


class Names:
    """The names and aliases of the registry, adjectives of places (words of the kind ``place``), and what else is called so (``name``)."""

    def __init__(self, registry: Registry, kinds: Iterable[Kind], words: Vocabulary, generic: Iterable[str]) -> None:
        self._words = words["place"], words["name"], words["alias"]
        self._by_name: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        self._iris = {entity.local: entity.iri for entity in registry.entities.values()}
        self._kinds = list(kinds)
        self._kinds_of = {iri: [kind.name for kind in self._kinds if kind.includes(registry, iri)] for iri in registry.entities}
        self._generic = re.compile(rf"(?: (?=[A-Z])(?i:{word_pattern(generic)}))+")
        ending = re.compile(rf"{self._generic.pattern}$")
        for entity in registry.entities.values():
            iri = registry.current(entity.iri)
            written = [name for name, _ in entity.names]
            # A slug without such words shows that the name may lack them, too: *Indomobil* of *Indomobil Group*.
            written += [bare for name in written if slug(bare := ending.sub("", name)) == entity.local]
            for name in dict.fromkeys([*written, *map(simplify, written)]):
                if len(name) >= _SHORTEST and _LETTER.search(name):
                    for kind in self._kinds_of[entity.iri]:
                        self._by_name[name.casefold()][kind].append((iri, name))
        self._add_short_names()
        self._add_names_in_brackets()
        self._topic = next(kind.name for kind in self._kinds if kind.role == TOPIC)
        self._part = next((kind.name for kind in self._kinds if kind.role == PART), "")
        self._topic_of_part = {iri: self._find_topic(iri) for iri, kinds in self._kinds_of.items() if self._part in kinds}
        self._index = NameIndex(self._by_name.items(), strip_accents)
        # Names of one word without their ending, to find them as other scripts and cases write them: *в Калуге*.
        self._stems = {stem: key for key in self._by_name if key.isalpha() and key.isascii() and len(stem := key.rstrip(_VOWELS)) >= _STEM}

    def _add_short_names(self) -> None:
        """Adds the names of parts without that of their topic, if they are no plain words: *T03* for *Leapmotor T03*."""
        topics = {key for key, by_kind in self._by_name.items() for kind in self._kinds if kind.role == TOPIC and kind.name in by_kind}
        for part in [kind.name for kind in self._kinds if kind.role == PART]:
            for key, named in [(key, by_kind[part]) for key, by_kind in self._by_name.items() if part in by_kind]:
                first = next((length for length in range(len(key) - 1, 1, -1) if key[:length] in topics), len(key))
                rest = key[first:].strip()
                if _MODEL.fullmatch(rest):
                    self._by_name[rest][part] += [(iri, name[first:].strip()) for iri, name in named]

    def _add_names_in_brackets(self) -> None:
        """Adds both names of a topic such as *GWM (Great Wall Motor)*, but for what is a name of another entity, such as a country."""
        added: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        topics = {kind.name for kind in self._kinds if kind.role == TOPIC}
        for by_kind in self._by_name.values():
            for kind in topics & by_kind.keys():
                for iri, name in by_kind[kind]:
                    parts = (match := _BRACKETS.fullmatch(name)) and match.groups()
                    if any(by and kind not in by for by in (self._by_name.get(part.casefold()) for part in parts or ())):
                        continue  # the brackets say which of several it is, as in "Ministry of Commerce (India)"
                    for part in parts or ():
                        if part.casefold() not in self._by_name and (iri, part) not in added[part.casefold()][kind]:
                            added[part.casefold()][kind].append((iri, part))
        for key, by_kind in added.items():
            if len({iri for named in by_kind.values() for iri, _ in named}) == 1:
                self._by_name[key] = by_kind

    def _find_topic(self, iri: str) -> str:
        """Returns the topic whose local name a part's begins with: *byd* of *byd-seal*; empty for none."""
        words = iri.rpartition("/")[2].split("-")
        for count in range(len(words) - 1, 0, -1):
            topic = self._iris.get("-".join(words[:count]), "")
            if self._topic in self._kinds_of.get(topic, ()):
                return topic
        return ""

    def find(self, text: str, language: str) -> list[Mention]:
        """Returns the longest names of a text in order, without overlaps; a topic's with generic words after it, as in *BYD Group*."""
        found = []
        for each in self._index.find(text, self._choose):
            more = self._generic.match(text, each.end) if self._topic in each.meaning else None
            found.append(Mention(each.start, more.end() if more else each.end, each.meaning))
        for word in (word for words in (*self._words, territory_names(language)) for word in find_meanings(text, language, words)):
            if not text[word.start].islower() and (iri := self._iris.get(word.meaning)):
                found.append(Mention(word.start, word.end, self._add_topic(dict.fromkeys(self._kinds_of[iri], (iri,)))))
        return choose_longest([*found, *self._find_inflected(text)])

    def _find_inflected(self, text: str) -> Iterator[Mention]:
        """Yields names in Cyrillic letters, with the ending of any case."""
        for match in _CYRILLIC_NAME.finditer(text):
            latin = match.group().casefold().translate(_CYRILLIC)
            stems = (latin[: len(latin) - cut] for cut in range(_LONGEST_ENDING + 1))
            if key := next((self._stems[stem] for stem in stems if stem in self._stems), ""):
                entities = {kind: tuple(dict.fromkeys(iri for iri, _ in named)) for kind, named in self._by_name[key].items()}
                yield Mention(match.start(), match.end(), entities)

    def find_iri(self, local: str) -> str:
        """Returns the IRI of an entity by its local name; empty if the registry does not have it."""
        return self._iris.get(local, "")

    def _choose(self, named: Iterable[Mapping[str, list[tuple[str, str]]]], written: str) -> dict[str, tuple[str, ...]] | None:
        """Returns the entities that a name, as written, may mean, by kind; None if it is none."""
        found = {}
        for kind, pairs in (pair for by_kind in named for pair in by_kind.items()):
            iris = tuple(dict.fromkeys(iri for iri, name in sorted(pairs, key=lambda each: len(each[0])) if _same_case(name, written)))
            if iris:
                found[kind] = iris
        return self._add_topic(found) or None

    def _add_topic(self, entities: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Adds the topic of a part: the name of a model says who makes it."""
        parts = entities.get(self._part, ())
        if len(parts) == 1 and self._topic not in entities and (topic := self._topic_of_part[parts[0]]):
            entities[self._topic] = (topic,)
        return entities


def strip_accents(name: str) -> str:
    """Returns a name in lower case without accents, which pages often leave out, and plural signs after digits: *S05s* is S05."""
    return _PLURAL.sub("", "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char)))


def _same_case(name: str, written: str) -> bool:
    """Whether a name is written as a name: *Seal* is a model, *seal* is not."""
    return written == name or (len(name) > _SHORT and written[0].isupper() >= name[0].isupper())
