"""The equivalent script with rdflib alone: parses a snapshot, runs a question, prints CSV.

Usage: python rdflib_ask.py SNAPSHOT.nt QUESTION.rq
"""

from __future__ import annotations

import sys
from pathlib import Path

from rdflib import Graph


def main(data: str, question: str) -> None:
    result = Graph().parse(data, format="nt").query(Path(question).read_text(encoding="utf-8"))
    sys.stdout.buffer.write(result.serialize(format="csv") or b"")


if __name__ == "__main__":
    main(*sys.argv[1:])
