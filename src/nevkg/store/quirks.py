"""What other engines make of SPARQL that they should understand: a query is put so that they do, and means the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from nevkg.sparql.syntax import Token, form, tokens
from nevkg.sparql.tokens import is_certain

_BLANK, _TRUTH = b'"type": "bnode", "value": "', b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "'
# Within a literal their quotation marks would be escaped.
_WRITTEN = ((_BLANK + b"nodeID://", _BLANK), (_TRUTH + b'1"', _TRUTH + b'true"'), (_TRUTH + b'0"', _TRUTH + b'false"'))
_NOTHING = "<urn:x-nevkg:nothing>"


def plainly(text: str) -> str:
    """The query without what says nothing, which other engines misread; lines and columns stay where they are.

    ``VALUES ?x { UNDEF }`` binds nothing. Virtuoso 7.2 finds nothing at all where two of them stand
    beside a pattern with their variables, and Jena 4.9 moves filters past them.

    An alternative with ``VALUES ?x { value }`` and ``FILTER(!BOUND(?x))`` has no rows. Virtuoso then
    finds none for the others of its UNION either.

    ``SELECT DISTINCT ?x`` inside a query is put as ``GROUP BY ?x`` with a count. Virtuoso loses rows
    where it joins them to what stands before, and not where it has something to count.

    ``VALUES ?x { iri }`` in a question of the catalogue is given a second value that no row keeps. Virtuoso
    sorts a single one as text.
    """
    # Where engines may read the tokens otherwise, something else than what is meant would be edited.
    return _edited(_shorter(text)) if is_certain(text) else text


def _shorter(text: str) -> str:
    words = list(tokens(text))
    if any(first.text.upper() == "SELECT" and second.text == "*" for first, second in pairwise(words)):
        return text  # Its columns are all variables, those without a value among them.
    for start, end in [*_empty_values(words), *_empty_alternatives(words)]:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _edited(text: str) -> str:
    words = list(tokens(text))
    # A query of somebody's own may keep such a row; those of the catalogue are known not to.
    of_catalogue = text.startswith("#+") or "\n#+" in text
    for start, end, instead in sorted([*_distinct(words), *(_single_values(words) if of_catalogue else ())], reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def standard(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Rows in JSON as the standard has them: Virtuoso 7.2 writes blank nodes as addresses, and truth as a number."""
    kept = b""
    for piece in pieces:
        # What is put otherwise has no such bracket, so that none of it is cut in two.
        whole, bracket, kept = (kept + piece).rpartition(b"}")
        for written, meant in _WRITTEN:
            whole = whole.replace(written, meant)
        yield whole + bracket
    yield kept


def makes_triples(text: str) -> bool:
    """Whether the answer to a query is a graph, not rows or a truth value."""
    return form(text) in ("CONSTRUCT", "DESCRIBE")


def _distinct(words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """From where to where something else is to stand in sub-selects of nothing but variables, and what."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for number, word in enumerate(words):
        if word.text == "{":
            opened.append(number)
        elif word.text == "}" and opened:
            closing[opened.pop()] = number
    for number, end in closing.items():
        if [word.text.upper() for word in words[number + 1 : number + 3]] == ["SELECT", "DISTINCT"]:
            variables = [word.text for word in takewhile(lambda word: word.kind == "variable", words[number + 3 :])]
            group = number + 3 + len(variables)
            group += words[group].text.upper() == "WHERE"
            # Nothing follows its pattern, such as LIMIT.
            if variables and closing.get(group) == end - 1:
                word, close = words[number + 2], words[end].start
                yield word.start, word.start + len(word.text), " " * len(word.text)
                yield close, close, f" GROUP BY {' '.join(variables)} HAVING(COUNT(*) > 0) "


def _single_values(words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """The same for each ``VALUES ?x { iri }`` in a group, where a filter can stand; it cannot after a whole SELECT."""
    opened: list[int] = []
    for number, word in enumerate(words):
        if word.text == "{":
            opened.append(number)
        elif word.text == "}" and opened:
            opened.pop()
        elif word.text.upper() == "VALUES" and opened and words[opened[-1] + 1].text.upper() != "SELECT":
            kinds = [one.kind for one in words[number + 1 : number + 5]]
            if kinds in (["variable", "sign", "iri", "sign"], ["variable", "sign", "name", "sign"]) and words[number + 4].text == "}":
                variable, end = words[number + 1].text, words[number + 4].start
                # In a group of its own, since Virtuoso forgets such a filter beside an OPTIONAL.
                yield word.start, word.start, "{ "
                yield end, end + 1, f"{_NOTHING} }} FILTER({variable} != {_NOTHING}) }}"


def _empty_values(words: list[Token]) -> Iterator[tuple[int, int]]:
    """Where ``VALUES ?x { UNDEF }`` stands."""
    for number in range(len(words) - 4):
        keyword, variable, *rest = words[number : number + 5]
        if keyword.text.upper() == "VALUES" and variable.kind == "variable" and [word.text.upper() for word in rest] == ["{", "UNDEF", "}"]:
            yield keyword.start, rest[-1].start + 1


def _empty_alternatives(words: list[Token]) -> Iterator[tuple[int, int]]:
    """Where a group without rows stands, and the UNION that joins it to the next."""
    texts = [word.text.upper() if word.kind == "word" else word.text for word in words]
    opened: list[int] = []
    for number, sign in enumerate(texts):
        if sign == "{":
            opened.append(number)
        elif sign == "}" and opened:
            first = opened.pop()
            if texts[number + 1 : number + 2] == ["UNION"] and _has_no_rows(texts[first + 1 : number]):
                yield words[first].start, words[number + 1].start + len("UNION")


def _has_no_rows(texts: list[str]) -> bool:
    """Whether a group binds a variable and asks that it be unbound; deeper groups are not looked into."""
    bound, unbound, depth = set[str](), set[str](), 0
    for number, text in enumerate(texts):
        if depth == 0 and text == "VALUES" and texts[number + 2 : number + 3] == ["{"]:
            values = texts[number + 3 : texts.index("}", number)]
            bound |= {texts[number + 1]} if values and "UNDEF" not in values else set()
        elif (
            depth == 0 and texts[number : number + 5] == ["FILTER", "(", "!", "BOUND", "("] and texts[number + 6 : number + 8] == [")", ")"]
        ):
            unbound.add(texts[number + 5])
        depth += (text == "{") - (text == "}")
    return bool(bound & unbound)
