"""Texts of pages are found by their address, whoever wrote the archive, and a damaged archive says so."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from nevkg.errors import CouldNotRun, InvalidData
from nevkg.reading.archive import Archive
from nevkg.reading.pages import Page, parse_page

ADDRESS = "https://www.example.org/news?id=1"
TEXT = "The plant opened on Monday. It builds 100,000 cars a year. 工厂已投产。"
HTML = f"<!doctype html><html><head><title>News</title></head><body><p>{TEXT}</p></body></html>"


def page(text: str = HTML) -> Page:
    return parse_page("page.html", text.encode())


def keep_many(folder: str) -> None:
    for _ in range(20):
        Archive(Path(folder)).keep(page(), ADDRESS)


@pytest.mark.parametrize("address", [ADDRESS, "http://example.org/news?id=1", "HTTPS://Example.org/news?id=1#part"])
def test_a_text_is_found_by_any_form_of_its_address(tmp_path: Path, address: str) -> None:
    archive = Archive(tmp_path / "new" / "folder")
    archive.keep(page(), ADDRESS)
    (found,) = Archive(archive.folder).find_texts(address)
    assert TEXT in found
    assert not list(Archive(archive.folder).find_texts("https://example.org/news?id=2"))


def test_the_last_text_that_was_kept_is_the_first(tmp_path: Path) -> None:
    files = [Archive(tmp_path).keep(page(HTML.replace("Monday", day)), ADDRESS) for day in ("Monday", "Tuesday")]
    for place, file in enumerate(files):
        os.utime(file, (place, place))
    assert [text.split(". ")[0].split()[-1] for text in Archive(tmp_path).find_texts(ADDRESS)] == ["Tuesday", "Monday"]


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    assert len({Archive(tmp_path).keep(page(), address) for address in (ADDRESS, "http://example.org/news?id=1")}) == 1
    Archive(tmp_path).keep(page(), "https://example.org/other")
    assert len(Archive(tmp_path).list_files()) == 2


def test_several_processes_write_the_same_page(tmp_path: Path) -> None:
    processes = [get_context("spawn").Process(target=keep_many, args=(str(tmp_path),)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert {process.exitcode for process in processes} == {0}
    (file,) = tmp_path.iterdir()
    assert len(list(Archive(tmp_path).find_texts(ADDRESS))) == 1
    assert file.suffixes[-2:] == [".warc", ".gz"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def fail(path: Path, content: bytes) -> int:
        write(path, content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(CouldNotRun, match=r"warc\.gz cannot be written: No space left on device\."):
        Archive(tmp_path).keep(page(), ADDRESS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("part", [0, 0.2, 0.5, 0.9])
def test_a_damaged_file_is_named(tmp_path: Path, part: float) -> None:
    """Of a file that is cut, or of which one byte has changed, either the text is read or the file is named."""
    file = Archive(tmp_path).keep(page(), ADDRESS)
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[int(part * len(whole)) + 30] ^= 0xFF
    outcomes = []
    for content in (whole[: int(part * len(whole))], bytes(changed)):
        file.write_bytes(content)
        try:
            assert [TEXT in text for text in Archive(tmp_path).find_texts(ADDRESS)] == [True]
        except InvalidData as error:
            outcomes.append(str(error))
    assert all(f"{file} is damaged" in outcome for outcome in outcomes)
    assert outcomes or part > 0.4, "the text is in the first part of the file"


def write_archive(file: Path, *bodies: bytes, bracketed: bool = False, **headers: str) -> None:
    """Writes an archive as a crawler does: requests, responses, and pages that were not found."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=file.suffix == ".gz")
        uri = f"<{ADDRESS}>" if bracketed else ADDRESS
        writer.write_record(writer.create_warcinfo_record(file.name, {"software": "crawler"}))
        for status, body in (("404 Not Found", b"<html>gone</html>"), *(("200 OK", body) for body in bodies)):
            fields = [("Content-Type", "text/html"), *((name.replace("_", "-"), value) for name, value in headers.items())]
            http = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(uri, "response", BytesIO(body), len(body), http_headers=http))


@pytest.mark.parametrize("name", ["crawl.warc", "more/crawl.warc.gz"])
@pytest.mark.parametrize("bracketed", [False, True])
def test_archives_of_other_programs_are_read(tmp_path: Path, name: str, bracketed: bool) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    write_archive(file, HTML.encode(), bracketed=bracketed)
    for _ in range(2):  # with and without the index
        (found,) = Archive(tmp_path).find_texts(ADDRESS)
        assert TEXT in found
    chunks = f"{len(HTML.encode()):x}\r\n".encode() + HTML.replace("Monday", "Friday").encode() + b"\r\n0\r\n\r\n"
    write_archive(file, chunks, bracketed=bracketed, Transfer_Encoding="chunked")
    (found,) = Archive(tmp_path).find_texts(ADDRESS)
    assert "Friday" in found, "the index is that of the file as it is"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(InvalidData, match="is damaged"):
        list(Archive(tmp_path).find_texts(ADDRESS))


def test_the_package_prints_nothing_of_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_archive(tmp_path / "crawl.warc", HTML.encode())
    content = (tmp_path / "crawl.warc").read_bytes()
    (tmp_path / "crawl.warc").write_bytes(content.replace(b"</html>\r\n\r\n", b"</html> secret\r\n\r\n"))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: list(Archive(tmp_path).find_texts("https://example.org/none"))).exception()
    assert capsys.readouterr() == ("", "")


def test_an_address_cannot_add_headers(tmp_path: Path) -> None:
    hostile = f"{ADDRESS}\r\nWARC-Type: response\r\n\r\nEvil"
    Archive(tmp_path).keep(page(), hostile)
    assert [TEXT in text for text in Archive(tmp_path).find_texts(hostile)] == [True]
    (file,) = tmp_path.iterdir()
    file.rename(tmp_path / "copied.warc.gz")
    assert not [text for text in Archive(tmp_path).find_texts(ADDRESS) if "Evil" in text]
