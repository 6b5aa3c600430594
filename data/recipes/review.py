"""Applies a review, in which someone compared statements with their sources again and recorded the outcome for each.

A review is a table ``data/reviews/DATE.csv`` with the columns statement, outcome and reason.
A statement with the outcome *kept* gets the day of the review (``nev:checked``). One that its source does not
support is retracted, with the reason, by a separate source that represents the review.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, parse

from nevkg.data import terms
from nevkg.data.statement_ids import statement_iri
from quadfile import ROOT, SOURCES, Pair, about, date, dated, identifying, node, source_path, write

KEPT, RETRACTED = "kept", "retracted"
OUTCOMES = (KEPT, RETRACTED, "unclear", "not found")
LANGUAGE = "en"


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
    write(source_path(f"s-nevkg-review-{day}", day), retractions(day, reasons))
    write(Path(ROOT / "data" / "registry" / "publishers.ttl"), [*parse(path=ROOT / "data" / "registry" / "publishers.ttl"), *EDITORS])


EDITORS = about(
    node("agent:nevkg"),
    [
        ("rdf:type", node("nev:Organization")),
        ("rdfs:label", Literal("nevkg editors", language="en")),
        ("rdfs:label", Literal("nevkg编辑", language="zh")),
    ],
)


def retractions(day: str, reasons: dict[NamedNode, str]) -> list[Quad]:
    """Returns the quads that describe the review as a source, and its retractions."""
    name = f"s-nevkg-review-{day}"
    source, graph = node(f"source:{name}"), NamedNode(terms.graph(name))
    quads = about(
        source,
        [
            ("rdf:type", node("nev:Source")),
            ("dcterms:title", Literal(f"Review of statements against their sources, {day}", language=LANGUAGE)),
            ("dcterms:language", Literal(LANGUAGE)),
            ("dcterms:publisher", node("agent:nevkg")),
            ("nev:address", source),  # its own page
            ("nev:sourceKind", node("sourcekind:primary")),
            ("nev:collected", date(day)),
            *dated(day),
        ],
        graph,
    )
    for statement, reason in reasons.items():
        said: list[Pair] = [
            ("nev:retracts", statement),
            ("nev:source", source),
            ("nev:modality", node("modality:actual")),
            ("nev:scope", node("scope:whole")),
            ("nev:comparator", node("comparator:exactly")),
        ]
        named = [(node(name).value, value) for name, value in said if node(name).value in identifying()]
        pairs: list[Pair] = [("rdf:type", node("nev:Retraction")), *said, ("nev:note", Literal(reason, language=LANGUAGE))]
        quads += about(NamedNode(statement_iri(source.value, node("nev:Retraction").value, named)), pairs, graph)
    return quads


if __name__ == "__main__":
    main(sys.argv[1])
