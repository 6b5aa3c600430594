"""Finds the triple patterns of a query. rdflib parses them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nevkg.sparql import syntax
from nevkg.sparql.prologue import expand_names

# A step of a property path: the property, which may be a variable, and whether it is inverted.
Step = tuple[str, bool]
# Parts of a query that are not traced: conditions (MINUS, EXISTS), paths of any length, variables by which rows are grouped and
# which are not selected, patterns with blank nodes, and a whole query that rdflib cannot parse.
GAPS = CONDITIONS, PATHS, GROUPS, BLANKS, SYNTAX = "conditions", "paths", "groups", "blanks", "syntax"
_ANY_LENGTH = re.compile(r"[>)][*+]")


@dataclass(frozen=True)
class Pattern:
    """A triple pattern. The subject and object are terms or variables with ``?``; one or more steps connect them."""

    subject: str
    steps: tuple[Step, ...]
    object: str


def find_body(text: str) -> tuple[list[syntax.Token], int, int, int]:
    """Returns the tokens of a query, and the indices of its form, such as SELECT, and of the braces around its pattern."""
    tokens = list(syntax.tokenize(text))
    form = next(number for number, token in enumerate(tokens) if token.kind == "word" and token.text.upper() in syntax.QUERIES)
    start = find_closing(tokens, form + 1, "(", ")", "{")
    return tokens, form, start, find_closing(tokens, start, "{", "}", "}")


def find_closing(tokens: Sequence[syntax.Token], start: int, opens: str, closes: str, wanted: str) -> int:
    """Returns the index of the first token ``wanted`` from ``start`` on at which all brackets are closed; the last index if none."""
    depth = 0
    for number in range(start, len(tokens)):
        depth += (tokens[number].text == opens) - (tokens[number].text == closes)
        if depth == 0 and tokens[number].text == wanted:
            return number
    return len(tokens) - 1


def read_algebra(text: str, prefixes: Mapping[str, str]) -> Any:
    """Returns the algebra of a query as parsed by rdflib; None if rdflib cannot parse it.

    rdflib raises errors of many kinds for queries that it does not support.
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return translateQuery(parseQuery(expand_names(text, prefixes))).algebra
    except Exception:
        return None


@lru_cache(maxsize=256)
def find_patterns(text: str, prefixes: tuple[tuple[str, str], ...]) -> tuple[tuple[Pattern, ...], frozenset[str]]:
    """Returns the triple patterns of a query outside of MINUS and FILTER, and which ``GAPS`` there are besides."""
    algebra = read_algebra(text, dict(prefixes))
    if algebra is None:
        return (), frozenset((SYNTAX,))
    gaps = set[str]()
    return tuple(dict.fromkeys(_collect_patterns(algebra, gaps))), frozenset(gaps)


def _collect_patterns(part: Any, gaps: set[str]) -> Iterator[Pattern]:
    """Yields the patterns of a part of the algebra."""
    from rdflib.paths import Path

    if part.name == "BGP":
        for subject, path, obj in part.triples:
            if any(end.n3().startswith("_") for end in (subject, obj)):
                gaps.add(BLANKS)
                continue
            if _ANY_LENGTH.search(path.n3()):
                gaps.add(PATHS)
            ways = _expand_path(path) if isinstance(path, Path) else [((path.n3().strip("<>"), False),)]
            yield from (Pattern(subject.n3(), steps, obj.n3()) for steps in ways)
        return
    for name in ("p",) if part.name == "Minus" else ("p", "p1", "p2"):
        below = part.p1 if part.name == "Minus" else part.get(name)
        if below is not None and hasattr(below, "name"):
            yield from _collect_patterns(below, gaps)


def _expand_path(path: Any) -> list[tuple[Step, ...]]:
    """Returns the alternative sequences of steps of a property path."""
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
    from rdflib.term import URIRef

    if isinstance(path, URIRef):
        return [((str(path), False),)]
    if isinstance(path, InvPath):
        return [tuple((name, not against) for name, against in reversed(way)) for way in _expand_path(path.arg)]
    if isinstance(path, AlternativePath):
        return [way for arg in path.args for way in _expand_path(arg)]
    if isinstance(path, SequencePath):
        ways: list[tuple[Step, ...]] = [()]
        for arg in path.args:
            ways = [(*way, *further) for way in ways for further in _expand_path(arg)]
        return ways
    return _expand_path(path.path) if isinstance(path, MulPath) else []
