"""SQL engines over the tables of a release. Each gets the same views and runs the same queries."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

TABLES = ("facts", "evidence", "snapshot", "statements", "sources", "year_ends", "nodes", "edges")
Row = tuple[str | None, ...]
Run = Callable[[str], list[tuple[Any, ...]]]


@contextmanager
def duckdb() -> Iterator[tuple[Run, str]]:
    import duckdb

    with duckdb.connect() as connection:
        yield lambda text: connection.execute(text).fetchall(), "CREATE OR REPLACE VIEW {0} AS SELECT * FROM '{1}'"


@contextmanager
def chdb() -> Iterator[tuple[Run, str]]:
    session = import_module("chdb.session").Session()  # make test-all installs it; it has no types

    def run(text: str) -> list[tuple[Any, ...]]:
        found = str(session.query(text, "JSONCompact"))
        return [tuple(row) for row in json.loads(found)["data"]] if found.strip() else []

    # Tables in memory: ClickHouse evaluates a view, and a common table expression, again wherever it is named.
    yield run, "CREATE OR REPLACE TABLE {0} ENGINE = Memory AS SELECT * FROM file('{1}', 'Parquet')"
    session.close()


@contextmanager
def spark() -> Iterator[tuple[Run, str]]:
    from pyspark.sql import SparkSession  # make test-all installs it

    if not shutil.which("java"):
        pytest.skip("java is not installed, which Spark needs: apt-get install default-jdk-headless")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    yield (
        lambda text: [tuple(row) for row in session.sql(text).collect()],
        "CREATE OR REPLACE TEMPORARY VIEW {0} AS SELECT * FROM parquet.`{1}`",
    )
    session.stop()


ENGINES = {"duckdb": duckdb, "chdb": chdb, "spark": spark}


class Engine:
    """An engine with the tables of a release as views."""

    def __init__(self, run: Run, view: str, tables: Path) -> None:
        """Creates the views.

        Args:
            run: Runs one statement and returns its rows.
            view: The statement that makes a view of a Parquet file; {0} is its name, {1} the path.
            tables: The folder of the tables.
        """
        self.run, self._view = run, view.partition(" AS ")[0]
        for name in TABLES:
            run(view.format(name, tables / f"{name}.parquet"))

    def choose(self, day: str, facts_on_day: str) -> None:
        """Creates the views for one day."""
        self.run(f"{self._view.format('parameters')} AS SELECT DATE '{day}' AS day")
        self.run(f"{self._view.format('facts_on_day')} AS {facts_on_day}")

    def rows(self, text: str) -> Counter[Row]:
        """Returns the rows of a query, as text."""
        return Counter(tuple(None if cell is None else str(cell) for cell in row) for row in self.run(text))


@contextmanager
def open_engine(name: str, tables: Path) -> Iterator[Engine]:
    with ENGINES[name]() as (run, view):
        yield Engine(run, view, tables)
