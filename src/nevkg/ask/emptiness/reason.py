"""The reason for an empty answer, as data; its text is made from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from nevkg.table.values import Thing

Kind = Literal["alone", "join", "clause"]


@dataclass(frozen=True)
class Condition:
    """A parameter with values.

    Attributes:
        name: of the parameter.
        values: given, or its default.
        is_default: whether they are the default.
        rows_without: how many rows there are without it.
        rows_alone: how many there are with no other parameter; None if that was not needed.
    """

    name: str
    values: tuple[Thing | str, ...]
    is_default: bool
    rows_without: int
    rows_alone: int | None = None


@dataclass(frozen=True)
class Pattern:
    """A part of a query that has no match.

    Attributes:
        text: the part.
        kind: ``alone``, if the data has no match for it; ``join``, if it has none together with the patterns before it;
            ``clause``, if the query finds something without it.
    """

    text: str
    kind: Kind


@dataclass(frozen=True)
class Unknown:
    """A term of a query that neither the ontology nor the data has, and terms like it."""

    term: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class OtherDay:
    """How many rows there are on another day; None if there are some and they were not counted."""

    day: str
    rows: int | None


@dataclass(frozen=True)
class Episode:
    """What would match, but holds at another time; dates as sources state them, ``until`` is the first day after."""

    subject: Thing
    property: Thing
    value: Thing
    since: str
    until: str


@dataclass(frozen=True)
class Plan:
    """A figure that is planned, targeted or forecast."""

    subject: Thing
    metric: Thing
    modality: Thing
    value: str
    reported: str


@dataclass(frozen=True)
class Coverage:
    """What is known of an entity that the question names.

    Attributes:
        entity: that is named.
        sources: how many speak of it, or of what belongs to it.
        newest: the date of the newest of these; empty if none has one.
        plans: for it, or for what belongs to it.
    """

    entity: Thing
    sources: int
    newest: str
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class Reason:
    """Why an answer has no rows.

    Attributes:
        language: of labels and of the text.
        conditions: the parameters of the question that have values.
        rows_without_any: how many rows there are without any of them; None if that was not needed.
        unknown: terms of the query that nothing knows.
        patterns: of the query, that have no match.
        days: other days on which it was asked.
        episodes: what would match and holds at another time, the nearest first; a few of them.
        more_episodes: how many others there are.
        coverage: what is known of the entities that are named.
    """

    language: str
    conditions: tuple[Condition, ...] = ()
    rows_without_any: int | None = None
    unknown: tuple[Unknown, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    days: tuple[OtherDay, ...] = ()
    episodes: tuple[Episode, ...] = ()
    more_episodes: int = 0
    coverage: tuple[Coverage, ...] = ()

    @property
    def text(self) -> str:
        """The reason in words."""
        from nevkg.ask.emptiness.words import describe

        return describe(self)

    @property
    def facts(self) -> dict[str, Any]:
        """The reason as values of JSON, with its text."""
        return {"text": self.text, **_renamed(asdict(self))}

    def __str__(self) -> str:
        return self.text


def _renamed(value: Any) -> Any:
    """The same with the names of JSON: ``rowsWithout`` for ``rows_without``."""
    if isinstance(value, dict):
        return {_camel(name): _renamed(one) for name, one in value.items()}
    return [_renamed(one) for one in value] if isinstance(value, list | tuple) else value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
