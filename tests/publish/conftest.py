from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.processes import lock
from tests.support.worlds import SHIPPED

ROOT = SHIPPED.ontology.parent


def read_files(folder: Path) -> dict[str, bytes]:
    """Returns the content of each file below a folder by its relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def build_distribution(target: str, source: Path, folder: Path) -> Path:
    """Builds the ``wheel`` or the ``sdist`` of a folder into another one, and returns the file."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(folder.glob({"wheel": "nevkg-*.whl", "sdist": "nevkg-*.tar.gz"}[target]))


@pytest.fixture(scope="session")
def wheel(common: Path) -> Path:
    """The wheel of the checkout, built once for all processes."""
    folder = common / "wheel"
    with lock(common / "wheel.lock"):
        return next(folder.glob("*.whl"), None) or build_distribution("wheel", ROOT, folder)
