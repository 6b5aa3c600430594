"""Queries the edges of a projection: all at once, or step by step from some nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from nevkg.ask.evaluation import read, solve
from nevkg.data import terms
from nevkg.errors import InvalidData
from nevkg.network.projection import KERNEL, OBJECT, RELATION, SUBJECT, Projection
from nevkg.store import Store
from nevkg.table.values import Value, to_text

Ends = tuple[str, str, str]
MODALITY = "modality"


@dataclass
class Draft:
    """An edge under construction, while its rows are read."""

    facts: dict[str, Value]
    # The facts and statements that it rests on, and whether they count for its dates.
    evidence: dict[str, bool] = field(default_factory=dict)


# Above this number of nodes it is faster to read the whole projection than to list the nodes to expand from.
_FRONTIER = 300


def query_edges(store: Store, projection: Projection, bound: Mapping[str, Sequence[str]], language: str) -> dict[Ends, Draft]:
    """Runs the query once and returns its edges.

    The first row of an edge gives its facts; further rows add values to list columns, and evidence. Only facts with the
    modality of the first row count for the dates of an edge, so that an actual relation does not get the dates of its plan.
    """
    question = projection.question
    solutions = solve(store, question, bound)
    others = [column for column in question.columns if column.name not in KERNEL]
    hidden = next((column.evidence for column in question.columns if column.name == RELATION), None)
    found: dict[Ends, Draft] = {}
    for solution, record in zip(solutions, read(store, others, solutions, language), strict=True):
        ends = [solution[name] for name in (SUBJECT, RELATION, OBJECT)]
        if not all(isinstance(end, NamedNode) for end in ends):
            raise InvalidData(f"The projection '{question.name}' gives an edge whose ends are not all IRIs.")
        subject, relation, obj = (terms.text(end) for end in ends if end is not None)
        facts: dict[str, Value] = {column.name: value for column, value in zip(others, record, strict=True) if value is not None}
        draft = found.setdefault((subject, relation, obj), Draft(facts))
        for column in others:
            more, known = facts.get(column.name), draft.facts.get(column.name, ())
            if isinstance(more, tuple) and isinstance(known, tuple):
                draft.facts[column.name] = tuple(sorted({*known, *more}, key=to_text))
        if hidden and (rests := solution[hidden]) is not None:
            draft.evidence |= dict.fromkeys(terms.text(rests).split(), facts.get(MODALITY) == draft.facts.get(MODALITY))
    return found


def _endpoints(edges: Iterable[Ends]) -> set[str]:
    return {iri for subject, _, obj in edges for iri in (subject, obj)}


def _query_from(
    iris: Iterable[str], store: Store, projection: Projection, bound: Mapping[str, Sequence[str]], language: str
) -> dict[Ends, Draft]:
    """Returns the edges at some nodes, of a projection that expands from node to node."""
    assert projection.expand
    return query_edges(store, projection, {**bound, projection.expand: sorted(str(NamedNode(iri)) for iri in iris)}, language)


def expand(
    store: Store, projection: Projection, bound: dict[str, list[str]], language: str, depth: int, limit: int | None
) -> dict[Ends, Draft]:
    """Returns the edges; a projection that expands from node to node is run again for the new nodes of each step."""
    start = bound.get(projection.expand or "")
    drafts = query_edges(store, projection, bound, language)
    if projection.expand and start:
        seen = {term[1:-1] for term in start}
        for _ in range(depth - 1):
            new = _endpoints(drafts) - seen
            if not new:
                break
            further = drafts | _query_from(new, store, projection, bound, language)
            if limit is not None and len(_endpoints(further)) > limit:
                break
            seen |= new
            drafts = further
    return drafts


def expand_from_both_ends(
    store: Store,
    projection: Projection,
    bound: Mapping[str, Sequence[str]],
    language: str,
    ends: tuple[str, str],
    longest: int | None,
    avoid: Collection[str],
) -> dict[Ends, Draft]:
    """Returns the edges of nodes near either end; expands the smaller side first, until both meet or ``longest`` steps are taken.

    Each edge of a path then touches a node that was expanded, since both sides together have taken as many steps as the
    path has edges.
    """
    reached, frontiers = [{end} for end in ends], [{end} for end in ends]
    drafts: dict[Ends, Draft] = {}
    steps = 0
    while steps != longest:
        side = int(len(frontiers[1]) < len(frontiers[0]))
        frontier = frontiers[side]
        if not frontier or (longest is None and reached[0] & reached[1]):
            break
        if len(frontier) > _FRONTIER:
            return query_edges(store, projection, bound, language)
        found = _query_from(frontier, store, projection, bound, language)
        drafts |= found
        frontiers[side] = _endpoints(found) - reached[side] - set(avoid)
        reached[side] |= frontiers[side]
        steps += 1
    return drafts
