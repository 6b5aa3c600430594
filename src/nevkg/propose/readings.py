"""What a reader of texts proposes: the rows of ``ontology/tables/readings.csv``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nevkg.contribute.cells import slug
from nevkg.data.paths import Layout
from nevkg.data.tables import read_rows
from nevkg.errors import InvalidData

_COLUMNS = ("cue", "modality", "takes", "state", "table", "cells")
_FILE = "readings.csv"
_REFERENCE = re.compile(r"\{([\w-]+)(\??)\}")
ANY_CUE = "*"


@dataclass(frozen=True)
class Reading:
    """A row of a table that a cue in a sentence stands for.

    Attributes:
        cue: meaning of the words that a sentence must have; ``*`` for any.
        modality: the modality that the sentence must have; empty for any.
        takes: what else it must have: a measure with this dimension, or a mention of this kind; empty for nothing.
        state: the modality of what the text says later of the described entity, ``planned`` or ``actual``; empty if this row does
            not show it.
        table: the table of the row; empty for a cue that keeps a measure from being taken for something else.
        cells: column to a fixed value, or to a template such as ``{plant}``. A template with other text makes a slug, unless
            it has a space.
            A column whose template ends with a question mark stays empty if nothing fits; otherwise there is no row.
    """

    cue: str
    modality: str
    takes: str
    state: str
    table: str
    cells: tuple[tuple[str, str], ...]

    @property
    def needs(self) -> frozenset[str]:
        """What a sentence must refer to, by the names in the templates."""
        return frozenset(name for _, template in self.cells for name, optional in _REFERENCE.findall(template) if not optional)

    @property
    def composed(self) -> frozenset[str]:
        """The columns whose values are composed of others, such as the slug of an event."""
        return frozenset(column for column, template in self.cells if _REFERENCE.search(template) and _REFERENCE.sub("", template))

    def fill(self, referents: dict[str, str]) -> dict[str, str] | None:
        """Returns the cells for what a sentence refers to; None if something is missing."""
        filled = {}
        for column, template in self.cells:
            value = template
            for name, optional in _REFERENCE.findall(template):
                found = referents.get(name, "")
                if not found and not optional:
                    return None
                value = value.replace(f"{{{name}{optional}}}", found)
            if value:
                filled[column] = slug(value) if column in self.composed and " " not in template else value
        return filled


def read_readings(layout: Layout) -> list[Reading]:
    """Returns the readings in the order of the file: of those with the same cue and need, the first that can be filled counts."""
    file = layout.ontology / "tables" / _FILE
    found = []
    for line, (cue, modality, takes, state, table, cells) in read_rows(file, _COLUMNS):
        pairs = [tuple(part.strip().split("=", 1)) for part in cells.split(";") if part.strip()]
        if any(len(pair) != 2 for pair in pairs):
            raise InvalidData(f"{file}, line {line}: the cells of '{cue}' must have the form column=value; column=value.")
        found.append(Reading(cue, modality, takes, state, table, tuple((pair[0], pair[1]) for pair in pairs)))
    return found
