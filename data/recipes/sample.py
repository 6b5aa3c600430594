"""Draws a random sample of statements to compare with their pages, and records the result.

A statement may be drawn if it is neither retracted nor a retraction. A draw takes those whose hash with the seed is lowest.
That is a simple random sample, which anybody can draw again from the same data, and most of which stays if the data change.

    python data/recipes/sample.py draw SHEET --seed 2026 --size 100
    python data/recipes/sample.py record SHEET --day 2026-12-01 --checked-by "a reader who took no part in the import"

Between the two, fill in the columns verdict and, unless it is right, reason of the sheet.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.lookup.descriptions import describe
from nevkg.lookup.entities import select
from nevkg.lookup.sources import describe_sources
from nevkg.publish.samples import COLUMNS, FOLDER, RIGHT, TABLE, VERDICTS, verdicts_path
from nevkg.store import EmbeddedStore
from nevkg.store.embedded import open_store

_LANGUAGE = terms.LANGUAGES[0]
_ALL = f"""
PREFIX nev: <{terms.NEV}>
SELECT DISTINCT ?statement WHERE {{
  ?statement nev:source ?source .
  FILTER NOT EXISTS {{ ?statement a nev:Retraction }}
  FILTER NOT EXISTS {{ ?retraction nev:retracts ?statement }}
}}"""
_FILLED_IN = ("statement", "verdict", "reason")
_SHEET = (
    *("statement", "seed", "population", "source", "publisher", "published", "title", "address"),
    *("subject", "property", "value", "when", "qualifiers", "text", "verdict", "reason"),
)
_DRAWN_FROM = "all statements except retractions and retracted ones, simple random sample"


def draw(store: EmbeddedStore, seed: str, size: int) -> list[dict[str, str]]:
    """Draws statements; returns the rows of a sheet without verdicts, in the order of the draw."""
    population = [row["statement"].value for row in select(store, _ALL)]
    drawn = sorted(population, key=lambda iri: hashlib.sha256(f"{seed} {iri}".encode()).digest())[:size]
    statements = describe(store, drawn, _LANGUAGE)
    sources = {source.iri: source for source in describe_sources(store, {said.source for said in statements.values()}, _LANGUAGE)}
    rows = []
    for iri in drawn:
        said, source = statements[iri], sources[statements[iri].source]
        cells = {"statement": said.name, "seed": seed, "population": str(len(population)), "source": source.iri.removeprefix(terms.SOURCE)}
        cells |= {name: getattr(source, name) for name in ("publisher", "published", "title", "address")}
        cells |= {name: getattr(said, name) for name in ("subject", "property", "value", "when", "text")}
        rows.append({**cells, "qualifiers": "; ".join(said.qualifiers), "verdict": "", "reason": ""})
    return rows


def record(data: Path, rows: Sequence[Mapping[str, str]], day: str, checked_by: str) -> Path:
    """Records a sheet that has been filled in: its verdicts in a table of their own, their number in that of all samples.

    Returns:
        The path of the table of verdicts.
    """
    for row in rows:
        if row["verdict"] not in VERDICTS or (row["verdict"] != RIGHT and not row["reason"]):
            raise SystemExit(f"{row['statement']} needs one of the verdicts {', '.join(VERDICTS)}, and a reason unless it is right.")
    if len({(row["seed"], row["population"]) for row in rows}) != 1 or len({row["statement"] for row in rows}) != len(rows):
        raise SystemExit("The rows of the sheet are not those of one draw; draw a new sheet.")
    verdicts = verdicts_path(data, day, rows[0]["seed"])
    if verdicts.exists():
        raise SystemExit(f"{verdicts} exists; give another day, or draw a sheet with another seed.")
    counts = Counter(row["verdict"] for row in rows)
    cells = [day, rows[0]["seed"], rows[0]["population"], _DRAWN_FROM, checked_by, *(str(counts[verdict]) for verdict in VERDICTS)]
    table = data / FOLDER / TABLE
    with table.open(encoding="utf-8", newline="") as file:
        samples = list(csv.reader(file))
    if samples[0] != list(COLUMNS):
        raise SystemExit(f"{table} does not have the columns {','.join(COLUMNS)}.")
    _write(verdicts, _FILLED_IN, ([row[name] for name in _FILLED_IN] for row in rows))
    _write(table, COLUMNS, [*samples[1:], cells])
    return verdicts


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *rows])


def main() -> None:
    """Draws a sheet or records one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    drawing = verbs.add_parser("draw", help="write a sheet of statements to check")
    drawing.add_argument("--seed", required=True)
    drawing.add_argument("--size", type=int, default=100)
    recording = verbs.add_parser("record", help="record a sheet that has been filled in")
    recording.add_argument("--day", required=True, help="the day of the check: 2026-12-01")
    recording.add_argument("--checked-by", required=True, help="the role of whoever checked it, not a name")
    for verb in (drawing, recording):
        verb.add_argument("sheet", type=Path)
    options = parser.parse_args()
    layout = Layout.find()
    if options.verb == "draw":
        rows = draw(open_store(layout), options.seed, options.size)
        _write(options.sheet, _SHEET, ([row[name] for name in _SHEET] for row in rows))
        return
    with options.sheet.open(encoding="utf-8", newline="") as file:
        print(record(layout.data, list(csv.DictReader(file)), options.day, options.checked_by))


if __name__ == "__main__":
    main()
