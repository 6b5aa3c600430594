"""Tables in CSV: those of the data and the ontology have a header, whose columns are known."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nevkg.data.paths import reading
from nevkg.errors import InvalidData

GENERIC_WORDS = ("class", "word")  # the columns of ontology/tables/generic-words.csv


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yields the rows of a table, each with the number of its last line."""
    try:
        with reading(path), path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines)
            if next(rows, []) != list(columns):
                raise InvalidData(f"{path}, line 1: the columns must be {', '.join(columns)}.")
            for row in rows:
                if len(row) != len(columns):
                    raise InvalidData(f"{path}, line {rows.line_num}: a row has {len(columns)} cells.")
                yield rows.line_num, row
    except UnicodeDecodeError:
        raise InvalidData(f"{path} is no text in UTF-8; save it as CSV in UTF-8.") from None


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Returns the rows of a table by column."""
    return [dict(zip(columns, row, strict=True)) for _, row in read_rows(path, columns)]


def write_rows(rows: Iterable[Iterable[object]]) -> bytes:
    """Returns rows, the header first, as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
