"""The review of a collection: its rows with their places in the texts, and the steps of a reviewer, each saved at once.

Nothing is kept in memory but the steps to undo: each call reads the folder, which other programs may change, too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nevkg.contribute import source_documents
from nevkg.contribute.decisions import ACCEPTED, OPEN, QUOTE, REJECTED, Decision, Decisions, row_key
from nevkg.contribute.problems import Problems
from nevkg.contribute.sheets import LONGEST_CELL, Row, change_table, read_collection
from nevkg.contribute.table_format import TableFormat
from nevkg.data.paths import digest_files, reading
from nevkg.errors import NevkgError, WrongUsage
from nevkg.propose.proposals import TEXTS, read_notes
from nevkg.reading.quotes import Text, find_words, normalise, split_passages
from nevkg.table.spreadsheets import guard

_LONGEST_REASON = 500


class RowChanged(NevkgError):
    """Raised for a step on a row that is no longer there, since another window or program has changed it."""

    exit_code = 3


@dataclass(frozen=True)
class ReviewRow:
    """A row under review.

    Attributes:
        id: names the row as long as its cells stay the same.
        state: ``open``, ``accepted`` or ``rejected``.
        because: why it was rejected.
        start: where its quote begins in the text of its source, in UTF-16 units as browsers count; None if it is not there.
        confidence: of the program that proposed it, from 0 to 1; None for rows of persons.
        reason: why that program proposed it.
    """

    id: str
    row: Row
    state: str
    because: str = ""
    start: int | None = None
    end: int | None = None
    confidence: float | None = None
    reason: str = ""


@dataclass
class Review:
    """A folder under review."""

    folder: Path
    tables: Mapping[str, TableFormat]
    _steps: list[Callable[[], str]] = field(default_factory=list)

    def begin(self) -> None:
        """Begins the review, or goes on with it."""
        if not (self.folder / TEXTS).is_dir():
            raise WrongUsage(
                f"{self.folder} has no folder {TEXTS}; 'nevkg read PAGE --output DIR' writes tables with the text that they quote."
            )
        if Decisions.read(self.folder) is None:
            Decisions().write(self.folder)

    @property
    def version(self) -> str:
        """A digest of the tables and the decisions."""
        return digest_files(path for path in self.folder.iterdir() if path.is_file())

    def read_texts(self) -> dict[str, str]:
        """Returns the texts by the name of their source."""
        texts = {}
        for path in sorted((self.folder / TEXTS).glob("*.txt")):
            with reading(path):
                texts[path.stem] = path.read_bytes().decode("utf-8", "replace")
        return texts

    def read_rows(self, problems: Problems | None = None) -> list[ReviewRow]:
        """Returns the rows in the order of the texts; those whose quote is not there come last.

        Problems of files are added to ``problems``. A row that occurs twice is listed once.
        """
        found = Problems() if problems is None else problems
        decisions, notes, texts = self._decisions(), read_notes(self.folder), self.read_texts()
        note_of = {(note["table"], note["line"]): note for note in notes}
        rows: dict[str, ReviewRow] = {}
        for row in read_collection(self.folder, self.tables, found):
            decision = decisions.find(row.table, row.cells)
            note = note_of.get((row.table, row.line), {})
            text = texts.get(source_documents.find_source_id(row), "")
            place = _find_place(text, row.cells.get(QUOTE, ""), note)
            # A row that another program has moved is at the line of another proposal.
            note = note if place and place == (note.get("start"), note.get("end")) else {}
            each = ReviewRow(
                id=_identify(row.table, row.cells),
                row=row,
                state=decision.state if decision else OPEN,
                because=decision.reason if decision else "",
                start=_to_utf16(text, place[0]) if place else None,
                end=_to_utf16(text, place[1]) if place else None,
                confidence=note.get("confidence"),
                reason=str(note.get("reason", "")),
            )
            rows.setdefault(each.id, each)
        order = {name: number for number, name in enumerate(texts)}
        return sorted(rows.values(), key=lambda each: _reading_order(each, order))

    def decide(self, row_id: str, state: str, reason: str = "") -> str:
        """Accepts or rejects a row, or opens it again. Returns the ID of the row."""
        row = self._find(row_id)
        if state not in (OPEN, ACCEPTED, REJECTED):
            raise WrongUsage(f"A row cannot be '{state}'; it is {OPEN}, {ACCEPTED} or {REJECTED}.")
        if state == REJECTED and not reason.strip():
            raise WrongUsage("Give the reason for which the row is rejected.")
        before = self._decisions().find(row.table, row.cells)
        proposed = before.proposed if before else {}
        decision = Decision(row.table, _filled(row.cells), state, reason.strip()[:_LONGEST_REASON], proposed)
        self._replace(row, row.cells, decision if state != OPEN else None)
        self._steps.append(lambda: self._replace(self._find(row_id), row.cells, before))
        return row_id

    def edit(self, row_id: str, cells: Mapping[str, str]) -> str:
        """Changes the cells of a row and accepts it. Returns its new ID."""
        row = self._find(row_id)
        new = self._check_cells(row.table, {**row.cells, **cells})
        new_id = _identify(row.table, new)
        if new_id != row_id and any(each.id == new_id for each in self.read_rows()):
            raise WrongUsage("Another row has the same cells.")
        before = self._decisions().find(row.table, row.cells)
        proposed = (before.proposed if before and before.proposed else _filled(row.cells)) if new_id != row_id else {}
        self._replace(row, new, Decision(row.table, _filled(new), ACCEPTED, proposed=proposed))
        self._steps.append(lambda: self._replace(self._find(new_id), row.cells, before))
        return new_id

    def add(self, table: str, cells: Mapping[str, str]) -> str:
        """Adds an accepted row and returns its ID."""
        if table not in self.tables:
            raise WrongUsage(f"There is no table '{table}'.")
        new = self._check_cells(table, cells)
        new_id = _identify(table, new)
        if any(each.id == new_id for each in self.read_rows()):
            raise WrongUsage("Another row has the same cells.")
        change_table(self.folder, self.tables[table], [new])
        decisions = self._decisions()
        decisions.add(Decision(table, _filled(new), ACCEPTED))
        decisions.write(self.folder)
        self._steps.append(lambda: self._replace(self._find(new_id), None, None))
        return new_id

    def undo(self) -> str:
        """Undoes the last step of this review; returns the ID of the row, or an empty string if there is nothing to undo.

        A step on a row that another program has changed since is forgotten.
        """
        return self._steps.pop()() if self._steps else ""

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._steps)

    def _replace(self, row: Row, cells: Mapping[str, str] | None, decision: Decision | None) -> str:
        """Gives a row other cells, or removes it if they are None, with the decision on it; returns its ID, empty if it is removed."""
        if cells != row.cells:
            change_table(self.folder, self.tables[row.table], changed={row.line: cells})
        decisions = self._decisions()
        decisions.by_key.pop(row_key(row.table, row.cells), None)
        if decision:
            decisions.add(decision)
        decisions.write(self.folder)
        return "" if cells is None else _identify(row.table, cells)

    def _find(self, row_id: str) -> Row:
        for row in read_collection(self.folder, self.tables, Problems()):
            if _identify(row.table, row.cells) == row_id:
                return row
        raise RowChanged("The row has been changed elsewhere; it is shown as it is now.")

    def _decisions(self) -> Decisions:
        return Decisions.read(self.folder) or Decisions()

    def _check_cells(self, table: str, cells: Mapping[str, str]) -> dict[str, str]:
        """Returns the cells of all columns of a table, as they are read again after they have been written."""
        columns = self.tables[table].columns
        if unknown := sorted(cells.keys() - columns.keys()):
            raise WrongUsage(f"The table {table} has no column '{unknown[0]}'.")
        new = {name: " ".join(cells.get(name, "").split()) for name in columns}
        for name, value in new.items():
            if len(value) > LONGEST_CELL:
                raise WrongUsage(f"The cell {name} has {len(value):,} characters; at most {LONGEST_CELL:,} are allowed.")
        line = io.StringIO()
        csv.writer(line).writerow(map(guard, new.values()))
        if "\0" in line.getvalue() or not any(new.values()):
            raise WrongUsage("The row is empty, or contains characters that a table cannot have.")
        return new


def _identify(table: str, cells: Mapping[str, str]) -> str:
    whole = json.dumps([table, sorted(_filled(cells).items())], ensure_ascii=False)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in cells.items() if value}


def _reading_order(each: ReviewRow, order: Mapping[str, int]) -> tuple[object, ...]:
    source = source_documents.find_source_id(each.row)
    is_source, is_elsewhere = each.row.table == source_documents.TABLE, each.start is None
    return order.get(source, len(order)), source, not is_source, is_elsewhere, each.start or 0, each.end or 0, each.row.table, each.row.line


@lru_cache(maxsize=16)
def _normalise(text: str) -> Text:
    return normalise(text)


def _find_place(text: str, quote: str, note: Mapping[str, Any]) -> tuple[int, int] | None:
    """Returns where a text has a quote: where the note says, if it is there, else where it or its first passage occurs first."""
    start, end = note.get("start"), note.get("end")
    if isinstance(start, int) and isinstance(end, int) and quote and " ".join(text[start:end].split()) == quote:
        return start, end
    places = (find_words(words, _normalise(text)) for words in (quote, *split_passages(quote)[:1]) if text)
    return next((found[0] for found in places if found), None)


def _to_utf16(text: str, position: int) -> int:
    return position if text.isascii() else len(text[:position].encode("utf-16-le", "surrogatepass")) // 2
