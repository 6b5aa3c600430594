"""Texts that the files of an answer share: its heading, the number of its rows, and the licence."""

from __future__ import annotations

from nevkg.table.render import Citable

LICENCE = {"en": "Data under CC BY 4.0, code under Apache-2.0.", "zh": "数据采用 CC BY 4.0，代码采用 Apache-2.0。"}
_WORDS = {
    "en": {
        "or": " or ",
        "row": "1 row, as of {day}.",
        "rows": "{count} rows, as of {day}.",
        "part": "{count} of {total} rows, as of {day}.",
    },
    "zh": {"or": "或", "row": "1 行，截至 {day}。", "rows": "{count} 行，截至 {day}。", "part": "{total} 行中的 {count} 行，截至 {day}。"},
}


def heading(table: Citable) -> tuple[str, str]:
    """Returns the title of a table, and its filters in words; the filters are empty if there are none."""
    return table.title, " · ".join(_WORDS[table.language]["or"].join(several) for several in table.filters)


def count_rows(table: Citable) -> str:
    """Returns how many rows there are, of which day, and how well they are supported."""
    count = len(table.records)
    name = "part" if count < table.total else "row" if count == 1 else "rows"
    counted = _WORDS[table.language][name].format(count=f"{count:,}", total=f"{table.total:,}", day=table.as_of)
    return f"{counted} {table.support.text}" if table.support else counted
