"""The store cache: reuse, invalidation, and recovery from damage."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pyoxigraph
import pytest
from tests.conftest import Nevkg
from tests.support.marks import FUZZ, quick_every
from tests.support.worlds import World

import nevkg as library
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.progress import listen
from nevkg.store import EmbeddedStore, cache, open_snapshot, open_store, shipped
from nevkg.store.embedded import ship


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("NEVKG_CACHE", str(folder))
    return folder


def count(store: EmbeddedStore) -> int:
    return len(store.store)


def test_a_cached_store_is_opened_without_reading_data(own_cache: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(cache, "_TICK", 0.0)
    first = open_store(Layout.find(Path(part)))
    monkeypatch.setattr("nevkg.data.dataset.read_quads", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr("nevkg.data.dataset.compute_digest", lambda *_: pytest.fail("hashed again"))
    second = open_store(Layout.find(Path(part)))
    assert first.place == second.place
    assert own_cache in (second.place or Path()).parents
    assert count(first) == count(second)


def test_changed_data_gets_a_new_store(own_cache: Path, world: World) -> None:
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    first = open_store(world.write())
    world.fact("plant:p", "status", "status:suspended", "2025-01-01")
    second = open_store(world.write())
    assert first.digest != second.digest
    assert len(list(own_cache.glob("store-*"))) == 2


BREAKS = ["no marker", "no store", "rubbish in the store"]


def break_store(store: EmbeddedStore, how: str, files: str = "*") -> None:
    """Breaks a store in the cache; ``files`` selects those that are overwritten with rubbish."""
    assert store.place
    if how == "no marker":
        (store.place / "complete").unlink()
    elif how == "no store":
        shutil.rmtree(store.place / "oxigraph")
    else:
        for file in (store.place / "oxigraph").glob(files):
            file.write_bytes(b"rubbish")


@pytest.mark.parametrize("how", quick_every(3, BREAKS[::-1]))
def test_a_broken_cache_is_rebuilt(own_cache: Path, how: str, part: str) -> None:
    store = open_store(Layout.find(Path(part)))
    expected = count(store)
    break_store(store, how)
    del store
    again = open_store(Layout.find(Path(part)))
    assert count(again) == expected
    assert own_cache.is_dir()


def test_damage_found_during_a_query_is_repaired(own_cache: Path, nevkg: Nevkg, part: str) -> None:
    expected = nevkg("dump", "--data", part, "--format", "nquads").out
    for file in own_cache.glob("store-*/oxigraph/*.sst"):
        content = bytearray(file.read_bytes())
        for place in range(0, min(len(content), 4000), 40):
            content[place] ^= 255
        file.write_bytes(content)
    again = nevkg("dump", "--data", part, "--format", "nquads")
    assert again.code == 0
    assert again.out == expected


def damage(folder: Path, *, silent: bool) -> None:
    """Flips bytes in the data blocks of every table, which RocksDB does not read on opening; ``silent`` keeps file times."""
    for file in folder.glob("*.sst"):
        content, facts = bytearray(file.read_bytes()), file.stat()
        for place in range(64, len(content) // 2, 512):
            content[place] ^= 255
        file.write_bytes(content)
        if silent:
            os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FUZZ))
def test_a_flipped_byte_in_any_file_but_the_tables_is_harmless(own_cache: Path, world: World, seed: int) -> None:
    """The manifest, the logs, the options and our own records; sizes and times stay as they were."""
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    layout, chosen, tried = world.write(), random.Random(seed), set()
    expected = count(open_store(layout))
    for _ in range(3):
        for file in sorted(path for path in own_cache.rglob("*") if path.is_file() and path.suffix != ".sst"):
            if not file.exists() or not (content := bytearray(file.read_bytes())):
                continue  # the cache was built again
            content[chosen.randrange(len(content))] ^= 1 << chosen.randrange(8)
            facts = file.stat()
            file.write_bytes(content)
            os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
            tried.add(file.name.partition("-")[0])
            assert count(open_store(layout)) == expected, file
    assert {"CURRENT", "MANIFEST", "OPTIONS", "complete"} <= tried


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_jumps_is_harmless(own_cache: Path, world: World, monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    layout = world.write()
    expected = count(open_store(layout))
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + years * 365 * 86_400)
    assert count(open_store(layout)) == expected
    world.fact("plant:p", "status", "status:suspended", "2025-01-01")
    layout = world.write()
    assert count(open_store(layout)) > expected
    monkeypatch.setattr(time, "time", now)
    assert count(open_store(layout)) > expected
    assert not [*own_cache.glob("building-*")]


EVERYTHING = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(STRLEN(STR(?o)) > 0) }"


@pytest.mark.slow
@pytest.mark.parametrize("silent", [False, True])
def test_a_damaged_block_is_detected_by_the_command_line_and_python(own_cache: Path, nevkg: Nevkg, part: str, silent: bool) -> None:
    expected = nevkg("query", "-e", EVERYTHING, "--data", part).out
    (place,) = own_cache.glob("store-*")
    damage(place / "oxigraph", silent=silent)
    again = nevkg("query", "-e", EVERYTHING, "--data", part)
    assert (again.code, again.out, again.err) == (0, expected, "")
    damage(place / "oxigraph", silent=silent)
    graph = library.open(part)
    assert len(graph.ask("companies")) > 0
    assert graph.query(EVERYTHING)["n"] == [int(expected.split()[1])]


def test_a_damaged_user_store_is_reported(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    assert nevkg("load", str(folder), "--data", part).code == 0
    damage(folder, silent=True)
    for store in (("--store", str(folder)), (f"--store={folder}",)):
        result = nevkg("query", "-e", EVERYTHING, *store)
        assert (result.code, result.out, result.err.count("\n")) == (3, "", 1)
        assert result.err.endswith("; load it again with 'nevkg load'.\n")
    with pytest.raises(CouldNotRun, match="is damaged"):
        library.open(folder).ask("companies")


@pytest.mark.slow
def test_a_damaged_snapshot_of_a_user_store_is_rebuilt(own_cache: Path, nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    assert nevkg("load", str(folder), "--data", part).code == 0
    command = ("query", "-e", EVERYTHING, "--store", str(folder))
    of_dataset = set(own_cache.glob("snapshot-*"))
    expected = nevkg(*command).out

    def damage_snapshot() -> None:
        places = {*own_cache.glob("snapshot-*")} - of_dataset
        assert places
        for place in places:
            for table in (place / "oxigraph").glob("*.sst"):
                content = table.read_bytes()  # copy the hard link, so that the user's own store is not damaged
                table.unlink()
                table.write_bytes(content)
            damage(place / "oxigraph", silent=True)

    damage_snapshot()
    assert nevkg(*command).out == expected
    damage_snapshot()
    assert library.open(folder).query(EVERYTHING)["n"] == [int(expected.split()[1])]


def test_error_messages_with_words_of_the_query_are_not_taken_for_damage(own_cache: Path, nevkg: Nevkg, part: str) -> None:
    assert nevkg("query", "-e", EVERYTHING, "--data", part).code == 0
    (place,) = own_cache.glob("store-*")
    before = place.stat()
    result = nevkg("query", "-e", "SELECT (<http://x/Corruption:>(1) AS ?a) {}", "--data", part)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert "The query cannot be answered: " in result.err
    assert place.stat().st_ino == before.st_ino


def test_a_copied_cache_is_verified_once(own_cache: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    place = open_store(Layout.find(Path(part))).place
    assert place is not None
    for file in (place / "oxigraph").iterdir():
        os.utime(file, (1, 1))
    monkeypatch.setattr("nevkg.data.dataset.read_quads", lambda *_: pytest.fail("built again"))
    assert open_store(Layout.find(Path(part))).place == place
    monkeypatch.setattr("nevkg.store.cache.hash_file", lambda *_: pytest.fail("read again"))
    assert open_store(Layout.find(Path(part))).place == place
    assert own_cache.is_dir()


def test_other_content_of_the_same_size_breaks_a_seal(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"one")
    seal = cache.make_seal(tmp_path)
    os.utime(file, (1, 1))
    assert cache.renew_seal(tmp_path, seal) == {"file": [3, 1_000_000_000, seal["file"][2]]}
    file.write_bytes(b"two")
    os.utime(file, (1, 1))
    assert cache.renew_seal(tmp_path, seal) is None


def test_damaged_cache_files_are_ignored(own_cache: Path) -> None:
    cache.save(own_cache / "file", {"a": [1, "名"]})
    assert cache.load(own_cache / "file") == {"a": [1, "名"]}
    content = (own_cache / "file").read_bytes()
    for damaged in (content[:-1], content.replace(b"[1", b"[2"), b"", b"rubbish"):
        (own_cache / "file").write_bytes(damaged)
        assert cache.load(own_cache / "file") is None


def test_an_unwritable_cache_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("NEVKG_CACHE", str(blocked / "cache"))
    store = open_store(Layout.find(Path(part)))
    assert store.place is None
    assert count(store) > 10000


def test_a_build_that_fails_leaves_nothing(own_cache: Path, world: World) -> None:
    layout = world.write()
    (layout.data / "registry" / "bad.ttl").write_text("this is not Turtle", encoding="utf-8")
    with pytest.raises(Exception, match=r"bad.ttl:1: "):
        open_store(layout)
    assert not [path for path in own_cache.glob("*") if path.name != "index"]


@pytest.mark.slow
def test_concurrent_builds_give_the_same_store(own_cache: Path, part: str) -> None:
    command = [sys.executable, "-m", "nevkg", "ask", "local-manufacturers", "--data", part]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ.copy()) for _ in range(3)]
    answers = {process.communicate()[0] for process in running}
    assert len(answers) == 1
    assert [process.returncode for process in running] == [0, 0, 0]
    assert not list(own_cache.glob("building-*"))


def test_what_was_used_least_recently_is_removed(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that several folders share counts once, and what is in use stays."""
    monkeypatch.setenv("NEVKG_CACHE_LIMIT", "5")
    own_cache.mkdir()
    (shared := own_cache / "shared").write_bytes(bytes(2_000_000))

    def fill(folder: Path) -> None:
        os.link(shared, folder / "shared")
        (folder / "file").write_bytes(bytes(700_000))

    places, in_use = [], ExitStack()
    for number in range(6):
        place = cache.build(f"store-1-{number}", fill)
        assert place
        os.utime(place, (number, number))
        places.append(place)
        if number == 0:
            lease = cache.lease(place)
            assert lease
            in_use.enter_context(lease)
            os.utime(place, (0, 0))
    assert [place.exists() for place in places] == [True, False, True, True, True, True]
    with in_use:
        assert cache.prune(0) > 4_000_000
        assert [place.name for place in own_cache.glob("store-*")] == ["store-1-0"]
    cache.prune(0)
    assert not list(own_cache.glob("store-*"))


@pytest.mark.usefixtures("own_cache")
def test_the_list_survives_builds_that_end_meanwhile() -> None:
    done = threading.Event()

    def build() -> None:
        while not done.is_set():
            with suppress(CouldNotRun):
                cache.build("store-x", _fail)

    def _fail(folder: Path) -> None:
        (folder / "part").mkdir()
        raise CouldNotRun("failed")

    other = threading.Thread(target=build)
    other.start()
    try:
        for _ in range(500):
            assert cache.list_entries() == []
    finally:
        done.set()
        other.join()


def test_the_cache_of_large_data_has_room_for_the_stages_of_a_day(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEVKG_CACHE_LIMIT", raising=False)
    monkeypatch.setattr(cache, "_LIMIT", 1)

    def fill(folder: Path) -> None:
        (folder / "file").write_bytes(bytes(1_500_000))

    for number in range(6):
        place = cache.build(f"stage-1-{number}", fill)
        assert place
        os.utime(place, (number, number))
    kept = {int(path.name[-1]) for path in own_cache.iterdir()}
    assert {3, 4, 5} <= kept <= {2, 3, 4, 5}, "about four of them"


def test_the_command_lists_prunes_and_clears(own_cache: Path, nevkg: Nevkg, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(folder: Path) -> None:
        (folder / "file").write_bytes(bytes(1_500_000))

    for number in range(3):
        place = cache.build(f"snapshot-1-{number}", fill)
        assert place
        os.utime(place, (number, number))
    (own_cache / "copy-of-a-server").mkdir()
    (own_cache / "copy-of-a-server" / "file").touch()
    out = nevkg("cache").out
    assert [line.split()[0] for line in out.splitlines()[2:5]] == ["snapshot-1-2", "snapshot-1-1", "snapshot-1-0"]
    assert "1.5 MB  1970-01-01 00:00" in out
    assert out.endswith(f"4.5 MB in {own_cache}; limit 1,000,000.0 MB.\n")
    assert nevkg("cache", "prune").out == f"0.0 MB removed from {own_cache}, 4.5 MB left.\n"
    assert nevkg("cache", "prune", "--limit", "4").out == f"1.5 MB removed from {own_cache}, 3.0 MB left.\n"
    assert nevkg("cache", "clear").out == f"3.0 MB removed from {own_cache}, 0.0 MB left.\n"
    assert [path.name for path in own_cache.iterdir() if path.is_dir()] == ["copy-of-a-server"]
    monkeypatch.setenv("NEVKG_CACHE_LIMIT", "1 GB")
    result = nevkg("cache", "prune")
    assert (result.code, result.err) == (2, "nevkg: NEVKG_CACHE_LIMIT is '1 GB'; it is a whole number of megabytes.\n")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a wheel has the built dataset; empty."""
    folder = tmp_path / "built"
    monkeypatch.setattr(shipped, "FOLDER", folder)
    return folder


def test_shipped_data_is_not_derived_unless_it_was_edited_or_its_file_is_damaged(own_cache: Path, built: Path, world: World) -> None:
    def open_and_list() -> tuple[set[pyoxigraph.Quad], set[pyoxigraph.Quad], list[str]]:
        shutil.rmtree(own_cache, ignore_errors=True)
        work: list[str] = []
        with listen(work.append):
            record = open_store(layout)
            snapshot = open_snapshot(record, entities.dataset_date(record))
        return set(record.store), set(snapshot.store), [step.partition(" ")[0] for step in work]

    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    layout = world.write()
    record, snapshot, work = open_and_list()
    assert work == ["Deriving"]
    ship(layout, built)
    assert open_and_list() == (record, snapshot, ["Loading"])
    for path in built.iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    assert open_and_list() == (record, snapshot, ["Deriving"])
    world.fact("plant:p", "status", "status:suspended", "2025-01-01")
    world.write()
    assert open_and_list()[2] == ["Deriving"]


def test_the_same_data_is_shipped_as_the_same_bytes(built: Path, world: World) -> None:
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    layout = world.write()
    contents = []
    for _ in range(2):
        ship(layout, built)
        contents.append({path.name: path.read_bytes() for path in built.iterdir()})
        shutil.rmtree(built)
    assert len(contents[0]) == 2
    assert contents[0] == contents[1]


def test_only_the_present_state_is_shipped(built: Path, world: World) -> None:
    for status in ("operating", "suspended"):
        world.fact("plant:p", "status", f"status:{status}", "2024-01-01")
        ship(world.write(), built)
    assert len(list(built.iterdir())) == 2
