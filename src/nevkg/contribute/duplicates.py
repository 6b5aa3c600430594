"""Finds likely duplicates in the registry. Only entities that share a key, such as half of the letters, are compared."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import TypeVar

from nevkg.data import terms
from nevkg.data.tables import GENERIC_WORDS, read_rows
from nevkg.lookup.search import normalise

_Key = TypeVar("_Key")
ANYTHING = terms.OWL + "Thing"  # the class whose words are generic for entities of every class

_MIN_RATIO = 92.0  # similarity of two spellings, in per cent
_MIN_NAME_LETTERS = 6  # in a name that may be misspelled
_MIN_WORD_LETTERS = 4  # shorter words that differ are abbreviations, not misspellings
_MIN_WORDS = 4  # in a name that may differ in one word
_BY_INITIALS = "initials"
_INITIALS = range(2, 7)  # number of letters
_COMMON_FIRST_WORD = 5  # if at least this many names begin with a word, it distinguishes little
_MAX_SHARING = 200  # a key that more entities share is no evidence
_WORDS = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class NamedEntity:
    """An entity of the registry.

    Attributes:
        names: its labels and aliases, in any language.
        slug: the local name of the IRI.
        where: places that distinguish entities of the same name: two that have places, but none in common, are different.
        at: places so small that two entities there with a distinctive word in common may be duplicates.
    """

    iri: str
    classes: frozenset[str]
    names: tuple[str, ...] = ()
    slug: str = ""
    where: frozenset[str] = frozenset()
    at: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DuplicatePair:
    """Two entities that are likely the same, with the reason and a score of at most 100."""

    first: str
    second: str
    reason: str
    score: float


def read_generic_words(table: Path, namespaces: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Returns, by class, words that do not distinguish members, as *group* for companies, from a CSV file (``class``, ``word``)."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, (cls, word) in read_rows(table, GENERIC_WORDS):
        found[terms.expand(cls, dict(namespaces)) or cls].add(_normalise(word))
    return {kind: frozenset(words) for kind, words in found.items()}


def find_candidates(
    entities: Iterable[NamedEntity],
    generic: Mapping[str, frozenset[str]],
    replaced: Mapping[str, str],
    different: Iterable[Iterable[str]],
) -> list[DuplicatePair]:
    """Returns the pairs that someone should review, most likely first; each once, with its best reason.

    The names of an entity that has been replaced count as names of its replacement.

    Args:
        generic: generic words for each class.
        replaced: IRI of an entity that was merged to that of its last replacement.
        different: sets of entities (IRIs) that someone has distinguished; their pairs are omitted.
    """
    known = list(entities)
    ends = [replaced.get(entity.iri, entity.iri) for entity in known]
    apart = {pair for things in different for pair in combinations(sorted(replaced.get(iri, iri) for iri in things), 2)}
    best: dict[tuple[str, str], DuplicatePair] = {}
    for reason, score, left, right in _pairs([_ComparedNames.of(entity, generic) for entity in known]):
        first, second = sorted((ends[left], ends[right]))
        here, there = known[left].where, known[right].where
        # Initials alone are weak evidence: then both must be known to be in the same place.
        near = not here.isdisjoint(there) or (not (here and there) and not reason.startswith(_BY_INITIALS))
        comparable = known[left].classes & known[right].classes and near
        if first == second or (first, second) in apart or not comparable:
            continue
        found = DuplicatePair(first, second, reason, round(score, 1))
        best[first, second] = min(found, best.get((first, second), found), key=_rank)
    return sorted(best.values(), key=_rank)


def _rank(found: DuplicatePair) -> tuple[float, str, str, str]:
    return -found.score, found.first, found.second, found.reason


def _normalise(name: str) -> str:
    """Returns a name in lower case, without accents, with single spaces: ``lynk co`` for ``Lynk & Co``."""
    return " ".join(_WORDS.findall(normalise(re.sub("['’]", "", name))))


def _without_generic_words(name: str, generic: frozenset[str]) -> str:
    """Returns a name without its generic words, or unchanged if there are no others.

    Chinese names have no spaces, so generic words are removed from their end.
    """
    words = [word for word in name.split() if word not in generic]
    for number, word in enumerate(words):
        while _CHINESE.search(word) and (ends := [end for end in generic if word.endswith(end) and word != end]):
            word = word.removesuffix(max(ends, key=len))
        words[number] = word
    return " ".join(words) or name


@dataclass(frozen=True)
class _ComparedNames:
    """The normalised names of an entity.

    Attributes:
        whole: all names, with and without what is in brackets, and the slug.
        core: the same without generic words.
        words_at_places: ``word at place`` for each distinctive word and each small place.
    """

    whole: frozenset[str]
    core: frozenset[str]
    initials: frozenset[str]
    where: frozenset[str]
    words_at_places: frozenset[str]

    @classmethod
    def of(cls, entity: NamedEntity, generic: Mapping[str, frozenset[str]]) -> _ComparedNames:
        everywhere = generic.get(ANYTHING, frozenset())
        plain = {_normalise(name) for name in entity.names}
        whole = frozenset(plain | {_normalise(_BRACKETS.sub(" ", name)) for name in entity.names} | {_normalise(entity.slug)}) - {""}
        core = frozenset(
            _without_generic_words(name, everywhere.union(*(generic.get(kind, ()) for kind in entity.classes))) for name in whole
        )
        initials = {"".join(word[0] for word in name.split() if word not in skipped) for name in plain for skipped in ((), everywhere)}
        words = {word for name in core for word in name.split()}
        places = {re.split(r"[/#]", place)[-1] for place in entity.at}
        words_at_places = {f"{word} at {place}" for place in places for word in words.difference(_normalise(place).split())}
        return cls(whole, core, frozenset(name for name in initials if len(name) in _INITIALS), entity.where, frozenset(words_at_places))


def _pairs(things: list[_ComparedNames]) -> Iterator[tuple[str, float, int, int]]:
    """Yields the reason, the score and the indexes of two similar entities; some pairs more than once."""
    whole = [(name, number) for number, thing in enumerate(things) for name in thing.whole]
    core = [(name, number) for number, thing in enumerate(things) for name in thing.core]
    # Many names begin with, say, the name of the maker, and some sources omit it.
    common = Counter(name.split()[0] for name in {name for name, _ in core})
    without = [
        (name.partition(" ")[2], number) for name, number in core if name.count(" ") > 1 and common[name.split()[0]] >= _COMMON_FIRST_WORD
    ]
    for reason, score, found in (
        ("the same name", 100, _pairs_by_key((name.replace(" ", ""), number) for name, number in whole)),
        ("the same name except for generic words", 97, _pairs_by_key((name.replace(" ", ""), number) for name, number in core)),
        ("the same words in another order", 95, _pairs_by_key((" ".join(sorted(set(name.split()))), number) for name, number in core)),
        (_BY_INITIALS, 90, _pairs_by_key(whole, [(name, number) for number, thing in enumerate(things) for name in thing.initials])),
        ("the same except for a common first word", 88, _pairs_by_key(core, without)),
        (
            "a word in common at the same place",
            75,
            _pairs_by_key((key, number) for number, names in enumerate(things) for key in names.words_at_places),
        ),
    ):
        yield from ((f"{reason}: {key}", score, left, right) for key, left, right in found)
    yield from _similar_spellings(things, sorted(pair for pair in core if len(pair[0]) >= _MIN_NAME_LETTERS))


def _similar_spellings(things: list[_ComparedNames], names: list[tuple[str, int]]) -> Iterator[tuple[str, float, int, int]]:
    """Yields names that differ in spelling, and long names at the same place that differ in one word, but never in a number."""
    from rapidfuzz import fuzz

    keyed: list[tuple[tuple[str, str], int]] = []
    for place, (name, number) in enumerate(names):
        letters, words = name.replace(" ", ""), sorted(set(name.split()))
        # A misspelling leaves the first or the second half of the letters unchanged; the middle may shift by one letter.
        for half in {len(letters) // 2, (len(letters) - 1) // 2}:
            keyed += [(("from", letters[:half]), place), (("to", letters[-half:]), place)]
        if len(words) >= _MIN_WORDS:
            gaps = [" ".join(words[:gap] + words[gap + 1 :]) for gap in range(len(words))]
            keyed += [(("but one", f"{where} {gap}"), place) for where in things[number].where for gap in gaps]
    for (kind, _), left, right in _pairs_by_key(keyed):
        (first, number), (second, other) = names[left], names[right]
        digits, others = _DIGITS.findall(first), _DIGITS.findall(second)
        score = fuzz.ratio(first, second, score_cutoff=_MIN_RATIO)
        if kind == "but one" and (digits == others or not digits or not others):
            yield f"the same words except one: {first} / {second}", 80, number, other
        if score and digits == others and all(len(word) >= _MIN_WORD_LETTERS for word in set(first.split()) ^ set(second.split())):
            yield f"similar spelling: {first} / {second}", min(score, 94), number, other


def _pairs_by_key(left: Iterable[tuple[_Key, int]], right: Iterable[tuple[_Key, int]] | None = None) -> Iterator[tuple[_Key, int, int]]:
    """Yields each key with the indexes of two entities that share it.

    If ``right`` is given, one is from ``left`` and one from ``right``. Keys that more than ``_MAX_SHARING`` entities
    share are skipped.
    """
    blocks: dict[_Key, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for side, keyed in enumerate((left, right or ())):
        for key, number in keyed:
            blocks[key][side].add(number)
    for key, (ones, others) in blocks.items():
        if len(ones) + len(others) <= _MAX_SHARING:
            pairs = combinations(sorted(ones), 2) if right is None else product(sorted(ones), sorted(others))
            yield from ((key, left, right) for left, right in pairs if left != right)
