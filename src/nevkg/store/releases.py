"""Finds releases on this machine, folders or ``.zip`` archives, and opens them with their own rules and questions."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pyoxigraph

from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.store import cache
from nevkg.store.embedded import EmbeddedStore, open_filled, open_store, state_of

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

# Bytes of a member that is read into memory, and of all that is unpacked: more is no release.
_SMALL, _MOST = 1 << 20, 1 << 32
# The file of a release that says which edition it is, and the one with the digests of all files.
ABOUT, SUMS = "release.json", "SHA256SUMS"
# Names of the whole dataset in a release; the first that exists is read. Of an archive, the one that any Python can unpack.
DATA_FILES = ("nevkg.nq", "nevkg.nq.zst", "nevkg.nq.gz")
_PACKED_FIRST = ("nevkg.nq.gz", "nevkg.nq", "nevkg.nq.zst")
# The environment variable with folders of releases, separated as in PATH.
VARIABLE = "NEVKG_RELEASES"
# What a release needs besides its data to answer questions.
_PARTS = ("ontology/context.jsonld", "ontology/rules/", "queries/")
_ARCHIVE = ".zip"


@dataclass(frozen=True)
class Release:
    """A release on this machine.

    Attributes:
        place: its folder, or its ``.zip`` archive.
        edition: the name of its data in citations; see :func:`name_edition`.
        data: the digest (SHA-256, hexadecimal) of the data that it was made from.
        known_by: the day (ISO) after which it leaves out sources; None if it has all.
        program: the version of the program that made it.
    """

    place: Path
    edition: str
    data: str
    known_by: str | None
    program: str


def name_edition(version: str, digest: str) -> str:
    """Returns the name of a state of the data in citations: its version and the beginning of its digest (hexadecimal)."""
    return f"{version}+{digest[:16]}"


def describe_release(store: EmbeddedStore, version_of_data: str) -> bytes:
    """Returns the content of the file that says which edition a release is."""
    # Imported here, because every start of the program would pay for it.
    from importlib.metadata import version

    about = {
        "edition": name_edition(version_of_data, store.digest),
        "data": store.digest,
        "known_by": store.known_by,
        "program": version("nevkg"),
    }
    return (json.dumps(about, indent=2) + "\n").encode()


def read_release(place: Path) -> Release | None:
    """Returns the release in a folder or an archive; None if it is no release, or one of before citations had addresses."""
    try:
        if place.is_dir():
            content = (place / ABOUT).read_bytes()
        elif place.suffix == _ARCHIVE and place.is_file():
            content = _read_member(place, ABOUT) or b""
        else:
            return None
        about = json.loads(content)
        known_by = about["known_by"]
        return Release(place, str(about["edition"]), str(about["data"]), known_by and str(known_by), str(about["program"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_places(given: Sequence[str | Path] = (), elsewhere: Sequence[str] = (os.curdir,)) -> list[Path]:
    """Returns the folders in which to look for releases: those given, else those of ``NEVKG_RELEASES`` that exist, else ``elsewhere``."""
    named = os.environ.get(VARIABLE, "")
    existing = [place for place in named.split(os.pathsep) if place and Path(place).exists()]
    return [Path(place) for place in given or (existing if named else elsewhere)]


def list_releases(places: Sequence[Path]) -> Iterator[Release]:
    """Yields the releases among some places and directly within them, place by place, sorted by name."""
    for place in places:
        if found := read_release(place):
            yield found
            continue
        try:
            within = sorted(path for path in place.iterdir() if path.is_dir() or path.suffix == _ARCHIVE)
        except OSError as error:
            raise CouldNotRun(f"{place} cannot be searched for releases: {error.strerror}.") from None
        yield from (found for path in within if (found := read_release(path)))


def look_up_release(name: str) -> Release | None:
    """Returns the release at a path, else that with a file name (with or without ``.zip``) or an edition in the places of releases."""
    if (found := read_release(Path(name))) or Path(name).exists() or Path(name).name != name:
        return found
    return next(
        (
            release
            for release in list_releases(find_places())
            if name in (release.place.name, release.place.name.removesuffix(_ARCHIVE), release.edition)
        ),
        None,
    )


def find_layout(release: Release) -> Layout:
    """Returns the folders of a release, unpacked if it is an archive: its rules, its questions, and the release itself."""
    folder = release.place.resolve()
    if not folder.is_dir():
        folder = _unpack_archive(folder, (ABOUT, SUMS, *_PARTS), _PACKED_FIRST)
    return Layout(folder / "ontology", folder, folder / "queries")


def open_release(release: Release) -> EmbeddedStore:
    """Opens a release: its store comes from the cache, else it is loaded from its file of quads.

    Raises:
        CouldNotRun: if a file is missing, is not the one that was published, or cannot be read.
    """
    layout = find_layout(release)
    folder = layout.data
    sums = read_sums(folder)
    for name in sums:
        if name.startswith((ABOUT, *_PARTS)):
            _require_intact(folder, name, sums)
    state = state_of(hashlib.sha256((folder / SUMS).read_bytes()).hexdigest())

    def load(store: pyoxigraph.Store) -> None:
        from nevkg.data.rdf import unpack

        name = next((file for file in DATA_FILES if (folder / file).is_file()), DATA_FILES[0])
        _require_intact(folder, name, sums)
        dataset.bulk_load(store, folder / name, unpack(folder / name))

    try:
        opened = open_filled(f"store-{state}", load)
    except InvalidData as error:
        raise CouldNotRun(f"The release {release.place} cannot be opened: {error}") from None
    state = state if opened.place else ""
    return EmbeddedStore(opened.store, layout, release.data, release.known_by, opened.place, state=state, lease=opened.lease)


def pack_release(release: Release) -> bytes:
    """Returns a small archive of a release, with what answers need. The same release gives the same bytes.

    Raises:
        CouldNotRun: if a file is missing, is not the one that was published, or cannot be read.
    """
    folder = find_layout(release).data
    sums = read_sums(folder)
    data = next((file for file in _PACKED_FIRST if file in sums), _PACKED_FIRST[0])
    names = sorted(name for name in {data, *sums} if name == data or name.startswith((ABOUT, *_PARTS)))
    for name in names:
        _require_intact(folder, name, sums)
    return pack_files((name, (folder / name).read_bytes()) for name in (SUMS, *names))


def open_dataset(layout: Layout) -> EmbeddedStore:
    """Opens the dataset of a layout, which may be that of a release."""
    release = read_release(layout.data)
    return open_release(release) if release else open_store(layout)


def read_sums(folder: Path) -> dict[str, str]:
    """Returns the digest (SHA-256, hexadecimal) of each file of a release by name."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CouldNotRun(f"{folder / SUMS} cannot be read, so that the release cannot be checked; get it again.") from None
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _require_intact(folder: Path, name: str, sums: Mapping[str, str]) -> None:
    try:
        found = cache.hash_file(folder / name)
    except OSError as error:
        raise CouldNotRun(f"{folder / name} cannot be read: {error.strerror}; get the release again.") from None
    if found != sums.get(name):
        raise CouldNotRun(f"{folder / name} is not the file that was published; get the release again.")


def _read_member(place: Path, name: str) -> bytes | None:
    """Returns a small file of an archive, which has it at its root or in its only folder; None if it has none, or is no archive."""
    import zipfile

    try:
        with zipfile.ZipFile(place) as archive:
            members = _list_members(archive)
            return archive.read(members[name]) if name in members and members[name].file_size <= _SMALL else None
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return None


def _unpack_archive(place: Path, parts: Sequence[str], one_of: Sequence[str]) -> Path:
    """Returns a folder of the cache with some files of an archive, unpacked if it is missing.

    Args:
        place: the archive.
        parts: names of files, and of folders with a slash; the second is the file that identifies the content.
        one_of: names of files of which the first that exists is enough.
    """
    import zipfile

    try:
        with zipfile.ZipFile(place) as archive:
            members = _list_members(archive)
            chosen = {name: info for name, info in members.items() if name.startswith(tuple(parts))}
            chosen |= {name: members[name] for name in [first for first in one_of if first in members][:1]}
            if sum(info.file_size for info in chosen.values()) > _MOST:
                raise CouldNotRun(f"{place} unpacks to more than {_MOST >> 30} GB, which no release does; get it again.")

            def fill(folder: Path) -> None:
                for name, info in chosen.items():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(info) as source, (folder / name).open("xb") as target:
                        shutil.copyfileobj(source, target)

            content = archive.read(members[parts[1]])
            folder = cache.build(f"release-{hashlib.sha256(content).hexdigest()[:32]}", fill)
    except KeyError:
        raise CouldNotRun(f"{place} has no {parts[1]}, so that the release cannot be checked; get it again.") from None
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise CouldNotRun(f"{place} cannot be unpacked: {error}.") from None
    if folder is None:
        raise CouldNotRun(f"{place} cannot be unpacked, since the cache {cache.folder()} cannot be written; unpack it yourself.")
    return folder


def pack_files(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Returns an archive of files, each given by its path and its content. The same files give the same bytes."""
    import zipfile

    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def _list_members(archive: ZipFile) -> dict[str, ZipInfo]:
    """Returns the files by their path below the root of the archive, or below its only folder; none with a path that leads elsewhere."""
    files = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    tops = {name.partition("/")[0] for name in files}
    prefix = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in files) else ""
    return {
        name.removeprefix(prefix): info
        for name, info in files.items()
        if not {"..", "."} & set(name.split("/")) and not PurePosixPath(name.removeprefix(prefix)).is_absolute() and "\\" not in name
    }
