"""Reads the checked samples of a dataset, and estimates from them the share of statements that their pages support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from nevkg.data.tables import read_table
from nevkg.errors import InvalidData

FOLDER = "samples"
TABLE = "samples.csv"
RIGHT, NOT_FOUND = "right", "not found"
VERDICTS = (RIGHT, "lost a qualifier", "wrong attribution", "wrong", NOT_FOUND)
# day: on which it was checked; population: the number of statements that it was drawn from; empty if not recorded.
COLUMNS = ("day", "seed", "population", "drawn_from", "checked_by", *VERDICTS)
Z_95 = 1.959964


@dataclass(frozen=True)
class Sample:
    """A random sample of statements that were compared with their pages.

    Attributes:
        day: when it was checked (ISO).
        seed: the seed of the draw; empty if it is not recorded.
        population: the number of statements that it was drawn from; empty if it is not recorded.
        drawn_from: what these statements are, and how they were drawn.
        checked_by: the role of whoever checked it.
        verdicts: the number of statements for each verdict.
    """

    day: str
    seed: str
    population: str
    drawn_from: str
    checked_by: str
    verdicts: Mapping[str, int]

    @property
    def checked(self) -> int:
        """The number of statements whose page could be read."""
        return sum(self.verdicts.values()) - self.verdicts[NOT_FOUND]

    @property
    def right(self) -> int:
        """The number of statements that their page supports, with all qualifiers."""
        return self.verdicts[RIGHT]

    @property
    def precision(self) -> str:
        """The share that is right and its interval, in percent."""
        low, high = self.interval
        return f"{self.right / self.checked:.0%} ({low:.0%} to {high:.0%})"

    @property
    def interval(self) -> tuple[float, float]:
        """The share that is right: its 95 percent confidence interval."""
        return wilson_interval(self.right, self.checked)


def read_samples(data: Path) -> list[Sample]:
    """Returns the checked samples of a data folder, the latest first, of one day the last row; ``InvalidData`` if a count is no number."""
    path = data / FOLDER / TABLE
    samples = []
    for row in read_table(path, COLUMNS) if path.exists() else ():
        try:
            verdicts = {verdict: int(row[verdict]) for verdict in VERDICTS}
        except ValueError:
            raise InvalidData(f"{path}: the sample of {row['day']} has a count that is not a whole number; correct it.") from None
        samples.append(Sample(row["day"], row["seed"], row["population"], row["drawn_from"], row["checked_by"], verdicts))
    return sorted(samples, key=lambda sample: sample.day)[::-1]


def verdicts_path(data: Path, day: str, seed: str) -> Path:
    """Returns the path of the table with the verdicts of a sample; those of one day differ by their seed."""
    return data / FOLDER / f"{day}-{seed}.csv"


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Returns Wilson's score interval of 95 percent for a share; all shares from 0 to 1 if there are no trials."""
    if not trials:
        return 0.0, 1.0
    share, squared = successes / trials, Z_95 * Z_95
    middle = share + squared / (2 * trials)
    margin = Z_95 * sqrt(share * (1 - share) / trials + squared / (4 * trials * trials))
    return (middle - margin) / (1 + squared / trials), (middle + margin) / (1 + squared / trials)
