"""Formats the sources of a table for reference managers: BibTeX (biblatex), CSL-JSON and RIS. The table itself is the first entry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.sources import describe_access
from nevkg.table.listings import heading
from nevkg.words import words_of

if TYPE_CHECKING:
    from nevkg.table.table import Table

AUTHOR = "The nevkg developers"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "{}&%$#_"},
}


@dataclass(frozen=True)
class Reference:
    """An entry for a reference manager.

    Attributes:
        key: the citation key, without spaces.
        kind: the CSL type.
        days: the day of publication (ISO), or its first and last possible day; empty if unknown.
        address: the web address; empty if there is none.
        note: further information.
        author: the author, an organisation.
        is_devised: whether the title is not that of the work, but devised by this project.
    """

    key: str
    kind: str
    title: str
    publisher: str
    days: Sequence[str]
    address: str
    note: str
    author: str = ""
    version: str = ""
    is_devised: bool = False

    @property
    def bracketed_title(self) -> str:
        """The title, in brackets if it is devised."""
        return f"[{self.title}]" if self.is_devised and self.title else self.title

    @property
    def year(self) -> str:
        """The year that all possible days share; empty if there is none."""
        years = {day[:4] for day in self.days}
        return min(years) if len(years) == 1 else ""


def list_references(table: Table) -> Iterator[Reference]:
    """Yields the entries of a table itself and of its sources."""
    yield _refer(table)
    for source in table.evidence.sources:
        note = "; ".join(filter(None, (source.devised, source.unreliable, source.iri)))
        key = source.iri.rpartition("/")[2]
        days = _DAY.findall(source.published)
        yield Reference(key, "webpage", source.title, source.publisher, days, source.link, note, is_devised=bool(source.devised))


def _refer(table: Table) -> Reference:
    """Returns the entry of a table. Its key has the question, the day and the digest, so that no two answers share one."""
    digest = table.citation.rpartition("sha256-")[2] or sha256(table.reference.encode()).hexdigest()
    key = f"nevkg-{table.metadata.get('question', 'table')}-{table.as_of}-{digest[:8]}"
    access = f"address {describe_access(table.citation)}" if table.citation else ""
    note = "; ".join(filter(None, (heading(table)[1], table.reference, access)))
    address = table.citation or terms.BASE.rstrip("/")
    edition = _name_edition(table, table.citation)
    return Reference(key, "dataset", table.title or "nevkg", "nevkg", [table.dataset_date], address, note, AUTHOR, edition)


_WORDS = words_of("table.references")


def format_footnote(table: Table, address: str | None = None) -> str:
    """Returns the citation of a table in one short line, in the language of the table; ``address`` takes the place of its own."""
    title, filters = heading(table)
    cited = table.citation if address is None else address
    words = _WORDS[table.language]
    limited = words["filters"].format(filters) if filters else ""
    named = f"{words['title'].format(title)}{limited}{words['between']}" if title else ""
    opened = words["address"].format(cited, describe_access(cited, table.language)) if cited else ""
    return f"{words['edition'].format(named, _name_edition(table, cited), table.as_of)}{opened}\n"


def _name_edition(table: Table, address: str) -> str:
    """Returns the edition of the data, as in the permanent address; its version if there is no address."""
    return address.partition("/cite/")[2].partition("/")[0] or entities.version(table.store)


def to_csl(table: Table) -> bytes:
    """Formats the entries of a table as CSL-JSON, which Zotero, Pandoc and others read."""
    works = [_drop_empty(_csl(work)) for work in list_references(table)]
    return (json.dumps(works, ensure_ascii=False, indent=2) + "\n").encode()


def _csl(work: Reference) -> Mapping[str, object]:
    return {
        "id": work.key,
        "type": work.kind,
        "author": [{"literal": work.author}] if work.author else None,
        "title": work.bracketed_title,
        "publisher": work.publisher,
        "version": work.version,
        "issued": {"date-parts": [[int(part) for part in day.split("-")] for day in work.days]} if work.days else None,
        "URL": work.address,
        "note": work.note,
    }


def to_bibtex(table: Table) -> bytes:
    """Formats the entries of a table for biblatex, with dates and intervals in its format."""
    kinds = {"dataset": "dataset", "webpage": "online"}
    return "\n".join(_entry(kinds[work.kind], work) for work in list_references(table)).encode()


def _entry(kind: str, work: Reference) -> str:
    title = _escape(work.bracketed_title)
    fields = {
        "author": f"{{{work.author}}}" if work.author else "",
        ("titleaddon" if work.is_devised else "title"): f"{{{title}}}" if title else "",
        "organization": _escape(work.publisher),
        "date": "/".join(work.days),
        "year": work.year,
        "version": _escape(work.version),
    }
    # biblatex does not interpret addresses, but braces must balance.
    fields |= {"url": work.address.replace("{", "%7B").replace("}", "%7D"), "note": _escape(work.note)}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _drop_empty(fields).items())
    return f"@{kind}{{{work.key},\n{lines}}}\n"


def to_ris(table: Table) -> bytes:
    """Formats the entries of a table as RIS, which EndNote and others read."""
    kinds = {"dataset": "DATA", "webpage": "ELEC"}
    return "".join(_ris(kinds[work.kind], work) for work in list_references(table)).encode()


def _ris(kind: str, work: Reference) -> str:
    first = work.days[0] if work.days else ""
    # If the day is uncertain, only the year is given.
    fields = {"ID": work.key, "AU": work.author, "TI": work.bracketed_title, "PB": work.publisher, "PY": work.year, "ET": work.version}
    fields |= {"DA": first.replace("-", "/") if len(work.days) == 1 else "", "UR": work.address, "N1": work.note}
    lines = "".join(f"{name}  - {value}\r\n" for name, value in _drop_empty(fields).items())
    return f"TY  - {kind}\r\n{lines}ER  - \r\n\r\n"


def _drop_empty(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}


def _escape(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)
