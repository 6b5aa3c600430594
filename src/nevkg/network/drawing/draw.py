"""Draws pictures of networks for papers, as PNG or SVG, with matplotlib."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nevkg.errors import WrongUsage, missing_extra
from nevkg.network.drawing.style import Badge, Pattern, Stroke
from nevkg.network.layout.labels import LETTER, clean
from nevkg.network.layout.place import Placement, place
from nevkg.network.model import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# An entry of the legend: a class, a relation, a standing, or a text.
Entry = Badge | Stroke | Pattern | str
DPI = 200
_PIXELS = 40_000_000
# The maximum of pixels that Agg can draw in one direction, with a margin.
_SIDE = 60_000
# Points (1/72 inch) for one unit of a layout.
UNIT = 13.0
FONT = LETTER * UNIT
INK = "#1A1A1A"
QUIET = "#555555"
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

_WORDS = {
    "en": {
        "sources": "{} sources",
        "source": "1 source",
        "nothing": "nothing found",
        "left": "{} labels left out for lack of room",
        "left1": "1 label left out for lack of room",
        "width": "width of lines: {} to {}",
        "rest": "other links",
        "other": "other",
        "standing": "standing:",
        "none": "no standing",
    },
    "zh": {
        "sources": "来源 {} 个",
        "source": "来源 1 个",
        "nothing": "无结果",
        "left": "因空间不足省略 {} 个标签",
        "left1": "因空间不足省略 1 个标签",
        "width": "线宽：{} 至 {}",
        "rest": "其他关系",
        "other": "其他",
        "standing": "证据状况：",
        "none": "无证据状况",
    },
}


def words(network: Network) -> Mapping[str, str]:
    """Returns the texts on a picture in the language of the network."""
    return _WORDS.get(network.language, _WORDS["en"])


def picture(network: Network, format: str) -> bytes:
    """Draws a picture for a paper; the same network gives the same bytes.

    Args:
        network: the network.
        format: ``png`` with 200 dots per inch (fewer for very large pictures), or ``svg`` in which text remains text.

    Raises:
        WrongUsage: if the format is unknown.
        CouldNotRun: if matplotlib or networkx is not installed.
    """
    if format not in _METADATA:
        raise WrongUsage(f"A picture cannot be written as '{format}'; choose from {', '.join(_METADATA)}.")
    return render(figure(network), format)


def render(drawn: Figure, format: str) -> bytes:
    """Returns a figure as ``png`` or ``svg``; the same figure gives the same bytes."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

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


def figure(network: Network) -> Figure:
    """Returns the picture as a matplotlib figure with one pair of axes over the whole figure, in points.

    The labels of nodes are texts with a gid that begins with ``label``.

    Raises:
        CouldNotRun: if matplotlib or networkx is not installed.
    """
    try:
        import matplotlib

        from nevkg.network.drawing.canvas import Canvas
    except ImportError as error:
        raise missing_extra("draw", error) from None
    with matplotlib.rc_context(SETTINGS):
        return Canvas(network, place(network)).figure


def caption(network: Network, left_out: int) -> str:
    """Returns the text at the bottom: the description of the network, the number of sources, and of labels left out."""
    say = words(network)
    number = len(network.sources)
    parts = [clean(network.description)[:600]]
    if number:
        parts.append(say["source"] if number == 1 else say["sources"].format(number))
    if left_out:
        parts.append(say["left1"] if left_out == 1 else say["left"].format(left_out))
    return "; ".join(parts) + "."


def legend(network: Network, badges: Mapping[str, Badge], strokes: Mapping[str, Stroke], patterns: Mapping[str, Pattern]) -> list[Entry]:
    """Returns the entries of the legend: relations only if there are several, standings only if there are any; "" begins a new line."""
    found: list[Entry] = list(badges.values())
    say = words(network)
    if len(strokes) > 1:
        named = [stroke for stroke in strokes.values() if stroke.label]
        rest = [Stroke(say["rest"], stroke.color, stroke.hollow) for stroke in strokes.values() if not stroke.label][:1]
        found += ["", *named, *rest]
    if list(patterns) not in ([], [""]):
        found += ["", say["standing"], *patterns.values()]
    weights = [edge.weight for edge in network.edges if math.isfinite(edge.weight)]
    if weights and min(weights) < max(weights):
        found.append(say["width"].format(f"{min(weights):g}", f"{max(weights):g}"))
    return found


def extent(placed: Placement) -> tuple[float, float]:
    """Returns width and height of the network without title, legend and caption, in points."""
    left, bottom, right, top = placed.box
    return (right - left) * UNIT, (top - bottom) * UNIT
