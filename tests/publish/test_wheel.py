"""The wheel contains ontology, data and queries, and answers outside the checkout.

For the explorer see ``test_explorer_build.py``, for an empty environment ``test_notebooks.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.worlds import CURRENT, SHIPPED

import nevkg
from nevkg.data import dataset
from nevkg.store.embedded import state_of


def test_the_wheel_answers_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "package")
    for folder in ("ontology", "data", "queries"):
        for path in getattr(SHIPPED, folder).rglob("*"):
            if path.suffix in (".ttl", ".trig", ".rq", ".jsonld"):
                assert f"nevkg/_data/{folder}/{path.relative_to(getattr(SHIPPED, folder)).as_posix()}" in names
    package = Path(nevkg.__file__).parent
    suffixes = {".css", ".html", ".js", ".json", ".svg", ".yaml"}
    for path in package.rglob("*"):
        if path.suffix in suffixes and not {"_data", "explorer"} & set(path.relative_to(package).parts):
            assert f"nevkg/{path.relative_to(package).as_posix()}" in names
    assert not [name for name in names if "recipes" in name or "__pycache__" in name]
    state = state_of(dataset.compute_digest(dataset.all_files(CURRENT)))
    built = sorted(name for name in names if name.startswith("nevkg/built/"))
    assert [name.partition(state)[0] for name in built] == ["nevkg/built/snapshot-", "nevkg/built/store-"]
    # The data is the same, so the cache of the tests can be used.
    place = ask_wheel(sys.executable, tmp_path, PYTHONPATH=str(tmp_path / "package"), NEVKG_CACHE=os.environ["NEVKG_CACHE"])
    assert str(tmp_path / "package") in place


def ask_wheel(python: str | Path, folder: Path, **environment: str) -> str:
    """Runs a question outside the checkout. Returns the output of ``nevkg info``."""

    def run(*words: str) -> str:
        command = [python, "-m", "nevkg", *words]
        variables = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
        return subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True, text=True).stdout

    output = run("ask", "local-manufacturers", "bloc=place:asean")
    assert "agent/changan" in output
    assert "agent/xpeng" in output
    return run("info")
