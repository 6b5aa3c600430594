"""The places that are watched, as listed in ``data/watch.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import yaml

from nevkg.data import terms
from nevkg.data.paths import reading
from nevkg.errors import InvalidData

FEED, SITEMAP, INDEX = KINDS = ("feed", "sitemap", "index")
_WORDS = "{words}"


@dataclass(frozen=True)
class Place:
    """A place with links to new pages.

    Attributes:
        name: what it is called in the queue.
        address: web address; ``{words}`` in it stands for words to search for.
        kind: ``feed`` (RSS or Atom), ``sitemap`` or ``index``, a page of links.
        question: name of the question whose answer has the words.
        column: the column with the words.
        rows: how many rows of the answer are searched for.
    """

    name: str
    address: str
    kind: str
    question: str = ""
    column: str = ""
    rows: int = 10

    @property
    def searches(self) -> bool:
        """Whether its address takes words."""
        return _WORDS in self.address

    def fill(self, words: str) -> str:
        """Returns the address that searches for words."""
        return self.address.replace(_WORDS, quote_plus(words))


def read_watchlist(file: Path) -> list[Place]:
    """Returns the places of a list, in its order."""
    try:
        with reading(file):
            entries = yaml.safe_load(file.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidData(f"{file} is not valid YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(entries, list) or not entries:
        raise InvalidData(f"{file} is no list of places; docs/watching.md shows one.")
    places = [_read_place(entry, f"{file}, place {number}") for number, entry in enumerate(entries, start=1)]
    names = [place.name for place in places]
    for name in names:
        if names.count(name) > 1:
            raise InvalidData(f"{file}: two places are called '{name}'; give each a name of its own.")
    return places


def _read_place(entry: Any, where: str) -> Place:
    if not isinstance(entry, Mapping):
        raise InvalidData(f"{where}: give name, address and kind.")
    known = {field.name: field.type for field in fields(Place)}
    for key, value in entry.items():
        if key not in known:
            raise InvalidData(f"{where}: there is no key '{key}'.{terms.suggest(str(key), list(known))}")
        if not isinstance(value, int if known[key] == "int" else str):
            raise InvalidData(f"{where}, {key}: '{value}' is no {'whole number' if known[key] == 'int' else 'text'}.")
    for key in ("name", "address", "kind"):
        if not entry.get(key):
            raise InvalidData(f"{where}: {key} is missing.")
    place = Place(**entry)
    if place.kind not in KINDS:
        raise InvalidData(f"{where}: the kind '{place.kind}' is none of {', '.join(KINDS)}.")
    if not place.address.startswith(("https://", "http://")):
        raise InvalidData(f"{where}: {place.address} is not an address of the web; it begins with https://.")
    if place.searches != bool(place.question and place.column):
        raise InvalidData(
            f"{where}: an address with {_WORDS} needs a question and a column that give the words, and no other address does."
        )
    return place
