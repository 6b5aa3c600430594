"""One more block of data, made from the shipped one: other names, days, numbers, places and words, the same shape.

A block is the shipped data under one substitution, so all that holds between its facts holds after it:

- things have new IRIs and new names, spelled by a substitution of letters, so that a maker's name
  still stands in the names of its plants; statements are named by what they say, as always;
- days move within their months, and all by one number of years; what was the same day, or earlier, still is;
- figures of one thing move by one factor, never beyond the greatest of their metric and unit, so that
  sources that agree still agree, and those that do not still do not;
- countries change places with ones that are spoken of about as often, cities within their country likewise;
- notes and titles are drawn anew from all words of their kind.
"""

from __future__ import annotations

import hashlib
import math
import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from random import Random

from benchmarks.parts import PLACE, PRODUCTION, REGISTRY, Part, Shipped, kind_of, slug_of
from pyoxigraph import Literal, NamedNode, Quad

from nevkg import terms
from nevkg.evidence import statement_iri

_NUMBER = terms.NEV + "number"
_KEPT_DATES = {terms.NEV + "collected", terms.NEV + "decided"}  # the days of our own work
_NAMES = {*terms.LABELS, *terms.ALIASES}
_DIGEST = terms.NEV + "sha256"
_ADDRESS = terms.NEV + "address"
_IDENTIFIER = terms.DCTERMS + "identifier"
_DATE = terms.XSD + "date"
_IN_COUNTRY = terms.NEV + "inCountry"
_YEARS = {"", terms.BASE + "unit/model-year"}  # a number without a unit is a year too
_DAYS_IN_NAMES = re.compile(r"(?<!\d)((?:19|20)\d\d)(-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?(?!\d)")
_IN_ADDRESSES = re.compile(r"(%[0-9A-Fa-f]{2})|[A-Za-z]+")
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
_IDEOGRAPHS = range(0x4E00, 0xA000)
_LIKE = 1.5  # how many times as often the one of two places that change may be spoken of
_MOST = 0.3  # logarithm of the greatest factor of a figure
_YEARS_BACK = (0, 0, 1)  # drawn from; more would change how old the data is


class Ranks:
    """What a block changes is drawn from what the shipped data has: places by how often they occur, words by their kind."""

    def __init__(self, shipped: Shipped) -> None:
        self.shipped = shipped
        self.said = [quad for quads in shipped.sources.values() for quad in quads]
        self.spoken_of = Counter(quad.object.value for quad in self.said if isinstance(quad.object, NamedNode))
        self.country = {
            terms.text(quad.subject): terms.text(quad.object) for quad in shipped.stays.registry if quad.predicate.value == _IN_COUNTRY
        }

    @cached_property
    def words(self) -> dict[tuple[str, str, bool], list[str]]:
        """All words of the texts of a property and language, as often as they occur; characters where texts have no spaces."""
        found: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
        for text in dict.fromkeys((quad.predicate.value, quad.object) for quad in self.said if _is_text(quad)):
            found[_kind_of_text(*text)] += _pieces(text[1].value)
        return found

    @cached_property
    def days(self) -> dict[str, list[str]]:
        """The days that are told or stand in names, month by month."""
        told = {quad.object.value for quad in self.said if isinstance(quad.object, Literal) and quad.object.datatype.value == _DATE}
        names = [*self.shipped.things, *self.shipped.sources]
        names += [quad.object.value for quads in self.shipped.things.values() for quad in quads if isinstance(quad.object, Literal)]
        told |= {found.group() for name in names for found in _DAYS_IN_NAMES.finditer(name) if found[2]}
        months: dict[str, list[str]] = defaultdict(list)
        for day in sorted(told):
            months[day[:7]].append(day)
        return months

    @cached_property
    def collected(self) -> set[str]:
        """The days on which facts were collected: no fact moves beyond them."""
        return {terms.text(quad.object) for quad in self.said if quad.predicate.value in _KEPT_DATES}

    @cached_property
    def greatest(self) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str, str], float]]:
        """The greatest number of each metric and unit, and of each thing among them."""
        of_metric: dict[tuple[str, str], float] = defaultdict(float)
        of_thing: dict[tuple[str, str, str], float] = defaultdict(float)
        for said in self.shipped.statements.values():
            facts = {quad.predicate.value: terms.text(quad.object) for quad in said}
            if _NUMBER in facts:
                thing, metric, unit = _measured(facts)
                size = abs(float(facts[_NUMBER]))
                of_metric[metric, unit] = max(of_metric[metric, unit], size)
                of_thing[thing, metric, unit] = max(of_thing[thing, metric, unit], size)
        return of_metric, of_thing

    @cached_property
    def ideographs(self) -> list[str]:
        """The Chinese characters of names."""
        names = [quad.object.value for quads in self.shipped.things.values() for quad in quads if quad.predicate.value in _NAMES]
        return sorted({letter for name in names for letter in name if ord(letter) in _IDEOGRAPHS})


class Block:
    """Block ``number`` of the data that a seed makes; 0 is the shipped one."""

    def __init__(self, ranks: Ranks, seed: int, number: int) -> None:
        self._ranks = ranks
        self._shipped = ranks.shipped
        self._number = number
        self._seed = f"{seed}/{number}"
        self._places = _places(ranks, self._random("places"))
        self._iris = dict(self._places)
        self._nodes: dict[str, NamedNode] = {}
        self._texts: dict[tuple[str, Literal], Literal] = {}
        self._factors: dict[tuple[str, str, str], float] = {}
        self._letters = _spelling(ranks, self._random("letters"))
        self._years = self._random("years").choice(_YEARS_BACK)
        self._days = _moved_days(ranks, self._random("days"), self._years)
        self._words = self._random("words")

    def _random(self, *of: str) -> Random:
        return Random("/".join((self._seed, *of)))

    def varied(self, part: Part) -> Part:
        """The part under this block's substitution."""
        registry = [self._quad(quad, REGISTRY) for quad in part.registry]
        sources = {}
        for slug, quads in part.sources.items():
            new = slug_of(self._iri(terms.SOURCE + slug))
            graph = NamedNode(terms.graph(new))
            sources[new] = [self._quad(quad, graph) for quad in quads]
        return Part(registry, sources)

    def _quad(self, quad: Quad, graph: NamedNode) -> Quad:
        subject = terms.text(quad.subject)
        return Quad(self._node(subject), quad.predicate, self._object(subject, quad), graph)

    def _node(self, iri: str) -> NamedNode:
        node = self._nodes.get(iri)
        if node is None:
            node = self._nodes[iri] = NamedNode(self._iri(iri))
        return node

    def _iri(self, iri: str) -> str:
        """The new name of a thing; the same for what does not grow."""
        new = self._iris.get(iri)
        if new is None:
            kind = kind_of(iri)
            new = self._iris[iri] = self._named(kind, iri) if kind in self._shipped.kinds else iri
        return new

    def _named(self, kind: str, iri: str) -> str:
        slug = slug_of(iri)
        if kind == "statement":
            return self._statement(self._shipped.statements[iri])
        if kind == "production":
            return self._production(iri, slug)
        if kind == "passage":
            source, _, stretch = slug.partition("/")
            return f"{terms.BASE}passage/{slug_of(self._iri(terms.SOURCE + source))}/{stretch}"
        begin = "s-" if kind == "source" else ""
        return f"{terms.BASE}{kind}/{begin}{self._spelled(slug.removeprefix(begin))}-x{self._number}"

    def _production(self, iri: str, slug: str) -> str:
        """A production is named after its maker and its plant or country, as rules name it."""
        for found in re.finditer("-(at|in)-", slug):
            maker, where = terms.BASE + "agent/" + slug[: found.start()], slug[found.end() :]
            place = f"{terms.BASE}plant/{where}" if found[1] == "at" else PLACE + where.upper()
            if maker in self._shipped.things and (place in self._shipped.things or place in self._places):
                return f"{PRODUCTION}{slug_of(self._iri(maker))}{found.group()}{slug_of(self._iri(place)).lower()}"
        raise ValueError(f"{iri} is of no known maker and place.")

    def _statement(self, said: Sequence[Quad]) -> str:
        facts = {quad.predicate.value: terms.text(quad.object) for quad in said}
        naming = [quad for quad in said if quad.predicate.value in self._shipped.identifying or quad.predicate.value == _IDENTIFIER]
        pairs = [(quad.predicate.value, self._object(terms.text(quad.subject), quad)) for quad in naming]
        return statement_iri(self._iri(facts[terms.NEV + "source"]), facts[terms.RDF + "type"], pairs)

    def _object(self, subject: str, quad: Quad) -> NamedNode | Literal:
        value, name = quad.object, quad.predicate.value
        if isinstance(value, NamedNode):
            return NamedNode(self._address(value.value)) if name == _ADDRESS else self._node(value.value)
        assert isinstance(value, Literal)
        if value.language is not None:
            key = (name, value)
            if key not in self._texts:
                self._texts[key] = Literal(self._text(name, value), language=value.language)
            return self._texts[key]
        if value.datatype.value == _DATE and name not in _KEPT_DATES:
            return Literal(self._days[value.value], datatype=value.datatype)
        if name == _NUMBER:
            return self._figure(self._shipped.statements[subject], value)
        if name == _DIGEST:
            return Literal(hashlib.sha256(self._iri(subject).encode()).hexdigest())
        return value

    def _spelled(self, name: str) -> str:
        """Another name: letters substituted, days and years moved."""
        moved = _DAYS_IN_NAMES.sub(lambda found: self._days.get(found.group(), f"{int(found[1]) - self._years}{found[2] or ''}"), name)
        return moved.translate(self._letters)

    def _address(self, address: str) -> str:
        """An address of the same length on a host that does not exist."""
        scheme, _, rest = address.partition("://")
        host, slash, path = rest.partition("/")
        path = _IN_ADDRESSES.sub(lambda found: found.group() if found[1] else found.group().translate(self._letters), path)
        return f"{scheme}://{host.partition(':')[0].translate(self._letters)}.example{slash}{path}"

    def _text(self, name: str, value: Literal) -> str:
        if name in _NAMES:
            return f"{self._spelled(value.value)} {self._number}"
        words = self._ranks.words.get(_kind_of_text(name, value)) or _pieces(value.value)
        drawn = self._words.choices(words, k=len(_pieces(value.value)))
        return (" " if " " in value.value else "").join(drawn)

    def _figure(self, said: Sequence[Quad], value: Literal) -> Literal:
        facts = {quad.predicate.value: terms.text(quad.object) for quad in said}
        key = _measured(facts)
        if key[2] in _YEARS:
            return Literal(str(int(value.value) - self._years), datatype=value.datatype)
        if key not in self._factors:
            of_metric, of_thing = self._ranks.greatest
            drawn = math.exp(self._random("figures", *key).uniform(-_MOST, _MOST))
            self._factors[key] = 1 / drawn if drawn * of_thing[key] > of_metric[key[1:]] else drawn
        return Literal(_like(value.value, float(value.value) * self._factors[key]), datatype=value.datatype)


def _like(written: str, number: float) -> str:
    """A number written as coarsely as another one, but with two digits at least."""
    whole, _, fraction = written.partition(".")
    digits = len((whole + fraction).strip("-0") if fraction else whole.lstrip("-").rstrip("0"))
    if number == 0:
        return written
    kept = max(digits, 2) - 1 - math.floor(math.log10(abs(number)))
    return f"{round(number, min(kept, len(fraction))):.{len(fraction)}f}"


def _measured(facts: dict[str, str]) -> tuple[str, str, str]:
    """What is measured: of which thing, by which metric, in which unit."""
    return facts[terms.NEV + "subject"], facts.get(terms.NEV + "metric", ""), facts.get(terms.NEV + "unit", "")


def _is_text(quad: Quad) -> bool:
    return isinstance(quad.object, Literal) and quad.object.language is not None and quad.predicate.value not in _NAMES


def _kind_of_text(name: str, value: Literal) -> tuple[str, str, bool]:
    return name, value.language or "", " " in value.value


def _pieces(text: str) -> list[str]:
    return text.split(" ") if " " in text else list(text)


def _exchanged(random: Random, ranked: Sequence[str], may: Iterable[bool]) -> dict[str, str]:
    """Neighbours of a ranking change places, each pair that may by the toss of a coin."""
    new = {one: one for one in ranked}
    for (one, other), allowed in zip(pairwise(ranked), may, strict=True):
        if allowed and new[one] == one and random.random() < 0.5:
            new[one], new[other] = other, one
    return new


def _places(ranks: Ranks, random: Random) -> dict[str, str]:
    """For each country, city and region another one that is spoken of about as often; cities stay in what becomes of their country."""
    inside: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    weight: Counter[str] = Counter()
    kinds = {
        terms.text(quad.subject): terms.text(quad.object)
        for quad in ranks.shipped.stays.registry
        if quad.predicate.value == terms.RDF + "type"
    }
    for place, country in sorted(ranks.country.items(), key=lambda pair: (-ranks.spoken_of[pair[0]], pair[0])):
        if place in kinds:
            inside[country][kinds[place]].append(place)
            weight[country] += ranks.spoken_of[place]
    countries = sorted(
        (place for place in kinds if kinds[place] == terms.NEV + "Country"), key=lambda place: (-_uses(ranks, weight, place), place)
    )
    may = [
        _uses(ranks, weight, one) <= _LIKE * _uses(ranks, weight, other) and inside[one].keys() == inside[other].keys()
        for one, other in pairwise(countries)
    ]
    new = _exchanged(random, countries, may)
    for country, by_kind in sorted(inside.items()):
        for kind, places in by_kind.items():
            others = inside[new[country]][kind]
            alike = [ranks.spoken_of[one] <= _LIKE * ranks.spoken_of[other] for one, other in pairwise(others)]
            there = _exchanged(random, others, alike)
            new |= {place: there[others[number % len(others)]] for number, place in enumerate(places)}
    return new


def _uses(ranks: Ranks, weight: Counter[str], country: str) -> int:
    return ranks.spoken_of[country] + weight[country]


def _spelling(ranks: Ranks, random: Random) -> dict[int, str]:
    """A letter for each letter, vowels among themselves, and likewise for Chinese characters."""
    table: dict[int, str] = {}
    for letters in (_VOWELS, _CONSONANTS):
        mixed = random.sample(letters, len(letters))
        table |= {ord(old): new for old, new in zip(letters, mixed, strict=True)}
        table |= {ord(old.upper()): new.upper() for old, new in zip(letters, mixed, strict=True)}
    mixed = random.sample(ranks.ideographs, len(ranks.ideographs))
    return table | {ord(old): new for old, new in zip(ranks.ideographs, mixed, strict=True)}


def _moved_days(ranks: Ranks, random: Random, years: int) -> dict[str, str]:
    """For each day that is told another one of its month, some years earlier, all in the same order.

    The first and the last of a month stay so, for they bound what is dated to a month or a year;
    and the day of collection stays, for no fact is later.
    """
    moved = {}
    for month, days in ranks.days.items():
        year, number = int(month[:4]), int(month[5:])
        last, new_last = monthrange(year, number)[1], monthrange(year - years, number)[1]
        bounds = {1: 1, last: new_last} | {int(day[8:]): int(day[8:]) for day in ranks.collected if day[:7] == month}
        days_of_month = dict(bounds)
        for begin, end in pairwise(sorted(bounds)):
            between = [int(day[8:]) for day in days if begin < int(day[8:]) < end]
            room = range(bounds[begin] + 1, bounds[end])
            drawn = sorted(random.sample(room, min(len(between), len(room))))
            drawn += [room[-1]] * (len(between) - len(drawn))  # a February may have lost its 29th day
            days_of_month |= dict(zip(between, drawn, strict=True))
        moved |= {f"{month}-{old:02}": date(year - years, number, new).isoformat() for old, new in days_of_month.items()}
    return moved
