"""Engines that answer a query in a state: what held on a day, from the sources known by another.

nevkg derives a state on request. The others are loaded with the same states beforehand: Oxigraph with a named graph for each,
Fluree and oxilite with a commit for each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from benchmarks import ask
from pyoxigraph import NamedNode, RdfFormat, Store

from nevkg.ask import days
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, open_store

DAYS = ("2022-12-31", "2024-06-30", "2025-06-30", "2026-03-31")
KNOWN_BY = ("2025-06-30", None)


class State(NamedTuple):
    """A day, and the last day of publication of sources that count; all count without one."""

    day: str
    known_by: str | None

    @property
    def name(self) -> str:
        return f"{self.day}-known-{self.known_by or 'all'}"


STATES = tuple(State(day, known_by) for known_by in KNOWN_BY for day in DAYS)
Rows = list[tuple[str, ...]]
Solve = Callable[[str], Rows]
Open = Callable[[State], Solve]


class Engine(Protocol):
    """Loads the states from a folder, and opens them. ``package`` is the Python package that it needs."""

    package: str

    def load(self, folder: Path, states: Sequence[State] = STATES) -> None: ...

    def open(self, folder: Path) -> Open: ...


def _read_oxigraph(solutions: Iterable[Any]) -> Rows:
    return sorted(tuple(terms.text(term) if term else "" for term in solution) for solution in solutions)


def dump_path(folder: Path, state: State) -> Path:
    return folder / f"{state.name}.nt"


class Nevkg:
    """The data folder itself, or the shipped data if there is none; its ``load`` builds the record."""

    package = "nevkg"

    @staticmethod
    def _open_record(folder: Path) -> EmbeddedStore:
        data = folder / "data"
        return open_store(Layout.find(data if data.is_dir() else None))

    def load(self, folder: Path, states: Sequence[State] = STATES) -> None:  # noqa: ARG002
        self._open_record(folder)

    def open(self, folder: Path) -> Open:
        record = self._open_record(folder)

        def solve(state: State) -> Solve:
            snapshot = _open_snapshot(record, state)
            return lambda text: _read_oxigraph(entities.select(snapshot, text))

        return solve

    def dump(self, folder: Path, states: Sequence[State] = STATES) -> None:
        """Writes the triples of each state, with which the other engines are loaded."""
        record = self._open_record(folder)
        for state in states:
            ask.write_default_graph(_open_snapshot(record, state), dump_path(folder, state))


def _open_snapshot(record: EmbeddedStore, state: State) -> EmbeddedStore:
    known = days.record_known_by(record, state.known_by) if state.known_by else record
    return days.snapshot(known, state.day)


class Oxigraph:
    package = "pyoxigraph"

    def load(self, folder: Path, states: Sequence[State] = STATES) -> None:
        store = Store(str(folder / "oxigraph"))
        for state in states:
            graph = NamedNode(terms.SNAPSHOT + state.name)
            store.bulk_load(path=dump_path(folder, state), format=RdfFormat.N_TRIPLES, to_graph=graph)
        store.optimize()

    def open(self, folder: Path) -> Open:
        store = Store.read_only(str(folder / "oxigraph"))

        def solve(graph: NamedNode, text: str) -> Rows:
            return _read_oxigraph(store.query(text, default_graph=graph))  # type: ignore[arg-type]

        return lambda state: partial(solve, NamedNode(terms.SNAPSHOT + state.name))


class Fluree:
    package = "fluree"

    def load(self, folder: Path, states: Sequence[State] = STATES) -> None:
        with import_module("fluree").connect(str(folder / "fluree")) as connection:
            ledger = connection.create("states")
            commits = (ledger.sync(dump_path(folder, state).read_text("utf-8"), format="turtle").t for state in states)
            _write_commits(folder, states, commits)
            ledger.index()

    def open(self, folder: Path) -> Open:
        ledger = import_module("fluree").connect(str(folder / "fluree")).ledger("states")
        commits = _read_commits(folder)

        def solve(past: Any, text: str) -> Rows:
            return sorted(tuple(str(getattr(cell, "value", cell) or "") for cell in record) for record in past.select(text))

        return lambda state: partial(solve, ledger.at(t=commits[state.name]))


class Oxilite:
    package = "oxilite"

    def load(self, folder: Path, states: Sequence[State] = STATES) -> None:
        oxilite = import_module("oxilite")
        store = oxilite.Store(str(folder / "oxilite.sqlite"))
        store.set_versioning("log", as_of_index=True)

        def commit() -> Iterable[int]:
            lines: list[set[str]] = [set(), *(set(dump_path(folder, state).read_text("utf-8").splitlines()) for state in states)]
            for before, after in pairwise(lines):
                removed, added = "\n".join(before - after), "\n".join(after - before)
                store.update(f"DELETE DATA {{ {removed} }} ; INSERT DATA {{ {added} }}")
                yield store.versioning().head
            store.optimize()

        _write_commits(folder, states, commit())

    def open(self, folder: Path) -> Open:
        store = import_module("oxilite").Store.read_only(str(folder / "oxilite.sqlite"))
        commits = _read_commits(folder)

        def solve(version: str, text: str) -> Rows:
            return _read_oxigraph(store.query(text, as_of=version))

        return lambda state: partial(solve, f"#{commits[state.name]}")


def _write_commits(folder: Path, states: Sequence[State], numbers: Iterable[int]) -> None:
    found = {state.name: number for state, number in zip(states, numbers, strict=True)}
    (folder / "commits.json").write_text(json.dumps(found), encoding="utf-8")


def _read_commits(folder: Path) -> dict[str, int]:
    commits: dict[str, int] = json.loads((folder / "commits.json").read_text(encoding="utf-8"))
    return commits


ENGINES: dict[str, Engine] = {"nevkg": Nevkg(), "Oxigraph": Oxigraph(), "Fluree": Fluree(), "oxilite": Oxilite()}
