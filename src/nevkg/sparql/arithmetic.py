"""Brackets for engines that group ``3 - 2 - 1`` from the right, as Oxigraph does before version 0.5.12."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nevkg.sparql.syntax import Edit, Token, apply_edits, tokenize

_BRACKETS = {"(": ")", "{": "}", "[": "]"}
_VALUES, _NAMES = ("variable", "literal", "number", "group"), ("iri", "name", "word")
# Words that may stand before a bracket and are no functions.
_NO_FUNCTIONS = {"A", "AS", "DISTINCT", "EXISTS", "IN", "NOT", "VALUES"}
_ADDING, _MULTIPLYING, _UNARY = ("+", "-"), ("*", "/"), ("+", "-", "!")


@dataclass(frozen=True)
class _Part:
    """A token, or all between two brackets; ``end`` is the offset after it."""

    kind: str
    text: str
    start: int
    end: int


@dataclass
class _Bracket:
    """An open bracket, whether an expression follows, and what has followed so far."""

    text: str
    start: int
    is_expression: bool
    parts: list[_Part] = field(default_factory=list)


def group_from_left(text: str) -> str:
    """Returns a query with brackets in the chains of operators whose result depends on how an engine groups them."""
    inserted: list[Edit] = []
    stack = [_Bracket("", 0, is_expression=True)]
    for token in tokenize(text):
        inner = stack[-1]
        if token.kind == "sign" and token.text in _BRACKETS:
            stack.append(_Bracket(token.text, token.start, token.text == "(" and _begins_expression(inner)))
        elif token.kind == "sign" and token.text == _BRACKETS.get(inner.text):
            stack.pop()
            inserted += _group(inner.parts) if inner.is_expression else ()
            stack[-1].parts.append(_Part("group", inner.text, inner.start, token.end))
        else:
            inner.parts.append(_Part(_kind(token), token.text, token.start, token.end))
    return apply_edits(text, inserted)


def _kind(token: Token) -> str:
    return "keyword" if token.kind == "word" and token.text.upper() in _NO_FUNCTIONS else token.kind


def _begins_expression(outer: _Bracket) -> bool:
    """Whether a round bracket begins an expression; within a pattern it may also begin a path, a list or a row of values."""
    if outer.text != "{":
        return outer.is_expression
    kinds = [part.kind for part in outer.parts[-2:]]
    return kinds[-1:] == ["word"] or (kinds[:1] == ["word"] and kinds[-1] in _NAMES)


def _group(parts: Sequence[_Part]) -> Iterator[Edit]:
    """Yields the brackets to insert into an expression."""
    place = 0
    while place < len(parts):
        operands: list[tuple[int, int]] = []
        operators: list[str] = []
        while found := _read_operand(parts, place):
            *operand, place = found
            operands.append((operand[0], operand[1]))
            if place == len(parts) or parts[place].text not in (*_ADDING, *_MULTIPLYING):
                break
            operators.append(parts[place].text)
            place += 1
        if len(operands) == len(operators) + 1:
            yield from _group_chain(operands, operators)
        place += 1  # what separates two chains, such as a comma


def _read_operand(parts: Sequence[_Part], place: int) -> tuple[int, int, int] | None:
    """Returns the offsets of the beginning and end of an operand, and the place of the part after it; None if there is none."""
    start = place
    while place < len(parts) and parts[place].text in _UNARY:
        place += 1
    if place == len(parts) or parts[place].kind not in (*_VALUES, *_NAMES):
        return None
    kind = parts[place].kind
    place += 1
    following = [part.text if part.kind == "sign" else part.kind for part in parts[place : place + 3]]
    if kind in _NAMES and following[:1] == ["group"]:
        place += 1  # the arguments of a function
    elif kind == "literal" and following[:1] == ["tag"]:
        place += 1
    elif kind == "literal" and following[:2] == ["^", "^"]:
        place += len(following)
    return parts[start].start, parts[place - 1].end, place


def _group_chain(operands: Sequence[tuple[int, int]], operators: Sequence[str]) -> Iterator[Edit]:
    """Yields the brackets for a chain without other brackets."""
    terms, first = [], 0
    for last, operator in enumerate((*operators, "+")):
        if operator in _ADDING:
            if "/" in operators[first:last]:
                yield from _wrap(operands[first : last + 1])
            terms.append((operands[first][0], operands[last][1]))
            first = last + 1
    if "-" in [operator for operator in operators if operator in _ADDING][:-1]:
        yield from _wrap(terms)


def _wrap(operands: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    """Yields the brackets that group operands from the left."""
    for _, end in operands[1:-1]:
        yield operands[0][0], operands[0][0], "("
        yield end, end, ")"
