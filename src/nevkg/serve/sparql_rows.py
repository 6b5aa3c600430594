"""Limits the number of rows of a query result, whatever the query asks for."""

from __future__ import annotations

import io
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from nevkg.errors import WrongUsage

_IN_MEMORY, _MOST_BYTES = 1 << 24, 1 << 29


class _LimitReached(Exception):
    """The limit was reached. Raised inside the engine's output to stop it."""


class _LineLimiter(io.RawIOBase):
    """An output that passes a limited number of lines to a file."""

    def __init__(self, output: IO[bytes], most: int) -> None:
        self._output, self._left = output, most

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        *lines, rest = bytes(content).split(b"\n", self._left)
        self._output.writelines(line + b"\n" for line in lines)
        self._left -= len(lines)
        if not self._left and rest:
            raise _LimitReached
        if self._output.tell() > _MOST_BYTES:
            raise WrongUsage("The answer is larger than 512 MB; restrict the query, for example with a LIMIT.")
        self._output.write(rest)
        return len(content)


def limit_rows(found: QuerySolutions, most: int) -> tuple[QuerySolutions, bool]:
    """Returns the first rows of a table, and whether there are more.

    The engine serializes the table as TSV, in which each row is one line and all terms are preserved.

    Args:
        found: the table; it is consumed.
        most: maximum number of rows.

    Raises:
        WrongUsage: if the rows are larger than 512 MB.
    """
    # The reader of the rows closes the file.
    content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        found.serialize(cast(IO[bytes], _LineLimiter(content, most + 1)), QueryResultsFormat.TSV)
    except _LimitReached:
        is_truncated = True
    else:
        is_truncated = False
    content.seek(0)
    rows = parse_query_results(content, QueryResultsFormat.TSV)
    assert isinstance(rows, QuerySolutions)
    return rows, is_truncated
