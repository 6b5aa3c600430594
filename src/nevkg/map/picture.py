"""Draws answers as maps: PNG and SVG for papers, HTML with rows and evidence for the browser."""

from __future__ import annotations

import re
from html import escape

from nevkg.ask.answer import Answer
from nevkg.errors import WrongUsage, needs_extra
from nevkg.map.markers import Roles
from nevkg.table import formats
from nevkg.table.document import to_document

FORMATS = ("svg", "png", "html")
_GROUP = re.compile(r'<g id="mark-(\d+)">')
_PROLOGUE = re.compile(r"\A.*?(?=<svg )", re.DOTALL)


def draw_map(answer: Answer, format: str, *, every: bool = False) -> bytes:
    """Draws an answer as a map; the same answer gives the same bytes.

    Args:
        answer: the answer of a question with a column of places.
        format: ``png``; ``svg``, in which text remains text; or ``html``, one page with map, rows, evidence and sources.
        every: whether to draw rows of all statuses, not only those that the question shows at first.

    Raises:
        CouldNotRun: if matplotlib is not installed, or the explorer, which brings the outlines, has not been built.
    """
    if format not in FORMATS:
        raise WrongUsage(f"A map cannot be written as '{format}'; choose from {', '.join(FORMATS)}.")
    roles = Roles(answer, every=every)
    with needs_extra("draw"):
        import matplotlib

        from nevkg.map.canvas import MapCanvas
        from nevkg.network.sheet import SETTINGS, render
    with matplotlib.rc_context(SETTINGS):
        canvas = MapCanvas(roles, framed=format == "html")
    if format == "png":
        return render(canvas.figure, format)
    svg = _add_notes(render(canvas.figure, "svg").decode(), answer.title, canvas.notes)
    if format == "svg":
        return svg.encode()
    return to_document(answer, formats.to_csv(answer), figure=_PROLOGUE.sub("", svg))


def _add_notes(svg: str, title: str, notes: list[str]) -> str:
    """Adds a title to the picture and to each mark, which browsers show at the pointer."""
    svg = _GROUP.sub(lambda found: f"{found[0]}<title>{escape(notes[int(found[1])])}</title>", svg)
    return re.sub(r"(<svg [^>]*)>", lambda found: f'{found[1]} role="img"><title>{escape(title)}</title>', svg, count=1)
