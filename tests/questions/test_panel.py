"""The panel agrees with the questions whose numbers it brings together, and is typed as regressions need it."""

from __future__ import annotations

from typing import Any

import pytest

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.store import EmbeddedStore

COUNTS = ("plants", "morePlants", "makers", "moreMakers")


@pytest.fixture(scope="module")
def panel(shipped: EmbeddedStore) -> Any:
    return ask(shipped, load_catalogue(shipped.layout)["panel"])


@pytest.mark.parametrize("given", [{}, {"maker": ["agent:byd"]}, {"chinese": ["*"]}], ids=["all", "one maker", "any control"])
def test_counts_are_those_of_countries_by_year(given: dict[str, list[str]], shipped: EmbeddedStore) -> None:
    other: Any
    panel: Any
    other, panel = (ask(shipped, load_catalogue(shipped.layout)[name], given) for name in ("countries-by-year", "panel"))
    expected, found = ([(row.country, row.year, *(row[one] for one in COUNTS)) for row in answer] for answer in (other, panel))
    assert found
    assert found == expected


def test_policies_are_those_in_force_at_the_end_of_the_year(panel: Any, shipped: EmbeddedStore) -> None:
    policies: Any = ask(shipped, load_catalogue(shipped.layout)["policies-over-time"])
    last = str(panel.as_of)
    for row in panel:
        day = min(f"{row.year}-12-31", last)
        spells = [one for one in policies if row.country in (one.countries or ()) and str(one["from"]) <= day]
        assert row.policies == len({one.policy for one in spells if not one.until or str(one.until) > day})


def test_missing_is_not_zero(panel: Any) -> None:
    for row in panel:
        assert (row.capacity is None) == (row.capacityPlants == 0)
        assert 0 not in (row.capacity, row.output, row.exports, row.share)
        assert row.capacityPlants <= row.plants
    assert any(row.capacity for row in panel)
    assert any(row.plants == 0 for row in panel)


def test_a_data_frame_has_types_in_which_missing_numbers_stay_missing(panel: Any) -> None:
    frame = panel.to_pandas()
    assert {str(frame[name].dtype) for name in ("year", *COUNTS, "capacityPlants", "policies", "sources")} == {"Int64"}
    assert {str(frame[name].dtype) for name in ("capacity", "output", "exports", "share")} <= {"Int64", "Float64"}
    assert frame["output"].isna().any()
    assert str(frame["country_label"].dtype) in ("str", "string")
