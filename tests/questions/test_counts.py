"""One number in every view: all questions that count plants, makers or countries agree with local-manufacturers, on five days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from nevkg.ask import days
from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import SNAPSHOT, load_catalogue
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network.project import project
from nevkg.store import EmbeddedStore, Store
from nevkg.table.values import Thing

# The date of the dataset is the last. A snapshot of the shipped data takes seconds; other tests ask for that of 2025-12-31, too.
DAYS = (*(pytest.param(day, marks=pytest.mark.slow) for day in ("2018-12-31", "2020-12-31", "2022-12-31")), "2025-12-31", None)
Pairs = dict[str, set[str]]


@dataclass
class Counts:
    """The countries, plants and makers that local-manufacturers lists; ``as_maker`` names the companies that a maker counts as."""

    answer: Callable[..., Any]
    now: Callable[..., Any]
    day: str
    steady: set[str]
    as_maker: Mapping[str, set[str]]
    home: set[tuple[str, str]]
    countries: Pairs = field(default_factory=lambda: defaultdict(set))
    plants: Pairs = field(default_factory=lambda: defaultdict(set))
    makers: Pairs = field(default_factory=lambda: defaultdict(set))
    plants_in: Pairs = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for row in self.answer("local-manufacturers", chinese=["yes"]):
            self.countries[row.maker.iri].add(row.country.iri)
            self.makers[row.country.iri].add(row.maker.iri)
            if row.plant:
                self.plants[row.maker.iri].add(row.plant.iri)
                self.plants_in[row.country.iri].add(row.plant.iri)

    def of(self, company: str, pairs: Pairs) -> set[str]:
        """Returns what belongs to the makers that count as a company."""
        return {thing for maker, found in pairs.items() if company in self.as_maker[maker] for thing in found}


@pytest.fixture(scope="module", params=DAYS)
def counts(request: pytest.FixtureRequest, shipped: EmbeddedStore) -> Counts:
    day = request.param or entities.dataset_date(shipped)
    catalogue = load_catalogue(shipped.layout)
    now, then = (days.snapshot(shipped, date) for date in (entities.dataset_date(shipped), day))
    as_maker: Pairs = defaultdict(set)
    for maker, company in _pairs(then, "?one nev:countsAsMaker ?other"):
        as_maker[maker].add(company)

    def answer(name: str, **given: Any) -> Answer:
        question = catalogue[name]
        return ask(shipped, question, given, as_of=day if question.over == SNAPSHOT else None)

    def answer_now(name: str, **given: Any) -> Answer:
        return ask(shipped, catalogue[name], given)

    return Counts(answer, answer_now, day, _find_steady(now, then), as_maker, _pairs(then, "?one nev:homeCountry ?other"))


def _find_steady(now: Store, then: Store) -> set[str]:
    """Returns the makers that questions on years count as on the day: other facts of theirs are as of the data."""
    parts = f"?one nev:makes ?other FILTER(?other != <{terms.BASE}product-kind/not-known>) MINUS {{ ?other nev:countsAsVehicle true }}"
    patterns = ("?one a nev:Production ; nev:sharesLine ?other", "?one nev:chineseControl ?other", parts)
    differing = {production for pattern in patterns for production, _ in _pairs(now, pattern) ^ _pairs(then, pattern)}
    makers = _pairs(now, "?one a nev:Production ; nev:maker ?other . ?other a nev:Maker")
    return {maker for _, maker in makers} - {maker for production, maker in makers if {production, maker} & differing}


def _pairs(store: Store, pattern: str) -> set[tuple[str, str]]:
    rows = entities.rows(store, f"PREFIX nev: <{terms.NEV}> SELECT ?one ?other WHERE {{ {pattern} }}")
    return {(row["one"], row["other"]) for row in rows}


def test_host_countries(counts: Counts) -> None:
    rows = {row.company.iri: row for row in counts.answer("host-countries", level=["maker"])}
    for company in {company for maker in counts.countries for company in counts.as_maker[maker]} | rows.keys():
        row = rows.get(company)
        found = (row.countries, row.plants) if row else (0, 0)
        assert found == (len(counts.of(company, counts.countries)), len(counts.of(company, counts.plants))), company


def test_countries_by_makers(counts: Counts) -> None:
    rows = {row.country.iri: row.foreign for row in counts.answer("countries-by-makers")}
    for country in rows.keys() | counts.makers.keys():
        expected = {company for maker in counts.makers[country] for company in counts.as_maker[maker]}
        assert rows.get(country, 0) == len(expected), country


def test_blocs_compared(counts: Counts) -> None:
    for row in counts.answer("blocs-compared"):
        local = counts.answer("local-manufacturers", chinese=["yes"], bloc=[row.bloc.iri])
        makers = {company for line in local for company in counts.as_maker[line.maker.iri]}
        found = (row.building, row.plants, row.builders)
        assert found == (len({line.country for line in local}), len({line.plant for line in local if line.plant}), len(makers)), row.bloc


def test_markets_and_presence(counts: Counts) -> None:
    """These name the brand and the company of a shared line, and productions at home."""
    shown = {(maker, country) for maker, found in counts.countries.items() for country in found}
    partners = {
        (company.iri, row.country.iri) for row in counts.answer("local-manufacturers", chinese=["yes"]) for company in row.company or ()
    }
    others = counts.home | partners | _not_chinese(counts)
    builds = {(row.company.iri, host.iri) for row in counts.answer("markets-of-company") for host in row.builds or ()}
    assert shown <= builds
    assert builds - shown <= others
    upheld = ["corroborated", "reported"]
    present = {
        (row.company.iri, row.country.iri)
        for row in counts.answer("presence-in-country", standing=upheld)
        if row.way.iri.endswith("manufacturesIn")
    }
    assert present == builds


def _not_chinese(counts: Counts) -> set[tuple[str, str]]:
    return {(row.maker.iri, row.country.iri) for row in counts.answer("local-manufacturers", chinese=["no", "not-known"])}


def test_plants_of_groups(counts: Counts) -> None:
    """A brand that shares a line with its company has the plant, too."""
    lists = {row.member.iri: {plant.iri for plant in row.plants or ()} for row in counts.answer("brands-of-group")}
    for member, plants in lists.items():
        assert counts.plants[member] <= plants


@pytest.mark.parametrize(("name", "key", "things"), [("makers-by-year", "maker", "countries"), ("countries-by-year", "country", "makers")])
def test_years(counts: Counts, name: str, key: str, things: str) -> None:
    local = [row for row in counts.answer("local-manufacturers", chinese=["*"]) if row.maker.iri in counts.steady]
    plants: dict[Any, set[Any]] = defaultdict(set)
    others: dict[Any, set[Any]] = defaultdict(set)
    for row in local:
        plants[getattr(row, key)] |= {row.plant} - {None}
        others[getattr(row, key)].add(row.country if key == "maker" else row.maker)
    answer = counts.answer(name, maker=sorted(counts.steady), chinese=["*"])
    rows = {getattr(row, key): (row.plants, getattr(row, things)) for row in answer if row.year == int(counts.day[:4])}
    assert {one: found for one, found in rows.items() if any(found)} == {
        other: (len(plants[other]), len(others[other])) for other in others
    }


def test_then_and_now(counts: Counts) -> None:
    """Its rows on the earlier day, and on the later one, are those of local-manufacturers."""
    rows = counts.now("then-and-now", chinese=["*"], then=[counts.day])
    kinds: dict[str, set[tuple[str, str, Thing | None]]] = defaultdict(set)
    for row in rows:
        kinds[row.change.iri.rpartition("/")[2]].add((row.maker.iri, row.country.iri, row.plant))
    now = {(row.maker.iri, row.country.iri, row.plant) for row in counts.now("local-manufacturers", chinese=["*"])}
    then = {(row.maker.iri, row.country.iri, row.plant) for row in counts.answer("local-manufacturers", chinese=["*"])}
    assert kinds["unchanged"] | kinds["new"] | kinds["first-reported"] == now
    former = kinds["unchanged"] | kinds["ended"] | kinds["not-confirmed"]
    assert {line for line in former if line[0] in counts.steady} == {line for line in then if line[0] in counts.steady}


def test_announced_plants(shipped: EmbeddedStore) -> None:
    """The outcomes of announced plants are those that completion-by-year counts."""
    catalogue = load_catalogue(shipped.layout)
    plants: dict[tuple[int, str], set[Thing]] = defaultdict(set)
    announced: Any = ask(shipped, catalogue["announced-plants"])
    for row in announced:
        plants[row.announcedIn, row.outcome.iri.rpartition("/")[2]].add(row.plant)
    years: Any = ask(shipped, catalogue["completion-by-year"])
    for row in years:
        found = [len(plants[row.year, outcome]) for outcome in ("reached", "under-way", "given-up", "silent")]
        assert found == [row.operated, row.underWay, row.givenUp, row.silent], row.year


def test_exports_and_local_production(counts: Counts) -> None:
    plants: dict[str, set[Thing]] = defaultdict(set)
    for row in counts.answer("local-manufacturers", chinese=["*"]):
        plants[row.maker.iri] |= {row.plant} - {None}
    for row in counts.answer("exports-and-local-production"):
        if row.year == int(counts.day[:4]) and row.company.iri in counts.steady:
            assert row.operating == len(plants[row.company.iri]), row.company


def test_the_graph_of_makers_and_countries(counts: Counts, shipped: EmbeddedStore) -> None:
    edges = project(shipped, "makers-countries", as_of=counts.day).edges
    found = {edge.ends: edge.weight for edge in edges if edge.ends not in counts.home}
    rows = counts.answer("local-manufacturers", chinese=["yes"])
    assert found == _count((row.maker.iri, row.country.iri, row.plant) for row in rows)


def _count(rows: Iterable[tuple[str, str, Thing | None]]) -> dict[tuple[str, str], float]:
    plants: dict[tuple[str, str], set[object]] = defaultdict(set)
    for maker, country, plant in rows:
        plants[maker, country].add(plant)
    return {pair: float(len(found)) for pair, found in plants.items()}


# The panel brings the numbers of several questions together, and is typed as regressions need it.

COUNTS = ("plants", "morePlants", "makers", "moreMakers")


@pytest.fixture(scope="module")
def panel(shipped: EmbeddedStore) -> Any:
    return ask(shipped, load_catalogue(shipped.layout)["panel"])


@pytest.mark.parametrize("given", [{}, {"maker": ["agent:byd"]}, {"chinese": ["*"]}], ids=["all", "one maker", "any control"])
def test_counts_are_those_of_countries_by_year(given: dict[str, list[str]], shipped: EmbeddedStore) -> None:
    other: Any
    panel: Any
    other, panel = (ask(shipped, load_catalogue(shipped.layout)[name], given) for name in ("countries-by-year", "panel"))
    expected, found = ([(row.country, row.year, *(row[column] for column in COUNTS)) for row in answer] for answer in (other, panel))
    assert found
    assert found == expected


def test_policies_are_those_in_force_at_the_end_of_the_year(panel: Any, shipped: EmbeddedStore) -> None:
    policies: Any = ask(shipped, load_catalogue(shipped.layout)["policies-over-time"])
    last = str(panel.as_of)
    for row in panel:
        day = min(f"{row.year}-12-31", last)
        spells = [policy for policy in policies if row.country in (policy.countries or ()) and str(policy["from"]) <= day]
        assert row.policies == len({spell.policy for spell in spells if not spell.until or str(spell.until) > day})


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
