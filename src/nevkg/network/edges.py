"""The edges of a projection, how well sources support them, and their periods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from nevkg.ask.evaluation import find_display_labels, read, solve
from nevkg.ask.support import STANDING
from nevkg.data import terms
from nevkg.errors import InvalidData
from nevkg.lookup import entities
from nevkg.lookup.statements import Standing, find_standings, rank_standings
from nevkg.network.model import Dashes, Spell
from nevkg.network.projections import KERNEL, OBJECT, RELATION, SUBJECT, Projection
from nevkg.store import Store
from nevkg.store.memo import Lookup, memoise
from nevkg.table.values import Thing, Value, to_text

Ends = tuple[str, str, str]
MODALITY = "modality"


@dataclass
class EdgeDraft:
    """An edge under construction, while its rows are read."""

    facts: dict[str, Value]
    # The facts and statements that it rests on, and whether they count for its dates.
    evidence: dict[str, bool] = field(default_factory=dict)


# Above this number of nodes it is faster to read the whole projection than to list the nodes to expand from.
_FRONTIER = 300


@dataclass(frozen=True)
class EdgeQuery:
    """The query of a projection, with its parameters bound to terms."""

    store: Store
    projection: Projection
    bound: Mapping[str, Sequence[str]]
    language: str

    def run(self) -> dict[Ends, EdgeDraft]:
        """Runs the query once and returns its edges.

        The first row of an edge gives its facts; further rows add values to list columns, and evidence. Only facts with the
        modality of the first row count for the dates of an edge, so that an actual relation does not get the dates of its plan.
        """
        question = self.projection.question
        solutions = solve(self.store, question, self.bound)
        others = [column for column in question.columns if column.name not in KERNEL]
        hidden = next((column.evidence for column in question.columns if column.name == RELATION), None)
        found: dict[Ends, EdgeDraft] = {}
        for solution, record in zip(solutions, read(self.store, others, solutions, self.language), strict=True):
            ends = [solution[name] for name in (SUBJECT, RELATION, OBJECT)]
            if not all(isinstance(end, NamedNode) for end in ends):
                raise InvalidData(f"The projection '{question.name}' gives an edge whose ends are not all IRIs.")
            subject, relation, obj = (terms.text(end) for end in ends if end is not None)
            facts: dict[str, Value] = {column.name: value for column, value in zip(others, record, strict=True) if value is not None}
            draft = found.setdefault((subject, relation, obj), EdgeDraft(facts))
            for column in others:
                more, known = facts.get(column.name), draft.facts.get(column.name, ())
                if isinstance(more, tuple) and isinstance(known, tuple):
                    draft.facts[column.name] = tuple(sorted({*known, *more}, key=to_text))
            if hidden and (rests := solution[hidden]) is not None:
                draft.evidence |= dict.fromkeys(terms.text(rests).split(), facts.get(MODALITY) == draft.facts.get(MODALITY))
        return found

    def _run_from(self, iris: Iterable[str]) -> dict[Ends, EdgeDraft]:
        """Returns the edges at some nodes, of a projection that expands from node to node."""
        assert self.projection.expand
        return replace(self, bound={**self.bound, self.projection.expand: sorted(str(NamedNode(iri)) for iri in iris)}).run()

    def expand(self, depth: int, limit: int | None) -> dict[Ends, EdgeDraft]:
        """Returns the edges; a projection that expands from node to node is run again for the new nodes of each step."""
        drafts = self.run()
        seen = {term[1:-1] for term in self.bound.get(self.projection.expand or "", ())}
        for _ in range(depth - 1 if seen else 0):
            new = _endpoints(drafts) - seen
            if not new:
                break
            further = drafts | self._run_from(new)
            if limit is not None and len(_endpoints(further)) > limit:
                break
            seen |= new
            drafts = further
        return drafts

    def expand_from_both_ends(self, ends: tuple[str, str], longest: int | None, avoid: Collection[str]) -> dict[Ends, EdgeDraft]:
        """Returns the edges of nodes near either end; expands the smaller side first, until both meet or ``longest`` steps are taken.

        Each edge of a path then touches a node that was expanded, since both sides together have taken as many steps as the
        path has edges.
        """
        reached, frontiers = [{end} for end in ends], [{end} for end in ends]
        drafts: dict[Ends, EdgeDraft] = {}
        steps = 0
        while steps != longest:
            side = int(len(frontiers[1]) < len(frontiers[0]))
            frontier = frontiers[side]
            if not frontier or (longest is None and reached[0] & reached[1]):
                break
            if len(frontier) > _FRONTIER:
                return self.run()
            found = self._run_from(frontier)
            drafts |= found
            frontiers[side] = _endpoints(found) - reached[side] - set(avoid)
            reached[side] |= frontiers[side]
            steps += 1
        return drafts


def _endpoints(edges: Iterable[Ends]) -> set[str]:
    return {iri for subject, _, obj in edges for iri in (subject, obj)}


def combine_standings(facts: Iterable[str], standings: Mapping[str, Standing]) -> str:
    """Returns the standing (IRI) of an edge that rests on facts.

    For each property the best standing counts, and of these the weakest; empty if no fact has a standing.
    """
    best: dict[str, Standing] = {}
    for standing in (standings[fact] for fact in facts if fact in standings):
        known = best.get(standing.property_iri)
        if known is None or standing.rank > known.rank:
            best[standing.property_iri] = standing
    return min(best.values(), key=lambda standing: standing.rank).iri if best else ""


def add_standings(snapshot: Store, edges: Iterable[tuple[dict[str, Value], Iterable[str]]], language: str) -> None:
    """Adds the standing to the attributes of each edge that has none, given the facts (IRIs) that it rests on."""
    drafts = list(edges)
    standings = find_standings(snapshot, {fact for _, behind in drafts for fact in behind})
    labels = find_display_labels(snapshot, {standing.iri for standing in standings.values()}, language)
    for attributes, behind in drafts:
        if STANDING not in attributes and (found := combine_standings(behind, standings)):
            attributes[STANDING] = Thing(found, labels[found])


@memoise
def find_upheld(store: Store) -> frozenset[str]:
    """Returns the standings with which a fact counts."""
    return frozenset(row["standing"] for row in entities.rows(store, "SELECT ?standing WHERE { ?standing nev:isUpheld true }"))


@memoise
def find_dashes(store: Store) -> dict[str, Dashes]:
    """Returns the lengths of dashes and gaps that the ontology gives for each standing, the best first; empty for a solid line."""
    rows = entities.rows(store, "SELECT ?standing ?dashes WHERE { ?standing nev:dashes ?dashes }")
    dashes = {row["standing"]: read_dashes(row["dashes"]) for row in rows}
    return {standing: dashes[standing] for standing in rank_standings(store) if standing in dashes}


def read_dashes(text: str) -> Dashes:
    """Parses lengths of dashes and gaps; the result is empty for a solid line, or if the text cannot be parsed."""
    try:
        lengths = tuple(map(float, text.split()))
    except ValueError:
        return ()
    if not all(length > 0 for length in lengths):
        return ()
    return lengths if len(lengths) % 2 == 0 else 2 * lengths


# The pattern of properties with one value at a time.
_SUCCESSIVE = terms.BASE + "history-pattern/successive"


@Lookup
def find_spells(store: Store, facts: set[str]) -> dict[str, Spell]:
    """Returns the spells of facts; a statement counts from the day by which it is certain.

    A value whose beginning only undated statements give is there on all days before, unless it succeeds another value:
    such a value did begin, and is there from the first report on.
    """
    # Two triples in one OPTIONAL, such as the property and its pattern, take ten times as long.
    query = f"""SELECT ?fact ?day ?until ?since ?property WHERE {{
          VALUES ?fact {{ {terms.format_iris(facts)} }}
          ?fact nev:from|nev:certainBy ?day .
          OPTIONAL {{ ?fact nev:until ?until }}
          OPTIONAL {{ ?fact nev:since ?since }}
          OPTIONAL {{ ?fact nev:property ?property }}
        }}"""
    patterns = {
        row["property"]: row["pattern"]
        for row in entities.rows(store, "SELECT ?property ?pattern WHERE { ?property nev:historyPattern ?pattern }")
    }

    def begin(row: Mapping[str, str]) -> str | None:
        is_unknown = row.get("since", "").startswith("../") and patterns.get(row.get("property", ""), _SUCCESSIVE) != _SUCCESSIVE
        return None if is_unknown else row["day"]

    return {row["fact"]: (begin(row), row.get("until")) for row in entities.rows(store, query)}
