"""Resources: the model, questions, entities, stories and the data report, by addresses that begin with ``nevkg://``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from nevkg.ask import arguments
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.stories import find_story, list_stories
from nevkg.data import terms
from nevkg.data.frontmatter import remove_head
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.search import search
from nevkg.mcp.guide import describe_model
from nevkg.mcp.lookups import describe
from nevkg.mcp.result import clean, fence, to_markdown
from nevkg.sparql.binding import ANY
from nevkg.store import Store
from nevkg.view import describe_figure, format_cell


def write_story(store: Store, name: str) -> str:
    """Returns the text of a story in the first language that it has; each figure is followed by the question that it is of."""
    story = find_story(store.layout, clean(name, 80), terms.LANGUAGES[0])
    lines = [line for block in story.compute(store) for line in ("", *_write_block(block, story.language))]
    return f"# {story.title}\n\nAs of {entities.dataset_date(store)}.\n{fence(lines[1:])}\n"


def _write_block(block: Mapping[str, Any], language: str) -> Iterator[str]:
    match block["kind"]:
        case "figure":
            yield from _write_table(block["figure"], language)
        case "list":
            yield from (f"- {_join(item, language)}" for item in block["items"])
        case "heading":
            yield f"{'#' * block['level']} {_join(block['parts'], language)}"
        case _:
            yield _join(block["parts"], language)


def _join(parts: Sequence[Mapping[str, Any]], language: str) -> str:
    return clean("".join(_write_value(part["figure"], language) if "figure" in part else part["text"] for part in parts), 4000)


def _write_value(figure: Mapping[str, Any], language: str) -> str:
    return figure["problem"] if "problem" in figure else f"{describe_figure(figure, language)} [{_call(figure)}]"


def _write_table(figure: Mapping[str, Any], language: str) -> Iterator[str]:
    if "rows" in figure:
        yield from to_markdown(
            figure["labels"], ([format_cell(row[name], language) for name in figure["columns"]] for row in figure["rows"])
        )
    yield clean(figure.get("problem") or f"[{figure['title']} {_call(figure)}]")


def _call(figure: Mapping[str, Any]) -> str:
    """Returns the question behind a figure, as a call of ``ask``."""
    return " ".join(["ask", figure["question"], *(f"{name}={','.join(values)}" for name, values in figure["parameters"].items())])


SCHEME = "nevkg://"
QUESTION, ENTITY, STORY = "question", "entity", "story"
_LONGEST_LINE = 4000
_MOST_OPTIONS, _MOST_COMPLETIONS = 30, 20


@dataclass(frozen=True)
class Resource:
    """A resource, or a family of resources with a name at the end of their address.

    Attributes:
        title: for people.
        description: what it is for.
        write: the function that writes it; it gets the store and, in a family, the name.
    """

    title: str
    description: str
    write: Callable[..., str]


def read(store: Store, address: str) -> str:
    """Returns the text of a resource in Markdown."""
    path = address.removeprefix(SCHEME)
    family, _, name = path.partition("/")
    if address.startswith(SCHEME) and path in PAGES:
        return PAGES[path].write(store)
    if address.startswith(SCHEME) and family in FAMILIES and name:
        return FAMILIES[family].write(store, unquote(name))
    known = [*(f"{SCHEME}{path}" for path in PAGES), *(f"{SCHEME}{path}/NAME" for path in FAMILIES)]
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
    for parameter in question.parameters:
        options = [terms.shorten(iri, spaces) for iri in arguments.options(store, parameter)]
        listed = (
            f": {', '.join(options[:_MOST_OPTIONS])}{f' … ({len(options)})' if len(options) > _MOST_OPTIONS else ''}" if options else ""
        )
        default = f", default {parameter.default_text}" if parameter.default != ANY else ""
        lines.append(f"- {parameter.name} ({parameter.type}{default}) {' / '.join(parameter.label.values())}{listed}")
    lines += ["", "## Columns", "", *(f"- {column.name}: {' / '.join(column.label.values())}" for column in question.columns)]
    return "\n".join([*lines, "", "## Query", "", "```sparql", remove_head(question.text), "```", ""])


def _describe_entity(store: Store, name: str) -> str:
    return describe(store, entities.resolve(store, name), terms.LANGUAGES[0]).text + "\n"


def _report(store: Store) -> str:
    from nevkg.publish.report import coverage_tables, gap_tables

    head = f"# Data report\n\nWhat the dataset of {entities.dataset_date(store)} covers, and what it does not.\n"
    tables = (*coverage_tables(store), *gap_tables(store.layout.data))
    return f"{head}{fence(clean(line, _LONGEST_LINE) for table in tables for line in (f'## {table.section}', *table.lines()))}\n"


PAGES: Mapping[str, Resource] = {
    "model": Resource(
        "The model", "Classes, properties, prefixes, snapshots, standing and example queries: read it before `query`", describe_model
    ),
    "data-report": Resource("Data report", "What the data covers and lacks, in tables", _report),
}
FAMILIES: Mapping[str, Resource] = {
    QUESTION: Resource("A question", "Description, parameters with their options, columns and SPARQL of a question", _describe_question),
    ENTITY: Resource("An entity", "The card of an entity, such as `describe` shows it", _describe_entity),
    STORY: Resource("A story", "A short text on a subject, with figures computed from the data", write_story),
}
