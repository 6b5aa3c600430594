"""The view of what is known, for people: a tree of parts, rendered as text for a terminal, as Markdown or as HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nevkg.lookup.descriptions import DISPUTED, EpisodeDescription, StatementDescription
from nevkg.lookup.literals import format_interval, format_number
from nevkg.words import words_of

_WORDS = words_of("view")

_FORM = ".github/ISSUE_TEMPLATE/wrong-fact.yml"


@dataclass
class Part:
    """A section: its heading, its lines, and its subsections."""

    title: str
    lines: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def report_part(report: str, language: str) -> Part:
    """Returns the section that says how to report a wrong fact; ``report`` is the address of the form, or empty."""
    words = _WORDS[language]
    return Part(words["wrong"], [words["form"].format(report) if report else words["formless"].format(_FORM)])


def format_value(value: object, language: str) -> str:
    """Formats a value of a card or a figure: an entity by its label, a number, a truth value, or a text, which may be a period."""
    if isinstance(value, bool):
        return _WORDS[language]["yes" if value else "no"]
    if isinstance(value, int | float):
        return format_number(str(value))
    return str(value["label"]) if isinstance(value, Mapping) else format_interval(str(value), language)


def format_cell(cell: object, language: str) -> str:
    """Formats the values of a cell of a figure; empty if it has none."""
    values = cell if isinstance(cell, list) else [cell]
    return _WORDS[language]["semicolon"].join(format_value(value, language) for value in values if value is not None)


# What is described as no data.
NO_DATA = {"problem": ""}


def describe_figure(figure: Mapping[str, Any], language: str) -> str:
    """Returns the values of a figure in a line of a story, as words of a sentence."""
    words = _WORDS[language]
    if "problem" in figure:
        return words["missing"]
    cell = figure["value"]
    texts = [format_value(value, language) for value in (cell if isinstance(cell, list) else [cell])]
    more = words["further"].format(f"{figure['more']:,}") if figure.get("more") else ""
    # Some names contain a comma.
    if any(words["comma"].strip() in text for text in texts) and len(texts) > 1:
        return words["semicolon"].join([*texts, *([more.strip()] if more else [])])
    if more or len(texts) == 1:
        return words["comma"].join(texts) + more
    return words["and"].join([words["comma"].join(texts[:-1]), texts[-1]])


def describe_answer(figure: Mapping[str, Any], language: str) -> str:
    """Returns the title of the answer that a figure is of, its day, and the number of its sources if that is known."""
    words = _WORDS[language]
    if "problem" in figure:
        return words["missing"]
    sources = words["sources"].format(f"{figure['sources']:,}") if figure.get("sources") else ""
    return " · ".join(filter(None, (figure["title"], words["as of"].format(figure["asOf"]), sources)))


def format_support(standing: str, witnesses: int, language: str) -> str:
    """Says how well something is supported: its standing, and its number of independent sources (0 if unknown)."""
    words = _WORDS[language]
    number = "" if not witnesses else words["witness"] if witnesses == 1 else words["witnesses"].format(witnesses)
    return words["pause"].join(filter(None, (standing, number)))


def episode_line(spell: EpisodeDescription, language: str) -> str:
    """Formats an episode on one line."""
    words = _WORDS[language]
    value = words["pause"].join(filter(None, (spell.value, spell.beginning))) + (f" – {spell.until}" if spell.until else "")
    # A standing already says that the episode is disputed.
    marks = [words.get(mark, mark) for mark in spell.marks if not (spell.standing and mark == DISPUTED)]
    marks += [format_support(spell.standing, spell.witnesses, language)]
    marks += [f"{words['confirmed']} {spell.last_confirmed}"] if spell.last_confirmed else []
    remarks = words["semicolon"].join(filter(None, marks))
    return f"{spell.property}{words['colon']}{value}" + (f" ({remarks})" if remarks else "")


def statement_line(said: StatementDescription, language: str, reference: str = "", *, ids: bool = False) -> str:
    """Formats a statement on one line, with a reference, such as the number of its source, and with its short name if ``ids``."""
    of = f"({_WORDS[language]['of']} {said.subject})" if said.subject else ""
    head = " ".join(part for part in (said.when, said.value, of) if part)
    if said.retracted:
        head = f"~~{head}~~"
    text = f" — {said.text}" if said.text else ""
    return f"{head}{reference} — {'; '.join(said.qualifiers)}{text}{f' <{said.name}>' if ids else ''}"


def _as_text(part: Part, depth: int = 0) -> Iterator[str]:
    yield "  " * max(depth - 1, 0) + part.title
    yield from ("  " * depth + line for line in part.lines)
    for below in part.parts:
        if depth == 0:
            yield ""
        yield from _as_text(below, depth + 1)


def _as_markdown(part: Part, depth: int = 1) -> Iterator[str]:
    yield f"{'#' * depth} {part.title}"
    yield ""
    yield from (f"- {line}" for line in part.lines)
    yield ""
    for below in part.parts:
        yield from _as_markdown(below, depth + 1)


def _as_html(part: Part) -> Iterator[str]:
    yield f'<!doctype html>\n<meta charset="utf-8">\n<title>{html.escape(part.title)}</title>'
    yield from _as_section(part)


def _as_section(part: Part, depth: int = 1) -> Iterator[str]:
    yield f"<section>\n<h{depth}>{html.escape(part.title)}</h{depth}>"
    if part.lines:
        yield "<ul>"
        yield from (f"<li>{html.escape(line)}</li>" for line in part.lines)
        yield "</ul>"
    for below in part.parts:
        yield from _as_section(below, depth + 1)
    yield "</section>"


FORMATS: dict[str, Callable[[Part], Iterator[str]]] = {"text": _as_text, "md": _as_markdown, "html": _as_html, "section": _as_section}
