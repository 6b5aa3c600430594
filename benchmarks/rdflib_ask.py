"""What one would write with rdflib alone: parse the dataset, ask, print CSV.

Usage: python rdflib_ask.py DATASET.nq QUESTION.rq
"""

from __future__ import annotations

import sys
from pathlib import Path

from rdflib import Dataset


def main(data: str, question: str) -> None:
    dataset = Dataset(default_union=True)
    dataset.parse(data, format="nquads")
    found = dataset.query(Path(question).read_text(encoding="utf-8"))
    sys.stdout.buffer.write(found.serialize(format="csv") or b"")


if __name__ == "__main__":
    main(*sys.argv[1:])
