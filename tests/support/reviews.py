"""A collection with a text, as nevkg read writes it, for tests of reviewing. Invented; nothing in it is true."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.support.contributions import TABLES

TEXT = "On Thursday, Plant P opened in Rayong, Thailand. It can build many cars a year. Plant P employs 250 people."
CELLS = {"source_id": "s-x", "plant_id": "p", "as_of": "2025-09-18"}


def write_collection(folder: Path, source: str = "s-x", text: str = TEXT, published: str = "2025-09-18", **cells: str) -> Path:
    """Writes three rows on the plant ``p``: one that its quote does not bear out, a good one, and one whose quote is not in the text.

    Args:
        folder: the new folder.
        source: ID of the one source.
        text: its text.
        published: the day of the source, and of what the rows say.
        cells: further cells of the source.
    """
    about = {"source_id": source, "url": f"https://example.org/{source}", "title": "Plant P opens", "publisher": "Paper"}
    facts = [
        {"attribute": "capacity", "value": "1000", "unit": "vehicles/year", "quote": "It can build many cars a year"},
        {"attribute": "jobs", "value": "250", "quote": "Plant P employs 250 people"},
        {"attribute": "area", "value": "5", "quote": "It covers 5 square metres"},
    ]
    rows = {
        "sources": [about | {"published": published, "language": "en"} | cells],
        "plant_facts": [CELLS | {"source_id": source, "as_of": published} | fact for fact in facts],
    }
    start = text.find("It can")
    note = {"table": "plant_facts", "line": 2, "source": source, "start": start, "end": start + len("It can build many cars a year")}
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / f"{source}.txt").write_text(text + "\n", encoding="utf-8")
    (folder / "proposals.json").write_text(json.dumps([note | {"confidence": 0.8, "reason": "a number with a unit"}]), encoding="utf-8")
    for name, some in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(TABLES[name].columns), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(some)
    return folder
