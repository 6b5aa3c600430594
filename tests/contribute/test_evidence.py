"""``nevkg evidence``: checks passages against a text, and names statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.questions.test_shipped import IDENTIFYING
from tests.support.worlds import World

from nevkg.data import dataset, statement_ids
from nevkg.data.paths import Layout
from nevkg.reading.passages import Passage
from nevkg.reading.quotes import quote

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
        (("check", "s", "broken.pdf"), 1, "broken.pdf is no readable PDF: "),
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
