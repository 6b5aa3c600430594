"""Query parameters: each is declared once for the reader of requests and for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from nevkg.ask import arguments
from nevkg.ask.arguments import EVERYTHING, TODAY
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.serve.problem import Problem

LONGEST = 2000  # characters of one value
_DIGITS = 9


@dataclass(frozen=True)
class Parameter:
    """One query parameter.

    Attributes:
        schema: JSON Schema of one value.
        read: converts the text to a JSON value; raises WrongUsage if it is invalid.
        many: whether it may be repeated.
        default: default value, in the document and for the reader.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    many: bool = False
    required: bool = False
    default: Any = None


def text(name: str, description: str, *, many: bool = False, required: bool = False, default: str | None = None) -> Parameter:
    """Declares a text of at most ``LONGEST`` characters."""

    def read(word: str) -> str:
        if len(word) > LONGEST:
            raise WrongUsage(f"{name}: the value has {len(word)} characters; the maximum is {LONGEST}.")
        return word

    return Parameter(name, description, {"type": "string", "maxLength": LONGEST}, read, many, required, default)


def day(name: str, description: str, *, many: bool = False, open_too: bool = False) -> Parameter:
    """Declares a date (ISO) or ``today``; with ``open_too`` also ``*`` for any."""
    words = [TODAY, EVERYTHING] if open_too else [TODAY]

    def read(word: str) -> str:
        if open_too and word == EVERYTHING:
            return word
        try:
            return arguments.day(word)
        except WrongUsage as error:
            raise WrongUsage(f"{name}: {error}") from None

    schema = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "enum": words}]}
    return Parameter(name, description, schema, read, many)


def count(name: str, description: str, *, least: int = 1, most: int, default: int | None = None) -> Parameter:
    """Declares a whole number from ``least`` to ``most``."""

    def read(word: str) -> int:
        number = int(word) if word.isascii() and word.isdecimal() and len(word) <= _DIGITS else -1
        if not least <= number <= most:
            raise WrongUsage(f"{name}: '{short(word)}' is not a whole number from {least} to {most}.")
        return number

    return Parameter(name, description, {"type": "integer", "minimum": least, "maximum": most}, read, default=default)


def truth(name: str, description: str, *, default: bool | None = None, open_too: bool = False, many: bool = False) -> Parameter:
    """Declares a boolean, ``true`` or ``false``; with ``open_too`` also ``*`` for any."""
    words = ["true", "false", *([EVERYTHING] if open_too else [])]
    wanted = one_of(name, description, words, many=many)
    if open_too:
        return wanted
    return Parameter(name, description, {"type": "boolean"}, lambda word: wanted.read(word) == "true", default=default)


def one_of(name: str, description: str, words: Sequence[str], *, many: bool = False, default: str | None = None) -> Parameter:
    """Declares a choice of several words."""

    def read(word: str) -> str:
        if word not in words:
            raise WrongUsage(f"{name}: '{short(word)}' is not one of {', '.join(words)}.{terms.suggest(word[:LONGEST], list(words))}")
        return word

    return Parameter(name, description, {"type": "string", "enum": list(words)}, read, many=many, default=default)


OFFSET = count("offset", "Number of items to skip.", least=0, most=10**9 - 1, default=0)
RELIABLE = truth("reliable", "Whether to leave out sources on unreliable hosts, which support no fact.", default=False)


def limit(default: int, most: int) -> Parameter:
    """Returns the parameter ``limit``."""
    return count("limit", "Maximum number of items; `next` links to the following ones.", most=most, default=default)


def read_all(parameters: Sequence[Parameter], pairs: Sequence[tuple[str, str]], aliases: Mapping[str, str]) -> dict[str, Any]:
    """Reads the parameters of a request: name to value, or to a list of values if it may be repeated.

    Args:
        pairs: names and texts as in the address.
        aliases: alternative names, mapped to the declared ones.

    Raises:
        Problem: 400 if a name is unknown, a value is invalid, a single value is repeated, a parameter is given by two names, or a
            required one is missing.
    """
    try:
        arguments.rename_parameters(dict(pairs), aliases)
    except WrongUsage as error:
        raise Problem(400, str(error)) from None
    known = {parameter.name: parameter for parameter in parameters}
    given: dict[str, list[Any]] = {}
    for name, word in pairs:
        parameter = known.get(aliases.get(name, name))
        if parameter is None:
            raise _unknown(name, list(known))
        try:
            value = parameter.read(word)
        except WrongUsage as error:
            raise Problem(400, str(error), more={"parameter": name}) from None
        values = given.setdefault(parameter.name, [])
        if values and not parameter.many:
            raise Problem(400, f"Give '{parameter.name}' once.", more={"parameter": name})
        values.append(value)
    for parameter in parameters:
        if parameter.required and parameter.name not in given:
            raise Problem(400, f"'{parameter.name}' is missing: {parameter.description}", more={"parameter": parameter.name})
    return {name: given[name] if known[name].many else given[name][0] for name in sorted(given)}


def _unknown(name: str, known: list[str]) -> Problem:
    name = short(name)
    detail = (
        f"There is no parameter '{name}' at this address; choose from {', '.join(sorted(known)) or 'none'}.{terms.suggest(name, known)}"
    )
    return Problem(400, detail, more={"parameter": name})


def short(word: str) -> str:
    """Returns the beginning of what a client sent, for a message."""
    return word if len(word) <= 80 else word[:80] + "…"


AS_OF, KNOWN_BY = "as_of", "known_by"


def read_clocks(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Returns ``as_of`` and ``known_by`` (ISO dates), as far as given; ``Problem`` 400 if one is invalid or given twice."""
    found: dict[str, str] = {}
    for name, value in given:
        if name in (AS_OF, KNOWN_BY) and value:
            if name in found:
                raise Problem(400, f"Give '{name}' once.", more={"parameter": name})
            try:
                found[name] = arguments.day(value)
            except WrongUsage as error:
                raise Problem(400, f"{name}: {error}", more={"parameter": name}) from None
    return found


def clocks_of(request: HTTPConnection) -> dict[str, str]:
    """Returns ``as_of`` and ``known_by`` from the query string of a request; see ``read_clocks``."""
    return read_clocks(request.query_params.multi_items())
