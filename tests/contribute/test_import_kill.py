"""An import that is killed at any moment leaves the data as before or as after."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.contributions import Tables, contents, write_small_data

DRAFTS = ".nevkg-draft-*"


def write_collection(folder: Path) -> Path:
    """Writes some hundred rows of fifty documents on new entities."""
    tables = Tables(folder)
    for number in range(50):
        document = {"source_id": f"s-kill-{number}"}
        tables.source(document["source_id"], f"https://example.org/kill/{number}", published=f"20{number % 20 + 10}")
        tables.add("plants", plant_id=f"kill-{number}", name=f"Kill {number}", country="TH", city=f"Town {number}", **document)
        for year in range(2018, 2026):
            tables.add("plant_facts", plant_id=f"kill-{number}", attribute="jobs", value=str(year), as_of=str(year), **document)
    return tables.write()


@pytest.mark.parametrize("kills", [pytest.param(5, marks=pytest.mark.slow), pytest.param(48, marks=pytest.mark.nightly)])
def test_the_data_is_whole_whenever_an_import_is_killed(tmp_path: Path, kills: int) -> None:
    chance = random.Random(20)
    data, collection = tmp_path / "home" / "data", write_collection(tmp_path / "c")
    pristine = write_small_data(tmp_path / "pristine").data
    command = [sys.executable, "-m", "nevkg", "import", str(collection), "--data", str(data), "--collected", "2026-11-24", "--quiet"]

    def restore() -> None:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(pristine, data)

    restore()
    old, start = contents(data), time.monotonic()
    subprocess.run(command, check=True)
    duration = time.monotonic() - start
    new = contents(data)
    assert len(new) > len(old) + 50
    restore()
    outcomes = []
    for kill in range(kills):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if kill % 2:
            time.sleep(duration * (kill - 1) / kills)
        else:  # while the draft is made, or close to the moment when it replaces the old data
            while process.poll() is None and not list(data.parent.glob(DRAFTS)):
                pass
            if kill % 4:
                time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.wait()
        now, drafts = contents(data), list(data.parent.glob(DRAFTS))
        assert now in (old, new), f"kill {kill}"
        outcomes.append((now == new, bool(drafts)))
        if drafts or now == new:
            subprocess.run(command, check=True)
            assert contents(data) == new
            assert list(data.parent.glob(DRAFTS)) == []
            restore()
    assert {(False, False), (False, True)} <= set(outcomes), f"killed before and while the draft was made: {outcomes}"
