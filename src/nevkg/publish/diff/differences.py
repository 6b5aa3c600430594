"""Data classes for the changes between two states. Their fields are the keys of ``nevkg diff --format json``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nevkg.lookup.descriptions import EpisodeDescription, StatementDescription
from nevkg.lookup.sources import Source

Change = Literal["added", "removed", "changed", "renamed"]


@dataclass(frozen=True)
class PropertyChange:
    """The changed values of one property of an entity.

    Attributes:
        name: its label, followed by the language of the values in brackets if they have one.
        before: removed values, as text.
        after: added values, as text.
    """

    property: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class ComparedState:
    """One of the two states.

    Attributes:
        name: the path, as the user wrote it.
        version: version of the dataset, or empty.
        date: date of the dataset (ISO), or empty.
        digest: SHA-256 (hexadecimal) of the canonical N-Quads.
        triples: number of quads.
    """

    name: str
    version: str
    date: str
    digest: str
    triples: int
    sources: int
    statements: int


@dataclass(frozen=True)
class StatementChange:
    """A statement that was added, removed or changed.

    Attributes:
        before: the statement in the first state, or None.
        after: the statement in the second state, or None.
        edits: changes in properties that do not identify the statement, such as notes, or after a merge.
    """

    change: Change
    before: StatementDescription | None
    after: StatementDescription | None
    edits: tuple[PropertyChange, ...] = ()

    @property
    def latest(self) -> StatementDescription:
        """The statement in the second state, or in the first if it was removed."""
        statement = self.after or self.before
        assert statement is not None
        return statement


@dataclass(frozen=True)
class SourceChange:
    """A source that was added or removed, whose description changed, or (``change`` is None) whose statements changed."""

    change: Change | None
    source: Source
    edits: tuple[PropertyChange, ...]
    statements: tuple[StatementChange, ...]


@dataclass(frozen=True)
class EntityChange:
    """An entity, a term or a part of the description of the dataset that was added, removed or changed.

    Attributes:
        iri: IRI of the entity.
        name: its label, or its prefixed name.
        kinds: labels of its classes.
        edits: the edits, if it changed.
    """

    change: Change
    iri: str
    name: str
    kinds: tuple[str, ...]
    edits: tuple[PropertyChange, ...]


@dataclass(frozen=True)
class MergeChange:
    """A merge that was added or undone.

    Attributes:
        change: ``added`` or ``removed``.
        old: IRI of the replaced entity.
        old_name: its label.
        new: IRI of the replacement.
        new_name: its label.
        judgement: IRI of the judgement, or empty.
        note: note of the judgement, or empty.
        statements: number of statements that name ``old``.
    """

    change: Change
    old: str
    old_name: str
    new: str
    new_name: str
    judgement: str
    note: str
    statements: int


@dataclass(frozen=True)
class EpisodeChange:
    """An episode that was added, removed or changed."""

    change: Change
    before: EpisodeDescription | None
    after: EpisodeDescription | None


@dataclass(frozen=True)
class HistoryChange:
    """An entity with the changes in its history."""

    iri: str
    name: str
    episodes: tuple[EpisodeChange, ...]


@dataclass(frozen=True)
class DataDiff:
    """All changes, in one language. ``removed`` and ``added`` are numbers of quads."""

    before: ComparedState
    after: ComparedState
    language: str
    removed: int
    added: int
    sources: tuple[SourceChange, ...]
    merges: tuple[MergeChange, ...]
    things: tuple[EntityChange, ...]
    terms: tuple[EntityChange, ...]
    current: tuple[EntityChange, ...]
    history: tuple[HistoryChange, ...]
    description: tuple[EntityChange, ...]

    @property
    def statements(self) -> Iterator[StatementChange]:
        """The changed statements of all sources."""
        return (statement for source in self.sources for statement in source.statements)
