"""Describes statements, passages, episodes, facts and their dates in words for readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.lookup import entities
from nevkg.lookup.statements import EPISODE, FACT, add_standings, read_episodes, read_statements
from nevkg.sparql.binding import bind
from nevkg.store import Store

_DATE = r"\d{4}(?:-\d\d){0,2}"
# One end at most is open.
_INTERVAL = re.compile(rf"(?!\.\./\.\.)(\.\.|{_DATE})/(\.\.|{_DATE})")
_OR_EARLIER = {"en": "{} or earlier", "zh": "{}或之前"}
_OR_LATER = {"en": "{} or later", "zh": "{}或之后"}


def format_interval(text: str, language: str) -> str:
    """Formats an ISO 8601-2 interval, such as ``2026-11-24 or earlier`` for ``../2026-11-24``; any other text stays as it is."""
    interval = _INTERVAL.fullmatch(text)
    if not interval:
        return text
    start, end = interval.groups()
    if start == "..":
        return _OR_EARLIER[language].format(end)
    return _OR_LATER[language].format(start) if end == ".." else f"{start} – {end}"


_PREFIXES = f"PREFIX nev: <{terms.NEV}>"
# Properties about a statement as such, as opposed to its content.
_FRAMING = (
    "subject",
    "property",
    "value",
    "number",
    "unit",
    "source",
    "modality",
    "comparator",
    "scope",
    "shifts",
    "earliest",
    "latest",
    "endEarliest",
    "endLatest",
    "dueEarliest",
    "dueLatest",
    "periodStart",
    "periodEnd",
    "precision",
    "passage",
    "paraphrase",
    "note",
    "certainFrom",
    "certainBy",
    "confirms",
    "witness",
    "isFirst",
    "undated",
    "reported",
    "since",
    "ends",
    "due",
    "dueFrom",
    "dueBy",
    "outcome",
    "reachedOn",
    "fellShortOn",
    "putOffOn",
)
FRAME = {terms.NEV + name for name in _FRAMING} | {terms.RDF + "type", terms.DCTERMS + "identifier"}

# Qualifications of an episode, as opposed to its content.
DISPUTED = "disputed"
MARKS = (DISPUTED, "inferred")

Namer = Callable[[str], str]


@dataclass(frozen=True)
class StatementDescription:
    """One statement in words."""

    iri: str
    kind: str
    subject: str
    property: str
    value: str
    when: str
    qualifiers: tuple[str, ...]
    source: str
    retracted: bool
    text: str


@dataclass(frozen=True)
class Passage:
    """A passage of the text of a source that supports a statement, in Unicode code points; the end is excluded."""

    iri: str
    sha256: str
    start: int
    end: int


@dataclass(frozen=True)
class EpisodeDescription:
    """One episode of the derived history in words. ``standing``, and ``witnesses``, the number of independent sources, are of one day."""

    property: str
    value: str
    since: str
    until: str
    last_confirmed: str
    marks: tuple[str, ...]
    is_disputed: bool
    standing: str = ""
    witnesses: int = 0


@dataclass(frozen=True)
class Fact:
    """A fact or a plan of a snapshot: its subject, its content, and the rule that derived it from other facts."""

    subject: str
    spell: EpisodeDescription
    rule: str


def describe(store: Store, statements: Iterable[str], language: str) -> dict[str, StatementDescription]:
    """Describes statements; returns the descriptions by IRI."""
    found, retracted = read_statements(store, f"VALUES ?statement {{ {terms.format_iris(sorted(statements))} }}", language)
    name = make_namer(store, collect_values(found, []), language)
    return dict(zip(found, describe_statements(store, found, retracted, name, ""), strict=True))


def describe_episodes(store: Store, episodes: Iterable[str], language: str, snapshot: Store | None = None) -> dict[str, EpisodeDescription]:
    """Describes episodes; returns the descriptions by IRI, ordered by property, time and value.

    Args:
        store: the record.
        episodes: their IRIs.
        language: the language of labels.
        snapshot: the snapshot of the day for which to give the standing; None for no standing.
    """
    found = read_episodes(store, f"VALUES ?episode {{ {terms.format_iris(sorted(episodes))} }}", EPISODE)
    if snapshot:
        add_standings(snapshot, found)
    name = make_namer(store, collect_values({}, found), language)
    return {row["episode"]: describe_episode(row, name) for row in found}


def describe_facts(snapshot: Store, iris: Iterable[str], record: Store, language: str) -> dict[str, Fact]:
    """Describes facts and plans of a snapshot, or episodes of the record; returns the descriptions by IRI.

    Args:
        snapshot: the store that has them; for episodes, the record.
        iris: their IRIs.
        record: the store for labels.
        language: the language of labels.
    """
    found = read_episodes(snapshot, f"VALUES ?episode {{ {terms.format_iris(sorted(iris))} }}", EPISODE if snapshot is record else FACT)
    name = make_namer(record, collect_values({}, found), language)
    return {row["episode"]: Fact(name(row["subject"]), describe_episode(row, name), row.get("rule", "")) for row in found}


def find_passages(store: Store, statements: Iterable[str]) -> dict[str, list[Passage]]:
    """Returns the passages of each statement, in their order in the text."""
    query = bind(read_query(store.layout.queries / "api" / "passages.rq"), {"statement": [f"<{iri}>" for iri in sorted(statements)]})
    found: dict[str, list[Passage]] = {}
    for row in entities.select(store, query):
        passage = Passage(row["passage"].value, row["sha256"].value, int(row["start"].value), int(row["end"].value))
        found.setdefault(row["statement"].value, []).append(passage)
    return found


def make_namer(store: Store, values: Iterable[str], language: str) -> Namer:
    """Returns a function that names a value.

    An IRI among ``values`` gets its label if it has one; other IRIs are shortened; other values are returned unchanged.
    """
    names = entities.labels(store, (one for one in values if one.startswith("http") and not set(one) & set(' <>"{}|\\^`')), language)
    spaces = entities.namespaces(store)
    return lambda value: names.get(value) or (terms.shorten(value, spaces) if value.startswith("http") else value)


def collect_values(statements: dict[str, dict[str, list[str]]], episodes: Iterable[dict[str, str]]) -> set[str]:
    """Returns all values, including properties, of statements and episodes, to look up their labels."""
    terms_of_statements = {
        value for values in statements.values() for property_name, found in values.items() for value in (property_name, *found)
    }
    terms_of_episodes = {
        part for row in episodes for key, value in row.items() for part in (value.split() if key == "comparators" else [value])
    }
    return terms_of_statements | terms_of_episodes


def _first(values: dict[str, list[str]], name: str) -> str:
    return values.get(terms.NEV + name, [""])[0]


def _format_date(values: dict[str, list[str]]) -> str:
    """Formats the date of a statement, as an interval of ISO 8601-2 if needed; an empty string if it has none."""
    first = _first(values, "periodStart") or _first(values, "earliest")
    last = _first(values, "periodEnd") or _first(values, "latest")
    stated = first if first == last else f"{first}/{last or '..'}"
    end = _first(values, "endLatest")
    due = _first(values, "dueLatest")
    stated = f"{stated or '..'} until {end}" if end else stated
    return f"{stated}, due by {due}".removeprefix(", ") if due else stated


def describe_statements(
    store: Store,
    statements: dict[str, dict[str, list[str]]],
    retracted: Mapping[str, str],
    name: Namer,
    iri: str,
) -> Iterable[StatementDescription]:
    """Describes the statements that ``read_statements`` returned.

    Args:
        store: the record.
        statements: the values of each statement by property.
        retracted: the retracted statements, with reasons.
        name: names values.
        iri: the entity whose page shows them; it is omitted as the subject. Empty for none.
    """
    spaces = entities.namespaces(store)
    for statement, values in statements.items():
        kind = values.get(terms.RDF + "type", [""])[0]
        subject = _first(values, "subject")
        number, unit = _first(values, "number"), _first(values, "unit")
        comparator = name(_first(values, "comparator"))
        # A number without a unit may be a year.
        figure = format_number(number) if unit else number
        value_text = f"{comparator} {figure} {name(unit)}".strip() if number else name(_first(values, "value"))
        extra = [
            f"{name(key)}: {', '.join(name(value) for value in found)}"
            for key, found in values.items()
            if key not in FRAME and found not in ([subject], [_first(values, "property")])
        ]
        framing = [name(_first(values, part)) for part in ("modality", "scope")]
        yield StatementDescription(
            iri=terms.shorten(statement, spaces),
            kind=name(kind),
            subject=name(subject) if subject != iri else "",
            property=name(_first(values, "property") or kind),
            value=value_text,
            when=_format_date(values),
            qualifiers=tuple(part for part in (*framing, *extra) if part),
            source=_first(values, "source"),
            retracted=statement in retracted,
            text=" / ".join(
                filter(None, [*values.get(terms.NEV + "paraphrase", []), *values.get(terms.NEV + "note", []), retracted.get(statement, "")])
            ),
        )


def format_number(text: str) -> str:
    """Formats a number with thousands separators; other text is returned unchanged."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return f"{value:,f}" if value.is_finite() else text


def describe_episode(row: dict[str, str], name: Namer) -> EpisodeDescription:
    """Describes a row of ``read_episodes``."""
    if "low" in row:
        ends = dict.fromkeys(text for text in (row["low"], row.get("high", "")) if text)
        numbers = "–".join(format_number(text) if "unit" in row else text for text in ends)
        how = "/".join(sorted(name(one) for one in row.get("comparators", "").split()))
        value = " ".join(part for part in (how, numbers, name(row["unit"]) if "unit" in row else "") if part)
    else:
        value = name(row.get("value", ""))
    marks = [name(row[part]) for part in ("modality", "scope") if part in row]
    marks += [mark for mark in MARKS if mark in row]
    return EpisodeDescription(
        name(row["property"]),
        value,
        row.get("since", ""),
        row.get("until", ""),
        row.get("lastConfirmed", ""),
        tuple(marks),
        "disputed" in row,
        name(row.get("standing", "")),
        int(row.get("witnesses", 0)),
    )
