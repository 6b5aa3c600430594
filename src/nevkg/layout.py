"""Finds the three floors below the code: ontology/, data/ and queries/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nevkg.errors import CouldNotRun

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
_WHEEL = _PACKAGE / "_floors"


@dataclass(frozen=True)
class Layout:
    """Where the floors are."""

    ontology: Path
    data: Path
    queries: Path

    @classmethod
    def find(cls, data: Path | None = None) -> Layout:
        """The floors of the installed wheel or, in a checkout, those beside ``src/``.

        Args:
            data: a folder that takes the place of ``data/``.

        Raises:
            CouldNotRun: if a floor is missing.
        """
        root = _WHEEL if _WHEEL.is_dir() else _CHECKOUT
        layout = cls(root / "ontology", root / "data", root / "queries")
        if data is not None:
            layout = replace(layout, data=data.resolve())
        for floor in (layout.ontology, layout.data, layout.queries):
            if not floor.is_dir():
                raise CouldNotRun(f"{floor} is not a folder; name the folder that holds it.")
        return layout
