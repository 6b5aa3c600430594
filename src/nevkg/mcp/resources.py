"""Resources: the model, questions, entities and the data report, by addresses that begin with ``nevkg://``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from nevkg.ask import arguments
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.stories import list_stories
from nevkg.data import terms
from nevkg.data.frontmatter import remove_head
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.search import search
from nevkg.mcp.model import describe_model
from nevkg.mcp.stories import write_story
from nevkg.mcp.text import clean, fence
from nevkg.mcp.tools.describe import describe
from nevkg.sparql.binding import ANY
from nevkg.store import Store

SCHEME = "nevkg://"
QUESTION, ENTITY, STORY = "question", "entity", "story"
_LONGEST_LINE = 4000
_MOST_OPTIONS, _MOST_COMPLETIONS = 30, 20


@dataclass(frozen=True)
class Page:
    """A resource without parameters: its title, what it is for, and the function that writes it."""

    title: str
    description: str
    write: Callable[[Store], str]


@dataclass(frozen=True)
class Family:
    """Resources with a name at the end of their address."""

    title: str
    description: str
    write: Callable[[Store, str], str]


def read(store: Store, address: str) -> str:
    """Returns the text of a resource in Markdown.

    Raises:
        WrongUsage: if there is no such resource.
    """
    path = address.removeprefix(SCHEME)
    family, _, name = path.partition("/")
    if address.startswith(SCHEME) and path in PAGES:
        return PAGES[path].write(store)
    if address.startswith(SCHEME) and family in FAMILIES and name:
        return FAMILIES[family].write(store, unquote(name))
    known = [*(f"{SCHEME}{one}" for one in PAGES), *(f"{SCHEME}{one}/NAME" for one in FAMILIES)]
    raise WrongUsage(f"There is no resource '{clean(address, 80)}'; there are {', '.join(known)}.")


def complete(store: Store, family: str, text: str) -> list[str]:
    """Returns names of a family of resources that begin with, or mean, a text."""
    if family == QUESTION:
        return [name for name in sorted(load_catalogue(store.layout).questions) if name.startswith(text)]
    if family == STORY:
        return [name for name in list_stories(store.layout) if name.startswith(text)]
    spaces = entities.namespaces(store)
    return [terms.shorten(hit.iri, spaces) for hit in search(store, text, _MOST_COMPLETIONS)] if text.strip() else []


def _describe_question(store: Store, name: str) -> str:
    """Returns title, description, parameters with their options, columns and query of a question."""
    question, spaces = load_catalogue(store.layout)[name], entities.namespaces(store)
    lines = [f"# {question.name}", ""]
    lines += [f"{question.title[language]}\n\n{question.description[language].strip()}\n" for language in terms.LANGUAGES]
    lines += ["## Parameters", ""]
    for one in question.parameters:
        options = [terms.shorten(iri, spaces) for iri in arguments.options(store, one)]
        listed = (
            f": {', '.join(options[:_MOST_OPTIONS])}{f' … ({len(options)})' if len(options) > _MOST_OPTIONS else ''}" if options else ""
        )
        default = f", default {one.default_text}" if one.default != ANY else ""
        lines.append(f"- {one.name} ({one.type}{default}) {' / '.join(one.label.values())}{listed}")
    lines += ["", "## Columns", "", *(f"- {one.name}: {' / '.join(one.label.values())}" for one in question.columns)]
    return "\n".join([*lines, "", "## Query", "", "```sparql", remove_head(question.text), "```", ""])


def _describe_entity(store: Store, name: str) -> str:
    return describe(store, entities.resolve(store, name), terms.LANGUAGES[0]).text + "\n"


def _report(store: Store) -> str:
    from nevkg.publish.report.accounts import gap_tables
    from nevkg.publish.report.queries import coverage_tables

    head = f"# Data report\n\nWhat the dataset of {entities.dataset_date(store)} covers, and what it does not.\n"
    tables = (*coverage_tables(store), *gap_tables(store.layout.data))
    return f"{head}{fence(clean(line, _LONGEST_LINE) for table in tables for line in (f'## {table.section}', *table.lines()))}\n"


PAGES: Mapping[str, Page] = {
    "model": Page(
        "The model", "Classes, properties, prefixes, snapshots, standing and example queries: read it before `query`", describe_model
    ),
    "data-report": Page("Data report", "What the data covers and lacks, in tables", _report),
}
FAMILIES: Mapping[str, Family] = {
    QUESTION: Family("A question", "Description, parameters with their options, columns and SPARQL of a question", _describe_question),
    ENTITY: Family("An entity", "The card of an entity, such as `describe` shows it", _describe_entity),
    STORY: Family("A story", "A short text on a subject, with figures computed from the data", write_story),
}
