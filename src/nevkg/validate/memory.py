"""Caches the findings of earlier validations, so that nothing is validated twice.

A finding is saved under a key made of all that it depends on, so a saved finding is never wrong, only unused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache as once
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nevkg.store import cache
from nevkg.validate.findings import Finding, Severity, as_tuple

_MOST_FILES = 8  # one for each data folder and engine
_SUFFIX = ".json"
_MOST_UNUSED = 300  # entries that the last run did not use, such as those of single files or of a change that is undone later


def key(*parts: str | bytes) -> str:
    """Returns a short key for all that a result depends on."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(b"%d\0" % len(content) + content)
    return whole.hexdigest()


# The packages that findings depend on: those that read files, derive, query or validate.
_CODE = ("data", "sparql", "store", "lookup", "ask", "validate")


@once
def _versions() -> str:
    """Returns a key for the versions of this code and of the libraries that it calls, a change of which may change findings."""
    package = Path(__file__).parents[1]
    code = [path.read_bytes() for folder in _CODE for path in sorted((package / folder).glob("*.py"))]
    return key(version("nevkg"), version("pyoxigraph"), *code)


class Memory:
    """The saved results of one data folder and engine, in one file of the cache: those of the last run, and some of earlier runs."""

    def __init__(self, data: Path, engine: str, *, fresh: bool = False) -> None:
        """Reads the saved results of a SHACL engine, named as its distribution, unless they are to be ``fresh``."""
        try:
            engine_version = version(engine)
        except ModuleNotFoundError:
            engine_version = ""
        self._key = key(_versions(), engine, engine_version)
        self._file = cache.folder() / "validated" / (key(str(data), engine)[:32] + _SUFFIX)
        self._entries: dict[str, Any] = {} if fresh else self._read()
        self._used: dict[str, Any] = {}
        self._is_changed = fresh

    def _read(self) -> dict[str, Any]:
        """Reads the file; returns no entries if it is damaged or from other versions."""
        try:
            head, _, body = self._file.read_bytes().partition(b"\n")
            if head.decode() == key(self._key, body):
                entries: dict[str, Any] = json.loads(body)
                return entries
        except (OSError, ValueError):
            pass
        return {}

    def get(self, name: str) -> Any | None:
        """Returns the value saved under a key; None if there is none."""
        if name in self._entries:
            self._used[name] = self._entries[name]
        return self._used.get(name)

    def put(self, name: str, value: Any) -> None:
        """Adds a value, which must be valid JSON."""
        self._used[name] = value
        self._is_changed = True

    def get_findings(self, name: str) -> list[Finding] | None:
        """Returns the findings saved under a key; None if there are none."""
        found = self.get(name)
        return None if found is None else [Finding(Severity(finding[0]), *finding[1:]) for finding in found]

    def put_findings(self, name: str, findings: Iterable[Finding]) -> None:
        """Adds findings."""
        self.put(name, [as_tuple(finding) for finding in findings])

    def get_or_find(self, name: str, find: Callable[[], list[Finding]]) -> list[Finding]:
        """Returns the findings under a key; calls ``find`` if they are not known."""
        found = self.get_findings(name)
        if found is None:
            found = find()
            self.put_findings(name, found)
        return found

    def save(self) -> None:
        """Writes the entries of this run if any is new. If the cache cannot be written, the next run takes longer."""
        if not self._is_changed:
            return
        unused = [name for name in self._entries if name not in self._used]
        entries = {name: self._entries[name] for name in unused[max(len(unused) - _MOST_UNUSED, 0) :]} | dict(sorted(self._used.items()))
        body = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
        if cache.write_whole(self._file, key(self._key, body).encode() + b"\n" + body):
            _prune(self._file.parent)


def _prune(folder: Path) -> None:
    """Removes all but the newest files."""
    with suppress(OSError):  # another process may be doing the same
        for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-_MOST_FILES]:
            path.unlink(missing_ok=True)
