"""The tests that are known to fail, with reasons, and the comparison of results with them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.interop.suites import Outcome

FILE = Path(__file__).with_name("gaps.toml")
CAUSES = ("engine", "design", "ours")


@dataclass(frozen=True)
class Gap:
    """Tests of a suite that fail for one reason.

    Attributes:
        suite: Name of the suite.
        cause: ``engine``: Oxigraph or a SHACL engine; ``design``: intended in nevkg; ``ours``: a bug.
        reason: One sentence.
        tests: Names of the tests.
    """

    suite: str
    cause: str
    reason: str
    tests: Sequence[str]


def read_gaps(file: Path = FILE) -> list[Gap]:
    """Reads the gaps from a file."""
    return [Gap(**fields) for fields in tomllib.loads(file.read_text(encoding="utf-8")).get("gap", ())]


def find_surprises(outcomes: Iterable[Outcome], gaps: Iterable[Gap]) -> list[str]:
    """Returns the differences between the outcomes and the known gaps, one sentence each."""
    gaps = list(gaps)
    known = [(gap.suite, test) for gap in gaps for test in gap.tests]
    failures = {(outcome.suite, outcome.test): outcome.failure for outcome in outcomes}
    surprises = [f"The cause '{gap.cause}' is none of {', '.join(CAUSES)}: {gap.reason}" for gap in gaps if gap.cause not in CAUSES]
    surprises += [f"{_format_name(test)} is a gap twice." for test in _find_repeated(known)]
    surprises += [f"{_format_name(test)} is a gap, and no test of the suite." for test in known if test not in failures]
    surprises += [f"{_format_name(test)} passes, and is still a gap." for test in known if failures.get(test) == ""]
    return surprises + [f"{_format_name(test)} fails: {failure}" for test, failure in failures.items() if failure and test not in known]


def _find_repeated(tests: Sequence[tuple[str, str]]) -> Collection[tuple[str, str]]:
    return [test for place, test in enumerate(tests) if test in tests[:place]]


def _format_name(test: tuple[str, str]) -> str:
    return f"{test[0]}: {test[1]}"
