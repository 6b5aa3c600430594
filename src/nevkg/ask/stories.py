"""Stories and the home page: texts of ``queries/`` whose figures are computed from answers.

A story is a short text in Markdown, ``queries/stories/NAME.LANGUAGE.md``: headings, paragraphs, lists, emphasis and links.
Anything else, HTML included, remains text. Code such as ``ask QUESTION PARAMETER=VALUE … | count COLUMN`` is a figure.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nevkg.ask.answer import Answer, ask
from nevkg.ask.arguments import split
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Catalogue, Question, load_catalogue, topics
from nevkg.data import terms
from nevkg.data.frontmatter import read_query, reading
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.table import formats

if TYPE_CHECKING:
    from markdown_it.token import Token

_ASK = "ask"
# What to show, with the least and greatest number of columns that it takes.
_FORMS = {"count": (0, 1), "sum": (1, 1), "value": (1, 1), "list": (1, 1), "table": (1, 8), "chart": (0, 0), "map": (0, 0)}
# These need the width of the page.
BLOCKS = ("table", "chart", "map")
_MOST = {"list": 12, "table": 12}


@dataclass(frozen=True)
class Figure:
    """A question with its parameters, and what to show of its answer: ``show`` is a form such as ``count``, of ``columns``.

    ``most`` is the number of values or rows to show; ``text`` is the figure as written, for messages.
    """

    question: str
    values: Mapping[str, Sequence[str]]
    show: str
    columns: Sequence[str]
    most: int
    text: str

    @property
    def target(self) -> dict[str, Any]:
        """The answer that it is of, as JSON values."""
        return {"question": self.question, "parameters": self.values}


def parse_figure(text: str) -> Figure:
    """Parses a figure of the form ``ask QUESTION PARAMETER=VALUE … | FORM COLUMN …``; raises ``WrongUsage`` for any other."""
    asked, _, shown = text.partition("|")
    try:
        words, (show, *columns) = shlex.split(asked), shown.split() or ["count"]
    except ValueError:
        raise WrongUsage(f"`{text}` has an unclosed quotation mark.") from None
    if len(words) < 2 or words[0] != _ASK:
        raise WrongUsage(f"`{text}` names no question; write it as `ask QUESTION PARAMETER=VALUE | count`.")
    if show not in _FORMS:
        raise WrongUsage(f"`{text}` shows '{show}'; write one of {', '.join(_FORMS)}.{terms.suggest(show, list(_FORMS))}")
    most = int(columns.pop()) if show in _MOST and columns and columns[-1].isdecimal() else _MOST.get(show, 0)
    least, greatest = _FORMS[show]
    if not least <= len(columns) <= greatest:
        raise WrongUsage(
            f"`{text}` names {len(columns)} columns; '{show}' takes {least if least == greatest else f'{least} to {greatest}'}."
        )
    return Figure(words[1], split(words[2:]), show, columns, most, text)


class FigureReader:
    """Computes figures in one language; figures of the same answer share it."""

    def __init__(self, store: Store, language: str, day: str | None = None) -> None:
        """Creates a reader of the record ``store``; figures that name no day are for ``day``."""
        self._store, self._language, self._day = store, language, day
        self._answers: dict[str, Answer] = {}

    def compute(self, figure: Figure, *, is_number: bool = False) -> dict[str, Any]:
        """Returns what a figure shows, as JSON values, with what is needed to link to the whole answer.

        If it has nothing to show, ``problem`` says why: one figure must not take the rest of a text with it.

        Args:
            is_number: whether a count of nothing is 0, as in a list of numbers, and not a problem, as in a sentence.
        """
        facts = {**figure.target, "show": figure.show, "columns": figure.columns}
        try:
            answer = self._read(figure)
            if not len(answer) and not (is_number and figure.show == "count"):
                raise InvalidData(f"The answer has no rows. {answer.reason.text if answer.reason else ''}".rstrip())
            return {
                **facts,
                "title": answer.title,
                "labels": [answer.columns[answer.position(name)].label[self._language] for name in figure.columns],
                "asOf": answer.as_of,
                **(_content(answer, figure) if len(answer) else {"value": 0}),
            }
        except (WrongUsage, InvalidData) as error:
            return {**facts, "problem": f"`{figure.text}`: {error}"}

    def measure(self, figure: Figure) -> Any:
        """Returns the value of a figure; 0 if it has none. Unlike :meth:`compute`, it does not find out why, which takes longer."""
        with suppress(WrongUsage, InvalidData):
            answer = self._read(figure)
            return _content(answer, figure).get("value", 0) if len(answer) else 0
        return 0

    def _read(self, figure: Figure) -> Answer:
        answer = self.ask(load_catalogue(self._store.layout)[figure.question], figure.values)
        for column in figure.columns:
            if column not in answer.names:
                known = f"there are {', '.join(answer.names)}.{terms.suggest(column, answer.names)}"
                raise WrongUsage(f"There is no column '{column}'; {known}")
        return answer

    def ask(self, question: Question, values: Mapping[str, Sequence[str]]) -> Answer:
        """Returns the answer to a question with these values of its parameters; for the day of the reader if they give none."""
        key = f"{question.name} {values}"
        if key not in self._answers:
            day = self._day if question.over == SNAPSHOT and AS_OF not in values else None
            self._answers[key] = ask(self._store, question, values, as_of=day, language=self._language)
        return self._answers[key]


def _content(answer: Answer, figure: Figure) -> dict[str, Any]:
    """Returns the ``value`` of a figure in a line of text, or the ``rows`` of a table; nothing for a chart or a map."""
    records = [formats.to_json_record(answer, row) for row in answer.records]
    if figure.show == "table":
        rows = [{name: record[name] for name in figure.columns} for record in records[: figure.most]]
        # To find all sources is slow, so only a table, which stands for the whole answer, counts them.
        return {"rows": rows, "sources": len(answer.sources)}
    if figure.show in BLOCKS:
        return {}
    if not figure.columns:
        return {"value": len(records)}
    distinct = _distinct(record[figure.columns[0]] for record in records)
    if not distinct:
        raise InvalidData(f"The column '{figure.columns[0]}' is empty in all rows.")
    if figure.show == "count":
        return {"value": len(distinct)}
    if figure.show == "sum":
        numbers = [record[figure.columns[0]] for record in records]
        if not all(isinstance(number, int | float) for number in numbers if number is not None):
            raise InvalidData(f"The column '{figure.columns[0]}' has values that are not numbers.")
        return {"value": sum(number for number in numbers if number is not None)}
    if figure.show == "list":
        return {"value": distinct[: figure.most], "more": max(len(distinct) - figure.most, 0)}
    if len(distinct) > 1:
        raise InvalidData(f"The column '{figure.columns[0]}' has {len(distinct)} values; narrow the question to one, or write 'list'.")
    return {"value": distinct[0]}


def _distinct(cells: Any) -> list[Any]:
    """Returns the different values of cells in order, with those of lists one by one."""
    found: dict[str, Any] = {}
    for cell in cells:
        for value in cell if isinstance(cell, list) else [cell]:
            if value is not None:
                found.setdefault(str(value), value)
    return list(found.values())


FOLDER = "stories"
_SYNTAX = ["heading", "list", "emphasis", "link", "backticks", "escape", "entity", "newline"]
_LINKS = ("https://", "http://", "/")
_STYLES = {"strong": "strong", "em": "emphasis"}
# Parts of a line: texts, with their style and address, and figures.
Parts = list[dict[str, Any]]


@dataclass(frozen=True)
class Story:
    """A story in one language: its title, and its blocks with figures that are not computed yet."""

    name: str
    language: str
    title: str
    blocks: list[dict[str, Any]]

    def compute(self, store: Store) -> list[dict[str, Any]]:
        """Returns its blocks as JSON values, with what each figure shows; see :class:`nevkg.ask.stories.FigureReader`."""
        reader = FigureReader(store, self.language)

        def resolve(value: Any) -> Any:
            if isinstance(value, Figure):
                return reader.compute(value)
            if isinstance(value, list):
                return [resolve(part) for part in value]
            return {key: resolve(member) for key, member in value.items()} if isinstance(value, dict) else value

        found: list[dict[str, Any]] = resolve(self.blocks)
        return found


def list_stories(layout: Layout) -> dict[str, dict[str, Path]]:
    """Returns the files of the stories, by name and language."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(walk(layout.queries / FOLDER, ".md", deep=False)):
        name, _, language = path.stem.rpartition(".")
        if not name or language not in terms.LANGUAGES:
            raise InvalidData(f"{path}: the name has no language; call it {path.stem}.{terms.LANGUAGES[0]}.md or the like.")
        found.setdefault(name, {})[language] = path
    return found


def load_stories(layout: Layout, language: str) -> list[Story]:
    """Returns all stories that there are in a language, by name."""
    return [read_story(paths[language]) for paths in list_stories(layout).values() if language in paths]


def find_story(layout: Layout, name: str, language: str) -> Story:
    """Returns a story in a language, or in another one if there is no translation."""
    files = list_stories(layout)
    if name not in files:
        raise WrongUsage(f"There is no story '{name[:80]}'.{terms.suggest(name[:80], list(files))}")
    return read_story(files[name].get(language) or next(iter(files[name].values())))


def read_story(path: Path) -> Story:
    """Reads a story."""
    from markdown_it import MarkdownIt

    name, _, language = path.stem.rpartition(".")
    tokens = MarkdownIt("zero").enable(_SYNTAX).parse(read_query(path))
    try:
        title, *blocks = _blocks(tokens, "" if language == "zh" else " ")
    except WrongUsage as error:
        raise InvalidData(f"{path}: {error}") from None
    except ValueError:
        title = {}
    if title.get("level") != 1:
        raise InvalidData(f"{path} has no title; begin it with a line '# Title'.")
    return Story(name, language, "".join(part.get("text", "") for part in title["parts"]), blocks)


def _blocks(tokens: Iterable[Token], space: str) -> Iterator[dict[str, Any]]:
    """Yields headings, paragraphs, lists, and figures that have a paragraph of their own; ``space`` replaces the ends of lines."""
    level = 0
    items: list[Parts] | None = None
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            items = items if items is not None else []
        elif token.type in ("bullet_list_close", "ordered_list_close") and items is not None:
            yield {"kind": "list", "items": items}
            items = None
        elif token.type == "inline":
            parts = list(_parts(token.children or [], space))
            if items is not None:
                items.append(_inline(parts))
            elif level:
                yield {"kind": "heading", "level": level, "parts": _inline(parts)}
            elif len(parts) == 1 and "figure" in parts[0] and parts[0]["figure"].show in BLOCKS:
                yield {"kind": "figure", **parts[0]}
            else:
                yield {"kind": "paragraph", "parts": _inline(parts)}


def _inline(parts: Parts) -> Parts:
    for part in parts:
        if "figure" in part and part["figure"].show in BLOCKS:
            raise WrongUsage(f"`{part['figure'].text}` needs a paragraph of its own.")
    return parts


def _parts(tokens: Iterable[Token], space: str) -> Iterator[dict[str, Any]]:
    marks: dict[str, str] = {}
    for token in tokens:
        name, _, edge = token.type.rpartition("_")
        if name in _STYLES and edge == "open":
            marks["style"] = _STYLES[name]
        elif name in _STYLES:
            marks.pop("style", None)
        elif token.type == "link_open":
            marks |= _address(token.attrs)
        elif token.type == "link_close":
            marks.pop("href", None)
        elif token.type == "code_inline" and token.content.startswith(f"{_ASK} "):
            yield {"figure": parse_figure(token.content)}
        elif token.type in ("softbreak", "hardbreak"):
            yield {"text": space}
        elif token.content:
            yield {"text": token.content, **marks}


def _address(attributes: Mapping[str, Any]) -> dict[str, str]:
    href = str(attributes.get("href", ""))
    if not href.startswith(_LINKS) or href.startswith("//"):
        raise WrongUsage(f"the link '{href}' leads neither to the web nor to a page; begin it with https:// or /.")
    return {"href": href}


_HOME = "home.yaml"


def describe_home(store: Store, catalogue: Catalogue, language: str) -> dict[str, Any]:
    """Returns the content of the home page as JSON values."""
    home, path = _read_home(store.layout), store.layout.queries / _HOME
    titles, reader = topics(store.layout), FigureReader(store, language)
    with reading(path, " lacks {}; see docs/adding-a-story.md for its form."):
        return {
            "lead": home["lead"][language],
            "numbers": [
                {"label": number["label"][language], "figure": reader.compute(parse_figure(number["ask"]), is_number=True)}
                for number in home["numbers"]
            ],
            "note": home["note"][language],
            "map": reader.compute(parse_figure(home["map"])),
            "starts": [{"label": start["label"][language], **_target(store, start)} for start in home["starts"]],
            "stories": [{"name": story.name, "title": story.title} for story in load_stories(store.layout, language)],
            "topics": [
                {
                    "topic": topic,
                    "title": titles.get(topic, {}).get(language, topic),
                    "total": sum(question.topic == topic for question in catalogue.questions.values()),
                    "questions": [
                        {"name": name, "title": catalogue[name].title[language], "example": catalogue[name].example} for name in names
                    ],
                }
                for topic, names in home["topics"].items()
            ],
        }


def _read_home(layout: Layout) -> Any:
    import yaml

    path = layout.queries / _HOME
    try:
        return yaml.safe_load(read_query(path))
    except (OSError, yaml.YAMLError) as error:
        raise InvalidData(f"{path} cannot be read: {error}.") from None


def _target(store: Store, start: dict[str, Any]) -> dict[str, Any]:
    """Returns where a starting point leads: to an entity, or to an answer."""
    if "entity" in start:
        return {"entity": terms.expand(start["entity"], entities.namespaces(store))}
    return parse_figure(start["ask"]).target
