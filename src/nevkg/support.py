"""How well the rows of an answer are supported: how many have which standing, how many more there are, and how far sources reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nevkg import entities, terms
from nevkg.frames import Record
from nevkg.memory import Lookup
from nevkg.questions import Column
from nevkg.store import Store
from nevkg.values import Thing

# The column, and the parameter, of questions that tell how well facts are supported.
STANDING = "standing"
_WORDS = {
    "en": {
        "row": "{shown}.",
        "more": "{count} more with {name}=*: {left_out}.",
        "until": "Sources reach to {day}.",
        "comma": ", ",
        "gap": " ",
    },
    "zh": {"row": "{shown}。", "more": "{name}=* 时另有{count}行：{left_out}。", "until": "来源截至{day}。", "comma": "、", "gap": ""},
}


@dataclass(frozen=True)
class Support:
    """How well an answer is supported.

    Attributes:
        shown: the number of its rows with each standing.
        left_out: the number of rows that the parameter ``standing``, or its default, leaves out.
        until: the day (ISO) of the newest source that had been published; empty if none has a date.
        language: of words.
    """

    shown: Mapping[Thing, int]
    left_out: Mapping[Thing, int]
    until: str
    language: str = terms.LANGUAGES[0]

    @property
    def text(self) -> str:
        """The same in a sentence or three."""
        words = _WORDS[self.language]
        told = []
        if self.shown:
            told.append(words["row"].format(shown=_listed(self.shown, words["comma"])))
        if self.left_out:
            count, left_out = sum(self.left_out.values()), _listed(self.left_out, words["comma"])
            told.append(words["more"].format(count=count, name=STANDING, left_out=left_out))
        if self.until:
            told.append(words["until"].format(day=self.until))
        return words["gap"].join(told)

    @property
    def facts(self) -> dict[str, Any]:
        """The same as an object of JSON."""
        return {
            **{
                name: [{"standing": one.iri, "label": one.label, "rows": rows} for one, rows in counts.items()]
                for name, counts in (("shown", self.shown), ("leftOut", self.left_out))
            },
            "sourcesUntil": self.until or None,
            "text": self.text,
        }


def count(columns: Iterable[Column], records: Iterable[Record]) -> Counter[Thing]:
    """How many rows have each standing; a row counts for each that it has."""
    place = [column.name for column in columns].index(STANDING)
    cells = [record[place] for record in records]
    found = [thing for cell in cells for thing in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(thing, Thing)]
    return Counter(dict(sorted(Counter(found).items(), key=lambda pair: (-pair[1], pair[0].iri))))


def newest_source(store: Store, day: str) -> str:
    """The day (ISO) of the newest source that was published by a day; empty if none has a date."""
    return _newest(store, [day])[day]


def _find_newest(store: Store, days: Iterable[str]) -> dict[str, str]:
    return {day: "".join(terms.text(row["newest"]) for row in entities.select(store, _published(day)) if row["newest"]) for day in days}


def _published(day: str) -> str:
    return f"""SELECT (MAX(?published) AS ?newest)
        WHERE {{ ?source a <{terms.NEV}Source> ; <{terms.NEV}latest> ?published . FILTER(?published <= "{day}"^^<{terms.XSD}date>) }}"""


_newest = Lookup[str, str](_find_newest, 64)


def _listed(counts: Mapping[Thing, int], comma: str) -> str:
    return comma.join(f"{rows} {one.label}" for one, rows in counts.items())
