"""Merges a contribution into the files of the data. Existing statements are never dropped or overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.data import terms

_NOTE = terms.NEV + "note"
_EARLIEST, _LATEST, _PRECISION = (terms.NEV + name for name in ("earliest", "latest", "precision"))


@dataclass
class SourceFile:
    """The graph of one source.

    Attributes:
        about: IRI of a subject to its quads.
    """

    about: dict[str, list[Quad]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> SourceFile:
        """Returns the graph that consists of ``quads``."""
        found = cls()
        for quad in quads:
            found.about[terms.text(quad.subject)].append(quad)
        return found

    def quads(self) -> list[Quad]:
        """Returns all quads of the graph."""
        return [quad for quads in self.about.values() for quad in quads]

    def add(self, iri: str, quads: Sequence[Quad]) -> bool:
        """Adds a subject and its quads. If it exists, only properties that it lacks are added.

        Returns:
            Whether the subject is new.
        """
        known = self.about.get(iri)
        if known is None:
            self.about[iri] = list(dict.fromkeys(quads))
            return True
        has = {quad.predicate for quad in known}
        known += [quad for quad in dict.fromkeys(quads) if quad.predicate not in has]
        return False

    def describe(self, iri: str, quads: Sequence[Quad]) -> None:
        """Adds to the description of the source. Of two dates of publication, the more precise one is used."""
        if iri in self.about and _span(quads) < _span(self.about[iri]):
            self.about[iri] = [quad for quad in self.about[iri] if quad.predicate.value not in (_EARLIEST, _LATEST, _PRECISION)]
        self.add(iri, quads)

    def earliest(self, iri: str) -> str | None:
        """Returns the earliest possible day of publication (ISO), or None unless the date has both bounds."""
        dates = {quad.predicate.value: terms.text(quad.object) for quad in self.about.get(iri, ())}
        return dates.get(_EARLIEST) if _LATEST in dates else None


def _span(quads: Iterable[Quad]) -> tuple[int, str]:
    """Returns a sort key for the imprecision of the date of publication: smaller is more precise, no date is largest."""
    dates = {quad.predicate.value: terms.text(quad.object) for quad in quads}
    if _EARLIEST not in dates or _LATEST not in dates:
        return (9, "") if _EARLIEST not in dates else (8, "")
    same = next((n for n, (one, other) in enumerate(zip(dates[_EARLIEST], dates[_LATEST], strict=False)) if one != other), 10)
    return (10 - same, "")


def merge_notes(statements: Mapping[str, list[list[Quad]]]) -> dict[str, list[Quad]]:
    """Returns the quads of each statement, combined from all rows that make it. Notes are joined with semicolons.

    Args:
        statements: IRI of a statement to the quads from each row.
    """
    merged = {}
    for iri, versions in statements.items():
        first = {quad.predicate: quad for quad in versions[0]}
        quads = [quad for quad in versions[0] if quad.predicate.value != _NOTE]
        for version in versions[1:]:
            quads += [quad for quad in version if quad.predicate not in first and quad.predicate.value != _NOTE]
        notes = [quad for version in versions for quad in version if quad.predicate.value == _NOTE]
        if notes:
            words = "; ".join(dict.fromkeys(terms.text(quad.object) for quad in notes))
            quads.append(Quad(notes[0].subject, NamedNode(_NOTE), Literal(words, language=terms.LANGUAGES[0]), notes[0].graph_name))
        merged[iri] = quads
    return merged
