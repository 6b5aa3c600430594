"""Statements, passages, episodes and facts, described in words for readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.lookup import entities
from nevkg.lookup.statements import EPISODE, FACT, add_standings, read_episodes, read_statements
from nevkg.sparql.binding import bind
from nevkg.store import Store

_PREFIXES = f"PREFIX nev: <{terms.NEV}>"
# What frames a statement, as against what it says.
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

# How an episode holds, as against what holds.
DISPUTED = "disputed"
MARKS = (DISPUTED, "inferred")

Namer = Callable[[str], str]


@dataclass(frozen=True)
class Said:
    """One statement, ready to be read."""

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
    """Where in the text of its source a statement is, in Unicode code points; the end is excluded."""

    iri: str
    sha256: str
    start: int
    end: int


@dataclass(frozen=True)
class Spell:
    """One episode of the derived history; its standing, and how many independent sources it has, are those of a day."""

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
    """A fact or a plan of a snapshot: what it is about, what it says, and the rule by which it follows from others."""

    subject: str
    spell: Spell
    rule: str


def said(store: Store, statements: Iterable[str], language: str) -> dict[str, Said]:
    """Statements by their IRIs, ready to be read."""
    found, retracted = read_statements(store, f"VALUES ?statement {{ {terms.iris(sorted(statements))} }}", language)
    return dict(zip(found, describe_statements(store, found, retracted, namer(store, mentioned(found, []), language), ""), strict=True))


def spells(store: Store, episodes: Iterable[str], language: str, snapshot: Store | None = None) -> dict[str, Spell]:
    """Episodes by their IRIs, in the order of property, time and value.

    Args:
        store: the record.
        episodes: which ones.
        language: of labels.
        snapshot: of the day for which their standing is given; without it they have none.
    """
    found = read_episodes(store, f"VALUES ?episode {{ {terms.iris(sorted(episodes))} }}", EPISODE)
    if snapshot:
        add_standings(snapshot, found)
    name = namer(store, mentioned({}, found), language)
    return {row["episode"]: describe_episode(row, name) for row in found}


def facts(snapshot: Store, iris: Iterable[str], record: Store, language: str) -> dict[str, Fact]:
    """Facts and plans of a snapshot by their IRIs; episodes of the record.

    Args:
        snapshot: what has them; it may be the record.
        iris: which ones.
        record: where labels are looked up.
        language: of labels.
    """
    found = read_episodes(snapshot, f"VALUES ?episode {{ {terms.iris(sorted(iris))} }}", EPISODE if snapshot is record else FACT)
    name = namer(record, mentioned({}, found), language)
    return {row["episode"]: Fact(name(row["subject"]), describe_episode(row, name), row.get("rule", "")) for row in found}


def passages(store: Store, statements: Iterable[str]) -> dict[str, list[Passage]]:
    """For each statement its passages, in their order in the text."""
    query = bind(read_query(store.layout.queries / "api" / "passages.rq"), {"statement": [f"<{iri}>" for iri in sorted(statements)]})
    found: dict[str, list[Passage]] = {}
    for row in entities.select(store, query):
        passage = Passage(row["passage"].value, row["sha256"].value, int(row["start"].value), int(row["end"].value))
        found.setdefault(row["statement"].value, []).append(passage)
    return found


def namer(store: Store, values: Iterable[str], language: str) -> Namer:
    """What names a value: by its label if it is one of ``values`` and has one, else in short; what is no IRI stands for itself."""
    names = entities.labels(store, (one for one in values if one.startswith("http") and not set(one) & set(' <>"{}|\\^`')), language)
    spaces = entities.namespaces(store)
    return lambda value: names.get(value) or (terms.shorten(value, spaces) if value.startswith("http") else value)


def mentioned(statements: dict[str, dict[str, list[str]]], episodes: Iterable[dict[str, str]]) -> set[str]:
    """All that needs a name."""
    said = {value for values in statements.values() for property_name, found in values.items() for value in (property_name, *found)}
    return said | {value for row in episodes for value in row.values()}


def _first(values: dict[str, list[str]], name: str) -> str:
    return values.get(terms.NEV + name, [""])[0]


def _when(values: dict[str, list[str]]) -> str:
    """The date that a statement gives, as ISO 8601-2 writes intervals, or an empty text."""
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
) -> Iterable[Said]:
    """What ``read_statements`` gave, ready to be read.

    Args:
        store: the record.
        statements: what each says, by property.
        retracted: those that were taken back, and why.
        name: names values.
        iri: of the thing that they are shown for; its name is left out. Empty for none.
    """
    spaces = entities.namespaces(store)
    for statement, values in statements.items():
        kind = values.get(terms.RDF + "type", [""])[0]
        subject = _first(values, "subject")
        number, unit = _first(values, "number"), _first(values, "unit")
        comparator = name(_first(values, "comparator"))
        shown = f"{comparator} {number} {name(unit)}".strip() if number else name(_first(values, "value"))
        extra = [
            f"{name(key)}: {', '.join(name(value) for value in found)}"
            for key, found in values.items()
            if key not in FRAME and found not in ([subject], [_first(values, "property")])
        ]
        framing = [name(_first(values, part)) for part in ("modality", "scope")]
        yield Said(
            iri=terms.shorten(statement, spaces),
            kind=name(kind),
            subject=name(subject) if subject != iri else "",
            property=name(_first(values, "property") or kind),
            value=shown,
            when=_when(values),
            qualifiers=tuple(part for part in (*framing, *extra) if part),
            source=_first(values, "source"),
            retracted=statement in retracted,
            text=" / ".join(
                filter(None, [*values.get(terms.NEV + "paraphrase", []), *values.get(terms.NEV + "note", []), retracted.get(statement, "")])
            ),
        )


def describe_episode(row: dict[str, str], name: Namer) -> Spell:
    """A row of ``read_episodes``, ready to be read."""
    if "low" in row:
        numbers = row["low"] if row["low"] == row.get("high") else f"{row['low']}–{row['high']}"
        how = "/".join(sorted(name(one) for one in row.get("comparators", "").split()))
        value = " ".join(part for part in (how, numbers, name(row["unit"]) if "unit" in row else "") if part)
    else:
        value = name(row.get("value", ""))
    marks = [name(row[part]) for part in ("modality", "scope") if part in row]
    marks += [mark for mark in MARKS if mark in row]
    return Spell(
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
