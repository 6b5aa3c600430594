"""Measures `nevkg read --check` on reviewed statements: how many of the retracted ones it doubts, and how many of the kept ones.

python -m benchmarks.reading.check --pages FOLDER [--list | --draw]

FOLDER has the texts of pages as `<source>.txt`; they are not in the project, only their addresses, digests and results, in check.csv.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nevkg.contribute.registry import Registry, read_schema
from nevkg.contribute.row_quotes import QuoteCheck
from nevkg.contribute.source_files import SourceFile
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.reading.pages import read_page

REVIEW, RESULTS = "2026-11-27.csv", Path(__file__).parent / "check.csv"
OUTCOMES = ("kept", "retracted")
_SEED = 42


@dataclass(frozen=True)
class ReviewedSource:
    """A source with reviewed statements.

    Attributes:
        name: its slug.
        address: its web address.
        file: its graph.
        outcomes: IRI of each reviewed statement to ``kept`` or ``retracted``.
    """

    name: str
    address: str
    file: SourceFile
    outcomes: dict[str, str] = field(default_factory=dict)


def read_sources(layout: Layout) -> Iterator[ReviewedSource]:
    """Yields the sources that have a retracted or kept statement of the review."""
    with (layout.data / "reviews" / REVIEW).open(encoding="utf-8") as lines:
        reviewed = {row["statement"].partition(":")[2]: row["outcome"] for row in csv.DictReader(lines)}
    for path in dataset.source_files(layout):
        file = SourceFile.of(dataset.parse_file(path))
        own = {
            iri: outcome
            for iri, quads in file.about.items()
            if (outcome := reviewed.get(iri.rpartition("/")[2], "")) in OUTCOMES
            and any(quad.predicate.value == terms.NEV + "source" and terms.text(quad.object) == terms.SOURCE + path.stem for quad in quads)
        }
        if own:
            about = {quad.predicate.value: terms.text(quad.object) for quad in file.about[terms.SOURCE + path.stem]}
            yield ReviewedSource(path.stem, about.get(terms.NEV + "address", ""), file, own)


def main() -> None:
    """Prints the counts, or the sources in the order in which their pages were looked up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=Path())
    parser.add_argument("--draw", action="store_true", help="list the sources with a retracted statement, in random order")
    parser.add_argument("--list", action="store_true", help="list what is doubted and not, with what is missing")
    options = parser.parse_args()
    layout = Layout.find()
    sources = list(read_sources(layout))
    if options.draw:
        retracted = sorted(source.name for source in sources if "retracted" in source.outcomes.values())
        random.Random(_SEED).shuffle(retracted)
        print("\n".join(retracted))
        return
    check = QuoteCheck(layout, Registry(layout, read_schema(layout)))
    total: dict[str, list[bool]] = defaultdict(list)
    rows = []
    for source in sources:
        page = options.pages / f"{source.name}.txt"
        if not page.exists():
            continue
        text = read_page(str(page)).text
        doubts = dict(check.find_ungrounded(source.file, terms.SOURCE + source.name, text))
        counts: dict[str, list[bool]] = {outcome: [] for outcome in OUTCOMES}
        for iri, outcome in sorted(source.outcomes.items(), key=lambda item: item[::-1]):
            counts[outcome].append(iri in doubts)
            total[outcome].append(iri in doubts)
            if options.list:
                print(source.name, outcome, "doubted" if iri in doubts else "passed", iri.rpartition("/")[2], *doubts.get(iri, ()))
        digest = hashlib.sha256(text.encode()).hexdigest()
        rows.append([source.name, source.address, digest, *(f(counts[outcome]) for outcome in OUTCOMES for f in (len, sum))])
    with RESULTS.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["source", "address", "sha256", *(column for outcome in OUTCOMES for column in (outcome, f"{outcome}_doubted"))])
        writer.writerows(rows)
    for outcome in OUTCOMES:
        print(f"{outcome}: {sum(total[outcome])} of {len(total[outcome])} doubted")


if __name__ == "__main__":
    main()
