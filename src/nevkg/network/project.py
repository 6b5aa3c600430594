"""Runs a projection: turns its rows into edges and looks up the attributes of nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from nevkg.ask import arguments, days
from nevkg.ask.answer import LANGUAGE, bind, find_day, find_display_labels, has_history, read, solve
from nevkg.ask.catalogue import AS_OF, HISTORY, SNAPSHOT, Question
from nevkg.data import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.network.looks import find_class_colors, find_dashes
from nevkg.network.model import Edge, Network, Node, Spell, merge_spells
from nevkg.network.projection import KERNEL, OBJECT, RELATION, SUBJECT, WEIGHT, Projection, load_projections
from nevkg.network.standing import add_standings
from nevkg.store import Store
from nevkg.store.memo import Lookup
from nevkg.table.values import Thing, Value, to_text

CLASS, LABEL, MODALITY = "class", "label", "modality"
_PLAIN = "#888888"
Ends = tuple[str, str, str]


@dataclass
class _Draft:
    """An edge under construction, while its rows are read."""

    facts: dict[str, Value]
    # The facts and statements that it rests on, and whether they count for its dates.
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
    """Runs a projection and returns its network.

    Args:
        store: the record.
        name: the name of the projection, a file in ``queries/graphs/``.
        given: the values of parameters, as a user types them.
        as_of: the day that the network is for (ISO or ``today``); the date of the dataset if None.
        language: the language of labels.
        weight: the column that holds the weights of edges; an edge without a value has weight 1.
        depth: the number of steps, for a projection that expands from node to node.
        limit: the maximum number of nodes of such a projection; a step that would exceed it is not taken.
        with_facts: whether to look up the attributes of nodes besides their labels. This takes most of the time, and
            paths do not need it.

    Raises:
        WrongUsage: if the projection, a parameter, a value or the column is unknown.
        InvalidData: if a query is not a SELECT query, or gives an edge whose ends are not IRIs.
    """
    projections = load_projections(store.layout)
    projection = projections[name]
    question = projection.question
    known = [column.name for column in question.columns if column.name not in KERNEL]
    if weight != WEIGHT and weight not in known:
        raise WrongUsage(f"The edges of '{name}' have no column '{weight}'; they have {', '.join(known) or 'none that could be a weight'}.")
    bound = bind(store, question, given or {}, as_of, language)
    drafts = _expand(store, projection, bound, language, depth, limit)
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
    """Returns the part of a projection that contains all paths between two nodes, without the attributes of nodes.

    Args:
        store: the record.
        name: the name of the projection; one that expands from node to node is expanded from both ends, any other is
            read completely.
        start: the IRI of the node at one end.
        end: the IRI of the node at the other end.
        given: the values of parameters, as a user types them.
        as_of: the day that the network is for (ISO or ``today``); the date of the dataset if None.
        language: the language of labels.
        longest: the maximum number of steps of a path; if None, only the shortest paths are complete.
        avoid: the IRIs of nodes through which no path may lead.

    Raises:
        WrongUsage: if the projection, a parameter or a value is unknown.
    """
    projection = load_projections(store.layout)[name]
    bound = bind(store, projection.question, given or {}, as_of, language)
    if projection.expand is None or bound.get(projection.expand):
        drafts = _query_edges(store, projection, bound, language)
    else:
        drafts = _expand_from_both_ends(store, projection, bound, language, (start, end), longest, avoid)
    return _assemble(store, projection, bound, drafts, language, WEIGHT, {})


# Above this number of nodes it is faster to read the whole projection than to list the nodes to expand from.
_FRONTIER = 300


def _expand_from_both_ends(
    store: Store,
    projection: Projection,
    bound: Mapping[str, Sequence[str]],
    language: str,
    ends: tuple[str, str],
    longest: int | None,
    avoid: Collection[str],
) -> dict[Ends, _Draft]:
    """Returns the edges of nodes near either end; expands the smaller side first, until both meet or ``longest`` steps are taken.

    Each edge of a path then touches a node that was expanded, since both sides together have taken as many steps as the
    path has edges.
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
            return _query_edges(store, projection, bound, language)
        found = _query_edges(store, projection, {**bound, projection.expand: sorted(str(NamedNode(iri)) for iri in frontier)}, language)
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
    """Builds the network of these edges, with their spells, standings and nodes."""
    question = projection.question
    day = find_day(store, bound)
    labels = find_display_labels(store, {relation for _, relation, _ in drafts}, language)
    spells = _spells(store, {fact for draft in drafts.values() for fact in draft.evidence})
    if not has_history(bound):
        # A fact that holds on the day, but was first stated for a later one, has no known beginning.
        spells = {fact: spell for fact, spell in spells.items() if not spell[0] or spell[0] <= day}
    if question.over == SNAPSHOT:
        add_standings(days.snapshot(store, day), ((draft.facts, draft.evidence) for draft in drafts.values()), language)
    edges = [_edge(ends, labels, draft, spells, weight) for ends, draft in sorted(drafts.items())]
    nodes = describe_nodes(store, {iri for edge in edges for iri in edge.ends}, attributes, bound, language)
    return Network(store, projection, arguments.format_parameters(question, bound, store), day, language, nodes, edges, find_dashes(store))


def add_format_defaults(
    question: Question, format_name: str, given: Mapping[str, Sequence[str]], as_of: str | None
) -> dict[str, Sequence[str]]:
    """Returns the parameters for a format: GEXF gets the whole history by default, unless a day is given."""
    has_parameter = HISTORY in {parameter.name for parameter in question.parameters}
    if format_name == "gexf" and has_parameter and not as_of and AS_OF not in given:
        return {HISTORY: ["true"], **given}
    return dict(given)


def _expand(
    store: Store, projection: Projection, bound: dict[str, list[str]], language: str, depth: int, limit: int | None
) -> dict[Ends, _Draft]:
    """Returns the edges; a projection that expands from node to node is run again for the new nodes of each step."""
    start = bound.get(projection.expand or "")
    drafts = _query_edges(store, projection, bound, language)
    if projection.expand and start:
        seen = {term[1:-1] for term in start}
        for _ in range(depth - 1):
            new = _ends(drafts) - seen
            if not new:
                break
            further = drafts | _query_edges(
                store, projection, bound | {projection.expand: sorted(str(NamedNode(iri)) for iri in new)}, language
            )
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
        1.0 if number is None else float(to_text(number)),
        [spell for spell in merge_spells(spells[fact] for fact, dates in draft.evidence.items() if dates and fact in spells) if any(spell)],
        draft.facts,
        list(draft.evidence),
    )


def _query_edges(store: Store, projection: Projection, bound: Mapping[str, Sequence[str]], language: str) -> dict[Ends, _Draft]:
    """Runs the query once and returns its edges.

    The first row of an edge gives its facts; further rows add values to list columns, and evidence. Only facts with the
    modality of the first row count for the dates of an edge, so that an actual relation does not get the dates of its plan.
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
                draft.facts[column.name] = tuple(sorted({*known, *more}, key=to_text))
        if hidden and (rests := solution[hidden]) is not None:
            draft.evidence |= dict.fromkeys(terms.text(rests).split(), facts.get(MODALITY) == draft.facts.get(MODALITY))
    return found


def _look_up_spells(store: Store, facts: set[str]) -> dict[str, Spell]:
    """Returns the spells of facts; a statement counts from the day by which it is certain."""
    query = f"""PREFIX nev: <{terms.NEV}>
        SELECT ?fact ?from ?until WHERE {{
          VALUES ?fact {{ {terms.format_iris(sorted(facts))} }}
          ?fact nev:from|nev:certainBy ?from .
          OPTIONAL {{ ?fact nev:until ?until }}
        }}"""
    return {
        terms.text(row["fact"]): (terms.text(row["from"]), None if row["until"] is None else terms.text(row["until"]))
        for row in entities.select(store, query)
    }


_spells = Lookup(_look_up_spells)


def describe_nodes(
    store: Store, iris: Iterable[str], attributes: Mapping[str, Question], bound: Mapping[str, Sequence[str]], language: str
) -> dict[str, Node]:
    """Returns entities as nodes, sorted by IRI, with their labels, classes, colours and attributes.

    Args:
        store: the record.
        iris: the IRIs of the entities.
        attributes: the queries for attributes, by name.
        bound: parameter to terms; only those of day and language are used.
        language: the language of labels.
    """
    wanted = sorted(iris)
    own = entities.labels(store, wanted, language)
    labels = find_display_labels(store, wanted, language)
    facts = _node_facts(store, wanted, attributes, bound, language, own)
    spaces = entities.namespaces(store)
    colors = find_class_colors(store)
    nodes = {}
    for iri in wanted:
        own_facts = dict(facts.get(iri, {}))
        kind, label = own_facts.pop(CLASS, None), own_facts.pop(LABEL, None)
        kind = kind if isinstance(kind, Thing) else Thing("", "")
        text = own.get(iri) or to_text(label) or labels[iri]
        nodes[iri] = Node(iri, terms.shorten(iri, spaces), text, kind, colors.get(kind.iri, _PLAIN), own_facts)
    return nodes


# Above this number of nodes it is faster to fetch the attributes of all entities than to list the nodes in the query.
_MOST_LISTED = 2000


def _node_facts(
    store: Store,
    iris: Sequence[str],
    attributes: Mapping[str, Question],
    bound: Mapping[str, Sequence[str]],
    language: str,
    own_labels: Collection[str],
) -> dict[str, dict[str, Value]]:
    """Returns the attributes of each node, by one query per attribute; the attribute ``label`` only for nodes not in ``own_labels``."""
    found: dict[str, dict[str, Value]] = {}
    for name, question in attributes.items():
        known = {parameter.name for parameter in question.parameters}
        given = {parameter: terms_ for parameter, terms_ in bound.items() if parameter in known and parameter in (AS_OF, LANGUAGE)}
        wanted = {iri for iri in iris if name != LABEL or iri not in own_labels}
        if len(wanted) <= _MOST_LISTED:
            given["node"] = [str(NamedNode(iri)) for iri in sorted(wanted)]
        solutions = solve(store, question, given) if wanted else []
        for solution, (value,) in zip(solutions, read(store, question.columns[1:], solutions, language), strict=True):
            node = terms.text(solution["node"])
            if node in wanted:
                found.setdefault(node, {})[name] = value
    return found
