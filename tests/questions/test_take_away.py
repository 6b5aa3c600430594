"""An answer as one file: the archive, and the HTML file that opens offline."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zipfile
from hashlib import sha256

import openpyxl
import pytest
from bibtexparser.entrypoint import parse_string
from tests.support.edition import DAY
from tests.support.markup import Markup
from tests.support.serving import RunningServer

from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.store import EmbeddedStore
from nevkg.table.formats import FORMATS, to_csv
from nevkg.table.table import Table
from nevkg.table.values import Column, Thing

HOSTILE = '"><script>alert(1)</script><img src="https://evil.example/x">'
ADDRESS = "/api/questions/local-manufacturers/answer?bloc=place:asean"


@pytest.fixture(scope="module")
def answer(shipped: EmbeddedStore) -> Answer:
    return ask(shipped, load_catalogue(shipped.layout)["local-manufacturers"], {"bloc": ["place:asean"]})


def unpack(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def markup(text: str) -> Markup:
    """Parses a page strictly, except for its one style sheet."""
    plain, count = re.subn(r"<style>[^<]*</style>", "", text)
    assert count == 1
    return Markup(plain)


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_an_archive_has_rows_evidence_sources_query_and_citation(answer: Answer) -> None:
    files = unpack(FORMATS["zip"](answer))
    assert list(files) == sorted(files)
    assert files["answer.csv"] == to_csv(answer)
    sources = read(files["sources.csv"])
    assert [source["source"] for source in sources] == [source.iri for source in answer.sources]
    evidence = read(files["evidence.csv"])
    assert {int(ground["row"]) for ground in evidence} == set(range(1, len(answer) + 1))
    assert {ground["source"] for ground in evidence} == {source["source"] for source in sources}
    assert {ground["column"] for ground in evidence} <= set(answer.names)
    assert files["query.rq"].decode().strip() == answer.sparql.strip()
    assert files["citation.txt"].decode() == answer.cite()
    assert len(parse_string(files["citation.bib"].decode()).entries) == len(sources) + 1
    assert len(json.loads(files["citation.csl.json"])) == len(sources) + 1
    assert files["citation.ris"].count(b"TY  - ") == len(sources) + 1
    readme = files["README.txt"].decode()
    assert "Association of Southeast Asian Nations · operating" in readme
    assert "Sources reach to" in readme
    assert all(name in readme for name in files if name != "README.txt")
    sums = {name: digest for digest, name in (line.split("  ") for line in files["SHA256SUMS"].decode().splitlines())}
    assert sums == {name: sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"}


def test_a_workbook_has_sources_evidence_and_what_it_answers(answer: Answer) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](answer)))
    assert book.sheetnames == ["answer", "sources", "evidence", "about"]
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True))[1:] for sheet in book.worksheets}
    assert len(sheets["answer"]) == len(answer)
    assert [row[1] for row in sheets["sources"]] == [source.iri for source in answer.sources]
    assert {row[0] for row in sheets["evidence"]} == set(range(1, len(answer) + 1))
    numbers = {one.iri: number for number, one in enumerate(answer.sources, start=1)}
    assert all(numbers[str(row[8])] == row[9] for row in sheets["evidence"])
    assert ("BYD Rayong plant", "arrangement", "wholly owned") in {row[4:7] for row in sheets["evidence"]}
    about = {row[0]: row[1] for row in sheets["about"]}
    assert about["title"] == answer.title
    assert about["address"] == answer.citation
    assert answer.store.identity in str(about["data"])
    assert about["query (SPARQL)"] == answer.sparql


def test_an_archive_is_reproducible(answer: Answer) -> None:
    first = FORMATS["zip"](answer)
    assert first == FORMATS["zip"](answer)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(*map(int, DAY.split("-")), 0, 0, 0)}


def test_both_files_state_that_they_have_a_part(answer: Answer) -> None:
    part = answer.page(2, 3)
    text = f"3 of {len(answer)} rows"
    assert text in unpack(FORMATS["zip"](part))["README.txt"].decode()
    assert text in FORMATS["html"](part).decode()
    assert part.page(0, 1).total == len(answer)


@pytest.mark.parametrize(("language", "text"), [("en", "Maker under Chinese control: yes"), ("zh", "制造商受中方控制：是")])
def test_a_filter_of_yes_or_no_has_the_name_of_its_parameter(shipped: EmbeddedStore, language: str, text: str) -> None:
    answer = ask(shipped, load_catalogue(shipped.layout)["makers-by-year"], {"maker": ["agent:byd"]}, language=language)
    assert answer.filters[1:] == [[text]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_html_file_has_rows_statements_sources_query_and_digest(shipped: EmbeddedStore, language: str) -> None:
    answer = ask(shipped, load_catalogue(shipped.layout)["local-manufacturers"], {"bloc": ["place:asean"]}, language=language)
    text = FORMATS["html"](answer).decode()
    page = markup(text)
    assert answer.title in page.words
    assert all(several[0] in page.words for several in answer.filters)
    assert answer.support is not None
    assert answer.support.text in page.words
    assert f"question {answer.question.name}" in page.words
    assert "SELECT" in page.words
    (data,) = re.findall(r'href="data:text/csv;base64,([^"]*)"', text)
    assert base64.b64decode(data) == to_csv(answer)
    assert sha256(to_csv(answer)).hexdigest() in page.words
    ids = set(re.findall(r' id="([^"]+)"', text))
    inner = set(re.findall(r'href="#([^"]+)"', text))
    assert inner <= ids
    assert ids >= {f"source-{number}" for number in range(1, len(answer.sources) + 1)}
    statements = {ground.statement for grounds in answer.evidence.grounds.values() for ground in grounds}
    assert len([anchor for anchor in inner if anchor.startswith("s") and anchor[1:].isdecimal()]) == len(statements)
    assert "<script" not in text


def test_a_hostile_label_is_text(shipped: EmbeddedStore) -> None:
    entity = Thing('javascript:alert("1")', HOSTILE)
    table = Table(shipped, [Column("a", {"en": HOSTILE})], [(entity,), (HOSTILE,)], title=HOSTILE)
    text = FORMATS["html"](table).decode()
    assert "<script" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert markup(text).words.count("alert(1)") >= 4
    unpack(FORMATS["zip"](table))


def test_an_empty_answer_has_its_reason(shipped: EmbeddedStore) -> None:
    answer = ask(shipped, load_catalogue(shipped.layout)["local-manufacturers"], {"country": ["place:VA"]})
    assert answer.reason is not None
    assert answer.reason.text in markup(FORMATS["html"](answer).decode()).words
    assert answer.reason.text in unpack(FORMATS["zip"](answer))["README.txt"].decode()


def test_the_api_has_the_same_files(server: RunningServer, answer: Answer) -> None:
    for name in ("zip", "html", "bibtex", "csl", "ris"):
        reply = server.get(f"{ADDRESS}&format={name}")
        assert reply.status_code == 200
        assert reply.headers["Content-Disposition"].startswith(f'attachment; filename="nevkg-local-manufacturers-{DAY}.')
        assert reply.content == FORMATS[name](answer)
    browsers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert server.get(ADDRESS, headers=browsers).headers["Content-Type"].startswith("application/json")
