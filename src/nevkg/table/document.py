"""Writes a table as one HTML file that opens offline: title, rows, statements, sources, query, citation and a digest of the rows."""

from __future__ import annotations

import html as markup
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nevkg.lookup.descriptions import StatementDescription, describe
from nevkg.lookup.sources import Source, describe_access
from nevkg.table.display import heads, link, link_value, nonempty_columns
from nevkg.table.listings import LICENCE, count_rows, heading
from nevkg.table.values import find_things, to_text
from nevkg.words import words_of

if TYPE_CHECKING:
    from nevkg.table.table import Table

_WORDS = words_of("table.document")
# Texts of up to this many characters, such as days, are not wrapped.
_SHORT = 12
# Nothing is loaded and no script runs, whatever a label contains.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return (Path(__file__).parent / "document.css").read_text(encoding="utf-8")


def to_document(table: Table, rows: bytes, figure: str = "") -> bytes:
    """Returns the HTML file; all text is escaped.

    Args:
        rows: its rows as CSV, which the file contains and of which it gives the digest.
        figure: a picture above the rows, as SVG markup.
    """
    title, filters = heading(table)
    subtitle = [f'<p class="filters">{_text(filters)}</p>'] if filters else []
    lines = [
        "<!doctype html>",
        f'<html lang="{table.language}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_text(' · '.join(filter(None, (title, filters))))}</title>",
        f"<style>\n{_style()}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{_text(title)}</h1>",
        *subtitle,
        f"<p>{_text(count_rows(table))}</p>",
        *([f'<div class="figure">\n{figure}</div>'] if figure else []),
        *_body(table, rows),
        "</main>",
        f"<footer><p>{_text(LICENCE[table.language])}</p></footer>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _body(table: Table, rows: bytes) -> Iterator[str]:
    words = _WORDS[table.language]
    behind = [sorted(_statements(table, row)) for row in range(len(table.records))]
    stated = sorted({iri for iris in behind for iri in iris})
    numbers = {iri: number for number, iri in enumerate(stated, start=1)}
    if table.records:
        yield from _table(table, [[numbers[iri] for iri in iris] for iris in behind], with_evidence=bool(stated))
    elif table.reason:
        yield f"<p>{_text(table.reason.text)}</p>"
    if stated:
        described = describe(table.store, stated, table.language)
        items = [
            f'<li id="s{numbers[iri]}">{_statement(said, table.evidence.numbers, words)}</li>' for iri, said in sorted(described.items())
        ]
        yield from _section(words["statements"], ["<ol>", *items, "</ol>"])
    if table.evidence.sources:
        items = [f'<li id="source-{number}">{_source(source)}</li>' for number, source in enumerate(table.evidence.sources, start=1)]
        yield from _section(words["sources"], ["<ol>", *items, "</ol>"])
    access = f" ({describe_access(table.citation)})" if table.citation else ""
    yield from _section(words["cite"], [f"<p>{_text(table.reference)}. {link(table.citation, table.citation)}{_text(access)}</p>"])
    if table.sparql:
        yield from _section(words["query"], [f'<pre tabindex="0"><code>{_text(table.sparql)}</code></pre>'])
    saved = f'<a download="answer.csv" href="data:text/csv;base64,{b64encode(rows).decode()}">answer.csv</a>'
    digest = f"<p>{words['sha']}<code>{sha256(rows).hexdigest()}</code></p>"
    yield from _section(words["digest"], [digest, f"<p>{words['how'].format(file=saved)}</p>"])


def _statements(table: Table, row: int) -> set[str]:
    """Returns the IRIs of the statements behind a row."""
    cells = table.rests[row] if table.rests else ()
    return {ground.statement for cell in cells for iri in cell for ground in table.evidence.grounds.get(iri, ())}


def _table(table: Table, behind: Sequence[Sequence[int]], *, with_evidence: bool) -> Iterator[str]:
    columns, names, words = nonempty_columns(table), heads(table), _WORDS[table.language]
    titles = [*([words["evidence"]] if with_evidence else []), *(names[number] for number in columns)]
    yield '<div class="wide" tabindex="0">\n<table>'
    head = "".join(f'<th scope="col">{_text(title)}</th>' for title in titles)
    yield f"<thead><tr>{head}</tr></thead>"
    yield "<tbody>"
    classes = {number: _class(table, number) for number in columns}
    for row, numbers in zip(table.records, behind, strict=True):
        cells = [f"<td{classes[number]}>{link_value(row[number])}</td>" for number in columns]
        # First, since a wide table may have to be scrolled.
        yield f"<tr>{_evidence(numbers, words) if with_evidence else ''}{''.join(cells)}</tr>"
    yield "</tbody>\n</table>\n</div>"


def _class(table: Table, number: int) -> str:
    if table.kinds[number].name in ("integer", "number"):
        return ' class="number"'
    is_short = all(not find_things(row[number]) and len(to_text(row[number])) <= _SHORT for row in table.records)
    return ' class="short"' if is_short else ""


def _evidence(numbers: Sequence[int], words: Mapping[str, str]) -> str:
    if not numbers:
        return f"<td>{words['none']}</td>"
    links = " ".join(f'<a href="#s{number}">{number}</a>' for number in numbers)
    return f"<td><details><summary>{len(numbers)}</summary>{links}</details></td>"


def _statement(said: StatementDescription, places: dict[str, int], words: Mapping[str, str]) -> str:
    value = f"<del>{_text(said.value)}</del> ({words['retracted']})" if said.retracted else f"<b>{_text(said.value)}</b>"
    about = f"{_text(' · '.join(filter(None, (said.subject, said.property))))}: {value}"
    manner = _text("; ".join(filter(None, (said.when, *said.qualifiers))))
    text = f" <q>{_text(said.text)}</q>" if said.text else ""
    place = places.get(said.source)
    note = f' <a href="#source-{place}">[{place}]</a>' if place else ""
    return f'{about}{note} <span class="quiet">{manner}</span>{text} <code>{_text(said.name)}</code>'


def _source(source: Source) -> str:
    title = link(source.address, source.title or source.iri)
    about = "; ".join(filter(None, (source.devised or f"{source.publisher} {source.date}".strip(), source.unreliable)))
    shown = f' <span class="address">{_text(source.address)}</span>' if source.link else ""
    archive = f" {link(source.archive, 'Internet Archive')}" if source.archive else ""
    return f'{title} <span class="quiet">{_text(about)}</span>{shown}{archive} <code>{_text(source.iri)}</code>'


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["<section>", f"<h2>{_text(title)}</h2>", *lines, "</section>"]


def _text(text: str) -> str:
    return markup.escape(text)
