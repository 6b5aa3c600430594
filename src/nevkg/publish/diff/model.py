"""What changed between two states, as it is told: the parts of an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nevkg.lookup.descriptions import Said, Spell
from nevkg.lookup.sources import Source

Change = Literal["added", "removed", "changed", "renamed"]


@dataclass(frozen=True)
class Edit:
    """One property of a thing with the values that went and came, as they are read; a language of theirs stands behind the name."""

    property: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """One of the two states: what it is called, its version, date and digest, and what it holds."""

    name: str
    version: str
    date: str
    digest: str
    triples: int
    sources: int
    statements: int


@dataclass(frozen=True)
class OfStatement:
    """A statement that came, went, or changed; ``edits`` where it says the same in other words, or of another thing."""

    change: Change
    before: Said | None
    after: Said | None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class OfSource:
    """A source that came, went, is described otherwise, or (``change`` is None) of which only statements changed."""

    change: Change | None
    source: Source
    edits: tuple[Edit, ...]
    statements: tuple[OfStatement, ...]


@dataclass(frozen=True)
class OfThing:
    """A thing, a term or a part of a description that came, went or changed; ``edits`` only where it changed."""

    change: Change
    iri: str
    name: str
    kinds: tuple[str, ...]
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class OfMerge:
    """A merge that was added or taken back: ``old`` is now ``new``, or no longer; so many statements name the former."""

    change: Change
    old: str
    old_name: str
    new: str
    new_name: str
    judgement: str
    note: str
    statements: int


@dataclass(frozen=True)
class OfEpisode:
    """An episode that came, went or changed."""

    change: Change
    before: Spell | None
    after: Spell | None


@dataclass(frozen=True)
class OfHistory:
    """A thing with what changed in its history."""

    iri: str
    name: str
    episodes: tuple[OfEpisode, ...]


@dataclass(frozen=True)
class Account:
    """All that changed, in one language; the numbers are of quads."""

    before: State
    after: State
    language: str
    removed: int
    added: int
    sources: tuple[OfSource, ...]
    merges: tuple[OfMerge, ...]
    things: tuple[OfThing, ...]
    terms: tuple[OfThing, ...]
    current: tuple[OfThing, ...]
    history: tuple[OfHistory, ...]
    description: tuple[OfThing, ...]

    @property
    def statements(self) -> Iterator[OfStatement]:
        """The statements of all sources that changed."""
        return (one for source in self.sources for one in source.statements)
