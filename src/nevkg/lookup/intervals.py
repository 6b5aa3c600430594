"""Formats intervals of time for readers."""

from __future__ import annotations

import re

_DATE = r"\d{4}(?:-\d\d){0,2}"
# One end at most is open.
_INTERVAL = re.compile(rf"(?!\.\./\.\.)(\.\.|{_DATE})/(\.\.|{_DATE})")
_OR_EARLIER = {"en": "{} or earlier", "zh": "{}或之前"}
_OR_LATER = {"en": "{} or later", "zh": "{}或之后"}


def format_interval(text: str, language: str) -> str:
    """Formats an ISO 8601-2 interval, such as ``2026-11-24 or earlier`` for ``../2026-11-24``; any other text stays as it is."""
    interval = _INTERVAL.fullmatch(text)
    if not interval:
        return text
    start, end = interval.groups()
    if start == "..":
        return _OR_EARLIER[language].format(end)
    return _OR_LATER[language].format(start) if end == ".." else f"{start} – {end}"
