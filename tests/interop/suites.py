"""The test suites: their manifests, runners and outcomes, and the tests that are known to fail."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.interop import runners, server
from tests.interop.manifests import Case, read_cases

from nevkg.errors import CouldNotRun

_FILE, _GAPS = (Path(__file__).with_name(f"{name}.toml") for name in ("suites", "gaps"))
CAUSES = ("engine", "design", "ours")
RUNNERS: Mapping[str, Callable[[Sequence[Case]], Iterator[str]]] = {
    "parser": runners.run_parser,
    "pyshacl": runners.run_pyshacl,
    "server": server.run,
    "shacl": runners.run_shacl,
    "store": runners.run_store,
}


@dataclass(frozen=True)
class Repository:
    """A repository of suites: its name, its address, and the environment variable with the path of a local clone."""

    name: str
    address: str
    variable: str

    def find_folder(self) -> Path:
        folder = os.environ.get(self.variable)
        if not folder or not Path(folder).is_dir():
            raise CouldNotRun(f"{self.variable} names no folder; set it to a clone of {self.address}.")
        return Path(folder)

    def read_commit(self) -> str:
        """Returns the commit that is checked out."""
        folder = self.find_folder()
        command = ["git", "-C", str(folder), "rev-parse", "--show-prefix", "HEAD"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            raise CouldNotRun(f"git does not run ({error.strerror}), so that the commit of {folder} is not known.") from None
        prefix, _, commit = done.stdout.removesuffix("\n").rpartition("\n")
        if done.returncode or prefix:
            raise CouldNotRun(f"{folder} is not the top folder of a git clone, so that its commit is not known; clone {self.address}.")
        return commit


@dataclass(frozen=True)
class Outcome:
    """The outcome of a test; ``failure`` is empty if it passes."""

    suite: str
    test: str
    failure: str


@dataclass(frozen=True)
class Suite:
    """A manifest of a repository, the key of its runner, and the classes of tests to run; all if empty."""

    name: str
    repository: str
    manifest: str
    runner: str
    kinds: Sequence[str] = ()

    def run(self, folder: Path) -> list[Outcome]:
        """Runs all tests; ``folder`` is that of the repository."""
        cases = read_cases(folder / self.manifest, self.kinds)
        return [Outcome(self.name, case.name, failure) for case, failure in zip(cases, RUNNERS[self.runner](cases), strict=True)]


@dataclass(frozen=True)
class Absence:
    """A specification that nevkg does not support, with the reason."""

    name: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """The suites to run, their repositories, and the unsupported specifications."""

    repositories: Sequence[Repository]
    suites: Sequence[Suite]
    absences: Sequence[Absence]

    def run(self) -> list[Outcome]:
        folders = {repository.name: repository.find_folder() for repository in self.repositories}
        return [outcome for suite in self.suites for outcome in suite.run(folders[suite.repository])]


@dataclass(frozen=True)
class Gap:
    """Tests of a suite that fail for one reason, which is a sentence.

    Its cause is ``engine``: Oxigraph or a SHACL engine; ``design``: intended in nevkg; ``ours``: a bug.
    """

    suite: str
    cause: str
    reason: str
    tests: Sequence[str]


def read_plan() -> Plan:
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Plan(
        [Repository(**fields) for fields in content["repository"]],
        [Suite(**fields) for fields in content["suite"]],
        [Absence(**fields) for fields in content["not-offered"]],
    )


def read_gaps() -> list[Gap]:
    return [Gap(**fields) for fields in tomllib.loads(_GAPS.read_text(encoding="utf-8"))["gap"]]


def find_surprises(outcomes: Iterable[Outcome], gaps: Iterable[Gap]) -> list[str]:
    """Returns the differences between the outcomes and the known gaps, one sentence each."""
    gaps = list(gaps)
    known = [(gap.suite, test) for gap in gaps for test in gap.tests]
    failures = {(outcome.suite, outcome.test): outcome.failure for outcome in outcomes}
    surprises = [f"The cause '{gap.cause}' is none of {', '.join(CAUSES)}: {gap.reason}" for gap in gaps if gap.cause not in CAUSES]
    surprises += [f"{_format_name(test)} is a gap twice." for place, test in enumerate(known) if test in known[:place]]
    surprises += [f"{_format_name(test)} is a gap, and no test of the suite." for test in known if test not in failures]
    surprises += [f"{_format_name(test)} passes, and is still a gap." for test in known if failures.get(test) == ""]
    return surprises + [f"{_format_name(test)} fails: {failure}" for test, failure in failures.items() if failure and test not in known]


def _format_name(test: tuple[str, str]) -> str:
    return f"{test[0]}: {test[1]}"
