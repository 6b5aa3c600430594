"""Draws a map with matplotlib; import this module only if matplotlib is installed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.patches import Circle, PathPatch, Rectangle, Wedge
from matplotlib.path import Path

from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.support import STANDING
from nevkg.map.atlas import Outline, Point, load_gazetteer, load_outlines, project, project_ring
from nevkg.map.frame import Disc, Frame, spread
from nevkg.map.legend import COAST, GREY, LAND, SEA, WORDS, Legend, LegendEntry, LegendSection, Shades, Sizes, assign_colors
from nevkg.map.markers import NOTHING, Marker, Roles, find_markers, find_standings
from nevkg.network import drawing
from nevkg.network.edges import find_dashes, find_upheld
from nevkg.network.figure import trace_outline
from nevkg.network.label_text import clean, shorten
from nevkg.network.sheet import MARGIN, Sheet, warn_of_missing
from nevkg.table.listings import heading

_WIDE, _SHAPE = 720.0, 0.52
_TITLE, _ABOUT, _SMALL = 13.0, 8.5, 6.5
_NAME = 7.0
_MOST_SHIFT = 0.03
_MOST_UNLOCATED = 12
_FAINT = 0.4
_LETTERS = 20.0
# The share of the darkest shade from which texts on it are light.
_DARK = 0.5
_RING = 1.7
# Where the name of a country may be: at its centre, or near it, in halves of its own width and in points.
_NEAR = ((0, 0), (0, -9), (0, 9), (1, -9), (-1, -9), (1, 9), (-1, 9), (0, -18), (0, 18), (1, 0), (-1, 0))

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Look:
    """How a mark is drawn: its outline, whether its number is not actual, and whether sources do not support it enough to count it."""

    shape: Sequence[Point]
    is_hollow: bool = False
    is_faint: bool = False


class MapCanvas(Sheet):
    """A figure with title, map, legend and caption, each as high as necessary.

    ``notes`` has the text for each mark, in the order of their gids ``mark-0`` and so on.
    """

    def __init__(self, roles: Roles, *, framed: bool) -> None:
        """Draws the marks of an answer; if ``framed``, title and citation are around the picture, which does not contain them."""
        super().__init__(_WIDE)
        self._roles, self._answer = roles, roles.answer
        self._say, self._language = WORDS[self._answer.language], self._answer.language
        self._gazetteer = load_gazetteer(self._answer.store)
        statuses = roles.rank_statuses()
        self._shapes = {status: drawing.SHAPES[place % len(drawing.SHAPES)] for place, status in enumerate(statuses)}
        self._dashes, self._upheld = find_dashes(self._answer.store), find_upheld(self._answer.store)
        markers, unlocated, self._counts = find_markers(roles, self._gazetteer, statuses, self._dashes)
        self._coarse = sum(self._gazetteer.is_coarse(marker.place) for marker in markers)
        # A mark in the middle of a country would suggest a position that no source states.
        drawn = [marker for marker in markers if not self._gazetteer.is_coarse(marker.place)]
        self._areas = [marker for marker in drawn if marker.is_area and self._gazetteer.areas[marker.place.iri]]
        self._points = [marker for marker in drawn if marker not in self._areas]
        keys = [key for record in self._answer.records for key in roles.keys(record, "color")]
        self._colors, self._names = assign_colors(self._answer.store, keys), roles.names()
        self._sizes = Sizes(None if marker.is_area else marker.size for marker in self._points)
        countries = [marker for marker in drawn if marker.is_area]
        has_sizes = any(marker.size is not None for marker in countries)
        self._shades = Shades({marker.place.iri: (marker.size or 0.0) if has_sizes else float(marker.rows) for marker in countries})
        self.notes: list[str] = []

        above = [] if framed else self._heading()
        legend = Legend(self, list(self._sections(has_sizes=has_sizes)))
        wide = self.wide - 2 * MARGIN
        shown = [point for marker in drawn for point in self._extent(marker)]
        self._frame = Frame(wide, wide * _SHAPE, (MARGIN, 0.0), shown)
        # The caption depends on where the marks are, and their height on how long the caption is.
        self._points.sort(key=lambda marker: (-self._radius(marker), marker.place.iri))
        homes = [
            Disc(*self._frame.place(project(marker.place.point)), self._radius(marker) + (_RING if marker.standing in self._dashes else 0))
            for marker in self._points
        ]
        places = spread(homes, _MOST_SHIFT * wide)
        self._is_moved = any(math.dist(place, (home.x, home.y)) > 1 for place, home in zip(places, homes, strict=True))
        caption = [line for text in self._caption(unlocated, framed=framed) for line in self.lines(clean(text), _SMALL)]
        bottom = MARGIN + 9.0 * len(caption) + 6 + legend.high + 8
        total = bottom + wide * _SHAPE + sum(1.45 * size for _, size in above) + (8 if above else 0) + MARGIN
        self.set_height(total)
        self._frame.low = (MARGIN, bottom)
        discs = [Disc(x, y + bottom, home.r) for (x, y), home in zip(places, homes, strict=True)]
        self._world()
        self._marks(discs)
        self._area_names(discs)
        y = total - MARGIN
        for line, size in above:
            self.text((MARGIN, y), line, size, va="top", color=drawing.INK if size == _TITLE else drawing.QUIET)
            y -= 1.45 * size
        legend.draw(bottom - 6)
        for number, line in enumerate(reversed(caption)):
            self.text((MARGIN, MARGIN + 9.0 * number), line, _SMALL, color=drawing.QUIET)
        warn_of_missing(self.texts)

    def _heading(self) -> list[tuple[str, float]]:
        """Returns the lines above the map, each with its size: title, filters, day and support."""
        title, filters = heading(self._answer)
        support = self._population() if self._roles.has_periods else self._answer.support.text if self._answer.support else ""
        texts = [(title, _TITLE), (filters, _ABOUT), (f"{self._say['as_of'].format(self._answer.as_of)} {support}".strip(), _ABOUT)]
        return [(line, size) for text, size in texts for line in self.lines(clean(text), size)]

    def _population(self) -> str:
        """Returns how many of the places have each standing, in words, with those that are left out."""
        shown = find_standings(self._roles, self._roles.rows, self._dashes)
        every = find_standings(self._roles, self._roles.rows_of_all_standings, self._dashes)
        left_out = [standing for key, standing in every.items() if key not in shown]
        others = self._count_standings(left_out)
        more = self._say["left_out"].format(len(left_out), others) if others else ""
        return f"{self._say['population'].format(self._count_standings(shown.values()) or 0)} {more}".strip()

    def _count_standings(self, standings: Iterable[str]) -> str:
        counts = Counter(standings)
        return self._say["comma"].join(f"{counts[standing]} {self._names[standing]}" for standing in self._dashes if counts[standing])

    def _extent(self, marker: Marker) -> Sequence[Point]:
        """Returns what the map must show of a mark: its point, or the largest part of an area."""
        outline = self._gazetteer.areas.get(marker.place.iri) if marker.is_area else None
        return outline.largest if outline else [marker.place.point]

    def _world(self) -> None:
        """Draws sea, land and the shaded areas."""
        low, wide, high = self._frame.low, self._frame.wide, self._frame.high
        sea = Rectangle(low, wide, high, facecolor=SEA, edgecolor="#DDD8CC", linewidth=0.6, zorder=0)
        self.axes.add_patch(sea)
        shaded = {marker.place.iri: marker for marker in self._areas}
        owners = {outline.name: iri for iri, outline in self._gazetteer.areas.items() if outline}
        for outline in load_outlines():
            rings = [list(map(self._frame.place, project_ring(ring))) for part in outline.parts for ring in part]
            if not any(self._frame.holds(point) for ring in rings for point in ring):
                continue
            marker = shaded.get(owners.get(outline.name, ""))
            gid = {"gid": self._note(marker)} if marker else {}
            color = self._shades.of(marker.place.iri) if marker else LAND
            land = PathPatch(_compound(rings), facecolor=color, edgecolor=COAST, linewidth=0.4, zorder=1, **gid)
            self.axes.add_patch(land).set_clip_path(sea)

    def _radius(self, marker: Marker) -> float:
        """Returns the radius of a mark without its ring."""
        return self._sizes.radius(None if marker.is_area else marker.size)

    def _marks(self, discs: Sequence[Disc]) -> None:
        """Draws the marks, the largest first."""
        for marker, disc in zip(self._points, discs, strict=True):
            colors = [self._shades.of(marker.place.iri)] if marker.is_area else [self._colors.get(key, GREY) for key in marker.colors]
            look = _Look(
                self._shapes.get(marker.status, ()), marker.is_planned, marker.standing != NOTHING and marker.standing not in self._upheld
            )
            self._mark((disc.x, disc.y), self._radius(marker), colors, look, self._note(marker))
            if marker.standing in self._dashes:
                self._ring((disc.x, disc.y), disc.r, marker.standing)

    def _mark(self, place: Point, r: float, colors: Sequence[str], look: _Look, gid: str | None = None) -> None:
        """Draws a mark: a circle with several colours shows the first two."""
        first, common = colors[0], {"zorder": 3, "clip_on": gid is not None}
        alpha = _FAINT if look.is_faint else 1.0
        self.axes.add_patch(PathPatch(trace_outline(look.shape, place, r + 0.9), facecolor="white", edgecolor="none", **common))
        edge, width = (first, 1.3) if look.is_hollow else ("white", 0.4)
        face = "none" if look.is_hollow else first
        shape = trace_outline(look.shape, place, r)
        self.axes.add_patch(PathPatch(shape, facecolor=face, edgecolor=edge, linewidth=width, alpha=alpha, gid=gid, **common))
        if len(colors) > 1 and not look.shape and not look.is_hollow:
            self.axes.add_patch(Wedge(place, r, -90, 90, facecolor=colors[1], edgecolor="none", alpha=alpha, **common))

    def _ring(self, place: Point, r: float, standing: str) -> None:
        """Draws the ring that shows a standing."""
        dashes = (0, self._dashes[standing] or None)
        self.axes.add_patch(Circle(place, r, facecolor="none", edgecolor=drawing.INK, linewidth=0.8, linestyle=dashes, zorder=3))

    def _area_names(self, discs: Sequence[Disc]) -> None:
        """Writes the names of the countries with the most marks, as many as fit without overlap, and near by if a mark is there."""
        marks = [(disc.x - disc.r - 2, disc.y - disc.r - 2, disc.x + disc.r + 2, disc.y + disc.r + 2) for disc in discs]
        names: list[Box] = []
        labels = find_display_labels(self._answer.store, self._counts, self._answer.language)
        for area in sorted(self._counts, key=lambda iri: (-self._counts[iri], -self._shades.share(iri), iri)):
            outline = self._gazetteer.areas[area]
            if outline is None or not (text := shorten(labels[area], _LETTERS)):
                continue
            x, y = self._frame.place(project(outline.centre))
            half = self.measure(text, _NAME) / 2 + 1
            for right, up in _NEAR:
                place = (x + right * half, y + up)
                box = (place[0] - half, place[1] - 4.5, place[0] + half, place[1] + 4.5)
                if any(_overlap(box, other) for other in marks):
                    continue
                if self._frame.holds(place, (half, 6)) and not any(_overlap(box, other) for other in names):
                    names += [box] if self._area_name(text, box, outline, self._shades.share(area)) else []
                break

    def _area_name(self, text: str, box: Box, outline: Outline, shade: float) -> bool:
        """Writes the name of a country unless it would be on another one of a lighter or darker shade; returns whether it did."""
        left, low, right, top = box
        color = drawing.QUIET
        if self._areas:
            ring = Path([self._frame.place(point) for point in project_ring(outline.largest)])
            is_within = ring.contains_points([(left, low), (left, top), (right, low), (right, top)]).all()
            if not is_within and shade < _DARK:
                return False
            color = drawing.INK if shade < _DARK or not is_within else "white"
            if not is_within:
                veil = Rectangle((left, low), right - left, top - low, facecolor="white", alpha=0.75, edgecolor="none", zorder=2.4)
                self.axes.add_patch(veil)
        self.text(((left + right) / 2, (low + top) / 2), text, _NAME, ha="center", va="center_baseline", color=color, zorder=2.5)
        return True

    def _sections(self, *, has_sizes: bool) -> Iterable[LegendSection]:
        say, points = self._say, [marker for marker in self._points if not marker.is_area]
        used = {key for marker in points for key in marker.colors}
        has_status_colors = self._roles.label("color") == self._roles.label("status")
        if points and self._roles.label("color") and not has_status_colors:
            named = [key for key in self._colors if key in used and self._colors[key] != GREY]
            entries = [self._swatch(self._names[key], self._colors[key]) for key in named]
            if rest := used.difference(named):
                entries.append(self._swatch(say["unstated"] if rest == {NOTHING} else say["others"], GREY))
            yield LegendSection(self._roles.label("color"), entries)
        if points and self._roles.label("status"):
            shown = {marker.status for marker in points}
            yield LegendSection(
                self._roles.label("status"),
                [
                    self._swatch(
                        self._names.get(key, say["unstated"]), self._colors.get(key, GREY) if has_status_colors else drawing.INK, shape
                    )
                    for key, shape in self._shapes.items()
                    if key in shown
                ],
            )
        if steps := self._sizes.steps:
            entries = [self._disc(f"{step:,.10g}", self._sizes.radius(step)) for step in steps]
            unsized = [self._disc(say["unsized"], self._sizes.radius(None))] if any(marker.size is None for marker in points) else []
            kinds = {key for record in self._roles.rows if not self._roles.is_actual(record) for key in self._roles.keys(record, "planned")}
            names = say["comma"].join(sorted(self._names[key] for key in kinds if key in self._names))
            planned = any(marker.is_planned for marker in points)
            hollow = [self._swatch(say["hollow"].format(names), drawing.INK, is_hollow=True)] if planned else []
            yield LegendSection(say["sizes"].format(self._roles.label("size")), [*entries, *unsized, *hollow])
        standings = [standing for standing in self._dashes if any(marker.standing == standing for marker in points)]
        if standings:
            position = self._answer.position(STANDING)
            title = self._answer.columns[position].label[self._language]
            yield LegendSection(title, [self._circle(self._names[standing], standing) for standing in standings])
        if self._areas:
            label = self._roles.label("size") if has_sizes else say["rows"]
            steps = self._shades.steps
            if has_sizes or len(steps) > 1:
                yield LegendSection(say["shades"].format(label), [self._shade(f"{step:,.10g}", self._shades.color(step)) for step in steps])

    def _swatch(self, text: str, color: str, shape: Sequence[Point] = (), *, is_hollow: bool = False) -> LegendEntry:
        look = _Look(shape, is_hollow=is_hollow)
        return LegendEntry(shorten(text, _LETTERS), 8, 8, lambda place: self._mark(place, 3.6, [color], look))

    def _disc(self, text: str, r: float) -> LegendEntry:
        look: dict[str, Any] = {"facecolor": "none", "edgecolor": "#8C877B", "linewidth": 0.9}
        return LegendEntry(text, 2 * r, 2 * r, lambda place: self.axes.add_patch(Circle(place, r, **look)))

    def _circle(self, text: str, standing: str) -> LegendEntry:
        return LegendEntry(shorten(text, _LETTERS), 12, 12, lambda place: self._ring(place, 4.6, standing))

    def _shade(self, text: str, color: str) -> LegendEntry:
        look: dict[str, Any] = {"facecolor": color, "edgecolor": "#DDD8CC", "linewidth": 0.6}
        return LegendEntry(text, 16, 9, lambda place: self.axes.add_patch(Rectangle((place[0] - 8, place[1] - 4.5), 16, 9, **look)))

    def _note(self, marker: Marker) -> str:
        """Records the text of a mark and returns its gid."""
        keys = [*marker.colors, marker.status, marker.standing]
        size = f"{self._roles.label('size')} {marker.size:,.10g}" if marker.size is not None else ""
        names = [self._names[key] for key in keys if key in self._names]
        self.notes.append(clean(" · ".join(dict.fromkeys(filter(None, (marker.label, *names, size))))))
        return f"mark-{len(self.notes) - 1}"

    def _caption(self, unlocated: Sequence[str], *, framed: bool) -> Iterable[str]:
        say = self._say
        shown = f"{len(self._points) + len(self._areas):,}"
        things = self._answer.question.show.get("things", {}).get(self._language, say["places"])
        yield " ".join(
            filter(
                None,
                (
                    say["shown"].format(shown, things),
                    say["coarse"].format(self._coarse) if self._coarse else "",
                    say["unlocated"].format(_first(unlocated, say["comma"])) if unlocated else "",
                    say["hidden"].format(self._roles.hidden) if self._roles.hidden else "",
                    say["moved"] if self._is_moved else "",
                    say["outlines"],
                ),
            )
        )
        if framed:
            return
        sources = self._answer.sources
        days = [source.published for source in sources if len(source.published) == 10]
        yield say["newest"].format(f"{len(sources):,}", max(days)) if days else say["sources"].format(f"{len(sources):,}")
        yield self._answer.footnote


def _first(labels: Sequence[str], comma: str) -> str:
    return comma.join(labels[:_MOST_UNLOCATED]) + (f" … ({len(labels)})" if len(labels) > _MOST_UNLOCATED else "")


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _compound(rings: Sequence[Sequence[Point]]) -> Path:
    """Returns one path of closed rings."""
    codes = [code for ring in rings for code in (Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY)]
    return Path([point for ring in rings for point in ring], codes)
