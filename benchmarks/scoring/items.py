"""Loads the questions of the benchmark: one file each, with a head in YAML and the SPARQL that answers it on a snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.errors import InvalidData

FOLDER = Path(__file__).resolve().parents[1] / "questions"
GOLDEN = FOLDER / "golden.jsonl"
DESCRIPTION = FOLDER / "croissant.json"
# The tools of the project that can answer a question. QUERY means that only a separate SPARQL query can.
QUESTION, DESCRIBE, PATH, QUERY = "question", "describe", "path", "query"
_COUNT = "count"


@dataclass(frozen=True)
class ToolCall:
    """A tool that answers a question, with its arguments.

    ``target`` is the name of a question of the catalogue, an entity, or the two ends of a path. ``count`` names the column
    (of an entity: the property) whose distinct values are counted, if the answer is a number.
    """

    tool: str
    target: str | Sequence[str] = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    count: str | None = None


@dataclass(frozen=True)
class Item:
    """A question of the benchmark: its text by language, the query that answers it, and a tool that also does."""

    name: str
    kind: str
    text: Mapping[str, str]
    sparql: str
    answered_by: ToolCall


def load_items(folder: Path = FOLDER) -> list[Item]:
    """Returns the questions below a folder, sorted by kind and name.

    Raises:
        InvalidData: if a file has no valid head; the text lists all such files.
    """
    items, problems = [], []
    for path in sorted(folder.glob("*/*.rq")):
        try:
            items.append(read_item(path))
        except InvalidData as error:
            problems.append(str(error))
    if problems:
        raise InvalidData("\n".join(problems))
    return items


def read_item(path: Path) -> Item:
    """Reads a question from its file; the folder is its kind.

    Raises:
        InvalidData: if its head lacks the text in a language, or names no known tool.
    """
    text = read_query(path)
    head = read_head(path, text)
    if unknown := set(head) - {"question", "answered_by"}:
        raise InvalidData(f"{path}: the head has the unknown key '{min(unknown)}'; it may have 'question' and 'answered_by'.")
    words = head.get("question")
    if not isinstance(words, dict) or set(words) != set(terms.LANGUAGES):
        raise InvalidData(f"{path}: 'question' must have the text in {' and '.join(terms.LANGUAGES)}.")
    return Item(path.stem, path.parent.name, words, text, _read_mapping(path, head.get("answered_by")))


def _read_mapping(path: Path, given: Any) -> ToolCall:
    if given is None:
        return ToolCall(QUERY)
    tools = [tool for tool in (QUESTION, DESCRIBE, PATH) if isinstance(given, dict) and tool in given]
    if len(tools) != 1:
        raise InvalidData(f"{path}: 'answered_by' must name one of {QUESTION}, {DESCRIBE} and {PATH}, such as {{{QUESTION}: owners}}.")
    rest = {name: value for name, value in given.items() if name not in (tools[0], _COUNT)}
    return ToolCall(tools[0], given[tools[0]], rest, given.get(_COUNT))
