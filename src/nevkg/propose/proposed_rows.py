"""Rows that a text seems to state, and known entities that they speak of without naming them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nevkg.contribute.registry import Registry
from nevkg.contribute.table_format import TableFormat
from nevkg.propose.stated import Stated


@dataclass
class Proposal:
    """A row that a text seems to state.

    Attributes:
        table: name of the table.
        cells: column to value, without the source and the quote.
        start: where the words that carry it begin in the text.
        end: where they end, exclusive.
        confidence: from 0 to 1, to sort by; not a probability.
        reason: the words that the row rests on.
        composed: columns whose values are composed of others.
        is_description: whether it says what an entity is.
    """

    table: str
    cells: dict[str, str]
    start: int
    end: int
    confidence: float
    reason: str
    composed: frozenset[str]
    is_description: bool = False

    @property
    def content(self) -> frozenset[tuple[str, str]]:
        """The cells that are not composed of others."""
        return frozenset(item for item in self.cells.items() if item[0] not in self.composed)


def rename(proposals: Iterable[Proposal], names: Mapping[str, str]) -> None:
    """Replaces values in the cells of proposals."""
    for proposal in proposals:
        proposal.cells = {column: names.get(value, value) for column, value in proposal.cells.items()}


def find_known(
    proposals: Iterable[Proposal], tables: Mapping[str, TableFormat], stated: Iterable[Stated], registry: Registry
) -> dict[str, str]:
    """Returns known entities for composed names: a text speaks of *the import duty of Brazil*, not of the title of its decree.

    An entity is meant if the data states of it the required cells of the rows that describe it, and more of the others than of
    any other entity.

    Returns:
        composed name to local name.
    """
    required: dict[tuple[str, str], set[str]] = defaultdict(set)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for proposal in proposals:
        table = tables[proposal.table]
        if proposal.is_description and table.key[0] in proposal.composed:
            key = proposal.cells[table.key[0]], next(rule.kind for rule in table.rules if rule.column == table.key[0] and rule.kind)
            for column, value in proposal.cells.items():
                if column in table.columns and column not in proposal.composed:
                    (required if table.columns[column].required else said)[key].update(value.split("|"))
    about: dict[str, set[str]] = defaultdict(set)
    for statement in stated if required else ():
        about[registry.current(statement.subject)].add(statement.value.rpartition("/")[2])
    found = {}
    for (name, kind), needed in required.items():
        same = [iri for iri, values in about.items() if needed <= values and registry.is_a(iri, kind)]
        scores = sorted(((len(said[name, kind] & about[iri]), iri) for iri in same), reverse=True)
        if scores and scores[0][0] > (scores[1][0] if len(scores) > 1 else -1):
            found[name] = scores[0][1].rpartition("/")[2]
    return found
