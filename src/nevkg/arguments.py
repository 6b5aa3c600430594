"""From the words of a user to the terms that a question is asked with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from nevkg import entities, terms
from nevkg.errors import WrongUsage
from nevkg.questions import ANY, Parameter, Question
from nevkg.store import EmbeddedStore

TODAY = "today"
_EVERYTHING = "*"
# The type of a parameter that may name a thing of whatever kind.
ANYTHING = "any"


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


def term(store: EmbeddedStore, parameter: Parameter, text: str) -> str:
    """``text`` as a term of the parameter's type, in N-Triples syntax.

    Raises:
        WrongUsage: if it is not of that type, or names nothing or several things.
    """
    if not parameter.type.startswith("xsd:"):
        kind = None if parameter.type == ANYTHING else terms.expand(parameter.type, entities.namespaces(store))
        try:
            return str(NamedNode(entities.resolve(store, text, kind)))
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
    return str(Literal(text, datatype=datatype))


def _number(parameter: Parameter, text: str) -> str:
    what = "a whole number" if parameter.type == "xsd:integer" else "a number"
    try:
        number = int(text) if parameter.type == "xsd:integer" else Decimal(text)
    except (ValueError, InvalidOperation):
        raise WrongUsage(f"{parameter.name}: '{text}' is not {what}.") from None
    if isinstance(number, Decimal) and not number.is_finite():
        raise WrongUsage(f"{parameter.name}: '{text}' is not {what}.")
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def read(store: EmbeddedStore, question: Question, pairs: Iterable[str]) -> dict[str, list[str]]:
    """The values of ``name=value`` pairs; a name may repeat, and ``name=*`` means any.

    Returns:
        Parameter to its terms in N-Triples syntax; no terms mean any.

    Raises:
        WrongUsage: if a pair is malformed, its name unknown or its value not of the type.
    """
    values: dict[str, list[str]] = {}
    left_open = set()
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise WrongUsage(f"'{pair}' is not of the form name=value.")
        parameter = question.parameter(name)
        given = values.setdefault(name, [])
        if text == _EVERYTHING:
            left_open.add(name)
        else:
            serialised = term(store, parameter, text)
            if serialised not in given:
                given.append(serialised)
        if name in left_open and given:
            raise WrongUsage(f"'{name}=*' means any and does not go with another value of '{name}'.")
    return values


def shown(question: Question, values: dict[str, list[str]], store: EmbeddedStore) -> dict[str, str]:
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
