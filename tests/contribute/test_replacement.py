"""``import --replace``: what a collection no longer says is removed; what others say, review or correct is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.contributions import Tables, contents, read_source

from nevkg.data import terms
from nevkg.data.paths import Layout


def make(folder: Path, *statuses: str, source: str = "s-x") -> Tables:
    """Makes a collection of one source with these statuses of a plant."""
    shutil.rmtree(folder, ignore_errors=True)
    tables = Tables(folder).source(source, published="2025-07-01")
    for status in statuses:
        tables.fact("status", status, source_id=source, as_of="2025")
    return tables


def statuses(layout: Layout, slug: str = "s-x") -> set[str]:
    found = read_source(layout, slug)
    return {properties["value"].removeprefix("status:") for properties in found.values() if properties.get("property") == "status"}


def test_what_a_collection_no_longer_says_is_removed(data: Layout, tmp_path: Path) -> None:
    make(tmp_path / "c", "announced", "operating").import_into(data)
    result = make(tmp_path / "c", "operating", "closed").import_into(data, replacing=True)
    assert (result.removed, result.new_statements) == (1, 1)
    assert statuses(data) == {"operating", "closed"}
    after = contents(data.data)
    assert make(tmp_path / "c", "operating", "closed").import_into(data, replacing=True).changed == {}
    assert contents(data.data) == after


def test_without_the_option_nothing_is_removed(data: Layout, tmp_path: Path) -> None:
    make(tmp_path / "c", "announced").import_into(data)
    make(tmp_path / "c", "operating").import_into(data)
    assert statuses(data) == {"announced", "operating"}


def test_what_another_collection_says_stays(data: Layout, tmp_path: Path) -> None:
    make(tmp_path / "c", "announced", "operating").import_into(data, make(tmp_path / "d", "announced").write())
    assert make(tmp_path / "c", "operating").import_into(data, replacing=True).removed == 0
    assert statuses(data) == {"announced", "operating"}


def test_a_source_is_removed_that_is_not_described_and_has_no_statements_left(data: Layout, tmp_path: Path) -> None:
    make(tmp_path / "c", "operating").import_into(data)
    make(tmp_path / "c").import_into(data, replacing=True)
    assert statuses(data) == set()
    shutil.rmtree(tmp_path / "c")
    other = Tables(tmp_path / "c").source("s-y", published="2025-07-01", url="https://example.org/other")
    other.fact("status", "operating", source_id="s-y").import_into(data, replacing=True)
    assert not list(data.data.rglob("s-x.trig"))
    assert statuses(data, "s-y") == {"operating"}


@pytest.mark.parametrize("edit", [["retract"], ["correct", "value=status:closed"]], ids=lambda words: words[0])
def test_what_was_retracted_or_corrected_is_not_replaced(data: Layout, tmp_path: Path, nevkg: Nevkg, edit: list[str]) -> None:
    make(tmp_path / "c", "announced", "operating").import_into(data)
    (statement,) = (iri for iri, one in read_source(data, "s-x").items() if one.get("value") == "status:announced")
    verb, *fields = edit
    done = nevkg(verb, statement.removeprefix(terms.STATEMENT), *fields, "--because", "The page says so.", "--data", str(data.data))
    assert done.code == 0, done.err
    before = contents(data.data)
    result = nevkg("import", "--replace", str(make(tmp_path / "c", "operating").write()), "--data", str(data.data))
    assert result.code == 1
    assert "c/plant_facts.csv:2" in result.out
    assert {"retract": "refers to its statement", "correct": "was corrected in the data"}[verb] in result.out
    assert contents(data.data) == before


def test_partial_imports_replace_nothing(data: Layout, tmp_path: Path, nevkg: Nevkg) -> None:
    result = nevkg("import", "--replace", "--partial", str(make(tmp_path / "c", "operating").write()), "--data", str(data.data))
    assert result.code == 2
    assert "correct these rows first" in result.err


def test_a_dry_run_counts_what_would_be_removed(data: Layout, tmp_path: Path, nevkg: Nevkg) -> None:
    make(tmp_path / "c", "announced", "operating").import_into(data)
    before = contents(data.data)
    result = nevkg("import", "--replace", "--dry-run", str(make(tmp_path / "c", "operating").write()), "--data", str(data.data))
    assert "1 statement of earlier imports would be removed." in result.out
    assert contents(data.data) == before
