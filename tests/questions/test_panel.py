"""The panel agrees with the questions whose numbers it brings together, and is typed as regressions need it."""

from __future__ import annotations

from typing import Any

import pytest

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.store import EmbeddedStore

FIRST_YEAR = 2000
COUNTS = ("plants", "morePlants", "undated")


@pytest.fixture(scope="module")
def panel(shipped: EmbeddedStore) -> Any:
    return ask(shipped, load_catalogue(shipped.layout)["panel"])


@pytest.mark.parametrize(("unit", "name"), [("country", "countries-by-year"), ("maker", "makers-by-year")])
def test_counts_are_those_of_other_questions(unit: str, name: str, shipped: EmbeddedStore) -> None:
    catalogue = load_catalogue(shipped.layout)
    counts = (*COUNTS, "makers", "moreMakers") if unit == "country" else COUNTS
    other: Any = ask(shipped, catalogue[name])
    panel: Any = ask(shipped, catalogue["panel"], {"by": [unit]})
    # The other question lists only the years in which any fact of the data began.
    years = {row.year for row in other if row.year >= FIRST_YEAR}
    expected, found = (
        {(row[unit], row.year): numbers for row in answer if any(numbers := [row[one] for one in counts]) and row.year in years}
        for answer in (other, panel)
    )
    assert found
    assert found == expected


def test_policies_are_those_in_force_at_the_end_of_the_year(panel: Any, shipped: EmbeddedStore) -> None:
    policies: Any = ask(shipped, load_catalogue(shipped.layout)["policies-over-time"])
    last = str(panel.as_of)
    for row in panel:
        day = min(f"{row.year}-12-31", last)
        spells = [one for one in policies if row.country in (one.countries or ()) and str(one["from"]) <= day]
        assert row.policies == len({one.policy for one in spells if not one.until or str(one.until) > day})


def test_a_unit_has_each_year_from_its_first_and_missing_is_not_zero(panel: Any) -> None:
    last = int(str(panel.as_of)[:4])
    years: dict[object, list[int]] = {}
    for row in panel:
        years.setdefault(row.country, []).append(row.year)
        assert (row.capacity is None) == (row.capacityPlants == 0)
        assert (row.output is None) == (row.outputFigures == 0)
        assert 0 not in (row.exports, row.share)
        assert row.capacityPlants <= row.plants
    assert all(found == list(range(found[0], last + 1)) for found in years.values())
    assert any(row.plants == 0 for row in panel)


def test_a_data_frame_has_types_in_which_missing_numbers_stay_missing(panel: Any) -> None:
    frame = panel.to_pandas()
    assert {str(frame[name].dtype) for name in ("year", *COUNTS, "capacityPlants", "policies", "sources")} == {"Int64"}
    assert {str(frame[name].dtype) for name in ("capacity", "output", "exports", "share")} <= {"Int64", "Float64"}
    assert frame["output"].isna().any()
    assert str(frame["country_label"].dtype) in ("str", "string")
