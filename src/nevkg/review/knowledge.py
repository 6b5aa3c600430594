"""What is known of the rows under review: what the import says of each, and what the data states of the same entity and property."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from nevkg.contribute.flat_facts import expand_flat_rows
from nevkg.contribute.job import Contribution, ImportJob
from nevkg.contribute.problems import ImportProblem, Place, Problems, TooManyProblems, find_errors
from nevkg.contribute.registry import Registry
from nevkg.contribute.sheets import Row
from nevkg.contribute.table_format import TableFormat
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.lookup.descriptions import describe
from nevkg.lookup.sources import describe_sources
from nevkg.propose.stated import Stated, read_stated, read_stated_in
from nevkg.store import EmbeddedStore


@dataclass(frozen=True)
class Checks:
    """What the import says of rows, each known by its file and line.

    Attributes:
        errors: for each row, what keeps it from being imported.
        doubts: for each row, what its quote does not mention, and other warnings.
        stated: for each row without errors, what its statements say.
        registry: the registry with the entities that the rows add.
    """

    errors: Mapping[Place, Sequence[ImportProblem]]
    doubts: Mapping[Place, Sequence[ImportProblem]]
    stated: Mapping[Place, Sequence[Stated]]
    registry: Registry


def check_rows(layout: Layout, tables: Mapping[str, TableFormat], rows: Sequence[Row], collected: str) -> Checks:
    """Reads rows as the import does, without the checks of the changed data, which take longer.

    Args:
        rows: the rows of one collection, those that are not accepted included.
    """
    malformed = Problems()
    expanded, rename = expand_flat_rows(rows, layout, tables, malformed)
    passes: list[tuple[ImportJob, Contribution]] = []

    def read(bad: set[Place]) -> Problems:
        problems = Problems(dict(malformed.found))
        job, contribution = ImportJob(layout, tables, expanded, collected, problems, bad), Contribution()
        with suppress(TooManyProblems):
            contribution = job.read()
        passes.append((job, contribution))
        return problems

    # Rows that refer to a bad one have further errors, which are no errors of their own.
    errors = next(iter(list(find_errors(read))), [])
    job, contribution = passes[-1]
    doubts = job.find_doubts(contribution)
    stated: dict[str, list[Stated]] = defaultdict(list)
    for each in read_stated_in(layout, contribution.quads()):
        stated[each.statement].append(each)
    of_rows = {(entry.file, entry.line): [said for iri in entry.statements for said in stated[iri]] for entry in contribution.entries}
    return Checks(_by_row(rename(errors)), _by_row(rename(doubts)), of_rows, job.registry)


def _by_row(problems: Iterable[ImportProblem]) -> dict[Place, list[ImportProblem]]:
    found: dict[Place, list[ImportProblem]] = defaultdict(list)
    for problem in problems:
        found[problem.place].append(problem)
    return dict(found)


class Knowledge:
    """What the data states, by entity and property."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store = store
        self._stated = read_stated(store.layout, store.store)

    def describe(self, checks: Checks, place: Place, language: str) -> list[dict[str, Any]]:
        """Returns what the data states of the entities and properties of a row, as JSON.

        Returns:
            for each entity and property: their names, and all statements with value, date, qualifiers, source, whether they
            are retracted, and whether they say the same as the row.
        """
        current = checks.registry.current
        own: dict[tuple[str, str], set[str]] = defaultdict(set)
        for said in checks.stated.get(place, ()):
            own[current(said.subject), said.name].add(current(said.value))
        known: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for said in self._stated:
            if (key := (current(said.subject), said.name)) in own:
                known[key][said.statement] = current(said.value)
        described = describe(self.store, [iri for some in known.values() for iri in some], language)
        cited = {source.iri: source for source in describe_sources(self.store, {each.source for each in described.values()}, language)}
        names = entities.labels(self.store, {iri for key in own for iri in key}, language)
        found: list[dict[str, Any]] = []
        for (subject, name), values in own.items():
            statements: list[dict[str, Any]] = []
            for iri, value in known[subject, name].items():
                said_there = described[iri]
                if not said_there.source:  # derived from statements, which are listed themselves
                    continue
                source = cited.get(said_there.source)
                statements.append(
                    {**asdict(said_there), "source": asdict(source) | {"date": source.date} if source else None, "same": value in values}
                )
            entity = checks.registry.entities.get(subject)
            label = names.get(subject) or (entity.name(language) if entity else subject.rpartition("/")[2])
            found.append(
                {
                    "subject": label,
                    "property": names.get(name, name.rpartition("#")[2]),
                    "statements": sorted(statements, key=lambda each: (str(each["when"]), str(each["value"])), reverse=True),
                }
            )
        return found
