"""The style sheet, the icon and the picture for previews of links. Their names contain a digest of their content, so that browsers may cache them permanently."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nevkg.serve.http.files import File

_FOLDER = Path(__file__).parent / "static"


@dataclass(frozen=True)
class StaticFile:
    """A file, and its original name in the folder."""

    original: str
    file: File


@cache
def static_files() -> dict[str, StaticFile]:
    """Returns the files by the names under which they are served."""
    found = {}
    for path in sorted(_FOLDER.iterdir()):
        file = File.read(path)
        found[f"{path.stem}.{file.digest[:16]}{path.suffix}"] = StaticFile(path.name, file)
    return found
