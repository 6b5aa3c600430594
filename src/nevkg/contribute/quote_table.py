"""Quotes for statements that are in the data: a table with the columns statement and quote."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from nevkg.contribute.edits import Edits
from nevkg.contribute.problems import ImportProblem, Problems
from nevkg.contribute.registry import Registry
from nevkg.contribute.row_quotes import QuoteCheck, QuotedRow, measure_quote
from nevkg.contribute.sheets import Row
from nevkg.contribute.source_files import SourceFile
from nevkg.data import terms
from nevkg.data.paths import Layout, reading
from nevkg.errors import InvalidData, WrongUsage

COLUMNS = ("statement", "quote")


def add_quotes(layout: Layout, path: Path, day: str) -> tuple[int, list[ImportProblem]]:
    """Keeps the length and the digest of each quote of a table as a passage of its statement.

    A statement may have several rows, with passages that carry it together.

    Args:
        layout: where the data is.
        path: the table; a statement is given by its IRI, its short name or only its digits.
        day: the day of the edit (ISO).

    Returns:
        The number of statements with quotes, and what these do not mention of a statement.

    Raises:
        InvalidData: if a row is wrong; nothing is written.
    """
    edits, problems = Edits(layout, day=day), Problems()
    found: dict[tuple[str, str], list[QuotedRow]] = defaultdict(list)
    for row in _read(path):
        if quoted := measure_quote(row, "quote", (), problems):
            try:
                found[edits.add_passages(row.cells["statement"], quoted.quotes)].append(quoted)
            except WrongUsage as error:
                problems.add(row.file, row.line, "statement", str(error))
    if problems:
        raise InvalidData("\n".join([*map(str, problems.found), "Nothing was written."]))
    check = QuoteCheck(layout, Registry(layout, edits.schema))
    doubts = list[ImportProblem]()
    for (statement, name), several in found.items():
        together = replace(several[0], words="\n".join(quoted.words for quoted in several), statements=[statement])
        file = SourceFile.of(edits.read_quads(name))
        source = next(terms.text(quad.object) for quad in file.about[statement] if quad.predicate.value == terms.NEV + "source")
        doubts += check.find_doubts(together, file, source)
    edits.finish()
    return len(found), doubts


def _read(path: Path) -> list[Row]:
    with reading(path), path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="", strict=True)
        try:
            rows = [(reader.line_num, {name: cells[name] for name in COLUMNS}) for cells in reader]
        except (KeyError, csv.Error, UnicodeDecodeError):
            raise InvalidData(f"{path} is not a table in CSV (UTF-8) with the columns {' and '.join(COLUMNS)}.") from None
    return [Row("", "", str(path), line, cells, cells["statement"]) for line, cells in rows]
