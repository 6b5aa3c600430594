"""Limits the nesting depth and the number of parts of a query."""

from __future__ import annotations

import re
from functools import lru_cache

from nevkg.errors import WrongUsage
from nevkg.sparql.syntax import Token
from nevkg.sparql.tokens import TERMS, UNCERTAIN, tokenize_safely

# Oxigraph 0.5.13 recurses once for each bracket, and once for each part that is joined to the ones before. Beyond 770
# brackets (FILTER EXISTS) or 2470 parts (MINUS) it overflows a stack of 8 MB, which threads have on Linux, and the
# process crashes. Both limits together must fit as well.
_DEEPEST, _MOST_PARTS = 200, 1000
_SHORT = 8000
_JOINING = frozenset("({!+-*/|&=<>^.;,")
# Oxigraph needs no space after a keyword: GRAPHa:b is GRAPH a:b if the prefix is not declared.
_JOINING_WORD = re.compile("UNION|OPTIONAL|MINUS|FILTER|BIND|GRAPH|VALUES|SELECT|SERVICE|LATERAL", re.IGNORECASE)
_OPENS = re.compile(r"[(\[{]|<<")
_JOINS = re.compile(rf"[({{!+*/|&=<>^.;,-]|{_JOINING_WORD.pattern}", re.IGNORECASE)


def refuse_depth(text: str) -> None:
    """Refuses a query whose parsing would overflow the engine's stack.

    Every bracket and sign counts, even in comments and literals. Only where the tokens of a long query are certain are
    closing brackets subtracted and signs that join nothing ignored, so that long lists of values are accepted.

    Raises:
        WrongUsage: if brackets are nested more than 200 levels deep, or there are more than 1000 parts, such as patterns and operators.
    """
    # A closing bracket may be in a comment, so only opening ones count. Members of a collection need no sign, so only short
    # queries are accepted here.
    if len(text) <= _SHORT and _is_shallow(text):
        return
    parts = 0
    before = Token("", "", 0, 0)
    for token, opened in tokenize_safely(text):
        depth = len(opened)
        if token.kind == UNCERTAIN:
            depth += len(_OPENS.findall(token.text))
            parts += len(_JOINS.findall(token.text))
        else:
            parts += _count_parts(token, opened[-1:], before)
        if depth > _DEEPEST or parts > _MOST_PARTS:
            raise WrongUsage(_explain_refusal(token, "brackets" if depth > _DEEPEST else "parts"))
        before = token


@lru_cache(maxsize=512)  # of rules and questions, which are asked again and again
def _is_shallow(text: str) -> bool:
    return len(_OPENS.findall(text)) <= _DEEPEST and len(_JOINS.findall(text)) <= _MOST_PARTS


def _count_parts(token: Token, inside: list[str], before: Token) -> int:
    """Returns an upper bound of the number of parts that a token joins to the preceding ones."""
    if inside in (["data"], ["row"]):
        return 0
    if token.text == ",":
        # It joins the objects of a pattern, but not the values of a list.
        return inside != ["("]
    if token.kind == "sign":
        # The bracket after a keyword that was counted is not another part.
        return token.text in _JOINING and not (token.text in "({" and _JOINING_WORD.fullmatch(before.text))
    is_member = inside in ([], ["("]) and token.kind in TERMS and before.kind in TERMS  # of a collection, or of DESCRIBE
    return is_member + (len(_JOINING_WORD.findall(token.text)) if token.kind in ("word", "name") else 0)


def _explain_refusal(token: Token, what: str) -> str:
    if token.kind == UNCERTAIN:
        return (
            f"Line {token.line}: from '{token.text.split()[0][:20]}' on, the query is ambiguous and may have too many {what}; "
            "put spaces around < and >, and move long lists before that line."
        )
    if what == "brackets":
        return f"Line {token.line}: brackets are nested more than {_DEEPEST} levels deep; simplify the query."
    return f"Line {token.line}: the query has more than {_MOST_PARTS:,} parts; use VALUES instead of repeating patterns."
