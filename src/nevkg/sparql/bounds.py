"""How deep a query may be nested, and how many parts it may have."""

from __future__ import annotations

import re

from nevkg.errors import WrongUsage
from nevkg.sparql.syntax import Token
from nevkg.sparql.tokens import DOUBT, TERMS, read_certain

# Oxigraph 0.5.13 takes a query apart by calling itself once for each bracket, and once for each part that is joined to
# the ones before; beyond 770 brackets (FILTER EXISTS) or 2470 parts (MINUS) a stack of 8 MB, which threads have on
# Linux, is at its end and so is the process. Both at once must fit as well.
_DEEPEST, _MOST_PARTS = 200, 1000
_SHORT = 8000
_JOINING = frozenset("({!+-*/|&=<>^.;,")
# Oxigraph needs no space behind a keyword: GRAPHa:b is GRAPH a:b, if the prefix is not declared.
_JOINING_WORD = re.compile("UNION|OPTIONAL|MINUS|FILTER|BIND|GRAPH|VALUES|SELECT|SERVICE|LATERAL", re.IGNORECASE)
_OPENS = re.compile(r"[(\[{]|<<")
_JOINS = re.compile(rf"[({{!+*/|&=<>^.;,-]|{_JOINING_WORD.pattern}", re.IGNORECASE)


def refuse_depth(text: str) -> None:
    """Lets no query through that the engine could not take apart without an end of its stack.

    Every bracket and every sign counts, in comments and literals, too. Only as far as the tokens of a long query are
    certain are closing brackets and what joins nothing left out, so that long lists of values pass.

    Raises:
        WrongUsage: if the query has brackets in brackets more than 200 deep, or more than 1000 parts, such as patterns and operators.
    """
    # A closing bracket may lie in a comment, so that only the opening ones count. Members of a collection need no sign.
    if len(text) <= _SHORT and len(_OPENS.findall(text)) <= _DEEPEST and len(_JOINS.findall(text)) <= _MOST_PARTS:
        return
    parts = 0
    before = Token("", "", 0, 0)
    for token, opened in read_certain(text):
        depth = len(opened)
        if token.kind == DOUBT:
            depth += len(_OPENS.findall(token.text))
            parts += len(_JOINS.findall(token.text))
        else:
            parts += _joins(token, opened[-1:], before)
        if depth > _DEEPEST or parts > _MOST_PARTS:
            raise WrongUsage(_refusal(token, "brackets" if depth > _DEEPEST else "parts"))
        before = token


def _joins(token: Token, inside: list[str], before: Token) -> int:
    """How many parts a token may join to what comes before it."""
    if inside in (["data"], ["row"]):
        return 0
    if token.text == ",":
        # Between the objects of a pattern, not between the values of a list.
        return inside != ["("]
    if token.kind == "sign":
        # The bracket of a keyword that counts is no part of its own.
        return token.text in _JOINING and not (token.text in "({" and _JOINING_WORD.fullmatch(before.text))
    is_member = inside in ([], ["("]) and token.kind in TERMS and before.kind in TERMS  # of a collection, or of DESCRIBE
    return is_member + (len(_JOINING_WORD.findall(token.text)) if token.kind in ("word", "name") else 0)


def _refusal(token: Token, what: str) -> str:
    if token.kind == DOUBT:
        return (
            f"Line {token.line}: from '{token.text.split()[0][:20]}' on, the query cannot be read for certain and has too many {what}; "
            "put spaces around < and >, and write long lists before that line."
        )
    if what == "brackets":
        return f"Line {token.line}: there are brackets in brackets, {_DEEPEST} deep and more; write the query flatter."
    return f"Line {token.line}: the query has more than {_MOST_PARTS:,} parts; list what varies in VALUES."
