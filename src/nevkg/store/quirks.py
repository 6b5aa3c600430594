"""Works around defects and limits of other SPARQL engines: rewrites queries, splits them into pages, and corrects results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from nevkg.sparql.bounds import is_certain
from nevkg.sparql.syntax import Token, query_form, tokenize

_BLANK, _TRUTH = b'"type": "bnode", "value": "', b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "'
# Nonstandard to standard JSON. These cannot occur within a literal, where the quotation marks would be escaped.
_CORRECTIONS = ((_BLANK + b"nodeID://", _BLANK), (_TRUTH + b'1"', _TRUTH + b'true"'), (_TRUTH + b'0"', _TRUTH + b'false"'))
_NOTHING = "<urn:x-nevkg:nothing>"
_AFTER_ORDER = ("LIMIT", "OFFSET", "VALUES")


def adapt_query(text: str) -> str:
    """Returns an equivalent query that other engines answer correctly; line numbers do not change.

    ``VALUES ?x { UNDEF }`` binds nothing and is removed. Virtuoso 7.2 finds no rows if two of them are next to a
    pattern with their variables, and Jena 4.9 moves filters past them.

    An alternative with ``VALUES ?x { value }`` and ``FILTER(!BOUND(?x))`` has no rows and is removed. With it,
    Virtuoso finds no rows for the other alternatives of the UNION either.

    ``SELECT DISTINCT ?x`` in a sub-select becomes ``GROUP BY ?x`` with a count. Virtuoso loses rows when it joins
    the former to the preceding patterns, but not if there is something to count.

    ``VALUES ?x { iri }`` in a question of the catalogue gets a second value that a filter removes. Virtuoso sorts a
    single value as text.
    """
    # If engines may read the tokens differently, the wrong text could be edited.
    return _rewrite_parts(_drop_empty_parts(text)) if is_certain(text) else text


def _drop_empty_parts(text: str) -> str:
    words = list(tokenize(text))
    if any(first.text.upper() == "SELECT" and second.text == "*" for first, second in pairwise(words)):
        return text  # All variables are its columns, including those without a value.
    for start, end in [*_empty_values(words), *_empty_alternatives(words)]:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _rewrite_parts(text: str) -> str:
    words = list(tokenize(text))
    # The added row could change the result of a user's query; for questions of the catalogue it is known not to.
    is_question = text.startswith("#+") or "\n#+" in text
    for start, end, replacement in sorted(
        [*_rewrite_distinct(words), *(_rewrite_single_values(words) if is_question else ())], reverse=True
    ):
        text = text[:start] + replacement + text[end:]
    return text


def standardise_results(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yields JSON results in standard form: Virtuoso 7.2 writes blank nodes as ``nodeID://`` addresses, and booleans as numbers."""
    rest = b""
    for piece in pieces:
        # The texts to replace contain no such bracket, so that none is split between two pieces.
        whole, bracket, rest = (rest + piece).rpartition(b"}")
        for wrong, right in _CORRECTIONS:
            whole = whole.replace(wrong, right)
        yield whole + bracket
    yield rest


def makes_triples(text: str) -> bool:
    """Whether the answer to a query is a graph, not rows or a boolean."""
    return query_form(text) in ("CONSTRUCT", "DESCRIBE")


def _rewrite_distinct(words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """Yields the edits (start, end, replacement) for sub-selects with DISTINCT that select only variables."""
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
            # The pattern must be the end of the sub-select: nothing such as LIMIT follows.
            if variables and closing.get(group) == end - 1:
                word, close = words[number + 2], words[end].start
                yield word.start, word.start + len(word.text), " " * len(word.text)
                yield close, close, f" GROUP BY {' '.join(variables)} HAVING(COUNT(*) > 0) "


def _rewrite_single_values(words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """Yields the edits for each ``VALUES ?x { iri }`` in a group, where a filter is allowed; it is not after a whole SELECT."""
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
                # In a separate group, since Virtuoso ignores such a filter next to an OPTIONAL.
                yield word.start, word.start, "{ "
                yield end, end + 1, f"{_NOTHING} }} FILTER({variable} != {_NOTHING}) }}"


def _empty_values(words: list[Token]) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each ``VALUES ?x { UNDEF }``."""
    for number in range(len(words) - 4):
        keyword, variable, *rest = words[number : number + 5]
        if keyword.text.upper() == "VALUES" and variable.kind == "variable" and [word.text.upper() for word in rest] == ["{", "UNDEF", "}"]:
            yield keyword.start, rest[-1].start + 1


def _empty_alternatives(words: list[Token]) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each group without rows, including the UNION that follows it."""
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
    """Whether a group binds a variable and also requires it to be unbound; nested groups are not examined."""
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


def page_query(text: str, columns: Sequence[str], first: int, rows: int) -> str:
    """Returns the query for one page of the answer to a SELECT query.

    All columns are added to the order to make it total, so that each row is on exactly one page; their texts first, since
    Virtuoso has no consistent order of IRIs and literals. The order is in a sub-select, since Virtuoso sorts only up to its
    limit of rows if ORDER BY and OFFSET are together.

    Args:
        text: the query.
        columns: its variables, with question marks.
        first: the number of the first row, from 0.
        rows: the number of rows of the page.
    """
    words = list(tokenize(text))
    outer = _outer_tokens(words)
    start = next(word.start for word in words if word.text.upper() == "SELECT")
    after = [word for word in outer if word.kind == "word" and word.text.upper() in _AFTER_ORDER]
    end = after[0].start if after else len(text)
    order = next((word.start for word in outer if word.kind == "word" and word.text.upper() == "ORDER"), end)
    head, select, own, rest = text[:start], text[start:order], text[order:end], text[end:]
    alone, mentioned = ({word.text for word in some if order < word.start < end and word.kind == "variable"} for some in (outer, words))
    more = " ".join(f"STR({name}) {name}" for name in columns if name not in alone)
    # The line breaks end a comment, which could hide what follows.
    total = f"{own}\n{more}" if own else f"ORDER BY {more}"
    chosen = f"SELECT {' '.join(columns)} WHERE {{ {{ "
    grouped = any(word.kind == "word" and word.text.upper() == "GROUP" for word in outer)
    if grouped and mentioned <= {*columns} and all(word.text.upper() == "VALUES" for word in after):
        # Virtuoso cannot order by the text of an aggregate, but by that of a column of a sub-select.
        select, rest = f"{chosen}{select}\n{rest}\n}} }}", ""
    return f"{head}{chosen}{select}\n{total} {rest}\n}} }} LIMIT {rows} OFFSET {first}"


def _outer_tokens(words: Sequence[Token]) -> list[Token]:
    """Returns the tokens outside all brackets."""
    found: list[Token] = []
    depth = 0
    for word in words:
        depth += word.text in ("{", "(")
        if depth == 0:
            found.append(word)
        depth -= word.text in ("}", ")")
    return found
