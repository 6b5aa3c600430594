"""What stands in the cells of a table: things of the graph, and native Python values."""

from __future__ import annotations

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
    """Something that the graph knows: its IRI, and the label to show for it. Two things are the same if their IRIs are."""

    iri: str
    label: str = field(compare=False)

    def __str__(self) -> str:
        return self.label


Single = Thing | str | bool | int | float | Decimal | date | datetime
Value = Single | tuple[Thing | str, ...] | None


def native(literal: Literal) -> Single:
    """A literal as the Python value that it stands for; its text where Python has none, or it is malformed."""
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


def value(term: terms.Term | None, labels: dict[str, str]) -> Value:
    """A term as a value; ``labels`` has the label to show for each IRI, where there is one."""
    if term is None:
        return None
    if isinstance(term, Literal):
        return native(term)
    if isinstance(term, NamedNode):
        return Thing(term.value, labels.get(term.value, term.value))
    return term.value if isinstance(term, BlankNode) else str(term)


def shown(value: Value) -> str:
    """The words for a value; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return LIST_OF_LABELS.join(str(one) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def written(value: Value) -> str:
    """The value for a program: IRIs instead of labels."""
    if isinstance(value, tuple):
        return LIST_OF_IRIS.join(written(one) for one in value)
    return value.iri if isinstance(value, Thing) else shown(value)


def things(value: Value) -> tuple[Thing, ...]:
    """The things in a cell."""
    return tuple(one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Thing))
