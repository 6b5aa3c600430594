"""Sentences of a text in any language; each cell of a table is one, with the label of its row and the header of its column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from nevkg.reading.spans import TextSpan

# A full stop ends a sentence if something follows that may begin one; not after an initial or a short abbreviation.
_END = re.compile(
    r"[。！？!?；]+[”’\"'」』）)]*|(?<![\s.(][A-Z])(?<!\b(?:Co|Mr|Ms|Dr|St|No|vs))(?<!\b(?:Inc|Ltd|Mrs|Hon))\.[”’\"')]*(?=\s+[^a-z\s]|\s*$)|\n+"
)


@dataclass(frozen=True)
class Sentence(TextSpan):
    """A sentence, and its words; a cell of a table with its row and column is one."""

    text: str

    @property
    def is_cell(self) -> bool:
        """Whether it is a cell of a table, so that its words are not as they are in the text."""
        return self.end - self.start != len(self.text)


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yields the sentences of a text; a line end ends a sentence, too."""
    start = 0
    for match in _END.finditer(text):
        yield from _trim(text, start, match.end())
        start = match.end()
    yield from _trim(text, start, len(text))


def _trim(text: str, start: int, end: int) -> Iterator[Sentence]:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    if words.strip():
        yield Sentence(first, first + len(words.strip()), words.strip())


_LINE = re.compile(r"[^\n]+")
_BETWEEN_CELLS = re.compile(r"\s*\|\s*|\t+")
_RULE = re.compile(r"[\s|:+-]+")  # the line under the headers
_FIGURE = re.compile(r"\d")
_PERIOD = re.compile(r"(?:19|20)\d\d|[QH][1-4]")
_COMMA = re.compile(r"\s*[,;:，；：、]\s*")


@dataclass(frozen=True)
class _Row(TextSpan):
    """A line of a text, as the cells of a table."""

    cells: Sequence[str]


@dataclass(frozen=True)
class Table(TextSpan):
    """A table in a text, with a sentence for each cell."""

    cells: Sequence[Sentence]


def find_tables(text: str, labels: Collection[str] = ()) -> Iterator[Table]:
    """Yields the tables of a text.

    A table is at least two lines with equally many cells, which bars or tabs separate. A sentence begins where its header does,
    so that it has all words of the text that it rests on.

    Args:
        labels: headers, in lower case, of columns that belong to the label of a row, such as *city*.
    """
    rows: list[_Row] = []
    for match in _LINE.finditer(text):
        cells = _BETWEEN_CELLS.split(match.group().strip().strip("|").strip())
        if rows and len(cells) != len(rows[0].cells):
            yield from _to_table(rows, labels)
            rows = []
        if len(cells) > 1 and not _RULE.fullmatch(match.group()):
            rows.append(_Row(match.start(), match.end(), cells))
    yield from _to_table(rows, labels)


def _to_table(rows: Sequence[_Row], labels: Collection[str]) -> Iterator[Table]:
    if len(rows) > 1:
        yield Table(rows[0].start, rows[-1].end, list(_read_cells(rows, labels)))


def _read_cells(rows: Sequence[_Row], labels: Collection[str]) -> Iterator[Sentence]:
    """Yields a sentence for each cell that is not in the label of its row, such as *BYD, Rayong Plant: 150,000 Capacity a year*."""
    has_headers = not any(_FIGURE.search(_PERIOD.sub("", cell)) for cell in rows[0].cells[1:])
    headers = [_COMMA.sub(" ", cell) if has_headers else "" for cell in rows[0].cells]
    in_label = [number for number, header in enumerate(headers) if header.casefold() in labels]
    for row in rows[has_headers:]:
        # What is in a place comes before it, and the place before its area, as in "BYD, Rayong, Thailand".
        names = [row.cells[0], *(row.cells[number] for number in reversed(in_label) if number)]
        label = ", ".join(filter(None, names)) if len(names) > 1 else f"{row.cells[0]} {headers[0]}"
        for number, (header, cell) in enumerate(zip(headers, row.cells, strict=True)):
            if number and number not in in_label and cell.strip():
                yield Sentence(rows[0].start if header else row.start, row.end, f"{label}: {cell} {header}".strip())
