"""Reviewing a collection: decisions in its folder, what an import makes of them, and the local server of the page."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.conftest import Nevkg
from tests.support.contributions import TABLES, TODAY, Tables, contents
from tests.support.reviews import CELLS, TEXT, write_collection
from tests.support.worlds import CURRENT

from nevkg.contribute.importer import import_collections
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData, WrongUsage
from nevkg.publish.diff.account import describe_changes
from nevkg.publish.diff.delta import compare_states
from nevkg.publish.diff.rendering import list_changes_of_answers, list_changes_of_facts
from nevkg.publish.states import open_layout
from nevkg.review import outcome
from nevkg.review.knowledge import check_rows
from nevkg.review.review import Review, ReviewRow, RowChanged
from nevkg.review.server import ReviewServer
from nevkg.store import open_snapshot

SPACES = terms.prefixes(CURRENT.ontology)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_collection(tmp_path / "c")


@pytest.fixture
def review(folder: Path) -> Review:
    review = Review(folder, TABLES)
    review.begin()
    return review


@pytest.fixture
def stated(data: Layout, folder: Path) -> Layout:
    """The data with what an earlier page states. All tests have the same, so that its history is derived once."""
    import_collections(data, [write_collection(folder.with_name("earlier"), source="s-y", published="2024-03-01")], TODAY)
    return data


def find(review: Review, **cells: str) -> ReviewRow:
    (found,) = (each for each in review.read_rows() if cells.items() <= each.row.cells.items() and each.row.table != "sources")
    return found


def states(review: Review) -> dict[str, str]:
    return {each.row.cells.get("value", each.row.table): each.state for each in review.read_rows()}


def test_rows_are_in_the_order_of_the_text_with_the_places_of_their_quotes(review: Review) -> None:
    rows = review.read_rows()
    assert [each.row.cells.get("value", each.row.table) for each in rows] == ["sources", "1000", "250", "5"]
    assert [TEXT[each.start : each.end] for each in rows[1:3]] == [each.row.cells["quote"] for each in rows[1:3]]
    assert rows[3].start is None  # its quote is not in the text
    assert (rows[1].confidence, rows[1].reason) == (0.8, "a number with a unit")


def test_places_are_counted_as_browsers_count(folder: Path, review: Review) -> None:
    (folder / "texts" / "s-x.txt").write_text(f"😀𠮷 {TEXT}", encoding="utf-8")
    each = find(review, value="250")
    before = f"😀𠮷 {TEXT}".encode("utf-16-le")
    assert before[2 * (each.start or 0) : 2 * (each.end or 0)].decode("utf-16-le") == each.row.cells["quote"]


def test_import_takes_accepted_rows_and_the_sources_that_they_cite(data: Layout, folder: Path, review: Review) -> None:
    review.decide(find(review, value="1000").id, "accepted")
    review.decide(find(review, value="5").id, "rejected", "Wrong value")
    result = import_collections(data, [folder], TODAY, dry=True)
    assert (result.problems, result.new_statements, [row.cells["value"] for row in result.unreviewed]) == ([], 1, ["250"])
    assert import_collections(data, [folder], TODAY, dry=True, unreviewed=True).new_statements == 2


def test_a_folder_without_decisions_is_imported_whole(data: Layout, folder: Path) -> None:
    assert import_collections(data, [folder], TODAY, dry=True).new_statements == 3


def test_an_error_in_a_rejected_row_keeps_nothing_from_being_imported(data: Layout, folder: Path, review: Review) -> None:
    review.edit(find(review, value="5").id, {"value": "=1+1"})
    review.decide(find(review, attribute="area").id, "rejected", "Wrong value")
    review.decide(find(review, value="250").id, "accepted")
    assert import_collections(data, [folder], TODAY, dry=True).problems == []


def test_replacing_needs_a_decision_on_every_row(data: Layout, folder: Path, review: Review) -> None:
    review.decide(find(review, value="1000").id, "accepted")
    with pytest.raises(WrongUsage, match="not reviewed"):
        import_collections(data, [folder], TODAY, replacing=True)


def test_each_step_is_saved_and_can_be_undone(folder: Path, review: Review) -> None:
    before = contents(folder)
    review.decide(find(review, value="1000").id, "accepted")
    review.edit(find(review, value="250").id, {"value": "260", "due": "2027"})
    review.add("plant_facts", CELLS | {"attribute": "status", "value": "operating", "quote": "opened"})
    review.decide(find(review, value="5").id, "rejected", "Wrong value")
    again = Review(folder, TABLES)
    assert states(again) == {"sources": "open", "1000": "accepted", "260": "accepted", "operating": "accepted", "5": "rejected"}
    assert [each.because for each in again.read_rows() if each.state == "rejected"] == ["Wrong value"]
    while review.can_undo:
        review.undo()
    assert states(review) == {"sources": "open", "1000": "open", "250": "open", "5": "open"}
    changed = {name for name, digest in contents(folder).items() if before.get(name) != digest}
    assert changed <= {"c/plant_facts.csv", "plant_facts.csv"}  # a column that a cell needed stays, empty
    assert review.undo() == ""


def test_other_rows_of_a_table_stay_as_they_are(folder: Path, review: Review) -> None:
    path = folder / "plant_facts.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    review.edit(find(review, value="250").id, {"value": "251"})
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if line not in lines] == [
        next(line for line in lines if ",250," in line).replace(",250,", ",251,")
    ]


def test_titles_in_chinese_name_the_columns(folder: Path, review: Review) -> None:
    path = folder / "plant_facts.csv"
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    titles = [(TABLES["plant_facts"].columns[name].titles or {})["zh"][0] for name in header.split(",")]
    path.write_text(",".join(titles) + "\n" + rest, encoding="utf-8")
    review.edit(find(review, value="250").id, {"value": "251"})
    assert find(review, value="251").state == "accepted"


def test_a_step_on_a_row_that_has_changed_elsewhere_is_refused(folder: Path, review: Review) -> None:
    each = find(review, value="250")
    Review(folder, TABLES).edit(each.id, {"value": "300"})
    with pytest.raises(RowChanged):
        review.decide(each.id, "accepted")
    review.decide(find(review, value="1000").id, "accepted")
    path = folder / "plant_facts.csv"  # a spreadsheet changes a row that was decided on
    path.write_text(path.read_text(encoding="utf-8").replace(",1000,", ",1001,"), encoding="utf-8")
    assert states(review)["1001"] == "open"
    with pytest.raises(RowChanged):
        review.undo()


@pytest.mark.parametrize(
    ("cells", "message"),
    [({"value": "x" * 20_001}, "20,001 characters"), ({"nothing": "1"}, "no column"), ({"value": "1000", "attribute": "capacity"}, "same")],
)
def test_what_cannot_be_written_is_refused(folder: Path, review: Review, cells: dict[str, str], message: str) -> None:
    other = find(review, value="250")
    if "attribute" in cells:
        cells = dict(find(review, value="1000").row.cells)
    before = contents(folder)
    with pytest.raises(WrongUsage, match=message):
        review.edit(other.id, cells)
    assert contents(folder) == before


def test_a_rejection_needs_a_reason(review: Review) -> None:
    with pytest.raises(WrongUsage, match="reason"):
        review.decide(find(review, value="250").id, "rejected", " ")


@pytest.mark.parametrize("content", ["", "[]", '{"decisions": [{"table": 1}]}', '{"decisions": [{"table":"a","cells":{},"state":"x"}]}'])
def test_damaged_decisions_are_an_error_and_not_ignored(folder: Path, review: Review, content: str) -> None:
    (folder / "review.json").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidData, match="is damaged"):
        review.read_rows()


def test_a_folder_without_texts_is_refused(nevkg: Nevkg, tmp_path: Path) -> None:
    assert "has no folder texts" in nevkg("review", str(tmp_path)).error()
    assert "is not a folder" in nevkg("review", str(tmp_path / "x")).error()
    assert "--finish" in nevkg("review", str(tmp_path), "--yes").error()


@pytest.fixture
def server(data: Layout, review: Review) -> ReviewServer:
    return ReviewServer(data, review, TODAY)


@pytest.fixture
def client(server: ReviewServer) -> Iterator[TestClient]:
    with TestClient(server.app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        client.base_url = client.base_url.join(f"/{server.token}/")
        yield client


def rows_of(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["cells"].get("value") or row["table"]: row for row in state["rows"]}


def test_every_address_needs_the_token(server: ReviewServer, client: TestClient) -> None:
    paths = [re.sub(r"\{token\}", "wrong", route.path).replace("{name}", "review.js") for route in server.app.routes]  # type: ignore[attr-defined]
    assert len(paths) > 10
    for path in ["/", "/favicon.ico", *paths]:
        for method in ("GET", "POST"):
            response = client.request(method, f"http://127.0.0.1{path}")
            assert response.status_code in (404, 405), path
            assert "Thai" not in response.text
    assert client.get("http://127.0.0.1/%F0%9F%98%80/state").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_host_names_are_refused(client: TestClient, host: str) -> None:
    assert client.get("state", headers={"Host": host}).status_code in (400, 421)


def test_no_other_site_can_read_or_send_anything(client: TestClient) -> None:
    response = client.get("", headers={"Origin": "https://evil.example"})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control")]
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert response.headers["referrer-policy"] == "no-referrer"
    assert client.options("decide", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}).status_code in (
        404,
        405,
    )
    row = rows_of(client.get("state").json())["250"]["id"]
    body = json.dumps({"row": row, "state": "accepted"})
    assert client.post("decide", content=body, headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"row": 1}',
        b'{"row": "x", "state": "accepted"}',
        b"[" * 100_000,
        b'{"row": "\\ud800", "table": "plant_facts", "cells": {"note": "\\ud800"}}',
        b"{" + b" " * 2_000_000,
    ],
)
def test_malformed_requests_are_refused_with_a_sentence(client: TestClient, body: bytes) -> None:
    for name in ("decide", "edit", "add"):
        response = client.post(name, content=body, headers={"Content-Type": "application/json"})
        assert response.status_code in (400, 409, 413)
        assert response.json()["detail"].endswith((".", "?"))


def test_the_page_has_its_scripts_styles_and_colours(client: TestClient) -> None:
    page = client.get("").text
    linked = re.findall(r'(?:href|src)="([\w.-]+)"', page)
    assert {"review.css", "review.js"} <= set(linked)
    files = {name: client.get(name) for name in linked}
    assert {name for name, response in files.items() if response.status_code != 200} == set()
    styles = "".join(response.text for name, response in files.items() if name.endswith(".css"))
    assert set(re.findall(r"var\((--[\w-]+)", files["review.css"].text)) <= set(re.findall(r"(--[\w-]+):", styles))


def test_files_outside_the_page_are_not_served(client: TestClient, folder: Path) -> None:
    for name in ("outcome.py", "server.py", "%2e%2e%2fserver.py", "..%2f..%2fplant_facts.csv", "review.json"):
        assert client.get(name).status_code == 404, name
    assert client.get("text", params={"source": "../plant_facts"}).status_code == 404
    assert client.get("text", params={"source": "s-x"}).json()["text"] == (folder / "texts" / "s-x.txt").read_text(encoding="utf-8")


def test_two_windows_see_each_other(client: TestClient) -> None:
    row = rows_of(client.get("state").json())["250"]["id"]
    assert client.post("edit", json={"row": row, "cells": {"value": "251"}}).status_code == 200
    late = client.post("decide", json={"row": row, "state": "accepted"})
    assert (late.status_code, "changed elsewhere" in late.json()["detail"]) == (409, True)
    assert rows_of(client.get("state").json())["251"]["state"] == "accepted"
    assert rows_of(client.post("undo", json={}).json())["250"]["state"] == "open"


def test_rows_have_the_errors_and_doubts_of_the_import(client: TestClient) -> None:
    state = rows_of(client.get("state").json())
    client.post("edit", json={"row": state["5"]["id"], "cells": {"as_of": "31.12.2025"}})
    rows, checks = rows_of(client.get("state").json()), client.get("checks").json()
    assert [error["column"] for error in checks[rows["5"]["id"]]["errors"]] == ["as_of"]
    assert any("does not mention the number 1000" in doubt["message"] for doubt in checks[rows["1000"]["id"]]["doubts"])
    assert rows["250"]["id"] not in checks
    client.post("edit", json={"row": rows["250"]["id"], "cells": {"note": "a\u202eb"}})
    (errors,) = (each["errors"] for each in client.get("checks").json().values() if any(one["column"] == "note" for one in each["errors"]))
    assert "direction of text" in errors[0]["message"]


@pytest.mark.usefixtures("stated")
def test_a_row_shows_what_the_data_states(client: TestClient) -> None:
    row = rows_of(client.get("state").json())["250"]["id"]
    (group,) = client.get("known", params={"row": row}).json()["known"]
    (said,) = group["statements"]
    assert (group["subject"], said["value"], said["same"], said["source"]["publisher"]) == ("Plant P", "250 people", True, "Paper")
    assert client.get("known", params={"row": row, "lang": "zh"}).json()["known"][0]["subject"] == "工厂P"
    assert client.get("known", params={"row": "x"}).json() == {"known": []}


@pytest.mark.usefixtures("stated")
def test_facts_derived_from_statements_are_not_listed_beside_them(data: Layout, folder: Path, client: TestClient) -> None:
    earlier = Tables(folder.with_name("earlier")).source("s-y", url="https://example.org/s-y")
    earlier.fact("status", "operating", as_of="2024-03-01", source_id="s-y").import_into(data)
    row = rows_of(client.get("state").json())["250"]["id"]
    rows = client.post("edit", json={"row": row, "cells": {"attribute": "status", "value": "operating", "unit": ""}}).json()["rows"]
    (row,) = (each["id"] for each in rows if each["cells"].get("attribute") == "status")
    (group,) = client.get("known", params={"row": row}).json()["known"]
    assert [said["source"]["publisher"] for said in group["statements"]] == ["Paper"]


def test_cells_have_codes_or_completions(client: TestClient) -> None:
    choices = client.get("choices", params={"table": "plant_facts", "cell.attribute": "status"}).json()
    assert {"value": "operating", "label": "operating"} in [{**code, "label": code["label"].lower()} for code in choices["value"]["codes"]]
    assert "capacity" in {code["value"] for code in choices["attribute"]["codes"]}
    assert "vehicles/year" in {code["value"] for code in choices["unit"]["codes"]}
    assert choices["plant_id"]["completes"]
    assert not choices["note"]["codes"]
    assert not client.get("choices", params={"table": "plant_facts", "cell.attribute": "capacity"}).json()["value"]["codes"]
    found = client.get("completions", params={"table": "plant_facts", "column": "plant_id", "text": "工厂"}).json()
    assert [each["value"] for each in found] == ["p"]
    assert client.get("choices", params={"table": "x"}).status_code == 404


def test_rows_of_the_flat_table_are_checked_as_the_import_expands_them(data: Layout, folder: Path, review: Review) -> None:
    (folder / "facts.csv").write_text(
        "subject,property,value,unit,when,kind,quote,source\n"
        "p,jobs,251,persons,2025,,Plant P employs 250 people,s-x\n"
        "p,capacity,many,vehicles/year,2025-13,,It can build many cars a year,s-x\n",
        encoding="utf-8",
    )
    rows = [each.row for each in review.read_rows() if each.row.table == "facts"]
    checks = check_rows(data, TABLES, [*rows, *(each.row for each in review.read_rows() if each.row.table == "sources")], TODAY)
    good, bad = sorted(rows, key=lambda row: row.line)
    assert [said.value for said in checks.stated[good.file, good.line]] == ["251"]
    assert any("does not mention the number 251" in doubt.message for doubt in checks.doubts[good.file, good.line])
    assert "value" in {error.column for error in checks.errors[bad.file, bad.line]}
    assert (bad.file, bad.line) not in checks.stated


def test_the_import_takes_what_the_reviewer_has_seen(data: Layout, client: TestClient) -> None:
    before = contents(data.data)
    row = rows_of(client.get("state").json())["250"]["id"]
    client.post("decide", json={"row": row, "state": "accepted"})
    preview = client.get("preview").json()
    assert (preview["can"], "1 new statement" in preview["report"]) == (True, True)
    client.post("undo", json={})
    assert client.post("import", json={"version": preview["version"]}).status_code == 409
    assert contents(data.data) == before
    client.post("decide", json={"row": row, "state": "accepted"})
    assert "1 new statement" in client.post("import", json={"version": preview["version"]}).json()["report"]
    assert contents(data.data) != before


@pytest.mark.parametrize(("words", "end"), [((), "token/"), (("--lang", "zh"), "token/?lang=zh")])
def test_the_command_says_the_address(
    nevkg: Nevkg, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], end: str
) -> None:
    monkeypatch.setattr("nevkg.review.server.serve", lambda _server, _port, ready: ready("http://127.0.0.1:1/token/"))
    assert f"http://127.0.0.1:1/{end}\n" in nevkg("review", str(folder), *words).out


def test_finish_shows_the_answers_that_change_and_asks(nevkg: Nevkg, stated: Layout, folder: Path, review: Review) -> None:
    review.decide(find(review, value="250").id, "accepted")
    before = contents(stated.data)
    shown = nevkg("review", str(folder), "--finish", "--data", str(stated.data))
    assert shown.code == 0
    assert "250" in shown.out.partition("Statements and entities")[2].partition("Answers")[0]
    assert "last confirmed: 2024-03-01 → 2025-09-18" in shown.out.partition("Answers")[2]
    assert "Nothing was written" in shown.out
    assert contents(stated.data) == before


def test_a_dry_run_shows_the_answers_that_change(nevkg: Nevkg, stated: Layout, folder: Path) -> None:
    before = contents(stated.data)
    command = ("import", str(folder), "--unreviewed", "--answers", "--data", str(stated.data))
    assert "--answers is for --dry-run" in nevkg(*command).error()
    assert "leave it out with --new-terms" in nevkg(*command, "--dry-run", "--new-terms").error()
    shown = nevkg(*command, "--dry-run")
    assert "last confirmed: 2024-03-01 → 2025-09-18" in shown.out.partition("\nAnswers\n")[2], shown.out
    assert contents(stated.data) == before


def test_the_preview_compares_as_a_comparison_of_whole_states_does(stated: Layout, folder: Path, review: Review, tmp_path: Path) -> None:
    review.decide(find(review, value="250").id, "accepted")
    review.edit(find(review, value="5").id, {"attribute": "status", "value": "operating", "quote": "Plant P opened in Rayong"})
    result = outcome.run_import(stated, folder, TODAY, dry=True)
    facts, answers = outcome.compare(stated, result.changed, "en")

    changed = replace(stated, data=Path(shutil.copytree(stated.data, tmp_path / "changed")))
    outcome.run_import(changed, folder, TODAY, dry=False)
    before, after = open_layout(stated, "before"), open_layout(changed, "after")
    snapshots = [open_snapshot(state.store, after.date) for state in (before, after)]
    account = describe_changes(compare_states(before, after), "en", snapshots)
    assert (facts, answers) == (list(list_changes_of_facts(account, SPACES)), list(list_changes_of_answers(account)))
    assert len(answers) > 1


def test_a_long_text_with_many_rows_is_listed_quickly(folder: Path, review: Review) -> None:
    text = " ".join(f"Line {number} makes {number} cars." for number in range(5000))
    (folder / "texts" / "s-x.txt").write_text(text, encoding="utf-8")
    with (folder / "plant_facts.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(TABLES["plant_facts"].columns), restval="")
        for number in range(300):
            writer.writerow(CELLS | {"attribute": "output", "value": str(number), "quote": f"Line {number * 10} makes {number * 10} cars."})
    rows = [each for each in review.read_rows() if each.row.cells.get("attribute") == "output"]
    assert [text[each.start : each.end] for each in rows] == [each.row.cells["quote"] for each in rows]
