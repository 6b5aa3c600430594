"""Translates error messages for users of the Chinese interface; messages without a translation stay in English."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from nevkg.data import terms

_FILE = Path(__file__).parent / "messages.yaml"
_VALUE = re.compile(r"\\\{(\w+)\\\}")
_PARAMETER = re.compile(r"(\w+): (.*)", re.DOTALL)
_SUGGESTIONS = re.compile(r"(.*) Did you mean (.*)\?", re.DOTALL)


def translate(message: str, language: str) -> tuple[str, str]:
    """Returns a message in a language and the language that it is in, which is English if there is no translation."""
    original = terms.LANGUAGES[0]
    found = None if language == original else _translate(message)
    return (message, original) if found is None else (found, language)


def _translate(message: str) -> str | None:
    words = _words()
    suggestions = _SUGGESTIONS.fullmatch(message)
    if suggestions and (main := _translate(suggestions[1])):
        names = f" {words['or']} ".join(suggestions[2].split(" or "))
        return f"{main}{words['suggestions'].format(names=names)}"
    for pattern, translation in _patterns():
        if found := pattern.fullmatch(message):
            return translation.format(**found.groupdict())
    parameter = _PARAMETER.fullmatch(message)
    return f"{parameter[1]}：{main}" if parameter and (main := _translate(parameter[2])) else None


@cache
def _words() -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Returns a pattern for each message, and its translation."""
    return [
        (re.compile(_VALUE.sub(r"(?P<\1>.+)", re.escape(message)), re.DOTALL), translation)
        for message, translation in _words()["messages"].items()
    ]
