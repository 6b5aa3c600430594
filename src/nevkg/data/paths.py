"""Finds the folders of the dataset, ``ontology/``, ``data/`` and ``queries/``, and the files in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import attrgetter
from pathlib import Path

from nevkg.errors import CouldNotRun

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]
_WHEEL = _PACKAGE / "_data"
# The required parts of a dataset: a file, or at least one file with the suffix in a folder.
_PARTS = {
    "ontology": (("nevkg.ttl", ""), ("modules", ".ttl"), ("vocabularies", ".ttl"), ("rules", ".rq"), ("shapes", ".ttl")),
    "data": (("dataset.ttl", ""), ("registry", ".ttl"), ("sources", ".trig")),
    "queries": (("questions", ".rq"), ("checks", ".rq")),
}


@dataclass(frozen=True)
class Layout:
    """The paths of the folders of a dataset.

    Attributes:
        texts: the user's folder with texts of pages, in which passages are looked for to be shown; None to show none.
    """

    ontology: Path
    data: Path
    queries: Path
    texts: Path | None = None

    @classmethod
    def find(cls, data: Path | None = None, *, may_be_new: bool = False) -> Layout:
        """Returns the folders of the installed wheel or, in a checkout, those next to ``src/``.

        Args:
            data: a folder to use instead of ``data/``; by default that of the environment variable ``NEVKG_DATA``.
            may_be_new: whether ``data`` may be empty, as it is before the first import.
        """
        root = _WHEEL if _WHEEL.is_dir() else _CHECKOUT
        layout = cls(root / "ontology", root / "data", root / "queries")
        named = os.environ.get("NEVKG_DATA")
        if folder := data or (Path(named) if named else None):
            layout = replace(layout, data=folder.resolve())
        if not (may_be_new and layout.is_new):
            layout.require_parts()
        return layout

    @property
    def is_checkout(self) -> bool:
        """Whether the ontology is in a checkout, where it may be edited, and not in an installed wheel."""
        return not self.ontology.is_relative_to(_WHEEL)

    @property
    def is_new(self) -> bool:
        """Whether the data folder exists and has no files yet."""
        return _is_folder(self.data) and next(walk(self.data, ""), None) is None

    def require_parts(self) -> None:
        """Requires all parts of the dataset: if one were missing, answers would be silently wrong."""
        for name, parts in _PARTS.items():
            folder: Path = getattr(self, name)
            if not _is_folder(folder):
                raise CouldNotRun(f"{folder} is not a folder; give the path of the folder of the data.")
            for part, suffix in parts:
                found = walk(folder / part, suffix) if suffix else (path for path in walk(folder, part, deep=False) if path.name == part)
                if next(found, None) is None:
                    missing = f"{part}/*{suffix}" if suffix else part
                    raise CouldNotRun(f"{folder} has no {missing}, so the dataset is incomplete; restore it, or give another folder.")


def texts_folder() -> Path:
    """Returns the folder of this user's texts; ``NEVKG_TEXTS`` overrides it."""
    given = os.environ.get("NEVKG_TEXTS")
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("nevkg") / "texts"


def _is_folder(path: Path) -> bool:
    with reading(path):
        return path.is_dir()


@contextmanager
def reading(path: Path | str) -> Iterator[None]:
    """Turns errors of the operating system while a file or folder is read into CouldNotRun, which names it."""
    try:
        yield
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror or error}.") from None


@contextmanager
def writing(path: Path | str) -> Iterator[None]:
    """Turns errors of the operating system while a file or folder is written into CouldNotRun, which names it."""
    try:
        yield
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be written: {error.strerror}.") from None


def digest_files(paths: Iterable[Path]) -> str:
    """Returns a digest (hexadecimal) of the names and contents of files.

    Their times would not do: a draft links to the same files, which changes them.
    """
    whole = sha256()
    for path in sorted(paths):
        with reading(path):
            whole.update(f"{path}\0".encode() + sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def walk(folder: Path, suffix: str, *, deep: bool = True) -> Iterator[Path]:
    """Yields the files with a suffix in a folder; see :func:`walk_names`."""
    return map(Path, walk_names(folder, suffix, deep=deep))


def walk_names(folder: Path | str, suffix: str, *, deep: bool = True) -> Iterator[str]:
    """Yields the paths of the files with a suffix in a folder, in order; none if the folder does not exist. Skips hidden files.

    They are strings, since making thousands of ``Path`` objects takes longer than finding the files.

    Unlike ``Path.glob``, which silently skips what it cannot read, this raises an error.

    Args:
        deep: whether to include subfolders.
    """
    try:
        with os.scandir(folder) as entries:
            # Names are sorted folder by folder, since comparing thousands of paths takes longer than finding the files.
            for entry in sorted(entries, key=attrgetter("name")):
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    if deep:
                        yield from walk_names(entry.path, suffix)
                elif entry.name.endswith(suffix):
                    if not entry.is_file():
                        raise CouldNotRun(f"{entry.path} is not a file, or is a broken link; put a file there.")
                    yield entry.path
    except FileNotFoundError:
        return
    except OSError as error:
        raise CouldNotRun(f"{folder} cannot be read: {error.strerror}.") from None
