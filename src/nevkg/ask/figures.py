"""Figures: what a text or the home page shows of an answer, written as ``ask QUESTION PARAMETER=VALUE … | count COLUMN``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nevkg.ask.answer import Answer, ask
from nevkg.ask.arguments import split
from nevkg.ask.catalogue import AS_OF, load_catalogue
from nevkg.data import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.store import Store
from nevkg.table import formats

_ASK = "ask"
# What to show, with the least and greatest number of columns that it takes.
_FORMS = {"count": (0, 1), "sum": (1, 1), "value": (1, 1), "list": (1, 1), "table": (1, 8), "chart": (0, 0), "map": (0, 0)}
# These need the width of the page.
BLOCKS = ("table", "chart", "map")
_MOST = {"list": 12, "table": 12}


@dataclass(frozen=True)
class Figure:
    """A question with its parameters, and what to show of its answer: ``show`` is a form such as ``count``, of ``columns``.

    ``most`` is the number of values or rows to show; ``text`` is the figure as written, for messages.
    """

    question: str
    values: Mapping[str, Sequence[str]]
    show: str
    columns: Sequence[str]
    most: int
    text: str

    @property
    def target(self) -> dict[str, Any]:
        """The answer that it is of, as JSON values."""
        return {"question": self.question, "parameters": self.values}


def is_figure(text: str) -> bool:
    """Returns whether a text is meant as a figure."""
    return text.startswith(f"{_ASK} ")


def parse_figure(text: str) -> Figure:
    """Parses a figure.

    Raises:
        WrongUsage: if it is not of the form ``ask QUESTION PARAMETER=VALUE … | FORM COLUMN …``.
    """
    asked, _, shown = text.partition("|")
    try:
        words, (show, *columns) = shlex.split(asked), shown.split() or ["count"]
    except ValueError:
        raise WrongUsage(f"`{text}` has an unclosed quotation mark.") from None
    if len(words) < 2 or words[0] != _ASK:
        raise WrongUsage(f"`{text}` names no question; write it as `ask QUESTION PARAMETER=VALUE | count`.")
    if show not in _FORMS:
        raise WrongUsage(f"`{text}` shows '{show}'; write one of {', '.join(_FORMS)}.{terms.suggest(show, list(_FORMS))}")
    most = int(columns.pop()) if show in _MOST and columns and columns[-1].isdecimal() else _MOST.get(show, 0)
    least, greatest = _FORMS[show]
    if not least <= len(columns) <= greatest:
        raise WrongUsage(
            f"`{text}` names {len(columns)} columns; '{show}' takes {least if least == greatest else f'{least} to {greatest}'}."
        )
    return Figure(words[1], split(words[2:]), show, columns, most, text)


class FigureReader:
    """Computes figures in one language; figures of the same answer share it."""

    def __init__(self, store: Store, language: str) -> None:
        """Creates a reader of the record ``store``."""
        self._store, self._language = store, language
        self._answers: dict[str, Answer] = {}

    def compute(self, figure: Figure) -> dict[str, Any]:
        """Returns what a figure shows, as JSON values, with what is needed to link to the whole answer.

        If it has nothing to show, ``problem`` says why: one figure must not take the rest of a text with it.
        """
        facts = {**figure.target, "show": figure.show, "columns": figure.columns}
        try:
            answer = self._ask(figure)
            names = [column.name for column in answer.columns]
            for column in figure.columns:
                if column not in names:
                    raise WrongUsage(f"There is no column '{column}'; there are {', '.join(names)}.{terms.suggest(column, names)}")
            if not len(answer):
                raise InvalidData(f"The answer has no rows. {answer.reason.facts['text'] if answer.reason else ''}".rstrip())
            return {
                **facts,
                "title": answer.title,
                "labels": [answer.columns[names.index(name)].label[self._language] for name in figure.columns],
                "asOf": answer.as_of,
                **_content(answer, figure),
            }
        except (WrongUsage, InvalidData) as error:
            return {**facts, "problem": f"`{figure.text}`: {error}"}

    def _ask(self, figure: Figure) -> Answer:
        key = repr(figure.target)
        if key not in self._answers:
            question = load_catalogue(self._store.layout)[figure.question]
            values = {name: own for name, own in figure.values.items() if name != AS_OF}
            day = next(iter(figure.values.get(AS_OF, ())), None)
            self._answers[key] = ask(self._store, question, values, as_of=day, language=self._language)
        return self._answers[key]


def _content(answer: Answer, figure: Figure) -> dict[str, Any]:
    """Returns the ``value`` of a figure in a line of text, or the ``rows`` of a table; nothing for a chart or a map."""
    records = [formats.to_json_record(answer, row) for row in answer.records]
    if figure.show == "table":
        rows = [{name: record[name] for name in figure.columns} for record in records[: figure.most]]
        # To find all sources is slow, so only a table, which stands for the whole answer, counts them.
        return {"rows": rows, "sources": len(answer.sources)}
    if figure.show in BLOCKS:
        return {}
    if not figure.columns:
        return {"value": len(records)}
    distinct = _distinct(record[figure.columns[0]] for record in records)
    if not distinct:
        raise InvalidData(f"The column '{figure.columns[0]}' is empty in all rows.")
    if figure.show == "count":
        return {"value": len(distinct)}
    if figure.show == "sum":
        numbers = [record[figure.columns[0]] for record in records]
        if not all(isinstance(one, int | float) for one in numbers if one is not None):
            raise InvalidData(f"The column '{figure.columns[0]}' has values that are not numbers.")
        return {"value": sum(one for one in numbers if one is not None)}
    if figure.show == "list":
        return {"value": distinct[: figure.most], "more": max(len(distinct) - figure.most, 0)}
    if len(distinct) > 1:
        raise InvalidData(f"The column '{figure.columns[0]}' has {len(distinct)} values; narrow the question to one, or write 'list'.")
    return {"value": distinct[0]}


def _distinct(cells: Any) -> list[Any]:
    """Returns the different values of cells in order, with those of lists one by one."""
    found: dict[str, Any] = {}
    for cell in cells:
        for one in cell if isinstance(cell, list) else [cell]:
            if one is not None:
                found.setdefault(str(one), one)
    return list(found.values())
