"""Tokenizes a query as far as all engines agree on its tokens.

The tokenizer of ``sparql.syntax`` does not know its position in the grammar, and ``<2)SERVICE#>`` is an IRI in one
position and a comparison followed by a comment in another. Tokenizing stops here where that may matter. Each token
before that point is certain because all tokens to its left are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nevkg.sparql.syntax import Token, is_keyword, tokenize

UNCERTAIN = "uncertain"
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
TERMS = frozenset(("iri", "literal", "variable", "name", "number", "tag"))
_ESCAPE = re.compile(r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})""")
_SIGNS = frozenset("()[]{}.,;=!<>|&+-*/^?~")
# "<" followed by a space is always an operator, since an IRI has no spaces.
_LESS = re.compile(r"<=?[ \t\r\n]")


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
