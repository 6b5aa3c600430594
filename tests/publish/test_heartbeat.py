"""The heartbeat: four numbers from the history, the queue and the samples, the same wherever they are shown."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from tests.support.worlds import World

from nevkg.publish.heartbeat import QUEUE, Heartbeat, draw_badge, tabulate, write_list
from nevkg.publish.samples import COLUMNS, FOLDER, TABLE
from nevkg.serve.api.dataset_jobs import MeasureQuality
from nevkg.serve.state.source import _describe_contents
from nevkg.store import EmbeddedStore

ROOT = Path(__file__).parents[2]
COUNTED = dict.fromkeys(COLUMNS, "0") | {"day": "2026-01-02", "population": "100", "right": "45", "wrong": "5", "not found": "10"}


@pytest.fixture
def aged(world: World) -> World:
    """Three plants, as of 2026-01-01: confirmed a month, eight months and five years before."""
    for name, day in (("a", "2025-12-01"), ("b", "2025-05-01"), ("c", "2021-01-01")):
        world.fact(f"plant:{name}", "status", "status:operating", day)
    return world


def test_ages_and_stale_facts_are_counted(aged: World) -> None:
    numbers = Heartbeat.measure(aged.build().store)
    assert (numbers.facts, numbers.stale, numbers.months) == (3, 1, 8)
    assert (numbers.queue, numbers.sample) == (None, None)


def test_the_queue_and_the_last_sample_are_those_of_the_data_folder(aged: World) -> None:
    store = aged.build().store
    data = store.layout.data
    states = ("new", "new", "irrelevant")
    rows = [f"https://example.org/{number},Title {number},,Site,,{state},2026-01-01," for number, state in enumerate(states)]
    (data / QUEUE).write_text("\n".join(["address,title,published,place,names,state,found,note", *rows, ""]), encoding="utf-8")
    (data / FOLDER).mkdir(exist_ok=True)
    (data / FOLDER / TABLE).write_text(f"{','.join(COLUMNS)}\n{','.join(COUNTED.values())}\n", encoding="utf-8")
    assert Heartbeat.measure(store).to_json() == {
        "facts": 3,
        "staleShare": 0.333,
        "monthsSinceConfirmation": 8,
        "queue": 2,
        "precision": {"day": "2026-01-02", "checked": 50, "share": 0.9, "low": 0.786, "high": 0.957},
    }
    assert "confirmed 8 months ago (median) · 33% stale · 2 pages to read · 90% (79% to 96%) right" in draw_badge(store)
    assert write_list(store).endswith(
        ": 8\n- Share of facts that are stale: 33%\n- Pages found that nobody has looked at: 2\n- Precision: 90% (79% to 96%)\n"
    )
    assert _describe_contents(store).heartbeat == Heartbeat.measure(store).to_json()
    body = BytesIO()
    MeasureQuality(lang="zh").run(store).write(body)
    (table, *_) = json.loads(body.getvalue())["tables"]
    assert table["name"] == "heartbeat"
    assert len(table["rows"]) == len(tabulate(store).rows) == 4
    assert "33%" in json.dumps(table["rows"], ensure_ascii=False)
    assert "久未确认的事实比例" in json.dumps(table["rows"], ensure_ascii=False)


def test_data_without_facts_has_no_numbers(world: World) -> None:
    store = world.build().store
    assert Heartbeat.measure(store) == Heartbeat(0, 0, None, None, None)
    assert "0% stale</title>" in draw_badge(store)


def test_the_badge_of_the_readme_is_current(current: EmbeddedStore) -> None:
    badge = re.search(r"\((\S+heartbeat\.svg)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert badge
    assert (ROOT / badge[1]).read_text(encoding="utf-8") == draw_badge(current), f"{badge[1]} is out of date; run `make docs`."
