"""Text that a spreadsheet would run as a formula, written so that it does not (what OWASP says on CSV injection)."""

from __future__ import annotations

import re

# How a formula begins, also in the wide letters of East Asian keyboards; quotes before it are counted, so that ``unguard`` knows ours.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(f"'{_FORMULA.pattern}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def guard(text: str) -> str:
    """The text, with ``'`` before it if it begins like a formula. A number stays as it is."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """What ``guard`` made this of."""
    return text[1:] if _GUARDED.match(text) else text
