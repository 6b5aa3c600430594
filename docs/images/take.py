"""Takes the screenshots of the explorer for the README and the documentation: python docs/images/take.py [NAME ...]."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # only the folder of the script is on sys.path

from tests.support.browser import EXPLORER, PHONE, Visit, chromium, visit
from tests.support.serving import serving

from nevkg.explorer.build import build

_FOLDER = Path(__file__).resolve().parent
# The image for link previews, in the size that preview services expect.
_PREVIEW = "preview"
_STATIC = EXPLORER.parent / "serve" / "pages" / "static"
_SIZE = 1280, 800
_ANSWER = "questions/local-manufacturers?bloc=place:asean"
_PLANT = "https://w3id.org/nevkg/plant/changan-rayong"
_QUERY = """PREFIX nev: <https://w3id.org/nevkg/ontology#>
SELECT ?country (COUNT(DISTINCT ?plant) AS ?plants) WHERE {
  ?plant a nev:Plant ; nev:inCountry ?country .
} GROUP BY ?country ORDER BY DESC(?plants) LIMIT 12"""


def _show_workshops(explorer: Visit) -> None:
    explorer.page.get_by_label("Filter statements").fill("5 workshops")
    explorer.page.locator(".trace .value", has_text="5 workshops").first.scroll_into_view_if_needed()


def _open_diagram(explorer: Visit) -> None:
    explorer.page.locator("#Plant ~ details summary").click()


def _wait_for_layout(explorer: Visit) -> None:
    explorer.page.wait_for_timeout(1500)  # until the layout is stable


# For each picture: the state of the explorer, an action on the page, and options of the visit.
_PICTURES: dict[str, tuple[str, Callable[[Visit], None] | None, dict[str, Any]]] = {
    "home": ("", None, {}),
    "thing": ("agent/byd", None, {}),
    "years": ("questions/makers-by-year?" + "&".join(f"maker=agent:{one}" for one in ("byd", "chery", "gwm", "saic-motor")), None, {}),
    "days": ("map?as_of=2026-11-27&against=2023-01-01", None, {}),
    "ask": (_ANSWER, None, {}),
    "trace": (f"{_ANSWER}&trace={_PLANT}", _show_workshops, {}),
    "explore": ("explore?thing=agent:changan", _wait_for_layout, {}),
    "map": ("map?as_of=2026-11-27", None, {}),
    "map-2020": ("map?as_of=2020-12-31&bloc=place:asean&shade=https://w3id.org/nevkg/place/asean", None, {}),
    "map-2026": ("map?as_of=2026-11-27&bloc=place:asean&shade=https://w3id.org/nevkg/place/asean", None, {}),
    "timeline": ("timeline?lane=country", None, {}),
    "sparql": (f"sparql?as=chart&query={quote(_QUERY)}", None, {}),
    "ontology": ("ontology?term=nev:Plant", _open_diagram, {}),
    "quality": ("quality", None, {}),
    "ask-zh": (_ANSWER, None, {"language": "zh"}),
    "map-dark": ("map?as_of=2026-11-27", None, {"dark": True}),
    "ask-phone": (_ANSWER, None, {"size": PHONE}),
    _PREVIEW: ("", None, {"size": (1200, 630)}),
}


def main(names: list[str]) -> None:
    """Takes the pictures with these names, or all if there are none."""
    if unknown := set(names) - set(_PICTURES):
        sys.exit(f"There is no picture '{min(unknown)}'; there are {', '.join(_PICTURES)}.")
    build(EXPLORER)
    with serving("--time-limit", "100") as server, chromium() as browser:
        for name in names or _PICTURES:
            state, action, options = _PICTURES[name]
            with visit(browser, server.address, **({"size": _SIZE} | options)) as explorer:
                explorer.open("")  # so that the fonts are in the cache; those that come late are not used
                explorer.open(state)
                if action:
                    action(explorer)
                explorer.settle().screenshot(path=(_STATIC if name == _PREVIEW else _FOLDER) / f"{name}.png")
            print(f"{name}.png", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
