"""Measures the explorer in a browser: the first answer, expanding a node, a graph of a thousand nodes.

Each is compared with a smaller task, such as the plain page of the same answer.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from benchmarks import measure
from tests.support.browser import EXPLORER, chromium
from tests.support.serving import serving

from nevkg.explorer.build import build

_ANSWER = "local-manufacturers?bloc=place:asean"
_THING = "agent:changan"
# Properties whose links form a graph of about a thousand nodes.
_MANY = "neighbourhood?" + "&".join(f"relation=nev:{name}" for name in ("participant", "locatedIn", "builds"))
_BUDGET = 350_000  # bytes of compressed script on the first page
_PATIENCE = 120_000  # milliseconds
_SETTLED = """() => !document.querySelector('.waiting, [aria-busy=true]') && document.querySelector('main canvas')
  && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
_SCRIPT = """() => performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('.js'))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
_NODES = "() => document.querySelector('main').innerText.match(/([\\d,]+) nodes/)[1]"


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _answer(page: Any, address: str) -> float:
    def look() -> None:
        page.goto(f"{address}/#/ask/{_ANSWER}")
        page.locator("tbody tr").first.wait_for(timeout=_PATIENCE)

    return _timed(look)


def _plain(page: Any, address: str) -> float:
    def look() -> None:
        page.goto(f"{address}/questions/{_ANSWER}")
        page.locator("tbody tr").first.wait_for(timeout=_PATIENCE)

    return _timed(look)


def _growth(page: Any, address: str) -> float:
    page.goto(f"{address}/#/explore?thing={_THING}")
    page.wait_for_function(_SETTLED, timeout=_PATIENCE)
    before = page.evaluate(_NODES)

    def grow() -> None:
        page.evaluate(f"location.hash += '&step=' + encodeURIComponent('grow {_THING} * 25')")
        page.wait_for_function(f"before => ({_NODES})() !== before", arg=before, timeout=_PATIENCE)
        page.wait_for_function(_SETTLED, timeout=_PATIENCE)

    return _timed(grow)


def _many(page: Any, address: str) -> float:
    def look() -> None:
        name, _, filters = _MANY.partition("?")
        page.goto(f"{address}/#/explore?from={name}&{filters}")
        page.wait_for_function(_SETTLED, timeout=_PATIENCE)

    return _timed(look)


def _request(path: str) -> Callable[[Any, str], float]:
    def ask(_: Any, address: str) -> float:
        return _timed(lambda: requests.get(f"{address}/api/{path}", timeout=120).raise_for_status())

    return ask


# Each task with a smaller one for comparison: the plain page of the same answer, or the request alone.
_PAIRS: Mapping[str, tuple[Callable[[Any, str], float], str, Callable[[Any, str], float]]] = {
    "first answer": (_answer, "its plain page", _plain),
    "a node grows by 25": (_growth, "its neighbours from the API", _request(f"neighbours?iri={_THING}&history=true")),
    "graph of a thousand nodes": (_many, "that graph from the API", _request(f"graph/{_MANY}")),
}


def measured(runs: int) -> dict[str, Any]:
    """Returns the seconds of each task, in turn, in a browser without a cache, and the size of the initial scripts."""
    build(EXPLORER)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in _PAIRS}
    with serving() as server, chromium() as browser:
        for turn in range(runs + 1):
            for name, (action, _, baseline) in _PAIRS.items():
                seconds = []
                for task in (action, baseline):
                    context = browser.new_context(reduced_motion="reduce", locale="en-GB")
                    page = context.new_page()
                    seconds.append(task(page, server.address))
                    if task is _many:
                        nodes = page.evaluate(_NODES)
                    context.close()
                if turn:  # the first turn fills the caches of the server
                    times[name].append((seconds[0], seconds[1]))
        page = browser.new_page()
        page.goto(f"{server.address}/#/ask")
        page.locator(".topics").wait_for()
        script = page.evaluate(_SCRIPT)
    return {
        "runs": runs,
        "nodes": nodes,
        "script": script,
        "times": {name: [list(pair) for pair in pairs] for name, pairs in times.items()},
    }


def shown(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    rows = []
    for name, pairs in results["times"].items():
        own, baseline = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
        rows.append((name, f"{own * 1000:.0f}", _PAIRS[name][1], f"{baseline * 1000:.0f}", f"{own / baseline:.1f}"))
    text = measure.table(
        f"The explorer (medians of {results['runs']} runs; the graph has {results['nodes']} nodes)",
        ["what", "ms", "beside", "ms", "ratio"],
        rows,
    )
    verdict = "met" if results["script"] <= _BUDGET else "missed"
    return text + f"\nPacked script before anything is opened: {results['script']:,} bytes (goal: at most {_BUDGET:,}; {verdict})\n"
