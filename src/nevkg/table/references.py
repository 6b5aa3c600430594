"""Formats the sources of a table for reference managers: BibTeX (biblatex), CSL-JSON and RIS. The table itself is the first entry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nevkg.data import terms
from nevkg.lookup.sources import Source

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
        title: the title.
        publisher: the publisher.
        days: the day of publication (ISO), or its first and last possible day; empty if unknown.
        address: the web address; empty if there is none.
        note: further information.
    """

    key: str
    kind: str
    title: str
    publisher: str
    days: Sequence[str]
    address: str
    note: str


def list_references(reference: str, sources: Sequence[Source], address: str = "") -> Iterator[Reference]:
    """Yields the entries of the table itself and of its sources.

    Args:
        reference: the reference of the table, as in its citation.
        sources: its sources.
        address: its permanent address; empty if it has none.
    """
    yield Reference("nevkg", "dataset", "nevkg", "", (), address or terms.BASE.rstrip("/"), reference)
    for source in sources:
        note = "; ".join(filter(None, (source.devised, source.unreliable, source.iri)))
        key = source.iri.rpartition("/")[2]
        # An address on an unreliable host is defanged, so it is omitted here.
        address = source.address if source.address.startswith(("http://", "https://")) else ""
        yield Reference(key, "webpage", source.title, source.publisher, _DAY.findall(source.published), address, note)


def to_csl(works: Iterator[Reference]) -> str:
    """Formats entries as CSL-JSON, which Zotero, Pandoc and others read."""
    return json.dumps([_drop_empty(_csl(work)) for work in works], ensure_ascii=False, indent=2) + "\n"


def _csl(work: Reference) -> Mapping[str, object]:
    return {
        "id": work.key,
        "type": work.kind,
        "title": work.title,
        "publisher": work.publisher,
        "issued": {"date-parts": [[int(part) for part in day.split("-")] for day in work.days]} if work.days else None,
        "URL": work.address,
        "note": work.note,
    }


def to_bibtex(works: Iterator[Reference]) -> str:
    """Formats entries for biblatex, with dates and intervals in its format."""
    kinds = {"dataset": "dataset", "webpage": "online"}
    return "\n".join(_entry(kinds[work.kind], work) for work in works)


def _entry(kind: str, work: Reference) -> str:
    fields = {"title": f"{{{_escape(work.title)}}}", "organization": _escape(work.publisher), "date": "/".join(work.days)}
    # biblatex does not interpret addresses, but braces must balance.
    fields |= {"url": work.address.replace("{", "%7B").replace("}", "%7D"), "note": _escape(work.note)}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _drop_empty(fields).items() if value != "{}")
    return f"@{kind}{{{work.key},\n{lines}}}\n"


def to_ris(works: Iterator[Reference]) -> str:
    """Formats entries as RIS, which EndNote and others read."""
    kinds = {"dataset": "DATA", "webpage": "ELEC"}
    return "".join(_ris(kinds[work.kind], work) for work in works)


def _ris(kind: str, work: Reference) -> str:
    first = work.days[0] if work.days else ""
    # If the day is uncertain, only the year is given, if all possible days share it.
    years = {day[:4] for day in work.days}
    fields = {"ID": work.key, "TI": work.title, "PB": work.publisher, "PY": min(years) if len(years) == 1 else ""}
    fields |= {"DA": first.replace("-", "/") if len(work.days) == 1 else "", "UR": work.address, "N1": work.note}
    lines = "".join(f"{name}  - {value}\r\n" for name, value in _drop_empty(fields).items())
    return f"TY  - {kind}\r\n{lines}ER  - \r\n\r\n"


def _drop_empty(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}


def _escape(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)
