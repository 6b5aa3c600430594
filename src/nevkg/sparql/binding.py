"""Binds the parameters of a query to values.

A parameter is a variable of the query, and its values restrict it. A question is valid SPARQL without any values:

- ``VALUES ?name { … }`` on a line of its own holds the default, which given values replace.
- ``#? name …`` is a line that is only active if there are values, which restrict ``?name`` within it.
- Without such a line, values restrict ``?name`` in the whole query.

Values are serialised terms, so no raw user input gets into a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nevkg.sparql import syntax

_LINE = re.compile(r"^(?P<before>[ \t]*VALUES \?(?P<name>\w+) \{)(?P<values>[^\n]*)(?P<after>\}[ \t]*)$", re.MULTILINE)
# A line that is only active if its parameter has values, which go into the innermost group of the line, if it has one.
_OPTIONAL = re.compile(r"^(?P<before>[ \t]*)#\?[ \t]+(?P<name>\w+)[ \t]+(?P<start>(?:[^\n]*\{)?)(?P<rest>[^\n]*)$", re.MULTILINE)
ANY = "UNDEF"


def bind(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """Returns the query with the given parameters bound to terms in N-Triples syntax; an empty list means any value."""

    def replace(line: re.Match[str]) -> str:
        name = line["name"]
        if name not in values:
            return line[0]
        return f"{line['before']} {' '.join(values[name]) or ANY} {line['after']}"

    def switch_on(line: re.Match[str]) -> str:
        if not values.get(line["name"]):
            return line[0]
        return f"{line['before']}{line['start']} {_restriction(line['name'], values)} {line['rest']}"

    names_with_lines = {line["name"] for pattern in (_LINE, _OPTIONAL) for line in pattern.finditer(text)}
    bound = _OPTIONAL.sub(switch_on, _LINE.sub(replace, text))
    others = [_restriction(name, values) for name in values if values[name] and name not in names_with_lines]
    if not others:
        return bound
    body = next(token.start + 1 for token in syntax.tokenize(bound) if token.text == "{")
    return f"{bound[:body]}\n  {' '.join(others)}{bound[body:]}"


def _restriction(name: str, values: Mapping[str, Sequence[str]]) -> str:
    # A duplicate value would duplicate rows.
    return f"VALUES ?{name} {{ {' '.join(dict.fromkeys(values[name]))} }}"


def find_defaults(text: str) -> dict[str, list[str]]:
    """Returns the defaults of the parameters that have one. More than one for a parameter is an error in the query."""
    found: dict[str, list[str]] = {}
    for line in _LINE.finditer(text):
        found.setdefault(line["name"], []).append(line["values"].strip())
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def has_parameter(text: str, name: str) -> bool:
    """Whether values can restrict a variable of a query: it occurs in the text or in a line that values activate."""
    return any(token.text == f"?{name}" for token in syntax.tokenize(_OPTIONAL.sub(r"\g<start>\g<rest>", text)))
