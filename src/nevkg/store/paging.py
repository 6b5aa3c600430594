"""Splits a query into pages, for servers that limit the number of rows of a result."""

from __future__ import annotations

from collections.abc import Sequence

from nevkg.sparql.syntax import Token, tokenize

_AFTER_ORDER = ("LIMIT", "OFFSET", "VALUES")


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
