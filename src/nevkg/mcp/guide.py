"""What assistants need to know of the dataset: the guide, the model on one page, and prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nevkg.ask import days
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.frontmatter import read_query, remove_head
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.mcp.result import clean
from nevkg.store import Store

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
    """Reads the guide."""
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


def describe_model(store: Store) -> str:
    """Returns the page in Markdown."""
    guide, catalogue = read_guide(store.layout), load_catalogue(store.layout)
    snapshot = days.snapshot(store, entities.dataset_date(store))
    spaces = entities.namespaces(store)
    lines = ["# The model", "", guide.about, "", guide.model, "", "## Prefixes (no PREFIX lines are needed)", ""]
    lines += [f"{prefix}: <{space}>" for prefix, space in sorted(spaces.items())]
    lines += ["", "## Classes (number of instances)", "", *_classes(snapshot, spaces)]
    lines += ["", "## Properties (number of uses)", "", *_properties(snapshot, spaces), "", "## Examples", ""]
    for name in guide.examples:
        question = catalogue[name]
        lines += [f"{question.title[terms.LANGUAGES[0]]} (`{name}`)", "", "```sparql", remove_head(question.text), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _rows(snapshot: Store, name: str) -> list[dict[str, str]]:
    # Only what the snapshot of the dataset's own date uses: the page is read as a whole, and the rest can be found.
    return entities.rows(snapshot, read_query(snapshot.layout.queries / "api" / f"{name}.rq"))


def _classes(snapshot: Store, spaces: dict[str, str]) -> Iterator[str]:
    found: dict[str, tuple[str, str, set[str]]] = {}
    for row in _rows(snapshot, "used-classes"):
        _, _, above = found.setdefault(row["term"], (row["count"], row.get("definition", ""), set()))
        above |= {terms.shorten(row["above"], spaces)} if "above" in row else set()
    for iri, (count, definition, above) in sorted(found.items()):
        below = f" < {', '.join(sorted(above))}" if above else ""
        yield f"- {terms.shorten(iri, spaces)}{below} ({int(count):,}): {definition}".rstrip(": ")


def _properties(snapshot: Store, spaces: dict[str, str]) -> Iterator[str]:
    found: dict[str, tuple[str, set[str], set[str]]] = {}
    for row in _rows(snapshot, "used-properties"):
        _, domains, ranges = found.setdefault(row["term"], (row["count"], set(), set()))
        domains |= {terms.shorten(row["domain"], spaces)} if "domain" in row else set()
        ranges |= {terms.shorten(row["range"], spaces)} if "range" in row else set()
    for iri, (count, domains, ranges) in sorted(found.items()):
        ends = f"{' and '.join(sorted(domains)) or 'any'} → {' and '.join(sorted(ranges)) or 'any'}"
        yield f"- {terms.shorten(iri, spaces)}: {ends} ({int(count):,})"


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
        """Returns the text with the arguments in their places."""
        names = ", ".join(self.arguments)
        if missing := [name for name in self.arguments if not given.get(name, "").strip()]:
            raise WrongUsage(f"The prompt '{self.name}' needs '{missing[0]}'; its arguments are {names}.")
        if unknown := [name for name in given if name not in (*self.arguments, LANGUAGE)]:
            raise WrongUsage(f"The prompt '{self.name}' has no argument '{clean(unknown[0], 80)}'; its arguments are {names}.")
        return _PLACE.sub(lambda place: clean(given[place[1]]), self.text)


def load_prompts(layout: Layout) -> Sequence[Prompt]:
    """Returns all prompts in all languages, by name, then in the order of languages."""
    found = [read_prompt(path) for path in sorted(walk(layout.queries / "prompts", ".md", deep=False))]
    return sorted(found, key=lambda prompt: (prompt.name, terms.LANGUAGES.index(prompt.language)))


def find_prompt(layout: Layout, name: str, language: str) -> Prompt:
    """Returns a prompt in a language, or in another if there is none in that."""
    every = load_prompts(layout)
    found = {prompt.language: prompt for prompt in every if prompt.name == name}
    if not found:
        raise WrongUsage(f"There is no prompt '{clean(name, 80)}'.{terms.suggest(name[:80], sorted({prompt.name for prompt in every}))}")
    return found.get(language) or next(iter(found.values()))


def read_prompt(path: Path) -> Prompt:
    """Reads a prompt from ``queries/prompts/NAME.LANGUAGE.md``.

    The file begins with YAML between lines of dashes: title, description and arguments; ``{argument}`` in its text is replaced.
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
