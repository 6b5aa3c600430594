"""Feeds: the newest rows of a question as dated entries, as ``queries/feeds.yaml`` maps them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import Question, load_catalogue
from nevkg.data import terms
from nevkg.data.frontmatter import read_query, reading
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.sources import Source, gather_evidence
from nevkg.store import Store, cache
from nevkg.store.memo import shared
from nevkg.table.table import Row
from nevkg.table.values import Thing, Value, Words, each, to_text

_FILE = "feeds.yaml"
_MOST = 50


@dataclass(frozen=True)
class Feed:
    """A feed, as its file declares it; see ``queries/feeds.yaml``.

    Attributes:
        name: its name in addresses.
        title: its title by language.
        question: the question whose rows are the entries.
        given: the values of parameters that the feed sets.
        date: the column with the date.
        id: the columns that name an entry.
        heading: the columns of the title of an entry.
        about: the column of the entity to whose page an entry leads.
        lines: the columns of a line for each row of an entry; if empty, an entry lists each other column.
        without: columns that entries do not list.
        by: parameter to IRIs of the classes or vocabularies of its values, for links on the pages of these entities.
        words: texts of columns in words.
    """

    name: str
    title: Words
    question: Question
    given: Mapping[str, Sequence[str]]
    date: str
    id: Sequence[str]
    heading: Sequence[str]
    about: str
    lines: Sequence[str]
    without: Sequence[str]
    by: Mapping[str, Sequence[str]]
    words: Mapping[str, Words]


@dataclass(frozen=True)
class FeedEntry:
    """An entry: its IRI, ISO date, title, the IRI of its entity (or None), lines of text, and its sources."""

    id: str
    date: str
    title: str
    about: str | None
    lines: Sequence[str]
    sources: Sequence[Source]


@shared
def load_feeds(layout: Layout) -> Mapping[str, Feed]:
    """Returns the feeds by name, parsed once for each state of the file and of the questions; none without the file."""
    path = layout.queries / _FILE
    if not path.is_file():
        return {}
    return _load(layout, path, cache.fingerprint((path, *walk(layout.queries / "questions", ".rq"))))


@lru_cache(maxsize=4)
def _load(layout: Layout, path: Path, fingerprint: str) -> Mapping[str, Feed]:  # noqa: ARG001  part of the cache key
    import yaml

    catalogue, spaces = load_catalogue(layout), terms.prefixes(layout.ontology)
    try:
        with reading(path, " lacks {}; its first lines describe its form."):
            read = yaml.safe_load(read_query(path))
            return {name: _read_feed(name, head, catalogue[head["question"]], spaces) for name, head in read.items()}
    except yaml.YAMLError as error:
        raise InvalidData(f"{path} is not valid YAML ({error}).") from None


def _read_feed(name: str, head: Mapping[str, Any], question: Question, spaces: Mapping[str, str]) -> Feed:
    columns = {column.name for column in question.columns}
    lines, without = head.get("lines") or [], head.get("without") or []
    for column in (head["date"], head["about"], *head["id"], *head["name"], *lines, *without):
        if column not in columns:
            raise WrongUsage(f"the question '{question.name}' has no column '{column}'; it has {', '.join(sorted(columns))}.")
    given = {question.parameter(key).name: [str(value)] for key, value in (head.get("with") or {}).items()}
    by = {question.parameter(key).name: [terms.expand(kind, dict(spaces)) or kind for kind in kinds] for key, kinds in head["by"].items()}
    title = {language: head["title"][language] for language in terms.LANGUAGES}
    return Feed(
        name, title, question, given, head["date"], head["id"], head["name"], head["about"], lines, without, by, head.get("words") or {}
    )


def read_entries(store: Store, feed: Feed, given: Mapping[str, Sequence[str]], language: str) -> list[FeedEntry]:
    """Returns the newest entries of a feed, newest first.

    Args:
        given: the values of parameters of its question, as a user types them.

    Raises:
        WrongUsage: if a parameter or value is invalid, or the feed sets the parameter.
    """
    if fixed := sorted(feed.given.keys() & given.keys()):
        raise WrongUsage(f"The feed '{feed.name}' sets '{fixed[0]}' itself; leave it out.")
    answer = ask(store, feed.question, {**feed.given, **given}, language=language)
    last = entities.dataset_date(store)
    groups: dict[str, list[Row]] = {}
    dates: dict[str, str] = {}
    for row in answer:
        when = row[feed.date]
        if isinstance(when, date) and (day := when.isoformat()) <= last:
            iri = _name(feed, row)
            groups.setdefault(iri, []).append(row)
            # Sources date an event with different precision; the earliest of their latest days is the most precise.
            dates[iri] = min(day, dates.get(iri, day))
    newest = sorted(sorted(groups), key=lambda iri: dates[iri], reverse=True)[:_MOST]
    # What the title and the lines of an entry say.
    columns = {*feed.id, *feed.heading, *feed.lines, feed.date}
    behind = {iri: {fact for row in groups[iri] for name in columns for fact in row.evidence(name)} for iri in newest}
    evidence = gather_evidence(store, {statement for several in behind.values() for statement in several}, language)
    return [_entry(answer, feed, iri, dates[iri], groups[iri], evidence.of(*behind[iri])) for iri in newest]


def _name(feed: Feed, row: Row) -> str:
    """Returns the IRI of the entry for a row, the same in each language: the entity or evidence of the first column, and the others."""
    first, *others = feed.id
    if isinstance(row[first], Thing):
        iri = row[first].iri
    elif rests := row.evidence(first):
        iri = rests[0]
    else:
        iri = f"{terms.QUESTION}{feed.question.name}#{quote(to_text(row[first]), safe='')}"
    texts = [quote(_local_name(row[name]), safe="") for name in others]
    return "#".join([iri, "-".join(texts)]) if texts else iri


def _local_name(value: Value) -> str:
    return value.iri.rpartition("/")[2].rpartition("#")[2] if isinstance(value, Thing) else to_text(value)


def _entry(answer: Answer, feed: Feed, iri: str, day: str, rows: Sequence[Row], sources: Sequence[Source]) -> FeedEntry:
    title, about = _join(answer, feed, rows, feed.heading), rows[0][feed.about]
    if feed.lines:
        lines = [_join(answer, feed, [row], feed.lines) for row in rows]
    else:
        shown = {*feed.id, *feed.heading, *feed.without, feed.date, feed.about}
        others = [(column.label.get(answer.language, column.name), column.name) for column in answer.columns if column.name not in shown]
        lines = [f"{label}: {text}" for label, name in others if (text := _join(answer, feed, rows, [name]))]
    return FeedEntry(iri, day, title, about.iri if isinstance(about, Thing) else None, lines, sources)


def _join(answer: Answer, feed: Feed, rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Returns the values of columns in some rows as text, each once."""
    parts = []
    for name in columns:
        values = [to_text(value) for row in rows for value in each(row[name])]
        parts.append(", ".join(feed.words.get(text, {}).get(answer.language, text) for text in dict.fromkeys(values) if text))
    return " · ".join(filter(None, parts))


def find_feeds(layout: Layout, kinds: Collection[str]) -> Iterator[tuple[Feed, str]]:
    """Yields the feeds of an entity of some classes and vocabularies, each with the parameter that takes the entity."""
    for feed in load_feeds(layout).values():
        for parameter, fitting in feed.by.items():
            if not set(kinds).isdisjoint(fitting):
                yield feed, parameter
