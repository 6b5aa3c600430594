"""A disk that becomes full at any moment: nothing is written in part, and existing data is unchanged."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from tests.support.contributions import TABLES, TODAY, Tables, contents, write_small_data
from tests.support.worlds import World

from nevkg.contribute.importer import import_collections
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.propose.proposals import Source, write_collection
from nevkg.propose.proposed_rows import Proposal
from nevkg.publish.release.make import publish
from nevkg.reading.documents import Document
from nevkg.serve.state.source import ServedDataset
from nevkg.store import open_store
from nevkg.store.embedded import build_with_snapshot

_CHANGES = {"os.mkdir", "os.rename", "os.link", "os.symlink", "tempfile.mkdtemp", "tempfile.mkstemp"}


class Disk:
    """A simulated disk: refuses changes once ``left`` is used up; files can always be removed."""

    left: int | None = None
    refused = 0

    def check(self, event: str, details: tuple[Any, ...]) -> None:
        if self.left is None:
            return
        if event == "open":
            flags = details[2] if isinstance(details[2], int) else 0
            if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or str(details[0]).startswith("/dev/"):
                return
        elif event not in _CHANGES:
            return
        self.left -= 1
        if self.left < 0:
            self.refused += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(details[0]))


DISK = Disk()
# Audit hooks cannot be removed; the hook does nothing while ``left`` is None.
sys.addaudithook(DISK.check)


@contextmanager
def full_after(changes: int) -> Iterator[Disk]:
    DISK.left, DISK.refused = changes, 0
    try:
        yield DISK
    finally:
        DISK.left = None


def build_once(layout: Layout, patch: pytest.MonkeyPatch) -> int:
    """Builds a dataset once for all its openings, since that takes most of their time and writes nothing; returns the size."""
    record, snapshot = build_with_snapshot(layout)
    quads = [*record.store, *snapshot.store]

    def copy(_: Layout) -> tuple[pyoxigraph.Store, str | None]:
        store = pyoxigraph.Store()
        store.bulk_extend(quads)
        return store, snapshot.day

    patch.setattr("nevkg.store.embedded._build_with_snapshot", copy)
    return len(record.store)


@pytest.mark.slow
def test_a_full_disk_while_the_cache_is_written(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world.plant()
    layout = world.write()
    expected = build_once(layout, monkeypatch)
    for changes in range(1000):
        folder = tmp_path / f"cache-{changes}"
        monkeypatch.setenv("NEVKG_CACHE", str(folder))
        with full_after(changes) as disk:
            store = open_store(layout)
        assert len(store.store) == expected
        assert not list(folder.glob("building-*"))
        assert not list(folder.rglob("tmp*"))
        if not disk.refused:
            break
        del store
        again = open_store(layout)
        assert again.place is not None, "it is cached once there is room"
        assert len(again.store) == expected
    assert changes > 4


def collection(folder: Path) -> Path:
    tables = Tables(folder)
    for number in range(3):
        source = {"source_id": f"s-{number}"}
        tables.source(source["source_id"], f"https://example.org/{number}", published=f"202{number}")
        tables.add("plant_facts", plant_id="p", attribute="jobs", value=str(number + 1), as_of="2024", **source)
    return tables.write()


def test_a_full_disk_while_proposals_are_written(tmp_path: Path) -> None:
    """A new folder is written whole or not at all; in one that exists, each file is as before or as after."""
    document = Document(
        "The plant has 100 jobs. It builds 9 cars.", "en", "Plant", (date(2026, 1, 1),) * 2, "given", "https://example.org/a"
    )
    row = {"plant_id": "p", "attribute": "jobs", "value": "100"}
    cells = {"source_id": "s-a", "url": document.address, "published": "2026-01-01"}
    first = Source("s-a", cells, document, [Proposal("plant_facts", row, 0, 23, 0.5, "jobs", frozenset())])
    more = replace(first, proposals=[Proposal("plant_facts", {**row, "value": "9"}, 24, 41, 0.5, "cars", frozenset())])
    assert write_collection(tmp_path / "before", [first], TABLES) == 1
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    assert write_collection(tmp_path / "after", [more], TABLES, again=True) == 1
    before, after = contents(tmp_path / "before"), contents(tmp_path / "after")
    for source, again in ((first, False), (more, True)):
        for changes in range(100):
            folder = tmp_path / f"{again}-{changes}" / "rows"
            if again:
                shutil.copytree(tmp_path / "before", folder)
            with full_after(changes) as disk, suppress(CouldNotRun):
                write_collection(folder, [source], TABLES, again=again)
            if not disk.refused:
                assert contents(folder) == (after if again else before)
                break
            if again:
                assert {name for name, content in contents(folder).items() if content not in (before.get(name), after[name])} == set()
            else:
                assert not folder.exists()
            assert not [*folder.parent.rglob(".nevkg-draft-*")]
        assert changes > 4


@pytest.mark.slow
def test_a_full_disk_while_a_server_opens_its_state(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each of its changes it serves the store in place or from memory, or says that it cannot; it leaves no copy behind."""
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    layout = world.write()
    expected = build_once(layout, monkeypatch)
    served = ServedDataset(layout)
    outcomes = set()
    for changes in range(200):
        with full_after(changes) as disk:
            try:
                state = served.state()
            except (OSError, CouldNotRun):
                outcomes.add("refused")
            else:
                outcomes.add("in place" if state.copy is None else "copy")
                assert state.contents.triples == expected
                state.close()
        assert not [*(tmp_path / "cache").glob("serving-*")]
        if not disk.refused:
            break
    else:
        pytest.fail("it needs more than 200 changes")
    assert "copy" in outcomes


def test_a_full_disk_during_an_import(tmp_path: Path) -> None:
    layout, tables = write_small_data(tmp_path / "home"), collection(tmp_path / "c")
    before = contents(layout.data)
    for changes in range(1000):
        with full_after(changes) as disk, suppress(CouldNotRun):
            import_collections(layout, [tables], TODAY)
        assert not list(layout.data.parent.glob(".nevkg-draft-*"))
        if not disk.refused:
            break
        assert contents(layout.data) == before, changes
    assert changes > 10
    assert len(contents(layout.data)) > len(before)


@pytest.mark.parametrize("moments", [pytest.param(2, marks=pytest.mark.slow), pytest.param(24, marks=pytest.mark.nightly)])
def test_a_full_disk_during_a_release(world: World, tmp_path: Path, moments: int) -> None:
    world.plant()
    store = open_store(world.write())
    place = tmp_path / "releases" / "one"
    place.parent.mkdir()
    chance = random.Random(16)
    for changes in [0, 1, 2, *sorted(chance.sample(range(3, 250), moments))]:
        with full_after(changes) as disk, pytest.raises(CouldNotRun, match=r"cannot be written to .*: No space left on device\."):
            publish(store, place)
        assert disk.refused
        assert list(place.parent.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [16, 128, 512, 1024, 2048, 3000])
def test_a_load_and_a_cache_on_a_small_disk(part: str, tmp_path: Path, kilobytes: int) -> None:
    """Uses a real, small file system, since RocksDB writes without Python."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={kilobytes}k tmpfs "$1" && shift && exec "$@"'
    isolated = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh", str(disk)]
    if subprocess.run([*isolated, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system does not let users mount a file system")
    listing = (
        f"import os, sys; from nevkg.cli import main; code = main(sys.argv[1:]); print(sorted(os.listdir({str(disk)!r}))); sys.exit(code)"
    )
    load = [*isolated, sys.executable, "-c", listing, "load", str(disk / "store"), "--data", part, "--quiet"]
    load_result = subprocess.run(load, capture_output=True, text=True, check=False)
    if load_result.returncode == 0:
        assert load_result.stdout.splitlines()[-1] == "['store']"
    else:
        assert (load_result.returncode, load_result.stderr.count("\n")) == (3, 1), load_result.stderr
        assert "No space left on device" in load_result.stderr
        assert load_result.stdout.splitlines()[-1] == "[]"
    environment = {**os.environ, "NEVKG_CACHE": str(disk / "cache")}
    ask = [*isolated, sys.executable, "-m", "nevkg", "ask", "companies", "--data", part]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False, env=environment)
    expected = subprocess.run(
        [sys.executable, "-m", "nevkg", "ask", "companies", "--data", part], capture_output=True, text=True, check=True
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, expected.stdout, "")
