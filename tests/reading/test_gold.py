"""The gold of the reading benchmark can be imported, and the invented pages contain its quotes."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from benchmarks.reading.gold_rows import GOLD, find_gold, read_rows
from tests.support.worlds import CURRENT

from nevkg.contribute.importer import import_collections
from nevkg.propose.answer import merge_rows
from nevkg.propose.proposals import Proposer
from nevkg.propose.task import takes_proposals
from nevkg.reading.documents import read_document
from nevkg.reading.pages import read_page
from nevkg.reading.quotes import find_words, normalise

FOLDER = CURRENT.ontology.parent / "benchmarks" / "reading"
COLLECTIONS = sorted(path for path in (FOLDER / "gold").iterdir() if path.is_dir())
ARTICLES = sorted((FOLDER / "articles").glob("*.html"))
ASIDE = (FOLDER / "set-aside.txt").read_text(encoding="utf-8").split()
NOTICES = ("Invented for the tests of nevkg; nothing on this page is true.", "为 nevkg 的测试而编写，内容均属虚构。")


def read_quotes(collection: Path) -> list[tuple[str, str]]:
    """Returns the place and the quote of each row that states facts."""
    found = []
    for table in sorted(collection.glob("*.csv")):
        if table.stem == "sources":
            continue
        with table.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            found += [(f"{collection.name}/{table.name}:{rows.line_num}", row.get("quote", "")) for row in rows]
    return found


def test_all_gold_can_be_imported(tmp_path: Path) -> None:
    # The registry, and the sources of the article alone: deriving all of the data takes half a minute.
    data = shutil.copytree(CURRENT.data, tmp_path / "data", ignore=shutil.ignore_patterns("[12]*", "imports", "reviews", "undated"))
    (data / "sources" / "undated").mkdir()
    for name in ("s-globaltimes-nd", "s-xpeng-wechat-nd"):
        shutil.copy(CURRENT.data / "sources" / "undated" / f"{name}.trig", data / "sources" / "undated")
    result = import_collections(replace(CURRENT, data=data), COLLECTIONS, "2026-12-01", dry=True)
    assert not result.problems, "\n".join(map(str, result.problems))
    others = [doubt for doubt in result.doubts if doubt.column != "quote"]
    assert not others, "\n".join(map(str, others))


def test_each_row_of_an_invented_article_quotes_its_page() -> None:
    missing = []
    for article in ARTICLES:
        text = normalise(read_page(str(article)).text)
        quotes = read_quotes(FOLDER / "gold" / article.stem)
        assert quotes, f"{article.name} has no gold"
        missing += [place for place, words in quotes if not find_words(words, text)]
    assert not missing, "the page does not contain the quotes of " + ", ".join(missing)


@pytest.mark.nightly
def test_a_command_that_answers_with_the_gold_is_believed() -> None:
    proposer = Proposer.read(CURRENT)
    refused = []
    for article in ARTICLES:
        if article.stem not in ASIDE:
            address = next(csv.DictReader((GOLD / article.stem / "sources.csv").open(encoding="utf-8")))["url"]
            document = read_document(read_page(str(article)), date.today(), proposer.words, address=address)
            assert find_gold(address) == GOLD / article.stem
            rows = list(read_rows(GOLD / article.stem, [name for name, table in proposer.tables.items() if takes_proposals(table)]))
            assert rows
            refused += [f"{article.name}, {refusal}" for refusal in merge_rows(rows, proposer.propose(document), proposer).refused]
    assert not refused, "\n".join(refused)


def test_words_of_real_pages_are_not_kept() -> None:
    invented = {article.stem for article in ARTICLES}
    quoted = [place for folder in COLLECTIONS if folder.name not in invented for place, words in read_quotes(folder) if words]
    assert not quoted


def test_invented_articles_say_so() -> None:
    pages = {article.name: article.read_text(encoding="utf-8") for article in ARTICLES}
    unmarked = [
        name
        for name, page in pages.items()
        if not any(notice in page for notice in NOTICES) or '<meta name="robots" content="noindex">' not in page
    ]
    assert not unmarked


def test_half_of_the_english_articles_are_set_aside() -> None:
    english = {article.stem for article in ARTICLES if article.stem.startswith("en-")}
    assert len(ASIDE) == len(set(ASIDE))
    assert 2 * len(english & set(ASIDE)) == len(english)
