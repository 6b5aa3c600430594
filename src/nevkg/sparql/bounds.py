"""Limits the nesting depth and the number of parts of a query, and finds where its tokens stop being certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from nevkg.errors import WrongUsage
from nevkg.sparql.syntax import Token, is_keyword, tokenize

UNCERTAIN = "uncertain"
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
TERMS = frozenset(("iri", "literal", "variable", "name", "number", "tag"))
_ESCAPE = re.compile(r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})""")
_SIGNS = frozenset("()[]{}.,;=!<>|&+-*/^?~")
# "<" followed by a space is always an operator, since an IRI has no spaces.
_LESS = re.compile(r"<=?[ \t\r\n]")
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


def tokenize_safely(text: str) -> Iterator[tuple[Token, list[str]]]:
    """Yields the tokens of a query; if engines may differ on the rest of the text, that is one last token of kind ``UNCERTAIN``.

    Each token comes with a list of the brackets that are open before it: "(", "[", "{"; "data" for the block of VALUES, "row"
    for one of its rows. The list is reused and changes with each token.
    """
    opened: list[str] = []
    is_data = follows_term = False
    for token in tokenize(text):
        in_expression = opened[-1:] == ["("]
        if _is_uncertain(token, text, in_expression=in_expression, follows_term=follows_term):
            yield Token(UNCERTAIN, text[token.start :], token.start, token.line), opened
            return
        yield token, opened
        if token.kind == "sign":
            is_data = _update_brackets(token.text, opened, is_data=is_data)
        elif token.kind == "word":
            is_data = is_data or is_keyword(token, "VALUES")
        follows_term = token.kind in TERMS or token.text in _CLOSING or token.text.lower() in ("true", "false")


def is_certain(text: str) -> bool:
    """Whether every engine reads the whole query as the same tokens."""
    return all(token.kind != UNCERTAIN for token, _ in tokenize_safely(text))


def _is_uncertain(token: Token, text: str, *, in_expression: bool, follows_term: bool) -> bool:
    if token.kind == "iri":
        # After a term in an expression, "<" may be "less than" for an engine that follows the grammar.
        return in_expression and follows_term
    if token.kind == "literal":
        return "\\" in _ESCAPE.sub("", token.text)
    if token.text == "<":
        return not (follows_term and _LESS.match(text, token.start))
    # Characters that are not in the grammar, such as a non-breaking space, may be part of a name or be an error.
    return "\\" in token.text or (token.kind == "sign" and token.text not in _SIGNS)


def _update_brackets(sign: str, opened: list[str], *, is_data: bool) -> bool:
    """Updates the open brackets, distinguishing rows of VALUES from expressions. Returns whether a VALUES block is still to come."""
    if sign in _OPENING:
        in_data = opened[-1:] == ["data"]
        opened.append("data" if sign == "{" and is_data else "row" if sign == "(" and (in_data or is_data) else sign)
        return is_data and sign == "("
    if sign in _CLOSING:
        del opened[-1:]
    return is_data


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
