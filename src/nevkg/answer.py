"""Answers: a question asked of a store, as a table whose cells know what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, Self

from pyoxigraph import Literal, NamedNode, QuerySolution

from nevkg import arguments, entities, terms, values
from nevkg.errors import InvalidData, WrongUsage
from nevkg.frames import Record
from nevkg.questions import Column, Question
from nevkg.store import Store
from nevkg.table import Rests, Table

# A question that knows these parameters takes them from the options of the same meaning.
AS_OF = "asOf"
LANGUAGE = "lang"


class Answer(Table):
    """What a question gives."""

    def __init__(
        self,
        store: Store,
        question: Question,
        parameters: Mapping[str, str],
        as_of: str,
        records: Sequence[Record],
        rests: Sequence[Rests],
        language: str,
        sparql: str,
    ) -> None:
        """The answer to ``question``.

        Args:
            store: what was asked.
            question: the question.
            parameters: what it was asked with, defaults among them, in short names.
            as_of: the day (ISO) that the answer is for.
            records: the rows.
            rests: what their cells rest on.
            language: of labels.
            sparql: the query that was asked.
        """
        super().__init__(store, question.columns, records, rests, title=question.title.get(language, ""), language=language)
        self.question, self.parameters, self._as_of, self.sparql = question, parameters, as_of, sparql

    def page(self, offset: int, limit: int) -> Self:
        """The same answer with at most ``limit`` rows, after the first ``offset``; the kinds of its columns stay those of the whole."""
        page = copy(self)
        page.__dict__.pop("evidence", None)
        page._records, page.rests = self.records[offset : offset + limit], self.rests[offset : offset + limit]
        page.kinds = self.kinds
        return page

    @property
    def as_of(self) -> str:
        """The day (ISO) that the answer is for."""
        return self._as_of

    @property
    def asked(self) -> str:
        """The question and its parameters."""
        pairs = "".join(f" {name}={value}" for name, value in self.parameters.items())
        return f"question {self.question.name}{pairs}"

    @property
    def facts(self) -> Mapping[str, Any]:
        """The question as it was asked."""
        return {"question": self.question.name, "title": self.question.title.get(self.language), "parameters": self.parameters}


def ask(
    store: Store,
    question: Question,
    given: Mapping[str, Sequence[str]] | None = None,
    *,
    as_of: str | None = None,
    language: str = terms.LANGUAGES[0],
) -> Answer:
    """Asks a question.

    Args:
        store: what is asked.
        question: what to ask.
        given: the values of parameters, as a user types them.
        as_of: the day that the answer is for (ISO or ``today``); the date of the dataset if None.
        language: the language of labels.

    Raises:
        WrongUsage: if a parameter or value is not understood, or the question knows no dates.
        InvalidData: if the question is not a SPARQL SELECT query.
    """
    bound = bind(store, question, given or {}, as_of, language)
    day = terms.literal_text(bound[AS_OF][0]) if bound.get(AS_OF) else entities.dataset_date(store)
    solutions = solve(store, question, bound)
    records = read(store, question.columns, solutions, language)
    hidden = [column.evidence for column in question.columns]
    rests = [tuple(_evidence(solution, name) for name in hidden) for solution in solutions] if any(hidden) else []
    return Answer(store, question, arguments.shown(question, bound, store), day, records, rests, language, question.bind(bound))


def bind(store: Store, question: Question, given: Mapping[str, Sequence[str]], as_of: str | None, language: str) -> dict[str, list[str]]:
    """The terms of all parameters, those of day and language among them."""
    bound = arguments.read(store, question, given)
    names = {parameter.name for parameter in question.parameters}
    if as_of is not None:
        if AS_OF not in names:
            raise WrongUsage(f"The question '{question.name}' is not about a day; leave --as-of out.")
        if AS_OF in bound:
            raise WrongUsage(f"Give the day once, as --as-of or as {AS_OF}=.")
        bound[AS_OF] = [arguments.term(store, question.parameter(AS_OF), as_of)]
    if LANGUAGE in names and LANGUAGE not in bound:
        bound[LANGUAGE] = [str(Literal(language))]
    return bound


def solve(store: Store, question: Question, bound: Mapping[str, Sequence[str]]) -> list[QuerySolution]:
    """The solutions of a question with its parameters bound.

    Raises:
        InvalidData: if it is not a SPARQL SELECT query.
    """
    try:
        return list(entities.select(store, question.bind(bound)))
    except (SyntaxError, TypeError) as error:
        raise InvalidData(f"The question '{question.name}' is not a SPARQL SELECT query: {error}.") from None


def read(store: Store, columns: Sequence[Column], solutions: Sequence[QuerySolution], language: str) -> list[Record]:
    """Solutions as rows of native values; a column of lists gives tuples."""
    raw = [[_parts(solution[column.name]) if column.list else solution[column.name] for column in columns] for solution in solutions]
    cells = [cell for row in raw for cell in row]
    nodes = {term.value for cell in cells for term in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(term, NamedNode)}
    labels = labelled(store, nodes, language)
    return [tuple(_value(cell, labels) for cell in row) for row in raw]


def labelled(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """What to show for each thing: its label, else its name without the prefix."""
    wanted = set(iris)
    labels = entities.labels(store, wanted, language)
    spaces = entities.namespaces(store)
    return labels | {iri: _slug(iri, spaces) for iri in wanted - labels.keys()}


def _value(cell: terms.Term | tuple[NamedNode | Literal, ...] | None, labels: dict[str, str]) -> values.Value:
    if not isinstance(cell, tuple):
        return values.value(cell, labels)
    parts = (values.Thing(one.value, labels[one.value]) if isinstance(one, NamedNode) else one.value for one in cell)
    return tuple(parts) or None


def _parts(term: terms.Term | None) -> tuple[NamedNode | Literal, ...]:
    """The values that a column of lists joins by spaces."""
    texts = sorted(set(terms.text(term).split())) if term is not None else []
    return tuple(NamedNode(text) if text.startswith(("http://", "https://")) else Literal(text) for text in texts)


def _evidence(solution: QuerySolution, name: str | None) -> str | None:
    term = solution[name] if name else None
    return None if term is None else terms.text(term)


def _slug(iri: str, spaces: dict[str, str]) -> str:
    """What to show for a thing without a label: its name without the prefix."""
    short = terms.shorten(iri, spaces)
    return short if short == iri else short.partition(":")[2]
