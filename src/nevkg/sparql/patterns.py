"""The triple patterns of a SELECT query, and the query for all of its variables, by which its rows are traced.

rdflib reads the patterns; the text of the body stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile
from typing import Any

from nevkg.data import terms
from nevkg.sparql import syntax

# A step of a path: the property, and whether it is taken against its direction.
Step = tuple[str, bool]
# Conditions (MINUS, EXISTS), paths of any length, what a sub-select does not select, patterns with blank nodes or with a variable
# as property, and all of a query that rdflib does not read.
GAPS = CONDITIONS, PATHS, SUBSELECTS, BLANKS, PROPERTIES, SYNTAX = "conditions", "paths", "subselects", "blanks", "properties", "syntax"
_AFTER_GROUPING = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))
_ANY_LENGTH = re.compile(r"[>)][*+]")
_AGGREGATES = frozenset(("COUNT", "MIN", "MAX", "SUM", "AVG", "GROUP_CONCAT", "SAMPLE"))


@dataclass(frozen=True)
class Pattern:
    """A triple pattern: its ends are terms, or names of variables with ``?``; between them one step or more."""

    subject: str
    steps: tuple[Step, ...]
    object: str


@dataclass(frozen=True)
class Tracing:
    """How a query is traced.

    Attributes:
        text: the query for all of its variables.
        keys: those by which a row is found in it.
        patterns: its triple patterns.
        gaps: what of it is not traced, some of ``GAPS``.
    """

    text: str
    keys: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    gaps: tuple[str, ...]


@lru_cache(maxsize=256)
def trace(text: str, names: tuple[str, ...], prefixes: tuple[tuple[str, str], ...]) -> Tracing:
    """How to trace a SELECT query that the engine accepts.

    Args:
        text: the query.
        names: its columns.
        prefixes: namespaces that it need not declare.
    """
    tokens, select, body, end = find_body(text)
    keys, computed = _projection(tokens[select + 1 : body], text, names)
    # What GROUP BY computes is selected by its name.
    computed = _projection(_grouping(tokens[end + 1 :]), text, names)[1] + computed
    values = next((token.start for token in tokens[end + 1 :] if syntax.is_keyword(token, "VALUES")), len(text))
    inside = text[tokens[body].start : tokens[end].start]
    whole = f"{text[: tokens[select].start]}SELECT * WHERE {{ {inside} }}{computed} }} {text[values:]}"
    gaps = {CONDITIONS for token in tokens if syntax.is_keyword(token, "MINUS") or syntax.is_keyword(token, "EXISTS")}
    patterns = tuple(dict.fromkeys(_patterns(text, dict(prefixes), gaps)))
    return Tracing(whole, keys, patterns, tuple(gap for gap in GAPS if gap in gaps))


def find_body(text: str) -> tuple[list[syntax.Token], int, int, int]:
    """The tokens of a query, and which of them are its form, such as SELECT, and the braces around its pattern."""
    tokens = list(syntax.tokens(text))
    form = next(number for number, token in enumerate(tokens) if token.kind == "word" and token.text.upper() in syntax.QUERIES)
    start = find_closing(tokens, form + 1, "(", ")", "{")
    return tokens, form, start, find_closing(tokens, start, "{", "}", "}")


def find_closing(tokens: Sequence[syntax.Token], start: int, opens: str, closes: str, wanted: str) -> int:
    """The first token ``wanted`` from ``start`` on at which as many brackets are closed as opened."""
    depth = 0
    for number in range(start, len(tokens)):
        depth += (tokens[number].text == opens) - (tokens[number].text == closes)
        if depth == 0 and tokens[number].text == wanted:
            return number
    return len(tokens) - 1


def _projection(tokens: Sequence[syntax.Token], text: str, names: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The variables that are selected and are not aggregates, and BIND for those that are computed; all columns for ``*``."""
    if any(token.text == "*" for token in tokens[:2]):
        return names, ""
    keys: list[str] = []
    computed, depth, start, words = "", 0, 0, set[str]()
    for number, token in enumerate(tokens):
        if token.text == "(":
            depth += 1
            if depth == 1:
                start, words = token.start, set()
        elif token.text == ")":
            depth -= 1
            name = tokens[number - 1].text[1:]
            if depth == 0 and not words & _AGGREGATES and tokens[number - 1].kind == "variable" and "AS" in words:
                keys.append(name)
                computed += f" BIND{text[start : token.start + 1]}"
        elif depth == 0 and token.kind == "variable":
            keys.append(token.text[1:])
        words.add(token.text.upper())
    return tuple(keys), computed


def _grouping(tokens: Sequence[syntax.Token]) -> list[syntax.Token]:
    """The tokens of GROUP BY, among those after the body of a query."""
    group = dropwhile(lambda token: not syntax.is_keyword(token, "GROUP"), tokens)
    return list(takewhile(lambda token: token.text.upper() not in _AFTER_GROUPING, group))


def read_algebra(text: str, prefixes: Mapping[str, str]) -> Any:
    """The algebra of a query, as rdflib has it; None if the query has what only other engines understand."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return translateQuery(parseQuery(text), base=terms.BASE, initNs=dict(prefixes)).algebra
    except (ParseException, NotImplementedError, RecursionError):
        return None


def _patterns(text: str, prefixes: Mapping[str, str], gaps: set[str]) -> Iterator[Pattern]:
    """The triple patterns of a query outside of MINUS and FILTER; ``gaps`` gets what else is left out."""
    algebra = read_algebra(text, prefixes)
    if algebra is None:
        gaps.add(SYNTAX)
    else:
        yield from _below(algebra, None, gaps)


def _below(part: Any, visible: set[str] | None, gaps: set[str]) -> Iterator[Pattern]:
    """The patterns of a part of the algebra; those with other variables than the visible ones are left out."""
    from rdflib.paths import Path

    if part.name == "BGP":
        for subject, path, obj in part.triples:
            ends = {end for one in (subject, obj) if (end := one.n3())[0] in "?_"}
            if left_out := _left_out(path, ends, visible):
                gaps.add(left_out)
            if left_out in (None, PATHS):
                ways = _steps(path) if isinstance(path, Path) else [((str(path), False),)]
                yield from (Pattern(subject.n3(), steps, obj.n3()) for steps in ways)
        return
    if part.name == "ToMultiSet":
        select = part.p
        while select.name in ("Slice", "Distinct", "Reduced"):
            select = select.p
        if "PV" in select:
            own = {variable.n3() for variable in select.PV}
            visible = own if visible is None else own & visible
    for name in ("p",) if part.name == "Minus" else ("p", "p1", "p2"):
        below = part.p1 if part.name == "Minus" else part.get(name)
        if below is not None and hasattr(below, "name"):
            yield from _below(below, visible, gaps)


def _left_out(path: Any, ends: set[str], visible: set[str] | None) -> str | None:
    """Why a pattern is not traced, or not all of it."""
    if any(end.startswith("_") for end in ends):
        return BLANKS
    if path.n3().startswith("?"):
        return PROPERTIES
    if visible is not None and not ends <= visible:
        return SUBSELECTS
    return PATHS if _ANY_LENGTH.search(path.n3()) else None


def _steps(path: Any) -> list[tuple[Step, ...]]:
    """The ways along a path, each a row of steps."""
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
    from rdflib.term import URIRef

    if isinstance(path, URIRef):
        return [((str(path), False),)]
    if isinstance(path, InvPath):
        return [tuple((name, not against) for name, against in reversed(way)) for way in _steps(path.arg)]
    if isinstance(path, AlternativePath):
        return [way for arg in path.args for way in _steps(arg)]
    if isinstance(path, SequencePath):
        ways: list[tuple[Step, ...]] = [()]
        for arg in path.args:
            ways = [(*way, *further) for way in ways for further in _steps(arg)]
        return ways
    return _steps(path.path) if isinstance(path, MulPath) else []
