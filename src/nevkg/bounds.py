"""Bounds on what a query may ask: how deep it is nested, and how many rows it may have."""

from __future__ import annotations

import re

from nevkg.errors import WrongUsage
from nevkg.sparql import Token, form, is_keyword, tokens

# Oxigraph 0.5.13 takes a query apart by calling itself once for each bracket, and once for each part that is joined to
# the ones before; beyond 770 brackets (FILTER EXISTS) or 2470 parts (MINUS) a stack of 8 MB, which threads have on
# Linux, is at its end and so is the process. Both at once must fit as well.
_DEEPEST, _MOST_PARTS = 200, 1000
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_JOINING = frozenset("!+-*/|&=<>^.;")
_JOINING_WORDS = frozenset(("UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH", "VALUES", "SELECT", "SERVICE"))
_ENDING = re.compile(r"\b(?:LIMIT|VALUES)\b", re.IGNORECASE)
# Between < and > without a space the engine may see parts of an expression where we see an IRI; no IRI has so many signs.
_SIGNS = re.compile(r"[(!+*/|&=-]")
_AT_MOST = re.compile(rf"[!+*/|&=<>^.;,-]|\b(?:{'|'.join(_JOINING_WORDS)})\b", re.IGNORECASE)


def refuse_depth(text: str) -> None:
    """Lets no query through that the engine could not take apart without an end of its stack.

    Raises:
        WrongUsage: if the query has brackets in brackets more than 200 deep, or more than 1000 parts, such as patterns and operators.
    """
    # Most queries are let through by this look, which counts too many, such as the slashes of IRIs.
    if sum(map(text.count, _OPENING)) <= _DEEPEST and len(_AT_MOST.findall(text)) <= _MOST_PARTS:
        return
    opened: list[str] = []
    parts = 0
    for token in tokens(text):
        if token.kind == "sign" and token.text in _OPENING:
            opened.append(token.text)
            if len(opened) > _DEEPEST:
                raise WrongUsage(f"Line {token.line}: there are brackets in brackets, {_DEEPEST} deep and more; write the query flatter.")
        elif token.kind == "sign" and token.text in _CLOSING:
            del opened[-1:]
        elif token.kind == "iri" and len(_SIGNS.findall(token.text)) > _DEEPEST:
            raise WrongUsage(f"Line {token.line}: there is an IRI with more than {_DEEPEST} signs; put spaces around < and >.")
        elif _joins(token, opened):
            parts += 1
            if parts > _MOST_PARTS:
                raise WrongUsage(f"Line {token.line}: the query has more than {_MOST_PARTS:,} parts; list what varies in VALUES.")


def _joins(token: Token, opened: list[str]) -> bool:
    if token.text == ",":
        # Between the objects of a pattern, not between the values of a list.
        return opened[-1:] != ["("]
    return token.text in _JOINING if token.kind == "sign" else token.kind == "word" and token.text.upper() in _JOINING_WORDS


def limited(text: str, most: int) -> str:
    """A SELECT query with a LIMIT, so that it has no more than ``most`` rows; the same text if it has such a one, or is another query."""
    if form(text) != "SELECT":
        return text
    depth, end = 0, len(text)
    words = tokens(text) if _ENDING.search(text) else iter(())
    for token in words:
        if token.kind == "sign":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        elif depth == 0 and is_keyword(token, "LIMIT"):
            number = next(words, None)
            if number is None or not number.text.isdecimal() or int(number.text) <= most:
                return text
            return f"{text[: number.start]}{most}{text[number.start + len(number.text) :]}"
        elif depth == 0 and is_keyword(token, "VALUES"):
            # It comes last, after the limit.
            end = token.start
            break
    # On a line of its own: the one before may be a comment.
    return f"{text[:end]}\nLIMIT {most}\n{text[end:]}"
