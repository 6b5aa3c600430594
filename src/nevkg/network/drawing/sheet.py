"""A sheet on which texts are measured before they are drawn; import this module only if matplotlib is installed."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from nevkg.network.drawing import draw
from nevkg.network.drawing.fonts import families

MARGIN = 16.0


class Sheet:
    """A figure with one pair of axes, in points. Its height is set once the texts are broken into lines."""

    def __init__(self, wide: float) -> None:
        """Creates a sheet that is ``wide`` points wide, margins included."""
        self.wide = wide
        self.figure = Figure(figsize=(wide / 72, 10), dpi=draw.DPI, facecolor="white")
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
        look = {"color": draw.INK, "va": "baseline", **look}
        return self.axes.text(*place, text, fontsize=size, family=families(text), parse_math=False, **look)

    def measure(self, text: str, size: float) -> float:
        """Returns the width of a text."""
        probe = Text(0, 0, text, fontsize=size, family=families(text), parse_math=False, figure=self.figure)
        return float(probe.get_window_extent(self._renderer).width) * 72 / draw.DPI

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
