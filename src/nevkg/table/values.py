"""The values of table cells, and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode

from nevkg.data import terms

LIST_OF_IRIS = " "
LIST_OF_LABELS = "; "

_WHOLE = {terms.XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger", "gYear")}
_REAL = {terms.XSD + name for name in ("double", "float")}


@dataclass(frozen=True, order=True)
class Thing:
    """An entity of the graph: its IRI and the label to show.

    Two are equal if their IRIs are.
    """

    iri: str
    label: str = field(compare=False)

    def __str__(self) -> str:
        return self.label


Single = Thing | str | bool | int | float | Decimal | date | datetime
Value = Single | tuple[Thing | str, ...] | None


def to_python(literal: Literal) -> Single:
    """Converts a literal to a native Python value; to its text if there is no Python type for it, or it is malformed."""
    text, datatype = literal.value, literal.datatype.value
    try:
        if datatype in _WHOLE:
            return int(text)
        if datatype == terms.XSD + "decimal":
            return Decimal(text)
        if datatype in _REAL:
            return float(text)
        if datatype == terms.XSD + "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
        if datatype == terms.XSD + "date":
            return date.fromisoformat(text)
        if datatype == terms.XSD + "dateTime":
            return datetime.fromisoformat(text)
    except (ValueError, InvalidOperation):
        pass
    return text


def to_value(term: terms.Term | None, labels: dict[str, str]) -> Value:
    """Converts a term, or None for an unbound variable, to a value; an IRI without a label is its own."""
    if term is None:
        return None
    if isinstance(term, Literal):
        return to_python(term)
    if isinstance(term, NamedNode):
        return Thing(term.value, labels.get(term.value, term.value))
    return term.value if isinstance(term, BlankNode) else str(term)


def to_text(value: Value) -> str:
    """Returns the text of a value for readers, with the labels of entities; an empty string for None."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return LIST_OF_LABELS.join(str(part) for part in value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def to_machine_text(value: Value) -> str:
    """Returns the text of a value for programs, with IRIs instead of labels."""
    if isinstance(value, tuple):
        return LIST_OF_IRIS.join(to_machine_text(part) for part in value)
    return value.iri if isinstance(value, Thing) else to_text(value)


def each(value: Value) -> tuple[Single, ...]:
    """Returns the values in a cell: one for each member of a list, none for an empty cell."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def find_things(value: Value) -> tuple[Thing, ...]:
    """Returns the entities in a cell."""
    return tuple(part for part in each(value) if isinstance(part, Thing))


Words = Mapping[terms.Language, str]  # a text by language


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: its name.
        label: its label.
        evidence: the hidden variable with the IRIs of the evidence of a cell; None if there is none.
        list: whether it has lists.
    """

    name: str
    label: Words
    evidence: str | None = None
    list: bool = False
