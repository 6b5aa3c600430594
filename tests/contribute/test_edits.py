"""``nevkg retract`` and ``nevkg correct``: edits of single statements in the files of their sources."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.contributions import Tables, contents, read_registry, read_source, statement, statements, write_small_data

from nevkg.data import terms
from nevkg.data.paths import Layout

DAY = "2026-02-01"
REVIEW = f"s-nevkg-review-{DAY}"


@pytest.fixture
def data(tmp_path: Path) -> Layout:
    layout = write_small_data(tmp_path)
    Tables(tmp_path / "c").source().fact("capacity", "100", note="of phase one", as_of="2025").fact("jobs", "5").import_into(layout)
    return layout


def find(data: Layout, metric: str) -> str:
    """Returns the digits of the statement of a metric."""
    source = read_source(data, "s-x")
    return next(name.rpartition("/")[2] for name, said in source.items() if said.get("metric") == f"metric:{metric}")


def test_a_retraction_is_in_the_review_of_the_day(data: Layout, nevkg: Nevkg) -> None:
    digits = find(data, "capacity")
    result = nevkg("retract", digits, "--because", "It names no number.", "--day", DAY, "--data", str(data.data))
    assert (result.code, result.err) == (0, "")
    assert result.out == f"statement:{digits} is retracted in sources/2026/{REVIEW}.trig.\n"
    review = read_source(data, REVIEW)
    (said,) = [one for name, one in review.items() if name.startswith(terms.STATEMENT)]
    assert (said["retracts"], said["note"]) == (f"statement:{digits}", "It names no number.")
    assert review[terms.SOURCE + REVIEW]["dcterms:publisher"] == "agent:nevkg"
    assert read_registry(data)["agent:nevkg"]["label@en"] == "nevkg editors"
    assert f'"{DAY}"' in (data.data / "dataset.ttl").read_text(encoding="utf-8")
    assert nevkg("retract", find(data, "jobs"), "--because", "Nor this.", "--day", DAY, "--data", str(data.data)).code == 0
    assert len(read_source(data, REVIEW)) == 3
    before = contents(data.data)
    again = nevkg("retract", f"statement:{digits}", "--because", "Again.", "--day", "2026-03-01", "--data", str(data.data))
    assert (again.code, again.err) == (2, f"nevkg: statement:{digits} is retracted already, in sources/2026/{REVIEW}.trig.\n")
    assert contents(data.data) == before


def test_a_correction_renames_the_statement_in_all_files(data: Layout, nevkg: Nevkg) -> None:
    digits = find(data, "capacity")
    assert nevkg("retract", digits, "--because", "It names no number.", "--day", DAY, "--data", str(data.data)).code == 0
    edits = ("number=200", "scope=phase-one", "date=2025-07", "due=2027")
    result = nevkg("correct", digits, *edits, "--because", "A slip.", "--day", DAY, "--data", str(data.data))
    assert (result.code, result.err) == (0, "")
    now = find(data, "capacity")
    assert now != digits
    assert result.out.endswith(f"and called statement:{now} now.\n")
    said = statement(data, metric="metric:capacity")
    assert (said["number"], said["scope"], said["earliest"], said["latest"]) == ("200", "scope:phase-one", "2025-07-01", "2025-07-31")
    assert (said["dueEarliest"], said["dueLatest"], said["precision"]) == ("2027-01-01", "2027-12-31", "precision:month")
    assert said["note"] == (
        f"of phase one; Corrected on {DAY} (number was 100, scope was scope:whole, "
        "date was 2025-01-01 to 2025-12-31, due was missing): A slip."
    )
    assert [properties["retracts"] for properties in read_source(data, REVIEW).values() if "retracts" in properties] == [f"statement:{now}"]
    assert not [path for path in data.data.rglob("*.*") if path.is_file() and digits in path.read_text(encoding="utf-8")]
    assert nevkg("evidence", "name", str(next(data.data.glob("sources/*/s-x.trig"))), "--data", str(data.data)).out.endswith(
        " 0 renamed.\n"
    )
    assert nevkg("validate", "--data", str(data.data)).code == 0


def test_a_field_is_removed_and_an_entity_is_named(data: Layout, nevkg: Nevkg) -> None:
    digits = find(data, "jobs")
    edits = ("accordingTo=Beta Motor", "unit=")
    result = nevkg("correct", digits, edits[0], "--because", "The page says so.", "--day", DAY, "--data", str(data.data))
    assert (result.code, result.err) == (0, "")
    assert statement(data, metric="metric:jobs")["accordingTo"] == "agent:b"
    assert len(statements(data)) == 2
    before = contents(data.data)
    wrong = nevkg("correct", find(data, "jobs"), edits[1], "--because", "It needs one.", "--day", DAY, "--data", str(data.data))
    assert wrong.code == 1
    assert wrong.err.endswith("Nothing was written.\n")
    assert contents(data.data) == before


def test_quotes_are_added_to_statements_as_passages(data: Layout, nevkg: Nevkg, tmp_path: Path) -> None:
    capacity, jobs = find(data, "capacity"), find(data, "jobs")
    table = tmp_path / "quotes.csv"
    rows = (capacity, "Plant P of Alpha"), (f"statement:{capacity}", "built 100 cars in 2025"), (jobs, "It employs five hundred.")
    table.write_text("statement,quote\n" + "".join(f'{name},"{words}"\n' for name, words in rows), encoding="utf-8")
    result = nevkg("evidence", "add", str(table), "--data", str(data.data))
    assert result.code == 0
    assert result.out == f"{table}: 2 statements have quotes; 1 of them are not mentioned in full.\n"
    assert "the quote does not mention the number 5;" in result.err
    assert "number 100" not in result.err
    page = tmp_path / "page.txt"
    page.write_text("Plant P of Alpha, in Beta, has built 100 cars in 2025. It employs five hundred.", encoding="utf-8")
    checked = nevkg("evidence", "check", "s-x", str(page), "--data", str(data.data))
    assert checked.out == f"s-x: {page} contains the words of all 3 passages.\n"
    assert {find(data, "capacity"), find(data, "jobs")} == {capacity, jobs}
    again = contents(data.data)
    assert nevkg("evidence", "add", str(table), "--data", str(data.data)).code == 0
    assert contents(data.data) == again


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("statement,quote\n0123,The plant runs.\n", "quotes.csv:2, statement: There is no statement '0123' in "),
        ("statement,quote\n{},no\n", "quotes.csv:2, quote: it has 2 characters, not counting spaces; give between 4 and 2000"),
        ("statement,words\n{},The plant runs.\n", "quotes.csv is not a table in CSV (UTF-8) with the columns statement and quote."),
        (None, "quotes.csv cannot be read: No such file or directory."),
    ],
)
def test_wrong_tables_of_quotes_are_refused(data: Layout, nevkg: Nevkg, tmp_path: Path, text: str | None, message: str) -> None:
    before, table = contents(data.data), tmp_path / "quotes.csv"
    if text:
        table.write_text(text.format(find(data, "jobs")), encoding="utf-8")
    result = nevkg("evidence", "add", str(table), "--data", str(data.data))
    assert (result.code, result.out) == (3 if text is None else 1, "")
    assert message in result.err
    assert contents(data.data) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("correct", "{}", "nubmer=5"), "There is no field 'nubmer' to correct; this statement has "),
        (("correct", "{}", "number=five"), "number: 'five' is not a plain number such as 490000000 or 17.5."),
        (("correct", "{}", "date=1.2.2025"), "date: '1.2.2025' can be read in more than one way; write the date as 2025-07-01."),
        (("correct", "{}", "number=100"), "number has this value already."),
        (("correct", "{}", "subject=Nowhere"), "subject: "),
        (("correct", "{}", "number"), "'number' is not of the form name=value."),
        (("retract", "0123456789abcdef"), "There is no statement '0123456789abcdef' in "),
        (("retract", "{}", "--because", " "), "--because: the reason is missing; it is recorded with the edit."),
    ],
)
def test_wrong_edits_are_refused(data: Layout, nevkg: Nevkg, words: tuple[str, ...], message: str) -> None:
    before = contents(data.data)
    given = [word.format(find(data, "capacity")) for word in words]
    reason = () if "--because" in words else ("--because", "A slip.")
    assert nevkg(*given, *reason, "--day", DAY, "--data", str(data.data)).error().startswith(f"nevkg: {message}")
    assert contents(data.data) == before
