"""Random samples are drawn again from a seed, recorded only if complete, and counted with an interval."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.support.worlds import CURRENT, World

import sample as recipe
from nevkg.errors import InvalidData
from nevkg.publish.samples import COLUMNS, FOLDER, NOT_FOUND, RIGHT, TABLE, VERDICTS, read_samples, verdicts_path, wilson_interval


@pytest.mark.parametrize(
    ("right", "checked", "low", "high"),
    [(51, 59, 0.755, 0.930), (81, 263, 0.255, 0.366), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_those_of_wilson(right: int, checked: int, low: float, high: float) -> None:
    assert wilson_interval(right, checked) == pytest.approx((low, high), abs=0.0006)


def fill_in(rows: Sequence[dict[str, str]], *verdicts: str) -> list[dict[str, str]]:
    return [{**row, "verdict": verdict, "reason": "" if verdict == RIGHT else "Said."} for row, verdict in zip(rows, verdicts, strict=True)]


def test_a_seed_draws_the_same_statements_without_those_retracted(world: World) -> None:
    world.plant()
    for day in range(1, 10):
        world.fact("plant:p", "status", "status:operating", f"2020-01-0{day}")
    wrong = world.fact("plant:p", "status", "status:closed", "2020-02-01")
    world.statement("s", "Retraction", retracts=wrong)
    store = world.build().store
    rows = recipe.draw(store, "1", 5)
    assert [row["statement"] for row in rows] == [row["statement"] for row in recipe.draw(store, "1", 5)]
    assert {row["statement"] for row in rows} != {row["statement"] for row in recipe.draw(store, "2", 5)}
    everything = recipe.draw(store, "1", 1000)
    assert len(everything) == int(everything[0]["population"])
    assert everything[:5] == rows
    assert "closed" not in {row["value"] for row in everything}
    assert {("Plant P", "status", "operating")} <= {(row["subject"], row["property"], row["value"]) for row in everything}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / TABLE).write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    return tmp_path


ROWS: Sequence[dict[str, str]] = [{"statement": f"statement:{number}", "seed": "7", "population": "900"} for number in range(4)]


def test_a_sheet_is_recorded_with_its_counts(data: Path) -> None:
    recipe.record(data, fill_in(ROWS, RIGHT, RIGHT, "wrong", NOT_FOUND), "2026-12-01", "a reader")
    recipe.record(data, fill_in(ROWS, *[RIGHT] * 4), "2026-12-02", "a reader")
    latest, first = read_samples(data)
    assert (latest.day, latest.right, latest.checked) == ("2026-12-02", 4, 4)
    assert (first.seed, first.population, first.checked_by, first.right, first.checked) == ("7", "900", "a reader", 2, 3)
    assert first.interval == wilson_interval(2, 3)


def test_samples_of_one_day_differ_by_their_seed_and_the_last_recorded_is_the_latest(data: Path) -> None:
    recipe.record(data, fill_in(ROWS, *[RIGHT] * 4), "2026-12-01", "a reader")
    second = [{**row, "seed": "8"} for row in ROWS]
    recipe.record(data, fill_in(second, RIGHT, RIGHT, RIGHT, "wrong"), "2026-12-01", "a reader")
    assert [(sample.seed, sample.right) for sample in read_samples(data)] == [("8", 3), ("7", 4)]
    with pytest.raises(SystemExit, match="another day, or draw a sheet with another seed"):
        recipe.record(data, fill_in(second, *[RIGHT] * 4), "2026-12-01", "a reader")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (fill_in(ROWS, RIGHT, RIGHT, RIGHT, ""), "statement:3 needs one of the verdicts"),
        ([{**ROWS[0], "verdict": "wrong", "reason": ""}], "a reason unless it is right"),
        (fill_in([ROWS[0], {**ROWS[1], "seed": "8"}], RIGHT, RIGHT), "not those of one draw"),
        (fill_in([ROWS[0], ROWS[0]], RIGHT, RIGHT), "not those of one draw"),
    ],
)
def test_an_incomplete_sheet_is_refused(data: Path, rows: Sequence[Mapping[str, str]], problem: str) -> None:
    before = (data / FOLDER / TABLE).read_bytes()
    with pytest.raises(SystemExit, match=problem):
        recipe.record(data, rows, "2026-12-01", "a reader")
    assert [path.name for path in (data / FOLDER).iterdir()] == [TABLE]
    assert (data / FOLDER / TABLE).read_bytes() == before


def test_a_count_that_is_no_number_is_an_error(data: Path) -> None:
    with (data / FOLDER / TABLE).open("a", encoding="utf-8") as file:
        file.write("2026-12-01,7,900,all,a reader,many,0,0,0,0\n")
    with pytest.raises(InvalidData, match="the sample of 2026-12-01 has a count"):
        read_samples(data)


def test_the_recorded_counts_are_those_of_the_sheets() -> None:
    for sample in read_samples(CURRENT.data):
        path = verdicts_path(CURRENT.data, sample.day, sample.seed)
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                counts = Counter(row["verdict"] for row in csv.DictReader(file))
            assert {verdict: counts[verdict] for verdict in VERDICTS} == sample.verdicts
