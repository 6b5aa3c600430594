"""Cleans, breaks and measures labels without a font, and places them beside their nodes."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from nevkg.network.layout import LINE, Box, Label, Point
from nevkg.network.model import Network

# One unit of a layout is the height of a line of text; the font size is this share of it.
LETTER = 0.6
_NARROW = frozenset("iljftrI.,:;|!'()[]/- ·")
_WIDE = frozenset("mwMW@%&")


def clean(text: str) -> str:
    """Returns one line without control characters, direction marks and other invisible characters, which pictures or XML cannot hold."""
    letters = (letter if unicodedata.category(letter)[0] != "C" else " " if letter.isspace() else "" for letter in text)
    return " ".join("".join(letters).split())


def width(letter: str) -> float:
    """Returns the maximum width of a letter, in multiples of the font size."""
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in _NARROW:
        return 0.42
    if letter in _WIDE:
        return 1.0
    return 0.72 if letter.isupper() else 0.64


def measure(text: str) -> float:
    """Returns the maximum width of a label, in units of a layout."""
    return LETTER * sum(map(width, text))


def shorten(text: str, most: float = 22.0) -> str:
    """Cleans a label and cuts it to at most ``most`` units of a layout; an ellipsis marks the cut."""
    text = clean(text)
    used = 0.0
    for place, letter in enumerate(text):
        used += LETTER * width(letter)
        if used > most:
            cut = text[:place]
            # Cut between words, unless that would lose much of the text.
            space = cut.rfind(" ")
            return (cut[:space] if space > 0.7 * place else cut).rstrip(" ,;:-(") + "…"
    return text


def break_lines(text: str, most: float = 9.5) -> list[str]:
    """Cleans a label and breaks it into one line, or two of about the same width; none if it has no visible letters.

    Each line is at most ``most`` units of a layout wide.
    """
    text = clean(text)
    if measure(text) <= most:
        return [text] if text else []
    half = min(measure(text) / 2, most)
    used, ends = 0.0, [0]
    for place, letter in enumerate(text):
        # A line can end at a space, or after any full-width letter, such as a Chinese character.
        if (letter == " " or (width(letter) == 1.0 and ord(letter) > 0x2E7F)) and used <= most:
            ends.append(place + (letter != " "))
            if used >= half:
                break
        used += LETTER * width(letter)
    fitting = [end for end in ends if end and measure(text[:end]) <= most]
    end = min(fitting, key=lambda place: (abs(measure(text[:place]) - half), place), default=0)
    if not end or measure(text[:end]) < 0.35 * half:
        return [shorten(text, most)]
    return [text[:end].rstrip(), shorten(text[end:], most)]


# Maximum number of labels; in larger networks only the nodes with the most edges are labelled.
_MOST = 800
_SPACE = 0.12


def place_labels(
    network: Network, points: Mapping[str, Point], sizes: Mapping[str, float], curves: Sequence[Sequence[Point]]
) -> dict[str, Label]:
    """Places the labels, those of nodes with the most edges first; a label without room is left out."""
    import numpy

    degrees = Counter(iri for edge in network.edges for iri in edge.ends)
    chosen = sorted(network.nodes, key=lambda iri: (-degrees[iri], iri))
    nodes = numpy.array([(x - sizes[iri], y - sizes[iri], x + sizes[iri], y + sizes[iri]) for iri, (x, y) in points.items()])
    step = 0.35 if len(curves) <= _MOST else 1.5
    sampled = [point for curve in curves for point in sample_curve(curve, step)]
    dots = numpy.array(sampled or [(math.inf, math.inf)])
    taken = nodes
    found = {}
    for iri in chosen[:_MOST]:
        lines = break_lines(network.nodes[iri].label)
        best: tuple[float, Label] | None = None
        for rank, label in enumerate(_candidates(lines, points[iri], sizes[iri]) if lines else ()):
            left, low, right, top = label.box
            free = (taken[:, 0] >= right) | (taken[:, 2] <= left) | (taken[:, 1] >= top) | (taken[:, 3] <= low)
            if free.all():
                covered = (dots[:, 0] > left) & (dots[:, 0] < right) & (dots[:, 1] > low) & (dots[:, 1] < top)
                cost = float(covered.sum()) + 0.4 * rank
                if best is None or cost < best[0]:
                    best = cost, label
        if best:
            found[iri] = best[1]
            taken = numpy.vstack([taken, [_wider(best[1].box)]])
    return found


def _wider(box: Box) -> Box:
    return box[0] - _SPACE, box[1] - _SPACE / 2, box[2] + _SPACE, box[3] + _SPACE / 2


def _candidates(lines: Sequence[str], point: Point, size: float) -> Iterator[Label]:
    """Yields positions around a node, best first: beside, below, above, diagonally, and then the same farther away."""
    x, y = point
    half = LINE * len(lines) / 2
    for more in (0.0, 0.35, 0.8):
        reach = size + _SPACE + more
        yield Label(lines, x + reach, y, 1)
        yield Label(lines, x - reach, y, -1)
        yield Label(lines, x, y - reach - half, 0)
        yield Label(lines, x, y + reach + half, 0)
        for side in (1, -1):
            for up in (-1, 1):
                yield Label(lines, x + side * 0.7 * reach, y + up * (0.7 * reach + half), side)
                yield Label(lines, x + side * 0.95 * reach, y + up * half, side)
                yield Label(lines, x - side * 1.2, y + up * (reach + half), side)


def sample_curve(curve: Sequence[Point], step: float) -> Iterator[Point]:
    """Yields points on a chain of cubic Bézier curves, at distances of about ``step``."""
    for begin in range(0, len(curve) - 1, 3):
        a, b, c, d = curve[begin : begin + 4]
        number = max(2, math.ceil(math.dist(a, d) / step))
        for part in range(number + 1):
            t = part / number
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
            yield (
                sum(weight * corner[0] for weight, corner in zip(weights, (a, b, c, d), strict=True)),
                sum(weight * corner[1] for weight, corner in zip(weights, (a, b, c, d), strict=True)),
            )
