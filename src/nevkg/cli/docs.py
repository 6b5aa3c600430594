"""``nevkg docs``: the documentation that is made from the ontology and the data."""

from __future__ import annotations

import argparse
from pathlib import Path

from nevkg.cli import common, write
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.publish.ontology import MARK, pages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("what", choices=["ontology"], help="what to document")
    parser.add_argument("folder", metavar="DIR", type=Path, help="where the pages stand, such as docs/ontology")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")


def run(options: argparse.Namespace) -> int:
    """Writes the pages that differ and removes those of terms that are gone; or tells of the first of them."""
    folder: Path = options.folder
    made = {folder / name: text.encode() for name, text in pages(common.open_for(options)).items()}
    try:
        changed = sorted(path for path, content in made.items() if not path.is_file() or path.read_bytes() != content)
        gone = [path for path in _made_before(folder) if path not in made]
        if options.check:
            for path in sorted([*changed, *gone]):
                raise InvalidData(f"{path} is out of date; make the pages again with 'make docs' and commit them.")
            return 0
        for path in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made[path])
        for path in gone:
            path.unlink()
    except OSError as error:
        raise CouldNotRun(f"{error.filename or folder} cannot be read or written: {error.strerror or error}.") from None
    if not options.quiet:
        write(f"{folder}: {len(made)} files, {len(changed)} written, {len(gone)} removed.\n".encode())
    return 0


def _made_before(folder: Path) -> list[Path]:
    """The files below ``folder`` that bear the mark of a page made by this command."""
    found = [path for suffix in ("md", "svg") for path in folder.glob(f"*/*.{suffix}")]
    return sorted(path for path in found if MARK.encode() in path.read_bytes()[:200])
