"""Tasks of workers for entities: search, dossiers, cards, evidence, explanations and coordinates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from nevkg.ask import card, days, profile, solutions
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.profile import portray
from nevkg.data import terms
from nevkg.data.rdf import serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import api_queries, descriptions, entities, search, sources
from nevkg.lookup.passages import find_passages
from nevkg.lookup.statements import find_outcomes
from nevkg.serve.api import results
from nevkg.serve.api.question_jobs import dataset
from nevkg.serve.api.responses import Card, EmptinessReason, Entity, Episode, Evidence, Hit, Hits, Place, Places, Role, Statement
from nevkg.serve.api.results import PagedTask, file_reply
from nevkg.serve.jobs import Reply, Task, json_reply
from nevkg.serve.parameter import RELIABLE, Day, DayOrAll, Lang, count, day, entity, limit, text
from nevkg.serve.problem import not_found
from nevkg.store import Store

_OWL = "http://www.w3.org/2002/07/owl#"
_ROLES = ("behind", "stage", "beside")
_KINDS = (_OWL + "Class", terms.SKOS + "ConceptScheme")


@dataclass(frozen=True, kw_only=True)
class SearchEntities(Task):
    """Entities by name, alias or identifier, best match first.

    Case, accents and small typing errors are ignored.
    """

    q: Annotated[str, text("A name or part of a name, in any language.", required=True)]
    kind: Annotated[str | None, text("Only entities of this class or vocabulary.")] = None
    as_of: DayOrAll = None
    lang: Lang
    limit: Annotated[int, count("Maximum number of results.", most=200, default=20)]

    def run(self, store: Store) -> Reply:
        """Searches entities by name."""
        store = days.view(store, self.as_of)
        among = set(entities.instances(store, _kind(store, self.kind))) if self.kind is not None else None
        hits = search.search(store, self.q, self.limit, among)
        iris = [hit.iri for hit in hits]
        labels, kinds = find_display_labels(store, iris, self.lang), search.find_kinds(store, iris, self.lang) if iris else {}
        spaces = entities.namespaces(store)
        found: list[Hit] = [
            {
                "iri": hit.iri,
                "name": terms.shorten(hit.iri, spaces),
                "label": labels[hit.iri],
                "kinds": kinds.get(hit.iri, []),
                "matched": hit.name,
            }
            for hit in hits
        ]
        return json_reply(Hits(q=self.q, hits=found))


def _kind(store: Store, text: str) -> str:
    """Returns the IRI of a class or vocabulary by its name; raises WrongUsage if there is none."""
    problems = []
    for kind in _KINDS:
        try:
            return entities.resolve(store, text, kind)
        except WrongUsage as error:
            problems.append(str(error))
    raise WrongUsage(f"kind: {problems[0]}")


@dataclass(frozen=True, kw_only=True)
class _DescribeEntity(PagedTask):
    as_of: DayOrAll = None
    lang: Lang
    limit: Annotated[int, limit(1000, 10_000)]
    format: str

    def describe(self, store: Store, word: str) -> Reply:
        """Returns everything known about the entity with an IRI or name."""
        iri = _find_entity(store, word)
        spaces = entities.namespaces(store)
        short = terms.shorten(iri, spaces)
        file_name = short.replace(":", "-").replace("/", "-") if short != iri else "thing"
        if self.format == "turtle":
            return file_reply(file_name, self.format, serialise(profile.triples(store, iri, self.as_of), self.format, spaces))
        found = profile.gather(store, iri, self.lang, self.as_of)
        if self.format != "json":
            return file_reply(file_name, self.format, portray(found, self.format).encode())
        page = self.page(len(found.said))
        part = replace(found, said=tuple(page.of(found.said)))
        return json_reply(Entity(**vars(part), name=short, **page.members), page.headers)


def _find_entity(store: Store, word: str) -> str:
    """Returns the IRI of an entity; ``Problem`` 404 if there is none."""
    with not_found():
        return entities.resolve(store, word)


@dataclass(frozen=True, kw_only=True)
class DescribeEntity(_DescribeEntity):
    """Everything known about an entity, statement by statement.

    Statements, the history derived from them, and the sources, in words; in Turtle the triples.
    """

    iri: Annotated[str, entity("The entity", required=True)]

    def run(self, store: Store) -> Reply:
        """Returns everything known about an entity."""
        return self.describe(store, self.iri)


@dataclass(frozen=True, kw_only=True)
class DescribeEntityByName(_DescribeEntity):
    """Everything known about an entity, by its short name."""

    kind: Annotated[str, "The prefix of the short name."]
    slug: Annotated[str, "The rest of the short name."]

    def run(self, store: Store) -> Reply:
        """Returns everything known about an entity."""
        return self.describe(store, f"{self.kind}:{self.slug}")


@dataclass(frozen=True, kw_only=True)
class ShowEvidence(PagedTask):
    """The statements behind a cell, a node or an edge.

    Answers and graphs name the evidence of each cell and edge. This returns the statements behind it (`behind`), and other statements
    on the same subject and property: of undisputed values, such as earlier stages (`stage`), and others (`beside`), each with its
    source, its facts and its passage in the text.
    """

    iri: Annotated[Sequence[str], text("A statement, an episode, or the subject of statements.", many=True, required=True)]
    as_of: Annotated[str | None, day("The day of the standings; by default the date of the dataset.")] = None
    lang: Lang
    limit: Annotated[int, limit(1000, 10_000)]

    def run(self, store: Store) -> Reply:
        """Returns the statements behind a cell, a node or an edge, and others on the same subject and property."""
        iris = [results.read_iri(store, word) for word in self.iri]
        roles: dict[str, Role] = {}
        exact, by_day = set[str](), dict[str, str]()
        about: dict[str, str] = {}
        for row in api_queries.rows(store, "evidence", {"asked": iris}):
            statement, role = (terms.text(term) for term in (row["statement"], row["role"]) if term)
            # A statement that is behind one IRI may be beside another.
            roles[statement] = min(role, roles.get(statement, role), key=_ROLES.index)
            by_day[statement] = api_queries.text(row["day"])
            if api_queries.text(row["exact"]) == "true":
                exact.add(statement)
            if row["episode"]:
                about[terms.text(row["episode"])] = api_queries.text(row["about"])
        newest_first = sorted(sorted(roles), key=by_day.__getitem__, reverse=True)
        iris_in_order = sorted(newest_first, key=lambda statement: (_ROLES.index(roles[statement]), statement not in exact))
        page = self.page(len(iris_in_order))
        shown = page.of(iris_in_order)
        snapshot = days.snapshot(store, self.as_of or entities.dataset_date(store))
        episodes = descriptions.describe_episodes(store, about, self.lang, snapshot) if about else {}
        part = _statements(store, roles, exact, shown, snapshot, self.lang)
        names = results.Names(store, about.values(), self.lang)
        body: Evidence = {
            "asked": iris,
            **page.members,
            "statements": part,
            "episodes": [Episode(**vars(spell), iri=iri, subject=names.thing(about[iri])) for iri, spell in episodes.items()],
            "sources": sources.describe_sources(store, {statement.source for statement in part}, self.lang),
        }
        return json_reply(body, page.headers)


def _statements(
    store: Store, roles: Mapping[str, Role], exact: Collection[str], iris: Sequence[str], snapshot: Store, language: str
) -> list[Statement]:
    """Returns statements in words, each with its facts, its passages in the text of the source, and its standing in a snapshot."""
    if not iris:
        return []
    words = descriptions.describe(store, iris, language)
    rows = api_queries.rows(store, "facts", {"statement": iris})
    rows.sort(key=lambda row: [api_queries.text(row[name]) for name in ("property", "value")])
    outcomes = find_outcomes(store, snapshot, iris)
    standings = {iri: outcome.standing for iri, outcome in outcomes.items() if outcome.is_current}
    named = (*(term for row in rows for term in (row["property"], row["value"])), *(known.iri for known in standings.values()))
    names = results.Names(store, named, language)
    facts: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        values = facts.setdefault(api_queries.text(row["statement"]), {}).setdefault(api_queries.text(row["property"]), [])
        values.append(names.value(row["value"]))
    passages = find_passages(store, iris, language)
    return [
        Statement(
            **vars(words[iri]),
            role=roles[iri],
            exact=iri in exact,
            facts=[{"property": names.thing(name), "values": values} for name, values in facts.get(iri, {}).items()],
            passages=passages.get(iri, ()),
            report=entities.report_address(store, iri),
            standing=names.thing(standings[iri].iri) if iri in standings else None,
            witnesses=standings[iri].witnesses if iri in standings else 0,
        )
        for iri in iris
        if iri in words
    ]


@dataclass(frozen=True, kw_only=True)
class ExplainRow(Task):
    """The explanation of a row of a query on the snapshot of a day.

    The query is sent as for `/sparql`. For each cell: its facts, the facts and the rule from which they are derived, the statements
    and their sources. For a question send its `sparql` and its day (`asOf`).
    """

    query: str
    row: Annotated[int, count("The number of the row in the solutions, from 1.", most=10**6, default=1)]
    column: Annotated[str | None, text("Only this cell of the row.")] = None
    as_of: Day = None
    lang: Lang
    reliable: Annotated[bool, RELIABLE]

    def run(self, store: Store) -> Reply:
        """Returns the explanation of a row of a query."""
        found = solutions.select(store, self.query, self.as_of, self.lang)
        found = found.with_reliable_sources() if self.reliable else found
        return json_reply(found.explain(self.row - 1, self.column))


@dataclass(frozen=True, kw_only=True)
class ExplainEmptiness(Task):
    """Why a query on the snapshot of a day has no results.

    The query is sent as for `/sparql`. `reason` is null if there are rows.
    """

    query: str
    as_of: Day = None
    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns why a query has no rows; null if it has rows."""
        return json_reply(EmptinessReason(reason=solutions.select(store, self.query, self.as_of, self.lang).reason))


@dataclass(frozen=True, kw_only=True)
class LocateEntities(PagedTask):
    """The coordinates of entities.

    `at` is the place that has the coordinates: the entity itself, or the nearest enclosing place with known coordinates.
    """

    iri: Annotated[Sequence[str] | None, text("Only these entities.", many=True)] = None
    lang: Lang
    limit: Annotated[int, limit(10_000, 10_000)]

    def run(self, store: Store) -> Reply:
        """Returns the coordinates of entities."""
        iris = {"thing": [results.read_iri(store, word) for word in self.iri]} if self.iri is not None else {}
        rows = api_queries.rows(store, "places", iris)
        page = self.page(len(rows))
        part = page.of(rows)
        names = results.Names(store, (term for row in part for term in row.values()), self.lang)
        found: list[Place] = [
            {
                "iri": (iri := api_queries.text(row["thing"])),
                "label": names.thing(iri).label,
                "latitude": float(api_queries.text(row["latitude"])),
                "longitude": float(api_queries.text(row["longitude"])),
                "at": names.value(row["at"]),
                "precision": names.value(row["precision"]),
            }
            for row in part
        ]
        body: Places = {**page.members, "places": found}
        return json_reply(body, page.headers)


@dataclass(frozen=True, kw_only=True)
class ShowCard(Task):
    """The card of an entity: what matters for its class, and the questions that say more.

    Fields and questions come from the file of its class in `queries/cards/`. Each value has its evidence, and each number the question
    that counts it.
    """

    iri: Annotated[str, entity("The entity", required=True)]
    as_of: Day = None
    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns the card of an entity."""
        found = card.read_card(store, _find_entity(store, self.iri), self.lang, self.as_of)
        return json_reply(Card(**vars(found), dataset=dataset(store)))
