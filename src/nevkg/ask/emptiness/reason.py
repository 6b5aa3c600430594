"""The reason for an empty answer as data, from which its text is generated."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from nevkg.table.values import Thing

Kind = Literal["alone", "join", "clause", "modifiers"]


@dataclass(frozen=True)
class Condition:
    """A parameter with values.

    Attributes:
        name: the name of the parameter.
        values: its values, given or default.
        is_default: whether they are the default.
        rows_without: the number of rows without this condition.
        rows_alone: the number of rows with this condition only; None if it was not needed.
    """

    name: str
    values: tuple[Thing | str, ...]
    is_default: bool
    rows_without: int
    rows_alone: int | None = None


@dataclass(frozen=True)
class Pattern:
    """A part of a query that has no match or removes all rows.

    Attributes:
        text: the part.
        kind: ``alone`` if the data has no match for it; ``join`` if it has none together with the patterns before it;
            ``clause`` if the query has results without it; ``modifiers`` if it follows the pattern, which has matches.
    """

    text: str
    kind: Kind


@dataclass(frozen=True)
class Unknown:
    """A term of a query that occurs neither in the ontology nor in the data, with similar terms."""

    term: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class ClassUse:
    """A class that a variable must be of, and the pattern that requires it."""

    name: str
    pattern: str


@dataclass(frozen=True)
class Clash:
    """A variable of a query that would have to be of two disjoint classes."""

    variable: str
    one: ClassUse
    other: ClassUse


@dataclass(frozen=True)
class OtherDay:
    """The number of rows on another day; None if there are some and they were not counted."""

    day: str
    rows: int | None


@dataclass(frozen=True)
class Episode:
    """A fact that would match but holds at another time; dates as sources state them, and ``until`` is the first day after."""

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
        entity: the entity.
        sources: the number of sources that mention it, or what belongs to it.
        newest: the date of the newest of these; empty if none has a date.
        plans: the plans for it, or for what belongs to it.
    """

    entity: Thing
    sources: int
    newest: str
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class Reason:
    """Why an answer has no rows.

    Attributes:
        language: the language of labels and of the text.
        conditions: the parameters of the question that have values.
        rows_without_any: the number of rows without any of them; None if it was not needed.
        unknown: terms of the query that occur neither in the ontology nor in the data.
        clashes: variables that no entity can stand for.
        patterns: parts of the query that have no match or remove all rows.
        days: the numbers of rows on other days.
        episodes: facts that would match but hold at another time, the nearest first; at most 3.
        more_episodes: the number of further episodes.
        coverage: what is known of the entities that the query names.
    """

    language: str
    conditions: tuple[Condition, ...] = ()
    rows_without_any: int | None = None
    unknown: tuple[Unknown, ...] = ()
    clashes: tuple[Clash, ...] = ()
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
        """The reason as JSON values, with its text."""
        return {"text": self.text, **_rename_keys(asdict(self))}

    def __str__(self) -> str:
        return self.text


def _rename_keys(value: Any) -> Any:
    """Converts keys to the style of JSON: ``rowsWithout`` for ``rows_without``."""
    if isinstance(value, dict):
        return {_camel(name): _rename_keys(one) for name, one in value.items()}
    return [_rename_keys(one) for one in value] if isinstance(value, list | tuple) else value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
