"""Large downloads as files: generated once, sent whole or in ranges, resumable."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from pyoxigraph import RdfFormat, parse
from tests.serve.test_pool import origin
from tests.support.serving import DECODERS, ServerProcess, serving, wait_for

from nevkg.serve.jobs import Job
from nevkg.serve.pages.names import DescribeIri
from nevkg.serve.pool.process import Origin, Worker
from nevkg.serve.problem import Problem
from nevkg.serve.state import downloads
from nevkg.serve.state.downloads import Download, Downloads
from nevkg.serve.state.source import StoreCopy

__all__ = ["origin"]  # a fixture
pytestmark = pytest.mark.anyio
PATH = "/dataset.nq"
PLAIN = {"Accept-Encoding": "identity"}


def fetch(served: ServerProcess, path: str = PATH, **headers: str) -> requests.Response:
    """Returns the response with its body undecoded. In header names ``_`` stands for ``-``."""
    response = served.get(path, headers={**PLAIN, **{name.replace("_", "-"): value for name, value in headers.items()}}, stream=True)
    response._content = response.raw.read(decode_content=False)
    return response


@pytest.fixture(scope="module")
def whole(served: ServerProcess) -> requests.Response:
    wait_for(lambda: fetch(served).ok)  # on a busy machine, the server may refuse to wait until the file is written
    return fetch(served)


# Responses


def test_the_whole_dataset_has_its_size_and_validators(served: ServerProcess, whole: requests.Response) -> None:
    assert whole.status_code == 200
    assert int(whole.headers["Content-Length"]) == len(whole.content)
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["ETag"].startswith('"')
    assert all(name in whole.headers for name in ("Last-Modified", "Vary", "Content-Location", "Link"))
    count = served.count("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert sum(1 for _ in parse(whole.content, RdfFormat.N_QUADS)) == count


@pytest.mark.parametrize("encoding", DECODERS)
def test_each_encoding_is_a_separate_file(served: ServerProcess, whole: requests.Response, encoding: str) -> None:
    response = fetch(served, Accept_Encoding=encoding)
    assert response.headers.get("Content-Encoding", "identity") == encoding
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert DECODERS[encoding](response.content) == whole.content
    assert (response.headers["ETag"] == whole.headers["ETag"]) == (encoding == "identity")
    assert "Accept-Encoding" in response.headers["Vary"]
    part = fetch(served, Accept_Encoding=encoding, Range="bytes=100-", If_Range=response.headers["ETag"])
    assert (part.status_code, part.content) == (206, response.content[100:])
    assert (part.headers["ETag"], part.headers.get("Content-Encoding")) == (
        response.headers["ETag"],
        response.headers.get("Content-Encoding"),
    )
    head = requests.head(served.address + PATH, headers={"Accept-Encoding": encoding}, timeout=60)
    for name in ("ETag", "Content-Length", "Content-Encoding", "Accept-Ranges", "Content-Type"):
        assert head.headers.get(name) == response.headers.get(name)


def test_the_accept_header_selects_the_same_file(served: ServerProcess, whole: requests.Response) -> None:
    assert fetch(served, "/dataset", Accept="application/n-quads").headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("Bytes=5-999999999999", 5, None),
        ("bytes=-999999999999", 0, None),
    ],
)
def test_a_range(served: ServerProcess, whole: requests.Response, value: str, start: int, end: int | None) -> None:
    part = fetch(served, Range=value)
    content = whole.content[start:end]
    first = start % len(whole.content)
    assert (part.status_code, part.content) == (206, content)
    assert int(part.headers["Content-Length"]) == len(content)
    assert part.headers["Content-Range"] == f"bytes {first}-{first + len(content) - 1}/{len(whole.content)}"


@pytest.mark.parametrize("value", ["bytes=5-3", "bytes=", "bytes=-", "lines=1-2", "bytes=x-y", "bytes=0-1,5-6", f"bytes={'9' * 5000}-"])
def test_an_invalid_range_is_ignored(served: ServerProcess, whole: requests.Response, value: str) -> None:
    response = fetch(served, Range=value)
    assert (response.status_code, response.content) == (200, whole.content)


@pytest.mark.parametrize("value", ["bytes=999999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(served: ServerProcess, whole: requests.Response, value: str) -> None:
    response = fetch(served, Range=value)
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{len(whole.content)}")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_conditional_requests(served: ServerProcess, whole: requests.Response) -> None:
    tag, modified = whole.headers["ETag"], whole.headers["Last-Modified"]
    for headers, status in (
        ({"If_None_Match": tag}, 304),
        ({"If_None_Match": f'"other", W/{tag}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"', "If_Modified_Since": modified}, 200),
        ({"If_Modified_Since": modified}, 304),
        ({"If_Modified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"}, 200),
        ({"If_Modified_Since": "no date"}, 200),
        ({"If_Match": tag}, 200),
        ({"If_Match": '"other"'}, 412),
        ({"If_Match": f"W/{tag}"}, 412),
        ({"If_Unmodified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"}, 412),
        ({"Range": "bytes=1-1", "If_Range": tag}, 206),
        ({"Range": "bytes=1-1", "If_Range": modified}, 206),
        ({"Range": "bytes=1-1", "If_Range": '"other"'}, 200),
        ({"Range": "bytes=1-1", "If_Range": f"W/{tag}"}, 200),
        ({"Range": "bytes=999999999999-", "If_Range": '"other"'}, 200),
    ):
        response = fetch(served, **headers)
        assert response.status_code == status, headers
        assert response.headers.get("ETag") == tag
        if status == 304:
            assert not response.content


@pytest.mark.slow
def test_a_download_is_resumed_after_a_restart_with_a_store_built_again(part: str, tmp_path: Path) -> None:
    options = ("--data", part, "--quick", "1", "--slow", "1")
    with serving(*options) as server:
        answer = server.get(PATH, headers=PLAIN, stream=True)
        tag = answer.headers["ETag"]
        first_part = answer.raw.read(10_000)
        answer.close()
    with serving(*options, prefix=("env", f"NEVKG_CACHE={tmp_path / 'other'}")) as other:
        rest = fetch(other, Range=f"bytes={len(first_part)}-", If_Range=tag)
        assert rest.status_code == 206
        assert first_part + rest.content == fetch(other).content
        other.stop()
    assert not list(tmp_path.glob("*/serving-*"))


# Generation


JOB = Job(DescribeIri("https://w3id.org/nevkg/dataset", "nq", named=True))


@pytest.fixture
async def files(origin: Origin, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Downloads]:
    """Downloads in the folder of the test, from a store that does not change unless the parameter is false."""
    files = Downloads(origin, 300, StoreCopy(tmp_path), is_steady=getattr(request, "param", True))
    yield files
    await files.close()


def find_folders(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("serving-*/download-*"))


async def test_concurrent_clients_share_one_file(files: Downloads, tmp_path: Path) -> None:
    waiting = [asyncio.create_task(files.get(JOB)) for _ in range(5)]
    await asyncio.sleep(0.1)
    waiting[0].cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert len({download.folder for download in results if isinstance(download, Download)}) == 1
    assert len(find_folders(tmp_path)) == 1
    assert await files.get(JOB) == results[1]


async def test_a_long_wait_returns_retry_after(files: Downloads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "_SECONDS_TO_WAIT", 0.01)
    with pytest.raises(Problem, match="is being prepared") as caught:
        await files.get(JOB)
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (503, "10")
    monkeypatch.setattr(downloads, "_SECONDS_TO_WAIT", 60)
    assert (await files.get(JOB)).digests


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "words"),
    [
        (signal.SIGKILL, "try again"),
        (signal.SIGABRT, "larger --memory"),  # the signal when memory is exhausted
    ],
)
async def test_a_killed_process_leaves_no_files_and_is_retried(
    files: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: signal.Signals, words: str
) -> None:
    started: list[Worker] = []
    start = Worker.start

    async def start_and_record(origin: Origin, memory: int) -> Worker:
        started.append(await start(origin, memory))
        return started[-1]

    monkeypatch.setattr(Worker, "start", start_and_record)
    first = asyncio.create_task(files.get(JOB))
    while not (started and find_folders(tmp_path)):
        await asyncio.sleep(0.01)
    os.kill(started[0].process, how)
    with pytest.raises(Problem, match=words):
        await first
    assert not find_folders(tmp_path)
    assert (await files.get(JOB)).digests


async def test_a_full_disk_leaves_no_files(files: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit on the file size of the process has the same effect as a full disk."""
    start = Worker.start

    async def start_limited(origin: Origin, memory: int) -> Worker:
        worker = await start(origin, memory)
        resource.prlimit(worker.process, resource.RLIMIT_FSIZE, (100_000, 100_000))
        return worker

    monkeypatch.setattr(Worker, "start", start_limited)
    with pytest.raises(Problem, match="cannot write a file") as caught:
        await files.get(JOB)
    assert (caught.value.status, find_folders(tmp_path)) == (503, [])
    (place,) = tmp_path.iterdir()
    place.rename(tmp_path / "away")
    with pytest.raises(Problem, match="cannot create a file"):
        await files.get(JOB)


async def test_a_store_that_cannot_be_opened_is_reported_without_its_path(origin: Origin, tmp_path: Path) -> None:
    files = Downloads(replace(origin, folder=str(tmp_path / "nowhere")), 300, StoreCopy(tmp_path), is_steady=True)
    with pytest.raises(Problem, match="cannot start a process") as caught:
        await files.get(JOB)
    assert (caught.value.status, caught.value.headers, find_folders(tmp_path)) == (503, {"Retry-After": "60"}, [])
    assert str(tmp_path) not in caught.value.detail


async def test_files_in_progress_are_finished_on_shutdown(files: Downloads) -> None:
    waiting = asyncio.create_task(files.get(JOB))
    await asyncio.sleep(0)
    await files.drain()
    assert (await waiting).digests


@pytest.mark.slow
@pytest.mark.parametrize("files", [False], indirect=True, ids=[""])
async def test_files_of_a_changing_store_expire(files: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await files.get(JOB)
    assert await files.get(JOB) is first
    monkeypatch.setattr(downloads, "_SECONDS_UNTIL_STALE", 0)
    second = await files.get(JOB)
    assert (first.digests, first.folder != second.folder) == (second.digests, True)
    assert find_folders(tmp_path) == [second.folder]
