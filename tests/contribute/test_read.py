"""Reading a page: from a saved page to rows that can be imported."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.contributions import TABLES
from tests.support.worlds import World

from nevkg.lookup.api_queries import rows, text
from nevkg.review.review import Review, ReviewRow

# Invented; nothing in it is true. It has the facts of a typical article: an opening, a capacity, jobs, a partner, a plan, a claim.
ENGLISH = """<!doctype html><html lang="en"><head><title>Changan opens second plant in Thailand</title>
<link rel="canonical" href="https://example.org/2026/03/changan"><meta property="article:published_time" content="2026-03-12">
</head><body><nav><a href="/">Home</a></nav><article><h1>Changan opens second plant in Thailand</h1>
<p>Changan Automobile inaugurated a new assembly plant in Chonburi, Thailand, on Tuesday.</p>
<p>The plant has an annual capacity of about 120,000 vehicles and employs 1,800 workers.
A second phase is expected to create 700 jobs by 2028.</p>
<p>The company exported 54,000 vehicles to Europe in 2025, Changan said. It has no plans for a factory in Spain.</p>
</article><footer>Invented for the tests of nevkg.</footer></body></html>"""
CHINESE = """<!doctype html><html lang="zh"><head><title>长安汽车在泰国春武里府建成第二工厂</title>
<link rel="canonical" href="https://example.org/zh/2026/03/changan"><meta property="article:published_time" content="2026-03-12">
</head><body><article><h1>长安汽车在泰国春武里府建成第二工厂</h1>
<p>3月10日，长安汽车位于泰国春武里府的新工厂正式投产。该工厂年产能约12万辆，现有员工1800人。</p>
<p>公司计划于2028年前在该工厂新增700个就业岗位。2025年，长安汽车向欧洲出口汽车5.4万辆。本文为测试而编写，内容均属虚构，与任何真实企业无关，也不反映任何真实的投资计划。</p>
</article></body></html>"""


@pytest.fixture(autouse=True)
def few_sources(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading compares a page with all sources."""
    monkeypatch.setenv("NEVKG_DATA", part)


def read(nevkg: Nevkg, folder: Path, page: str) -> dict[str, list[dict[str, str]]]:
    """Returns the rows that are proposed for a page, by table."""
    place = folder / "page.html"
    place.write_text(page, encoding="utf-8")
    assert nevkg("read", str(place), "--output", str(folder / "rows")).code == 0
    return read_rows(folder / "rows")


def read_rows(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {path.stem: list(csv.DictReader(path.open(encoding="utf-8"))) for path in folder.glob("*.csv")}


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_facts_of_an_article_become_rows_with_quotes(nevkg: Nevkg, tmp_path: Path, page: str) -> None:
    rows = read(nevkg, tmp_path, page)
    (source,) = rows["sources"]
    assert source["published"] == "2026-03-12"
    facts = {(row["attribute"], row["value"]): row for row in rows["plant_facts"]}
    capacity = facts["capacity", "120000"]
    assert (capacity["unit"], capacity["qualifier"], capacity["modality"]) == ("vehicles/year", "about", "")
    assert facts["jobs", "1800"]["plant_id"] == capacity["plant_id"]
    more = facts["jobs", "700"]
    assert more["modality"] in ("planned", "forecast")
    assert more["due"] == "2028"
    exports = next(row for row in rows["observations"] if row["metric"] == "exports")
    assert (exports["subject"], exports["value"], exports["period_end"]) == ("changan", "54000", "2025")
    assert all(row["quote"] for table, some in rows.items() if table != "sources" for row in some)
    assert "2028" not in rows["plants"][0]["quote"], "the sentence that describes the plant, not a later one on its plans"


# Withdraws the plant that the rules have found.
WITHDRAWING = """import json, sys
found = json.load(sys.stdin)["proposals"]
numbers = [one["number"] for one in found if one["table"] == "plants"]
json.dump([{"withdraw": number, "reason": "the text\x1b denies it"} for number in numbers], sys.stdout)
"""


def test_a_command_withdraws_a_row_and_those_that_refer_to_it(nevkg: Nevkg, tmp_path: Path) -> None:
    alone = read(nevkg, tmp_path, ENGLISH)
    (plant,) = alone["plants"]
    (tmp_path / "model.py").write_text(WITHDRAWING, encoding="utf-8")
    command = ("--with", f"'{sys.executable}' '{tmp_path / 'model.py'}'")
    result = nevkg("read", str(tmp_path / "page.html"), "--output", str(tmp_path / "rest"), *command)
    assert result.code == 0, result.err
    rest = read_rows(tmp_path / "rest")
    gone = {table: [row for row in rows if plant["plant_id"] in row.values()] for table, rows in alone.items()}
    assert gone["plant_facts"]
    assert rest == {table: kept for table, rows in alone.items() if (kept := [row for row in rows if row not in gone[table]])}
    lines = [line for line in result.out.splitlines() if " is withdrawn: " in line]
    assert len(lines) == sum(map(len, gone.values()))
    (line,) = (line for line in lines if line.endswith("is withdrawn: the text denies it"))
    assert f"(plants: {plant['plant_id']}" in line


def test_what_is_denied_is_not_proposed(nevkg: Nevkg, tmp_path: Path) -> None:
    rows = read(nevkg, tmp_path, ENGLISH)
    assert not any(row["country"] == "ES" for row in rows["plants"])


def test_proposals_can_be_imported(nevkg: Nevkg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEVKG_DATA")
    read(nevkg, tmp_path, ENGLISH)
    result = nevkg("import", str(tmp_path / "rows"), "--dry-run")
    assert result.code == 0, result.out
    assert "0 new statements" not in result.out


@pytest.mark.slow
def test_reading_again_proposes_what_is_new_and_nothing_that_was_rejected_or_edited(nevkg: Nevkg, tmp_path: Path) -> None:
    read(nevkg, tmp_path, ENGLISH)
    review = Review(tmp_path / "rows", TABLES)
    review.begin()

    def rows() -> dict[str, ReviewRow]:
        return {each.row.cells.get("value") or each.row.key: each for each in review.read_rows()}

    review.decide(rows()["120000"].id, "rejected", "Wrong value")
    review.edit(rows()["54000"].id, {"value": "54001"})
    before = rows()

    def read_again(page: str) -> list[str]:
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        result = nevkg("read", str(tmp_path / "page.html"), "--output", str(tmp_path / "rows"), "--again")
        assert (result.code, "\nReview them: nevkg review " in result.out) == (0, True)
        return sorted(rows().keys() - before.keys())

    assert read_again(ENGLISH) == []
    assert read_again(ENGLISH.replace("about 120,000 vehicles and", "about 130,000 vehicles and")) == ["130000"]  # words and value differ
    before = rows()
    assert read_again(ENGLISH.replace("Tuesday", "a rainy Tuesday").replace("1,800", "1,900")) == ["1900"]
    assert len(list((tmp_path / "rows" / "texts").iterdir())) == 1
    assert "rainy" in next((tmp_path / "rows" / "texts").iterdir()).read_text(encoding="utf-8")
    assert "not empty" in nevkg("read", str(tmp_path / "page.html"), "--output", str(tmp_path / "rows")).error()


def test_two_pages_of_one_publisher_and_day_are_two_sources(nevkg: Nevkg, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in (1, 2):
        (pages / f"{number}.html").write_text(ENGLISH.replace("2026/03/changan", f"2026/03/changan{number}"), encoding="utf-8")
    assert nevkg("read", str(pages), "--output", str(tmp_path / "rows")).code == 0
    with (tmp_path / "rows" / "sources.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [row["source_id"] for row in rows]
    assert names == [names[0], f"{names[0]}-2"]
    assert [row.get("republishes") for row in rows] == ["", names[0]], "the second has the text of the first"
    assert sorted(path.stem for path in (tmp_path / "rows" / "texts").iterdir()) == sorted(names)


def test_a_source_without_publisher_has_no_other_outlet(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source("named", address="<https://example.org/1>", publisher="agent:b")
    world.source("unnamed", address="<https://example.org/2>")
    found = rows(world.build().store, "addresses")
    assert [(text(row["address"])[-1], text(row["publisher"])) for row in found] == [("1", "Maker B"), ("2", "")]


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_copy_of_a_source_names_it_and_is_kept(nevkg: Nevkg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """Recognised by the text of the source that the user keeps; the page itself is kept, too, and is no copy of itself."""
    monkeypatch.setenv("NEVKG_TEXTS", str(tmp_path / "texts"))
    other = tmp_path / "other.html"
    other.write_text(page.replace("<h1>", "<h1>Reposted: ").replace("Tuesday", "March 10"), encoding="utf-8")
    assert nevkg("evidence", "keep", "s-globaltimes-nd", str(other)).code == 0
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        (source,) = read(nevkg, tmp_path / folder, page)["sources"]
        assert source["republishes"] == "s-globaltimes-nd"
    assert len(list((tmp_path / "texts").iterdir())) == 2


def test_texts_that_cannot_be_read_are_reported_once(nevkg: Nevkg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_TEXTS", str(tmp_path))
    (tmp_path / "crawl.warc").write_bytes(b"no records")
    (tmp_path / "page.html").write_text(ENGLISH, encoding="utf-8")
    assert nevkg("read", str(tmp_path / "page.html"), "--output", str(tmp_path / "rows")).out.count("crawl.warc is damaged") == 1


@pytest.mark.slow
def test_a_page_gives_the_same_rows_beside_others(nevkg: Nevkg, tmp_path: Path) -> None:
    pages = {"zh": CHINESE, "en": ENGLISH.replace("Changan said.", "said Li Wei, general manager of Changan Automobile.")}
    for name, page in pages.items():
        (tmp_path / name).mkdir()
        for folder in (tmp_path / name, tmp_path):
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
    rows = {}
    for folder in (tmp_path / "zh", tmp_path / "en", tmp_path):
        assert nevkg("read", str(folder), "--output", str(folder / "rows")).code == 0
        rows[folder.name] = sorted(
            (folder / "rows" / "people.csv").read_text().splitlines()[1:] if (folder / "rows" / "people.csv").exists() else []
        )
    assert rows["en"]
    assert len(rows[tmp_path.name]) == len(rows["en"]) + len(rows["zh"])
