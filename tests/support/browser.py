"""Chromium, for tests of pages and for screenshots. Records the requests, errors and warnings of each page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

EXPLORER = Path(__file__).parents[2] / "src" / "nevkg" / "explorer"
_AXE = EXPLORER / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first takes half the time
_TURNS = 800
_PATIENCE = 120_000  # milliseconds: other tests may keep the machine busy
# Resolves once the page has not changed for a moment.
_QUIET = """() => new Promise(done => {
  const end = () => { watch.disconnect(); done(); };
  let wait = setTimeout(end, 150);
  const watch = new MutationObserver(() => { clearTimeout(wait); wait = setTimeout(end, 150); });
  watch.observe(document.documentElement, {attributes: true, characterData: true, childList: true, subtree: true});
})"""
WIDE, LAPTOP, PHONE = (1400, 900), (1366, 768), (390, 844)


@contextmanager
def chromium() -> Iterator[Any]:
    """Starts a headless browser, or skips the test if none is installed."""
    from playwright import sync_api as api

    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if not program:
        pytest.skip("chromium is not installed: apt-get install chromium-headless-shell")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """One reader's visit to a server."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)
    pending: set[Any] = field(default_factory=set)

    def open(self, path: str) -> Any:
        """Goes to a page, such as ``map?as_of=2025-01-01``, again while the server is busy, and waits until all requests have ended."""
        while (response := self.page.goto(f"{self.address}/{path}")) and response.status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.page.wait_for_timeout(1000 * int(response.headers.get("retry-after", 1)))
        return self.settle()

    def settle(self) -> Any:
        """Returns the page, once all its requests have ended and it no longer changes."""
        self.page.wait_for_load_state()
        for _ in range(_TURNS):
            self.page.evaluate(_QUIET)
            if not self.pending and not self.page.locator(".waiting, [aria-busy=true]").count():
                return self.page
        raise AssertionError(f"Still pending: {[request.url for request in self.pending]}")

    def download(self, click: Callable[[], None]) -> bytes:
        with self.page.expect_download() as loading:
            click()
        return Path(loading.value.path()).read_bytes()

    def violations(self) -> list[str]:
        """Returns the violations that axe finds: rule, description and elements."""
        self.page.evaluate(_AXE.read_text(encoding="utf-8") + "; undefined")
        # What passes is not returned: it names each element, which takes longer than to check it.
        found = self.page.evaluate(f"async () => (await axe.run(document, {{runOnly: {json.dumps(_RULES)}}})).violations")
        return [f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes']][:3]}" for rule in found]


@contextmanager
def visit(
    browser: Any,
    address: str,
    *,
    size: tuple[int, int] = WIDE,
    dark: bool = False,
    language: str = "en",
    sent: Callable[[Any], bool] | None = None,
    expected: tuple[str, ...] = (),
) -> Iterator[Visit]:
    """Opens a page, which must have no errors, no warnings and no requests to other servers.

    Args:
        browser: see ``chromium``.
        address: of the server.
        size: of the window, in pixels.
        dark: whether the reader's system has a dark theme.
        language: of the reader's browser.
        sent: called with each request first; returns whether it has answered it.
        expected: complaints that contain one of these are ignored.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale={"en": "en-GB", "zh": "zh-CN"}[language],
        reduced_motion="reduce",
        accept_downloads=True,
    )
    context.set_default_timeout(_PATIENCE)
    page = context.new_page()
    current = Visit(page, address.rstrip("/"))

    def complain(text: str) -> None:
        # Chromium reports each response of a busy server as an error; the explorer sends the request again.
        if not any(part in text for part in (*expected, "503 (Service Unavailable)")):
            current.complaints.append(text)

    def dismiss(dialog: Any) -> None:
        complain(dialog.message)
        dialog.dismiss()

    page.on("console", lambda message: complain(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complain(str(error)))
    page.on("request", lambda request: current.pending.add(request))
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda request: current.pending.discard(request))
    page.on("dialog", dismiss)
    page.on("request", lambda request: complain(request.url) if not request.url.startswith((current.address, "blob:", "data:")) else None)
    if sent:
        page.route("**/*", lambda route: None if sent(route) else route.continue_())
    yield current
    page.unroute_all(behavior="ignoreErrors")  # a request that is being answered when the visit ends
    context.close()
    assert current.complaints == []
