"""Writes a story as text, with its figures computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nevkg.ask.stories import list_stories, read_story
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.mcp.text import clean, fence, to_markdown
from nevkg.store import Store
from nevkg.table.values import LIST_OF_LABELS


def write_story(store: Store, name: str) -> str:
    """Returns the text of a story in the first language that it has; each figure is followed by the question that it is of.

    Raises:
        WrongUsage: if there is no such story.
    """
    files = list_stories(store.layout)
    if name not in files:
        raise WrongUsage(f"There is no story '{clean(name, 80)}'.{terms.suggest(name[:80], list(files))}")
    story = read_story(next(files[name][language] for language in terms.LANGUAGES if language in files[name]))
    lines = [line for block in story.compute(store) for line in ("", *_write_block(block))]
    return f"# {story.title}\n\nAs of {entities.dataset_date(store)}.\n{fence(lines[1:])}\n"


def _write_block(block: Mapping[str, Any]) -> Iterator[str]:
    match block["kind"]:
        case "figure":
            yield from _write_table(block["figure"])
        case "list":
            yield from (f"- {_join(item)}" for item in block["items"])
        case "heading":
            yield f"{'#' * block['level']} {_join(block['parts'])}"
        case _:
            yield _join(block["parts"])


def _join(parts: Sequence[Mapping[str, Any]]) -> str:
    return clean("".join(_write_value(part["figure"]) if "figure" in part else part.get("text", "") for part in parts), 4000)


def _write_value(figure: Mapping[str, Any]) -> str:
    return figure["problem"] if "problem" in figure else f"{_show(figure['value'])} [{_call(figure)}]"


def _write_table(figure: Mapping[str, Any]) -> Iterator[str]:
    if "rows" in figure:
        yield from to_markdown(figure["labels"], ([_show(row[name]) for name in figure["columns"]] for row in figure["rows"]))
    yield clean(figure.get("problem") or f"[{figure['title']} {_call(figure)}]")


def _call(figure: Mapping[str, Any]) -> str:
    """Returns the question behind a figure, as a call of ``ask``."""
    return " ".join(["ask", figure["question"], *(f"{name}={','.join(values)}" for name, values in figure["parameters"].items())])


def _show(value: Any) -> str:
    if isinstance(value, list):
        return LIST_OF_LABELS.join(_show(one) for one in value)
    return str(value["label"]) if isinstance(value, dict) else "" if value is None else str(value)
