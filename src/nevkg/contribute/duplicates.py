"""Pairs in the registry that are likely one thing, undecided as yet; only what shares a key, such as half its letters, is compared."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path
from typing import TypeVar

from nevkg.data import terms
from nevkg.errors import InvalidData

_Key = TypeVar("_Key")
ANYTHING = "http://www.w3.org/2002/07/owl#Thing"  # the class of words that tell nothing apart, whatever the things are

_ALIKE = 92.0
_LEAST_FOR_SLIPS = 6
_LEAST_FOR_WORDS = 4  # shorter words that differ are abbreviations, not slips
_LEAST_WORDS = 4  # in a name that may differ in one of them
_BY_INITIALS = "initials"
_INITIALS = range(2, 7)
_FAMILY = 5  # so many names begin with a word that tells little
_CROWD = 200  # a key that more things share tells nothing
_WORDS = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Entity:
    """A thing of the registry; ``names`` are its labels and aliases in any language."""

    iri: str
    classes: frozenset[str]
    names: tuple[str, ...] = ()
    slug: str = ""
    where: frozenset[str] = frozenset()  # keeps namesakes apart: two that have some, and none in common, are two things
    at: frozenset[str] = frozenset()  # places so narrow that two things there with a telling word in common may be one


@dataclass(frozen=True)
class Candidate:
    """Two things that are likely one, why, and how likely (at most 100)."""

    first: str
    second: str
    reason: str
    score: float


@dataclass(frozen=True)
class Judgements:
    """What has been decided: which thing stands for which other one, and which are kept apart."""

    merges: Mapping[str, str] = field(default_factory=dict)
    distinctions: tuple[frozenset[str], ...] = ()

    def replacement(self, iri: str) -> str:
        """The thing that stands for ``iri`` in the end; itself if nothing replaces it.

        Raises:
            InvalidData: if things replace each other in a circle.
        """
        seen = [iri]
        while (last := seen[-1]) in self.merges:
            if self.merges[last] in seen:
                raise InvalidData(f"The merges of {', '.join(sorted(seen))} go round in a circle.")
            seen.append(self.merges[last])
        return last


def generic_words(table: Path, namespaces: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """For each class (IRI) the words that tell its things apart as little as *group* tells companies; a table ``class,word``."""
    found: dict[str, set[str]] = defaultdict(set)
    with table.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found[terms.expand(row["class"], dict(namespaces)) or row["class"]].add(_normal(row["word"]))
    return {kind: frozenset(words) for kind, words in found.items()}


def candidates(entities: Iterable[Entity], judgements: Judgements, generic: Mapping[str, frozenset[str]]) -> list[Candidate]:
    """The pairs that somebody should look at, the likeliest first; each once, with its best reason.

    A thing that has been replaced still lends its names, and is shown as what replaces it.
    """
    known = list(entities)
    ends = [judgements.replacement(entity.iri) for entity in known]
    apart = {pair for things in judgements.distinctions for pair in combinations(sorted(map(judgements.replacement, things)), 2)}
    best: dict[tuple[str, str], Candidate] = {}
    for reason, score, one, two in _pairs([_Named.of(entity, generic) for entity in known]):
        first, second = sorted((ends[one], ends[two]))
        here, there = known[one].where, known[two].where
        # Initials alone tell too little: then both must be known to be in one place.
        near = not here.isdisjoint(there) or (not (here and there) and not reason.startswith(_BY_INITIALS))
        of_a_kind = known[one].classes & known[two].classes and near
        if first == second or (first, second) in apart or not of_a_kind:
            continue
        found = Candidate(first, second, reason, round(score, 1))
        best[first, second] = min(found, best.get((first, second), found), key=_likelier)
    return sorted(best.values(), key=_likelier)


def _likelier(found: Candidate) -> tuple[float, str, str, str]:
    return -found.score, found.first, found.second, found.reason


def _normal(name: str) -> str:
    """Lower case, no accents, one space between words: ``Lynk & Co`` is ``lynk co``."""
    parts = unicodedata.normalize("NFKD", re.sub("['’]", "", name).casefold())
    return " ".join(_WORDS.findall("".join(part for part in parts if not unicodedata.combining(part))))


def _telling(name: str, generic: frozenset[str]) -> str:
    """A name without its generic words, unless nothing were left; Chinese ones are taken from the end."""
    kept = [word for word in name.split() if word not in generic]
    for number, word in enumerate(kept):
        while _CHINESE.search(word) and (ends := [end for end in generic if word.endswith(end) and word != end]):
            word = word.removesuffix(max(ends, key=len))
        kept[number] = word
    return " ".join(kept) or name


@dataclass(frozen=True)
class _Named:
    """The names of a thing as they are compared: whole and without generic words, initials, and words at narrow places."""

    whole: frozenset[str]
    core: frozenset[str]
    initials: frozenset[str]
    where: frozenset[str]
    told: frozenset[str]

    @classmethod
    def of(cls, entity: Entity, generic: Mapping[str, frozenset[str]]) -> _Named:
        everywhere = generic.get(ANYTHING, frozenset())
        said = {_normal(name) for name in entity.names}
        whole = frozenset(said | {_normal(_BRACKETS.sub(" ", name)) for name in entity.names} | {_normal(entity.slug)}) - {""}
        core = frozenset(_telling(name, everywhere.union(*(generic.get(kind, ()) for kind in entity.classes))) for name in whole)
        initials = {"".join(word[0] for word in name.split() if word not in skipped) for name in said for skipped in ((), everywhere)}
        words = {word for name in core for word in name.split()}
        places = {re.split(r"[/#]", place)[-1] for place in entity.at}
        told = {f"{word} at {place}" for place in places for word in words.difference(_normal(place).split())}
        return cls(whole, core, frozenset(name for name in initials if len(name) in _INITIALS), entity.where, frozenset(told))


def _pairs(things: list[_Named]) -> Iterator[tuple[str, float, int, int]]:
    """Reason, score, and the numbers of two things that look alike; some more than once."""
    whole = [(name, number) for number, thing in enumerate(things) for name in thing.whole]
    core = [(name, number) for number, thing in enumerate(things) for name in thing.core]
    # The maker's name, say, with which many names begin, and which some leave out.
    common = Counter(name.split()[0] for name in {name for name, _ in core})
    without = [(name.partition(" ")[2], number) for name, number in core if name.count(" ") > 1 and common[name.split()[0]] >= _FAMILY]
    for reason, score, found in (
        ("the same name", 100, _sharing((name.replace(" ", ""), number) for name, number in whole)),
        ("the same name but for generic words", 97, _sharing((name.replace(" ", ""), number) for name, number in core)),
        ("the same words in another order", 95, _sharing((" ".join(sorted(set(name.split()))), number) for name, number in core)),
        (_BY_INITIALS, 90, _sharing(whole, [(name, number) for number, thing in enumerate(things) for name in thing.initials])),
        ("the same but for a common first word", 88, _sharing(core, without)),
        ("a word in common at one place", 75, _sharing((told, number) for number, thing in enumerate(things) for told in thing.told)),
    ):
        yield from ((f"{reason}: {key}", score, one, two) for key, one, two in found)
    yield from _slips(things, sorted(pair for pair in core if len(pair[0]) >= _LEAST_FOR_SLIPS))


def _slips(things: list[_Named], names: list[tuple[str, int]]) -> Iterator[tuple[str, float, int, int]]:
    """Names that differ by a slip, and long ones from one place that differ in a word; never in a number."""
    from rapidfuzz import fuzz

    keyed: list[tuple[tuple[str, str], int]] = []
    for place, (name, number) in enumerate(names):
        letters, words = name.replace(" ", ""), sorted(set(name.split()))
        # A slip leaves one half of the letters as it is; the middle may lie one letter off.
        for half in {len(letters) // 2, (len(letters) - 1) // 2}:
            keyed += [(("from", letters[:half]), place), (("to", letters[-half:]), place)]
        if len(words) >= _LEAST_WORDS:
            gaps = [" ".join(words[:gap] + words[gap + 1 :]) for gap in range(len(words))]
            keyed += [(("but one", f"{where} {gap}"), place) for where in things[number].where for gap in gaps]
    for (kind, _), one, two in _sharing(keyed):
        (first, number), (second, other) = names[one], names[two]
        digits, others = _DIGITS.findall(first), _DIGITS.findall(second)
        score = fuzz.ratio(first, second, score_cutoff=_ALIKE)
        if kind == "but one" and (digits == others or not digits or not others):
            yield f"the same words but one: {first} / {second}", 80, number, other
        if score and digits == others and all(len(word) >= _LEAST_FOR_WORDS for word in set(first.split()) ^ set(second.split())):
            yield f"spelled alike: {first} / {second}", min(score, 94), number, other


def _sharing(left: Iterable[tuple[_Key, int]], right: Iterable[tuple[_Key, int]] | None = None) -> Iterator[tuple[_Key, int, int]]:
    """Every two that share a key, one from the left and one from the right if there is one; crowds are left out."""
    blocks: dict[_Key, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for side, keyed in enumerate((left, right or ())):
        for key, number in keyed:
            blocks[key][side].add(number)
    for key, (ones, others) in blocks.items():
        if len(ones) + len(others) <= _CROWD:
            pairs = combinations(sorted(ones), 2) if right is None else product(sorted(ones), sorted(others))
            yield from ((key, one, two) for one, two in pairs if one != two)
