"""Reads releases that are packed as ``.zip`` archives: only named members, into the cache. Packs files in the same form."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from nevkg.errors import CouldNotRun
from nevkg.store import cache

# Bytes of a member that is read into memory, and of all that is unpacked: more is no release.
_SMALL, _MOST = 1 << 20, 1 << 32


def read_member(place: Path, name: str) -> bytes | None:
    """Returns a small file of an archive, which has it at its root or in its only folder; None if it has none, or is no archive."""
    try:
        with ZipFile(place) as archive:
            members = _list_members(archive)
            return archive.read(members[name]) if name in members and members[name].file_size <= _SMALL else None
    except (OSError, BadZipFile, RuntimeError, NotImplementedError):
        return None


def unpack_archive(place: Path, parts: Sequence[str], one_of: Sequence[str]) -> Path:
    """Returns a folder of the cache with some files of an archive, unpacked if it is missing.

    Args:
        place: the archive.
        parts: names of files, and of folders with a slash; the second is the file that identifies the content.
        one_of: names of files of which the first that exists is enough.

    Raises:
        CouldNotRun: if it cannot be read, or the cache cannot be written.
    """
    try:
        with ZipFile(place) as archive:
            members = _list_members(archive)
            chosen = {name: info for name, info in members.items() if name.startswith(tuple(parts))}
            chosen |= {name: members[name] for name in [one for one in one_of if one in members][:1]}
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
    except (OSError, BadZipFile, RuntimeError, NotImplementedError) as error:
        raise CouldNotRun(f"{place} cannot be unpacked: {error}.") from None
    if folder is None:
        raise CouldNotRun(f"{place} cannot be unpacked, since the cache {cache.folder()} cannot be written; unpack it yourself.")
    return folder


def pack_files(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Returns an archive of files, each given by its path and its content. The same files give the same bytes."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED, 9)
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
