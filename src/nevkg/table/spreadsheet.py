"""Protects text that a spreadsheet would run as a formula, following OWASP's advice on CSV injection."""

from __future__ import annotations

import re

# The beginning of a formula, including the full-width characters of East Asian keyboards. Existing quotes before it are matched
# and quoted again, so that ``unguard`` removes only the added one.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(f"'{_FORMULA.pattern}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def guard(text: str) -> str:
    """Returns the text, prefixed with ``'`` if it begins like a formula. Numbers are not changed."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """Reverses ``guard``."""
    return text[1:] if _GUARDED.match(text) else text
