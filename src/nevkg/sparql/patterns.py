"""Reads how the rows of a query come about: its triple patterns, sub-selects and aggregates. rdflib parses the patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile
from typing import Any

from nevkg.sparql import syntax
from nevkg.sparql.syntax import expand_names

# A step of a property path: the property, which may be a variable, and whether it is inverted.
Step = tuple[str, bool]
# Parts of a query that are not traced: conditions (MINUS, EXISTS), paths of any length, variables by which rows are grouped and
# which are not selected, patterns with blank nodes, and a whole query that rdflib cannot parse.
GAPS = CONDITIONS, PATHS, GROUPS, BLANKS, SYNTAX = "conditions", "paths", "groups", "blanks", "syntax"
_ANY_LENGTH = re.compile(r"[>)][*+]")
_AFTER_GROUPING = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))
_SUMS = frozenset(("SUM", "AVG"))
_AGGREGATES = frozenset(("COUNT", "MIN", "MAX", "GROUP_CONCAT", "SAMPLE")) | _SUMS


@dataclass(frozen=True)
class Pattern:
    """A triple pattern. The subject and object are terms or variables with ``?``; one or more steps connect them."""

    subject: str
    steps: tuple[Step, ...]
    object: str

    @property
    def variables(self) -> set[str]:
        """The names of its variables."""
        return {end[1:] for end in (self.subject, self.object, *(name for name, _ in self.steps)) if end.startswith("?")}


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


@dataclass(frozen=True)
class Argument:
    """The argument of an aggregate: the variable of the traced query that has its value, those in it, and whether values are added."""

    name: str
    variables: frozenset[str]
    is_added: bool


@dataclass(frozen=True)
class Tracing:
    """How to trace the rows of a query or a sub-select.

    Attributes:
        text: the query for the variables of its patterns, its keys and those of its sub-selects, and the arguments of its aggregates.
        keys: the selected variables that are no aggregates; they identify a row.
        patterns: its triple patterns, without those of sub-selects.
        computed: for each variable that it computes, the variables in the expression.
        aggregates: for each selected variable that aggregates solutions, the arguments; empty for ``COUNT(*)``.
        parts: its sub-selects, except those that only list computed values, such as all years, which support nothing.
        gaps: the parts that are not traced, values of ``GAPS``; those of sub-selects are included.
    """

    text: str
    keys: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    computed: Mapping[str, frozenset[str]]
    aggregates: Mapping[str, Sequence[Argument]]
    parts: Sequence[Tracing]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class _Expression:
    """An expression with a name, ``(… AS ?name)``: its text with the brackets, and its tokens."""

    name: str
    text: str
    tokens: Sequence[syntax.Token]

    @property
    def variables(self) -> frozenset[str]:
        return _variables(self.tokens)

    def find_arguments(self) -> Iterator[tuple[str, frozenset[str], bool]]:
        """Yields the argument of each aggregate, with its variables and whether it is added; an empty text for ``*``."""
        for number, token in enumerate(self.tokens[:-1]):
            if token.kind == "word" and token.text.upper() in _AGGREGATES and self.tokens[number + 1].text == "(":
                end = find_closing(self.tokens, number + 1, "(", ")", ")")
                inside = list(takewhile(lambda token: token.text != ";", self.tokens[number + 2 : end]))
                inside = inside[1:] if inside and syntax.is_keyword(inside[0], "DISTINCT") else inside
                start = self.tokens[0].start
                text = "" if inside[0].text == "*" else self.text[inside[0].start - start : inside[-1].end - start]
                yield text, _variables(inside), token.text.upper() in _SUMS


@lru_cache(maxsize=256)
def build_tracing(text: str, names: tuple[str, ...], prefixes: tuple[tuple[str, str], ...]) -> Tracing:
    """Returns how to trace a SELECT query.

    Args:
        text: the query, which the engine must accept.
        prefixes: prefixes and namespaces that it need not declare.
    """
    tokens, select, body, end = find_body(text)
    spans = list(_find_subselects(tokens, body, end))
    prologue = text[: tokens[select].start]
    parts = [build_tracing(prologue + text[tokens[first].start : tokens[last].start], (), prefixes) for first, last in spans]
    own = [tokens[number] for number in range(body, end) if not any(first <= number < last for first, last in spans)]
    visible = _variables(own) | {name for part in parts for name in (*part.keys, *part.aggregates)}
    grouping = _find_group_by(tokens[end + 1 :])
    projection = tokens[select + 1 : body]
    in_groups, selected = list(_find_expressions(grouping, text)), list(_find_expressions(projection, text))
    keys = list(names or sorted(visible)) if any(token.text == "*" for token in projection[:2]) else _find_names(projection)
    aggregates: dict[str, Sequence[Argument]] = {}
    computed = {expression.name: expression.variables - {expression.name} for expression in (*_find_expressions(own, text), *in_groups)}
    clauses = [f"BIND{expression.text}" for expression in in_groups]
    for expression in selected:
        arguments = []
        for argument, variables, is_added in expression.find_arguments():
            name = f"argument_{len(clauses)}"
            arguments += [Argument(name, variables, is_added)] if argument else []
            clauses += [f"BIND({argument} AS ?{name})"] if argument else []
        if arguments or any(token.text.upper() in _AGGREGATES for token in expression.tokens if token.kind == "word"):
            aggregates[expression.name] = arguments
        elif expression.variables & aggregates.keys():
            aggregates[expression.name] = [argument for name in expression.variables & aggregates.keys() for argument in aggregates[name]]
        else:
            keys.append(expression.name)
            computed[expression.name] = expression.variables - {expression.name}
            clauses.append(f"BIND{expression.text}")
    values = next((token.start for token in tokens[end + 1 :] if syntax.is_keyword(token, "VALUES")), len(text))
    inside = text[tokens[body].start : tokens[end].start]
    gaps = {CONDITIONS for token in own if syntax.is_keyword(token, "MINUS") or syntax.is_keyword(token, "EXISTS")}
    gaps |= {GROUPS for name in (*_find_names(grouping), *(expression.name for expression in in_groups)) if name not in keys}
    patterns, others = find_patterns(_cut_out(text, tokens, select, body, end, spans), prefixes)
    gaps |= others | {gap for part in parts for gap in part.gaps}
    wanted = {name for pattern in patterns for name in pattern.variables} | {name for part in parts for name in part.keys}
    wanted |= {*keys, *(argument.name for arguments in aggregates.values() for argument in arguments)}
    columns = " ".join(f"?{name}" for name in sorted(wanted)) or "*"
    whole = f"{prologue}SELECT {columns} WHERE {{ {inside} }} {' '.join(clauses)} }} {text[values:]}"
    traced = [part for part in parts if part.aggregates or not set(part.keys) <= part.computed.keys()]
    return Tracing(whole, tuple(keys), patterns, computed, aggregates, traced, tuple(gap for gap in GAPS if gap in gaps))


def _variables(tokens: Iterable[syntax.Token]) -> frozenset[str]:
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")


def _find_subselects(tokens: Sequence[syntax.Token], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the indices of SELECT and of the brace behind each sub-select, except those in conditions or in other sub-selects."""
    number = start
    while number < end:
        is_condition = syntax.is_keyword(tokens[number], "MINUS") or syntax.is_keyword(tokens[number], "EXISTS")
        is_select = tokens[number].text == "{" and syntax.is_keyword(tokens[number + 1], "SELECT")
        if is_condition or is_select:
            last = find_closing(tokens, number, "{", "}", "}")
            if is_select:
                yield number + 1, last
            number = last
        number += 1


def _cut_out(text: str, tokens: Sequence[syntax.Token], select: int, body: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    """Returns a query for all variables without sub-selects and without the values of ``VALUES ?variable { … }``.

    Values differ between calls of a question, and are no patterns.
    """
    pieces, start, number = [text[: tokens[select].start], "SELECT * WHERE "], tokens[body].start, body
    last_of = dict(spans)
    while number < end:
        keyword, variable, bracket = [*tokens[number : number + 3], tokens[-1], tokens[-1]][:3]
        is_values = syntax.is_keyword(keyword, "VALUES") and variable.kind == "variable" and bracket.text == "{"
        if is_values or number in last_of:
            last = find_closing(tokens, number + 2, "{", "}", "}") if is_values else last_of[number]
            pieces += [text[start : (bracket if is_values else keyword).start], "{ UNDEF " if is_values else ""]
            start, number = tokens[last].start, last
        number += 1
    return "".join([*pieces, text[start : tokens[end].start], "}"])


def _find_names(tokens: Sequence[syntax.Token]) -> list[str]:
    """Returns the variables that are not in brackets."""
    names, depth = [], 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.kind == "variable":
            names.append(token.text[1:])
    return names


def _find_expressions(tokens: Sequence[syntax.Token], text: str) -> Iterator[_Expression]:
    """Yields the expressions with a name."""
    opened: list[int] = []
    for number, token in enumerate(tokens):
        if token.text == "(":
            opened.append(number)
        elif token.text == ")" and opened:
            start = opened.pop()
            named, name = tokens[number - 2 : number] if number > 1 else tokens[:2]
            if syntax.is_keyword(named, "AS") and name.kind == "variable":
                yield _Expression(name.text[1:], text[tokens[start].start : token.start + 1], tokens[start : number - 2])


def _find_group_by(tokens: Sequence[syntax.Token]) -> list[syntax.Token]:
    """Returns the tokens of GROUP BY among those after the body of a query."""
    group = dropwhile(lambda token: not syntax.is_keyword(token, "GROUP"), tokens)
    return list(takewhile(lambda token: token.text.upper() not in _AFTER_GROUPING, group))
