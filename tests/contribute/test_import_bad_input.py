"""Bad tables: all errors are reported together, with file, line, column and fix; nothing is written."""

from __future__ import annotations

import csv
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.contributions import TABLES, VALID_ROWS, Tables, contents, statement, statements, write_small_data
from tests.support.marks import quick_every

from nevkg.data.paths import Layout

HEADER = "plant_id,attribute,value,unit,qualifier,as_of,source_id,note"
ROW = "p,jobs,5,,,,s-x,"


@pytest.fixture
def problems(nevkg: Nevkg, data: Layout) -> Callable[..., list[str]]:
    """Imports bad tables and returns the reported problems."""

    def run(place: Path, *options: str) -> list[str]:
        before = contents(data.data)
        result = nevkg("import", str(place), *options, "--data", str(data.data))
        assert (result.code, result.err) == (1, "")
        *lines, last = result.out.splitlines()
        assert last.endswith("nothing was written.")
        assert "Traceback" not in result.out
        assert contents(data.data) == before
        assert [path for path in data.data.parent.iterdir() if path.name.startswith(".nevkg")] == []
        return lines

    return run


FindProblems = Callable[..., list[str]]


def write_facts(tables: Tables, text: str | bytes) -> Path:
    """Writes the collection with this content as its table of facts."""
    content = text.encode() if isinstance(text, str) else text
    (tables.write() / "plant_facts.csv").write_bytes(content)
    return tables.folder


# Cells


@pytest.mark.parametrize(
    ("table", "cells", "column", "message"),
    [
        ("sources", {"published": "1/7/2025"}, "published", "'1/7/2025' can be read in more than one way; write the date as 2025-07-01."),
        ("sources", {"published": "2025-13-01"}, "published", "'2025-13-01' is not in the calendar; write the date as 2025, 2025-07,"),
        ("plant_facts", {"as_of": "2025-02-30"}, "as_of", "'2025-02-30' is not in the calendar"),
        ("policies", {"issued": "1.7.25"}, "issued", "'1.7.25' can be read in more than one way"),
        ("policies", {"effective_from": "soon"}, "effective_from", "'soon' is not a date; write it as 2025, 2025-07,"),
        (
            "events",
            {"date": "2025-05", "date_precision": "day"},
            "date",
            "has the precision month, but the row states day; correct one of them.",
        ),
        ("sources", {"url": ""}, "url", "the cell is empty; a value is required."),
        ("sources", {"url": "example.org"}, "url", "'example.org' does not match the format of the column: the web address"),
        ("sources", {"url": "https://[x"}, "url", "this is not a web address"),
        ("sources", {"url": "https://x.org/a|b"}, "url", "this is not a web address; write characters such as | or {"),
        ("sources", {"language": "English"}, "language", "'English' does not match the format of the column: BCP 47 code"),
        ("sources", {"source_id": "../../s-x"}, "source_id", "'../../s-x' does not match the format of the column: s- and a slug"),
        ("sources", {"kind": "blog"}, "kind", "'blog' is not a code of the vocabulary."),
        ("sources", {"rests_on": "s-odl"}, "rests_on", "there is no source 's-odl'. Did you mean s-old?"),
        ("plants", {"country": "Thailand"}, "country", "'Thailand' is not a code; write TH."),
        ("plants", {"country": "XX"}, "country", "no Place is called 'XX'."),
        ("plants", {"automaker_org_ids": "a|camm"}, "automaker_org_ids", "no Organization is called 'camm'. Did you mean caam?"),
        (
            "plants",
            {"arrangement": "joint venture"},
            "arrangement",
            "'joint venture' is not a code of the vocabulary. Did you mean joint-ven",
        ),
        ("plants", {"plant_id": "Plant Q"}, "plant_id", "'Plant Q' does not match the format of the column: slug of operator and place."),
        (
            "organizations",
            {"hq_city": "Rayong"},
            "hq_city",
            "'Rayong' cannot be identified: another cell of the row that it depends on is empty.",
        ),
        ("plant_facts", {"plant_id": "pp"}, "plant_id", "no Plant is called 'pp'. Did you mean p?"),
        ("plant_facts", {"source_id": "s-y"}, "source_id", "there is no source 's-y' in sources.csv or in the data. Did you mean s-x?"),
        (
            "plant_facts",
            {"attribute": "capcity"},
            "attribute",
            "the format has no code 'capcity'. Did you mean capacity or planned-capacity or battery-capacity?",
        ),
        ("plant_facts", {"value": "1,000"}, "value", "'1,000' contains separators; write 1000 if that is the number."),
        ("plant_facts", {"value": "many"}, "value", "'many' is not a plain number such as 490000000 or 17.5."),
        ("plant_facts", {"value": "-5"}, "", "gives a capacity that is not above zero: -5."),
        ("plant_facts", {"unit": "vehicles/yr"}, "unit", "'vehicles/yr' is not a code of the vocabulary. Did you mean vehicles/year"),
        ("plant_facts", {"qualifier": "abuot"}, "qualifier", "'abuot' is not a code of the vocabulary. Did you mean about?"),
        ("plant_facts", {"attribute": "investment"}, "unit", "the number has no unit; add one."),
        ("plant_facts", {"attribute": "status", "value": "runs"}, "value", "'runs' is not a code of the vocabulary."),
        ("plant_facts", {"automaker_org_id": "nobody"}, "automaker_org_id", "no Organization is called 'nobody'."),
        ("observations", {"value": "1 000"}, "value", "'1 000' contains separators; write 1000 if that is the number."),
        ("observations", {"metric": "sails"}, "metric", "the format has no code 'sails'. Did you mean sales or ev-sales or ships?"),
        ("observations", {"subject": "ministry"}, "subject", "no Agent is called 'ministry'."),
        ("market_presence", {"mode": "export"}, "mode", "the format has no code 'export'. Did you mean exports?"),
        ("claims", {"topics": "cots"}, "topics", "'cots' is not a code of the vocabulary. Did you mean cost?"),
        ("policies", {"targets": "bev|petrol"}, "targets", "'petrol'"),
        ("plant_facts", {"note": "=SUM(A1:A9)"}, "note", "the cell contains a formula (=SUM(A1:A9)); replace it with its value."),
        ("plant_facts", {"note": "+cmd(1)"}, "note", "the cell contains a formula"),
        ("plant_facts", {"note": "x" * 20_001}, "note", "the cell has 20001 characters, more than 20000; shorten it."),
        ("plant_facts", {"note": "a\x07b"}, "note", "the cell contains control characters; remove them."),
    ],
)
def test_a_bad_cell_is_reported(
    tables: Tables, problems: FindProblems, table: str, cells: dict[str, str], column: str, message: str
) -> None:
    line = 3 if table == "sources" else 2
    lines = problems(tables.source().add(table, **VALID_ROWS[table] | cells).write())
    start = f"c/{table}.csv:{line}, {column}: " if column else f"c/{table}.csv:{line}: "
    assert message in lines[0]
    assert all(line.startswith(start) for line in lines), "only this cell is reported"


def test_all_problems_are_reported_together(tables: Tables, problems: FindProblems) -> None:
    tables.fact("capacity", "1,000", unit="cars", qualifier="abuot", as_of="1/7/2025", source_id="s-y").fact("capcity", "5")
    tables.add("plants", plant_id="q", name="Q", country="Siam", arrangement="own")
    assert [line.partition(": ")[0] for line in problems(tables.write())] == [
        "c/plant_facts.csv:2, as_of",
        "c/plant_facts.csv:2, qualifier",
        "c/plant_facts.csv:2, source_id",
        "c/plant_facts.csv:2, unit",
        "c/plant_facts.csv:2, value",
        "c/plant_facts.csv:3, attribute",
        "c/plants.csv:2, arrangement",
        "c/plants.csv:2, country",
    ]


def test_at_most_a_thousand_problems_are_reported(tables: Tables, nevkg: Nevkg, data: Layout) -> None:
    for number in range(1200):
        tables.fact("capacity", f"no-{number}")
    result = nevkg("import", str(tables.write()), "--data", str(data.data))
    assert result.code == 1
    assert len(result.out.splitlines()) == 1001
    assert result.out.endswith("1,000 problems or more; nothing was written.\n")


def test_different_rows_with_the_same_key_are_refused(tables: Tables, problems: FindProblems) -> None:
    person = {"person_id": "zhou", "name": "Zhou Wei", "role": "chair"}
    (line,) = problems(tables.add("people", org_id="a", **person).add("people", org_id="b", **person).write())
    assert (
        line == "c/people.csv:3, org_id: line 2 has the same key (person_id, source_id) but another org_id; "
        "correct the key or remove one of the rows."
    )


def test_equal_rows_are_no_problem(tables: Tables, data: Layout) -> None:
    tables.fact("jobs", "5").fact("jobs", "5").import_into(data)
    assert len(statements(data)) == 1


# Files


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (f"{HEADER}\n{ROW}\n".replace(",", ";"), ":1", "the columns are not separated by commas; save the table as CSV with commas."),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), ":1", "the columns are not separated by commas"),
        (f"{HEADER}\n{ROW}\n".replace(",unit", ""), ":1", "the column unit is missing; add it"),
        (
            f"{HEADER},valeu\n{ROW},\n",
            ":1, valeu",
            "the format has no such column. Did you mean value? The columns are plant_id, attribute,",
        ),
        (f"{HEADER},note\n{ROW},\n", ":1, note", "the column appears twice; remove one."),
        (f"{HEADER},备注\n{ROW},\n", ":1, note", "the column appears twice; remove one."),
        ("", "", "the file is empty; the first line must name the columns."),
        (
            f"{HEADER}\n{ROW}\n{ROW},\n{ROW}a,b\n",
            ":4",
            "the row has 9 cells, the header 8; put cells that contain a comma in quotation marks.",
        ),
        (f"{HEADER}\n{ROW}\np,jobs\n", ":3", "the row has 2 cells, the header 8"),
        (f'{HEADER}\n{ROW}\np,jobs,"5"x,,,,s-x,\n', ":3", "this line cannot be read as CSV"),
        (f'{HEADER}\n{ROW}\np,jobs,"5,,,,s-x,\n', ":3", "check the quotation marks."),
        (f'"{HEADER}'.replace(",", '";"'), ":1", "this line cannot be read as CSV"),
        (f"{HEADER}\np,jobs,5,,,,s-x,汽车\n".encode("gbk"), ":2", "this is not UTF-8 text (it may be GBK); save the file as CSV UTF-8."),
        (f"{HEADER}\np,jobs,5,,,,s-x,São\n".encode("cp1252"), ":2", "(it may be Windows-1252); save the file as CSV UTF-8."),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), ":1", "this is not UTF-8 text but UTF-16; save the file as CSV UTF-8."),
        (f"{HEADER}\n{ROW}\n".encode("utf-16-le"), "", "this is not a text file; save the table as CSV UTF-8."),
        (b"\0" * 100, "", "this is not a text file"),
        (bytes(range(256)) * 40, ":2", "this is not UTF-8 text"),
        (b"PK\x03\x04" + b"x" * 100, "", "this is a workbook, not a CSV file; rename it to end in .xlsx or save it as CSV UTF-8."),
    ],
)
def test_a_bad_file_is_reported(tables: Tables, problems: FindProblems, content: str | bytes, place: str, message: str) -> None:
    lines = problems(write_facts(tables, content))
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"c/plant_facts.csv{place}: ")
    assert message in lines[0]


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEADER}\n{ROW}\n",
        f"{HEADER}\n{ROW}\n".replace("\n", "\r\n"),
        f"{HEADER}\n{ROW}\n".replace("\n", "\r"),
        f"\ufeff{HEADER}\r\n{ROW}",
        f"{HEADER}\n\n,,,,,,,\n{ROW},,\n",
        f"{HEADER},,\n p , jobs,5 ,,,,s-x,,,\n",
        f'"{HEADER}"\n{ROW}\n'.replace('"', "").replace("plant_id", '"plant_id"'),
    ],
)
def test_harmless_differences_are_accepted(tables: Tables, data: Layout, nevkg: Nevkg, content: str) -> None:
    result = nevkg("import", str(write_facts(tables, content)), "--data", str(data.data))
    assert (result.code, result.err) == (0, "")
    assert statement(data)["number"] == "5"


def test_line_numbers_count_lines_within_cells(tables: Tables, problems: FindProblems) -> None:
    text = f'{HEADER}\np,jobs,5,,,,s-x,"one\ntwo\nthree"\np,jobs,x,,,,s-x,\n'
    assert problems(write_facts(tables, text)) == ["c/plant_facts.csv:5, value: 'x' is not a plain number such as 490000000 or 17.5."]


def test_tables_without_rows_are_accepted(tables: Tables, data: Layout, nevkg: Nevkg) -> None:
    assert nevkg("import", str(write_facts(tables, HEADER)), "--data", str(data.data)).code == 0
    assert statements(data) == []


def test_an_unknown_table_is_reported(tables: Tables, problems: FindProblems) -> None:
    (tables.write() / "plant_fact.csv").write_text(HEADER, encoding="utf-8")
    (line,) = problems(tables.folder)
    assert line.startswith("c/plant_fact.csv: no table of the format has this name. Did you mean plant_facts or policy_facts or plants?")


def test_lock_files_and_other_files_are_ignored(tables: Tables, data: Layout, nevkg: Nevkg) -> None:
    for name in ("~$book.xlsx", "._plants.csv", ".~lock.plants.csv#", "notes.txt"):
        (tables.fact("jobs", "5").write() / name).write_bytes(b"\0\1")
    assert nevkg("import", str(tables.folder), "--data", str(data.data)).code == 0


def test_links_are_not_followed(tables: Tables, problems: FindProblems, tmp_path: Path) -> None:
    """A message about a table quotes its first line, and links can lead to any file."""
    secret = tmp_path / "secret"
    secret.write_text("password\n", encoding="utf-8")
    (tables.write() / "plants.csv").symlink_to(secret)
    assert problems(tables.folder) == [
        "c/plants.csv: this is not a regular file; put the table itself here, not a link, a pipe or a folder."
    ]


def test_a_linked_folder_is_no_collection(tables: Tables, tmp_path: Path, nevkg: Nevkg) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "linked").symlink_to(tables.write())
    assert "contains no tables" in nevkg("import", str(tmp_path / "all")).err


def test_a_pipe_is_refused(tables: Tables, data: Layout) -> None:
    os.mkfifo(tables.write() / "plants.csv")
    command = [sys.executable, "-m", "nevkg", "import", str(tables.folder), "--data", str(data.data)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("c/plants.csv: this is not a regular file;")


@pytest.mark.parametrize("character", "\u200f\u202e\u2066\u061c")
def test_characters_that_change_the_direction_of_text_are_reported(tables: Tables, problems: FindProblems, character: str) -> None:
    (line,) = problems(write_facts(tables, f"{HEADER}\np,jobs,5,,,,s-x,a{character}b\n"))
    assert line == "c/plant_facts.csv:2, note: the cell contains invisible characters that change the direction of text; remove them."


@pytest.mark.parametrize("pattern", quick_every(5, [b"\xa7", b"x", b"x\n", b'"', b"p,jobs,5,,,,s-x,\n"]))
def test_a_hundred_megabytes_of_rubbish(tables: Tables, data: Layout, pattern: bytes) -> None:
    """One file is too large, and one is just within the limit."""
    head = f"{HEADER}\n".encode() if b"jobs" in pattern else b""
    place = write_facts(tables, head + pattern * (60_000_000 // len(pattern)))
    (place / "blocs.csv").write_bytes(pattern * (100_000_000 // len(pattern)))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, resource.RLIM_INFINITY))

    command = [sys.executable, "-m", "nevkg", "import", str(place), "--data", str(data.data)]
    result = subprocess.run(command, capture_output=True, preexec_fn=limit, timeout=60, check=False)
    lines = result.stdout.decode().splitlines()
    assert (result.returncode, result.stderr) == (1, b"")
    assert lines[0] == "c/blocs.csv: the file is larger than 64 MB; split it into several folders."
    assert lines[1].startswith("c/plant_facts.csv")
    assert len(result.stdout) < 2000


# Workbooks


def workbook(place: Path, facts: Iterable[Sequence[object]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("sources", [["source_id", "url", "title", "publisher", "published", "language"], SOURCE]), ("plant_facts", facts)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    place.mkdir(parents=True, exist_ok=True)
    book.save(place / "book.xlsx")
    return place / "book.xlsx"


SOURCE = ["s-x", "https://example.org/x", "T", "Paper", "2025", "en"]
COLUMNS = HEADER.split(",")


def test_a_bad_cell_of_a_workbook(tmp_path: Path, problems: FindProblems) -> None:
    from datetime import date

    rows: list[list[object]] = [
        [*COLUMNS],
        ["p", "jobs", "=1+2", *[None] * 3, "s-x", None],
        ["p", "capacity", 2.5, None, None, date(2025, 5, 1), "s-y"],
    ]
    assert [line.partition("; ")[0] for line in problems(workbook(tmp_path, rows))] == [
        "book.xlsx[plant_facts]:2, value: the cell contains a formula (=1+2)",
        "book.xlsx[plant_facts]:3, source_id: there is no source 's-y' in sources.csv or in the data. Did you mean s-x?",
    ]


@pytest.mark.parametrize("content", [b"", b"source_id,url\n", b"PK\x03\x04 rubbish", b"\0" * 1000])
def test_an_invalid_workbook_is_reported(tmp_path: Path, problems: FindProblems, content: bytes) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)
    assert problems(tmp_path / "book.xlsx") == ["book.xlsx: this is not a workbook; save it as .xlsx."]


def change_part(book: Path, entry: str, change: Callable[[bytes], bytes]) -> Path:
    """Changes one part of a workbook."""
    with zipfile.ZipFile(book) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, change(content) if name == entry else content)
    return book


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("xl/workbook.xml", "book.xlsx: the workbook cannot be read; open it in a spreadsheet program and save it again as .xlsx."),
        ("xl/worksheets/sheet2.xml", "book.xlsx[plant_facts]: the sheet cannot be read; open it in a spreadsheet program"),
    ],
)
def test_a_broken_workbook(tmp_path: Path, problems: FindProblems, entry: str, message: str) -> None:
    book = change_part(workbook(tmp_path, [COLUMNS, ["p", "jobs", 5]]), entry, lambda content: content[: len(content) * 2 // 3])
    (line,) = problems(book)
    assert line.startswith(message)


def test_a_workbook_with_a_damaged_byte(tmp_path: Path, problems: FindProblems) -> None:
    book = workbook(tmp_path, [COLUMNS, *[["p", "jobs", number, None, None, None, "s-x", "x" * 50] for number in range(1, 400)]])
    content = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        part = archive.getinfo("xl/worksheets/sheet2.xml")
    content[part.header_offset + part.compress_size] ^= 255
    book.write_bytes(content)
    (line,) = problems(book)
    assert line.startswith("book.xlsx[plant_facts]: the sheet cannot be read")


def test_a_zip_bomb_is_refused(tmp_path: Path, problems: FindProblems) -> None:
    book = change_part(workbook(tmp_path, [COLUMNS]), "xl/worksheets/sheet2.xml", lambda content: content + b" " * 200_000_000)
    assert book.stat().st_size < 1_000_000
    assert problems(book) == ["book.xlsx: the workbook unpacks to 190 MB, more than 64 MB; it is not opened."]


def test_a_workbook_with_too_many_rows_is_refused(tmp_path: Path, problems: FindProblems) -> None:
    book = workbook(tmp_path, [COLUMNS, ["p", "jobs", 5]])
    change_part(book, "xl/worksheets/sheet2.xml", lambda content: content.replace(b'<row r="2"', b'<row r="999999999"'))
    (line,) = problems(book)
    assert line == "book.xlsx[plant_facts]: the file has more than 250,000 rows; split it into several folders."


def test_a_wrong_dimension_in_a_workbook_is_ignored(tmp_path: Path, data: Layout, nevkg: Nevkg) -> None:
    book = workbook(tmp_path, [COLUMNS, *[["p", "jobs", number, None, None, None, "s-x"] for number in (5, 6)]])
    change_part(book, "xl/worksheets/sheet2.xml", lambda content: re.sub(b'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', content))
    assert nevkg("import", str(book), "--data", str(data.data)).code == 0
    assert {fact["number"] for fact in statements(data)} == {"5", "6"}


def test_an_unknown_sheet_is_reported(tmp_path: Path, problems: FindProblems) -> None:
    book = change_part(
        workbook(tmp_path, [COLUMNS, ["p"]]), "xl/workbook.xml", lambda content: content.replace(b"plant_facts", b"plants_fact")
    )
    (line,) = problems(book)
    assert line.startswith("book.xlsx[plants_fact]: no table of the format has this name. Did you mean plant_facts or")


def test_a_hidden_sheet_is_reported(tmp_path: Path, problems: FindProblems) -> None:
    from openpyxl import load_workbook

    book = load_workbook(place := workbook(tmp_path, [COLUMNS, ROW.split(",")]))
    book["plant_facts"].sheet_state = "hidden"
    book.save(place)
    assert problems(place) == ["book.xlsx[plant_facts]: the sheet is hidden; show it, so that its rows can be seen, or remove it."]


# Places


def test_paths_without_tables_are_refused(tmp_path: Path, nevkg: Nevkg) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "table.csv").write_text("a,b\n", encoding="utf-8")
    assert "name the folder that holds the tables" in nevkg("import").error().lower()
    assert "none does not exist; name a folder of tables or a workbook." in nevkg("import", str(tmp_path / "none")).error()
    assert "empty contains no tables; 'nevkg import --template" in nevkg("import", str(tmp_path / "empty")).error()
    assert "table.csv is not a workbook (.xlsx); name a workbook or the folder" in nevkg("import", str(tmp_path / "table.csv")).error()
    assert "'yesterday' is not a day" in nevkg("import", str(tmp_path), "--collected", "yesterday").error()


def test_two_collections_with_one_name_are_refused(tmp_path: Path, nevkg: Nevkg) -> None:
    for name in ("a", "b"):
        Tables(tmp_path / name / "c").write()
    message = nevkg("import", str(tmp_path / "a" / "c"), str(tmp_path / "b" / "c")).error()
    assert "Two collections are called 'c'; rename one" in message


def test_an_unreadable_table_is_reported(tables: Tables, nevkg: Nevkg, data: Layout) -> None:
    place = tables.write() / "plants.csv"
    place.mkdir()
    assert "plants.csv: this is not a regular file;" in nevkg("import", str(tables.folder), "--data", str(data.data)).out
    if os.geteuid() != 0:
        place.rmdir()
        place.touch(mode=0)
        assert "plants.csv cannot be read: Permission denied." in nevkg("import", str(tables.folder), "--data", str(data.data)).error(3)


# Merges


def test_circular_merges_are_reported(tmp_path: Path, tables: Tables, nevkg: Nevkg) -> None:
    circle = "".join(f"judgement:{a} a nev:Merge ; nev:replaced agent:{a} ; nev:replacement agent:{b} .\n" for a, b in ("ab", "ba"))
    data = write_small_data(tmp_path, circle)
    message = nevkg("import", str(tables.fact("jobs", "5", automaker_org_id="Alpha Motor").write()), "--data", str(data.data)).error(1)
    assert "form a cycle" in message


@pytest.mark.parametrize(
    "text",
    [
        f'{HEADER}\n{ROW}\np,jobs,"5"x,,,,s-x,\n',
        f"{HEADER}\np,jobs,5,,,,s-x,\np,jobs,6,,,,s-x,汽车\n".encode("gbk"),
        f"{HEADER},x\n{ROW},\n",
    ],
)
def test_an_unreadable_file_is_not_imported_in_part(tables: Tables, problems: FindProblems, text: str | bytes) -> None:
    assert len(problems(write_facts(tables, text), "--partial")) == 1


def test_partial_leaves_out_rows_that_depend_on_bad_rows(tables: Tables, data: Layout, nevkg: Nevkg) -> None:
    tables.source().source("s-z", "no address").fact("jobs", "5", source_id="s-z").fact("area", "9")
    tables.add("plants", plant_id="q", name="Q", country="TH", source_id="s-z").add(
        "plant_facts", plant_id="q", attribute="jobs", value="7"
    )
    assert nevkg("import", str(tables.write()), "--partial", "--data", str(data.data)).code == 0
    assert [fact["number"] for fact in statements(data)] == ["9"]
    with (tables.folder.with_name("c.rejected") / "plant_facts.csv").open(encoding="utf-8", newline="") as file:
        assert [row["value"] for row in csv.DictReader(file)] == ["5", "7"]


def test_missing_columns_of_every_table_are_reported(tables: Tables, problems: FindProblems) -> None:
    folder = tables.write()
    for name in TABLES:
        (folder / f"{name}.csv").write_text("note\n", encoding="utf-8")
    lines = problems(folder)
    assert len([line for line in lines if "missing; add " in line]) == len(TABLES)
