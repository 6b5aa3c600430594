"""What earlier validations found, so that nothing is validated twice.

A finding is kept under a key made of all that it depends on, so what is kept is never wrong, only unused.
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
from nevkg.validate.findings import Finding, Severity, content

_KEPT = 8  # packs: one for each data folder and engine
_SUFFIX = ".json"
_SPARE = 300  # entries that the last run did not use: of a single file validated, or of a change that is taken back


def key(*parts: str | bytes) -> str:
    """One short name for all that a result depends on."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(b"%d\0" % len(content) + content)
    return whole.hexdigest()


# What findings depend on: whatever reads files, derives, asks or validates.
_CODE = ("data", "sparql", "store", "lookup", "ask", "validate")


@once
def _versions() -> str:
    """Whatever may find something else tomorrow: this code and the libraries that it calls."""
    package = Path(__file__).parents[1]
    code = [path.read_bytes() for folder in _CODE for path in sorted((package / folder).glob("*.py"))]
    return key(version("nevkg"), version("pyoxigraph"), *code)


class Memory:
    """The results of one data folder and engine, in one file of the cache: what the last run used, and a little of what others did."""

    def __init__(self, data: Path, engine: str, *, fresh: bool = False) -> None:
        """Reads what is kept.

        Args:
            data: the data folder.
            engine: the distribution that validates shapes.
            fresh: whether to begin with nothing.
        """
        try:
            engine_version = version(engine)
        except ModuleNotFoundError:
            engine_version = ""
        self._key = key(_versions(), engine, engine_version)
        self._file = cache.folder() / "validated" / (key(str(data), engine)[:32] + _SUFFIX)
        self._kept: dict[str, Any] = {} if fresh else self._read()
        self._used: dict[str, Any] = {}
        self._news = fresh

    def _read(self) -> dict[str, Any]:
        """What the file holds; nothing if it is damaged, or of other versions."""
        try:
            head, _, body = self._file.read_bytes().partition(b"\n")
            if head.decode() == key(self._key, body):
                kept: dict[str, Any] = json.loads(body)
                return kept
        except (OSError, ValueError):
            pass
        return {}

    def get(self, name: str) -> Any | None:
        """What is kept under a key, else None."""
        if name in self._kept:
            self._used[name] = self._kept[name]
        return self._used.get(name)

    def put(self, name: str, value: Any) -> None:
        """Keeps a value that JSON can hold."""
        self._used[name] = value
        self._news = True

    def findings(self, name: str) -> list[Finding] | None:
        """The findings that are kept under a key, else None."""
        found = self.get(name)
        return None if found is None else [Finding(Severity(one[0]), *one[1:]) for one in found]

    def keep(self, name: str, findings: Iterable[Finding]) -> None:
        """Keeps findings."""
        self.put(name, [content(one) for one in findings])

    def recall(self, name: str, find: Callable[[], list[Finding]]) -> list[Finding]:
        """The findings under a key, found if they are not known."""
        found = self.findings(name)
        if found is None:
            found = find()
            self.keep(name, found)
        return found

    def save(self) -> None:
        """Writes what was used, if something of it is new. Without room for it, the next run has more to do."""
        if not self._news:
            return
        unused = [name for name in self._kept if name not in self._used]
        stays = {name: self._kept[name] for name in unused[max(len(unused) - _SPARE, 0) :]} | dict(sorted(self._used.items()))
        body = json.dumps(stays, ensure_ascii=False, separators=(",", ":")).encode()
        if cache.write_whole(self._file, key(self._key, body).encode() + b"\n" + body):
            _prune(self._file.parent)


def _prune(folder: Path) -> None:
    """Keeps the newest files."""
    with suppress(OSError):  # another process may be at the same
        for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            path.unlink(missing_ok=True)
