"""Prompts: tasks for an assistant, read from ``queries/prompts/NAME.LANGUAGE.md``.

A file begins with YAML between lines of dashes: title, description and arguments; ``{argument}`` in its text is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.mcp.text import clean

LANGUAGE = "lang"
_FILE = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<text>.*)\Z", re.DOTALL)
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Prompt:
    """A prompt in one language; ``arguments`` maps each required argument to its description."""

    name: str
    language: str
    title: str
    description: str
    arguments: Mapping[str, str]
    text: str

    def fill(self, given: Mapping[str, str]) -> str:
        """Returns the text with the arguments in their places.

        Raises:
            WrongUsage: if an argument is missing or unknown.
        """
        names = ", ".join(self.arguments)
        if missing := [name for name in self.arguments if not given.get(name, "").strip()]:
            raise WrongUsage(f"The prompt '{self.name}' needs '{missing[0]}'; its arguments are {names}.")
        if unknown := [name for name in given if name not in (*self.arguments, LANGUAGE)]:
            raise WrongUsage(f"The prompt '{self.name}' has no argument '{clean(unknown[0], 80)}'; its arguments are {names}.")
        return _PLACE.sub(lambda place: clean(given[place[1]]), self.text)


def load_prompts(layout: Layout) -> Sequence[Prompt]:
    """Returns all prompts in all languages, by name, then in the order of languages.

    Raises:
        InvalidData: if a file is not a prompt.
    """
    found = [read_prompt(path) for path in sorted(walk(layout.queries / "prompts", ".md", deep=False))]
    return sorted(found, key=lambda one: (one.name, terms.LANGUAGES.index(one.language)))


def find_prompt(layout: Layout, name: str, language: str) -> Prompt:
    """Returns a prompt in a language, or in another if there is none in that.

    Raises:
        WrongUsage: if there is no such prompt.
    """
    every = load_prompts(layout)
    found = {one.language: one for one in every if one.name == name}
    if not found:
        raise WrongUsage(f"There is no prompt '{clean(name, 80)}'.{terms.suggest(name[:80], sorted({one.name for one in every}))}")
    return found.get(language) or next(iter(found.values()))


def read_prompt(path: Path) -> Prompt:
    """Reads a prompt.

    Raises:
        InvalidData: if its name, its head or a place for an argument is malformed.
    """
    import yaml

    name, _, language = path.stem.rpartition(".")
    parts = _FILE.match(read_query(path))
    if not name or language not in terms.LANGUAGES or not parts:
        raise InvalidData(f"{path}: call it NAME.{terms.LANGUAGES[0]}.md or the like, and begin it with a head between lines '---'.")
    try:
        head = yaml.safe_load(parts["head"])
        arguments = {str(one): str(about) for one, about in head["arguments"].items()}
        made = Prompt(name, language, str(head["title"]), str(head["description"]), arguments, parts["text"].strip())
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise InvalidData(f"{path}: the head lacks title, description or arguments ({error}).") from None
    if unknown := set(_PLACE.findall(made.text)) - arguments.keys():
        raise InvalidData(f"{path}: the text has a place for '{min(unknown)}', which the head does not list as an argument.")
    return made
