"""A dataset with a missing or unreadable part is refused as a whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.contributions import TODAY, Tables
from tests.support.worlds import SHIPPED, World

import nevkg as library
from nevkg.contribute.importer import import_collections
from nevkg.data import dataset
from nevkg.data.paths import Layout, walk
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.store import cache, open_store
from nevkg.validate.run import validate

VERBS = [
    *(("info",), ("ask", "plants-table"), ("questions",), ("query", "-e", "ASK {}"), ("show", "agent:a"), ("search", "a"), ("validate",)),
    *(("graph", "ownership"), ("path", "a", "b"), ("measure", "ownership"), ("dump",), ("load", "nowhere"), ("publish", "nowhere")),
    *(("serve", "--port", "0"), ("reason",), ("evidence", "name", "x.trig"), ("docs", "data", "nowhere")),
]


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_every_command_refuses_an_empty_folder(nevkg: Nevkg, tmp_path: Path, verb: tuple[str, ...]) -> None:
    result = nevkg(*verb, "--data", str(tmp_path))
    assert (result.code, result.out) == (3, "")
    assert result.err == f"nevkg: {tmp_path} has no dataset.ttl, so the dataset is incomplete; restore it, or give another folder.\n"


@pytest.mark.parametrize(
    ("part", "missing"), [("dataset.ttl", "dataset.ttl"), ("registry", "registry/*.ttl"), ("sources", "sources/*.trig")]
)
@pytest.mark.parametrize("emptied", [False, True])
def test_data_with_a_missing_part_is_refused(nevkg: Nevkg, world: World, part: str, missing: str, emptied: bool) -> None:
    layout = world.write()
    place = layout.data / part
    remove(place)
    if emptied and part != "dataset.ttl":
        place.mkdir()
    expected = f"{layout.data} has no {missing}, so the dataset is incomplete"
    for verb in (("info",), ("ask", "plants-table"), ("validate",), ("import", str(world.folder))):
        result = nevkg(*verb, "--data", str(layout.data))
        assert (result.code, result.out) == (3, "")
        assert expected in result.err
    for use in (lambda: library.open(layout.data), lambda: open_store(layout), lambda: dataset.all_files(layout)):
        with pytest.raises(CouldNotRun, match=missing.replace("*", r"\*")):
            use()


@pytest.mark.parametrize("part", ["nevkg.ttl", "modules", "vocabularies", "rules", "shapes"])
def test_an_ontology_with_a_missing_part_is_refused(tmp_path: Path, part: str) -> None:
    shutil.copytree(SHIPPED.ontology, tmp_path / "ontology")
    remove(tmp_path / "ontology" / part)
    layout = replace(SHIPPED, ontology=tmp_path / "ontology")
    for use in (open_store, dataset.all_files):
        with pytest.raises(CouldNotRun, match=f"has no {part}"):
            use(layout)


def test_missing_checks_are_an_error(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED.queries, tmp_path / "queries", ignore=shutil.ignore_patterns("checks"))
    with pytest.raises(CouldNotRun, match=r"has no checks/\*\.rq"):
        validate(replace(SHIPPED, queries=tmp_path / "queries"))


def test_a_dataset_without_a_date_is_refused(world: World) -> None:
    layout = world.write()
    (layout.data / "dataset.ttl").write_text("<x:a> <x:b> <x:c> .\n", encoding="utf-8")
    with pytest.raises(CouldNotRun, match=r"dataset\.ttl does not state the date of the dataset"):
        open_store(layout)


@pytest.mark.parametrize("name", ["dataset.ttl", "registry/all.ttl", "sources/s.trig"])
def test_an_empty_file_is_refused(world: World, name: str) -> None:
    world.plant()
    layout = world.write()
    (layout.data / name).write_bytes(b"")
    with pytest.raises(InvalidData, match=f"{name} is empty"):
        open_store(layout)


@contextmanager
def unprivileged_folder() -> Iterator[Path]:
    """Creates a folder and drops root privileges."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(0)
            for path in folder.rglob("*"):
                path.chmod(0o755)


@pytest.mark.parametrize("name", ["registry", "sources/2024", "sources", "."])
def test_an_unreadable_folder_is_reported(name: str) -> None:
    with unprivileged_folder() as folder:
        world = World(folder)
        world.plant()
        layout = world.write()
        (layout.data / "sources" / "2024").mkdir()
        shutil.move(layout.data / "sources" / "s.trig", layout.data / "sources" / "2024" / "s.trig")
        world.source("t")
        world.write()
        locked = layout.data / name
        locked.chmod(0)
        with pytest.raises(CouldNotRun, match=r"cannot be read: Permission denied\."):
            dataset.all_files(layout)
        with pytest.raises(CouldNotRun, match=r"cannot be read: Permission denied\."):
            Layout.find(layout.data) if name != "sources/2024" else dataset.source_files(layout)
        locked.chmod(0o755)


def test_broken_links_and_special_files_are_reported(world: World) -> None:
    layout = world.write()
    odd = layout.data / "sources" / "odd.trig"
    odd.symlink_to("nowhere")
    with pytest.raises(CouldNotRun, match=r"odd\.trig is not a file, or is a broken link"):
        open_store(layout)
    odd.unlink()
    os.mkfifo(odd)
    with pytest.raises(CouldNotRun, match=r"odd\.trig is not a file"):
        open_store(layout)
    odd.unlink()
    odd.with_name("loop").symlink_to(odd.parent)
    with pytest.raises(CouldNotRun, match=r"cannot be read: Too many levels of symbolic links"):
        open_store(layout)


def test_links_are_followed_and_hidden_files_left_out(tmp_path: Path) -> None:
    for name in ("a/x.trig", "b/y.trig", "b/.z.trig", "b/.git/v.trig", "b/w.ttl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "b" / "linked").symlink_to(tmp_path / "a")
    assert sorted(walk(tmp_path / "b", ".trig")) == [tmp_path / "b" / "linked" / "x.trig", tmp_path / "b" / "y.trig"]
    assert list(walk(tmp_path / "nowhere", ".trig")) == []


def test_a_file_that_is_removed_meanwhile_is_reported(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = world.write()
    files = [*dataset.all_files(layout), layout.data / "sources" / "gone.trig"]
    monkeypatch.setattr("nevkg.data.dataset.all_files", lambda _: files)
    with pytest.raises(CouldNotRun, match=r"gone\.trig cannot be read: No such file or directory\."):
        open_store(layout)


def test_data_that_changes_during_a_build_is_refused(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a store would be cached under the digest of another state."""
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    layout = world.write()
    read = dataset.read_quads

    def read_and_change(*arguments: object) -> object:
        quads = list(read(*arguments))  # type: ignore[arg-type]
        world.fact("plant:p", "status", "status:operating", "2024-01-01")
        world.write()
        return quads

    monkeypatch.setattr("nevkg.data.dataset.read_quads", read_and_change)
    with pytest.raises(CouldNotRun, match="The data changed while it was read"):
        open_store(layout)
    assert not list((tmp_path / "cache").glob("store-*"))
    assert not list((tmp_path / "cache").glob("building-*"))


@pytest.mark.parametrize("jump", [-(10**9), 0, 10**9], ids=["past", "same time", "future"])
def test_an_edit_is_detected_whatever_its_file_time(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    """Edits keep the size and may keep the modification time, as after a clock change or with tools that preserve times."""
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    file = world.write().data / "sources" / "s.trig"
    time = file.stat().st_mtime_ns + jump * 10**9
    digests = []
    for year in ("2024", "2023", "2024"):
        file.write_text(file.read_text(encoding="utf-8").replace("2024-01-01", f"{year}-01-01"), encoding="utf-8")
        os.utime(file, ns=(time, time))
        digests.append(cache.dataset_digest(Layout.find(file.parents[1])))
    assert digests[0] != digests[1]


def test_an_import_creates_a_dataset_in_an_empty_folder(nevkg: Nevkg, tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir()
    tables = Tables(tmp_path / "c").add("organizations", org_id="acme", kind="company", name="Acme", name_zh="甲", founded="2001").write()
    assert nevkg("import", str(tables), "--data", str(data), "--collected", TODAY).code == 0
    assert nevkg("info", "--data", str(data)).out.splitlines()[1].split() == ["dataset", "date", TODAY]
    assert nevkg("validate", "--data", str(data)).code == 0
    assert not import_collections(Layout.find(data), [tables], TODAY).changed
