"""What is wrong with a contribution: by file, row and column, in plain words, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nevkg.errors import NevkgError

# A file of rubbish has more wrong with it than anybody wants to read.
MOST = 1000


class TooManyProblems(NevkgError):
    """So much is wrong that it makes no sense to go on; what was found so far is in the list."""

    exit_code = 1


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        file: the file as the user named it.
        line: the row, counted from 1 as a spreadsheet does, the header included; 0 for the whole file.
        column: name of the column, or empty.
        message: what is wrong and the mend, one sentence.
    """

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        """``file:line, column: message``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}, {self.column}: {self.message}" if self.column else f"{place}: {self.message}"


@dataclass
class Problems:
    """Collects problems; a row with a problem is bad."""

    found: dict[Problem, None] = field(default_factory=dict)

    def add(self, file: str, line: int, column: str, message: str) -> None:
        """Notes one problem.

        Raises:
            TooManyProblems: when the limit is reached.
        """
        self.found[Problem(file, line, column, message)] = None
        if len(self.found) >= MOST:
            raise TooManyProblems(f"There are {MOST} problems or more; mend these first.")

    def rows(self) -> set[tuple[str, int]]:
        """File and line of every bad row."""
        return {(problem.file, problem.line) for problem in self.found}

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.found)

    def __iter__(self) -> Iterator[Problem]:
        """All of them, sorted and each once."""
        return iter(sorted(self.found))


def listed(names: Iterable[str], most: int = 5) -> str:
    """``a, b or c`` for a message."""
    shown = list(names)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more
