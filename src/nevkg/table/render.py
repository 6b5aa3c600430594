"""A table for people to read: in a terminal, as Markdown and as HTML."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from nevkg.lookup import unreliable_hosts
from nevkg.lookup.sources import Evidence, Source, entry
from nevkg.table import terminal
from nevkg.table.frames import Tabular
from nevkg.table.terminal import Cells
from nevkg.table.values import Thing, Value, shown, things

if TYPE_CHECKING:
    from nevkg.ask.emptiness import Reason
    from nevkg.ask.support import Support

_SOURCES = {"en": "sources", "zh": "来源"}
# What would end a cell, or begin code, HTML or the address of a link.
_MARKDOWN = re.compile(r"[\\|`<]|(?<=\])\(")
# More sources than this beside one cell would hide it; all are listed below the table.
_NOTES = 3


class Citable(Tabular, Protocol):
    """A table with words, and with what its cells rest on."""

    @property
    def rests(self) -> Sequence[Sequence[tuple[str, ...]]]:
        """For each row what its cells rest on."""

    @property
    def evidence(self) -> Evidence:
        """The sources behind that."""

    @property
    def title(self) -> str:
        """In words."""

    @property
    def language(self) -> str:
        """Of labels."""

    @property
    def brief(self) -> Sequence[str]:
        """The columns to keep if not all fit, most important first."""

    @property
    def reference(self) -> str:
        """Version, digest, what was asked, and dates."""

    @property
    def as_of(self) -> str:
        """The day (ISO)."""

    @property
    def reason(self) -> Reason | None:
        """Why there are no rows, if so."""

    @property
    def support(self) -> Support | None:
        """How well the rows are supported, if that is known."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What a machine should know of the whole table."""


def _heads(table: Citable) -> list[str]:
    return [column.label.get(table.language) or column.name for column in table.columns]


def _filled(table: Citable) -> list[int]:
    """The columns worth showing to a person: those in which at least one row has something."""
    every = range(len(table.columns))
    return [number for number in every if any(row[number] is not None for row in table.records)] if table.records else list(every)


def collect_cells(table: Citable, limit: int | None = None, *, numbered: bool = False) -> Cells:
    """The texts of a table; empty columns are left out.

    Args:
        table: the table.
        limit: how many rows at the most.
        numbered: whether a last column has the numbers of the sources, as ``Table.cite`` counts them.
    """
    kept, heads = _filled(table), _heads(table)
    rows = [[terminal.format_value(row[number]) for number in kept] for row in table.records[:limit]]
    names = [table.columns[number].name for number in kept]
    ranks = [names.index(name) for name in table.brief if name in names]
    if numbered:
        ranks = [len(kept), *(ranks or range(len(kept)))]
        rows = [[*row, _numbers(table, index)] for index, row in enumerate(rows)]
    numeric = frozenset(place for place, number in enumerate(kept) if table.kinds[number].name in ("integer", "number"))
    return Cells([*(heads[number] for number in kept), *([_SOURCES[table.language]] if numbered else [])], rows, numeric, ranks)


def _numbers(table: Citable, index: int) -> str:
    """The numbers of the sources of a row."""
    behind = {source.iri for source in table.evidence.of(*(iri for cell in table.rests[index] for iri in cell))} if table.rests else set()
    return ", ".join(str(number) for number, source in enumerate(table.evidence.sources, start=1) if source.iri in behind)


def _why_empty(table: Citable) -> str:
    return f"\n{table.reason.text}\n" if table.reason else ""


def table(table: Citable, limit: int | None = None) -> bytes:
    """A table for the terminal, of the columns that fit."""
    return f"{terminal.render_table(collect_cells(table, limit), terminal.width())}{_why_empty(table)}".encode()


def markdown(table: Citable) -> bytes:
    """A Markdown table."""
    kept, heads = _filled(table), _heads(table)
    lines = [[heads[number] for number in kept], ["---" for _ in kept]]
    lines += [[_markdown_cell(row[number]) for number in kept] for row in table.records]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).encode() + _why_empty(table).encode()


def _markdown_cell(value: Value) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(shown(value).splitlines()))


def html(table: Citable, limit: int | None = None) -> bytes:
    """An HTML table with links to things and, as numbered notes, to sources; all text is escaped."""
    kept, rows = _filled(table), table.records[:limit]
    numbers = {source.iri: number for number, source in enumerate(table.evidence.sources, start=1)}
    used: dict[str, Source] = {}
    lines = ["<table>", "<thead><tr>", *(f"<th>{markup.escape(_heads(table)[number])}</th>" for number in kept), "</tr></thead>", "<tbody>"]
    for index, row in enumerate(rows):
        cells = []
        for number in kept:
            behind = table.evidence.of(*table.rests[index][number]) if table.rests else []
            used |= {source.iri: source for source in behind}
            notes = "".join(_note(source, numbers[source.iri]) for source in behind[:_NOTES]) + ("…" if behind[_NOTES:] else "")
            cells.append(f"<td>{_linked(row[number])}{notes}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    if table.reason:
        lines.append(f"<p>{markup.escape(table.reason.text)}</p>")
    if len(rows) < len(table.records):
        lines.append(f"<p>… {len(table.records) - len(rows)} more rows</p>")
    if used:
        items = [f'<li value="{numbers[iri]}">{markup.escape(entry(used[iri]))}</li>' for iri in sorted(used)]
        lines += ["<details><summary>Sources</summary><ol>", *items, "</ol></details>"]
    return ("\n".join(lines) + "\n").encode()


def _link(address: str, words: str, title: str = "") -> str:
    """A link; words alone where the address is not one of the web."""
    if not address.startswith(("http://", "https://")):
        return markup.escape(words)
    hover = f' title="{markup.escape(title)}"' if title else ""
    return f'<a href="{markup.escape(address)}"{hover}>{markup.escape(words)}</a>'


def _note(source: Source, number: int) -> str:
    return f"<sup>{_link(source.address or source.iri, f'[{number}]', entry(source))}</sup>"


def _thing(thing: Thing) -> str:
    """A thing as a link; not if its label says that its address is to be none."""
    return markup.escape(thing.label) if thing.label == unreliable_hosts.defang(thing.iri) else _link(thing.iri, thing.label)


def _linked(value: Value) -> str:
    if not things(value):
        return markup.escape(shown(value))
    whole = value if isinstance(value, tuple) else (value,)
    return "; ".join(_thing(one) if isinstance(one, Thing) else markup.escape(shown(one)) for one in whole)
