"""Rows of answers as text and JSON, with numbered citations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nevkg.data import terms
from nevkg.data.json_values import to_json_value
from nevkg.lookup import entities
from nevkg.lookup.sources import Evidence, Ground, Source
from nevkg.mcp.result import Result, clean, clean_all, to_markdown
from nevkg.store import Store
from nevkg.table.display import heads, nonempty_columns
from nevkg.table.listings import heading
from nevkg.table.table import Table
from nevkg.table.values import Thing, Value, to_text
from nevkg.words import words_of


@dataclass(frozen=True)
class CitedStatement:
    """A statement and its source, with the number by which rows refer to it."""

    number: int
    statement: str
    source: Source

    @property
    def line(self) -> str:
        """The citation as a line of a bibliography."""
        source = str(self.source).removesuffix(f" <{self.source.iri}>")
        return f"[{self.number}] {clean(source)} · {clean(self.statement)}"

    def to_json(self) -> dict[str, Any]:
        """The citation as JSON values."""
        source = self.source
        names = ("title", "publisher", "published", "address", "devised", "unreliable")
        about = {name: clean(text) for name in names if (text := str(getattr(source, name)))}
        return {"number": self.number, **about, "source": source.iri, "statement": self.statement}


class Citations:
    """Numbers the citations of several rows, in the order of their first use."""

    def __init__(self, evidence: Evidence, most: int) -> None:
        """Starts with number 1; ``most`` is how many citations each call of ``cite`` gives."""
        self._evidence, self._most = evidence, most
        self._sources = {source.iri: source for source in evidence.sources}
        self._numbered: dict[str, CitedStatement] = {}

    def cite(self, iris: Iterable[str]) -> tuple[list[int], int]:
        """Returns the numbers of the citations for what rests on some statements or episodes, and how many more there are."""
        grounds = {ground.statement: ground for iri in iris for ground in self._evidence.grounds.get(iri, ())}
        ordered = self._order(grounds.values())
        return [self._number(ground) for ground in ordered[: self._most]], max(len(ordered) - self._most, 0)

    @property
    def every(self) -> Sequence[CitedStatement]:
        """The citations so far."""
        return list(self._numbered.values())

    def _order(self, grounds: Iterable[Ground]) -> list[Ground]:
        """Sorts statements: one of each source first, reliable sources first, then the latest."""
        known = [ground for ground in grounds if ground.source in self._sources]
        latest = sorted(known, key=lambda ground: (ground.latest, ground.statement), reverse=True)
        seen: dict[str, int] = {}
        ranked = []
        for ground in latest:
            place = seen[ground.source] = seen.get(ground.source, -1) + 1
            ranked.append((place, bool(self._sources[ground.source].unreliable), ground))
        return [ground for *_, ground in sorted(ranked, key=lambda entry: entry[:2])]

    def _number(self, ground: Ground) -> int:
        known = self._numbered.get(ground.statement)
        if known is None:
            known = CitedStatement(len(self._numbered) + 1, ground.statement, self._sources[ground.source])
            self._numbered[ground.statement] = known
        return known.number


def mark(numbers: Sequence[int], more: int = 0) -> str:
    """Returns references to citations, such as ``[1][2] +3``."""
    return "".join(f"[{number}]" for number in numbers) + (f" +{more}" if more else "")


_CITATIONS, _MOST_PER_ROW = 30, 3
_WORDS = words_of("mcp.rows")


@dataclass(frozen=True)
class RowsPart:
    """The part of an answer to show.

    Attributes:
        table: the rows to show.
        offset: the number of rows before them.
        total: the number of rows of the whole answer; None if unknown.
        more: whether rows follow.
    """

    table: Table
    offset: int = 0
    total: int | None = None
    more: bool = False


def describe_day(store: Store, day: str, language: str) -> list[str]:
    """Returns for which day a result holds, and a warning if no source can cover it."""
    words, newest = _WORDS[language], entities.dataset_date(store)
    known = words["known"].format(day=store.known_by) if store.known_by else ""
    return [words["day"].format(day=day, known=known), *([words["future"].format(day=day, newest=newest)] if day > newest else [])]


def present(
    part: RowsPart,
    *,
    summary: Iterable[str] = (),
    notes: Iterable[str] = (),
    content: Mapping[str, Any] | None = None,
    explains: bool = True,
) -> Result:
    """Returns the result for some rows.

    Args:
        summary: lines to put first, in our own words.
        notes: further remarks, which may name entities.
        content: further members of the content.
        explains: whether ``explain`` can show the evidence of a row.
    """
    table, words = part.table, _WORDS[part.table.language]
    spaces = entities.namespaces(table.store)
    # A short answer has more citations for each row; `explain` shows all.
    citations = Citations(table.evidence, min(max(_CITATIONS // max(len(table), 1), 1), _MOST_PER_ROW))
    cited = [citations.cite(iri for cell in rests for iri in cell) for rests in table.rests] or [([], 0)] * len(table)
    every = [clean(text, 4000) for text in (*notes, *_remarks(part)) if text]
    following = part.offset + len(table) if part.more else None
    rows = [
        {
            "row": part.offset + number,
            "values": {name: _value(value, spaces) for name, value in zip(table.names, record, strict=True) if value is not None},
            "citations": numbers,
            "moreCitations": more,
        }
        for number, (record, (numbers, more)) in enumerate(zip(table.records, cited, strict=True), start=1)
    ]
    lines = [
        *(clean(line) for line in heading(table) if line),
        *(_table(part, cited) if len(table) else ()),
        *every,
        *(citation.line for citation in citations.every),
        " ".join(filter(None, (words["as"].format(reference=clean(table.reference)), table.citation))),
    ]
    return Result(
        (*summary, *describe_day(table.store, table.as_of, table.language), *_count(part, explains=explains)),
        tuple(lines),
        {
            **(content or {}),
            "asOf": table.as_of,
            "knownBy": table.store.known_by,
            "total": part.total,
            "rows": rows,
            "citations": [citation.to_json() for citation in citations.every],
            "notes": every,
            "next": following,
            "reference": clean(table.reference),
            **({"citation": table.citation} if table.citation else {}),
        },
    )


def _remarks(part: RowsPart) -> Iterable[str]:
    table = part.table
    if not len(table) and not part.offset and table.reason:
        yield table.reason.text
    if table.support:
        yield table.support.text


def _count(part: RowsPart, *, explains: bool) -> Iterable[str]:
    words, shown = _WORDS[part.table.language], len(part.table)
    if not shown:
        yield words["beyond"].format(offset=part.offset, total=part.total) if part.offset else words["none"]
        return
    first, last = part.offset + 1, part.offset + shown
    if part.more:
        yield words["part" if part.total else "open"].format(first=first, last=last, total=part.total)
        yield words["next"].format(next=last)
    else:
        yield (
            words["part"].format(first=first, last=last, total=last)
            if part.offset
            else words["one" if shown == 1 else "all"].format(count=shown)
        )
    if explains and part.table.rests:
        yield words["explain"]


def _table(part: RowsPart, cited: Sequence[tuple[Sequence[int], int]]) -> list[str]:
    table, columns = part.table, nonempty_columns(part.table)
    titles = heads(table)
    has_citations = any(numbers for numbers, _ in cited)
    rows = [
        [str(number), *(to_text(record[column]) for column in columns), *([mark(*marks)] if has_citations else [])]
        for number, (record, marks) in enumerate(zip(table.records, cited, strict=True), start=part.offset + 1)
    ]
    last = [_WORDS[table.language]["cite"]] if has_citations else []
    return to_markdown(["#", *(titles[column] for column in columns), *last], rows)


def _value(value: Value, spaces: Mapping[str, str]) -> Any:
    """Converts a value to JSON: an entity to its name, which other tools accept, and its label."""
    if isinstance(value, Thing):
        return {"name": terms.shorten(value.iri, dict(spaces)), "label": clean(value.label)}
    if isinstance(value, tuple):
        return [_value(part, spaces) for part in value]
    return clean_all(to_json_value(value))
