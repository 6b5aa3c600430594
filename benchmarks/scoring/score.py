"""Scores a system that answers questions: rows, citations, and whether it says that something is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any, Protocol

import networkx
from benchmarks.measure import format_table
from benchmarks.scoring.golden import Golden

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store

_ALL = "all"


@dataclass(frozen=True)
class Response:
    """The answer of a system.

    ``rows`` has a list of values for each row: IRIs, dates in ISO, numbers and other literals as text. ``citations`` has
    the sources of each row, in the same order, as IRIs or addresses. ``not_known`` says that no source reports an answer.
    """

    rows: Sequence[Sequence[str]] = ()
    citations: Sequence[Sequence[str]] = ()
    not_known: bool = False


class System(Protocol):
    """A system to score."""

    def __call__(self, question: str, language: str, day: str) -> Response:
        """Answers a question in a language (``en`` or ``zh``) as of a day (ISO)."""


@dataclass(frozen=True)
class Score:
    """The score of one answer; a measure that does not apply is None.

    exact: whether the rows are the golden ones, in any order of rows and columns; for an empty golden answer, whether
    the system says that it is not known and gives no rows.
    f1: of the rows, where a row may have more columns than the golden one.
    cited: the share of the right rows that cite at least one source that supports them.
    existing, supporting: the share of the citations that are sources of the graph, and that support their row.
    unknown: whether the system says that the answer is not known.
    """

    name: str
    kind: str
    language: str
    day: str
    known: bool
    exact: float
    f1: float
    cited: float | None
    existing: float | None
    supporting: float | None
    unknown: bool


def score(system: System, golden: Iterable[Golden], store: Store, languages: Sequence[str] = terms.LANGUAGES) -> list[Score]:
    """Asks a system each question in each language, on the day of the golden answer."""
    sources = find_sources(store)
    scores = []
    for answer in golden:
        for language in languages:
            response = system({"en": answer.en, "zh": answer.zh}[language], language, answer.day)
            scores.append(score_response(response, answer, language, sources))
    return scores


def find_sources(store: Store) -> dict[str, str]:
    """Returns the IRI of each source of the graph, by its IRI and by its address."""
    query = f"SELECT ?source ?address WHERE {{ ?source a <{terms.NEV}Source> OPTIONAL {{ ?source <{terms.NEV}address> ?address }} }}"
    sources = {}
    for row in entities.rows(store, f"{query} ORDER BY ?source ?address"):
        sources[row["source"]] = row["source"]
        if "address" in row:
            sources.setdefault(row["address"], row["source"])
    return sources


def score_response(response: Response, golden: Golden, language: str, sources: Mapping[str, str]) -> Score:
    """Scores one answer.

    Args:
        response: the answer.
        golden: the right answer.
        language: the language of the question.
        sources: see :func:`find_sources`.
    """
    right = match_rows(response.rows, golden.rows)
    if golden.rows:
        exact = {tuple(sorted(row)) for row in response.rows} == {tuple(sorted(row)) for row in golden.rows}
        f1 = 2 * len(right) / (len({*map(tuple, response.rows)}) + len(golden.rows))
    else:
        exact = response.not_known and not response.rows
        f1 = float(exact)
    cited = [(number, sources.get(name)) for number, names in enumerate(response.citations) for name in dict.fromkeys(names)]
    supporting = [(number, iri) for number, iri in cited if number in right and iri in golden.sources[right[number]]]
    return Score(
        golden.name,
        golden.kind,
        language,
        golden.day,
        bool(golden.rows),
        float(exact),
        f1,
        len({number for number, _ in supporting}) / len(right) if right else None,
        sum(iri is not None for _, iri in cited) / len(cited) if cited else None,
        len(supporting) / len(cited) if cited else None,
        response.not_known,
    )


def match_rows(rows: Sequence[Sequence[str]], golden: Sequence[Sequence[str]]) -> dict[int, int]:
    """Pairs as many rows as possible with golden rows whose values they all have, each with one; equal rows count once.

    Returns:
        The number of a row to the number of its golden row.
    """
    graph: networkx.Graph[tuple[str, int]] = networkx.Graph()
    ours = {tuple(row): number for number, row in reversed([*enumerate(rows)])}
    for number in sorted(ours.values()):
        graph.add_edges_from((("row", number), ("golden", other)) for other, row in enumerate(golden) if set(row) <= {*rows[number]})
    pairs = networkx.bipartite.hopcroft_karp_matching(graph, [node for node in graph if node[0] == "row"])
    return {node[1]: other[1] for node, other in sorted(pairs.items()) if node[0] == "row"}


@dataclass(frozen=True)
class Report:
    """The scores of a system."""

    scores: Sequence[Score]
    about: Mapping[str, Any] = field(default_factory=dict)

    def summary(self) -> list[dict[str, Any]]:
        """Returns the means by kind and language, those of all kinds last."""
        kinds = [*sorted({score.kind for score in self.scores}), _ALL]
        languages = sorted({score.language for score in self.scores})
        return [_summarise(kind, language, self.scores) for kind in kinds for language in languages]

    def facts(self) -> dict[str, Any]:
        """Returns the summary and the score of each answer as JSON values."""
        return {**self.about, "summary": self.summary(), "scores": [asdict(score) for score in self.scores]}

    def __str__(self) -> str:
        heads = list(self.summary()[0])
        rows = [[_format_cell(summary[head]) for head in heads] for summary in self.summary()]
        return format_table("Scores by kind and language", heads, rows)


def _summarise(kind: str, language: str, scores: Iterable[Score]) -> dict[str, Any]:
    own = [score for score in scores if kind in (score.kind, _ALL) and score.language == language]
    return {
        "kind": kind,
        "language": language,
        "answers": len(own),
        "exact": _mean(score.exact for score in own),
        "F1": _mean(score.f1 for score in own),
        "right rows cited": _mean(score.cited for score in own),
        "citations exist": _mean(score.existing for score in own),
        "citations support": _mean(score.supporting for score in own),
        "not known, rightly": _mean(float(score.unknown) for score in own if not score.known),
        "not known, wrongly": _mean(float(score.unknown) for score in own if score.known),
    }


def _mean(values: Iterable[float | None]) -> float | None:
    """Returns the mean of the values that apply, rounded to three decimals."""
    numbers = [value for value in values if value is not None]
    return round(fmean(numbers), 3) if numbers else None


def _format_cell(value: Any) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
