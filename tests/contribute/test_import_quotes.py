"""Quotes of rows become passages, and are compared with what the rows say."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.contributions import TODAY, Tables

from nevkg.contribute.importer import import_collections
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.reading.quotes import normalise, read_passages

OPENED = "On Thursday, Plant P opened in Freetown. It can build 1.5 lakh cars a year and employs two hundred and fifty people."


def read_linked(data: Layout) -> dict[str, list[str]]:
    """Returns, for each passage of the one source, its statements."""
    (path,) = (data.data / "sources").rglob("s-x.trig")
    quads = list(dataset.parse_file(path))
    passages = read_passages(quads)
    assert all(any(passage.quote.find(normalise(f"Menu {OPENED} More"))) for passage in passages)
    links = [(terms.text(quad.object), terms.text(quad.subject)) for quad in quads if quad.predicate.value == terms.NEV + "passage"]
    return {passage.iri: [statement for iri, statement in links if iri == passage.iri] for passage in passages}


def test_a_quote_becomes_a_passage_of_all_statements_of_its_row(data: Layout, tables: Tables) -> None:
    tables.source(published="2025-09-18", language="en")
    tables.fact("capacity", "150000", unit="vehicles/year", quote=OPENED).fact("jobs", "250", quote="  " + OPENED.replace(" ", "\n"))
    tables.fact("area", "5")
    assert tables.import_into(data).problems == []
    ((iri, statements),) = read_linked(data).items()
    assert (len(statements), iri.startswith(f"{terms.PASSAGE}s-x/")) == (2, True)
    tables.fact("jobs", "250", quote="employs two hundred and fifty")
    result = tables.import_into(data)
    assert (result.problems, result.new_statements) == ([], 0)
    assert sorted(map(len, read_linked(data).values())) == [1, 2]
    assert tables.import_into(data).changed == {}


def test_an_ellipsis_joins_the_passages_of_a_row(data: Layout, tables: Tables) -> None:
    words = "Plant P opened ... It can … two hundred and fifty people"
    tables.source(published="2025-09-18", language="en").fact("jobs", "250", quote=words)
    result = tables.import_into(data)
    assert (result.problems, result.doubts) == ([], [])
    assert [len(statements) for statements in read_linked(data).values()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("attribute", "value", "cells", "missing"),
    [
        ("capacity", "150000", {"unit": "vehicles/year"}, []),
        ("capacity", "15000", {"unit": "vehicles/year"}, ["the number 15000"]),
        ("jobs", "250", {}, []),
        ("jobs", "250", {"as_of": "2025-09-18"}, []),
        ("jobs", "250", {"as_of": "2025-09"}, []),
        ("jobs", "250", {"as_of": "2025-08-01"}, ["the date 2025-08-01"]),
        ("jobs", "250", {"as_of": "2024"}, ["a date from 2024-01-01 to 2024-12-31"]),
        ("status", "operating", {"according_to": "Agency of Nobody"}, ["'Agency of Nobody'"]),
    ],
)
def test_what_a_quote_does_not_mention_is_a_doubt(
    data: Layout, tables: Tables, attribute: str, value: str, cells: dict[str, str], missing: list[str]
) -> None:
    tables.source(published="2025-09-19", language="en").fact(attribute, value, quote=OPENED, **cells)
    result = tables.import_into(data)
    assert result.problems == []
    found = [doubt for doubt in result.doubts if doubt.column == "quote"]
    hint = "quote the words that do, or correct the row."
    assert [doubt.message for doubt in found] == [f"the quote does not mention {what}; {hint}" for what in missing]
    assert {(Path(doubt.file).name, doubt.line) for doubt in found} <= {("plant_facts.csv", 2)}


@pytest.mark.parametrize(("words", "length"), [("150", 3), ("It ... can ... a", 3), (" \u200b\u00ad“", 1), ("ab " * 1001, 2002)])
def test_a_quote_that_could_not_be_found_again_is_refused(data: Layout, tables: Tables, words: str, length: int) -> None:
    tables.source(published="2025").fact("jobs", "250", quote=words)
    (problem,) = import_collections(data, [tables.write()], TODAY).problems
    assert (problem.line, problem.column) == (2, "quote")
    assert problem.message == f"it has {length} characters, not counting spaces; give between 4 and 2000 that are in the page."
    assert not [*(data.data / "sources").rglob("s-x.trig")]


def test_rows_that_differ_in_more_than_their_quotes_are_refused(data: Layout, tables: Tables) -> None:
    tables.source(published="2025").fact("jobs", "250", quote=OPENED, note="one").fact("jobs", "250", quote=OPENED[:60], note="two")
    (problem,) = import_collections(data, [tables.write()], TODAY).problems
    assert problem.column == "note"
