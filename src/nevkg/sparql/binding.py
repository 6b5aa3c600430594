"""Binds the parameters of a query to values.

A parameter is a variable of the query, and values restrict it. A question is SPARQL that runs as it is:

- ``VALUES ?name { … }`` on a line of its own has the default, which values replace.
- ``#? name …`` is a line that is there only with values: they restrict ``?name`` within it.
- Without such lines values restrict ``?name`` in the whole query.

Values are serialised terms; nothing of a user's text gets into a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nevkg.sparql import syntax

_LINE = re.compile(r"^(?P<before>[ \t]*VALUES \?(?P<name>\w+) \{)(?P<values>[^\n]*)(?P<after>\}[ \t]*)$", re.MULTILINE)
# A line that is only there if its parameter has values, which go into the innermost group of the line, if it has one.
_OPTIONAL = re.compile(r"^(?P<before>[ \t]*)#\?[ \t]+(?P<name>\w+)[ \t]+(?P<start>(?:[^\n]*\{)?)(?P<rest>[^\n]*)$", re.MULTILINE)
ANY = "UNDEF"


def bind(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """A query with the given parameters bound.

    Args:
        text: the query.
        values: parameter to terms in N-Triples syntax; no terms at all means any.
    """

    def replace(line: re.Match[str]) -> str:
        name = line["name"]
        if name not in values:
            return line[0]
        return f"{line['before']} {' '.join(values[name]) or ANY} {line['after']}"

    def switch_on(line: re.Match[str]) -> str:
        if not values.get(line["name"]):
            return line[0]
        return f"{line['before']}{line['start']} {_restriction(line['name'], values)} {line['rest']}"

    placed = {line["name"] for pattern in (_LINE, _OPTIONAL) for line in pattern.finditer(text)}
    bound = _OPTIONAL.sub(switch_on, _LINE.sub(replace, text))
    others = [_restriction(name, values) for name in values if values[name] and name not in placed]
    if not others:
        return bound
    body = next(token.start + 1 for token in syntax.tokens(bound) if token.text == "{")
    return f"{bound[:body]}\n  {' '.join(others)}{bound[body:]}"


def _restriction(name: str, values: Mapping[str, Sequence[str]]) -> str:
    # A value that comes twice would count a row twice.
    return f"VALUES ?{name} {{ {' '.join(dict.fromkeys(values[name]))} }}"


def find_defaults(text: str) -> dict[str, list[str]]:
    """The defaults of the parameters that have one; several different ones for a parameter are a mistake of the query."""
    found: dict[str, list[str]] = {}
    for line in _LINE.finditer(text):
        found.setdefault(line["name"], []).append(line["values"].strip())
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def has_parameter(text: str, name: str) -> bool:
    """Whether values can restrict a variable of a query: it is in the text, or in a line that is switched on by values."""
    return any(token.text == f"?{name}" for token in syntax.tokens(_OPTIONAL.sub(r"\g<start>\g<rest>", text)))
