"""What the explorer of a site answers with: the code of nevkg for Python in the browser, and the data."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Store

import nevkg
from nevkg.ask import days
from nevkg.ask.catalogue import pack_catalogue
from nevkg.errors import CouldNotRun, needs_extra
from nevkg.lookup import entities
from nevkg.serve.services import BUILT
from nevkg.store import EVER, EmbeddedStore, open_snapshot
from nevkg.store.releases import Release, pack_files, pack_release

FOLDER, RELEASES = "engine", "releases"
# Each takes five seconds, and some 30 kB.
_MONTHS = 6
_BROWSER = Path(__file__).parent / "browser"
# What the code imports there, all of it plain Python. Packages with compiled code have a part in Python, or are not needed.
_PACKAGES = (
    "anyio",
    "certifi",
    "charset-normalizer",
    "idna",
    "Jinja2",
    "legacy-cgi",  # WebOb imports it, and Python 3.13 has none
    "markdown-it-py",
    "MarkupSafe",
    "mdurl",
    "networkx",
    "pyparsing",
    "python-multipart",
    "PyYAML",
    "rapidfuzz",
    "rdflib",
    "requests",
    "starlette",
    "typing_extensions",
    "urllib3",
    "WebOb",
)
_PYTHON = {".py", ".pem", ".json", ".yaml", ".html", ".css", ".svg", ".png", ".toml"}
_NEVER = {"__pycache__", "explorer", "tests", "test", "site", "_data", "built", "cli", "contribute", "propose", "review", "watch"}


def write_engine(store: EmbeddedStore, folder: Path, releases: Iterable[Release] = ()) -> None:
    """Writes the engine, the data that it loads, and the releases that it loads for citations of other editions."""
    built = BUILT / FOLDER
    if not built.is_dir():
        raise CouldNotRun("The engine of the site is not built; in a checkout of nevkg run 'make explorer'.")
    shutil.copytree(built, folder / FOLDER)
    day = entities.dataset_date(store)
    snapshot = days.snapshot(store, day).store
    prepared = list_prepared_days(day)
    files = {
        "python": _write(folder, f"{FOLDER}/python", "zip", _pack_code(store)),
        "record": _write(folder, f"{FOLDER}/record", "nq.gz", _compress(store.store.quads_for_pattern(None, None, None))),
        "snapshot": _write(folder, f"{FOLDER}/snapshot", "nq.gz", _compress(snapshot.quads_for_pattern(None, None, None, DefaultGraph()))),
        "days": _write(folder, f"{FOLDER}/days", "json.gz", _pack_days(store, snapshot, prepared)),
    }
    # Not in the folder of the engine, which browsers keep for times without a network.
    others = [
        {"edition": release.edition, "file": _write(folder, f"{RELEASES}/release", "zip", pack_release(release))} for release in releases
    ]
    contents = {**files, "releases": others, "facts": {"digest": store.digest, "day": day, "prepared": prepared}}
    (folder / FOLDER / "contents.json").write_text(json.dumps(contents, indent=1), encoding="utf-8")


def list_prepared_days(day: str) -> list[str]:
    """Returns the days before that of the dataset for which the engine need not derive the snapshot, and ``EVER``.

    They are the ends of the last quarters, and the beginnings of the last months, where the slider of a page stops.
    """
    latest = date.fromisoformat(day)
    starts = [date((month := latest.year * 12 + latest.month - 1 - back) // 12, month % 12 + 1, 1) for back in range(12)]
    ends = [start - timedelta(1) for start in starts if start.month % 3 == 1]
    return [*sorted({str(past) for past in (*starts[:_MONTHS], *ends) if past < latest}), EVER]


def _pack_days(record: EmbeddedStore, snapshot: Store, others: Sequence[str]) -> bytes:
    """Returns, as compressed JSON, how the snapshot of each day differs from another: the N-Quads that it has not, and has besides."""
    usual, changes = _lines(snapshot), {}
    for day in others:
        lines = _lines(open_snapshot(record, day).store)
        changes[day] = {"without": "".join(sorted(usual - lines)), "with": "".join(sorted(lines - usual))}
    return gzip.compress(json.dumps(changes).encode(), 9, mtime=0)


def _lines(snapshot: Store) -> set[str]:
    return {f"{quad} .\n" for quad in snapshot.quads_for_pattern(None, None, None, DefaultGraph())}


def _write(folder: Path, name: str, suffix: str, content: bytes) -> str:
    """Writes a file whose name has a digest of its content, so that browsers can keep it; returns its path in the site."""
    path = f"{name}-{sha256(content).hexdigest()[:12]}.{suffix}"
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(content)
    return path


def _compress(quads: Iterator[Quad]) -> bytes:
    """Returns N-Quads, sorted, so that the same data gives the same bytes and neighbours resemble each other."""
    return gzip.compress("".join(sorted(f"{quad} .\n" for quad in quads)).encode(), 9, mtime=0)


def _pack_code(store: EmbeddedStore) -> bytes:
    code = ((name, path.read_bytes()) for name, path in sorted(_code(store)))
    # Parsing YAML in plain Python is slow.
    return pack_files((*code, ("nevkg/_data/catalogue.json", pack_catalogue(store.layout))))


def _code(store: EmbeddedStore) -> Iterator[tuple[str, Path]]:
    """Yields the name in the archive, and the path, of each file."""
    for path in _BROWSER.rglob("*.py"):
        yield path.relative_to(_BROWSER).as_posix(), path
    for package in _PACKAGES:
        with needs_extra("site"):
            files = distribution(package).files or ()
        for file in files:
            if (file.suffix in _PYTHON or file.name == "METADATA") and _NEVER.isdisjoint(file.parts) and ".." not in file.parts:
                yield file.as_posix(), Path(str(file.locate()))
    own = Path(nevkg.__file__).parent
    for path in own.rglob("*"):
        name = path.relative_to(own)
        if path.is_file() and path.suffix in _PYTHON and _NEVER.isdisjoint(name.parts):
            yield f"nevkg/{name.as_posix()}", path
    for part, place in (("ontology", store.layout.ontology), ("queries", store.layout.queries)):
        for path in place.rglob("*"):
            if path.is_file():
                yield f"nevkg/_data/{part}/{path.relative_to(place).as_posix()}", path
