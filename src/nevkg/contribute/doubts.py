"""Warnings about rows that can be read but may be wrong. They do not stop an import."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from nevkg.contribute import sources as documents
from nevkg.contribute.cells import read_date
from nevkg.contribute.problems import Problem, join_names
from nevkg.contribute.rows import Row
from nevkg.contribute.sources import Sources
from nevkg.contribute.tables import Table
from nevkg.data import terms

_NOTE = terms.NEV + "note"
_BRACKETS = re.compile(r"\s*(\[.*\]|【.*】|\(.*\))\s*\Z", re.DOTALL)
_DOMAIN = re.compile(r"(https?://)?(www\.)?([a-z0-9-]+\.)+[a-z]{2,}(:\d+)?/?\Z", re.IGNORECASE)
_NUMBER = re.compile(r"(https?://)?\d{1,3}(\.\d{1,3}){3}(:\d+)?/?\Z")
# Many documents may share a shorter title, such as "News".
_MIN_TITLE_CHARACTERS = 25


def find_doubts(rows: Iterable[Row], tables: Mapping[str, Table], sources: Sources) -> list[Problem]:
    """Returns all warnings about the rows of a contribution, sorted."""
    known = list(rows)
    of_sources = [row for row in known if row.table == documents.TABLE]
    found = {*_titles(of_sources), *_addresses(of_sources), *_publishers(of_sources), *_mirrors(of_sources, sources)}
    return sorted(found.union(_copies(known, tables)))


def _titles(rows: Iterable[Row]) -> Iterator[Problem]:
    for row in rows:
        title = row.cells[documents.TITLE]
        if _BRACKETS.match(title):
            yield _remark(
                row, documents.TITLE, f"'{title}' is not a headline; write the title of the page itself, or leave the cell empty."
            )


def _publishers(rows: Iterable[Row]) -> Iterator[Problem]:
    for row in rows:
        publisher = row.cells[documents.PUBLISHER]
        if _NUMBER.match(publisher):
            message = f"'{publisher}' is an IP address, not a publisher; cite the page of the outlet itself, and name the outlet."
            yield _remark(row, documents.PUBLISHER, message)
        elif _DOMAIN.match(publisher):
            yield _remark(row, documents.PUBLISHER, f"'{publisher}' is a web address; write the name of the outlet as shown on its page.")


def _addresses(rows: Iterable[Row]) -> Iterator[Problem]:
    for row in rows:
        if documents.with_named_host(row.cells[documents.ADDRESS]) != row.cells[documents.ADDRESS]:
            message = "the host is an IP address, which is not recorded; cite the page of the outlet itself."
            yield _remark(row, documents.ADDRESS, message)


def _mirrors(rows: Iterable[Row], sources: Sources) -> Iterator[Problem]:
    """Yields warnings about documents that republish another available one, as stated or as title and date suggest."""
    titled: dict[tuple[str, str], set[str]] = defaultdict(set)
    for slug, (title, day) in sources.titles.items():
        titled[_same(title), day].add(slug)
    for row in sorted(rows, key=lambda row: (row.file, row.line)):
        own = sources.slugs.get((row.collection, row.cells[documents.ID]), "")
        original = sources.find(row.collection, row.cells[documents.REPUBLISHES]) if row.cells[documents.REPUBLISHES] else None
        title, day = _same(row.cells[documents.TITLE]), _first_day(row.cells[documents.PUBLISHED])
        if original and original != own:
            message = f"it republishes {original}, which is available; cite that one in the rows."
            yield _remark(row, documents.REPUBLISHES, message)
        elif len(title) >= _MIN_TITLE_CHARACTERS and day and own not in sources.titles:
            others = sorted(titled[title, day] - {own})
            if others:
                message = f"{join_names(others)} has the same title and date; cite that one, or name it in republishes if this is a copy."
                yield _remark(row, documents.TITLE, message)
            titled[title, day].add(own)


def _first_day(text: str) -> str:
    try:
        return read_date(text).first
    except ValueError:  # reported when the row is read
        return ""


def _same(title: str) -> str:
    return " ".join(title.casefold().split())


def _copies(rows: Iterable[Row], tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yields warnings about rows that are the same except for their source, including the note.

    A note in the contributor's own words describes a single page.
    """
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        column = _note_column(tables[row.table])
        if row.table == documents.TABLE or not column or not row.cells[column]:
            continue
        key = (row.collection, row.table, *(text for name, text in row.cells.items() if name != documents.ID))
        other = first.setdefault(key, row)
        if other is not row and other.cells[documents.ID] != row.cells[documents.ID]:
            message = f"the row repeats line {other.line} for another source, including its note; write what this page itself says."
            yield _remark(row, column, message)


def doubt_note(row: Row, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yields a warning about a row that makes no statements if it has a note, which only statements have."""
    if row.cells.get(column := _note_column(tables[row.table])):
        message = "the note is not recorded, because the row only names a thing; put it on a row that states something."
        yield _remark(row, column, message)


def _note_column(table: Table) -> str:
    """Returns the column whose text becomes the note of statements; empty if there is none."""
    return next((rule.column for rule in table.rules if rule.makes == "detail" and rule.properties[0][0] == _NOTE), "")


def _remark(row: Row, column: str, message: str) -> Problem:
    return Problem(row.file, row.line, column, message)
