"""A page of a picture on which texts are drawn in fonts that have their letters; import this module only if matplotlib is installed."""

from __future__ import annotations

import io
import math
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from nevkg.network.drawing import INK

DPI = 200
_PIXELS = 40_000_000
# The maximum of pixels that Agg can draw in one direction, with a margin.
_SIDE = 60_000
# Settings that override the user's, since they would change the look of pictures.
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "nevkg",
    "path.simplify": False,
    "path.sketch": None,
    "path.effects": [],
    "text.usetex": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}
_METADATA: Mapping[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
MARGIN = 16.0

_FIRST = "DejaVu Sans"
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Droid Sans Fallback",
)
_OTHERS = (
    "Noto Sans Thai",
    "Noto Sans Thai Looped",
    "Loma",
    "Garuda",
    "Leelawadee UI",
    "Thonburi",
    "FreeSerif",
    "Noto Sans",
    "Arial Unicode MS",
)


def families(text: str) -> list[str]:
    """Returns the fonts that a text needs, in the order in which they are tried for each letter."""
    needed = [_FIRST]
    rest = {ord(letter) for letter in text if not letter.isspace()} - _letters(_FIRST)
    for family in installed()[1:] if rest else ():
        if rest & _letters(family):
            needed.append(family)
            rest -= _letters(family)
    return needed


@cache
def installed() -> tuple[str, ...]:
    """Returns the installed fonts for pictures, with at most one Chinese font."""
    _add_new_fonts()
    known = set(font_manager.get_font_names())
    chinese = [name for name in _CHINESE if name in known][:1]
    return (_FIRST, *chinese, *(name for name in _OTHERS if name in known))


def _add_new_fonts() -> None:
    """Adds fonts that were installed after matplotlib listed them; it keeps its first list forever."""
    manager = font_manager.fontManager
    new = sorted({*font_manager.findSystemFonts()} - {font.fname for font in manager.ttflist})
    readable = False
    for path in new:
        # A file that matplotlib cannot read raises whatever its reader does.
        with suppress(Exception):
            manager.addfont(path)
            readable = True
    if readable:
        font_manager.json_dump(manager, Path(matplotlib.get_cachedir(), f"fontlist-v{manager.__version__}.json"))


@cache
def _letters(family: str) -> frozenset[int]:
    """Returns the code points that a font can draw."""
    properties: Any = font_manager.FontProperties(family=[family])
    path = font_manager.findfont(properties, fallback_to_default=True)
    return frozenset(font_manager.get_font(path).get_charmap())


def warn_of_missing(texts: Iterable[str]) -> None:
    """Warns, in one sentence, about letters that no installed font has."""
    letters = {letter for text in texts for letter in text if not letter.isspace()}
    missing = sorted(letter for letter in letters if not any(ord(letter) in _letters(family) for family in installed()))
    if any("\u2e80" <= letter <= "\u9fff" or letter >= "\U00020000" for letter in missing):
        warnings.warn(
            "No installed font has the Chinese characters of this picture; install the Debian package fonts-wqy-microhei or fonts-noto-cjk,"
            " or the font Noto Sans CJK SC.",
            stacklevel=3,
        )
    elif missing:
        warnings.warn(
            f"No installed font has these letters of the picture, which are drawn as boxes: {''.join(missing[:40])}", stacklevel=3
        )


class Sheet:
    """A figure with one pair of axes, in points. Its height is set once the texts are broken into lines."""

    def __init__(self, wide: float) -> None:
        """Creates a sheet that is ``wide`` points wide, margins included."""
        self.wide = wide
        self.figure = Figure(figsize=(wide / 72, 10), dpi=DPI, facecolor="white")
        canvas: Any = FigureCanvasAgg(self.figure)
        self._renderer = canvas.get_renderer()
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.axis("off")
        self.texts: list[str] = []

    def set_height(self, high: float) -> None:
        """Sets the height, margins included; y runs from 0 at the bottom."""
        self.figure.set_size_inches(self.wide / 72, high / 72)
        self.axes.set_xlim(0, self.wide)
        self.axes.set_ylim(0, high)

    def text(self, place: tuple[float, float], text: str, size: float, **look: Any) -> Text:
        """Draws a text in fonts that have its letters."""
        self.texts.append(text)
        look = {"color": INK, "va": "baseline", **look}
        return self.axes.text(*place, text, fontsize=size, family=families(text), parse_math=False, **look)

    def measure(self, text: str, size: float) -> float:
        """Returns the width of a text."""
        probe = Text(0, 0, text, fontsize=size, family=families(text), parse_math=False, figure=self.figure)
        return float(probe.get_window_extent(self._renderer).width) * 72 / DPI

    def lines(self, text: str, size: float) -> list[str]:
        """Breaks a text into lines that fit between the margins, at spaces if possible."""
        lines: list[str] = []
        room = self.wide - 2 * MARGIN
        while text:
            fitting = max(1, bisect_right(range(1, len(text) + 1), room, key=lambda end: self.measure(text[:end], size)))
            space = text.rfind(" ", 0, fitting + 1)
            end = fitting if fitting == len(text) or space < fitting / 2 else space
            lines.append(text[:end].strip())
            text = text[end:].strip()
        return lines


def render(drawn: Figure, format: str) -> bytes:
    """Returns a figure as ``png`` or ``svg``; the same figure gives the same bytes."""
    stream = io.BytesIO()
    wide, high = drawn.get_size_inches()
    dpi = min(DPI, math.sqrt(_PIXELS / (wide * high)), _SIDE / max(wide, high))
    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        # Missing letters have already been reported, in one sentence.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        if format == "svg":
            canvas: Any = FigureCanvasSVG(drawn)
            canvas.print_svg(stream, metadata=_METADATA["svg"])
        else:
            drawn.set_dpi(dpi)
            canvas = FigureCanvasAgg(drawn)
            canvas.print_png(stream, metadata=_METADATA["png"])
    return stream.getvalue()
