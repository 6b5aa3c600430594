"""A command for ``nevkg read --with`` that answers with the gold rows of an invented article, in place of a model.

nevkg read benchmarks/reading/articles/en-03.html --output rows --with "python -m benchmarks.reading.gold_rows"
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent / "gold"
_CERTAIN = 1.0


def find_gold(address: str) -> Path:
    """Returns the folder with the gold of the page at a web address."""
    for file in sorted(GOLD.glob("*/sources.csv")):
        if any(row["url"] == address for row in _read_table(file)):
            return file.parent
    raise SystemExit(f"There is no gold for {address}.")


def read_rows(folder: Path, tables: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yields the rows of some tables of a folder, in the form in which a model answers."""
    for file in sorted(folder.glob("*.csv")):
        for cells in _read_table(file) if file.stem in tables else ():
            cells.pop("source_id")
            yield {"table": file.stem, "quote": cells.pop("quote"), "cells": cells, "confidence": _CERTAIN}


def _read_table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main() -> None:
    """Reads the document from standard input and writes the rows to standard output."""
    given = json.load(sys.stdin)
    folder = find_gold(given["document"]["address"])
    json.dump(list(read_rows(folder, {table["name"] for table in given["tables"]})), sys.stdout)


if __name__ == "__main__":
    main()
