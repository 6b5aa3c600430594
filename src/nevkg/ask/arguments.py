"""From the words of a user to the terms that a question is asked with."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from nevkg.ask import former
from nevkg.ask.catalogue import Parameter, Question
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.search import plain
from nevkg.sparql.binding import ANY
from nevkg.store import Store
from nevkg.table.values import Thing

TODAY = "today"
EVERYTHING = "*"
# The type of a parameter that may name a thing of whatever kind.
ANYTHING = "any"
_LONGEST_NUMBER = 40  # digits


def day(text: str) -> str:
    """An ISO date; ``today`` is understood.

    Raises:
        WrongUsage: if ``text`` is neither.
    """
    if text == TODAY:
        return date.today().isoformat()
    try:
        return _exact_day(text).isoformat()
    except ValueError:
        raise WrongUsage(f"'{text}' is not a day; write it as YYYY-MM-DD, such as 2025-12-31, or 'today'.") from None


def _exact_day(text: str) -> date:
    if len(text) != len("2025-12-31"):
        raise ValueError
    return date.fromisoformat(text)


def term(store: Store, parameter: Parameter, text: str) -> str:
    """``text`` as a term of the parameter's type, in N-Triples syntax.

    Raises:
        WrongUsage: if it is not of that type, or names nothing or several things.
    """
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
    """The IRI of a thing of a class. Where later sources are left out, what only they make one of it is found in the class above.

    What is no name is understood as the beginning of one, if that is the name of one thing only.
    """
    try:
        return entities.resolve(store, text, kind)
    except WrongUsage:
        for upper in entities.classes_above(store, kind) if kind and store.known_by else ():
            with suppress(WrongUsage):
                return entities.resolve(store, text, upper)
        begun = _begun(store, text, kind) if kind else set()
        if len(begun) == 1:
            return begun.pop()
        if begun:
            raise WrongUsage(f"More than one name begins with '{text}': {entities.listed(store, begun)}. Write one of these.") from None
        raise


def _begun(store: Store, text: str, kind: str) -> set[str]:
    """The things of a class whose slug is ``text`` but for case, else those of which a name begins with these words."""
    wanted = plain(text)
    if not wanted:
        return set()
    slugs = {iri for iri in entities.instances(store, kind) if plain(re.split(r"[/#]", iri)[-1]) == wanted}
    return slugs or {iri for iri, name in entities.names(store, kind) if _begins(plain(name), wanted)}


def _begins(name: str, wanted: str) -> bool:
    """Whether a name begins with whole words; Chinese has no spaces, and any character may be the last of a word."""
    following = name[len(wanted) : len(wanted) + 1]
    return name.startswith(wanted) and (not following.isalnum() or "\u3400" <= following <= "\u9fff")


def options(store: Store, parameter: Parameter) -> list[str]:
    """The IRIs of the things that a parameter can be, sorted; none if it is a date, a number, a text, or may be anything."""
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
    """The values of each name in ``name=value`` pairs; a name may repeat.

    Raises:
        WrongUsage: if a pair is not of that form.
    """
    given: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise WrongUsage(f"'{pair}' is not of the form name=value.")
        given.setdefault(name, []).append(text)
    return given


def words(given: Mapping[str, object]) -> dict[str, list[str]]:
    """Python values as a user would type them.

    Args:
        given: parameter to a value, several in a list, tuple or set, or None for any. A trailing
            underscore is dropped from names that Python keeps for itself, such as ``class_``.
    """
    return {
        name.rstrip("_"): [_word(one) for one in (value if isinstance(value, list | tuple | set) else [value])]
        for name, value in given.items()
    }


def _word(value: object) -> str:
    if value is None:
        return EVERYTHING
    if isinstance(value, Thing):
        return f"<{value.iri}>"
    return str(value).lower() if isinstance(value, bool) else str(value)


def read(store: Store, question: Question, given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The values of parameters; ``*`` alone means any. A former name is accepted, with a warning.

    Returns:
        Parameter to its terms in N-Triples syntax; no terms mean any.

    Raises:
        WrongUsage: if a name is unknown or a value not of the type.
    """
    given, hints = former.rename(question, given)
    for hint in hints:
        warnings.warn(hint, former.FormerName, stacklevel=former.caller_level())
    values: dict[str, list[str]] = {}
    for name, texts in given.items():
        parameter = question.parameter(name)
        if EVERYTHING in texts and set(texts) != {EVERYTHING}:
            raise WrongUsage(f"'{name}=*' means any and does not go with another value of '{name}'.")
        values[name] = list(dict.fromkeys(term(store, parameter, text) for text in texts if text != EVERYTHING))
    return values


def shown(question: Question, values: Mapping[str, Sequence[str]], store: Store) -> dict[str, str]:
    """The parameters as they were asked, defaults among them, in short names; those left open are not listed."""
    spaces = entities.namespaces(store)
    asked = {}
    for parameter in question.parameters:
        given = values.get(parameter.name)
        if given is None and parameter.default != ANY:
            asked[parameter.name] = parameter.default
        elif given:
            asked[parameter.name] = " ".join(
                terms.shorten(one[1:-1], spaces) if one[0] == "<" else terms.literal_text(one) for one in given
            )
    return asked
