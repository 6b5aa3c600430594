"""Words of texts in any language, and what they mean, as data in the ontology."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nevkg.data.tables import read_rows
from nevkg.errors import InvalidData, needs_extra
from nevkg.reading.spans import Found

if TYPE_CHECKING:
    from babel import Locale

COLUMNS = ("language", "word", "kind", "meaning")
# Letters, for a class of a pattern, of scripts without spaces between words, so that a word may begin and end anywhere.
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_LETTER = r"[^\W\d_]"
_UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True)
class Words:
    """The words of one kind, such as number words.

    Attributes:
        meanings: for each language (ISO 639-1, lower case), each word in lower case and its meaning. The language ``*``
            has what all languages share.
    """

    meanings: Mapping[str, Mapping[str, str]]

    def of(self, language: str) -> dict[str, str]:
        """Returns words and meanings in one language, with what all languages share."""
        return {**self.meanings.get("*", {}), **self.meanings.get(language.lower().partition("-")[0], {})}

    @cached_property
    def all(self) -> frozenset[str]:
        """The meanings of all words, in any language."""
        return frozenset(meaning for words in self.meanings.values() for meaning in words.values())

    @cached_property
    def all_words(self) -> frozenset[str]:
        """The words of any language."""
        return frozenset(word for words in self.meanings.values() for word in words)


class Vocabulary(dict[str, Words]):
    """The words of each kind; none of a kind that is not in it."""

    def __missing__(self, kind: str) -> Words:
        return Words({})


def read_words(file: Path) -> Vocabulary:
    """Reads a vocabulary: CSV with the columns language, word, kind, meaning."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for line, row in read_rows(file, COLUMNS):
        if not all(row):
            raise InvalidData(f"{file}, line {line}: a cell is empty.")
        language, word, kind, meaning = row
        if found[kind][language].setdefault(word.casefold(), meaning) != meaning:
            raise InvalidData(f"{file}, line {line}: '{word}' has another meaning above; give each word one meaning.")
    return Vocabulary({kind: Words(languages) for kind, languages in found.items()})


def find_locale(language: str) -> Locale | None:
    """Returns what CLDR knows of a language, such as the names of its months; None if it knows nothing."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=64)
def territory_names(language: str) -> Words:
    """Returns the names of countries in a language, with their ISO codes, from CLDR."""
    locale = find_locale(language)
    return Words({"*": {name.casefold(): code for code, name in (locale.territories if locale else {}).items() if code.isalpha()}})


def normalise_word(word: str) -> str:
    """Returns a word as vocabularies have it: in lower case, with single spaces."""
    return " ".join(word.casefold().split())


@lru_cache(maxsize=256)
def simplify(text: str, language: str = "zh") -> str:
    """Returns a text with simplified characters in the places of traditional ones; a text in another language than Chinese as it is."""
    if is_spaced(text) or not language.lower().startswith("zh"):
        return text
    simplified = _load_converter()(text)
    return simplified if len(simplified) == len(text) else text


@cache
def _load_converter() -> Callable[[str], str]:
    with needs_extra("contribute"):
        from opencc import OpenCC
    return OpenCC("t2s").convert


def word_pattern(words: Iterable[str]) -> str:
    """Returns a regular expression for any of some words, the longest first; words of spaced scripts must be whole."""
    # By first character, since a regular expression tries all alternatives at each place of a text.
    endings: dict[tuple[str, str], list[str]] = defaultdict(list)
    for word in sorted((" ".join(word.split()) for word in words), key=lambda word: (-len(word), word)):
        start, end = (_LETTER if is_spaced(word) and word[place].isalnum() else "" for place in (0, -1))
        rest = r"\s+".join(map(re.escape, word[1:].split(" ")))
        endings[start, word[0]].append(rest + (f"(?!{end})" if end else ""))
    groups = ((f"(?<!{start})" if start else "") + f"{re.escape(first)}(?:{'|'.join(some)})" for (start, first), some in endings.items())
    return "|".join(groups) or r"(?!)"


def is_spaced(word: str) -> bool:
    """Whether a word is in a script that writes spaces between words."""
    return not _UNSPACED_LETTER.search(word)


def find_meanings(text: str, language: str, words: Words) -> Iterator[Found[str]]:
    """Yields the words of one kind in a text, the longest of each place."""
    meanings = words.of(language)
    for match in _compile(tuple(sorted(meanings))).finditer(text):
        yield Found(match.start(), match.end(), meanings[normalise_word(match.group())])


@lru_cache(maxsize=256)
def _compile(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(word_pattern(words), re.IGNORECASE)
