"""Asks a projection: rows become edges, and the facts of nodes are looked up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from nevkg.ask import arguments, days
from nevkg.ask.answer import LANGUAGE, bind, day_of, has_history, labelled, read, solve
from nevkg.ask.catalogue import AS_OF, HISTORY, SNAPSHOT, Question
from nevkg.data import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.network.looks import class_colors, find_dashes
from nevkg.network.model import Edge, Network, Node, Spell, merge_spells
from nevkg.network.projection import KERNEL, OBJECT, RELATION, SUBJECT, WEIGHT, Projection, load_projections
from nevkg.network.standing import add_standings
from nevkg.store import Store
from nevkg.store.memo import Lookup
from nevkg.table.values import Thing, Value, shown

CLASS, LABEL, MODALITY = "class", "label", "modality"
_PLAIN = "#888888"
Ends = tuple[str, str, str]


@dataclass
class _Draft:
    """An edge while its rows are read."""

    facts: dict[str, Value]
    # The facts and statements that it rests on, and whether it dates from them.
    evidence: dict[str, bool] = field(default_factory=dict)


def project(
    store: Store,
    name: str,
    given: Mapping[str, Sequence[str]] | None = None,
    *,
    as_of: str | None = None,
    language: str = terms.LANGUAGES[0],
    weight: str = WEIGHT,
    depth: int = 1,
    limit: int | None = None,
    with_facts: bool = True,
) -> Network:
    """The network that a projection gives.

    Args:
        store: what is asked.
        name: of the projection, a file of ``queries/graphs/``.
        given: the values of parameters, as a user types them.
        as_of: the day that it is for (ISO or ``today``); the date of the dataset if None.
        language: of labels.
        weight: the column that holds the weights of edges; where it is not known, 1.
        depth: for a projection that grows from node to node, how many steps.
        limit: how many nodes such a projection may reach; a step that would go beyond is not taken.
        with_facts: whether to look up what nodes are besides their labels; paths need no more, and it takes most of the time.

    Raises:
        WrongUsage: if the projection, a parameter, a value or the column is unknown.
        InvalidData: if a query does not give what it should.
    """
    projections = load_projections(store.layout)
    projection = projections[name]
    question = projection.question
    known = [column.name for column in question.columns if column.name not in KERNEL]
    if weight != WEIGHT and weight not in known:
        raise WrongUsage(f"The edges of '{name}' have no column '{weight}'; they have {', '.join(known) or 'none that could be a weight'}.")
    bound = bind(store, question, given or {}, as_of, language)
    drafts = _grown(store, projection, bound, language, depth, limit)
    return _assemble(store, projection, bound, drafts, language, weight, projections.attributes if with_facts else {})


def project_between(
    store: Store,
    name: str,
    start: str,
    end: str,
    given: Mapping[str, Sequence[str]] | None = None,
    *,
    as_of: str | None = None,
    language: str = terms.LANGUAGES[0],
    longest: int | None = None,
    avoid: Collection[str] = (),
) -> Network:
    """The part of a projection that has all paths between two nodes, without the attributes of nodes.

    Args:
        store: where to query.
        name: of the projection; one that grows from node to node is grown from both ends, any other is read whole.
        start: IRI of a node.
        end: IRI of another.
        given: the values of parameters, as a user types them.
        as_of: the day that it is for (ISO or ``today``); the date of the dataset if None.
        language: of labels.
        longest: the greatest number of steps of a path; if None, only the shortest paths are complete.
        avoid: IRIs of nodes that no path may pass through.

    Raises:
        WrongUsage: if the projection, a parameter or a value is unknown.
    """
    projection = load_projections(store.layout)[name]
    bound = bind(store, projection.question, given or {}, as_of, language)
    if projection.expand is None or bound.get(projection.expand):
        drafts = _asked(store, projection, bound, language)
    else:
        drafts = _grow_from_both_ends(store, projection, bound, language, (start, end), longest, avoid)
    return _assemble(store, projection, bound, drafts, language, WEIGHT, {})


# Beyond this many nodes it is faster to read the whole projection than to name the nodes to grow from.
_FRONTIER = 300


def _grow_from_both_ends(
    store: Store,
    projection: Projection,
    bound: Mapping[str, Sequence[str]],
    language: str,
    ends: tuple[str, str],
    longest: int | None,
    avoid: Collection[str],
) -> dict[Ends, _Draft]:
    """The edges of nodes near either end, the smaller side first, until both sides meet or ``longest`` steps are taken.

    An edge of a path is then at a node that was grown from: of the ``steps`` edges, each side has reached its share.
    """
    assert projection.expand
    reached, frontiers = [{end} for end in ends], [{end} for end in ends]
    drafts: dict[Ends, _Draft] = {}
    steps = 0
    while steps != longest:
        side = int(len(frontiers[1]) < len(frontiers[0]))
        frontier = frontiers[side]
        if not frontier or (longest is None and reached[0] & reached[1]):
            break
        if len(frontier) > _FRONTIER:
            return _asked(store, projection, bound, language)
        found = _asked(store, projection, {**bound, projection.expand: sorted(str(NamedNode(iri)) for iri in frontier)}, language)
        drafts |= found
        frontiers[side] = _ends(found) - reached[side] - set(avoid)
        reached[side] |= frontiers[side]
        steps += 1
    return drafts


def _assemble(
    store: Store,
    projection: Projection,
    bound: Mapping[str, Sequence[str]],
    drafts: Mapping[Ends, _Draft],
    language: str,
    weight: str,
    attributes: Mapping[str, Question],
) -> Network:
    """The network of these edges, with the times, standing and nodes that belong to them."""
    question = projection.question
    day = day_of(store, bound)
    labels = labelled(store, {relation for _, relation, _ in drafts}, language)
    spells = _spells(store, {fact for draft in drafts.values() for fact in draft.evidence})
    if not has_history(bound):
        # What holds on the day, but was first stated for a later one, is without a beginning.
        spells = {fact: spell for fact, spell in spells.items() if not spell[0] or spell[0] <= day}
    if question.over == SNAPSHOT:
        add_standings(days.snapshot(store, day), ((draft.facts, draft.evidence) for draft in drafts.values()), language)
    edges = [_edge(ends, labels, draft, spells, weight) for ends, draft in sorted(drafts.items())]
    nodes = described(store, {iri for edge in edges for iri in edge.ends}, attributes, bound, language)
    return Network(store, projection, arguments.shown(question, bound, store), day, language, nodes, edges, find_dashes(store))


def given_for(question: Question, format_name: str, given: Mapping[str, Sequence[str]], as_of: str | None) -> dict[str, Sequence[str]]:
    """The values of parameters that a format is asked with: GEXF holds the whole history, unless a day is given."""
    knows = HISTORY in {parameter.name for parameter in question.parameters}
    if format_name == "gexf" and knows and not as_of and AS_OF not in given:
        return {HISTORY: ["true"], **given}
    return dict(given)


def _grown(
    store: Store, projection: Projection, bound: dict[str, list[str]], language: str, depth: int, limit: int | None
) -> dict[Ends, _Draft]:
    """The edges; a projection that grows is asked again for the nodes that were new."""
    start = bound.get(projection.expand or "")
    drafts = _asked(store, projection, bound, language)
    if projection.expand and start:
        seen = {term[1:-1] for term in start}
        for _ in range(depth - 1):
            new = _ends(drafts) - seen
            if not new:
                break
            further = drafts | _asked(store, projection, bound | {projection.expand: sorted(str(NamedNode(iri)) for iri in new)}, language)
            if limit is not None and len(_ends(further)) > limit:
                break
            seen |= new
            drafts = further
    return drafts


def _ends(edges: Iterable[Ends]) -> set[str]:
    return {iri for subject, _, obj in edges for iri in (subject, obj)}


def _edge(ends: Ends, labels: Mapping[str, str], draft: _Draft, spells: Mapping[str, Spell], weight: str) -> Edge:
    subject, relation, obj = ends
    number = draft.facts.get(weight)
    return Edge(
        subject,
        Thing(relation, labels[relation]),
        obj,
        1.0 if number is None else float(shown(number)),
        [spell for spell in merge_spells(spells[fact] for fact, dates in draft.evidence.items() if dates and fact in spells) if any(spell)],
        draft.facts,
        list(draft.evidence),
    )


def _asked(store: Store, projection: Projection, bound: Mapping[str, Sequence[str]], language: str) -> dict[Ends, _Draft]:
    """The edges of one query. Its first row says what an edge is like; further ones add to lists and to what it rests on.

    An edge dates from the facts of its first modality, so that what is actual does not date from its plan.
    """
    question = projection.question
    solutions = solve(store, question, bound)
    others = [column for column in question.columns if column.name not in KERNEL]
    hidden = next((column.evidence for column in question.columns if column.name == RELATION), None)
    found: dict[Ends, _Draft] = {}
    for solution, record in zip(solutions, read(store, others, solutions, language), strict=True):
        ends = [solution[name] for name in (SUBJECT, RELATION, OBJECT)]
        if not all(isinstance(end, NamedNode) for end in ends):
            raise InvalidData(f"The projection '{question.name}' gives an edge whose ends are not all IRIs.")
        subject, relation, obj = (terms.text(end) for end in ends if end is not None)
        facts: dict[str, Value] = {column.name: value for column, value in zip(others, record, strict=True) if value is not None}
        draft = found.setdefault((subject, relation, obj), _Draft(facts))
        for column in others:
            more, known = facts.get(column.name), draft.facts.get(column.name, ())
            if isinstance(more, tuple) and isinstance(known, tuple):
                draft.facts[column.name] = tuple(sorted({*known, *more}, key=shown))
        if hidden and (rests := solution[hidden]) is not None:
            draft.evidence |= dict.fromkeys(terms.text(rests).split(), facts.get(MODALITY) == draft.facts.get(MODALITY))
    return found


def _look_up_spells(store: Store, facts: set[str]) -> dict[str, Spell]:
    """When facts hold, and from when on statements count."""
    query = f"""PREFIX nev: <{terms.NEV}>
        SELECT ?fact ?from ?until WHERE {{
          VALUES ?fact {{ {terms.iris(sorted(facts))} }}
          ?fact nev:from|nev:certainBy ?from .
          OPTIONAL {{ ?fact nev:until ?until }}
        }}"""
    return {
        terms.text(row["fact"]): (terms.text(row["from"]), None if row["until"] is None else terms.text(row["until"]))
        for row in entities.select(store, query)
    }


_spells = Lookup(_look_up_spells)


def described(
    store: Store, iris: Iterable[str], attributes: Mapping[str, Question], bound: Mapping[str, Sequence[str]], language: str
) -> dict[str, Node]:
    """Things as nodes, sorted by IRI, with their labels, classes, colours and what else is asked for.

    Args:
        store: what is asked.
        iris: of the things.
        attributes: the queries for attributes, by name.
        bound: parameter to terms; those of day and language count.
        language: of labels.
    """
    wanted = sorted(iris)
    own = entities.labels(store, wanted, language)
    labels = labelled(store, wanted, language)
    facts = _node_facts(store, wanted, attributes, bound, language, own)
    spaces = entities.namespaces(store)
    colors = class_colors(store)
    nodes = {}
    for iri in wanted:
        told = dict(facts.get(iri, {}))
        kind, label = told.pop(CLASS, None), told.pop(LABEL, None)
        kind = kind if isinstance(kind, Thing) else Thing("", "")
        text = own.get(iri) or shown(label) or labels[iri]
        nodes[iri] = Node(iri, terms.shorten(iri, spaces), text, kind, colors.get(kind.iri, _PLAIN), told)
    return nodes


# Beyond this many nodes it is faster to ask for the facts of all things than to name those that are wanted.
_NAMED = 2000


def _node_facts(
    store: Store,
    iris: Sequence[str],
    attributes: Mapping[str, Question],
    bound: Mapping[str, Sequence[str]],
    language: str,
    labelled: Collection[str],
) -> dict[str, dict[str, Value]]:
    """For each node its attributes, one query each; words only for those that are not ``labelled``."""
    found: dict[str, dict[str, Value]] = {}
    for name, question in attributes.items():
        known = {parameter.name for parameter in question.parameters}
        given = {parameter: terms_ for parameter, terms_ in bound.items() if parameter in known and parameter in (AS_OF, LANGUAGE)}
        wanted = {iri for iri in iris if name != LABEL or iri not in labelled}
        if len(wanted) <= _NAMED:
            given["node"] = [str(NamedNode(iri)) for iri in sorted(wanted)]
        solutions = solve(store, question, given) if wanted else []
        for solution, (value,) in zip(solutions, read(store, question.columns[1:], solutions, language), strict=True):
            node = terms.text(solution["node"])
            if node in wanted:
                found.setdefault(node, {})[name] = value
    return found
