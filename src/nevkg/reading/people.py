"""Names of persons in a text, by the words around them: their post, or that they speak."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nevkg.errors import needs_extra
from nevkg.reading.spans import TextSpan
from nevkg.reading.words import Vocabulary, word_pattern

_WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+"
_UNSPACED = r"[\u4e00-\u9fff]"
_NAME_PART = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w.&-]*"
_ORGANIZATION = rf"((?<!\w){_NAME_PART}(?: (?:(?:of|and|for|&|de|do|da|del) )?{_NAME_PART})*)"


@dataclass(frozen=True)
class _Patterns:
    """Patterns of names for the words of a language: in the group ``name``, for those without spaces in the first."""

    after_post: re.Pattern[str]
    before_post: re.Pattern[str]
    after_speech: re.Pattern[str]
    before_speech: re.Pattern[str]
    unspaced: re.Pattern[str]


@dataclass(frozen=True)
class Person(TextSpan):
    """A person who is named in a text.

    Attributes:
        name: the name in Latin letters.
        native: the name as it is written, if not in Latin letters; otherwise empty.
    """

    name: str
    native: str = ""


def find_people(
    text: str,
    language: str,
    words: Vocabulary,
    posts: Iterable[TextSpan],
    speech: Iterable[TextSpan],
    taken: Sequence[TextSpan],
) -> list[Person]:
    """Returns the persons whose names are beside a post or a word of speaking.

    Args:
        text: a sentence.
        words: words of the kinds ``name-particle`` (*de*), ``post-of`` (a post *of* a company), ``before-post`` (*the*, *its*),
            ``after-name`` (what follows a name), ``no-name`` (what may be beside a post and is no name) and ``honorific`` (*Mr.*).
        posts: where posts are named, such as *general manager*.
        speech: where words such as *said* are.
        taken: what is no person, such as the names of companies.
    """
    kinds = ("name-particle", "post-of", "before-post", "after-name", "no-name", "honorific")
    patterns = _compile(*(tuple(sorted(words[kind].of(language))) for kind in kinds))
    found: dict[int, Person] = {}
    for person in (*_beside_posts(text, patterns, posts), *_beside_speech(text, patterns, speech)):
        if not person.overlaps(*taken, *found.values()):  # "Minister Ana Ruiz said": the name after the post, not all before "said"
            found[person.start] = person
    return [found[start] for start in sorted(found)]


@lru_cache(maxsize=64)
def _compile(
    particles: tuple[str, ...],
    of: tuple[str, ...],
    articles: tuple[str, ...],
    followers: tuple[str, ...],
    others: tuple[str, ...],
    honorifics: tuple[str, ...],
) -> _Patterns:
    title = rf"(?:(?i:{word_pattern(honorifics)}) )*"
    name = rf"(?P<name>{_WORD}(?: (?:(?:{word_pattern(particles)})[ -])?{_WORD}){{1,3}})"
    next_word = rf"(?: (?:{word_pattern(followers)})|[,.;:”\"]|$)"
    unspaced = (
        rf"(?!{word_pattern(others)})({_UNSPACED}{{1,6}}(?:·{_UNSPACED}{{1,6}})+|{_UNSPACED}{{2,3}}?)"
        rf"(?:（(?P<latin>[A-Z][^（）]{{3,40}})）)?(?={word_pattern(followers)}|[，。]|$)"
    )
    return _Patterns(
        re.compile(rf"(?P<of> (?:{word_pattern(of)}) [\w .&'’-]{{2,40}}?)?,? {title}{name}(?={next_word})"),
        re.compile(rf"{name},? (?:(?:{word_pattern(articles)}) )?(?:[\w-]+ ){{0,3}}$"),
        re.compile(rf",? {title}{name}(?={next_word})"),
        re.compile(rf"{name}(?:, [^,.]{{2,60}},)? $"),
        re.compile(unspaced),
    )


def _beside_posts(text: str, patterns: _Patterns, posts: Iterable[TextSpan]) -> Iterator[Person]:
    for post in posts:
        if match := patterns.unspaced.match(text, post.end):
            yield Person(match.start(), match.end(), match["latin"] or romanise(match[1]), match[1])
            continue
        after = patterns.after_post.match(text, post.end)
        before = patterns.before_post.search(text, max(0, post.start - 80), post.start)
        if after and not (before and after["of"]):  # "Ana Ruiz, an analyst at the bank Lima Credit": the name before
            yield Person(after.start("name"), after.end("name"), after["name"])
        elif before:
            yield Person(before.start("name"), before.end("name"), before["name"])


def _beside_speech(text: str, patterns: _Patterns, speech: Iterable[TextSpan]) -> Iterator[Person]:
    for verb in speech:
        if (match := patterns.after_speech.match(text, verb.end)) or (
            match := patterns.before_speech.search(text, max(0, verb.start - 100), verb.start)
        ):
            yield Person(match.start("name"), match.end("name"), match["name"])


def find_employers(text: str, language: str, words: Vocabulary, place: TextSpan) -> Iterator[TextSpan]:
    """Yields where the words may be that name for whom a person works: *president of the X*, *the X's president*, *X president*.

    Args:
        text: a sentence.
        words: words of the kinds ``post-of`` and ``before-post``.
        place: where a post or, for *X of Y*, the name of a person is.
    """
    of, articles = (word_pattern(words[kind].of(language)) for kind in ("post-of", "before-post"))
    if match := re.compile(rf" (?:{of})(?: (?:{articles}))? {_ORGANIZATION}(?<!\.)").match(text, place.end):
        yield TextSpan(*match.span(1))
    if match := re.compile(rf"{_ORGANIZATION}(?:['’]s?)? ?的?$").search(text, 0, place.start):
        yield TextSpan(*match.span(1))


def romanise(name: str) -> str:
    """Returns a Chinese name in Latin letters: 陈维疆 is Chen Weijiang, 马丁·莱德斯马 Mading Laidesima."""
    parts = name.split("·") if "·" in name else (name[0], name[1:])
    return " ".join(map(romanise_word, parts))


def romanise_word(word: str) -> str:
    """Returns a word in Chinese characters in Latin letters: 麓胜 is Lusheng."""
    with needs_extra("read"):
        from pypinyin import lazy_pinyin
    return "".join(lazy_pinyin(word)).capitalize()


_DIGRAPH = re.compile("([sckpt])h|zh")
_SOUNDS = str.maketrans("zrbdgqjvxyeiou", "slptkcjwsaaaaa")
_LEAST_ALIKE = 70  # percent: of the Chinese names of places in the registry three in four reach it, of other places' one in 25


def sound_alike(native: str, latin: str) -> bool:
    """Whether a Chinese name is likely to transcribe a name in Latin letters: 萨拉戈萨 is Zaragoza."""
    from rapidfuzz import fuzz

    sounds = _to_sounds(romanise(native))
    return bool(sounds) and fuzz.ratio(sounds, _to_sounds(latin)) >= _LEAST_ALIKE


@lru_cache(maxsize=1024)
def _to_sounds(name: str) -> str:
    """Returns a name without what transcriptions change: voice, aspiration, vowels and doubled letters."""
    letters = re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", name.casefold()))
    return re.sub(r"(.)\1+", r"\1", _DIGRAPH.sub(lambda match: match[1] or "c", letters).translate(_SOUNDS))
