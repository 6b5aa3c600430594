"""How well the rows of an answer are supported: how many have which standing, how many more there are, and how far sources reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import Lookup
from nevkg.table.columns import Column
from nevkg.table.frames import Record
from nevkg.table.values import Thing

# The column, and the parameter, of questions that tell how well facts are supported.
STANDING = "standing"
_WORDS = {
    "en": {
        "row": "{shown}.",
        "more": "{count} more with {name}=*: {left_out}.",
        "until": "Sources reach to {day}{reach}.",
        "for": "; for {thing}, to {day}",
        "between": "; by {kind}, from {first} ({one}) to {last} ({other})",
        "undated": "; none has a date for {things}",
        "comma": ", ",
        "gap": " ",
    },
    "zh": {
        "row": "{shown}。",
        "more": "{name}=* 时另有{count}行：{left_out}。",
        "until": "来源截至{day}{reach}。",
        "for": "；{thing}截至{day}",
        "between": "；按{kind}，自{first}（{one}）至{last}（{other}）",
        "undated": "；{things}无有日期的来源",
        "comma": "、",
        "gap": "",
    },
}


@dataclass(frozen=True)
class Support:
    """How well an answer is supported.

    Attributes:
        shown: the number of its rows with each standing.
        left_out: the number of rows that the parameter ``standing``, or its default, leaves out.
        until: the day (ISO) of the newest source that had been published; empty if none has a date.
        reach: the same for each country in the answer, the oldest first: of the sources of what lies or is law there.
        place: what these places are called.
        language: of words.
    """

    shown: Mapping[Thing, int]
    left_out: Mapping[Thing, int]
    until: str
    reach: Mapping[Thing, str] = field(default_factory=dict)
    place: str = ""
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
            told.append(words["until"].format(day=self.until, reach=self._reach))
        return words["gap"].join(told)

    @property
    def _reach(self) -> str:
        """How far sources reach for the places, in words."""
        words = _WORDS[self.language]
        days = [(day, thing.label) for thing, day in self.reach.items() if day]
        undated = [thing.label for thing, day in self.reach.items() if not day]
        told = ""
        if len(days) == 1:
            told = words["for"].format(day=days[0][0], thing=days[0][1])
        elif days:
            (first, one), (last, other) = days[0], days[-1]
            told = words["between"].format(kind=self.place, first=first, one=one, last=last, other=other)
        return told + (words["undated"].format(things=words["comma"].join(undated)) if undated else "")

    @property
    def facts(self) -> dict[str, Any]:
        """The same as an object of JSON."""
        return {
            **{
                name: [{"standing": one.iri, "label": one.label, "rows": rows} for one, rows in counts.items()]
                for name, counts in (("shown", self.shown), ("leftOut", self.left_out))
            },
            "sourcesUntil": self.until or None,
            "sourcesUntilByPlace": [{"place": thing.iri, "label": thing.label, "until": day or None} for thing, day in self.reach.items()],
            "text": self.text,
        }


def count(columns: Iterable[Column], records: Iterable[Record]) -> Counter[Thing]:
    """How many rows have each standing; a row counts for each that it has."""
    place = [column.name for column in columns].index(STANDING)
    found = list(find_things((record[place],) for record in records))
    return Counter(dict(sorted(Counter(found).items(), key=lambda pair: (-pair[1], pair[0].iri))))


def find_things(records: Iterable[Record]) -> Iterator[Thing]:
    """The things in the cells of records."""
    for record in records:
        for cell in record:
            yield from (one for one in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(one, Thing))


def newest_source(store: Store, day: str) -> str:
    """The day (ISO) of the newest source that was published by a day; empty if none has a date.

    A source counts if it states something: not one that only gives names, or that only retracts what others state.
    """
    return _newest(store, [day])[day]


def _find_newest(store: Store, days: Iterable[str]) -> dict[str, str]:
    return {day: "".join(terms.text(row["newest"]) for row in entities.select(store, _published(day)) if row["newest"]) for day in days}


def _published(day: str) -> str:
    return f"""SELECT (MAX(?published) AS ?newest)
        WHERE {{ ?source a <{terms.NEV}Source> ; <{terms.NEV}latest> ?published . FILTER(?published <= "{day}"^^<{terms.XSD}date>)
          FILTER EXISTS {{ ?statement <{terms.NEV}source> ?source . FILTER NOT EXISTS {{ ?statement <{terms.NEV}retracts> ?other }} }} }}"""


_newest = Lookup[str, str](_find_newest, 64)


def _listed(counts: Mapping[Thing, int], comma: str) -> str:
    return comma.join(f"{rows} {one.label}" for one, rows in counts.items())
