"""What other engines make of SPARQL that they should understand: a query is put so that they do, and means the same."""

from __future__ import annotations

from itertools import pairwise

from nevkg.sparql import Token, tokens

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def plainly(text: str) -> str:
    """The query in words that all engines understand; lines and columns stay where they are.

    ``VALUES ?x { UNDEF }`` binds nothing and says nothing, so it is left out. Virtuoso 7.2 finds
    nothing at all where two of them stand beside a pattern with their variables, and Jena 4.9 moves
    filters past them.
    """
    words = list(tokens(text))
    if any(first.text.upper() == "SELECT" and second.text == "*" for first, second in pairwise(words)):
        return text  # Its columns are all variables, those without a value among them.
    for number, word in enumerate(words):
        if word.kind == "word" and word.text.upper() == "VALUES" and _says_nothing(words[number + 1 : number + 5]):
            end = words[number + 4].start + 1
            text = text[: word.start] + " " * (end - word.start) + text[end:]
    return text


def preamble(server: str) -> str:
    """What a server wants to hear before a query, on the same line; the server is told by its header of that name.

    Virtuoso 7.2 puts joins into an order of its own, which depends on samples of the data and gives
    wrong rows for queries with sub-selects and UNION. In the order that is written it does not, and is faster.
    """
    return 'define sql:select-option "order" ' if server.startswith("Virtuoso") else ""


def makes_triples(text: str) -> bool:
    """Whether the answer to a query is a graph, not rows or a truth value."""
    forms = (word.text.upper() for word in tokens(text) if word.kind == "word")
    return next((form for form in forms if form in _FORMS), "") in ("CONSTRUCT", "DESCRIBE")


def _says_nothing(words: list[Token]) -> bool:
    return len(words) == 4 and words[0].kind == "variable" and [word.text.upper() for word in words[1:]] == ["{", "UNDEF", "}"]
