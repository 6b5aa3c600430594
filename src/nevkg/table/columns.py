"""The columns of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]  # a text by language


@dataclass(frozen=True)
class Column:
    """A column of a table; ``evidence`` is the hidden variable with the IRIs of the evidence of a cell, ``list`` whether it has lists."""

    name: str
    label: Words
    evidence: str | None = None
    list: bool = False
