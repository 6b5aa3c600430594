"""Stories: short texts in Markdown, ``queries/stories/NAME.LANGUAGE.md``, in which figures stand for what the data says.

Of Markdown: headings, paragraphs, lists, emphasis and links. Anything else, HTML included, remains text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nevkg.ask.figures import BLOCKS, Figure, FigureReader, is_figure, parse_figure
from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.store import Store

if TYPE_CHECKING:
    from markdown_it.token import Token

FOLDER = "stories"
_SYNTAX = ["heading", "list", "emphasis", "link", "backticks", "escape", "entity", "newline"]
_LINKS = ("https://", "http://", "#/")
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
        """Returns its blocks as JSON values, with what each figure shows; see :class:`nevkg.ask.figures.FigureReader`."""
        reader = FigureReader(store, self.language)

        def resolve(value: Any) -> Any:
            if isinstance(value, Figure):
                return reader.compute(value)
            if isinstance(value, list):
                return [resolve(one) for one in value]
            return {key: resolve(one) for key, one in value.items()} if isinstance(value, dict) else value

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
    """Returns all stories that there are in a language, by name.

    Raises:
        InvalidData: if a file is not a story.
    """
    return [read_story(paths[language]) for paths in list_stories(layout).values() if language in paths]


def find_story(layout: Layout, name: str, language: str) -> Story:
    """Returns a story in a language, or in another one if there is no translation.

    Raises:
        WrongUsage: if there is no story of this name.
        InvalidData: if its file is not a story.
    """
    files = list_stories(layout)
    if name not in files:
        raise WrongUsage(f"There is no story '{name[:80]}'.{terms.suggest(name[:80], list(files))}")
    return read_story(files[name].get(language) or next(iter(files[name].values())))


def read_story(path: Path) -> Story:
    """Reads a story.

    Raises:
        InvalidData: if it has no title, or a figure in it is not written correctly.
    """
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
    """Yields headings, paragraphs, lists, and figures that have a paragraph of their own.

    Args:
        tokens: of the whole text.
        space: what the end of a line stands for.
    """
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
        elif token.type == "code_inline" and is_figure(token.content):
            yield {"figure": parse_figure(token.content)}
        elif token.type in ("softbreak", "hardbreak"):
            yield {"text": space}
        elif token.content:
            yield {"text": token.content, **marks}


def _address(attributes: Mapping[str, Any]) -> dict[str, str]:
    href = str(attributes.get("href", ""))
    if not href.startswith(_LINKS):
        raise WrongUsage(f"the link '{href}' leads neither to the web nor to a view; begin it with https:// or #/.")
    return {"href": href}
