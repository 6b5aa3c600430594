"""``nevkg docs``: the documentation that is made from the ontology and the data."""

from __future__ import annotations

import argparse
from pathlib import Path

from nevkg.cli import common, write
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.publish.ontology import MARK, pages
from nevkg.store import EmbeddedStore

_HELP = "ontology: its pages; format: that of contributions; data: the report on the data; dataset: its description in RDF"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("what", choices=list(_MAKERS), help=_HELP)
    parser.add_argument("place", metavar="PATH", type=Path, help="the folder of the pages, such as docs/ontology, or the file")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")


def _ontology(store: EmbeddedStore, place: Path) -> dict[Path, bytes]:
    return {place / name: text.encode() for name, text in pages(store).items()}


def _data(store: EmbeddedStore, place: Path) -> dict[Path, bytes]:
    from nevkg.publish.report.writer import report
    from nevkg.validate.run import validate

    return {place: report(store, validate(store.layout)).encode()}


def _dataset(store: EmbeddedStore, place: Path) -> dict[Path, bytes]:
    from nevkg.publish.description import description

    return {place: description(store)}


def _format(store: EmbeddedStore, place: Path) -> dict[Path, bytes]:
    from nevkg.contribute.tables import read_format
    from nevkg.contribute.template import described

    return {place: described(read_format(store.layout).values()).encode()}


_MAKERS = {"ontology": _ontology, "format": _format, "data": _data, "dataset": _dataset}


def run(options: argparse.Namespace) -> int:
    """Writes the pages that differ and removes those of terms that are gone; or tells of the first of them."""
    place: Path = options.place
    made = _MAKERS[options.what](common.build_for(options), place)
    try:
        changed = sorted(path for path, content in made.items() if not path.is_file() or path.read_bytes() != content)
        gone = [path for path in _made_before(place) if path not in made] if options.what == "ontology" else []
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
        raise CouldNotRun(f"{error.filename or place} cannot be read or written: {error.strerror or error}.") from None
    if not options.quiet:
        write(f"{place}: {len(made)} files, {len(changed)} written, {len(gone)} removed.\n".encode())
    return 0


def _made_before(folder: Path) -> list[Path]:
    """The files below ``folder`` that bear the mark of a page made by this command."""
    found = [path for suffix in ("md", "svg") for path in folder.glob(f"*/*.{suffix}")]
    return sorted(path for path in found if MARK.encode() in path.read_bytes()[:200])
