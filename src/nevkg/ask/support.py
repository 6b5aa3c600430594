"""How well the rows of an answer are supported, and how far sources reach for the places in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Annotated, TypedDict

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.data.json_values import Day
from nevkg.lookup import api_queries, entities
from nevkg.store import Store
from nevkg.store.memo import Lookup, memoise, memoise_each
from nevkg.table.frames import Record
from nevkg.table.values import Column, Thing, Words, find_things
from nevkg.words import words_of

_PLACES, _NEWEST = "places-of", "newest-sources"


def find_reach(snapshot: Store, subjects: Iterable[Thing], language: str) -> dict[Thing, str]:
    """Returns the day (ISO) of the newest source for each place of these entities, the oldest first; empty if no source has a date."""
    places = sorted({place for found in _places(snapshot, {subject.iri for subject in subjects}).values() for place in found})
    newest = _newest_of_places(snapshot, places)
    labels = entities.labels(snapshot, places, language)
    return {
        Thing(place, labels.get(place, place)): newest.get(place, "")
        for place in sorted(places, key=lambda iri: (newest.get(iri, ""), iri))
    }


@memoise
def place_words(store: Store) -> Words:
    """Returns the label of such a place, by language."""
    path = store.layout.queries / api_queries.FOLDER / f"{_PLACES}.rq"
    words: Words = read_head(path, read_query(path))["columns"]["place"]["label"]
    return words


@Lookup
def _places(store: Store, iris: set[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in api_queries.texts(store, _PLACES, {"thing": sorted(iris)}):
        found[row["thing"]] = (*found.get(row["thing"], ()), row["place"])
    return found


@Lookup
def _newest_of_places(store: Store, places: set[str]) -> dict[str, str]:
    return {row["place"]: row["newest"] for row in api_queries.texts(store, _NEWEST, {"place": sorted(places)}) if row["newest"]}


# The name of the column, and of the parameter, of questions that report how well facts are supported.
STANDING = "standing"
_EXAMPLES, _MOST_DAYS = 3, 64
_WORDS = words_of("ask.support")


class RowsByStanding(TypedDict):
    """The number of rows with a standing."""

    standing: Annotated[str, ("format", "uri")]
    label: str
    rows: int


class NewestByPlace(TypedDict):
    """The day of the newest source on what is located or in force in a place."""

    place: Annotated[str, ("format", "uri")]
    label: str
    until: Annotated[Day | None, "Null if no such source has a date."]


class SupportDocument(TypedDict):
    """How well the rows of the whole answer are supported."""

    shown: Sequence[RowsByStanding]
    leftOut: Sequence[RowsByStanding]
    examples: Annotated[Sequence[Sequence[Thing]], "The first entities of up to three of the rows that are left out."]
    sourcesUntil: Annotated[Day | None, "Publication date of the newest source."]
    sourcesUntilByPlace: Annotated[Sequence[NewestByPlace], "For each place in the rows; oldest first."]
    text: Annotated[str, "The summary in words."]


@dataclass(frozen=True)
class Support:
    """How well an answer is supported.

    Attributes:
        shown: the number of its rows with each standing.
        left_out: the number of rows of each standing that the parameter ``standing``, or its default, leaves out.
        until: the day (ISO) of the newest source published by the day of the answer; empty if none has a date.
        reach: for each place in the answer the day (ISO) of its newest source, the oldest first; a source counts for a
            place if it is about an entity that is located or in force there; empty if none has a date.
        place: the word for such a place.
        examples: the first entities of up to three of the rows that are left out.
        is_default: whether the default leaves them out, that is, all that is not well supported.
    """

    shown: Mapping[Thing, int]
    left_out: Mapping[Thing, int]
    until: str
    reach: Mapping[Thing, str] = field(default_factory=dict)
    place: str = ""
    language: str = terms.LANGUAGES[0]
    examples: Sequence[Sequence[Thing]] = ()
    is_default: bool = False

    @property
    def text(self) -> str:
        """The support in up to three sentences, with the parameter that adds the rows that are left out."""
        return self.describe(_WORDS[self.language]["how"].format(name=STANDING))

    def describe(self, how: str = "") -> str:
        """Describes the support in up to three sentences; ``how`` says how to get the rows that are left out.

        What is left out of an answer without rows is the reason why it has none.
        """
        words = _WORDS[self.language]
        sentences = []
        if self.shown:
            sentences.append(words["row"].format(shown=_list_counts(self.shown, words["comma"])))
        if self.left_out and self.shown:
            sentences.append(self._describe_left_out(how))
        elif self.left_out and how:
            sentences.append(words["show"].format(name=STANDING))
        if self.until:
            sentences.append(words["until"].format(day=self.until, reach=self._reach))
        return words["gap"].join(sentences)

    @property
    def left_out_text(self) -> str:
        """What is left out of an answer without rows, such as *None well supported. 3 less certain: 2 stale, 1 disputed.*; else empty."""
        return "" if self.shown or not self.left_out else self._describe_left_out()

    def _describe_left_out(self, how: str = "") -> str:
        words = _WORDS[self.language]
        count, left_out = sum(self.left_out.values()), _list_counts(self.left_out, words["comma"])
        key = "more" if self.shown else "default none" if self.is_default else "none"
        return words[key].format(count=count, how=how, left_out=left_out, examples=self._examples)

    @property
    def _examples(self) -> str:
        words = _WORDS[self.language]
        named = [words["example"].format(*row) if len(row) > 1 else str(row[0]) for row in self.examples]
        return words["examples"].format(words["and"].join(named)) if named else ""

    @property
    def _reach(self) -> str:
        """How far sources reach for each place, in words."""
        words = _WORDS[self.language]
        days = [(day, place.label) for place, day in self.reach.items() if day]
        undated = [place.label for place, day in self.reach.items() if not day]
        dated = ""
        if len(days) == 1:
            dated = words["for"].format(day=days[0][0], place=days[0][1])
        elif days:
            (first, one), (last, other) = days[0], days[-1]
            dated = words["between"].format(kind=self.place, first=first, one=one, last=last, other=other)
        return dated + (words["undated"].format(places=words["comma"].join(undated)) if undated else "")

    def to_json(self) -> SupportDocument:
        """Returns the support as JSON values."""
        return {
            "shown": _count_rows(self.shown),
            "leftOut": _count_rows(self.left_out),
            "examples": self.examples,
            "sourcesUntil": self.until or None,
            "sourcesUntilByPlace": [{"place": place.iri, "label": place.label, "until": day or None} for place, day in self.reach.items()],
            "text": self.describe(),
        }


def _count_rows(counts: Mapping[Thing, int]) -> list[RowsByStanding]:
    return [{"standing": standing.iri, "label": standing.label, "rows": rows} for standing, rows in counts.items()]


def count_standings(columns: Iterable[Column], records: Iterable[Record]) -> Counter[Thing]:
    """Counts the rows with each standing, the most frequent first; a row with several standings counts for each."""
    place = [column.name for column in columns].index(STANDING)
    found = [standing for record in records for standing in find_things(record[place])]
    return Counter(dict(sorted(Counter(found).items(), key=lambda pair: (-pair[1], pair[0].iri))))


def find_examples(columns: Iterable[Column], records: Iterable[Record], standings: Mapping[Thing, int]) -> list[list[Thing]]:
    """Returns the first two entities of the first three rows with one of these standings."""
    place = [column.name for column in columns].index(STANDING)
    rows = ([thing for cell in record[:place] for thing in find_things(cell)] for record in records if record[place] in standings)
    return [row[:2] for row in islice(filter(None, rows), _EXAMPLES)]


@memoise_each(_MOST_DAYS)
def newest_source(store: Store, day: str) -> str:
    """Returns the day (ISO) of the newest source that was published by a day; empty if none has a date.

    A source counts if it makes a statement; a source that only gives names, or only retracts statements, does not.
    """
    query = f"""SELECT (MAX(?published) AS ?newest)
        WHERE {{
          {{
            SELECT DISTINCT ?source
            WHERE {{ ?statement nev:source ?source . MINUS {{ ?statement nev:retracts ?other }} }}
          }}
          ?source a nev:Source ; nev:latest ?published .
          FILTER(?published <= "{day}"^^xsd:date)
        }}"""
    return "".join(row["newest"] for row in entities.rows(store, query) if "newest" in row)


def _list_counts(counts: Mapping[Thing, int], comma: str) -> str:
    return comma.join(f"{rows} {thing.label}" for thing, rows in counts.items())
