"""The queue of candidates: pages that may be read, each with a state. A table, which a person edits as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from nevkg.data import terms
from nevkg.data.atomic import replace_file
from nevkg.data.tables import read_rows, write_rows
from nevkg.errors import InvalidData, WrongUsage
from nevkg.reading.addresses import normalise_address
from nevkg.table.spreadsheets import guard, unguard

NEW, DUPLICATE = "new", "duplicate"
STATES = (NEW, "accepted", "irrelevant", DUPLICATE, "out-of-scope", "follow-up")


@dataclass(frozen=True, order=True)
class Candidate:
    """A page that may be read.

    Attributes:
        title: its title, as the place has it; may be empty.
        published: the day that the place gives (ISO); may be empty.
        place: name of the place that links to it.
        names: slugs of the entities that its title or address names, separated by ``|``.
        state: one of ``STATES``.
        found: the day on which it was found (ISO).
    """

    address: str
    title: str
    published: str
    place: str
    names: str
    state: str
    found: str
    note: str = ""


_COLUMNS = tuple(field.name for field in fields(Candidate))


@dataclass
class Queue:
    """Candidates by normalised address."""

    candidates: dict[str, Candidate]

    @classmethod
    def read(cls, file: Path) -> Queue:
        """Reads a queue; one without a file is empty."""
        candidates: dict[str, Candidate] = {}
        for line, row in read_rows(file, _COLUMNS) if file.exists() else ():
            candidate = Candidate(*map(unguard, row))
            if candidate.state not in STATES:
                raise InvalidData(f"{file}, line {line}, state: '{candidate.state}' is none of {', '.join(STATES)}.")
            candidates[normalise_address(candidate.address)] = candidate
        return cls(candidates)

    def __contains__(self, address: str) -> bool:
        return normalise_address(address) in self.candidates

    def add(self, candidate: Candidate) -> Candidate:
        """Adds a candidate; one with the title of another is its duplicate. Returns it as it was added."""
        if candidate.title and candidate.title in {other.title for other in self.candidates.values()}:
            candidate = replace(candidate, state=DUPLICATE)
        self.candidates[normalise_address(candidate.address)] = candidate
        return candidate

    def mark(self, addresses: Iterable[str], state: str) -> None:
        """Gives candidates another state.

        Raises:
            WrongUsage: if there is no such state or candidate; then nothing changes.
        """
        if state not in STATES:
            raise WrongUsage(f"There is no state '{state}'; a candidate is {', '.join(STATES)}.")
        keys = {normalise_address(address): address for address in addresses}
        for key, address in keys.items():
            if key not in self.candidates:
                similar = terms.suggest(address, [candidate.address for candidate in self.candidates.values()])
                raise WrongUsage(f"{address} is not in the queue.{similar}")
        for key in keys:
            self.candidates[key] = replace(self.candidates[key], state=state)

    def write(self, file: Path) -> None:
        """Writes the queue, sorted by address; fails with ``OSError`` and leaves the file as it was."""
        rows = (map(guard, astuple(candidate)) for candidate in sorted(self.candidates.values()))  # titles are from elsewhere
        replace_file(file, write_rows([_COLUMNS, *rows]))
