"""Renders tables for people: in a terminal, as Markdown and as HTML."""

from __future__ import annotations

import html as markup
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nevkg.lookup import sources
from nevkg.lookup.sources import Source
from nevkg.lookup.statements import rank_standings
from nevkg.table import terminal
from nevkg.table.frames import Record
from nevkg.table.terminal import Cells
from nevkg.table.values import LIST_OF_LABELS, Thing, Value, each, find_things, to_text
from nevkg.words import words_of

if TYPE_CHECKING:
    from nevkg.table.table import Table

_WORDS = words_of("table.display")
# Characters that would end a cell, or begin code, HTML or the address of a link.
_MARKDOWN = re.compile(r"[\\|`<]|(?<=\])\(")
# The colours of standings in a terminal, the best standing first.
_COLORS = ("green", "", "yellow", "yellow", "red", "red")
# The maximum number of notes in a cell, for readability; all sources are listed below the table.
_NOTES = 3


def heads(table: Table) -> list[str]:
    """Returns the titles of the columns."""
    return [column.label.get(table.language) or column.name for column in table.columns]


def nonempty_columns(table: Table) -> list[int]:
    """Returns the indices of the columns with a value in at least one row; of all columns if there are no rows."""
    every = range(len(table.columns))
    return [number for number in every if any(row[number] is not None for row in table.records)] if table.records else list(every)


def collect_cells(table: Table, limit: int | None = None, *, numbered: bool = False, styled: bool = False) -> Cells:
    """Returns the texts of a table, without empty columns.

    Args:
        limit: the maximum number of rows; all if None.
        numbered: whether to add a column with the numbers of the sources, as in ``Table.cite``.
        styled: whether to look up the colours of standings and the addresses of sources.
    """
    columns, titles = nonempty_columns(table), heads(table)
    shared = _find_shared_labels(table, table.records[:limit])
    rows = [[_format(row[number], shared) for number in columns] for row in table.records[:limit]]
    colors = dict(zip(rank_standings(table.store), _COLORS, strict=False)) if styled else {}
    styles = {
        (line, place): colors[thing.iri]
        for line, row in enumerate(table.records[:limit])
        for place, number in enumerate(columns)
        for thing in find_things(row[number])
        if thing.iri in colors
    }
    links: dict[str, str] = {}
    names = [table.columns[number].name for number in columns]
    ranks = [names.index(name) for name in table.brief if name in names]
    if numbered:
        ranks = [len(columns), *(ranks or range(len(columns)))]
        rows = [[*row, _numbers(table, index)] for index, row in enumerate(rows)]
        if styled:
            styles |= {(line, len(columns)): "dim" for line in range(len(rows))}
            links = {str(table.evidence.numbers[source.iri]): source.link for source in table.evidence.sources if source.link}
    numeric = frozenset(place for place, number in enumerate(columns) if table.kinds[number].name in ("integer", "number"))
    titles = [*(titles[number] for number in columns), *([_WORDS[table.language]["sources"]] if numbered else [])]
    return Cells(titles, rows, numeric, ranks, styles, links, numbered)


def _find_shared_labels(table: Table, records: Sequence[Record]) -> frozenset[str]:
    """Returns the labels that several entities of one column have."""
    shared: set[str] = set()
    for number in range(len(table.columns)):
        things = {thing for record in records for thing in find_things(record[number])}
        shared |= {label for label, count in Counter(thing.label for thing in things).items() if count > 1}
    return frozenset(shared)


def _format(value: Value, shared: frozenset[str]) -> str:
    """Returns the text of a value; a label that several entities have is followed by the ID of the entity."""
    if not any(thing.label in shared for thing in find_things(value)):
        return terminal.format_value(value)
    return LIST_OF_LABELS.join(
        f"{part.label} ({part.iri.rpartition('/')[2]})" if isinstance(part, Thing) and part.label in shared else terminal.format_value(part)
        for part in each(value)
    )


def _numbers(table: Table, index: int) -> str:
    """Returns the numbers of the sources of a row, separated by commas."""
    behind = table.evidence.of(*(iri for cell in table.rests[index] for iri in cell)) if table.rests else ()
    return ", ".join(str(table.evidence.numbers[source.iri]) for source in behind)


def _format_reason(table: Table) -> str:
    return f"\n{table.reason.text}\n" if table.reason else ""


def to_terminal(table: Table, limit: int | None = None) -> bytes:
    """Renders a table for the terminal, with the columns that fit."""
    return f"{terminal.render_table(collect_cells(table, limit), terminal.width())}{_format_reason(table)}".encode()


def to_markdown(table: Table) -> bytes:
    """Renders a Markdown table."""
    columns, titles = nonempty_columns(table), heads(table)
    lines = [[titles[number] for number in columns], ["---" for _ in columns]]
    lines += [[_markdown_cell(row[number]) for number in columns] for row in table.records]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).encode() + _format_reason(table).encode()


def _markdown_cell(value: Value) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(to_text(value).splitlines()))


def to_html_fragment(table: Table, limit: int | None = None) -> bytes:
    """Renders an HTML table, as notebooks show it, with links to entities and, as numbered notes, to sources; all text is escaped."""
    columns, rows = nonempty_columns(table), table.records[:limit]
    numbers = table.evidence.numbers
    used: dict[str, Source] = {}
    lines = [
        "<table>",
        "<thead><tr>",
        *(f"<th>{markup.escape(heads(table)[number])}</th>" for number in columns),
        "</tr></thead>",
        "<tbody>",
    ]
    for index, row in enumerate(rows):
        cells = []
        for number in columns:
            behind = table.evidence.of(*table.rests[index][number]) if table.rests else []
            used |= {source.iri: source for source in behind}
            notes = "".join(
                f"<sup>{link(source.address or source.iri, f'[{numbers[source.iri]}]', str(source))}</sup>" for source in behind[:_NOTES]
            ) + ("…" if behind[_NOTES:] else "")
            cells.append(f"<td>{link_value(row[number])}{notes}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    if table.reason:
        lines.append(f"<p>{markup.escape(table.reason.text)}</p>")
    if len(rows) < len(table.records):
        lines.append(f"<p>… {len(table.records) - len(rows)} more rows</p>")
    if used:
        items = [f'<li value="{numbers[iri]}">{markup.escape(str(used[iri]))}</li>' for iri in sorted(used)]
        lines += ["<details><summary>Sources</summary><ol>", *items, "</ol></details>"]
    return ("\n".join(lines) + "\n").encode()


def link(address: str, words: str, title: str = "") -> str:
    """Returns a link; only the escaped words if the address is not a web address."""
    if not address.startswith(("http://", "https://")):
        return markup.escape(words)
    hover = f' title="{markup.escape(title)}"' if title else ""
    return f'<a href="{markup.escape(address)}"{hover}>{markup.escape(words)}</a>'


def _link_thing(thing: Thing) -> str:
    """Returns a link to an entity; only its label if that is the defanged form of an address on an unreliable host."""
    return markup.escape(thing.label) if thing.label == sources.defang(thing.iri) else link(thing.iri, thing.label)


def link_value(value: Value) -> str:
    """Returns the HTML of a value, with links to entities."""
    if not find_things(value):
        return markup.escape(to_text(value))
    return "; ".join(_link_thing(part) if isinstance(part, Thing) else markup.escape(to_text(part)) for part in each(value))
