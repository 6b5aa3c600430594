"""The tokens of a query as far as every engine reads them alike.

The tokenizer of ``sparql`` does not know where in the grammar it is, and ``<2)SERVICE#>`` is an IRI in one place and
a comparison with a comment behind it in another. Here the reading stops where that may matter. What comes before is
read from the left, each token certain because those before it are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nevkg.sparql.syntax import Token, is_keyword, tokens

DOUBT = "doubt"
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
TERMS = frozenset(("iri", "literal", "variable", "name", "number", "tag"))
_ESCAPE = re.compile(r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})""")
_SIGNS = frozenset("()[]{}.,;=!<>|&+-*/^?~")
# "<" and what makes it an operator for sure: no IRI has a space.
_LESS = re.compile(r"<=?[ \t\r\n]")


def read_certain(text: str) -> Iterator[tuple[Token, list[str]]]:
    """The tokens of a query, and a last one of the kind ``DOUBT`` with the rest of the text, if engines may differ on that.

    Each comes with the brackets that are open before it: "(", "[", "{"; "data" for those of a block of VALUES, "row" for one
    of its rows. The list changes as the reading goes on.
    """
    opened: list[str] = []
    is_data = follows_term = False
    for token in tokens(text):
        in_expression = opened[-1:] == ["("]
        if _is_doubtful(token, text, in_expression=in_expression, follows_term=follows_term):
            yield Token(DOUBT, text[token.start :], token.start, token.line), opened
            return
        yield token, opened
        if token.kind == "sign":
            is_data = _nest(token.text, opened, is_data=is_data)
        elif token.kind == "word":
            is_data = is_data or is_keyword(token, "VALUES")
        follows_term = token.kind in TERMS or token.text in _CLOSING or token.text.lower() in ("true", "false")


def is_certain(text: str) -> bool:
    """Whether every engine reads the whole query as the same tokens."""
    return all(token.kind != DOUBT for token, _ in read_certain(text))


def _is_doubtful(token: Token, text: str, *, in_expression: bool, follows_term: bool) -> bool:
    if token.kind == "iri":
        # After a term in an expression it may be "less than" for an engine that reads by the grammar.
        return in_expression and follows_term
    if token.kind == "literal":
        return "\\" in _ESCAPE.sub("", token.text)
    if token.text == "<":
        return not (follows_term and _LESS.match(text, token.start))
    # Other signs than those of the grammar, such as a space that does not break, may belong to a name or be an error.
    return "\\" in token.text or (token.kind == "sign" and token.text not in _SIGNS)


def _nest(sign: str, opened: list[str], *, is_data: bool) -> bool:
    """Follows a bracket; rows of VALUES are told from expressions. Returns whether a block of data is still to be opened."""
    if sign in _OPENING:
        in_data = opened[-1:] == ["data"]
        opened.append("data" if sign == "{" and is_data else "row" if sign == "(" and (in_data or is_data) else sign)
        return is_data and sign == "("
    if sign in _CLOSING:
        del opened[-1:]
    return is_data
