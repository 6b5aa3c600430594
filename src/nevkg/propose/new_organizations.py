"""Organisations of a document that the registry does not know, and which of them are from the home of topics in scope."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

from nevkg.contribute.cells import slug
from nevkg.propose.entity_names import Mention
from nevkg.reading.cities import find_city_beside
from nevkg.reading.people import romanise_word
from nevkg.reading.spans import Found, TextSpan
from nevkg.reading.words import Vocabulary, find_meanings, is_spaced, word_pattern

S = TypeVar("S", bound=TextSpan)

_START = attrgetter("start")
_NAME_WORD = r"[A-Z](?:[\w&.’'-]*\w)?"
_BARE_NAME = re.compile(rf" ({_NAME_WORD}(?: {_NAME_WORD})?)(?![\w-])")
_STOP = re.compile(r"[,.;:，。；：、]")
_OPENING = ",，（("
_POSSESSIVE = 3  # characters, as in "China's Nova Motors"
_CALLED = 40  # characters between a home and a name that a word such as *carmaker* connects
_SEATED = 60  # characters between a name and the word that says where it is based
_SHORTEST = 4  # letters of a name without words such as *Motors*


@dataclass(frozen=True)
class OrganizationName:
    """How a text calls an organisation.

    Attributes:
        latin: the name in Latin letters.
        native: the name as it is written, if that is in other letters; otherwise empty.
        short: the name as it is written, without words such as *Motors*; empty if nothing is left.
        is_sure: whether its form alone shows that it is the name of an organisation.
    """

    latin: str
    native: str = ""
    short: str = ""
    is_sure: bool = False


@dataclass(frozen=True)
class NewOrganizations:
    """The new organisations of a document.

    Attributes:
        written: what stands for one in the text, to its slug: the whole name, and for those from a home the short one.
        names: how each is called, by slug.
        local: slugs of those that are from a home of topics in scope, with the sentence that says so; it is empty if only the form
            of the name does.
    """

    written: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, OrganizationName] = field(default_factory=dict)
    local: Mapping[str, str] = field(default_factory=dict)

    def find(self, text: str) -> Iterator[Found[str]]:
        """Yields the slugs of the organisations that a sentence names."""
        for match in self._pattern.finditer(text):
            yield Found(*match.span(), self.written[" ".join(match.group().split())])

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(word_pattern(self.written))


class OrganizationFinder:
    """Finds the new organisations of documents."""

    def __init__(self, words: Vocabulary, generic: Collection[str], find_mentions: Callable[[str, str], Sequence[Mention]]) -> None:
        """Prepares patterns.

        Args:
            words: words of the kinds ``maker`` (*carmaker*), ``seat`` (*based in*), ``no-maker`` (*electric* of *electric cars*), and those
                that begin no name.
            generic: words in names of organisations, such as *Motors*.
            find_mentions: finds the names of the registry in a text of a language.
        """
        self._words, self._find_mentions, self._many = words, find_mentions, words["name"].all
        spaced, unspaced = (word_pattern(word for word in generic if is_spaced(word) == of_spaced) for of_spaced in (True, False))
        self._suffixed = re.compile(rf"(?<![\w.])(?P<short>{_NAME_WORD}(?: {_NAME_WORD}){{0,3}}?)(?: (?=[A-Z])(?i:{spaced})\b)+(?! [A-Z])")
        name = rf"(?P<native>(?P<short>[\u4e00-\u9fff]{{2,8}}?)(?:{unspaced})+)"
        # In brackets, a name is sure: 尼罗河汽车工业公司（Nile Motor Industries）.
        self._unspaced, self._bracketed = re.compile(name), re.compile(rf"{name}（(?P<latin>[A-Z][\w .&'’-]+)[^（）]*）")

    def find(self, sentences: Sequence[str], language: str, countries: Collection[str]) -> NewOrganizations:
        """Returns the new organisations of a text.

        Args:
            countries: local names (ISO codes) of the homes of topics in scope.
        """
        found: list[tuple[OrganizationName, str]] = []
        for text in sentences:
            mentions = self._find_mentions(text, language)
            makers, seats = (list(find_meanings(text, language, self._words[kind])) for kind in ("maker", "seat"))
            many = [mention for mention in mentions if not self._many.isdisjoint(mention.local_names)]  # "Chinese carmakers"
            makers += [Found(mention.start, mention.end, "") for mention in many]
            homes: list[TextSpan] = [*many, *(mention for mention in mentions if not mention.local_names.isdisjoint(countries))]
            homes += [home for seat in seats if (home := find_city_beside(text, seat, countries))]
            homes.sort(key=_START)
            makers.sort(key=_START)
            for each in self._find_names(text, language, mentions, homes, makers):
                near = [_select_near(spans, each) for spans in (homes, makers, seats)]
                is_local = any(_is_called(text, home, each, near[1]) or _is_based(text, home, each, near[2]) for home in near[0])
                found.append((each.meaning, text if is_local else ""))
        whole = {name.native: slug(name.latin) for name, _ in found if name.native and name.is_sure}
        natives = sorted(whole)

        def identify(name: OrganizationName) -> str:
            """Returns the slug: 尼罗河汽车 is short for 尼罗河汽车工业公司（Nile Motor Industries）."""
            longer = natives[bisect_left(natives, name.native) :][:1] if name.native else []
            return whole[longer[0]] if longer and longer[0].startswith(name.native) else slug(name.latin)

        sure = {slug(name.latin) for name, _ in found if name.is_sure}
        counts = Counter(name.native for name, _ in found if identify(name) not in sure)
        local: dict[str, str] = {}
        for name, text in found:
            if text or (counts[name.native] > 1 and self._is_meant(name, language)):
                local[identify(name)] = local.get(identify(name)) or text
        written: dict[str, str] = {}
        names: dict[str, OrganizationName] = {}
        for name, _ in found:
            key = identify(name)
            if key in local or key in sure:
                names.setdefault(key, name)
                both = f"{name.native}（{name.latin}" if name.native else ""
                for form in filter(None, (name.latin, name.native, both, name.short if key in local else "")):
                    written.setdefault(form, key)
        return NewOrganizations(written, names, local)

    def _is_meant(self, name: OrganizationName, language: str) -> bool:
        """Whether a name is of the script of the homes and neither a transcription nor made of common words, as *electric cars* is."""
        letters = "".join(self._words["place-letters"].of(language))
        kinds = (self._words[kind] for kind in ("no-maker", "cue", "noun", "maker"))
        is_common = any(True for words in kinds for _ in find_meanings(name.short, language, words))
        return bool(name.native) and not set(name.short) <= set(letters) and not is_common

    def _find_names(
        self, text: str, language: str, mentions: Sequence[TextSpan], homes: Sequence[TextSpan], makers: Sequence[TextSpan]
    ) -> Iterator[Found[OrganizationName]]:
        """Yields names that the registry does not have."""
        taken = list(mentions)
        for found in self._suffixed.finditer(text):
            start, short = found.start(), found["short"]
            # "The Nile Motor Industries", "China's Nova Motors"
            while short and (self._begins_no_name(short, language) or TextSpan(start, found.end()).overlaps(*mentions)):
                first, _, short = short.partition(" ")
                start += len(first) + 1
            if short:
                name = Found(start, found.end(), _name_in_latin(text[start : found.end()], short))
                taken.append(name)
                yield name
        for maker in makers:
            near = _select_near(homes, maker)
            bare = _BARE_NAME.match(text, maker.end)
            is_called = any(_is_near(text, home.end, maker.start) or maker.overlaps(home) for home in near)
            if bare and is_called and not TextSpan(*bare.span(1)).overlaps(*taken):
                yield Found(*bare.span(1), _name_in_latin(bare[1], bare[1]))
        # A name in a script without spaces begins where another word ends, such as a mention or "is run by".
        words = (word for kind in ("cue", "preposition") for word in find_meanings(text, language, self._words[kind]))
        starts = {0, *(match.end() for match in re.finditer(r"[^\u4e00-\u9fff]|的", text))}
        starts |= {each.end for each in (*mentions, *makers, *words)}
        for start in sorted(start for start in starts if text[start : start + 1] != "的"):
            match = self._bracketed.match(text, start) or self._unspaced.match(text, start)
            if match and not (span := TextSpan(*match.span("native"))).overlaps(*mentions):
                latin, native, short = match.groupdict().get("latin"), match["native"], match["short"]
                called = OrganizationName(latin or romanise_word(short), native, short, is_sure=latin is not None)
                yield Found(span.start, span.end, called)

    def _begins_no_name(self, name: str, language: str) -> bool:
        first = name.partition(" ")[0].casefold()
        return any(first in self._words[kind].of(language) for kind in ("before-post", "preposition", "no-name"))


def _name_in_latin(whole: str, short: str) -> OrganizationName:
    return OrganizationName(whole, short=short if len(short) >= _SHORTEST else "", is_sure=whole != short)


def _is_called(text: str, home: TextSpan, name: TextSpan, makers: Sequence[TextSpan]) -> bool:
    """Whether a name is said to be of a home: *China's Nova Motors*, *Chinese carmaker Nova*, *Nova, a Chinese carmaker*."""
    if 0 < name.start - home.end <= _POSSESSIVE and text[home.end : name.start].strip():
        return True
    called = [maker for maker in makers if _is_near(text, home.end, maker.start) or maker.overlaps(home)]
    if any(0 <= name.start - maker.end <= 1 for maker in called):
        return True
    is_after = text[name.end : name.end + 1] in _OPENING and _is_near(text, name.end + 1, home.start)
    return bool(called) and is_after


def _is_based(text: str, home: TextSpan, name: TextSpan, seats: Sequence[TextSpan]) -> bool:
    """Whether a name is said to be based in a place: *Nova, which is based in Hefei*, *Hefei-based Nova*, 总部位于合肥的诺瓦汽车."""
    for seat in seats:
        if 0 <= home.start - seat.end <= 1 and (0 <= seat.start - name.end <= _SEATED or 0 <= name.start - home.end <= 1):
            return True
        if 0 <= seat.start - home.end <= 1 and _is_near(text, seat.end, name.start):
            return True
    return False


def _select_near(spans: Sequence[S], place: TextSpan) -> Sequence[S]:
    """Returns the spans, in order of their beginnings, that may be near enough to a place to say something of it."""
    first = bisect_left(spans, place.start - _SEATED - _CALLED, key=_START)
    return spans[first : bisect_right(spans, place.end + _SEATED + _CALLED, key=_START)]


def _is_near(text: str, start: int, end: int) -> bool:
    return 0 <= end - start <= _CALLED and not _STOP.search(text, start, end)
