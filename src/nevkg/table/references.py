"""The sources of a table for reference managers: BibTeX (biblatex), CSL-JSON and RIS. The table itself is the first entry."""

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
    """What reference managers keep of a work.

    Attributes:
        key: a name without spaces.
        kind: the type of CSL.
        days: the day of publication, or the first and the last that it may be (ISO); none if it is not known.
    """

    key: str
    kind: str
    title: str
    publisher: str
    days: Sequence[str]
    address: str
    note: str


def references(reference: str, sources: Sequence[Source]) -> Iterator[Reference]:
    """The table, as its citation names it, and its sources."""
    yield Reference("nevkg", "dataset", "nevkg", "", (), terms.BASE.rstrip("/"), reference)
    for source in sources:
        note = "; ".join(filter(None, (source.devised, source.unreliable, source.iri)))
        key = source.iri.rpartition("/")[2]
        # An address on an unreliable host is no address for programs, either.
        address = source.address if source.address.startswith(("http://", "https://")) else ""
        yield Reference(key, "webpage", source.title, source.publisher, _DAY.findall(source.published), address, note)


def csl(works: Iterator[Reference]) -> str:
    """CSL-JSON, which Zotero, Pandoc and others read."""
    return json.dumps([_filled(_csl(work)) for work in works], ensure_ascii=False, indent=2) + "\n"


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


def bibtex(works: Iterator[Reference]) -> str:
    """Entries for biblatex; dates are in its format, intervals among them."""
    kinds = {"dataset": "dataset", "webpage": "online"}
    return "\n".join(_entry(kinds[work.kind], work) for work in works)


def _entry(kind: str, work: Reference) -> str:
    fields = {"title": f"{{{_escaped(work.title)}}}", "organization": _escaped(work.publisher), "date": "/".join(work.days)}
    # Addresses are taken as they are; braces must balance.
    fields |= {"url": work.address.replace("{", "%7B").replace("}", "%7D"), "note": _escaped(work.note)}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _filled(fields).items() if value != "{}")
    return f"@{kind}{{{work.key},\n{lines}}}\n"


def ris(works: Iterator[Reference]) -> str:
    """RIS, which EndNote and others read."""
    kinds = {"dataset": "DATA", "webpage": "ELEC"}
    return "".join(_ris(kinds[work.kind], work) for work in works)


def _ris(kind: str, work: Reference) -> str:
    first = work.days[0] if work.days else ""
    # Of a day that may be one of several only the year is certain, if they share it.
    years = {day[:4] for day in work.days}
    fields = {"ID": work.key, "TI": work.title, "PB": work.publisher, "PY": min(years) if len(years) == 1 else ""}
    fields |= {"DA": first.replace("-", "/") if len(work.days) == 1 else "", "UR": work.address, "N1": work.note}
    lines = "".join(f"{name}  - {value}\r\n" for name, value in _filled(fields).items())
    return f"TY  - {kind}\r\n{lines}ER  - \r\n\r\n"


def _filled(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}


def _escaped(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)
