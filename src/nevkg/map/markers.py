"""The marks of a map: one for the rows of each place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from nevkg.ask.answer import Answer
from nevkg.ask.support import STANDING
from nevkg.errors import WrongUsage
from nevkg.map.atlas import Gazetteer, Place
from nevkg.table.frames import Record
from nevkg.table.values import Value, each, to_machine_text, to_text

# The key of a value that is not stated.
NOTHING = ""


@dataclass(frozen=True)
class Marker:
    """A mark: its place and label, its number, and the keys of its colours, its status and its standing.

    Its number is the greatest actual one of its rows, or the greatest of the others, such as planned ones, if none is actual.
    """

    place: Place
    label: str
    rows: int
    size: float | None
    is_planned: bool
    colors: Sequence[str]
    status: str
    standing: str
    is_area: bool


class Roles:
    """The columns of an answer by their roles on a map, and its rows on the day of the answer."""

    def __init__(self, answer: Answer, *, every: bool = False) -> None:
        """Finds the rows.

        Args:
            every: whether to use rows of all statuses, not only those that the question shows at first.

        Raises:
            WrongUsage: if the question has no column with places.
        """
        self.answer, self._show = answer, answer.question.show
        if "place" not in self._show:
            raise WrongUsage(f"The question '{answer.question.name}' has no column with places, so it cannot be drawn as a map.")
        self._day = date.fromisoformat(answer.as_of)
        self._filters = {} if every else self._read_filters()
        current = [record for record in answer.records if self._holds(record)]
        self.rows = self._select(current)
        self.hidden = len(current) - len(self.rows)
        self.rows_of_all_standings = self._select(current, without=STANDING)

    def _read_filters(self) -> dict[str, set[str]]:
        """Returns the keys of the rows to draw, by the name of the column."""
        columns = [self._show["status"]] if "status" in self._show and "status" not in self.answer.parameters else []
        filters = {}
        for name in [*columns, *self._show.get("filters", ())]:
            # A column of which no row has one of the first values is still narrowed, to nothing.
            namespaces = {_namespace(key) for record in self.answer.records for key in self._keys(record, name)}
            if first := {key for key in self._show.get("first", ()) if _namespace(key) in namespaces}:
                filters[name] = first
        return filters

    def _select(self, records: Sequence[Record], without: str = "") -> list[Record]:
        filters = [(name, keys) for name, keys in self._filters.items() if name != without]
        return [record for record in records if all(keys & set(self._keys(record, name)) for name, keys in filters)]

    def label(self, role: str) -> str:
        """Returns the heading of the column with a role; empty if no column has it."""
        return self.answer.columns[self.answer.position(self._show[role])].label[self.answer.language] if role in self._show else ""

    def value(self, record: Record, role: str) -> Value:
        """Returns the cell of the column with a role; None if no column has it."""
        name = STANDING if role == STANDING else self._show.get(role)
        return record[self.answer.position(name)] if name in self.answer.names else None

    def _keys(self, record: Record, name: str) -> list[str]:
        return _identify(record[self.answer.position(name)])

    def is_actual(self, record: Record) -> bool:
        """Returns whether the number for the size of a mark is actual."""
        return "planned" not in self._show or self._show.get("solid") in self.keys(record, "planned")

    def keys(self, record: Record, role: str) -> list[str]:
        """Returns what identifies the values in the column with a role: IRIs, or texts; that of nothing if there is no value."""
        return _identify(self.value(record, role))

    def names(self) -> dict[str, str]:
        """Returns the labels of colours, statuses, standings and kinds of numbers by their keys."""
        cells = [self.value(record, role) for record in self.answer.records for role in ("color", "status", STANDING, "planned")]
        return {to_machine_text(value): to_text(value) for cell in cells for value in each(cell)}

    @property
    def has_periods(self) -> bool:
        """Whether rows hold for periods, so that a map of a day draws only some of them."""
        return bool({"from", "until"} & self._show.keys())

    def rank_statuses(self) -> list[str]:
        """Returns the statuses of all rows, the most frequent first; with periods, the one that lasted longest in all."""
        weights: dict[str, int] = {}
        for record in self.answer.records if "status" in self._show else ():
            begin = self.value(record, "from")
            end = self.value(record, "until")
            last = min(end, self._day) if isinstance(end, date) else self._day
            weight = max(0, (last - begin).days) if isinstance(begin, date) else 1
            for key in self.keys(record, "status"):
                weights[key] = weights.get(key, 0) + weight
        return sorted(weights, key=lambda key: (-weights[key], key))

    def _holds(self, record: Record) -> bool:
        begin, end = self.value(record, "from"), self.value(record, "until")
        return not (isinstance(begin, date) and begin > self._day) and not (isinstance(end, date) and end < self._day + timedelta(1))


def find_markers(
    roles: Roles, gazetteer: Gazetteer, statuses: Sequence[str], standings: Iterable[str]
) -> tuple[list[Marker], list[str], Mapping[str, int]]:
    """Returns the marks of the rows, the labels of entities without a position, and how many marks each area has.

    A mark has the status of its rows that is first in ``statuses``, and the standing that is first in ``standings``.
    """
    groups: dict[str, list[Record]] = {}
    labels: dict[str, str] = {}
    unlocated: dict[str, str] = {}
    for record in roles.rows:
        for place in each(roles.value(record, "place")):
            key, label = to_machine_text(place), to_text(place)
            if key in gazetteer.places:
                groups.setdefault(key, []).append(record)
                labels[key] = label
            else:
                unlocated[key] = label
    ladder = list(standings)
    markers = []
    for key, records in groups.items():
        found = {
            role: list(dict.fromkeys(key for record in records for key in roles.keys(record, role)))
            for role in ("color", "status", STANDING)
        }
        sizes = [(roles.is_actual(record), roles.value(record, "size")) for record in records]
        numbers = [(is_actual, float(size)) for is_actual, size in sizes if isinstance(size, int | float | Decimal)]
        is_actual, size = max(numbers, default=(True, None))
        markers.append(
            Marker(
                gazetteer.places[key],
                labels[key],
                len(records),
                size,
                not is_actual,
                found["color"],
                next((status for status in statuses if status in found["status"]), NOTHING),
                next((standing for standing in ladder if standing in found[STANDING]), NOTHING),
                key in gazetteer.areas,
            )
        )
    counts: dict[str, int] = {}
    for marker in markers:
        area = marker.place.iri if marker.is_area else gazetteer.find_area(marker.place.point)
        if area:
            counts[area] = counts.get(area, 0) + 1
    return markers, list(unlocated.values()), counts


def find_standings(roles: Roles, records: Iterable[Record], standings: Iterable[str]) -> dict[str, str]:
    """Returns the standing of each place, by its key: that of its rows that is first in ``standings``."""
    ladder = list(standings)
    found: dict[str, str] = {}
    for record in records:
        for place in each(roles.value(record, "place")):
            keys = [*roles.keys(record, STANDING), found.get(to_machine_text(place), NOTHING)]
            found[to_machine_text(place)] = next((standing for standing in ladder if standing in keys), NOTHING)
    return found


def _identify(cell: Value) -> list[str]:
    return [to_machine_text(value) for value in each(cell)] or [NOTHING]


def _namespace(iri: str) -> str:
    return iri.rpartition("/")[0]
