"""The head of a query file: a YAML block in comment lines that begin with ``#+``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nevkg.errors import InvalidData

_MARK = "#+"


def read_query(path: Path) -> str:
    """The text of a query file.

    Raises:
        InvalidData: if the file is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidData(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None


def read_head(path: Path, text: str) -> dict[str, Any]:
    """The head of the query ``text``, parsed; ``path`` is for the message.

    Raises:
        InvalidData: if there is no head, or it is not a YAML mapping.
    """
    import yaml

    lines = [line[len(_MARK) :].removeprefix(" ") for line in text.splitlines() if line.startswith(_MARK)]
    try:
        head = _load("\n".join(lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise InvalidData(f"{where}: the head is not valid YAML ({getattr(error, 'problem', error)}).") from None
    if not isinstance(head, dict):
        raise InvalidData(f"{path} has no head: begin it with lines such as '#+ title: …'.")
    return head


def read_keywords(path: Path, given: object) -> dict[str, list[str]]:
    """The search words in a head, by language; ``given`` is the value of ``keywords``.

    Raises:
        InvalidData: if it is not a list of words for each language.
    """
    if not isinstance(given, dict) or not all(isinstance(words, list) for words in given.values()):
        raise InvalidData(f"{path}: 'keywords' has a list of words for each language, such as {{en: [tariff], zh: [关税]}}.")
    return {str(language): [str(word) for word in words] for language, words in given.items()}


def _load(text: str) -> Any:
    """Reads YAML by the loader in C, where there is one: it is ten times as fast; but the other tells the line of an error."""
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return yaml.safe_load(text)
