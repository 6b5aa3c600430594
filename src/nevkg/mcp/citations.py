"""Ready-made citations: the statements that support each row, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nevkg.lookup.sources import Evidence, Ground, Source, format_source
from nevkg.mcp.text import clean

# How many citations a row gets; `explain` shows all.
_PER_ROW = 3


@dataclass(frozen=True)
class Citation:
    """A statement and its source, with the number by which rows refer to it."""

    number: int
    statement: str
    source: Source

    @property
    def line(self) -> str:
        """The citation as a line of a bibliography."""
        source = format_source(self.source).removesuffix(f" <{self.source.iri}>")
        return f"[{self.number}] {clean(source)} · {clean(self.statement)}"

    @property
    def facts(self) -> dict[str, Any]:
        """The citation as JSON values."""
        source = self.source
        names = ("title", "publisher", "published", "address", "devised", "unreliable")
        about = {name: clean(text) for name in names if (text := str(getattr(source, name)))}
        return {"number": self.number, **about, "source": source.iri, "statement": self.statement}


class Citations:
    """Numbers the citations of several rows, in the order of their first use."""

    def __init__(self, evidence: Evidence, most: int = _PER_ROW) -> None:
        """Starts with number 1; ``most`` is how many citations each call of ``cite`` gives."""
        self._evidence, self._most = evidence, most
        self._sources = {source.iri: source for source in evidence.sources}
        self._numbered: dict[str, Citation] = {}

    def cite(self, iris: Iterable[str]) -> tuple[list[int], int]:
        """Returns the numbers of the citations for what rests on some statements or episodes, and how many more there are."""
        grounds = {ground.statement: ground for iri in iris for ground in self._evidence.grounds.get(iri, ())}
        ordered = self._order(grounds.values())
        return [self._number(ground) for ground in ordered[: self._most]], max(len(ordered) - self._most, 0)

    @property
    def every(self) -> Sequence[Citation]:
        """The citations so far."""
        return list(self._numbered.values())

    def _order(self, grounds: Iterable[Ground]) -> list[Ground]:
        """Sorts statements: one of each source first, reliable sources first, then the latest."""
        known = [ground for ground in grounds if ground.source in self._sources]
        latest = sorted(known, key=lambda one: (one.latest, one.statement), reverse=True)
        seen: dict[str, int] = {}
        ranked = []
        for ground in latest:
            place = seen[ground.source] = seen.get(ground.source, -1) + 1
            ranked.append((place, bool(self._sources[ground.source].unreliable), ground))
        return [ground for *_, ground in sorted(ranked, key=lambda one: one[:2])]

    def _number(self, ground: Ground) -> int:
        known = self._numbered.get(ground.statement)
        if known is None:
            known = Citation(len(self._numbered) + 1, ground.statement, self._sources[ground.source])
            self._numbered[ground.statement] = known
        return known.number


def mark(numbers: Sequence[int], more: int = 0) -> str:
    """Returns references to citations, such as ``[1][2] +3``."""
    return "".join(f"[{number}]" for number in numbers) + (f" +{more}" if more else "")
