"""Reads query files and their front matter (the head): YAML in comment lines that begin with ``#+``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from nevkg.errors import InvalidData, WrongUsage

_MARK = "#+"


def read_query(path: Path) -> str:
    """Reads the text of a query file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidData(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None


def read_head(path: Path, text: str) -> dict[str, Any]:
    """Parses the head of a query, once for each text; the caller does not change it."""
    import yaml

    lines = [line[len(_MARK) :].removeprefix(" ") for line in text.splitlines() if line.startswith(_MARK)]
    try:
        head = _load("\n".join(lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise InvalidData(f"{where}: the head is not valid YAML ({getattr(error, 'problem', error)}).") from None
    if not isinstance(head, dict):
        raise InvalidData(f"{path} has no head; begin the file with lines such as '#+ title: …'.")
    return head


@contextmanager
def reading(path: Path, form: str) -> Iterator[None]:
    """Raises ``InvalidData`` if the content of a file is wrong; ``form`` says so of a member that is missing or malformed, ``{}``."""
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidData(f"{path}{form.format(error)}") from None
    except WrongUsage as error:
        raise InvalidData(f"{path}: {error}") from None


def as_list(value: object) -> list[Any]:
    """Returns a list as it is, and any other value as a list of one."""
    return value if isinstance(value, list) else [value]


def remove_head(text: str) -> str:
    """Returns a query without its head."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(_MARK)).strip()


def read_keywords(path: Path, given: object) -> dict[str, list[str]]:
    """Returns the search words of a head by language, given the value of ``keywords``."""
    if not isinstance(given, dict) or not all(isinstance(words, list) for words in given.values()):
        raise InvalidData(f"{path}: 'keywords' must have a list of words for each language, such as {{en: [tariff], zh: [关税]}}.")
    return {str(language): [str(word) for word in words] for language, words in given.items()}


@lru_cache(1000)
def _load(text: str) -> Any:
    """Parses YAML with the C loader if available, which is ten times as fast; on errors, with the other, which reports the line."""
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return yaml.safe_load(text)
