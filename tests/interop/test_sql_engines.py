"""SQL queries on the tables of a release give the same answers as the catalogue, in several engines and on any day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from tests.support.edition import DAY
from tests.support.sql_engines import Engine, Row, open_engine

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.publish.release.tables import whole_tables, wide_tables
from nevkg.store import EmbeddedStore, open_snapshot
from nevkg.table.formats import write_parquet
from nevkg.table.frames import to_arrow
from nevkg.table.values import Value, find_things

SQL = Layout.find().queries / "sql"
DAYS = ("2015-06-30", "2019-05-05", "2022-12-31", "2024-12-31", DAY)
# The columns of the SQL query, by their names in the question of the same name.
ON_A_DAY = {
    "bloc-members": "bloc country since lastConfirmed",
    "brands-of-group": "group member level through since lastConfirmed",
    "local-manufacturers": "maker plant country since lastConfirmed standing inferred",
    "plants-by-status": "country status number more total",
    "states-from-one-source": "subject country status since lastConfirmed witness",
    "states-not-confirmed": "subject country status since lastConfirmed months",
}
OF_ALL_DAYS = {
    "bloc-membership-over-time": "country bloc from until",
    "countries-by-year": "country year plants morePlants undated makers moreMakers",
    "policies-over-time": "policy countries from until",
    "sources-by-publisher": "publisher writtenIn sourceKind sources dated statements",
    "statements-by-year": "year sourceKind sources statements attributions observations eventReports claims",
}
PARAMETERS = {"local-manufacturers": {"bloc": ["place:asean"]}}
# What is of all days does not depend on the chosen one.
TEXTS = list(product(ON_A_DAY | OF_ALL_DAYS, DAYS))


def write_tables(store: EmbeddedStore, folder: Path) -> Path:
    """Writes the Parquet files of a release that the SQL queries read. Returns the folder."""
    for named in (*whole_tables(store), *wide_tables(store)):
        (folder / f"{named.name}.parquet").write_bytes(write_parquet(to_arrow(named.table)))
    return folder


@pytest.fixture(scope="module")
def tables(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tables(store, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def duckdb(tables: Path) -> Iterator[Engine]:
    with open_engine("duckdb", tables) as engine:
        yield engine


@pytest.fixture(scope="module")
def all_tables(shipped: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tables(shipped, tmp_path_factory.mktemp("all"))


@pytest.fixture(scope="module")
def engines(all_tables: Path) -> Iterator[Callable[[str], Engine]]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(open_engine(name, all_tables)))


@cache
def ask_catalogue(store: EmbeddedStore, name: str, day: str) -> Counter[Row]:
    """Returns the answer of the catalogue without repeated rows, with a row for each value of a list."""
    question = load_catalogue(store.layout)[name]
    table = ask(store, question, PARAMETERS.get(name), as_of=day if name in ON_A_DAY else None)
    heads = [column.name for column in question.columns]
    indices = [heads.index(head) for head in (ON_A_DAY | OF_ALL_DAYS)[name].split()]
    return Counter({row for record in table.records for row in product(*(texts(record[number]) for number in indices))})


def texts(value: Value) -> list[str | None]:
    iris = [entity.iri for entity in find_things(value)] if value is not None else []
    return list(iris) or [None if value is None else str(value)]


def assert_same_answer(engine: Engine, store: EmbeddedStore, name: str, day: str) -> Counter[Row]:
    engine.choose(day, (SQL / "views/facts_on_day.sql").read_text(encoding="utf-8"))
    rows = engine.rows((SQL / f"{name}.sql").read_text(encoding="utf-8"))
    assert normalise_booleans(rows) == normalise_booleans(ask_catalogue(store, name, day))
    return rows


def normalise_booleans(rows: Counter[Row]) -> Counter[Row]:
    """Normalises booleans, because ClickHouse and Python write them differently."""
    return Counter({tuple({"true": "True", "1.0": "1"}.get(cell or "", cell) for cell in row): count for row, count in rows.items()})


def test_every_text_is_compared() -> None:
    assert {path.stem for path in SQL.glob("*.sql")} == {name for name, _ in TEXTS}
    assert len(TEXTS) >= 10


@pytest.mark.parametrize(("name", "day"), TEXTS)
def test_duckdb_answers_as_the_catalogue(store: EmbeddedStore, duckdb: Engine, name: str, day: str) -> None:
    assert_same_answer(duckdb, store, name, day)


@pytest.mark.parametrize("day", DAYS)
def test_facts_of_a_day_match_its_snapshot(store: EmbeddedStore, duckdb: Engine, day: str) -> None:
    assert_facts_match_snapshot(duckdb, store, day)


def assert_facts_match_snapshot(engine: Engine, store: EmbeddedStore, day: str) -> None:
    engine.choose(day, (SQL / "views/facts_on_day.sql").read_text(encoding="utf-8"))
    rows = engine.rows("SELECT fact, subject, property, value, text, since, last_confirmed, witnesses FROM facts_on_day")
    query = """PREFIX nev: <https://w3id.org/nevkg/ontology#>
    SELECT ?fact ?subject ?property ?value ?text ?since ?confirmed ?witnesses {
      ?subject nev:fact ?fact . ?fact nev:property ?property .
      FILTER(STRSTARTS(STR(?fact), "https://w3id.org/nevkg/episode/"))
      OPTIONAL { ?fact nev:value ?value }
      OPTIONAL { ?fact nev:text ?text }
      OPTIONAL { ?fact nev:since ?since }
      OPTIONAL { ?fact nev:lastConfirmed ?confirmed }
      OPTIONAL { ?fact nev:witnesses ?witnesses }
    }"""
    heads = ("fact", "subject", "property", "value", "text", "since", "confirmed", "witnesses")
    expected = entities.rows(open_snapshot(store, day), query)
    assert rows == Counter(tuple(row.get(head, "0" if head == "witnesses" else None) for head in heads) for row in expected)
    assert expected


@pytest.mark.nightly
@pytest.mark.parametrize("day", DAYS)
def test_all_facts_of_a_day_match_its_snapshot(shipped: EmbeddedStore, engines: Callable[[str], Engine], day: str) -> None:
    assert_facts_match_snapshot(engines("duckdb"), shipped, day)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["duckdb", "chdb", "spark"])
@pytest.mark.parametrize(("name", "day"), TEXTS)
def test_each_engine_answers_from_all_data(
    shipped: EmbeddedStore, engines: Callable[[str], Engine], kind: str, name: str, day: str
) -> None:
    assert assert_same_answer(engines(kind), shipped, name, day), "an empty answer proves nothing"
