"""Applies a review, in which someone compared statements with their sources again and recorded the outcome for each.

A review is a table ``data/reviews/DATE.csv`` with the columns statement, outcome and reason.
A statement with the outcome *kept* gets the day of the review (``nev:checked``). One that its source does not
support is retracted, with the reason, by a separate source that represents the review.
"""

from __future__ import annotations

import csv
import sys

from pyoxigraph import NamedNode, Quad, parse

from nevkg.contribute.edits import describe_editors, describe_retraction, describe_review, name_review
from nevkg.data.statement_ids import name_statements, rename
from quadfile import ONTOLOGY, ROOT, SOURCES, date, identifying, node, source_path, write

KEPT, RETRACTED = "kept", "retracted"
OUTCOMES = (KEPT, RETRACTED, "unclear", "not found")


def main(day: str) -> None:
    """Writes the outcomes of the review of a day into the files of the sources, and the retractions into a separate file."""
    path = ROOT / "data" / "reviews" / f"{day}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["outcome"] not in OUTCOMES or (row["outcome"] == RETRACTED and not row["reason"]):
            raise SystemExit(f"{path}: {row['statement']} needs one of the outcomes {', '.join(OUTCOMES)}, and if retracted a reason.")
    checked = {node(row["statement"]) for row in rows if row["outcome"] == KEPT}
    unseen = {node(row["statement"]) for row in rows}
    for place in sorted(SOURCES.glob("*/*.trig")):
        quads = list(parse(path=place))
        here: dict[NamedNode, NamedNode] = {}
        for quad in quads:
            if quad.subject in unseen and isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode):
                here[quad.subject] = quad.graph_name
        unseen -= here.keys()
        kept = {statement: graph for statement, graph in here.items() if statement in checked}
        if kept:
            mark = node("nev:checked")
            quads = [quad for quad in quads if quad.predicate != mark or quad.subject not in kept]
            write(place, [*quads, *(Quad(statement, mark, date(day), graph) for statement, graph in kept.items())])
    if unseen:
        raise SystemExit(f"{path}: no source has the statement {min(one.value for one in unseen)}.")
    reasons = {node(row["statement"]): row["reason"] for row in rows if row["outcome"] == RETRACTED}
    quads = [
        *describe_review(day),
        *(quad for statement, reason in reasons.items() for quad in describe_retraction(day, statement.value, reason)),
    ]
    write(source_path(name_review(day), day), rename(quads, name_statements(quads, identifying())))
    publishers = ROOT / "data" / "registry" / "publishers.ttl"
    write(publishers, [*parse(path=publishers), *describe_editors(ONTOLOGY)])


if __name__ == "__main__":
    main(sys.argv[1])
