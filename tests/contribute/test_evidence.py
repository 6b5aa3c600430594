"""``nevkg evidence``: checks passages against a text, and names statements."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.conftest import Nevkg
from tests.questions.test_shipped import IDENTIFYING
from tests.support.serving import serving
from tests.support.worlds import World

from nevkg.data import dataset, statement_ids, terms
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.lookup.descriptions import describe
from nevkg.reading.quotes import Passage, quote

TEXT = "Naïve “汽车”  plants, 12 of them.\nA second line.\n"


@pytest.fixture
def with_passages(world: World) -> Layout:
    """A world whose source has two passages in ``TEXT``."""
    world.source("s")
    for number, words in enumerate(("汽车” plants", "second line"), start=1):
        passage = Passage.of("https://w3id.org/nevkg/source/s", quote(words))
        length, digest = passage.quote.length, passage.quote.digest
        world.graphs["s"].append(
            f'<{passage.iri}> a nev:Passage ; nev:passageOf source:s ; nev:quoteLength {length} ; nev:quoteDigest "{digest}" .'
        )
        world.fact("plant:p", "status", "status:operating", f"2024-01-0{number}", passage=f"<{passage.iri}>")
    return world.write()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.txt", TEXT.encode()),
        ("page.txt", "\ufeffOther words. naïve Naïve «汽车» plants,\r\n12 of them. A second\u00a0line.".encode()),
        ("page.html", f"<!DOCTYPE html><meta charset=utf-8><nav>Menu</nav><p>{TEXT}</p><script>x()</script>".encode()),
        ("page.html", "<html><body><p>Naïve <b>“汽车”</b> plants</p><p>A second line.</p>".encode("utf-16")),
    ],
)
def test_the_words_are_found_in_any_copy(nevkg: Nevkg, with_passages: Layout, tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    for source in ("s", "source:s", "https://w3id.org/nevkg/source/s"):
        result = nevkg("evidence", "check", source, str(file), "--data", str(with_passages.data))
        assert (result.code, result.out) == (0, f"s: {file} contains the words of all 2 passages.\n"), result.err


def test_missing_words_are_reported(nevkg: Nevkg, with_passages: Layout, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(TEXT.replace("second", "2nd"), encoding="utf-8")
    missing = Passage.of("https://w3id.org/nevkg/source/s", quote("second line"))
    result = nevkg("evidence", "check", "s", str(file), "--data", str(with_passages.data))
    assert (result.code, result.err) == (1, f"nevkg: {file} lacks the words of {missing.iri} (statements: 1).\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("check", "s"), 2, "Give nevkg evidence check SOURCE FILE|URL."),
        (("name", "a", "b"), 2, "Give nevkg evidence name FILE."),
        (("check", "t", "page"), 2, "There is no source 't'."),
        (("check", "other", "page"), 1, "other has no passages; import its rows with the column 'quote'."),
        (("check", "s", "absent.txt"), 3, "absent.txt cannot be read: No such file or directory."),
        (("check", "s", "empty.txt"), 1, "empty.txt contains no text that can be read."),
        (("check", "s", "latin.txt"), 1, "latin.txt is no text in UTF-8 (byte 2); save it as UTF-8, HTML or PDF."),
        (("check", "s", "bytes.txt"), 1, "bytes.txt is no text; save the page as text, HTML or PDF."),
        (("check", "s", "broken.pdf"), 1, "broken.pdf is no readable PDF; it may be damaged, so save it again."),
        (("check", "s", "http://127.0.0.1/page"), 2, "http://127.0.0.1/page is not on the public web; save the page and give the file."),
        (("check", "s", "https://"), 2, "https:// is not an address of the web; it begins with https://."),
    ],
)
def test_what_cannot_be_checked_is_refused_in_a_sentence(
    nevkg: Nevkg,
    world: World,
    with_passages: Layout,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    world.source("other")
    world.write()
    monkeypatch.chdir(tmp_path)
    Path("empty.txt").write_text(" \n", encoding="utf-8")
    Path("latin.txt").write_bytes("naïve".encode("latin-1"))
    Path("bytes.txt").write_bytes(b"ab\0c")
    Path("broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    result = nevkg("evidence", *arguments, "--data", str(with_passages.data))
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(f"nevkg: {message}"), result.err
    assert result.err.count("\n") == 1


def test_statements_of_a_file_are_named_once(nevkg: Nevkg, with_passages: Layout) -> None:
    file = with_passages.data / "sources" / "s.trig"
    result = nevkg("evidence", "name", str(file))
    assert result.code == 0
    assert "2 statements, 2 renamed" in result.out
    named = file.read_bytes()
    assert b"statement:n1" not in named
    assert "2 statements, 0 renamed" in nevkg("evidence", "name", str(file)).out
    assert file.read_bytes() == named
    assert not list(file.parent.glob(".*"))


STATED = ("plant:p", "status", "status:operating", "2024-01-01")


def name_of(world: World) -> str:
    """Returns the computed name of the only statement of a world."""
    names = statement_ids.name_statements(dataset.parse_file(world.write().data / "sources" / "s.trig"), IDENTIFYING)
    return next(iter(names.values()))


def test_notes_are_not_part_of_the_name(tmp_path: Path) -> None:
    """A note, a paraphrase or a passage does not change a statement's name; a scope does."""
    plain, noted, other = (World(tmp_path / name) for name in ("plain", "noted", "other"))
    plain.fact(*STATED)
    noted.fact(*STATED, note='"x"@en', paraphrase='"y"@en')
    other.fact(*STATED, scope="scope:phase-one")
    assert name_of(plain) == name_of(noted) != name_of(other)


def test_two_statements_are_never_merged_silently(nevkg: Nevkg, world: World) -> None:
    world.fact(*STATED)
    world.fact(*STATED, note='"differs only in its note"@en')
    file = world.write().data / "sources" / "s.trig"
    before = file.read_bytes()
    result = nevkg("evidence", "name", str(file))
    assert result.code == 1
    assert "have the same content but differ in a note" in result.err
    assert file.read_bytes() == before


def test_a_retraction_follows_its_renamed_statement(nevkg: Nevkg, world: World) -> None:
    wrong = world.fact(*STATED)
    world.statement("s", "Retraction", retracts=wrong)
    file = world.write().data / "sources" / "s.trig"
    assert "2 statements, 2 renamed" in nevkg("evidence", "name", str(file)).out
    assert "2 statements, 0 renamed" in nevkg("evidence", "name", str(file)).out


def test_a_statement_without_a_class_is_reported(nevkg: Nevkg, world: World) -> None:
    world.source("s")
    world.graphs["s"].append("statement:x nev:source source:s ; nev:subject plant:p .")
    result = nevkg("evidence", "name", str(world.write().data / "sources" / "s.trig"))
    assert result.code == 1
    assert "has a source but no class" in result.err


HOSTILE = "Before <script>alert(1)</script>\x1b[31m\u202e. Naïve “汽车”  plants, 12 of them & more. A second line."


@pytest.fixture
def with_address(with_passages: Layout, world: World) -> Layout:
    """The same world; the source has an address."""
    assert with_passages.data.is_dir()
    world.graphs["s"].append("source:s nev:address <https://example.org/a> .")
    return world.write()


def test_a_passage_is_shown_where_the_text_is_kept(nevkg: Nevkg, with_address: Layout, tmp_path: Path) -> None:
    data, texts, page = str(with_address.data), str(tmp_path / "kept"), tmp_path / "page.txt"
    query = ("-e", "SELECT ?s { plant:p nev:status ?s }")

    def explain(*options: str) -> tuple[str, list[dict[str, Any]]]:
        text, record = (nevkg("explain", *query, "--data", data, *options, "--format", name).out for name in ("text", "json"))
        statements = json.loads(record)["statements"].values()
        return text, [passage for statement in statements for passage in statement["passages"]]

    text, passages = explain()
    assert "its words: 9 characters" in text
    assert [(passage["text"], passage["fault"]) for passage in passages] == [(None, "")] * 2
    page.write_text(HOSTILE, encoding="utf-8")
    assert (
        nevkg("evidence", "keep", "source:s", str(page), "--texts", texts, "--data", data).out
        == f"s: the text of {page} is kept in {texts}.\n"
    )
    text, passages = explain("--texts", texts)
    assert {passage["text"]["words"] for passage in passages} == {"汽车” plants", "second line"}
    assert "[汽车” plants], 12 of them & more. A second line." in text
    assert not {"\x1b", "\u202e"} & set(text + str(passages))
    page.write_text("Other words than those.", encoding="utf-8")
    other = str(tmp_path / "other")
    assert nevkg("evidence", "keep", "s", str(page), "--texts", other, "--data", data).code == 0
    assert "the text of the page that is kept does not have these words" in explain("--texts", other)[0]
    (file,) = Path(other).iterdir()
    file.write_bytes(b"damaged")
    assert f"{file} is damaged" in explain("--texts", other)[0]


def test_keeping_another_page_is_a_warning(nevkg: Nevkg, with_address: Layout, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    command = ("evidence", "keep", "s", str(page), "--texts", str(tmp_path / "texts"), "--data", str(with_address.data))
    page.write_text(TEXT, encoding="utf-8")
    assert nevkg(*command).err == ""
    page.write_text("The second line of another page.", encoding="utf-8")
    assert nevkg(*command).err == f"nevkg: {page} lacks the words of 1 of the 2 passages of s; is it the right page?\n"


def test_a_server_shows_texts_only_if_its_folder_is_named(
    nevkg: Nevkg, with_address: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts of the user are not served by accident; those that are cannot add markup."""
    texts = tmp_path / "kept"
    monkeypatch.setenv("NEVKG_TEXTS", str(texts))
    page = tmp_path / "page.txt"
    page.write_text(HOSTILE, encoding="utf-8")
    data = str(with_address.data)
    assert nevkg("evidence", "keep", "s", str(page), "--data", data).code == 0
    with serving("--data", data) as server:
        query = "SELECT ?s { ?s nev:passage ?p } ORDER BY ?s"
        found = server.get("/sparql", params={"query": query, "over": "record"}, headers={"Accept": "application/sparql-results+json"})
        statement = found.json()["results"]["bindings"][0]["s"]["value"]
        path = f"/statement/{statement.rpartition('/')[2]}"
        evidence = f"/api/evidence?iri={statement}"
        without = server.get(path), server.get(evidence)
    with serving("--data", data, "--texts", str(texts)) as server:
        shown, passages = server.get(path).text, server.get(evidence).json()["statements"][0]["passages"]
        assert server.get(path, headers={"If-None-Match": without[0].headers["etag"]}).status_code == 200
    assert "<mark>" not in without[0].text
    assert without[1].json()["statements"][0]["passages"][0]["text"] is None
    assert "<mark>" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    assert passages[0]["text"]["words"] in HOSTILE.replace("  ", " ")


def test_a_server_needs_an_existing_folder_of_texts(nevkg: Nevkg, tmp_path: Path) -> None:
    assert nevkg("serve", "--texts", str(tmp_path / "none")).error() == f"nevkg: --texts: {tmp_path / 'none'} is not a folder.\n"


def test_links_lead_to_the_number_or_the_name(world: World) -> None:
    for slug, language, address in (("en", "en", "a"), ("zh", "zh-Hans", "b"), ("pdf", "en", "c.pdf"), ("none", "en", "")):
        world.source(slug, address=f"<https://example.org/{address}>" if address else '"x"')
        world.graphs[slug].append(f'source:{slug} <http://purl.org/dc/terms/language> "{language}" .')
        world.figure("capacity", "150000", "vehicles-per-year", "2021-03-01", subject="plant:p", source=slug)
        world.fact("plant:p", "locatedIn", "place:XA", "2020-01-01", source=slug)
        world.fact("plant:q", "status", "status:operating", "2020-01-01", source=slug)
    store = world.build().store
    rows = entities.rows(store, f"SELECT ?s {{ ?s <{terms.NEV}source> ?source }}")
    found: dict[str, set[str]] = defaultdict(set)
    for statement in describe(store, [row["s"] for row in rows], "en").values():
        found[statement.source.rpartition("/")[2]].add(unquote(statement.link))
    assert found["en"] >= {"https://example.org/a#:~:text=Ania", "https://example.org/a#:~:text=Plant Q"}
    assert any(link.startswith("https://example.org/a#:~:text=150,000&text=150000") for link in found["en"])
    assert any("text=15万" in link for link in found["zh"])
    assert "https://example.org/b#:~:text=甲国" in found["zh"]
    assert found["pdf"] == {"https://example.org/c.pdf"}
    assert found["none"] == {""}
