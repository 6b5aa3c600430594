"""What a model or an assistant gives for a text: rows, and numbers of rows of the rules that it withdraws.

Rows are aligned with the text and checked as an import checks them; the others are refused. What is withdrawn is listed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nevkg.contribute import source_documents
from nevkg.contribute.decisions import QUOTE
from nevkg.contribute.job import ImportJob
from nevkg.contribute.problems import ImportProblem, Place, Problems, TooManyProblems, find_errors, join_names
from nevkg.contribute.sheets import Row, check_cells
from nevkg.contribute.table_format import TableFormat
from nevkg.data import terms
from nevkg.errors import InvalidData
from nevkg.propose.proposals import Proposer, Source
from nevkg.propose.proposed_rows import Proposal
from nevkg.propose.task import OWN_COLUMNS, takes_proposals
from nevkg.reading.quotes import Text, find_words, normalise

MOST_ROWS = 1000
_MEMBERS, _OPTIONAL = ("table", "cells", "quote"), ("confidence", "reason")
_NUMBER = "number"  # of a row of the rules; a command that repeats the row may leave it there
_WITHDRAW, _REASON = "withdraw", "reason"
_SHOWN, _LONGEST_REASON, _LONGEST_MESSAGE = 60, 300, 600  # characters
_UNCERTAIN = 0.5
# Where problems are: in the rows of a model, or in those of the rules and of the source.
_GIVEN, _OTHERS = "given", "others"


@dataclass(frozen=True, order=True)
class Refusal:
    """A row that is refused.

    Attributes:
        number: its place in the list, counted from 1.
        table: its table; empty if there is no such table.
        reason: why, in one sentence.
    """

    number: int
    table: str
    reason: str

    def __str__(self) -> str:
        """Returns the row and the reason: ``row 3 (plants): it has no quote``."""
        return f"row {self.number}{f' ({self.table})' if self.table else ''}: {self.reason}"


@dataclass(frozen=True, order=True)
class Withdrawal:
    """A row of the rules that a model has withdrawn.

    Attributes:
        number: its place in the proposals, counted from 1.
        table: its table.
        cells: its values.
        reason: why, in the words of the model.
    """

    number: int
    table: str
    cells: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        """Returns the row and the reason: ``proposal 3 (plants: alpha-rayong, TH) is withdrawn: the text denies it``."""
        return f"proposal {self.number} ({self.table}: {_show_text(', '.join(self.cells), _LONGEST_REASON)}) is withdrawn: {self.reason}"


@dataclass(frozen=True)
class Reading:
    """What the rules and a model have read.

    Attributes:
        source: the source with the rows of both.
        refused: rows of the model that are not among them.
        withdrawn: rows of the rules that are not among them.
    """

    source: Source
    refused: Sequence[Refusal]
    withdrawn: Sequence[Withdrawal]


def parse_rows(answer: bytes) -> list[Any]:
    """Returns the rows in the answer of a command."""
    try:
        found = json.loads(answer.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise InvalidData(f"The answer of the command is no text in UTF-8 (byte {error.start}); nothing was written.") from None
    except RecursionError:
        raise InvalidData("The answer of the command is nested too deeply; nothing was written.") from None
    except ValueError as error:
        raise InvalidData(f"The answer of the command is no JSON ({error}); nothing was written.") from None
    if not isinstance(found, list):
        raise InvalidData("The answer must be a list of rows, [{table, cells, quote}, …]; nothing was written.")
    if len(found) > MOST_ROWS:
        raise InvalidData(f"The answer has {len(found):,} rows, more than {MOST_ROWS:,}; nothing was written.")
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def merge_rows(rows: Sequence[Any], source: Source, proposer: Proposer) -> Reading:
    """Merges the rows of a model that are right with those of the rules that it has not withdrawn.

    Of two rows with the same key the more certain one stays. With a row that describes an entity, rows that refer to it are withdrawn.

    Args:
        rows: JSON values, as a model gives them.

    Raises:
        InvalidData: if the source itself is invalid.
    """
    text = normalise(source.document.text)
    given: dict[int, Proposal] = {}
    refused: dict[int, Refusal] = {}
    kept = dict(enumerate(source.proposals, 1))
    withdrawn: dict[int, Withdrawal] = {}

    def withdraw(number: int, reason: str) -> None:
        proposal = kept.pop(number)
        withdrawn[number] = Withdrawal(number, proposal.table, tuple(filter(None, proposal.cells.values())), reason)

    for number, row in enumerate(rows, 1):
        try:
            if isinstance(row, dict) and _WITHDRAW in row:
                other, reason = _read_withdrawal(row, len(source.proposals))
                if other in kept:
                    withdraw(other, reason)
            else:
                given[number] = _read_row(row, text, proposer.tables)
        except ValueError as error:
            refused[number] = Refusal(number, _table_of(row, proposer.tables), str(error))
    _leave_out_less_certain(given, proposer.tables)
    for place, reason in _check(given, kept, source, proposer).items():
        if place[0] == _GIVEN:
            refused[place[1]] = Refusal(place[1], given.pop(place[1]).table, reason)
        elif withdrawn and place[0] == _OTHERS:
            withdraw(place[1], reason)
    merged = {proposal.key(proposer.tables): proposal for proposal in kept.values()}
    for proposal in given.values():
        key = proposal.key(proposer.tables)
        if key not in merged or merged[key].confidence < proposal.confidence:
            merged[key] = proposal
    found = replace(source, proposals=sorted(merged.values(), key=lambda each: (each.start, each.end)))
    return Reading(found, sorted(refused.values()), sorted(withdrawn.values()))


def _table_of(row: Any, tables: Mapping[str, TableFormat]) -> str:
    name = row.get("table") if isinstance(row, dict) else None
    return name if isinstance(name, str) and name in tables else ""


def _leave_out_less_certain(given: dict[int, Proposal], tables: Mapping[str, TableFormat]) -> None:
    best: dict[tuple[str, ...], int] = {}
    for number, proposal in list(given.items()):
        other = best.setdefault(proposal.key(tables), number)
        if other != number:
            worse = other if given[other].confidence < proposal.confidence else number
            best[proposal.key(tables)] = other + number - worse
            del given[worse]


# -- form and alignment ---------------------------------------------------------------------------


def _read_withdrawal(row: Mapping[str, Any], proposals: int) -> tuple[int, str]:
    """Returns the number of a proposal, and why it is withdrawn.

    Raises:
        ValueError: if it is malformed, or no proposal has the number. The message is a sentence for the user.
    """
    number, reason = row[_WITHDRAW], row.get(_REASON)
    if row.keys() != {_WITHDRAW, _REASON} or not isinstance(reason, str) or not reason.strip():
        raise ValueError(f"to withdraw a row of the rules, give only its number as '{_WITHDRAW}', and a '{_REASON}'.")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= proposals:
        numbers = f"they are numbered from 1 to {proposals}" if proposals else "there are none"
        raise ValueError(f"{_show(number)} is the number of no row of the rules; {numbers}.")
    return number, _show_text(reason, _LONGEST_REASON)


def _read_row(row: Any, text: Text, tables: Mapping[str, TableFormat]) -> Proposal:
    """Returns a row as a proposal with the place of its quote.

    Raises:
        ValueError: if it is malformed, or its quote is not in the text. The message is a sentence for the user.
    """
    if not isinstance(row, dict) or not row.keys() >= {*_MEMBERS} or not row.keys() <= {*_MEMBERS, *_OPTIONAL, _NUMBER}:
        raise ValueError(f"it must be an object with {join_names(_MEMBERS)} and, if you like, {join_names(_OPTIONAL)}.")
    names = [name for name, table in tables.items() if takes_proposals(table)]
    if not isinstance(row["table"], str) or row["table"] not in names:
        hint = terms.suggest(str(row["table"])[:_SHOWN], names)
        raise ValueError(f"there is no table {_show(row['table'])}.{hint} The tables are {join_names(names, 20)}.")
    cells = _read_cells(row["cells"], tables[row["table"]])
    start, end = _align(row["quote"], text)
    confidence = row.get("confidence", _UNCERTAIN)
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise ValueError(f"the confidence {_show(confidence)} is not a number from 0 to 1.")
    reason = row.get("reason") or ""
    if not isinstance(reason, str):
        raise ValueError("the reason must be text.")
    return Proposal(row["table"], cells, start, end, float(confidence), _show_text(reason, _LONGEST_REASON), frozenset())


def _read_cells(given: Any, table: TableFormat) -> dict[str, str]:
    if not isinstance(given, dict):
        raise ValueError("'cells' must be an object, with a value for each column.")
    columns = [name for name in table.columns if name not in OWN_COLUMNS]
    if unknown := next((name for name in given if name not in columns), None):
        hint = terms.suggest(unknown[:_SHOWN], columns)
        raise ValueError(f"the table has no column {_show(unknown)} for you.{hint} The columns are {join_names(columns, 20)}.")
    return {name: text for name, value in given.items() if (text := _to_text(name, value, table))}


def _to_text(name: str, value: Any, table: TableFormat) -> str:
    """Returns a JSON value as the text of a cell."""
    separator = table.columns[name].separator
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, list) and separator and all(isinstance(part, str) for part in value):
        return str(separator).join(value)
    raise ValueError(f"the value of '{name}' must be text or a number.")


def _align(quote: Any, text: Text) -> tuple[int, int]:
    """Returns where the text has a quote first; white space, quotation marks and dashes may differ."""
    if not isinstance(quote, str) or not quote.strip():
        raise ValueError("it has no quote; copy the words of the text that state it.")
    places = find_words(quote, text)
    if not places:
        raise ValueError(f"the text does not have the quote {_show(quote)}.")
    return places[0]


def _show(value: Any) -> str:
    return f"'{_show_text(str(value), _SHOWN)}'"


def _show_text(text: str, most: int) -> str:
    """Returns text of a model on one line, without characters that a terminal would obey."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text[: most * 4]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


# -- the checks of an import ----------------------------------------------------------------------


def _check(given: Mapping[int, Proposal], kept: Mapping[int, Proposal], source: Source, proposer: Proposer) -> dict[Place, str]:
    """Returns the place of each row that an import would refuse, or doubt if it is given, and why.

    Rows may refer to what other rows describe. So a refused row is left out, and the rest is checked again.
    """
    refused: dict[Place, str] = {}
    for found in find_errors(lambda bad: _find_problems(given, kept, source, proposer, bad)):
        for problem in found:
            if problem.line == 0:
                raise InvalidData(f"The row of the source is invalid: {problem.column}: {problem.message}")
            is_about_quote = problem.column in ("", QUOTE)
            message = problem.message if is_about_quote else f"{problem.column}: {problem.message}"
            refused.setdefault(problem.place, _show_text(message, _LONGEST_MESSAGE))
    return refused


def _find_problems(
    given: Mapping[int, Proposal], kept: Mapping[int, Proposal], source: Source, proposer: Proposer, bad: Collection[Place]
) -> Iterator[ImportProblem]:
    """Yields the problems of rows, and what their quotes do not mention; problems of the source itself have line 0."""
    problems = Problems()
    rows = list(_to_rows(given, kept, source, proposer, bad))
    for row in rows:
        check_cells(row.cells, row.file, row.line, problems)
    today = date.today().isoformat()
    job = ImportJob(proposer.layout, proposer.tables, rows, today, problems, problems.rows() | {*bad})
    try:
        contribution = job.read()
    except TooManyProblems:
        yield from problems
        return
    yield from problems
    if not problems:
        for doubt in job.check_quotes(contribution, {number: _read_context(source, each.end) for number, each in given.items()}):
            if doubt.file == _GIVEN:
                yield doubt


def _read_context(source: Source, end: int) -> str:
    """Returns the title of a document and its text up to the end of the paragraph in which a quote ends."""
    text = source.document.text
    return f"{source.document.title}\n{text[:end]}{text[end:].partition(chr(10))[0]}"


def _to_rows(
    given: Mapping[int, Proposal], kept: Mapping[int, Proposal], source: Source, proposer: Proposer, bad: Collection[Place]
) -> Iterator[Row]:
    """Yields the row of the source, the rows of a model, and those rows of the rules that they do not replace."""

    def to_row(table: str, cells: Mapping[str, str], file: str, line: int) -> Row:
        every = {**dict.fromkeys(proposer.tables[table].columns, ""), **cells}
        return Row(source.name, table, file, line, every, f"{file}:{line}")

    def to_cells(proposal: Proposal) -> dict[str, str]:
        quote = source.document.text[proposal.start : proposal.end]
        return {**proposal.cells, source_documents.ID: source.name, QUOTE: quote}

    if source.cells is not None:
        yield to_row(source_documents.TABLE, source.cells, _OTHERS, 0)
    replaced = {proposal.key(proposer.tables) for number, proposal in given.items() if (_GIVEN, number) not in bad}
    for number, proposal in given.items():
        if (_GIVEN, number) not in bad:
            yield to_row(proposal.table, to_cells(proposal), _GIVEN, number)
    for number, proposal in kept.items():
        if (_OTHERS, number) not in bad and proposal.key(proposer.tables) not in replaced:
            yield to_row(proposal.table, to_cells(proposal), _OTHERS, number)
