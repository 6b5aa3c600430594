"""Decisions of a reviewer on the rows of a collection, in its file ``review.json``.

A decision is on the cells of a row, wherever the row is in its table. A row whose cells change needs a new decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nevkg.contribute import source_documents
from nevkg.contribute.sheets import Row
from nevkg.data.atomic import replace_file
from nevkg.data.paths import reading, writing
from nevkg.errors import InvalidData

FILE = "review.json"
ACCEPTED, REJECTED, OPEN = "accepted", "rejected", "open"
QUOTE = "quote"

# A table, and the cells of a row that are not empty.
Key = tuple[str, frozenset[tuple[str, str]]]


def row_key(table: str, cells: Mapping[str, str], *, with_quote: bool = True) -> Key:
    """Returns what a decision on a row is known by; without its quote, what the row says."""
    return table, frozenset((name, value) for name, value in cells.items() if value and (with_quote or name != QUOTE))


@dataclass(frozen=True)
class Decision:
    """A decision on a row.

    Attributes:
        cells: the cells of the row that are not empty.
        state: ``accepted`` or ``rejected``.
        reason: why it was rejected.
        proposed: the cells that were proposed, if the reviewer has edited them; otherwise empty.
    """

    table: str
    cells: Mapping[str, str]
    state: str
    reason: str = ""
    proposed: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Returns the decision without what is empty."""
        found = {"table": self.table, "state": self.state, "reason": self.reason, "cells": self.cells, "proposed": self.proposed}
        return {name: value for name, value in found.items() if value}


@dataclass
class Selection:
    """The rows of a collection by the decisions on them.

    Attributes:
        accepted: rows to import: the accepted ones, and the sources that they cite.
    """

    accepted: list[Row] = field(default_factory=list)
    unreviewed: list[Row] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)


@dataclass
class Decisions:
    """The decisions of a folder. Without the file, the folder has not been reviewed."""

    by_key: dict[Key, Decision] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Decisions | None:
        """Reads the decisions of a folder; None if it has none."""
        path = folder / FILE
        if not path.is_file():
            return None
        with reading(path):
            content = path.read_bytes()
        try:
            decisions = [Decision(**entry) for entry in json.loads(content)["decisions"]]
            for decision in decisions:
                if decision.state not in (ACCEPTED, REJECTED) or not all(
                    isinstance(value, str) for cells in (decision.cells, decision.proposed) for value in cells.values()
                ):
                    raise ValueError(decision.state)
            return cls({row_key(decision.table, decision.cells): decision for decision in decisions})
        except (ValueError, TypeError, KeyError, AttributeError):
            raise InvalidData(f"{path} is damaged; restore it, or remove it to review all rows again.") from None

    def write(self, folder: Path) -> None:
        """Replaces the file of a folder at once."""
        whole = {"decisions": [decision.to_json() for decision in self.by_key.values()]}
        with writing(folder / FILE):
            replace_file(folder / FILE, (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode())

    def find(self, table: str, cells: Mapping[str, str]) -> Decision | None:
        """Returns the decision on a row, if there is one."""
        return self.by_key.get(row_key(table, cells))

    def add(self, decision: Decision) -> None:
        """Adds a decision, instead of an earlier one on the same row."""
        self.by_key[row_key(decision.table, decision.cells)] = decision

    def select(self, rows: Iterable[Row]) -> Selection:
        """Divides rows by the decisions on them."""
        found = Selection()
        of_sources: list[Row] = []
        for row in rows:
            decision = self.find(row.table, row.cells)
            if row.table == source_documents.TABLE and not (decision and decision.state == ACCEPTED):
                of_sources.append(row)
            elif decision is None:
                found.unreviewed.append(row)
            else:
                (found.accepted if decision.state == ACCEPTED else found.rejected).append(row)
        cited = {source_documents.find_source_id(row) for row in found.accepted}
        for row in of_sources:
            is_rejected = self.find(row.table, row.cells) is not None
            is_cited = row.cells[source_documents.ID] in cited
            (found.accepted if is_cited else found.rejected if is_rejected else found.unreviewed).append(row)
        return found

    def repeats(self, table: str, cells: Mapping[str, str]) -> bool:
        """Whether a new proposal repeats one that was rejected, or edited.

        A rejected proposal may come back only if both the words of its page and its own cells have changed.
        """
        said, words = row_key(table, cells, with_quote=False), cells.get(QUOTE, "")
        for decision in self.by_key.values():
            if decision.table == table and decision.state == REJECTED and words and words == decision.cells.get(QUOTE):
                return True
            if said in (row_key(decision.table, known, with_quote=False) for known in (decision.cells, decision.proposed)):
                return True
        return False
