"""Works around defects and limits of other SPARQL engines: rewrites queries, splits them into pages, and corrects results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from nevkg.sparql.bounds import is_certain
from nevkg.sparql.syntax import Edit, Token, apply_edits, query_form, tokenize

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
    tokens = list(tokenize(text))
    if _find(tokens, "SELECT *"):
        return text  # All variables are its columns, including those without a value.
    for start, end in [*_empty_values(tokens), *_empty_alternatives(tokens)]:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _rewrite_parts(text: str) -> str:
    tokens = list(tokenize(text))
    # The added row could change the result of a user's query; for questions of the catalogue it is known not to.
    is_question = text.startswith("#+") or "\n#+" in text
    return apply_edits(text, [*_rewrite_distinct(tokens), *(_rewrite_single_values(tokens) if is_question else ())])


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


def _matches(tokens: Sequence[Token], place: int, pattern: str) -> bool:
    """Whether a pattern begins at an index: texts in capitals, and kinds of tokens in small letters, such as ``VALUES variable {``."""
    parts = pattern.split()
    found = tokens[place : place + len(parts)]
    return len(found) == len(parts) and all(
        token.kind in part.split("|") if part.islower() else token.text.upper() == part for token, part in zip(found, parts, strict=True)
    )


def _find(tokens: Sequence[Token], pattern: str) -> list[int]:
    """Returns the indices at which a pattern begins."""
    return [place for place in range(len(tokens)) if _matches(tokens, place, pattern)]


def _match_braces(tokens: Sequence[Token]) -> dict[int, int]:
    """Returns the index of each brace that opens a group with that of the brace that closes it, inner groups first."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.text == "{":
            opened.append(place)
        elif token.text == "}" and opened:
            closing[opened.pop()] = place
    return closing


def _rewrite_distinct(tokens: Sequence[Token]) -> Iterator[Edit]:
    """Yields the edits for sub-selects with DISTINCT that select only variables."""
    closing = _match_braces(tokens)
    for start, end in closing.items():
        if not _matches(tokens, start, "{ SELECT DISTINCT variable"):
            continue
        distinct = tokens[start + 2]
        variables = [token.text for token in takewhile(lambda token: token.kind == "variable", tokens[start + 3 :])]
        pattern = start + 3 + len(variables)
        pattern += _matches(tokens, pattern, "WHERE")
        # The pattern must be the end of the sub-select: nothing such as LIMIT follows.
        if closing.get(pattern) == end - 1:
            yield distinct.start, distinct.end, " " * len(distinct.text)
            yield tokens[end].start, tokens[end].start, f" GROUP BY {' '.join(variables)} HAVING(COUNT(*) > 0) "


def _rewrite_single_values(tokens: Sequence[Token]) -> Iterator[Edit]:
    """Yields the edits for each ``VALUES ?x { iri }`` in a group, where a filter is allowed; it is not after a whole SELECT."""
    closing = _match_braces(tokens)
    for place in _find(tokens, "VALUES variable { iri|name }"):
        group = max((start for start, end in closing.items() if start < place < end), default=None)
        if group is not None and not _matches(tokens, group, "{ SELECT"):
            keyword, variable, last = tokens[place], tokens[place + 1].text, tokens[place + 4]
            # In a separate group, since Virtuoso ignores such a filter next to an OPTIONAL.
            yield keyword.start, keyword.start, "{ "
            yield last.start, last.end, f"{_NOTHING} }} FILTER({variable} != {_NOTHING}) }}"


def _empty_values(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each ``VALUES ?x { UNDEF }``."""
    return ((tokens[place].start, tokens[place + 4].end) for place in _find(tokens, "VALUES variable { UNDEF }"))


def _empty_alternatives(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each group without rows, including the UNION that follows it."""
    closing = _match_braces(tokens)
    for start, end in closing.items():
        if _matches(tokens, end + 1, "UNION") and _has_no_rows(tokens, start, closing):
            yield tokens[start].start, tokens[end + 1].end


def _has_no_rows(tokens: Sequence[Token], start: int, closing: Mapping[int, int]) -> bool:
    """Whether the group that begins at an index binds a variable and also requires it to be unbound; inner groups are not examined."""
    bound, unbound = set[str](), set[str]()
    place = start + 1
    while place < closing[start]:
        if _matches(tokens, place, "VALUES variable {"):
            values = [token.text.upper() for token in tokens[place + 3 : closing[place + 2]]]
            bound |= {tokens[place + 1].text} if values and "UNDEF" not in values else set()
        elif _matches(tokens, place, "FILTER ( ! BOUND ( variable ) )"):
            unbound.add(tokens[place + 5].text)
        place = closing.get(place, place) + 1
    return bool(bound & unbound)


def page_query(text: str, columns: Sequence[str], first: int, rows: int) -> str:
    """Returns the query for one page of the answer to a SELECT query.

    All columns are added to the order to make it total, so that each row is on exactly one page; their texts first, since
    Virtuoso has no consistent order of IRIs and literals. The order is in a sub-select, since Virtuoso sorts only up to its
    limit of rows if ORDER BY and OFFSET are together.

    Args:
        columns: its variables, with question marks.
        first: the number of the first row, from 0.
        rows: the number of rows of the page.
    """
    tokens = list(tokenize(text))
    outer = _outer_tokens(tokens)
    start = next(token.start for token in tokens if token.text.upper() == "SELECT")
    after = [token for token in outer if token.kind == "word" and token.text.upper() in _AFTER_ORDER]
    end = after[0].start if after else len(text)
    order = next((token.start for token in outer if token.kind == "word" and token.text.upper() == "ORDER"), end)
    head, select, own, rest = text[:start], text[start:order], text[order:end], text[end:]
    alone, mentioned = (
        {token.text for token in some if order < token.start < end and token.kind == "variable"} for some in (outer, tokens)
    )
    more = " ".join(f"STR({name}) {name}" for name in columns if name not in alone)
    # The line breaks end a comment, which could hide what follows.
    total = f"{own}\n{more}" if own else f"ORDER BY {more}"
    chosen = f"SELECT {' '.join(columns)} WHERE {{ {{ "
    grouped = any(token.kind == "word" and token.text.upper() == "GROUP" for token in outer)
    if grouped and mentioned <= {*columns} and all(token.text.upper() == "VALUES" for token in after):
        # Virtuoso cannot order by the text of an aggregate, but by that of a column of a sub-select.
        select, rest = f"{chosen}{select}\n{rest}\n}} }}", ""
    return f"{head}{chosen}{select}\n{total} {rest}\n}} }} LIMIT {rows} OFFSET {first}"


def _outer_tokens(tokens: Sequence[Token]) -> list[Token]:
    """Returns the tokens outside all brackets."""
    found: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.text in ("{", "(")
        if depth == 0:
            found.append(token)
        depth -= token.text in ("}", ")")
    return found
