"""Compares ``nevkg import`` of many rows with the csvw library, which only reads and checks the same tables."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import measure

from nevkg.data.paths import Layout

ROWS = 100_000
_FACTS = 100  # per plant
_SOURCE_EVERY = 50  # rows per source
_NEVKG, _BARE = "nevkg import", "csvw library"
_BARE_SCRIPT = (
    "import sys; from csvw import TableGroup; from pathlib import Path; folder = Path(sys.argv[1]); "
    "tables = [(table, folder / str(table.url)) for table in TableGroup.from_file(sys.argv[2]).tables]; "
    "print(sum(sum(1 for _ in table.iterdicts(fname=path)) for table, path in tables if path.exists()))"
)
_COUNTRIES = ("TH", "ID", "BR", "HU", "MX", "TR", "UZ", "ES")


def _write(path: Path, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])


def write_tables(folder: Path, rows: int) -> int:
    """Writes a collection of about ``rows`` rows: makers, their plants, and facts with sources. Returns the exact number."""
    folder.mkdir(parents=True)
    plants = max(rows // _FACTS, 1)
    facts = [
        (
            f"made-{number % plants}",
            *(("capacity", 1000 + number, "vehicles/year") if number % 2 else ("jobs", 100 + number, "persons")),
            "exact",
            f"{2015 + number % 11}-{1 + number % 12:02}",
            f"s-made-{number // _SOURCE_EVERY}",
            "",
        )
        for number in range(rows)
    ]
    sources = [
        (f"s-made-{number}", f"https://example.org/made/{number}", f"Page {number}", "Example Daily", f"{2015 + number % 11}-05-01", "en")
        for number in range(rows // _SOURCE_EVERY + 1)
    ]
    makers = [(f"maker-{number}", "automaker", f"Maker {number}", "", "", "CN", "", "", "s-made-0", "") for number in range(50)]
    sites = []
    for number in range(plants):
        maker, place = f"maker-{number % 50}", (_COUNTRIES[number % 8], "", f"Town {number}")
        sites.append((f"made-{number}", f"Works {number}", *place, maker, maker, "", "", f"s-made-{number % 100}", ""))
    _write(folder / "sources.csv", ("source_id", "url", "title", "publisher", "published", "language"), sources)
    heads = ("org_id", "kind", "name", "name_zh", "parent_org_id", "hq_country", "hq_city", "founded", "source_id", "note")
    _write(folder / "organizations.csv", heads, makers)
    roles = ("operator_org_id", "automaker_org_ids", "partner_org_ids", "arrangement", "source_id", "note")
    _write(folder / "plants.csv", ("plant_id", "name", "country", "region", "city", *roles), sites)
    _write(folder / "plant_facts.csv", ("plant_id", "attribute", "value", "unit", "qualifier", "as_of", "source_id", "note"), facts)
    return len(facts) + len(sources) + len(makers) + len(sites)


def run_benchmark(folder: Path) -> dict[str, Any]:
    """Returns seconds and memory of one import, and of the bare library on the same tables."""
    layout = Layout.find()
    data, tables = folder / "import" / "data", folder / "import" / "made"
    shutil.copytree(layout.data, data)
    count = write_tables(tables, ROWS)
    imported = measure.run_checked(_NEVKG, [measure.NEVKG, "import", str(tables), "--data", str(data), "--collected", "2026-11-24"])
    bare_command = [measure.PYTHON, "-c", _BARE_SCRIPT, str(tables), str(layout.ontology / "tables" / "format.json")]
    bare = measure.run_checked(_BARE, bare_command)
    return {
        "rows": count,
        "said": imported.output.splitlines()[0],
        "processes": {name: asdict(measure.summarise([run])) for name, run in ((_NEVKG, imported), (_BARE, bare))},
        "nevkg to csvw": imported.seconds / bare.seconds,
    }


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    rows = [(name, *measure.format_summary(summary, "seconds", "processor", digits=1)) for name, summary in results["processes"].items()]
    ratio = measure.format_number(results["nevkg to csvw"], 1)
    title = f"Import of {results['rows']:,} rows ({results['said']}): {ratio} times the bare library"
    return measure.format_table(title, ("process", "seconds", "processor s", "peak MiB"), rows)
