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


def day(text: str) -> str:
    """Parses a day, given as an ISO date or ``today``, and returns it as an ISO date."""
    if text == TODAY:
        return date.today().isoformat()
    try:
        return _exact_day(text).isoformat()
    except ValueError:
        raise WrongUsage(f"'{text}' is not a day; write it as YYYY-MM-DD, such as 2025-12-31, or 'today'.") from None


def _exact_day(text: str) -> date:
    if not _DAY.fullmatch(text):  # Python reads days of a week, too
        raise ValueError
    return date.fromisoformat(text)


def term(store: Store, parameter: Parameter, text: str) -> str:
    """Converts ``text`` to a term of the parameter's type, in N-Triples syntax; ``WrongUsage`` if it is none, or names several entities."""
    if not parameter.type.startswith("xsd:"):
        kind = None if parameter.type == ANYTHING else terms.expand(parameter.type, entities.namespaces(store))
        try:
            return str(NamedNode(_resolve(store, text, kind)))
        except WrongUsage as error:
            raise WrongUsage(f"{parameter.name}: {error}") from None
    datatype = NamedNode(terms.XSD + parameter.type.removeprefix("xsd:"))
    if parameter.type == "xsd:date":
        try:
            text = day(text)
        except WrongUsage as error:
            raise WrongUsage(f"{parameter.name}: {error}") from None
    elif parameter.type in ("xsd:integer", "xsd:decimal"):
        text = _number(parameter, text)
    elif parameter.type == "xsd:boolean" and text not in ("true", "false"):
        raise WrongUsage(f"{parameter.name}: '{text}' is neither true nor false.")
    return str(Literal(text, datatype=datatype))


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


def _number(parameter: Parameter, text: str) -> str:
    what = "a whole number" if parameter.type == "xsd:integer" else "a number"
    try:
        if len(text) > _LONGEST_NUMBER:
            raise ValueError
        number = int(text) if parameter.type == "xsd:integer" else Decimal(text)
    except (ValueError, InvalidOperation):
        raise WrongUsage(f"{parameter.name}: '{text}' is not {what}.") from None
    if isinstance(number, Decimal) and not number.is_finite():
        raise WrongUsage(f"{parameter.name}: '{text}' is not {what}.")
    if isinstance(number, Decimal) and abs(number.adjusted()) > _LONGEST_NUMBER:
        raise WrongUsage(f"{parameter.name}: '{text}' is too great or too small.")
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


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


def format_parameters(question: Question, values: Mapping[str, Sequence[str]], store: Store) -> dict[str, str]:
    """Formats the parameters with short names, defaults included; parameters that accept any value are left out."""
    spaces = entities.namespaces(store)
    formatted = {}
    for parameter in question.parameters:
        given = values.get(parameter.name)
        if given is None and parameter.default != ANY:
            formatted[parameter.name] = parameter.default_text
        elif given:
            formatted[parameter.name] = " ".join(
                terms.shorten(value[1:-1], spaces) if value[0] == "<" else terms.literal_text(value) for value in given
            )
    return formatted
