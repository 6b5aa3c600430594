"""The columns of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]  # a text by language


@dataclass(frozen=True)
class Column:
    """One column of an answer; ``evidence`` is the hidden variable that holds what a cell rests on."""

    name: str
    label: Words
    evidence: str | None = None
    list: bool = False
