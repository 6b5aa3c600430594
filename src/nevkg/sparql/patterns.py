"""Finds the triple patterns of a SELECT query, and writes the query for all of its variables, which traces its rows.

rdflib parses the patterns; the text of the body is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile
from typing import Any

from nevkg.sparql import syntax
from nevkg.sparql.prologue import expand_names

# A step of a property path: the property, and whether it is inverted.
Step = tuple[str, bool]
# Parts of a query that are not traced: conditions (MINUS, EXISTS), paths of any length, variables that a sub-select does not
# select, patterns with blank nodes, patterns with a variable as property, and a whole query that rdflib cannot parse.
GAPS = CONDITIONS, PATHS, SUBSELECTS, BLANKS, PROPERTIES, SYNTAX = "conditions", "paths", "subselects", "blanks", "properties", "syntax"
_AFTER_GROUPING = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))
_ANY_LENGTH = re.compile(r"[>)][*+]")
_AGGREGATES = frozenset(("COUNT", "MIN", "MAX", "SUM", "AVG", "GROUP_CONCAT", "SAMPLE"))


@dataclass(frozen=True)
class Pattern:
    """A triple pattern. The subject and object are terms or variables with ``?``; one or more steps connect them."""

    subject: str
    steps: tuple[Step, ...]
    object: str


@dataclass(frozen=True)
class Tracing:
    """How to trace the rows of a query.

    Attributes:
        text: the query for all of its variables.
        keys: the variables that identify a row.
        patterns: its triple patterns.
        gaps: the parts that are not traced, values of ``GAPS``.
    """

    text: str
    keys: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    gaps: tuple[str, ...]


@lru_cache(maxsize=256)
def build_tracing(text: str, names: tuple[str, ...], prefixes: tuple[tuple[str, str], ...]) -> Tracing:
    """Returns how to trace a SELECT query.

    Args:
        text: the query, which the engine must accept.
        names: its columns.
        prefixes: prefixes and namespaces that it need not declare.
    """
    tokens, select, body, end = find_body(text)
    keys, computed = _read_projection(tokens[select + 1 : body], text, names)
    # Expressions in GROUP BY are selected by their name.
    computed = _read_projection(_find_group_by(tokens[end + 1 :]), text, names)[1] + computed
    values = next((token.start for token in tokens[end + 1 :] if syntax.is_keyword(token, "VALUES")), len(text))
    inside = text[tokens[body].start : tokens[end].start]
    whole = f"{text[: tokens[select].start]}SELECT * WHERE {{ {inside} }}{computed} }} {text[values:]}"
    gaps = {CONDITIONS for token in tokens if syntax.is_keyword(token, "MINUS") or syntax.is_keyword(token, "EXISTS")}
    patterns, others = _patterns(_remove_values(text, tokens), prefixes)
    return Tracing(whole, keys, patterns, tuple(gap for gap in GAPS if gap in gaps | others))


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


def _read_projection(tokens: Sequence[syntax.Token], text: str, names: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Returns the selected variables that are not aggregates, and BIND clauses for the computed ones; all columns for ``*``."""
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


def _find_group_by(tokens: Sequence[syntax.Token]) -> list[syntax.Token]:
    """Returns the tokens of GROUP BY among those after the body of a query."""
    group = dropwhile(lambda token: not syntax.is_keyword(token, "GROUP"), tokens)
    return list(takewhile(lambda token: token.text.upper() not in _AFTER_GROUPING, group))


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


def _remove_values(text: str, tokens: Sequence[syntax.Token]) -> str:
    """Returns a query without the values of ``VALUES ?variable { … }``: no patterns, and what differs between calls of a question."""
    pieces, start = list[str](), 0
    for number in range(len(tokens) - 3):
        keyword, variable, bracket = tokens[number : number + 3]
        if syntax.is_keyword(keyword, "VALUES") and variable.kind == "variable" and bracket.text == "{":
            end = find_closing(tokens, number + 2, "{", "}", "}")
            pieces += [text[start : bracket.start], "{ UNDEF "]
            start = tokens[end].start
    return "".join([*pieces, text[start:]])


@lru_cache(maxsize=256)
def _patterns(text: str, prefixes: tuple[tuple[str, str], ...]) -> tuple[tuple[Pattern, ...], frozenset[str]]:
    """Returns the triple patterns of a query outside of MINUS and FILTER, and which ``GAPS`` there are besides."""
    algebra = read_algebra(text, dict(prefixes))
    if algebra is None:
        return (), frozenset((SYNTAX,))
    gaps = set[str]()
    return tuple(dict.fromkeys(_collect_patterns(algebra, None, gaps))), frozenset(gaps)


def _collect_patterns(part: Any, visible: set[str] | None, gaps: set[str]) -> Iterator[Pattern]:
    """Yields the patterns of a part of the algebra, except those with variables that are not visible outside a sub-select."""
    from rdflib.paths import Path

    if part.name == "BGP":
        for subject, path, obj in part.triples:
            ends = {end for one in (subject, obj) if (end := one.n3())[0] in "?_"}
            if left_out := _find_gap(path, ends, visible):
                gaps.add(left_out)
            if left_out in (None, PATHS):
                ways = _expand_path(path) if isinstance(path, Path) else [((str(path), False),)]
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
            yield from _collect_patterns(below, visible, gaps)


def _find_gap(path: Any, ends: set[str], visible: set[str] | None) -> str | None:
    """Returns why a pattern is not traced, or only in part; None if it is."""
    if any(end.startswith("_") for end in ends):
        return BLANKS
    if path.n3().startswith("?"):
        return PROPERTIES
    if visible is not None and not ends <= visible:
        return SUBSELECTS
    return PATHS if _ANY_LENGTH.search(path.n3()) else None


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
