"""A table that has no more rows than it may, whatever the query says."""

from __future__ import annotations

import io
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from nevkg.errors import WrongUsage

_IN_MEMORY, _MOST_BYTES = 1 << 24, 1 << 29


class _Enough(Exception):
    """There are more rows than are wanted, which stops the engine."""


class _Lines(io.RawIOBase):
    """Lets so many lines through to a file."""

    def __init__(self, output: IO[bytes], most: int) -> None:
        self._output, self._left = output, most

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        *lines, rest = bytes(content).split(b"\n", self._left)
        self._output.writelines(line + b"\n" for line in lines)
        self._left -= len(lines)
        if not self._left and rest:
            raise _Enough
        if self._output.tell() > _MOST_BYTES:
            raise WrongUsage("The answer is larger than can be kept; ask for less, such as with a LIMIT.")
        self._output.write(rest)
        return len(content)


def cut(found: QuerySolutions, most: int) -> tuple[QuerySolutions, bool]:
    """The first rows of a table, and whether there are more.

    The engine writes them as tab-separated values, where each row is a line, and says all of its terms.

    Args:
        found: the table; it is read.
        most: how many rows there may be.

    Raises:
        WrongUsage: if the rows are larger than half a gigabyte.
    """
    # What reads it afterwards closes it.
    content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        found.serialize(cast(IO[bytes], _Lines(content, most + 1)), QueryResultsFormat.TSV)
    except _Enough:
        is_cut = True
    else:
        is_cut = False
    content.seek(0)
    rows = parse_query_results(content, QueryResultsFormat.TSV)
    assert isinstance(rows, QuerySolutions)
    return rows, is_cut
