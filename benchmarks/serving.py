"""Compares questions over HTTP on nevkg serve, the Oxigraph server and rdflib-endpoint, with the same snapshot and cores."""

from __future__ import annotations

import asyncio
import itertools
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import requests
from benchmarks import ask, http_load, measure, runaways
from tests.support.servers import free_port

from nevkg.ask.catalogue import SNAPSHOT, load_catalogue
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore

_CONNECTIONS, _SECONDS = 32, 20.0
_QUICK_CONNECTIONS, _RUNAWAY_CONNECTIONS = 8, 4
# A question is quick if the bare engine answers it within this many seconds.
_QUICK = 0.05
_MIN_RATIO = 0.5
_SECONDS_TO_START, _SECONDS_TO_STOP = 300, 30
_NEVKG, _OXIGRAPH, _RDFLIB, _RDFLIB_OXIGRAPH = "nevkg serve", "oxigraph serve-read-only", "rdflib-endpoint", "rdflib-endpoint, Oxigraph"
_CACHED = "nevkg serve, cached"


@dataclass(frozen=True)
class RunningServer:
    """A running server, with the seconds until its first response."""

    process: subprocess.Popen[bytes]
    address: str
    seconds: float

    @property
    def mebibytes(self) -> float:
        """The memory of all its processes; shared pages count once."""
        return sum(_read_pss(process) for process in (self.process.pid, *measure.find_children(self.process.pid))) / 1024


def _read_pss(process: int) -> int:
    """Returns the proportional set size of a process in kilobytes: shared pages count in part."""
    with suppress(OSError):  # the process may have ended
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


@contextmanager
def _run_server(command: Callable[[int], list[str]], path: str, question: str) -> Iterator[RunningServer]:
    port = free_port()
    address = f"http://127.0.0.1:{port}{path}"
    began = time.perf_counter()
    process = subprocess.Popen(command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _answers(address, question):
            if process.poll() is not None or time.perf_counter() - began > _SECONDS_TO_START:
                raise measure.Failed(f"{command(port)[0]} does not answer.")
            time.sleep(0.01)
        yield RunningServer(process, address, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str, question: str) -> bool:
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    try:
        return requests.post(address, question.encode(), headers=headers, timeout=120).ok
    except requests.RequestException:
        return False


def _list_servers(store: str, data: Path) -> dict[str, tuple[Callable[[int], list[str]], str]]:
    """Returns for each server the command that starts it on a port, and the path of its endpoint."""
    oxigraph = [measure.find_command("oxigraph"), "serve-read-only", "--location", store]
    rdflib = [measure.find_command("rdflib-endpoint"), "serve", str(data), "--host", "127.0.0.1"]
    return {
        _NEVKG: (lambda port: [measure.NEVKG, "serve", "--port", str(port)], "/sparql"),
        _OXIGRAPH: (lambda port: [*oxigraph, "--bind", f"127.0.0.1:{port}"], "/query"),
        _RDFLIB: (lambda port: [*rdflib, "--port", str(port)], "/"),
        _RDFLIB_OXIGRAPH: (lambda port: [*rdflib, "--port", str(port), "--store", "Oxigraph"], "/"),
    }


def _make_uncached(address: str, texts: list[str]) -> Callable[[], Iterator[bytes]]:
    """Returns requests that are never in a cache, because each has a different comment."""
    number = itertools.count(random.getrandbits(32))
    return lambda: (http_load.build_query(address, f"{text}\n# {next(number)}") for text in itertools.cycle(texts))


def _measure_load(running: RunningServer, requests: Callable[[], Iterator[bytes]], connections: int, seconds: float) -> dict[str, Any]:
    responses = asyncio.run(http_load.send(running.address, requests, connections, seconds))
    return _summarise(responses)


def _summarise(responses: http_load.Responses) -> dict[str, Any]:
    return {
        "a second": responses.rate,
        "median": responses.percentile(0.5) if responses.times else None,
        "p99": responses.percentile(0.99) if responses.times else None,
        "statuses": {str(status): number for status, number in sorted(responses.statuses.items())},
    }


def _find_quick_questions(store: EmbeddedStore) -> list[str]:
    """Returns the quick questions over a snapshot."""
    texts = []
    for question in load_catalogue(store.layout).questions.values():
        start = time.process_time()
        if question.over == SNAPSHOT:
            list(entities.select(store, question.text))
            if time.process_time() - start < _QUICK:
                texts.append(question.text)
    return texts


def _measure_beside_runaways(running: RunningServer, quick: list[str], seconds: float) -> dict[str, Any]:
    """Measures quick requests alone and together with runaway queries, over the same number of connections."""

    def hostile() -> Iterator[bytes]:
        for name in itertools.cycle(runaways.QUERIES):
            yield http_load.build_query(running.address, runaways.make_query(name))

    async def both() -> tuple[http_load.Responses, http_load.Responses]:
        return await asyncio.gather(
            http_load.send(running.address, _make_uncached(running.address, quick), _QUICK_CONNECTIONS, seconds),
            http_load.send(running.address, hostile, _RUNAWAY_CONNECTIONS, seconds),
        )

    alone = _measure_load(running, _make_uncached(running.address, quick), _QUICK_CONNECTIONS, seconds)
    beside, runaway = asyncio.run(both())
    return {"alone": alone, "beside runaways": _summarise(beside), "runaways": _summarise(runaway), "questions": len(quick)}


def run_benchmark(folder: Path, seconds: float = _SECONDS) -> dict[str, Any]:
    """Returns responses per second by number of connections, response times, memory and startup times.

    Args:
        folder: Folder for the data that the peers read.
        seconds: Duration of each measurement.
    """
    ask.prepare(folder)
    question = (folder / "question.rq").read_text(encoding="utf-8")
    store = ask.load_snapshot()
    quick = _find_quick_questions(store)
    results: dict[str, Any] = {"connections": _CONNECTIONS, "seconds": seconds, "question": f"{ask.QUESTION} {' '.join(ask.PAIRS)}"}
    servers: dict[str, Any] = {}
    for name, (command, path) in _list_servers(str(store.files), folder / "snapshot.nt").items():
        with ExitStack() as stack:
            try:
                running = stack.enter_context(_run_server(command, path, question))
            except measure.Failed:
                if name == _NEVKG:
                    raise
                servers[name] = _summarise(http_load.Responses(seconds))  # a peer that does not answer once
                continue
            facts = {"start": running.seconds, "idle": running.mebibytes}
            servers[name] = facts | _measure_load(running, _make_uncached(running.address, [question]), _CONNECTIONS, seconds)
            if name in (_NEVKG, _OXIGRAPH):
                results[f"{name}, quick questions"] = _measure_load(running, _make_uncached(running.address, quick), _CONNECTIONS, seconds)
            if name == _NEVKG:
                cached = partial(itertools.repeat, http_load.build_query(running.address, question))
                servers[_CACHED] = _measure_load(running, cached, _CONNECTIONS, seconds)
                results["beside runaways"] = _measure_beside_runaways(running, quick, seconds)
    return results | {"servers": servers}


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables, with the ratios that the goals refer to."""
    servers = results["servers"]
    heads = ["server", "a second", "median s", "p99 s", "start s", "idle MiB", "statuses"]
    rows = []
    for name, result in servers.items():
        statuses = " ".join(f"{status}:{number}" for status, number in result["statuses"].items())
        costs = measure.format_number(result.get("start"), 2), measure.format_number(result.get("idle"), 0)
        rows.append((name, *_format_load(result), *costs, statuses))
    mine = servers[_NEVKG]["a second"]
    quick = {name: results[f"{name}, quick questions"] for name in (_NEVKG, _OXIGRAPH)}
    beside = results["beside runaways"]
    text = measure.format_table(
        f"{results['question']} over HTTP: {results['connections']} connections, {results['seconds']:.0f} seconds each", heads, rows
    )
    for name in (_RDFLIB, _RDFLIB_OXIGRAPH, _OXIGRAPH):
        other = servers[name]["a second"]
        text += f"nevkg answers {mine / other:.2f} times as many as {name}" if other else f"{name} answered none in time"
        goal = measure.format_goal(f"at least {_MIN_RATIO}", is_met=mine >= _MIN_RATIO * other)
        text += f" {goal}.\n" if name == _OXIGRAPH else ".\n"
    cached = servers[_CACHED]["a second"] / max(servers[_OXIGRAPH]["a second"], 1e-9)
    text += f"Cached, it answers {cached:.1f} times as many as {_OXIGRAPH}.\n"
    text += measure.format_table(
        f"{beside['questions']} quick questions, uncached",
        ["", "connections", "a second", "median s", "p99 s"],
        [
            *((name, results["connections"], *_format_load(result)) for name, result in quick.items()),
            *((f"{_NEVKG}, {name}", _QUICK_CONNECTIONS, *_format_load(beside[name])) for name in ("alone", "beside runaways")),
        ],
    )
    ratio = beside["beside runaways"]["p99"] / beside["alone"]["p99"]
    return text + f"Beside {_RUNAWAY_CONNECTIONS} connections with runaway queries, the p99 is {ratio:.1f} times that without.\n"


def _format_load(result: Mapping[str, Any]) -> list[str]:
    return [measure.format_number(result["a second"], 1), *(measure.format_number(result[name]) for name in ("median", "p99"))]
