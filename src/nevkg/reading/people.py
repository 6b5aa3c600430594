"""Names of persons in a text, by the words around them: their post, or that they speak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nevkg.errors import needs_extra
from nevkg.reading.words import Words, word_pattern

_WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+"
_UNSPACED = r"[\u4e00-\u9fff]"
_NAME_PART = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w.&-]*"
_ORGANIZATION = rf"((?<!\w){_NAME_PART}(?: (?:(?:of|and|for|&|de|do|da|del) )?{_NAME_PART})*)"
_NOTHING = Words({})


@dataclass(frozen=True)
class _Patterns:
    """Patterns of names, each in the first group, for the words of a language."""

    after_post: re.Pattern[str]
    before_post: re.Pattern[str]
    after_speech: re.Pattern[str]
    before_speech: re.Pattern[str]
    unspaced: re.Pattern[str]


@dataclass(frozen=True)
class Person:
    """A person who is named in a text.

    Attributes:
        start: where the name begins.
        end: where it ends, exclusive.
        name: the name in Latin letters.
        native: the name as it is written, if not in Latin letters; otherwise empty.
    """

    start: int
    end: int
    name: str
    native: str = ""


def find_people(
    text: str,
    language: str,
    words: Mapping[str, Words],
    posts: Iterable[tuple[int, int]],
    speech: Iterable[tuple[int, int]],
    taken: Sequence[tuple[int, int]],
) -> list[Person]:
    """Returns the persons whose names are beside a post or a word of speaking.

    Args:
        text: a sentence.
        language: its language.
        words: words of the kinds ``name-particle`` (*de*), ``post-of`` (a post *of* a company), ``before-post`` (*the*, *its*),
            ``after-name`` (what follows a name) and ``no-name`` (what may be beside a post and is no name).
        posts: where posts are named, such as *general manager*: starts and ends.
        speech: where words such as *said* are.
        taken: starts and ends of what is no person, such as the names of companies.
    """
    kinds = ("name-particle", "post-of", "before-post", "after-name", "no-name")
    patterns = _compile(*(tuple(sorted(words.get(kind, _NOTHING).of(language))) for kind in kinds))
    found: dict[int, Person] = {}
    for person in (*_beside_posts(text, patterns, posts), *_beside_speech(text, patterns, speech)):
        if not any(start < person.end and person.start < end for start, end in taken):
            found.setdefault(person.start, person)
    return [found[start] for start in sorted(found)]


@lru_cache(maxsize=64)
def _compile(
    particles: tuple[str, ...], of: tuple[str, ...], articles: tuple[str, ...], followers: tuple[str, ...], others: tuple[str, ...]
) -> _Patterns:
    name = rf"({_WORD}(?: (?:(?:{word_pattern(particles)})[ -])?{_WORD}){{1,3}})"
    next_word = rf"(?: (?:{word_pattern(followers)})|[,.;:”\"]|$)"
    unspaced = (
        rf"(?!{word_pattern(others)})({_UNSPACED}{{1,6}}(?:·{_UNSPACED}{{1,6}})+|{_UNSPACED}{{2,3}}?)"
        rf"(?:（(?P<latin>[A-Z][^（）]{{3,40}})）)?(?={word_pattern(followers)}|[，。]|$)"
    )
    return _Patterns(
        re.compile(rf"(?: (?:{word_pattern(of)}) [\w .&'’-]{{2,40}}?)?,? {name}(?={next_word})"),
        re.compile(rf"{name},? (?:(?:{word_pattern(articles)}) )?(?:[\w-]+ ){{0,3}}$"),
        re.compile(rf",? {name}(?={next_word})"),
        re.compile(rf"{name}(?:, [^,.]{{2,60}},)? $"),
        re.compile(unspaced),
    )


def _beside_posts(text: str, patterns: _Patterns, posts: Iterable[tuple[int, int]]) -> Iterator[Person]:
    for start, end in posts:
        if match := patterns.unspaced.match(text, end):
            yield Person(match.start(), match.end(), match["latin"] or romanise(match[1]), match[1])
        elif (match := patterns.after_post.match(text, end)) or (match := patterns.before_post.search(text, max(0, start - 80), start)):
            yield Person(match.start(1), match.end(1), match[1])


def _beside_speech(text: str, patterns: _Patterns, speech: Iterable[tuple[int, int]]) -> Iterator[Person]:
    for start, end in speech:
        if (match := patterns.after_speech.match(text, end)) or (match := patterns.before_speech.search(text, max(0, start - 100), start)):
            yield Person(match.start(1), match.end(1), match[1])


def find_employers(text: str, language: str, words: Mapping[str, Words], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields where the words may be that name for whom a person works: *president of the X*, *the X's president*, *X president*.

    Args:
        text: a sentence.
        language: its language.
        words: words of the kinds ``post-of`` and ``before-post``.
        start: where a post or, for *X of Y*, the name of a person begins.
        end: where it ends.
    """
    of, articles = (word_pattern(words.get(kind, _NOTHING).of(language)) for kind in ("post-of", "before-post"))
    if match := re.compile(rf" (?:{of})(?: (?:{articles}))? {_ORGANIZATION}").match(text, end):
        yield match.span(1)
    if match := re.compile(rf"{_ORGANIZATION}(?:['’]s?)? ?的?$").search(text, 0, start):
        yield match.span(1)


def romanise(name: str) -> str:
    """Returns a Chinese name in Latin letters: 陈维疆 is Chen Weijiang, 马丁·莱德斯马 Mading Laidesima."""
    with needs_extra("read"):
        from pypinyin import lazy_pinyin
    if "·" in name:
        return " ".join("".join(lazy_pinyin(part)).capitalize() for part in name.split("·"))
    return f"{''.join(lazy_pinyin(name[0])).capitalize()} {''.join(lazy_pinyin(name[1:])).capitalize()}"
