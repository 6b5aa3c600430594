"""The style sheet and the icon. Their names change with their content, so that browsers may keep them for good."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"
_MEDIA = {".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class StaticFile:
    """A file: its name in the folder, its media type and what is in it."""

    original: str
    media: str
    content: bytes


@cache
def static_files() -> dict[str, StaticFile]:
    """The files by the names under which they are served."""
    found = {}
    for path in sorted(_FOLDER.iterdir()):
        content = path.read_bytes()
        name = f"{path.stem}.{sha256(content).hexdigest()[:16]}{path.suffix}"
        found[name] = StaticFile(path.name, _MEDIA[path.suffix], content)
    return found
