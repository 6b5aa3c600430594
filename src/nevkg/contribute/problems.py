"""Problems of a contribution, by file, row and column. All of them are reported together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from nevkg.errors import NevkgError

# A file of rubbish has more problems than anyone wants to read.
MOST = 1000
Place = tuple[str, int]


class TooManyProblems(NevkgError):
    """Raised when the limit of problems is reached. The problems found so far are in the list."""

    exit_code = 1


@dataclass(frozen=True, order=True)
class ImportProblem:
    """One problem.

    Attributes:
        file: the file, as the user named it.
        line: the row, counted from 1 including the header, as in a spreadsheet; 0 for the whole file.
        message: what is wrong and how to fix it, in one sentence.
    """

    file: str
    line: int
    column: str
    message: str

    @property
    def place(self) -> Place:
        """The file and the line."""
        return self.file, self.line

    def __str__(self) -> str:
        """Returns ``file:line, column: message``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}, {self.column}: {self.message}" if self.column else f"{place}: {self.message}"


@dataclass
class Problems:
    """A collection of problems. A row with a problem is bad."""

    found: dict[ImportProblem, None] = field(default_factory=dict)

    def add(self, file: str, line: int, column: str, message: str) -> None:
        """Records one problem; raises ``TooManyProblems`` if the limit is reached."""
        self.found[ImportProblem(file, line, column, message)] = None
        if len(self.found) >= MOST:
            raise TooManyProblems(f"There are {MOST} problems or more; fix these first.")

    def rows(self) -> set[tuple[str, int]]:
        """Returns the file and the line of each bad row."""
        return {problem.place for problem in self.found}

    def __bool__(self) -> bool:
        """Whether there are any problems."""
        return bool(self.found)

    def __iter__(self) -> Iterator[ImportProblem]:
        """Iterates over the problems, sorted and without repetitions."""
        return iter(sorted(self.found))


def join_names(names: Iterable[str], most: int = 5) -> str:
    """Returns names for a message: ``a, b, c and 2 more``; at most ``most`` are written out."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def find_errors(read: Callable[[set[Place]], Iterable[ImportProblem]]) -> Iterator[list[ImportProblem]]:
    """Yields the errors of rows, and, without these rows, those of the rows that refer to them, until no other row has any.

    Args:
        read: reads rows, except those at the given places, and returns their errors.
    """
    bad: set[Place] = set()
    while new := [problem for problem in read(bad) if problem.place not in bad]:
        yield new
        bad |= {problem.place for problem in new}
