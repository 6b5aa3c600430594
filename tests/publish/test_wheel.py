"""The wheel carries the three floors and answers outside the checkout. The explorer in it: ``test_explorer_build.py``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.worlds import SHIPPED

import nevkg


def test_the_wheel_answers_in_an_empty_environment(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=SHIPPED.ontology.parent,
        check=True,
        capture_output=True,
    )
    wheel = next(tmp_path.glob("nevkg-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for floor in ("ontology", "data", "queries"):
        for path in getattr(SHIPPED, floor).rglob("*"):
            if path.suffix in (".ttl", ".trig", ".rq", ".jsonld"):
                assert f"nevkg/_data/{floor}/{path.relative_to(getattr(SHIPPED, floor)).as_posix()}" in names
    package = Path(nevkg.__file__).parent
    for path in package.rglob("*"):
        if path.suffix in (".yaml", ".html", ".css", ".svg") and not {"_data", "explorer"} & set(path.relative_to(package).parts):
            assert f"nevkg/{path.relative_to(package).as_posix()}" in names
    assert not [name for name in names if "recipes" in name or "__pycache__" in name]

    python = _empty_environment(tmp_path / "venv", wheel)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NEVKG_CACHE": str(tmp_path / "cache")}
    command = [str(python), "-m", "nevkg", "ask", "local-manufacturers", "bloc=place:asean"]
    answer = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    assert "agent/changan" in answer
    assert "agent/xpeng" in answer
    where = subprocess.run([str(python), "-m", "nevkg", "info"], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert str(tmp_path / "venv") in where.stdout


def _empty_environment(folder: Path, wheel: Path) -> Path:
    """A new virtual environment with the wheel and its dependencies, and its Python."""
    python = folder / "bin" / "python"
    if shutil.which("uv"):
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", str(python), str(wheel)], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    return python
