"""Renders tables, records and text to the width of a terminal, and shows them in the pager."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from nevkg.table.values import Value, to_text

# Columns and lines if the output is not a terminal.
_SIZE = (100, 40)
_GAP = 2
# Columns are not wrapped below this width.
_LEAST = 11
# Numbers of four digits may be years.
_GROUPED = 10_000


@dataclass(frozen=True)
class Cells:
    """The texts of a table.

    Attributes:
        heads: the head of each column.
        numeric: the numbers of the columns to align right.
        ranks: the numbers of the columns, most important first, to choose from if not all fit; if empty, in table order.
        styles: the styles of cells, by the numbers of row and column, for a terminal that supports them.
        links: the addresses to which the numbers in the last column link, for a terminal that supports it.
        numbered: whether the last column has the numbers of sources.
        unbroken: whether words are never broken, even if the table is wider than the terminal.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    ranks: Sequence[int] = field(default_factory=tuple)
    styles: Mapping[tuple[int, int], str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = False
    unbroken: bool = False


def width() -> int:
    """Returns the width of the terminal in columns; the environment variable ``COLUMNS`` overrides it."""
    return shutil.get_terminal_size(_SIZE).columns


def format_value(value: Value) -> str:
    """Returns the text of a value, with commas between thousands in numbers of five digits or more."""
    if isinstance(value, int | float | Decimal) and not -_GROUPED < value < _GROUPED:
        return f"{value:,}"
    return to_text(value)


def minimum_width(cells: Cells) -> int:
    """Returns the minimum width of a table with all columns."""
    return sum(_need(cells, number) + _GAP for number in range(len(cells.heads))) - _GAP


def choose_columns(cells: Cells, columns: int) -> list[int]:
    """Returns the numbers of the columns to show: all if they fit; else those that are not constant, and of these the most important.

    A column without which two rows would look the same is always shown.
    """
    every = range(len(cells.heads))
    if _fits(cells, every, columns):
        return list(every)
    chosen = [number for number in every if not _is_constant(cells, number)] or [0]
    if _fits(cells, chosen, columns):
        return chosen
    ranks = cells.ranks or every
    told_apart = _count_distinct(cells, chosen)
    for number in sorted(chosen, key=lambda number: ranks.index(number) if number in ranks else len(ranks) + number, reverse=True):
        rest = [other for other in chosen if other != number]
        may_stay = number in ranks and _fits(cells, chosen, columns)
        if rest and not may_stay and _count_distinct(cells, rest) == told_apart:
            chosen = rest
    return chosen


def _fits(cells: Cells, chosen: Sequence[int], columns: int) -> bool:
    return sum(_need(cells, number) + _GAP for number in chosen) <= columns + _GAP


def _is_constant(cells: Cells, number: int) -> bool:
    return len(cells.rows) > 1 and len({row[number] for row in cells.rows}) == 1


def _count_distinct(cells: Cells, chosen: Sequence[int]) -> int:
    """Returns how many different rows some columns show, apart from the numbers of sources."""
    last = len(cells.heads) - cells.numbered
    return len({tuple(row[number] for number in chosen if number < last) for row in cells.rows})


def _texts(cells: Cells, number: int) -> list[str]:
    return [cells.heads[number], *(row[number] for row in cells.rows)]


def _need(cells: Cells, number: int) -> int:
    """Returns the minimum width at which a column is readable."""
    from rich.cells import cell_len

    texts = _texts(cells, number)
    unbroken = max(cell_len(word) for text in texts for word in text.split() or [""])
    return max(min(max(map(cell_len, texts)), _LEAST), unbroken if cells.unbroken else min(unbroken, 2 * _LEAST))


def _widths(cells: Cells, chosen: Sequence[int], columns: int) -> list[int]:
    """Returns the width of each column: its minimum, and a share of the remaining width, most for the columns wrapped most.

    If the minimum of all does not fit, the widest are narrower.
    """
    from rich.cells import cell_len

    whole = [max(map(cell_len, _texts(cells, number))) for number in chosen]
    widths = [_need(cells, number) for number in chosen]
    room = columns - sum(widths) - _GAP * (len(chosen) - 1)
    for _ in range(-room):
        widths[widths.index(max(widths))] -= 1
    for _ in range(room):
        widest = max(range(len(chosen)), key=lambda place: whole[place] / widths[place] if widths[place] else 0)
        widths[widest] += whole[widest] > widths[widest]
    return widths


def render_table(cells: Cells, columns: int, *, styled: bool = False) -> str:
    """Renders the columns of a table that fit, below the values of those that are constant; ``hidden_columns`` returns the others.

    Args:
        cells: the texts of the table.
        columns: the width of the terminal, in half-width characters.
        styled: whether to use bold, dim and coloured text and links, for a terminal that supports it.
    """
    from rich.box import Box
    from rich.console import Console
    from rich.style import Style
    from rich.table import Table
    from rich.text import Text

    chosen = choose_columns(cells, columns)
    rule = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    drawn = Table(box=rule, show_edge=False, pad_edge=False, padding=(0, _GAP // 2, 0, 0), header_style="bold")
    for number, size in zip(chosen, _widths(cells, chosen, columns), strict=True):
        justify: Literal["left", "right"] = "right" if number in cells.numeric else "left"
        drawn.add_column(Text(cells.heads[number]), justify=justify, width=size, overflow="fold")
    for line, row in enumerate(cells.rows):
        texts = [Text(text, cells.styles.get((line, number), "")) for number, text in enumerate(row)]
        if cells.links:
            texts[-1].highlight_regex(r"\d+", lambda number: Style(link=cells.links.get(number)))
        drawn.add_row(*(texts[number] for number in chosen))
    out = io.StringIO()
    Console(file=out, width=columns, force_terminal=styled, color_system="standard" if styled else None, legacy_windows=False).print(drawn)
    # rich would style the gaps between columns together with the rule.
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    body = "\n".join(paint(line, "dim") if styled and not line.strip("─") else line for line in lines) + "\n"
    others = (number for number in range(len(cells.heads)) if number not in chosen and _is_constant(cells, number))
    same = [f"{cells.heads[number]}: {text}" for number in others if (text := cells.rows[0][number])]
    return f"{wrap(' · '.join(same), columns)}\n{body}" if same else body


def hidden_columns(cells: Cells, columns: int) -> list[str]:
    """Returns the heads of the columns that do not fit and are not constant."""
    chosen = choose_columns(cells, columns)
    return [head for number, head in enumerate(cells.heads) if number not in chosen and not _is_constant(cells, number)]


def render_records(cells: Cells, *, styled: bool = False) -> str:
    """Renders one line for each value and one paragraph for each row; omits empty values."""
    from rich.cells import cell_len

    longest = max(map(cell_len, cells.heads), default=0)
    heads = [paint(head, "dim" if styled else "") + " " * (longest - cell_len(head) + _GAP) for head in cells.heads]
    styles = cells.styles if styled else {}
    paragraphs = (
        "".join(f"{heads[number]}{paint(text, styles.get((line, number), ''))}\n" for number, text in enumerate(row) if text)
        for line, row in enumerate(cells.rows)
    )
    return "\n".join(paragraphs)


def paint(text: str, style: str) -> str:
    """Returns a text with the escape sequences of a style, such as ``bold``; the text itself if the style is empty."""
    if not style:
        return text
    from rich.style import Style

    return Style.parse(style).render(text)


def wrap(text: str, columns: int, style: str = "") -> str:
    """Wraps a text to a width in half-width characters, including text with full-width characters."""
    from rich.console import Console
    from rich.text import Text

    lines = Text(text).wrap(Console(file=io.StringIO(), width=columns), columns)
    return "\n".join(paint(line.plain.rstrip(), style) for line in lines) + "\n"


def is_styled() -> bool:
    """Whether to style text: if standard output is a terminal that supports it, unless the environment decides.

    See https://no-color.org and https://force-color.org; the older ``CLICOLOR_FORCE`` has the same effect as ``FORCE_COLOR``.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def show_in_pager(content: bytes) -> bool:
    """Shows a text longer than the terminal in the user's pager, as git does; returns False if not needed or there is no pager."""
    command = shlex.split(os.environ.get("NEVKG_PAGER", os.environ.get("PAGER", "less")))
    if not sys.stdout.isatty() or content.count(b"\n") < shutil.get_terminal_size(_SIZE).lines or not command or command == ["cat"]:
        return False
    import subprocess

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pager
    try:
        subprocess.run(command, input=content, env={"LESS": "FRX", **os.environ}, check=False)
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return True
