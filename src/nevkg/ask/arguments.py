"""Parses the parameter values that a user types into RDF terms, formats them back, and accepts other names of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from nevkg.ask.catalogue import Parameter, Question
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.sparql.binding import ANY
from nevkg.store import Store
from nevkg.table.values import Thing

T = TypeVar("T")

TODAY = "today"
EVERYTHING = "*"
# The type of a parameter that accepts an entity of any class.
ANYTHING = "any"
_LONGEST_NUMBER = 40  # digits
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PREFIX = re.compile(r"^\s*PREFIX\s+[^\s:]*:\s*<[^>]*>", re.IGNORECASE | re.MULTILINE)


def day(text: str) -> str:
    """Parses a day, given as an ISO date or ``today``, and returns it as an ISO date."""
    if text == TODAY:
        return date.today().isoformat()
    try:
        if not _DAY.fullmatch(text):  # Python reads days of a week, too
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongUsage(f"'{text}' is not a day; write it as YYYY-MM-DD, such as 2025-12-31, or 'today'.") from None


def term(store: Store, parameter: Parameter, text: str) -> str:
    """Converts ``text`` to a term of the parameter's type, in N-Triples syntax; ``WrongUsage`` if it is none, or names several entities."""
    try:
        return str(_read_term(store, parameter.type, text))
    except WrongUsage as error:
        raise WrongUsage(f"{parameter.name}: {error}") from None


def _read_term(store: Store, kind: str, text: str) -> NamedNode | Literal:
    if not kind.startswith("xsd:"):
        return NamedNode(_resolve(store, text, None if kind == ANYTHING else terms.expand(kind, entities.namespaces(store))))
    if kind == "xsd:date":
        text = day(text)
    elif kind in ("xsd:integer", "xsd:decimal"):
        text = _read_number(text, is_whole=kind == "xsd:integer")
    elif kind == "xsd:boolean" and text not in ("true", "false"):
        raise WrongUsage(f"'{text}' is neither true nor false.")
    return Literal(text, datatype=NamedNode(terms.XSD + kind.removeprefix("xsd:")))


def _resolve(store: Store, text: str, kind: str | None) -> str:
    """Returns the IRI of an entity of a class, by its name or by the beginning of its name if that fits only one entity.

    If later sources are left out, the classes above are searched too: an entity may belong to the class only by these sources.
    """
    try:
        return entities.resolve(store, text, kind)
    except WrongUsage:
        for upper in entities.classes_above(store, kind) if kind and store.known_by else ():
            with suppress(WrongUsage):
                return entities.resolve(store, text, upper)
        candidates = _find_by_prefix(store, text, kind) if kind else set()
        if len(candidates) == 1:
            return candidates.pop()
        if candidates:
            raise WrongUsage(
                f"More than one name begins with '{text}': {entities.join_names(store, candidates)}. Write one of these."
            ) from None
        raise


def _find_by_prefix(store: Store, text: str, kind: str) -> set[str]:
    """Returns the entities of a class whose slug equals ``text``, ignoring case; if there are none, those whose name begins with it."""
    from nevkg.lookup.search import normalise

    wanted = normalise(text)
    if not wanted:
        return set()
    slugs = {iri for iri in entities.instances(store, kind) if normalise(re.split(r"[/#]", iri)[-1]) == wanted}
    return slugs or {iri for iri, name in entities.names(store, kind) if _begins(normalise(name), wanted)}


def _begins(name: str, wanted: str) -> bool:
    """Returns whether a name begins with ``wanted`` as whole words.

    Chinese has no spaces between words, so any Chinese character may follow.
    """
    following = name[len(wanted) : len(wanted) + 1]
    return name.startswith(wanted) and (not following.isalnum() or "\u3400" <= following <= "\u9fff")


def options(store: Store, parameter: Parameter) -> list[str]:
    """Returns the IRIs that a parameter accepts, sorted; none if it is a date, a number or a text, or accepts any entity."""
    if parameter.type == ANYTHING or parameter.type.startswith("xsd:"):
        return []
    return entities.instances(store, terms.expand(parameter.type, entities.namespaces(store)) or "")


def _read_number(text: str, *, is_whole: bool) -> str:
    try:
        number = Decimal(int(text) if is_whole else text)
        if len(text) > _LONGEST_NUMBER or not number.is_finite():
            raise ValueError
    except (ValueError, InvalidOperation):
        raise WrongUsage(f"'{text}' is not a {'whole ' if is_whole else ''}number.") from None
    if abs(number.adjusted()) > _LONGEST_NUMBER:
        raise WrongUsage(f"'{text}' is too great or too small.")
    return f"{number:f}"


def split(pairs: Iterable[str]) -> dict[str, list[str]]:
    """Groups the values of ``name=value`` pairs by name; a name may repeat."""
    given: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise WrongUsage(f"'{pair}' is not of the form name=value.")
        given.setdefault(name, []).append(text)
    return given


def format_values(given: Mapping[str, object]) -> dict[str, list[str]]:
    """Converts Python values to the texts that a user would type.

    Args:
        given: parameter to a value, several in a list, tuple or set, or None for any. A trailing
            underscore is dropped from names that are Python keywords, such as ``class_``.

    Raises:
        WrongUsage: if a list is empty.
    """
    words = {
        name.rstrip("_"): [_word(part) for part in (value if isinstance(value, list | tuple | set) else [value])]
        for name, value in given.items()
    }
    if empty := next((name for name, values in words.items() if not values), None):
        raise WrongUsage(f"{empty}: the list of values is empty; leave the parameter out, or give None for any value.")
    return words


def _word(value: object) -> str:
    if value is None:
        return EVERYTHING
    if isinstance(value, Thing):
        return f"<{value.iri}>"
    return str(value).lower() if isinstance(value, bool) else str(value)


def rename_parameters(given: Mapping[str, T], own_names: Mapping[str, str]) -> dict[str, T]:
    """Returns the values of parameters by their own names (``own_names`` by other name); ``WrongUsage`` if one is given by two names."""
    names = [own_names.get(name, name) for name in given]
    for name in given:
        own = own_names.get(name)
        if own is not None and names.count(own) > 1:
            raise WrongUsage(f"The parameter '{name}' is called '{own}' here; give it once, as '{own}'.")
    return dict(zip(names, given.values(), strict=True))


def read(store: Store, question: Question, given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Parses the values of parameters to terms in N-Triples syntax. No terms, or a single ``*``, mean any."""
    values: dict[str, list[str]] = {}
    for name, texts in rename_parameters(given, question.other_names).items():
        parameter = question.parameter(name)
        if EVERYTHING in texts and set(texts) != {EVERYTHING}:
            raise WrongUsage(f"'{name}=*' means any and does not go with another value of '{name}'.")
        values[name] = list(dict.fromkeys(term(store, parameter, text) for text in texts if text != EVERYTHING))
    return values


def find_default(store: Store, question: Question, parameter: Parameter) -> list[str]:
    """Returns the terms (N-Triples syntax) of a default; none if it accepts any."""
    if parameter.default == ANY:
        return []
    prologue = "\n".join(_PREFIX.findall(question.text))
    found = entities.select(store, f"{prologue}\nSELECT ?value WHERE {{ VALUES ?value {{ {parameter.default} }} }}")
    return [str(row["value"]) for row in found]


def shorten_terms(store: Store, found: Iterable[str]) -> list[str]:
    """Returns terms (N-Triples syntax) in short names, and literals without their type."""
    spaces = entities.namespaces(store)
    return [terms.shorten(term[1:-1], spaces) if term[0] == "<" else terms.literal_text(term) for term in found]


def format_parameters(question: Question, values: Mapping[str, Sequence[str]], store: Store) -> dict[str, str]:
    """Formats the parameters with short names, defaults included; parameters that accept any value are left out."""
    formatted = {}
    for parameter in question.parameters:
        given = values.get(parameter.name)
        if given is None and parameter.default != ANY:
            formatted[parameter.name] = parameter.default_text
        elif given:
            formatted[parameter.name] = " ".join(shorten_terms(store, given))
    return formatted
