"""Compares two answers to the same question, such as one that was cited and one from the data of now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nevkg.table.frames import Record
from nevkg.table.table import Table
from nevkg.table.values import to_machine_text, to_text

# The cells of a row that identify it in words.
_NAMED = 3
_WORDS = {
    "en": {
        "same": "The rows are the same in the data of now.",
        "counts": "In the data of now: {added} rows added, {gone} gone, {changed} changed.",
        "statements": "Statements behind the rows: {added} added, {gone} gone.",
        "columns": "Columns that only one of the two answers has are not compared: {names}.",
        "none": "none",
        "of": "{column}: {before} → {after}",
        "comma": ", ",
        "colon": ": ",
    },
    "zh": {
        "same": "在当前数据中各行相同。",
        "counts": "在当前数据中：新增 {added} 行，消失 {gone} 行，变更 {changed} 行。",
        "statements": "各行所依据的陈述：新增 {added} 条，消失 {gone} 条。",
        "columns": "仅一方答案有的列不作比较：{names}。",
        "none": "无",
        "of": "{column}：{before} → {after}",
        "comma": "、",
        "colon": "：",
    },
}


@dataclass(frozen=True)
class Edit:
    """A changed cell: the label of its column, and its text before and after; empty for an empty cell."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """A row that is in both answers, with its changed cells."""

    row: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs between two answers; rows are in words.

    Attributes:
        added: the rows that only the second answer has.
        gone: the rows that only the first answer has.
        changed: the rows whose first cell and at least half of the others agree.
        statements_added: the number of statements that support only the second answer.
        statements_gone: the number of those that support only the first.
        columns: the names of the columns that only one of them has, which are not compared.
        language: the language of the words.
    """

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[RowChange, ...]
    statements_added: int
    statements_gone: int
    columns: tuple[str, ...]
    language: str

    @property
    def summary(self) -> list[str]:
        """The number of changes, in sentences."""
        words = _WORDS[self.language]
        counts = {"added": len(self.added), "gone": len(self.gone), "changed": len(self.changed)}
        lines = [words["counts"].format(**counts) if any(counts.values()) else words["same"]]
        if self.statements_added or self.statements_gone:
            lines.append(words["statements"].format(added=self.statements_added, gone=self.statements_gone))
        if self.columns:
            lines.append(words["columns"].format(names=words["comma"].join(self.columns)))
        return lines

    @property
    def details(self) -> list[tuple[str, str]]:
        """Each change as a sign (``+``, ``−`` or ``→``) and its words."""
        words = _WORDS[self.language]

        def edit(one: Edit) -> str:
            return words["of"].format(column=one.column, before=one.before or words["none"], after=one.after or words["none"])

        changed = [("→", one.row + words["colon"] + words["comma"].join(map(edit, one.edits))) for one in self.changed]
        return [*(("+", row) for row in self.added), *(("−", row) for row in self.gone), *changed]

    def __str__(self) -> str:
        return "\n".join([*self.summary, *(f"  {sign} {text}" for sign, text in self.details)])


def compare_answers(before: Table, after: Table) -> Comparison:
    """Returns what changed from one answer to another, in the language of the second."""
    shared = [name for name in after.names if name in before.names]
    old, new = ([_key(table, record, shared) for record in table.records] for table in (before, after))
    gone, added = _only(old, new), _only(new, old)
    pairs = _pair(old, gone, new, added)
    labels = {column.name: column.label.get(after.language, column.name) for column in after.columns}

    def describe_edits(first: int, second: int) -> tuple[Edit, ...]:
        differ = [name for name, one, other in zip(shared, old[first], new[second], strict=True) if one != other]
        texts = [
            [to_text(table.records[row][table.position(name)]) for table, row in ((before, first), (after, second))] for name in differ
        ]
        return tuple(Edit(labels[name], *both) for name, both in zip(differ, texts, strict=True))

    statements = [{ground.statement for found in table.evidence.grounds.values() for ground in found} for table in (before, after)]
    return Comparison(
        tuple(_name(after, row) for row in added if row not in pairs.values()),
        tuple(_name(before, row) for row in gone if row not in pairs),
        tuple(RowChange(_name(after, second), describe_edits(first, second)) for first, second in pairs.items()),
        len(statements[1] - statements[0]),
        len(statements[0] - statements[1]),
        tuple(name for name in dict.fromkeys([*before.names, *after.names]) if name not in shared),
        after.language,
    )


def _key(table: Table, record: Record, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(to_machine_text(record[table.position(name)]) for name in names)


def _only(rows: Sequence[tuple[str, ...]], others: Iterable[tuple[str, ...]]) -> list[int]:
    """Returns the numbers of the rows that others lack, counting repeated rows."""
    left, found = Counter(others), []
    for number, row in enumerate(rows):
        if left[row]:
            left[row] -= 1
        else:
            found.append(number)
    return found


def _pair(old: Sequence[tuple[str, ...]], gone: Sequence[int], new: Sequence[tuple[str, ...]], added: Sequence[int]) -> dict[int, int]:
    """Pairs rows that agree in their first cell and in at least half of all cells, the most similar first."""
    candidates: dict[str, list[int]] = defaultdict(list)
    for number in added:
        candidates[new[number][0] if new[number] else ""].append(number)
    scored = [
        (-sum(one == other for one, other in zip(old[first], new[second], strict=True)), first, second)
        for first in gone
        for second in candidates.get(old[first][0] if old[first] else "", ())
    ]
    pairs: dict[int, int] = {}
    for score, first, second in sorted(scored):
        if first not in pairs and second not in pairs.values() and -2 * score >= len(old[first]):
            pairs[first] = second
    return pairs


def _name(table: Table, number: int) -> str:
    """Returns a row in words: its first cells that are not empty, those that the question shows first if it says so."""
    record = table.records[number]
    texts = [to_text(record[table.position(name)]) for name in table.brief or table.names]
    return " · ".join([text for text in texts if text][:_NAMED])
