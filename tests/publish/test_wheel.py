"""The wheel contains ontology, data and queries, and answers outside the checkout.

For the explorer see ``test_explorer_build.py``, for an empty environment ``test_notebooks.py``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.worlds import SHIPPED

import nevkg


def test_the_wheel_answers_outside_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=SHIPPED.ontology.parent,
        check=True,
        capture_output=True,
    )
    wheel = next(tmp_path.glob("nevkg-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("ontology", "data", "queries"):
        for path in getattr(SHIPPED, folder).rglob("*"):
            if path.suffix in (".ttl", ".trig", ".rq", ".jsonld"):
                assert f"nevkg/_data/{folder}/{path.relative_to(getattr(SHIPPED, folder)).as_posix()}" in names
    package = Path(nevkg.__file__).parent
    for path in package.rglob("*"):
        if path.suffix in (".yaml", ".html", ".css", ".svg") and not {"_data", "explorer"} & set(path.relative_to(package).parts):
            assert f"nevkg/{path.relative_to(package).as_posix()}" in names
    assert not [name for name in names if "recipes" in name or "__pycache__" in name]

    package = tmp_path / "package"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(package)
    # The data is the same, so the cache of the tests can be used.
    where = ask_wheel([sys.executable], tmp_path, {"PYTHONPATH": str(package), "NEVKG_CACHE": os.environ["NEVKG_CACHE"]})
    assert str(package) in where


def ask_wheel(python: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Runs a question outside the checkout. Returns the output of ``nevkg info``."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}

    def run(*words: str) -> str:
        command = [*python, "-m", "nevkg", *words]
        return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout

    output = run("ask", "local-manufacturers", "bloc=place:asean")
    assert "agent/changan" in output
    assert "agent/xpeng" in output
    return run("info")


def empty_environment(folder: Path, wheel: Path) -> Path:
    """Creates a virtual environment with the wheel and its dependencies. Returns its Python."""
    python = folder / "bin" / "python"
    if shutil.which("uv"):
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", str(python), str(wheel)], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    return python
