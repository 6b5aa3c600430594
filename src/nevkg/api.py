"""The Python library: the class :class:`KnowledgeGraph` and the function that opens it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Self, TypeVar, cast

from nevkg.ask import answer, arguments, days
from nevkg.ask.answer import Answer
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.comparison import CitedAnswer, resolve_citation
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.profile import Portrait, gather
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store, open_store
from nevkg.store.embedded import damage_error, is_store
from nevkg.store.engine import is_damage
from nevkg.store.locate import is_address, open_location
from nevkg.store.releases import find_places, look_up_release
from nevkg.store.snapshots import reopen
from nevkg.table.table import Table
from nevkg.table.values import Column, Thing, Value
from nevkg.words import labels_of

if TYPE_CHECKING:
    import networkx
    import rdflib

    from nevkg.network import Network

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., Any])


def retry_if_damaged(method: M) -> M:
    """Decorates a method of the graph: calls it again on a rebuilt store if the cached store turns out to be damaged."""

    @wraps(method)
    def call(graph: KnowledgeGraph, /, *values: Any, **named: Any) -> Any:
        try:
            return method(graph, *values, **named)
        except (OSError, RuntimeError) as error:
            if not is_damage(error):
                raise
            graph.store = reopen(graph.store, error)
        try:
            return method(graph, *values, **named)
        except (OSError, RuntimeError) as error:
            if is_damage(error):
                raise damage_error(graph.store.identity.removeprefix("store "), error) from None
            raise

    return cast(M, call)


class KnowledgeGraph:
    """The knowledge graph as of a day. Open it with :func:`nevkg.open`.

    Entities are named by slugs (``byd-rayong``), prefixed names (``plant:byd-rayong``), IRIs, or labels in any language.
    """

    def __init__(self, store: Store, language: str = terms.LANGUAGES[0], day: str | None = None) -> None:
        """Creates the graph in ``store``, with labels in ``language`` and as of ``day`` unless a call gives others."""
        self.store, self.language, self.day = store, language, day
        self._language(language)

    @property
    def as_of(self) -> str:
        """The day (ISO) that answers are for if a call gives no other."""
        return self.day or entities.dataset_date(self.store)

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which sources are left out; None if all count."""
        return self.store.known_by

    def at(self, as_of: str | None = None, known_by: str | None = None) -> Self:
        """Returns the same graph as of another day, as known by another; a repeated call is cheap.

        Args:
            as_of: the day that answers are for (ISO or ``today``); that of this graph if None.
            known_by: leave out sources published after this day (ISO or ``today``); as in this graph if None.

        Raises:
            WrongUsage: if a day cannot be read.
        """
        day = self.day if as_of is None else arguments.day(str(as_of))
        store = self.store if known_by is None else days.record_known_by(self.store, str(known_by))
        return type(self)(store, self.language, day)

    @retry_if_damaged
    def query(self, sparql: str, *, over: str | None = None) -> Any:
        """Runs a SPARQL 1.1 query; the project's prefixes need no PREFIX lines.

        The default graph is the snapshot of this graph's day; ``GRAPH`` reaches the graphs of the record. The cells
        of the table can be traced to their evidence.

        Args:
            sparql: the query.
            over: ``record`` to query the union of all graphs, which has all days: all statements and the whole history.

        Returns:
            A table for SELECT, a truth value for ASK, an ``rdflib.Graph`` for CONSTRUCT and DESCRIBE.

        Raises:
            WrongUsage: if it is not SPARQL 1.1, would send a request to another server, or this graph is of a day and ``over``
                is ``record``.
        """
        from nevkg.ask import solutions

        dataset, text, _ = days.find_dataset(self.store, sparql, as_of=self.day, over=over)
        return solutions.run(dataset, text, self.language, self.store)

    @retry_if_damaged
    def ask(self, question: str, *, as_of: str | None = None, lang: str | None = None, **parameters: object) -> Answer:
        """Answers a question of the catalogue.

        Args:
            question: the name of the question; :meth:`questions` lists them.
            as_of: the day that the answer is for (ISO or ``today``); that of the graph if None.
            lang: ``en`` or ``zh``; that of the graph if None.
            parameters: values for the parameters of the question: texts, entities, dates or numbers; several
                in a list; None for any. Append an underscore to names that are Python keywords: ``class_``.

        Raises:
            WrongUsage: if the question, a parameter or a value is unknown; the text suggests similar names.
        """
        chosen = load_catalogue(self.store.layout)[question]
        given = arguments.format_values(parameters)
        return answer.ask(self.store, chosen, given, as_of=self._day(as_of, chosen, given), language=self._language(lang))

    @retry_if_damaged
    def show(self, entity: Value, *, as_of: str | None = None, lang: str | None = None) -> Portrait:
        """Returns everything known about an entity: each statement with source and date, and the history derived from them.

        Args:
            entity: the entity.
            as_of: restricts the history to what held on this day (ISO or ``today``); that of the graph if None. The
                history is complete if the graph has no day either.
            lang: ``en`` or ``zh``; that of the graph if None.
        """
        day = arguments.day(str(as_of)) if as_of else self.day
        return gather(self.store, self.resolve(entity), self._language(lang), day)

    @retry_if_damaged
    def resolve(self, entity: Value, kind: str | None = None) -> str:
        """Returns the IRI of the entity with a name.

        Args:
            entity: the name.
            kind: a class or vocabulary that it must belong to, such as ``nev:Source``.

        Raises:
            WrongUsage: if no entity or more than one has this name; the text lists candidates.
        """
        if isinstance(entity, Thing):
            return entity.iri
        if not isinstance(entity, str):
            raise WrongUsage(f"{entity!r} does not name an entity; give a name, an IRI or an entity from a table.")
        return entities.resolve(self.store, entity, terms.expand(kind, entities.namespaces(self.store)) if kind else None)

    @retry_if_damaged
    def search(self, text: str, limit: int = 20, *, lang: str | None = None) -> Table:
        """Returns at most ``limit`` entities whose label, alias or identifier matches ``text`` in any language, best first."""
        from nevkg.lookup.search import KINDS, find_kinds, search

        store = days.view(self.store, self.day)
        hits = search(store, text, limit)
        language = self._language(lang)
        labels = find_display_labels(store, {hit.iri for hit in hits}, language)
        of = find_kinds(store, [hit.iri for hit in hits], language)
        columns = [Column(name, label, list=name == "kinds") for name, label in KINDS.items()]
        records = [(Thing(hit.iri, labels[hit.iri]), tuple(of.get(hit.iri, ())), hit.name) for hit in hits]
        return Table(self.store, columns, records, title=text, language=language)

    @retry_if_damaged
    def resolve_citation(self, address: str, releases: Sequence[str | Path] = (), *, lang: str | None = None) -> CitedAnswer:
        """Answers a citation again, from this data or from a release: the same bytes as when it was made.

        Args:
            address: the address, as in :attr:`Answer.citation`; what follows ``cite/`` is enough.
            releases: releases, and folders of releases, in which to look for the edition; if empty, those that the
                environment variable ``NEVKG_RELEASES`` names, else the current folder.
            lang: the language of labels; that of the graph if None.

        Raises:
            WrongUsage: if it is no address, or its question, a parameter or a value does not exist.
            CouldNotRun: if the edition is not here, or its release is damaged.
        """
        return resolve_citation(address, self.store, find_places(releases), self._language(lang))

    def questions(self, tag: str | None = None, *, lang: str | None = None) -> Table:
        """Returns the catalogue, one row per question, with its parameters; only questions with ``tag`` if given."""
        language = self._language(lang)
        columns = [Column(name, label, list=name == "parameters") for name, label in labels_of("api.questions").items()]
        records = [
            (question.name, question.title[language], tuple(parameter.name for parameter in question.parameters) or None, question.topic)
            for question in load_catalogue(self.store.layout).find(tag)
        ]
        return Table(self.store, columns, records, title="questions", language=language)

    def graphs(self, *, lang: str | None = None) -> Table:
        """Returns the projections that :meth:`graph` accepts, one row each, with their parameters."""
        from nevkg.network import load_projections

        language = self._language(lang)
        columns = [Column("projection", {}), Column("title", {}), Column("parameters", {}, list=True)]
        records = [
            (name, projection.question.title[language], tuple(parameter.name for parameter in projection.question.parameters) or None)
            for name, projection in load_projections(self.store.layout).projections.items()
        ]
        return Table(self.store, columns, records, title="graphs", language=language)

    @retry_if_damaged
    def graph(
        self,
        projection: str,
        *,
        as_of: str | None = None,
        lang: str | None = None,
        weight: str = "weight",
        depth: int = 1,
        limit: int | None = None,
        **parameters: object,
    ) -> Network:
        """Returns a network of entities.

        Args:
            projection: the name of the projection; :meth:`graphs` lists them.
            as_of: the day that the network is for (ISO or ``today``); that of the graph if None.
            lang: the language of labels; that of the graph if None.
            weight: the column of edges that holds their weights; an edge without a value has weight 1.
            depth: the number of steps, for a projection that expands from node to node.
            limit: the maximum number of nodes of such a projection; a step that would exceed it is not taken.
            parameters: the parameters of the projection, as for :meth:`ask`.
        """
        from nevkg.network import load_projections
        from nevkg.network.project import project

        given = arguments.format_values(parameters)
        day = self._day(as_of, load_projections(self.store.layout)[projection].question, given)
        language = self._language(lang)
        return project(self.store, projection, given, as_of=day, language=language, weight=weight, depth=depth, limit=limit)

    @retry_if_damaged
    def path(
        self,
        start: Value,
        end: Value,
        *,
        projection: str = "neighbourhood",
        longest: int | None = None,
        limit: int = 10,
        avoid: Sequence[Value] = (),
        as_of: str | None = None,
        lang: str | None = None,
        **parameters: object,
    ) -> Table:
        """Finds how two entities are connected; one row per step, which reads ``subject relation object``.

        Args:
            start: the entity at one end.
            end: the entity at the other end.
            projection: the projection in which to search.
            longest: the maximum number of steps of the simple paths to return; only the shortest paths if None.
            limit: the maximum number of paths.
            avoid: entities through which no path may lead.
            as_of: the day that the projection is for (ISO or ``today``); that of the graph if None.
            lang: the language of labels; that of the graph if None.
            parameters: the parameters of the projection, as for :meth:`ask`.
        """
        from nevkg.network import load_projections
        from nevkg.network.analysis import find_paths
        from nevkg.network.project import project_between

        first, last = (self.resolve(name) for name in (start, end))
        excluded = [self.resolve(name) for name in avoid]
        given = arguments.format_values(parameters)
        day = self._day(as_of, load_projections(self.store.layout)[projection].question, given)
        network = project_between(
            self.store, projection, first, last, given, as_of=day, language=self._language(lang), longest=longest, avoid=excluded
        )
        return find_paths(network, first, last, longest=longest, limit=limit, avoid=excluded)

    @retry_if_damaged
    def measures(
        self,
        projection: str,
        *,
        onto: Literal["subject", "object"] | None = None,
        as_of: str | None = None,
        lang: str | None = None,
        weight: str = "weight",
        depth: int = 1,
        limit: int | None = None,
        **parameters: object,
    ) -> Table:
        """Returns degree, strength, betweenness, component and community of each node, the most connected first.

        Args:
            projection: the name of the projection; :meth:`graphs` lists them.
            onto: the side to measure in the bipartite projection, whose nodes are linked if they share a node of the
                other side; None for the whole network.
            as_of: the day that the network is for (ISO or ``today``); that of the graph if None.
            lang: the language of labels; that of the graph if None.
            weight: the column of edges that holds their weights; an edge without a value has weight 1.
            depth: the number of steps, for a projection that expands from node to node.
            limit: the maximum number of nodes of such a projection; a step that would exceed it is not taken.
            parameters: the parameters of the projection, as for :meth:`ask`.
        """
        from nevkg.network.analysis import measure_nodes

        network = self.graph(projection, as_of=as_of, lang=lang, weight=weight, depth=depth, limit=limit, **parameters)
        return measure_nodes(network.onto(onto) if onto else network)

    @retry_if_damaged
    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Returns the whole graph: entities are nodes, triples between them are edges keyed by property, literals are attributes."""
        from nevkg.store.convert import as_networkx

        return as_networkx(self._embedded())

    def to_rdflib(self) -> rdflib.Dataset:
        """Returns a read-only rdflib dataset over the same store, whose default graph is the union of all graphs."""
        from nevkg.store.convert import as_rdflib

        return as_rdflib(self.store)

    def to_owlready(self) -> Any:
        """Returns an owlready2 world with the ontology, the vocabularies, the registry and the current view."""
        from nevkg.validate.owl import build_world

        return build_world(self._embedded())

    async def in_thread(self, call: Callable[P, T], *values: P.args, **named: P.kwargs) -> T:
        """Runs a method of this graph without blocking the event loop: ``await kg.in_thread(kg.ask, "companies")``."""
        return await asyncio.to_thread(call, *values, **named)

    def __repr__(self) -> str:
        return f"<nevkg {entities.version(self.store)}, {self.store.identity}, as of {self.as_of}>"

    def _day(self, given: str | None, question: Question, parameters: Mapping[str, object]) -> str | None:
        """Returns the day for a question: the given one, else that of this graph if the question is about a day."""
        if given:
            return str(given)
        is_about_a_day = AS_OF in {parameter.name for parameter in question.parameters}
        return self.day if is_about_a_day and AS_OF not in parameters else None

    def _language(self, lang: str | None) -> str:
        if lang is not None and lang not in terms.LANGUAGES:
            raise WrongUsage(f"There are no labels in '{lang}'; choose from {', '.join(terms.LANGUAGES)}.")
        return lang or self.language

    def _embedded(self) -> EmbeddedStore:
        if not isinstance(self.store, EmbeddedStore):
            raise WrongUsage("The whole graph can only be converted from a local store; open it without the address of a server.")
        return self.store


def open_graph(source: str | Path | None, as_of: str | None, known_by: str | None, lang: str) -> KnowledgeGraph:
    """Opens the graph; see :func:`nevkg.open`."""
    place = str(source) if source is not None else ""
    if is_address(place) or is_store(Path(place)) or (place and look_up_release(place)):
        store = open_location(place, Layout.find())
    else:
        store = open_store(Layout.find(Path(source) if source is not None else None))
    return KnowledgeGraph(store, lang).at(as_of, known_by)
