"""Reads ``queries/assistants.yaml``: what assistants need to know of this dataset, and the questions behind tools and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nevkg.data.frontmatter import read_query
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData

FILE = "assistants.yaml"


@dataclass(frozen=True)
class ToolQuestion:
    """The question behind a tool, and the parameter of it for each argument of a tool."""

    name: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Guide:
    """The guide.

    Attributes:
        about: what the dataset is about, in a sentence or two.
        model: how the data is organised, in Markdown.
        examples: the names of questions whose queries are shown as examples.
        changes: the question that lists changes.
    """

    about: str
    model: str
    examples: Sequence[str]
    changes: ToolQuestion


def read_guide(layout: Layout) -> Guide:
    """Reads the guide.

    Raises:
        InvalidData: if the file lacks a part.
    """
    return _read(layout.queries / FILE)


@lru_cache(maxsize=4)
def _read(path: Path) -> Guide:
    import yaml

    try:
        facts = yaml.safe_load(read_query(path))
        changes = ToolQuestion(facts["changes"]["question"], dict(facts["changes"]["parameters"]))
        return Guide(str(facts["about"]).strip(), str(facts["model"]).strip(), list(facts["examples"]), changes)
    except (KeyError, TypeError, ValueError, yaml.YAMLError, FileNotFoundError) as error:
        raise InvalidData(f"{path}: 'about', 'model', 'examples' or 'changes' is missing or malformed ({error}).") from None
