"""Query parameters: each is declared once for the reader of requests and for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

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

    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    many: bool = False
    required: bool = False
    default: Any = None


def text(description: str, *, many: bool = False, required: bool = False, default: str | None = None) -> Parameter:
    """Declares a text of at most ``LONGEST`` characters."""

    def read(word: str) -> str:
        if len(word) > LONGEST:
            raise WrongUsage(f"the value has {len(word)} characters; the maximum is {LONGEST}.")
        return word

    return Parameter(description, {"type": "string", "maxLength": LONGEST}, read, many, required, default)


def entity(role: str, *, many: bool = False, required: bool = False) -> Parameter:
    """Declares a text that names an entity; ``role`` begins its description."""
    return text(f"{role}: a short name, an IRI, or a name in any language.", many=many, required=required)


def day(description: str, *, many: bool = False, open_too: bool = False) -> Parameter:
    """Declares a date (ISO) or ``today``; with ``open_too`` also ``*`` for any."""
    words = [TODAY, EVERYTHING] if open_too else [TODAY]
    schema = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "enum": words}]}
    return Parameter(description, schema, lambda word: word if open_too and word == EVERYTHING else arguments.day(word), many)


def count(description: str, *, least: int = 1, most: int, default: int | None = None) -> Parameter:
    """Declares a whole number from ``least`` to ``most``."""

    def read(word: str) -> int:
        number = int(word) if word.isascii() and word.isdecimal() and len(word) <= _DIGITS else -1
        if not least <= number <= most:
            raise WrongUsage(f"'{short(word)}' is not a whole number from {least} to {most}.")
        return number

    return Parameter(description, {"type": "integer", "minimum": least, "maximum": most}, read, default=default)


def truth(description: str, *, default: bool | None = None) -> Parameter:
    """Declares a boolean, ``true`` or ``false``."""
    word = one_of(description, TRUTHS)
    return Parameter(description, {"type": "boolean"}, lambda text: word.read(text) == "true", default=default)


def one_of(description: str, words: Sequence[str], *, many: bool = False, default: str | None = None) -> Parameter:
    """Declares a choice of several words."""

    def read(word: str) -> str:
        if word not in words:
            raise WrongUsage(f"'{short(word)}' is not one of {', '.join(words)}.{terms.suggest(word[:LONGEST], list(words))}")
        return word

    return Parameter(description, {"type": "string", "enum": list(words)}, read, many=many, default=default)


TRUTHS = ("true", "false")
OFFSET = count("Number of items to skip.", least=0, most=10**9 - 1, default=0)
RELIABLE = truth("Whether to leave out sources on unreliable hosts, which support no fact.", default=False)
LANG = one_of("Language of labels.", terms.LANGUAGES, default=terms.LANGUAGES[0])
# Types of fields of tasks that are parameters.
Lang = Annotated[str, LANG]
Day = Annotated[str | None, day("The day that the answer is for; by default the date of the dataset.")]
DayOrAll = Annotated[str | None, day("Only facts that held on this day; by default those of all days.")]


def limit(default: int, most: int) -> Parameter:
    """Returns the parameter ``limit``."""
    return count("Maximum number of items; `next` links to the following ones.", most=most, default=default)


def read_all(parameters: Mapping[str, Parameter], pairs: Sequence[tuple[str, str]], aliases: Mapping[str, str]) -> dict[str, Any]:
    """Reads the parameters of a request: name to value, or to a list of values if it may be repeated.

    Args:
        parameters: the declared parameters by name.
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
    given: dict[str, list[Any]] = {}
    for alias, word in pairs:
        name = aliases.get(alias, alias)
        if name not in parameters:
            raise _unknown(alias, list(parameters))
        try:
            value = parameters[name].read(word)
        except WrongUsage as error:
            raise Problem(400, f"{name}: {error}", more={"parameter": alias}) from None
        values = given.setdefault(name, [])
        if values and not parameters[name].many:
            raise Problem(400, f"Give '{name}' once.", more={"parameter": alias})
        values.append(value)
    for name, parameter in parameters.items():
        if parameter.required and name not in given:
            raise Problem(400, f"'{name}' is missing: {parameter.description}", more={"parameter": name})
    return {name: given[name] if parameters[name].many else given[name][0] for name in sorted(given)}


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
