"""Answers: a question asked of a store, as a table whose cells know what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, QuerySolution

from nevkg import arguments, entities, terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.questions import Column, Question
from nevkg.store import EmbeddedStore

# A question that knows these parameters takes them from the options of the same meaning.
AS_OF = "asOf"
LANGUAGE = "lang"


@dataclass(frozen=True)
class Cell:
    """A value: an IRI or a literal's text, and the label to show for it."""

    value: str
    label: str
    is_iri: bool


@dataclass(frozen=True)
class Source:
    """A source as it is cited."""

    iri: str
    title: str
    publisher: str
    published: str
    address: str


@dataclass(frozen=True)
class Answer:
    """What a question gives: ``rows`` has for each row and shown column a list of cells, empty where nothing is known."""

    store: EmbeddedStore
    question: Question
    asked: dict[str, str]
    as_of: str
    language: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Sequence[Cell]]]
    evidence: frozenset[str]

    @cached_property
    def sources(self) -> list[Source]:
        """The sources of the statements that the answer rests on, sorted by IRI."""
        return cited(self.store, self.evidence, self.language)


def ask(
    store: EmbeddedStore,
    question: Question,
    pairs: Iterable[str] = (),
    *,
    as_of: str | None = None,
    language: str = terms.LANGUAGES[0],
) -> Answer:
    """Asks a question.

    Args:
        pairs: ``name=value`` for the parameters of the question.
        as_of: the day that the answer is for (ISO or ``today``); the date of the dataset if None.
        language: the language of labels.

    Raises:
        WrongUsage: if a parameter or value is not understood, or the question knows no dates.
        InvalidData: if the question is not a SPARQL SELECT query.
    """
    values = arguments.read(store, question, pairs)
    names = {parameter.name for parameter in question.parameters}
    if as_of is not None:
        if AS_OF not in names:
            raise WrongUsage(f"The question '{question.name}' is not about a day; leave --as-of out.")
        if AS_OF in values:
            raise WrongUsage(f"Give the day once, as --as-of or as {AS_OF}=.")
        values[AS_OF] = [arguments.term(store, question.parameter(AS_OF), as_of)]
    if LANGUAGE in names and LANGUAGE not in values:
        values[LANGUAGE] = [str(Literal(language))]
    day = terms.literal_text(values[AS_OF][0]) if values.get(AS_OF) else entities.dataset_date(store)
    try:
        solutions = list(entities.select(store, question.bind(values)))
    except (SyntaxError, TypeError) as error:
        raise InvalidData(f"The question '{question.name}' is not a SPARQL SELECT query: {error}.") from None
    raw = [[_terms(solution, column) for column in question.columns] for solution in solutions]
    labels = entities.labels(store, {value for row in raw for cells in row for value, is_iri in cells if is_iri}, language)
    spaces = entities.namespaces(store)
    rows = [
        [
            [Cell(value, labels.get(value) or (_slug(value, spaces) if is_iri else value), is_iri) for value, is_iri in cells]
            for cells in row
        ]
        for row in raw
    ]
    hidden = {column.evidence for column in question.columns if column.evidence}
    evidence = frozenset(term.value for solution in solutions for name in hidden if (term := solution[name]) is not None)
    return Answer(store, question, arguments.shown(question, values, store), day, language, question.columns, rows, evidence)


def _terms(solution: QuerySolution, column: Column) -> list[tuple[str, bool]]:
    term = solution[column.name]
    if term is None:
        return []
    if column.list:
        return [(part, part.startswith(("http://", "https://"))) for part in sorted(term.value.split())]
    return [(term.value, isinstance(term, NamedNode))]


def _slug(iri: str, spaces: dict[str, str]) -> str:
    """What to show for a thing without a label: its name without the prefix."""
    short = terms.shorten(iri, spaces)
    return short if short == iri else short.partition(":")[2]


def cited(store: EmbeddedStore, evidence: Iterable[str], language: str) -> list[Source]:
    """The sources behind statements or episodes, sorted by IRI."""
    values = " ".join(sorted(f"<{iri}>" for iri in evidence))
    query = f"""
        PREFIX nev: <{terms.NEV}>
        PREFIX prov: <{terms.PROV}>
        PREFIX dcterms: <{terms.DCTERMS}>
        SELECT DISTINCT ?source ?title ?publisher ?earliest ?latest ?address WHERE {{
          VALUES ?evidence {{ {values} }}
          ?evidence prov:wasDerivedFrom?/nev:source ?source .
          OPTIONAL {{ ?source dcterms:title ?title }}
          OPTIONAL {{ ?source dcterms:publisher ?publisher }}
          OPTIONAL {{ ?source nev:earliest ?earliest }}
          OPTIONAL {{ ?source nev:latest ?latest }}
          OPTIONAL {{ ?source nev:address ?address }}
        }} ORDER BY ?source ?title ?address"""
    rows = list(entities.select(store, query))
    names = entities.labels(store, {row["publisher"].value for row in rows if row["publisher"]}, language)
    found: dict[str, Source] = {}
    for row in rows:
        text = {name: row[name].value if row[name] else "" for name in ("source", "title", "publisher", "earliest", "latest", "address")}
        published = _published(text["earliest"], text["latest"])
        found.setdefault(
            text["source"],
            Source(text["source"], text["title"], names.get(text["publisher"], ""), published, text["address"]),
        )
    return list(found.values())


def _published(earliest: str, latest: str) -> str:
    if earliest == latest:
        return earliest or "undated"
    if not latest:
        return f"{earliest} or later"
    return f"{earliest}/{latest}" if earliest else f"by {latest}"
