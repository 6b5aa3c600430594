"""The knowledge graph, opened: what can be done with it in Python."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from nevkg.ask import answer, arguments, days
from nevkg.ask.answer import Answer
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.dossier import gather
from nevkg.ask.portrait import Portrait
from nevkg.ask.views import View, on_a_sound_store
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store, open_store
from nevkg.store.embedded import is_store
from nevkg.store.locate import is_address, open_at
from nevkg.table.columns import Column
from nevkg.table.table import Table
from nevkg.table.values import Thing, Value

if TYPE_CHECKING:
    import networkx
    import rdflib

    from nevkg.network import Network

P = ParamSpec("P")
T = TypeVar("T")


class KnowledgeGraph(View):
    """The graph as of a day. Open it with :func:`nevkg.open`.

    Names of things are slugs (``byd-rayong``), prefixed names (``plant:byd-rayong``), IRIs, or labels in any language.
    """

    def __init__(self, store: Store, language: str = terms.LANGUAGES[0], day: str | None = None) -> None:
        """The graph in ``store``, with labels in ``language`` and as of ``day`` where a call names no other."""
        super().__init__(store, language, day)
        self._language(language)

    @on_a_sound_store
    def ask(self, question: str, *, as_of: str | None = None, lang: str | None = None, **parameters: object) -> Answer:
        """Answers a question of the catalogue.

        Args:
            question: its name; :meth:`questions` lists them.
            as_of: the day that the answer is for (ISO or ``today``).
            lang: ``en`` or ``zh``.
            parameters: values for the parameters of the question: texts, things, dates, numbers, several
                in a list, None for any. Names that Python keeps for itself take an underscore: ``class_``.

        Raises:
            WrongUsage: if the question, a parameter or a value is not known; the text names what is near.
        """
        asked = load_catalogue(self.store.layout)[question]
        given = arguments.words(parameters)
        return answer.ask(self.store, asked, given, as_of=self._day(as_of, asked, given), language=self._language(lang))

    @on_a_sound_store
    def show(self, entity: Value, *, as_of: str | None = None, lang: str | None = None) -> Portrait:
        """All that is known of a thing: statement by statement, with source and date, and the history that follows.

        Args:
            entity: the thing.
            as_of: the history has only what held on this day (ISO or ``today``); all of it if neither this nor the graph has a day.
            lang: ``en`` or ``zh``.
        """
        day = arguments.day(str(as_of)) if as_of else self.day
        found = gather(self.store, self.resolve(entity), self._language(lang), day)
        return Portrait(**vars(found))

    @on_a_sound_store
    def resolve(self, entity: Value, kind: str | None = None) -> str:
        """The IRI of the one thing that is meant.

        Args:
            entity: its name.
            kind: a class or vocabulary that it must belong to, such as ``nev:Source``.

        Raises:
            WrongUsage: if nothing or more than one thing is meant; the text lists candidates.
        """
        if isinstance(entity, Thing):
            return entity.iri
        if not isinstance(entity, str):
            raise WrongUsage(f"{entity!r} names no thing; give a name, an IRI or a thing from a table.")
        return entities.resolve(self.store, entity, terms.expand(kind, entities.namespaces(self.store)) if kind else None)

    @on_a_sound_store
    def search(self, text: str, limit: int = 20, *, lang: str | None = None) -> Table:
        """Things whose label, alias or identifier fits ``text``, in any language, best first."""
        from nevkg.lookup.search import KINDS, kinds, search

        store = days.view(self.store, self.day)
        hits = search(store, text, limit)
        language = self._language(lang)
        labels = answer.labelled(store, {hit.iri for hit in hits}, language)
        of = kinds(store, [hit.iri for hit in hits], language)
        columns = [Column(name, label, list=name == "kinds") for name, label in KINDS.items()]
        records = [(Thing(hit.iri, labels[hit.iri]), tuple(of.get(hit.iri, ())), hit.name) for hit in hits]
        return Table(self.store, columns, records, title=text, language=language)

    def questions(self, tag: str | None = None, *, lang: str | None = None) -> Table:
        """The catalogue: one row a question, with its parameters; ``tag`` chooses."""
        language = self._language(lang)
        chosen = [one for one in load_catalogue(self.store.layout).questions.values() if tag is None or tag in one.tags]
        columns = [
            Column("question", {"en": "question", "zh": "问题"}),
            Column("title", {"en": "title", "zh": "标题"}),
            Column("parameters", {"en": "parameters", "zh": "参数"}, list=True),
            Column("topic", {"en": "topic", "zh": "主题"}),
        ]
        records = [
            (one.name, one.title[language], tuple(parameter.name for parameter in one.parameters) or None, one.topic)
            for one in sorted(chosen, key=lambda one: (one.topic, one.name))
        ]
        return Table(self.store, columns, records, title="questions", language=language)

    def graphs(self, *, lang: str | None = None) -> Table:
        """The projections that :meth:`graph` draws, with their parameters."""
        from nevkg.network import load_projections

        language = self._language(lang)
        columns = [Column("projection", {}), Column("title", {}), Column("parameters", {}, list=True)]
        records = [
            (name, one.question.title[language], tuple(parameter.name for parameter in one.question.parameters) or None)
            for name, one in load_projections(self.store.layout).projections.items()
        ]
        return Table(self.store, columns, records, title="graphs", language=language)

    @on_a_sound_store
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
        """A network of things; :meth:`graphs` lists the projections.

        Args:
            projection: its name.
            as_of: the day that it is for.
            lang: of labels.
            weight: the column of edges that holds their weights; an edge in which it is not known weighs 1.
            depth: how many steps a projection that grows from node to node takes.
            limit: how many nodes such a projection may reach; a step that would go beyond is not taken.
            parameters: as for :meth:`ask`.
        """
        from nevkg.network import load_projections
        from nevkg.network.project import project

        given = arguments.words(parameters)
        day = self._day(as_of, load_projections(self.store.layout)[projection].question, given)
        language = self._language(lang)
        return project(self.store, projection, given, as_of=day, language=language, weight=weight, depth=depth, limit=limit)

    @on_a_sound_store
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
        """How two things are connected, one row a step, which reads ``subject relation object``.

        Args:
            start: a thing.
            end: another.
            projection: where to look.
            longest: of all simple paths, the greatest number of steps; only the shortest paths if None.
            limit: how many paths at the most.
            avoid: things through which no path may lead.
            as_of: the day that it is for.
            lang: of labels.
            parameters: of the projection, as for :meth:`ask`.
        """
        from nevkg.network import load_projections
        from nevkg.network.paths import paths
        from nevkg.network.project import project_between

        first, last = (self.resolve(one) for one in (start, end))
        without = [self.resolve(one) for one in avoid]
        given = arguments.words(parameters)
        day = self._day(as_of, load_projections(self.store.layout)[projection].question, given)
        network = project_between(
            self.store, projection, first, last, given, as_of=day, language=self._language(lang), longest=longest, avoid=without
        )
        return paths(network, first, last, longest=longest, limit=limit, avoid=without)

    @on_a_sound_store
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
        """Degree, strength, betweenness, component and community of each node, the most connected first.

        Args:
            projection: what to measure.
            onto: the side to keep, joined where it shares the other (the bipartite projection); None for the whole.
            as_of: the day that it is for.
            lang: of labels.
            weight: the column of edges that holds their weights.
            depth: how many steps a projection that grows from node to node takes.
            limit: how many nodes such a projection may reach.
            parameters: of the projection, as for :meth:`ask`.
        """
        from nevkg.network.measures import measures

        network = self.graph(projection, as_of=as_of, lang=lang, weight=weight, depth=depth, limit=limit, **parameters)
        return measures(network.onto(onto) if onto else network)

    @on_a_sound_store
    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The whole graph: things are nodes, triples between them edges keyed by property, literals attributes."""
        from nevkg.store.convert import as_networkx

        return as_networkx(self._embedded())

    def to_rdflib(self) -> rdflib.Dataset:
        """An rdflib dataset over the same store, read-only, whose default graph is the union of all graphs."""
        from nevkg.store.convert import as_rdflib

        return as_rdflib(self.store)

    def to_owlready(self) -> Any:
        """An owlready2 world with the ontology, the vocabularies, the registry and the current view."""
        from nevkg.validate.owl import world

        return world(self._embedded())

    async def in_thread(self, call: Callable[P, T], *values: P.args, **named: P.kwargs) -> T:
        """Runs a method of this graph without blocking the event loop: ``await kg.in_thread(kg.ask, "companies")``."""
        return await asyncio.to_thread(call, *values, **named)

    def __repr__(self) -> str:
        return f"<nevkg {entities.version(self.store)}, {self.store.identity}, as of {self.as_of}>"

    def _day(self, given: str | None, question: Question, parameters: Mapping[str, object]) -> str | None:
        """The day that a question is asked for: the one that is given, else that of this graph if the question is about a day."""
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
            raise WrongUsage("The whole graph is only at hand on this machine; open it without the address of a store.")
        return self.store


def open_graph(source: str | Path | None, as_of: str | None, known_by: str | None, lang: str) -> KnowledgeGraph:
    """See :func:`nevkg.open`."""
    place = str(source) if source is not None else ""
    if is_address(place) or is_store(Path(place)):
        store = open_at(place, Layout.find())
    else:
        store = open_store(Layout.find(Path(source) if source is not None else None))
    return KnowledgeGraph(store, lang).at(as_of, known_by)
