"""Archives: texts of pages that a user keeps, as WARC files in a folder, found by web address."""

from __future__ import annotations

import hashlib
import json
import re
import string
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from nevkg.data.atomic import replace_file
from nevkg.data.paths import reading, walk, writing
from nevkg.errors import InvalidData, needs_extra
from nevkg.reading.addresses import normalise_address, with_named_host
from nevkg.reading.pages import Page, parse_page
from nevkg.reading.web import LARGEST

if TYPE_CHECKING:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.recordloader import ArcWarcRecord

_ADDRESS_DIGITS, _CONTENT_DIGITS = 16, 32
_OWN = re.compile(rf"[0-9a-f]{{{_ADDRESS_DIGITS}}}-[0-9a-f]{{{_CONTENT_DIGITS}}}\.warc\.gz")
_SUFFIXES = (".warc", ".warc.gz")
_TEXT = "conversion"
_FOUND = "200"
_WITHOUT_TEXT = re.compile(r"(?:image|audio|video|font)/|text/css|(?:text|application)/(?:x-)?javascript|application/json", re.IGNORECASE)


@dataclass(frozen=True)
class Archive:
    """A folder with texts of pages.

    A page that is kept has a file of its own, named by the digests of its address and its content, with two records: its text, and
    the page. WARC files of other programs can be in the folder, too, also in subfolders.
    """

    folder: Path

    def keep(self, page: Page, address: str) -> Path:
        """Writes a page, and returns its file. The same content at the same address has the same file, whoever writes it."""
        name = f"{_digest_address(address)}-{hashlib.sha256(page.content).hexdigest()[:_CONTENT_DIGITS]}{_SUFFIXES[1]}"
        content = _make_records(page, quote(with_named_host(address), safe=string.punctuation))
        with writing(self.folder / name):
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(self.folder / name, content)
        return self.folder / name

    def find_texts(self, address: str) -> Iterator[str]:
        """Yields the texts of the page at an address: those that were kept, the latest first, then those in files of other programs."""
        own, others = self._listed
        with reading(self.folder):
            kept = sorted(own.get(_digest_address(address), ()), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for file in kept:
            yield _read_kept_text(file)
        for file in others:
            for offset in reversed(_index(file).get(normalise_address(address), ())):
                yield _read_page(file, offset)

    def list_files(self) -> list[Path]:
        """Returns the files with texts, in order."""
        return sorted(file for suffix in _SUFFIXES for file in walk(self.folder, suffix))

    @cached_property
    def _listed(self) -> tuple[Mapping[str, Sequence[Path]], Sequence[Path]]:
        """The files of kept pages by the digest of their address, and those of other programs, when they were first needed."""
        own: dict[str, list[Path]] = defaultdict(list)
        others = []
        for file in self.list_files():
            if _OWN.fullmatch(file.name):
                own[file.name.partition("-")[0]].append(file)
            else:
                others.append(file)
        return own, others


def _digest_address(address: str) -> str:
    return hashlib.sha256(normalise_address(address).encode()).hexdigest()[:_ADDRESS_DIGITS]


def _make_records(page: Page, address: str) -> bytes:
    with needs_extra("read"):
        from warcio.warcwriter import BufferWARCWriter
    writer = BufferWARCWriter(gzip=True)
    whole = writer.create_warc_record(address, "resource", BytesIO(page.content), len(page.content), page.media)
    text = page.text.encode("utf-8", "replace")
    refers = {"WARC-Refers-To": whole.rec_headers.get_header("WARC-Record-ID")}
    # The text is first, so that it can be read without the page.
    writer.write_record(writer.create_warc_record(address, _TEXT, BytesIO(text), len(text), "text/plain; charset=utf-8", refers))
    writer.write_record(whole)
    found: bytes = writer.get_contents()
    return found


def _read_kept_text(file: Path) -> str:
    """Returns the text of a page that was kept, which is its first record."""
    with _open_records(file) as records:
        record, content = _read_record(records)
        # Programs differ in what they compute digests of, so only our own are compared.
        if record.rec_type != _TEXT or not record.digest_checker.passed:
            raise ValueError(record.rec_type, record.digest_checker.problems)
        return content.decode()


def _read_page(file: Path, offset: int) -> str:
    """Returns the text of the page at an offset (bytes) in a file of another program."""
    with _open_records(file, offset) as records:
        record, content = _read_record(records)
        if getattr(record.raw_stream, "limit", 0):
            raise ValueError(record.raw_stream.limit)
    return parse_page(f"A page in {file}", content).text


def _read_record(records: ArchiveIterator) -> tuple[ArcWarcRecord, bytes]:
    """Returns the next record, read to its end, and its content."""
    record = next(iter(records))
    content = record.content_stream().read(LARGEST + 1)
    record.raw_stream.read(LARGEST)
    if len(content) > LARGEST:
        raise ValueError(len(content))
    return record, content


@contextmanager
def _open_records(file: Path, offset: int = 0) -> Iterator[ArchiveIterator]:
    """Opens a file at an offset (bytes), to read its records."""
    with needs_extra("read"):
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    with reading(file), file.open("rb") as stream:
        stream.seek(offset)
        try:
            yield ArchiveIterator(stream, check_digests=True)
        except (ArchiveLoadFailed, zlib.error, EOFError, StopIteration, ValueError):
            message = f"{file} is damaged, or a page in it has more than {LARGEST >> 20} MB; remove the file, and keep the page again."
            raise InvalidData(message) from None


def _index(file: Path) -> Mapping[str, Sequence[int]]:
    """Returns the offsets (bytes) of the pages in a file, by normalised address. They are saved beside the file, if possible."""
    with reading(file):
        facts = file.stat()
    return _index_state(file, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=256)
def _index_state(file: Path, size: int, time: int) -> Mapping[str, Sequence[int]]:
    saved = file.with_name(f".{file.name}.index")
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(saved.read_bytes())
        if known["state"] == [size, time]:
            return {str(address): [int(offset) for offset in offsets] for address, offsets in known["pages"].items()}
    found: dict[str, list[int]] = defaultdict(list)
    # The package prints warnings with parts of the pages.
    with redirect_stderr(StringIO()), _open_records(file) as records:
        for record in records:
            if _has_page(record):
                address = record.rec_headers.get_header("WARC-Target-URI", "").strip("<>")
                found[normalise_address(address)].append(records.get_record_offset())
    with suppress(OSError):
        replace_file(saved, json.dumps({"state": [size, time], "pages": found}).encode())
    return found


def _has_page(record: ArcWarcRecord) -> bool:
    """Whether a record has a page: a response that was found, or a resource, if it may have text."""
    if record.rec_type == "response":
        is_found = record.http_headers is not None and record.http_headers.get_statuscode() == _FOUND
        return is_found and not _WITHOUT_TEXT.match(record.http_headers.get_header("Content-Type", ""))
    return record.rec_type == "resource" and not _WITHOUT_TEXT.match(record.content_type or "")
