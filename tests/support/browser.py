"""Chromium, for tests of pages and for their pictures. What a page asks for, and what it complains of, is watched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

EXPLORER = Path(__file__).parents[2] / "src" / "nevkg" / "explorer"
_AXE = EXPLORER / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_TURNS = 800
_PATIENCE = 120_000  # milliseconds: other tests may keep the machine busy
# Resolves when the page has been as it is for a moment.
_QUIET = """() => new Promise(done => {
  const end = () => { watch.disconnect(); done(); };
  let wait = setTimeout(end, 150);
  const watch = new MutationObserver(() => { clearTimeout(wait); wait = setTimeout(end, 150); });
  watch.observe(document.documentElement, {attributes: true, characterData: true, childList: true, subtree: true});
})"""
WIDE, PHONE = (1400, 900), (390, 844)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without windows; the test is left out where there is none."""
    from playwright import sync_api as api

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Visit:
    """One reader's visit of a server."""

    page: Any
    address: str
    told: list[str] = field(default_factory=list)
    asked: set[Any] = field(default_factory=set)

    def open(self, state: str) -> Any:
        """Goes to a state of the explorer, such as ``map?day=2025-01-01``, and waits until nothing is on its way."""
        self.page.goto(f"{self.address}/#/{state}")
        return self.settled()

    def settled(self) -> Any:
        """The page, once all that it has asked for is there and nothing changes any more."""
        self.page.wait_for_load_state()
        for _ in range(_TURNS):
            self.page.evaluate(_QUIET)
            if not self.asked and not self.page.locator(".waiting, [aria-busy=true]").count():
                return self.page
        raise AssertionError(f"Still on its way: {[request.url for request in self.asked]}")

    def saved(self, click: Callable[[], None]) -> bytes:
        """The file that a click offers."""
        with self.page.expect_download() as loading:
            click()
        return Path(loading.value.path()).read_bytes()

    def violations(self) -> list[str]:
        """What axe finds wrong: rule, words, and where."""
        self.page.evaluate(_AXE.read_text(encoding="utf-8") + "; undefined")
        found = self.page.evaluate(f"() => axe.run(document, {{runOnly: {json.dumps(_RULES)}}})")
        return [f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:3]}" for one in found["violations"]]


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
    """A visit, which must end without complaints and without requests to others.

    Args:
        browser: see ``chromium``.
        address: of the server.
        size: of the window, in pixels.
        dark: whether the reader's system is dark.
        language: of the reader's browser.
        sent: sees each request first, and tells whether it has answered it.
        expected: complaints that hold one of these are no surprise.
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
    made = Visit(page, address.rstrip("/"))

    def tell(text: str) -> None:
        if not any(one in text for one in expected):
            made.told.append(text)

    def dismiss(dialog: Any) -> None:
        tell(dialog.message)
        dialog.dismiss()

    page.on("console", lambda message: tell(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: tell(str(error)))
    page.on("request", lambda request: made.asked.add(request))
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda request: made.asked.discard(request))
    page.on("dialog", dismiss)
    page.on("request", lambda request: tell(request.url) if not request.url.startswith((made.address, "blob:", "data:")) else None)
    if sent:
        page.route("**/*", lambda route: None if sent(route) else route.continue_())
    yield made
    context.close()
    assert made.told == []
