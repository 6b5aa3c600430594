"""Runs a projection: turns its rows into edges and looks up the attributes of nodes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import AS_OF, HISTORY, SNAPSHOT, Question
from nevkg.ask.evaluation import bind, find_day, find_display_labels, has_history
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.network.edges import EdgeDraft, EdgeQuery, Ends, add_standings, find_dashes, find_spells
from nevkg.network.model import Edge, Spell, merge_spells
from nevkg.network.network import Network
from nevkg.network.nodes import describe_nodes
from nevkg.network.projections import KERNEL, WEIGHT, load_projections
from nevkg.store import Store
from nevkg.table.values import Thing, to_text


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
        name: the name of the projection, a file in ``queries/graphs/``.
        given: the values of parameters, as a user types them.
        as_of: the day that the network is for (ISO or ``today``); the date of the dataset if None.
        weight: the column that holds the weights of edges; an edge without a value has weight 1.
        depth: the number of steps, for a projection that expands from node to node.
        limit: the maximum number of nodes of such a projection; a step that would exceed it is not taken.
        with_facts: whether to look up the attributes of nodes besides their labels. This takes most of the time, and
            paths do not need it.

    Raises:
        InvalidData: if a query is not a SELECT query, or gives an edge whose ends are not IRIs.
    """
    projections = load_projections(store.layout)
    projection = projections[name]
    question = projection.question
    known = [column.name for column in question.columns if column.name not in KERNEL]
    if weight != WEIGHT and weight not in known:
        raise WrongUsage(f"The edges of '{name}' have no column '{weight}'; they have {', '.join(known) or 'none that could be a weight'}.")
    query = EdgeQuery(store, projection, bind(store, question, given or {}, as_of, language), language)
    return _assemble(query, query.expand(depth, limit), weight, projections.attributes if with_facts else {})


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
        name: the name of the projection; one that expands from node to node is expanded from both ends, any other is
            read completely.
        given: the values of parameters, as a user types them.
        as_of: the day that the network is for (ISO or ``today``); the date of the dataset if None.
        longest: the maximum number of steps of a path; if None, only the shortest paths are complete.
        avoid: the IRIs of nodes through which no path may lead.
    """
    projection = load_projections(store.layout)[name]
    query = EdgeQuery(store, projection, bind(store, projection.question, given or {}, as_of, language), language)
    if projection.expand is None or query.bound.get(projection.expand):
        return _assemble(query, query.run(), WEIGHT, {})
    return _assemble(query, query.expand_from_both_ends((start, end), longest, avoid), WEIGHT, {})


def _assemble(query: EdgeQuery, drafts: Mapping[Ends, EdgeDraft], weight: str, attributes: Mapping[str, Question]) -> Network:
    """Builds the network of these edges, with their spells, standings and nodes."""
    store, bound, language, question = query.store, query.bound, query.language, query.projection.question
    day = find_day(store, bound)
    labels = find_display_labels(store, {relation for _, relation, _ in drafts}, language)
    spells = find_spells(store, {fact for draft in drafts.values() for fact in draft.evidence})
    if not has_history(bound):
        # A fact that holds on the day, but was first stated for a later one, has no known beginning.
        spells = {fact: spell for fact, spell in spells.items() if not spell[0] or spell[0] <= day}
    if question.over == SNAPSHOT:
        add_standings(days.snapshot(store, day), ((draft.facts, draft.evidence) for draft in drafts.values()), language)
    edges = [_edge(ends, labels, draft, spells, weight) for ends, draft in sorted(drafts.items())]
    nodes = describe_nodes(store, {iri for edge in edges for iri in edge.ends}, attributes, bound, language)
    parameters = arguments.format_parameters(question, bound, store)
    return Network(store, query.projection, parameters, day, language, nodes, edges, find_dashes(store))


def add_format_defaults(
    question: Question, format_name: str, given: Mapping[str, Sequence[str]], as_of: str | None
) -> dict[str, Sequence[str]]:
    """Returns the parameters for a format: GEXF gets the whole history by default, unless a day is given."""
    has_parameter = HISTORY in {parameter.name for parameter in question.parameters}
    if format_name == "gexf" and has_parameter and not as_of and AS_OF not in given:
        return {HISTORY: ["true"], **given}
    return dict(given)


def _edge(ends: Ends, labels: Mapping[str, str], draft: EdgeDraft, spells: Mapping[str, Spell], weight: str) -> Edge:
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
