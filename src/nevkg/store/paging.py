"""An answer in pages, from a server that gives no more than so many rows at once."""

from __future__ import annotations

from collections.abc import Sequence

from nevkg.sparql.syntax import Token, tokens

_AFTER_ORDER = ("LIMIT", "OFFSET", "VALUES")


def page(text: str, columns: Sequence[str], first: int, rows: int) -> str:
    """The query for a part of the answer to a SELECT.

    The order is made total by all columns, so that no row can stand on two pages or on none; by
    their texts first, since Virtuoso has no order of IRIs beside literals that it keeps to. It
    stands within: Virtuoso sorts no more than its limit of rows where the order meets an OFFSET.

    Args:
        text: the query.
        columns: its variables, with their question marks.
        first: the row that the page begins with, from 0.
        rows: how many it holds.
    """
    words = list(tokens(text))
    outer = _outer(words)
    start = next(word.start for word in words if word.text.upper() == "SELECT")
    after = [word for word in outer if word.kind == "word" and word.text.upper() in _AFTER_ORDER]
    end = after[0].start if after else len(text)
    order = next((word.start for word in outer if word.kind == "word" and word.text.upper() == "ORDER"), end)
    head, asked, own, rest = text[:start], text[start:order], text[order:end], text[end:]
    alone, mentioned = ({word.text for word in some if order < word.start < end and word.kind == "variable"} for some in (outer, words))
    more = " ".join(f"STR({name}) {name}" for name in columns if name not in alone)
    # A comment could hide what comes behind it, but for a new line.
    total = f"{own}\n{more}" if own else f"ORDER BY {more}"
    chosen = f"SELECT {' '.join(columns)} WHERE {{ {{ "
    grouped = any(word.kind == "word" and word.text.upper() == "GROUP" for word in outer)
    if grouped and mentioned <= {*columns} and all(word.text.upper() == "VALUES" for word in after):
        # Virtuoso does not order by the text of what is reckoned for groups, but by that of what a query within gives.
        asked, rest = f"{chosen}{asked}\n{rest}\n}} }}", ""
    return f"{head}{chosen}{asked}\n{total} {rest}\n}} }} LIMIT {rows} OFFSET {first}"


def _outer(words: Sequence[Token]) -> list[Token]:
    """What stands in no brackets."""
    found: list[Token] = []
    depth = 0
    for word in words:
        depth += word.text in ("{", "(")
        if depth == 0:
            found.append(word)
        depth -= word.text in ("}", ")")
    return found
