"""Writes a network as one self-contained, interactive HTML file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from nevkg.network.drawing.draw import caption
from nevkg.network.drawing.page_data import page_data
from nevkg.network.drawing.page_words import WORDS
from nevkg.network.drawing.style import Badge, Pattern, Stroke, badges, pattern_of, patterns, strokes, widths
from nevkg.network.layout.labels import break_lines, clean
from nevkg.network.layout.place import Label, Placement, Point, arrow, place
from nevkg.network.model import Network

# Pixels per unit of a layout.
UNIT = 20.0
FONT = 12
# The line width of which dashes and gaps are multiples.
_THIN = 1.2
_EPOCH = date(1970, 1, 1)


def page(network: Network) -> bytes:
    """Returns the page: an SVG of the network with search, legend, a date slider, and the sources of each edge.

    Raises:
        CouldNotRun: if networkx or numpy is not installed.
    """
    placed = place(network)
    say = WORDS.get(network.language, WORDS["en"])
    kinds = badges(network, say["other"])
    looks, standings = strokes(network), patterns(network, say["unsupported"])
    left, bottom, right, top = placed.box
    box = [_number(left * UNIT), _number(-top * UNIT), _number((right - left) * UNIT), _number((top - bottom) * UNIT)]
    data = page_data(network, placed, list(kinds), say) | {"box": box, "roomy": len(placed.labels) >= len(network.nodes)}
    for node in data["nodes"]:
        node["x"], node["y"] = (_number(UNIT * node["x"]), _number(-UNIT * node["y"]))
    script = files("nevkg.network.drawing").joinpath("viewer.js").read_text(encoding="utf-8")
    style = files("nevkg.network.drawing").joinpath("viewer.css").read_text(encoding="utf-8") + _colors(kinds, looks)
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    title, source = clean(network.title), caption(network, 0)
    encoded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang={quoteattr(network.language)}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<div id="search"><input type="search" placeholder="{say["search"]}" aria-label="{say["search"]}"><p id="hits" role="status"></p></div>
<div id="buttons"><button type="button" id="in" aria-label="{say["in"]}">+</button>
<button type="button" id="out" aria-label="{say["out"]}">−</button>
<button type="button" id="fit">{say["fit"]}</button></div>
</header>
<main>
{_svg(network, placed, (kinds, looks, standings), box, title)}
{_legend(kinds, looks, standings, say)}
</main>
<aside id="panel" hidden aria-live="polite"></aside>
<footer>
{_time(network, say)}<p>{escape(source)}</p>
</footer>
<script type="application/json" id="data">{encoded}</script>
<script>{script}</script>
</body>
</html>
""".encode()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _number(value: float) -> float:
    return round(value, 1) + 0.0


def _colors(kinds: Mapping[str, Badge], looks: Mapping[str, Stroke]) -> str:
    """Returns CSS rules for the colours of classes and relations: the security policy of the page forbids inline styles."""
    rules = [f".k{number} {{ --c: {badge.color} }}" for number, badge in enumerate(kinds.values())]
    return "\n".join([*rules, *(f".r{number} {{ --c: {stroke.color} }}" for number, stroke in enumerate(looks.values())), ""])


def _svg(
    network: Network,
    placed: Placement,
    looks: tuple[Mapping[str, Badge], Mapping[str, Stroke], Mapping[str, Pattern]],
    box: Sequence[float],
    title: str,
) -> str:
    """Returns the picture as SVG."""
    kinds, relations, shapes = list(looks[0]), list(looks[1]), list(looks[0].values())
    parts = [
        f'<svg id="picture" viewBox="{" ".join(f"{side:g}" for side in box)}" role="group" aria-label={quoteattr(title)}><g id="world">'
    ]
    sizes = widths(network.edges)
    for number, edge in enumerate(network.edges):
        line, head = arrow(placed.curves[number], 0.42 * (0.8 + 0.2 * sizes[number]))
        path, stroke = _path(line), _stroke_attributes(pattern_of(edge, looks[2]), 1.3 * sizes[number])
        parts.append(
            f'<g class="edge r{relations.index(edge.relation.iri)}" data-i="{number}"><path class="reach" d="{path}"/>'
            f'<path class="line" d="{path}"{stroke}/>{_head(looks[1][edge.relation.iri], head)}</g>'
        )
    for number, (iri, node) in enumerate(network.nodes.items()):
        x, y = placed.points[iri]
        size, label = placed.sizes[iri], placed.labels.get(iri)
        label = label or Label(break_lines(node.label) or [""], x + size + 0.12, y, 1)
        kind = kinds.index(node.kind.iri)
        name = quoteattr(", ".join(filter(None, (clean(node.label), clean(node.kind.label)))))
        parts.append(
            f'<g class="node k{kind}" data-i="{number}" tabindex="0" role="button" aria-label={name}'
            f' transform="translate({x * UNIT:.1f} {-y * UNIT:.1f})">{_shape(shapes[kind], size * UNIT)}{_text(label, (x, y))}</g>'
        )
    return "\n".join([*parts, "</g></svg>"])


def _stroke_attributes(pattern: Pattern, width: float) -> str:
    """Returns the SVG attributes for the width and dashes of a line."""
    dashes = " ".join(f"{_THIN * dash:.3g}" for dash in pattern.dashes)
    return f' stroke-width="{width * pattern.share:.2f}"' + (f' stroke-dasharray="{dashes}"' if dashes else "")


def _head(stroke: Stroke, corners: Sequence[Point], size: float = UNIT) -> str:
    return f'<polygon class="head{" hollow" if stroke.hollow else ""}" points="{_points(corners, size)}"/>'


def _path(curve: Sequence[Point]) -> str:
    """Formats a chain of cubic curves as the data of an SVG path."""
    places = [f"{UNIT * x:.1f} {-UNIT * y:.1f}" for x, y in curve]
    return f"M{places[0]}C{' '.join(places[1:])}"


def _points(corners: Sequence[Point], size: float = UNIT) -> str:
    return " ".join(f"{size * x:.1f},{-size * y:.1f}" for x, y in corners)


def _shape(badge: Badge, size: float) -> str:
    if not badge.corners:
        return f'<circle class="shape" r="{size:.1f}"/>'
    return f'<polygon class="shape" points="{_points(badge.corners, size)}"/>'


def _text(label: Label, point: Point) -> str:
    """Returns a label as SVG, positioned relative to the centre of its node."""
    x, middle = UNIT * (label.x - point[0]), -UNIT * (label.y - point[1]) + 0.35 * FONT
    anchor = ("end", "middle", "start")[label.align + 1]
    lines = [
        f'<tspan x="{x:.1f}" y="{middle + 16 * (number - (len(label.lines) - 1) / 2):.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(label.lines)
    ]
    return f'<text text-anchor="{anchor}" font-size="{FONT}">{"".join(lines)}</text>'


def _legend(kinds: Mapping[str, Badge], looks: Mapping[str, Stroke], standings: Mapping[str, Pattern], say: Mapping[str, str]) -> str:
    parts = [f'<details id="legend" open><summary>{say["legend"]}</summary>']
    for number, badge in enumerate(kinds.values()):
        shape = f'<svg width="14" height="14" viewBox="-7 -7 14 14" class="k{number}" aria-hidden="true">{_shape(badge, 4.6)}</svg>'
        label = escape(clean(badge.label))
        parts.append(
            f'<button type="button" data-kind="{number}" aria-pressed="true" title="{say["toggle"]}">{shape}<span>{label}</span></button>'
        )
    rest = False
    for number, stroke in enumerate(looks.values() if len(looks) > 1 else ()):
        if not stroke.label and rest:
            continue
        rest = rest or not stroke.label
        line = f'<path class="line" d="M0 4H19" stroke-width="2"/>{_head(stroke, [(25, -4), (17, -1), (17, -7)], 1)}'
        label = escape(clean(stroke.label) or say["rest"])
        parts.append(f'<p><svg width="26" height="8" class="r{number}" aria-hidden="true">{line}</svg><span>{label}</span></p>')
    if list(standings) not in ([], [""]):
        parts.append(f"<h2>{say['standing']}</h2>")
        for pattern in standings.values():
            line = f'<path class="line" d="M0 4H34"{_stroke_attributes(pattern, 1.6)}/>'
            parts.append(f'<p><svg width="34" height="8" aria-hidden="true">{line}</svg><span>{escape(clean(pattern.label))}</span></p>')
    return "\n".join([*parts, "</details>"])


def _time(network: Network, say: Mapping[str, str]) -> str:
    """Returns the date slider; empty if edges have no dates."""
    days = [day for edge in network.edges for spell in edge.spells for day in spell if day]
    try:
        numbers = [(date.fromisoformat(day[:10]) - _EPOCH).days for day in [*days, network.as_of]]
    except ValueError:
        return ""
    if not days or min(numbers) == max(numbers):
        return ""
    least, most = min(numbers), max(numbers)
    return (
        f'<div id="time"><label><input type="checkbox" checked> {say["all"]}</label>'
        f'<input type="range" min="{least}" max="{most}" value="{most}" aria-label="{say["day"]}"><output>{say["always"]}</output></div>'
    )
