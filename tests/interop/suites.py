"""The test suites: their manifests, runners and outcomes."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.interop import parser, server, shapes, store
from tests.interop.manifests import Case, read_cases

from nevkg.errors import CouldNotRun

_FILE = Path(__file__).with_name("suites.toml")
RUNNERS: Mapping[str, Callable[[Sequence[Case]], Iterator[str]]] = {
    "parser": parser.run,
    "pyshacl": shapes.run_pyshacl,
    "server": server.run,
    "shacl": shapes.run_shacl,
    "store": store.run,
}


@dataclass(frozen=True)
class Repository:
    """A repository of suites: its name, its address, and the environment variable with the path of a local clone."""

    name: str
    address: str
    variable: str

    def find_folder(self) -> Path:
        """Returns the folder of the local clone.

        Raises:
            CouldNotRun: If the environment variable names no folder.
        """
        folder = os.environ.get(self.variable)
        if not folder or not Path(folder).is_dir():
            raise CouldNotRun(f"{self.variable} names no folder; set it to a clone of {self.address}.")
        return Path(folder)

    def read_commit(self) -> str:
        """Returns the commit that is checked out.

        Raises:
            CouldNotRun: If the folder is not the top of a git work tree.
        """
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
class Suite:
    """A manifest of a repository.

    Attributes:
        name: Name of the suite.
        repository: Name of its repository.
        manifest: Path of the manifest in the repository.
        runner: A key of ``RUNNERS``.
        kinds: Classes of tests to run; all if empty.
    """

    name: str
    repository: str
    manifest: str
    runner: str
    kinds: Sequence[str] = ()

    def run(self, folder: Path) -> list[Outcome]:
        """Runs all tests.

        Args:
            folder: The folder of the repository.
        """
        cases = read_cases(folder / self.manifest, self.kinds)
        return [Outcome(self.name, case.name, failure) for case, failure in zip(cases, RUNNERS[self.runner](cases), strict=True)]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a test; ``failure`` is empty if it passes."""

    suite: str
    test: str
    failure: str


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
        """Runs all suites.

        Raises:
            CouldNotRun: If there is no local clone of a repository.
        """
        folders = {repository.name: repository.find_folder() for repository in self.repositories}
        return [outcome for suite in self.suites for outcome in suite.run(folders[suite.repository])]


def read_plan() -> Plan:
    """Reads the plan from suites.toml."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Plan(
        [Repository(**fields) for fields in content["repository"]],
        [Suite(**fields) for fields in content["suite"]],
        [Absence(**fields) for fields in content["not-offered"]],
    )
