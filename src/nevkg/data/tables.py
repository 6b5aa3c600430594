"""Reads the tables of the data folder: CSV files with a header."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from nevkg.errors import CouldNotRun, InvalidData


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Returns the rows of a CSV file; none if it does not exist; ``InvalidData`` if it has other columns."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if list(reader.fieldnames or ()) != list(columns):
                raise InvalidData(f"{path} does not have the columns {','.join(columns)}.")
            return list(reader)
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror or error}.") from None
