"""``nevkg evidence``: checks passages against a text, and names statements."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.questions.test_shipped import IDENTIFYING
from tests.support.worlds import World

from nevkg.data import dataset, statement_ids
from nevkg.data.paths import Layout

TEXT = "Naïve 汽车 plants, 12 of them.\nA second line.\n"


@pytest.fixture
def with_passages(world: World) -> Layout:
    """A world whose source has two passages in ``TEXT``."""
    world.source("s", sha256=f'"{statement_ids.sha256(TEXT)}"', textLength=str(len(TEXT)))
    for number, words in enumerate(("汽车 plants", "second line"), start=1):
        start = TEXT.index(words)
        name = f"<https://w3id.org/nevkg/passage/s/{number}>"
        digest = hashlib.sha256(words.encode()).hexdigest()
        world.graphs["s"].append(
            f'{name} a nev:Passage ; nev:passageOf source:s ; oa:start {start} ; oa:end {start + len(words)} ; nev:sha256 "{digest}" .'
        )
        world.fact("plant:p", "status", "status:operating", f"2024-01-0{number}", passage=name)
    return world.write()


def test_a_text_is_identified_by_its_digest(nevkg: Nevkg, with_passages: Layout, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT.encode())
    result = nevkg("evidence", "check", str(file), "--data", str(with_passages.data))
    assert (result.code, result.out) == (0, "s: the text and its 2 passages are as recorded.\n")


def test_changed_passages_are_reported(nevkg: Nevkg, with_passages: Layout, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT.replace("second", "2nd").encode())
    unknown = nevkg("evidence", "check", str(file), "--data", str(with_passages.data))
    assert unknown.code == 1
    assert "is not the text of any source with selectors" in unknown.err
    named = nevkg("evidence", "check", str(file), "--source", "s", "--data", str(with_passages.data))
    assert named.code == 1
    assert "has the SHA-256" in named.err
    assert "passage/s/2" in named.err
    assert "passage/s/1" not in named.err


def test_a_passage_beyond_the_end_is_reported(nevkg: Nevkg, with_passages: Layout, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT[:20].encode())
    assert "but the text has 20." in nevkg("evidence", "check", str(file), "--source", "s", "--data", str(with_passages.data)).err


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [(None, 3, "cannot be read"), (b"\xff\xfe", 1, "is not UTF-8 text (byte 0)"), (b"", 1, "is not the text of any source")],
)
def test_invalid_texts_are_refused(
    nevkg: Nevkg, with_passages: Layout, tmp_path: Path, content: bytes | None, code: int, message: str
) -> None:
    file = tmp_path / "text.txt"
    if content is not None:
        file.write_bytes(content)
    result = nevkg("evidence", "check", str(file), "--data", str(with_passages.data))
    assert result.code == code
    assert message in result.err


def test_an_unknown_source_is_refused(nevkg: Nevkg, with_passages: Layout, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT.encode())
    result = nevkg("evidence", "check", str(file), "--source", "t", "--data", str(with_passages.data))
    assert result.code == 2


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
