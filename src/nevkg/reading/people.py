"""Names of persons in a text, by the words around them: their post, or that they speak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nevkg.errors import CouldNotRun
from nevkg.reading.pages import EXTRA

_PARTICLES = r"(?:(?:de|del|de la|da|dos|van|von|bin|al|el|ben|ter)[ -])?"
_WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+"
_NAME = rf"({_WORD}(?: {_PARTICLES}{_WORD}){{1,3}})"
_BEFORE_POST = re.compile(rf"{_NAME},? (?:the |its |his |her |an? )?(?:[\w-]+ ){{0,3}}$")
_AFTER_POST = re.compile(rf"(?: (?:of|at|for) [\w .&'’-]{{2,40}}?)?,? {_NAME}(?=[,.;:”\"]| (?:said|says|told|of|at|who)\b|$)")
_BESIDE_SPEECH = re.compile(rf"^,? {_NAME}(?=[,.;]| of\b| at\b|$)"), re.compile(rf"{_NAME}(?:, [^,.]{{2,60}},)? $")
# 副总裁陈维疆表示, 分析师马丁·莱德斯马（Martín Ledesma）认为
_CHINESE = re.compile(
    r"(?!此前|日前|近日|随后|昨日|今日|当天|批评|表示)(?P<name>[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,6})+|[\u4e00-\u9fff]{2,3}?)(?:（(?P<latin>[A-Z][^（）]{3,40})）)?"
    r"(?=在|出席|表示|说|称|认为|指出|透露|介绍|告诉|对|批评|强调|，|。|$)"
)


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
    text: str, posts: Iterable[tuple[int, int]], speech: Iterable[tuple[int, int]], taken: Sequence[tuple[int, int]]
) -> list[Person]:
    """Returns the persons whose names are beside a post or a word of speaking.

    Args:
        text: a sentence.
        posts: where posts are named, such as *general manager*: starts and ends.
        speech: where words such as *said* are.
        taken: starts and ends of what is no person, such as the names of companies.
    """
    found: dict[int, Person] = {}
    for person in (*_beside_posts(text, posts), *_beside_speech(text, speech)):
        if not any(start < person.end and person.start < end for start, end in taken):
            found.setdefault(person.start, person)
    return [found[start] for start in sorted(found)]


def _beside_posts(text: str, posts: Iterable[tuple[int, int]]) -> Iterator[Person]:
    for start, end in posts:
        if match := _CHINESE.match(text, end):
            yield Person(match.start(), match.end(), match["latin"] or romanise(match["name"]), match["name"])
        elif (match := _AFTER_POST.match(text, end)) or (match := _BEFORE_POST.search(text, max(0, start - 80), start)):
            yield Person(match.start(1), match.end(1), match[1])


def _beside_speech(text: str, speech: Iterable[tuple[int, int]]) -> Iterator[Person]:
    after, before = _BESIDE_SPEECH
    for start, end in speech:
        if match := after.match(text[end:]):
            yield Person(end + match.start(1), end + match.end(1), match[1])
        elif match := before.search(text, max(0, start - 100), start):
            yield Person(match.start(1), match.end(1), match[1])


def romanise(name: str) -> str:
    """Returns a Chinese name in Latin letters: 陈维疆 is Chen Weijiang, 马丁·莱德斯马 Mading Laidesima."""
    try:
        from pypinyin import lazy_pinyin
    except ImportError:
        raise CouldNotRun(EXTRA) from None
    if "·" in name:
        return " ".join("".join(lazy_pinyin(part)).capitalize() for part in name.split("·"))
    return f"{''.join(lazy_pinyin(name[0])).capitalize()} {''.join(lazy_pinyin(name[1:])).capitalize()}"
