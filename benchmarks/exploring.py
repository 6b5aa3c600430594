"""Measures the explorer in a browser: the first answer, the map, expanding a node, a graph of a thousand nodes.

Each is compared with a smaller task, such as the plain page of the same answer.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import requests
from benchmarks import measure
from tests.support.browser import EXPLORER, chromium
from tests.support.serving import serving

from nevkg.explorer.build import build

_ANSWER = "local-manufacturers?bloc=place:asean"
_ENTITY = "agent:changan"
# Properties whose links form a graph of about a thousand nodes.
_LARGE_GRAPH = "neighbourhood?" + "&".join(f"relation=nev:{name}" for name in ("participant", "locatedIn", "builds"))
_BUDGET = 350_000  # bytes of compressed script on the first page
_PATIENCE = 120_000  # milliseconds
_SETTLED = """() => !document.querySelector('.waiting, [aria-busy=true]') && document.querySelector('main canvas')
  && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
_SCRIPT = """() => performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('.js'))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
_NODES = "() => document.querySelector('main').innerText.match(/([\\d,]+) nodes/)[1]"


def _measure_seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _open_page(path: str, part: str) -> Callable[[Any, str], float]:
    """Returns a task that opens a page until a part of it is there."""

    def load(page: Any, address: str) -> None:
        page.goto(f"{address}/{path}")
        page.locator(part).first.wait_for(timeout=_PATIENCE)

    return lambda page, address: _measure_seconds(partial(load, page, address))


def _expand_node(page: Any, address: str) -> float:
    page.goto(f"{address}/explore?thing={_ENTITY}")
    page.wait_for_function(_SETTLED, timeout=_PATIENCE)
    before = page.evaluate(_NODES)

    def expand() -> None:
        page.evaluate(f"history.pushState(null, '', `${{location.href}}&step=${{encodeURIComponent('grow {_ENTITY} * 25')}}`)")
        page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
        page.wait_for_function(f"before => ({_NODES})() !== before", arg=before, timeout=_PATIENCE)
        page.wait_for_function(_SETTLED, timeout=_PATIENCE)

    return _measure_seconds(expand)


def _open_large_graph(page: Any, address: str) -> float:
    def load() -> None:
        name, _, filters = _LARGE_GRAPH.partition("?")
        page.goto(f"{address}/explore?from={name}&{filters}")
        page.wait_for_function(_SETTLED, timeout=_PATIENCE)

    return _measure_seconds(load)


def _make_request(path: str) -> Callable[[Any, str], float]:
    def ask(_: Any, address: str) -> float:
        return _measure_seconds(lambda: requests.get(f"{address}/api/{path}", timeout=120).raise_for_status())

    return ask


_OPEN_ANSWER = _open_page(f"questions/{_ANSWER}", "tbody tr")
# Each task with a smaller one for comparison: the plain page of the same answer, or the request alone.
_TASKS: Mapping[str, tuple[Callable[[Any, str], float], str, Callable[[Any, str], float]]] = {
    # The server writes the page, and the script adds to it: both wait for the rows that the server has written.
    "first answer": (_OPEN_ANSWER, "its plain page", _OPEN_ANSWER),
    "the map": (
        _open_page("map", ".world .disc"),
        "its rows from the API",
        _make_request("questions/plants-over-time/answer?evidence=false&lang=en"),
    ),
    "a node grows by 25": (_expand_node, "its neighbours from the API", _make_request(f"neighbours?iri={_ENTITY}&history=true")),
    "graph of a thousand nodes": (_open_large_graph, "that graph from the API", _make_request(f"graph/{_LARGE_GRAPH}")),
}


def run_benchmark(runs: int) -> dict[str, Any]:
    """Returns the seconds of each task, in turn, in a browser without a cache, and the size of the initial scripts."""
    build(EXPLORER)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in _TASKS}
    with serving() as server, chromium() as browser:
        for turn in range(runs + 1):
            for name, (action, _, baseline) in _TASKS.items():
                seconds = []
                for task in (action, baseline):
                    context = browser.new_context(reduced_motion="reduce", locale="en-GB")
                    page = context.new_page()
                    seconds.append(task(page, server.address))
                    if task is _open_large_graph:
                        nodes = page.evaluate(_NODES)
                    context.close()
                if turn:  # the first turn fills the caches of the server
                    times[name].append((seconds[0], seconds[1]))
        page = browser.new_page()
        page.goto(f"{server.address}/questions")
        page.locator(".topics").wait_for()
        script = page.evaluate(_SCRIPT)
    return {
        "runs": runs,
        "nodes": nodes,
        "script": script,
        "times": {name: [list(pair) for pair in pairs] for name, pairs in times.items()},
    }


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    rows = []
    for name, pairs in results["times"].items():
        own, baseline = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
        rows.append((name, f"{own * 1000:.0f}", _TASKS[name][1], f"{baseline * 1000:.0f}", f"{own / baseline:.1f}"))
    text = measure.format_table(
        f"The explorer (medians of {results['runs']} runs; the graph has {results['nodes']} nodes)",
        ["what", "ms", "beside", "ms", "ratio"],
        rows,
    )
    verdict = "met" if results["script"] <= _BUDGET else "missed"
    return text + f"\nPacked script before anything is opened: {results['script']:,} bytes (goal: at most {_BUDGET:,}; {verdict})\n"
