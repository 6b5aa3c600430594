"""Tasks of workers for entities: search, dossiers, cards, evidence, explanations and coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from nevkg.ask import days, profile, solutions
from nevkg.ask.card import CardField, QuestionLink, read_card
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.profile import portray
from nevkg.data import terms
from nevkg.data.rdf import serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import api_queries, descriptions, entities, search, sources
from nevkg.lookup.statements import find_outcomes
from nevkg.serve.api import results
from nevkg.serve.api.operation import ENTITY_FORMATS, file_reply
from nevkg.serve.api.question_jobs import dataset
from nevkg.serve.api.results import PagedTask
from nevkg.serve.jobs import Reply, Task, json_reply
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.table import formats

_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = (_OWL + "Class", terms.SKOS + "ConceptScheme")


@dataclass(frozen=True, kw_only=True)
class SearchEntities(Task):
    """The search for entities."""

    q: str
    kind: str | None = None
    as_of: str | None = None
    limit: int
    lang: str

    def run(self, store: Store) -> Reply:
        """Searches entities by name."""
        store = days.view(store, self.as_of)
        among = set(entities.instances(store, _kind(store, self.kind))) if self.kind is not None else None
        hits = search.search(store, self.q, self.limit, among)
        iris = [hit.iri for hit in hits]
        labels, kinds = find_display_labels(store, iris, self.lang), search.find_kinds(store, iris, self.lang) if iris else {}
        spaces = entities.namespaces(store)
        found = [
            {
                "iri": hit.iri,
                "name": terms.shorten(hit.iri, spaces),
                "label": labels[hit.iri],
                "kinds": kinds.get(hit.iri, []),
                "matched": hit.name,
            }
            for hit in hits
        ]
        return json_reply({"q": self.q, "hits": found})


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
class DescribeEntity(PagedTask):
    """An entity, by its IRI or name, or by the two parts of its short name."""

    iri: str | None = None
    kind: str | None = None
    slug: str | None = None
    as_of: str | None = None
    lang: str
    format: str

    def run(self, store: Store) -> Reply:
        """Returns everything known about an entity."""
        try:
            iri = entities.resolve(store, self.iri or f"{self.kind}:{self.slug}")
        except WrongUsage as error:
            raise Problem(404, str(error)) from None
        format_name = self.format
        spaces = entities.namespaces(store)
        short = terms.shorten(iri, spaces)
        file_name = short.replace(":", "-").replace("/", "-") if short != iri else "thing"
        if format_name == "turtle":
            return file_reply(
                file_name,
                format_name,
                ENTITY_FORMATS[format_name],
                serialise(profile.triples(store, iri, self.as_of), "turtle", spaces),
            )
        found = profile.gather(store, iri, self.lang, self.as_of)
        if format_name != "json":
            return file_reply(file_name, format_name, ENTITY_FORMATS[format_name], portray(found, format_name).encode())
        page = self.page(len(found.said))
        part = replace(found, said=tuple(page.of(found.said)))
        return json_reply({"name": short, **page.to_json(), **asdict(part)}, page.headers)


@dataclass(frozen=True, kw_only=True)
class ShowEvidence(PagedTask):
    """The statements behind cells, nodes or edges."""

    iri: Sequence[str]
    as_of: str | None = None
    lang: str

    def run(self, store: Store) -> Reply:
        """Returns the statements behind a cell, a node or an edge, and others on the same subject and property."""
        iris = [results.read_iri(store, word) for word in self.iri]
        roles: dict[str, str] = {}
        about: dict[str, str] = {}
        for row in api_queries.rows(store, "evidence", {"asked": iris}):
            statement, role = (terms.text(term) for term in (row["statement"], row["role"]) if term)
            # A statement that is behind one IRI may be beside another; 'behind' sorts first.
            roles[statement] = min(role, roles.get(statement, role))
            if row["episode"]:
                about[terms.text(row["episode"])] = api_queries.text(row["about"])
        iris_in_order = sorted(roles, key=lambda statement: (roles[statement], statement))
        page = self.page(len(iris_in_order))
        shown = page.of(iris_in_order)
        part = statements(store, shown, self.lang)
        snapshot = days.snapshot(store, self.as_of or entities.dataset_date(store))
        episodes = descriptions.describe_episodes(store, about, self.lang, snapshot) if about else {}
        outcomes = find_outcomes(store, snapshot, shown)
        standings = {iri: outcome.standing for iri, outcome in outcomes.items() if outcome.is_current}
        names = results.Names(store, [*about.values(), *(known.iri for known in standings.values())], self.lang)

        source_iris = {statement["source"] for statement in part}

        def support(iri: str) -> dict[str, Any]:
            known = standings.get(iri)
            return {"standing": names.thing(known.iri) if known else None, "witnesses": known.witnesses if known else 0}

        return json_reply(
            {
                "asked": iris,
                **page.to_json(),
                "statements": [{"role": roles[statement["iri"]], **statement, **support(statement["iri"])} for statement in part],
                "episodes": [{"iri": iri, "subject": names.thing(about[iri]), **asdict(spell)} for iri, spell in episodes.items()],
                "sources": [vars(source) for source in sources.describe_sources(store, source_iris, self.lang)],
            },
            page.headers,
        )


@dataclass(frozen=True, kw_only=True)
class ExplainRow(Task):
    """The explanation of a row of a query."""

    query: str
    row: int
    column: str | None = None
    as_of: str | None = None
    reliable: bool
    lang: str

    def run(self, store: Store) -> Reply:
        """Returns the explanation of a row of a query."""
        found = solutions.select(store, self.query, self.as_of, self.lang)
        found = found.with_reliable_sources() if self.reliable else found
        return json_reply(found.explain(self.row - 1, self.column).to_dict())


@dataclass(frozen=True, kw_only=True)
class ExplainEmptiness(Task):
    """Why a query has no rows."""

    query: str
    as_of: str | None = None
    lang: str

    def run(self, store: Store) -> Reply:
        """Returns why a query has no rows; null if it has rows."""
        found = solutions.select(store, self.query, self.as_of, self.lang).reason
        return json_reply({"reason": found.to_json() if found else None})


def statements(store: Store, iris: Iterable[str], language: str) -> list[dict[str, Any]]:
    """Returns statements in words, each with its facts and its passages in the text of the source."""
    wanted = list(iris)
    if not wanted:
        return []
    words = descriptions.describe(store, wanted, language)
    rows = api_queries.rows(store, "facts", {"statement": wanted})
    rows.sort(key=lambda row: [api_queries.text(row[name]) for name in ("property", "value")])
    names = results.Names(store, (term for row in rows for term in (row["property"], row["value"])), language)
    facts: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        values = facts.setdefault(api_queries.text(row["statement"]), {}).setdefault(api_queries.text(row["property"]), [])
        values.append(names.value(row["value"]))
    passages = descriptions.find_passages(store, wanted)
    return [
        {
            **asdict(words[iri]),
            "iri": iri,
            "facts": [{"property": names.thing(name), "values": values} for name, values in facts.get(iri, {}).items()],
            "passages": [vars(passage) for passage in passages.get(iri, ())],
            "report": entities.report_address(store, iri),
        }
        for iri in wanted
        if iri in words
    ]


@dataclass(frozen=True, kw_only=True)
class LocateEntities(PagedTask):
    """The coordinates of entities."""

    iri: Sequence[str] | None = None
    lang: str

    def run(self, store: Store) -> Reply:
        """Returns the coordinates of entities."""
        iris = {"thing": [results.read_iri(store, word) for word in self.iri]} if self.iri is not None else {}
        rows = api_queries.rows(store, "places", iris)
        page = self.page(len(rows))
        part = page.of(rows)
        names = results.Names(store, (term for row in part for term in row.values()), self.lang)
        found = [
            {
                **names.thing(api_queries.text(row["thing"])),
                "latitude": float(api_queries.text(row["latitude"])),
                "longitude": float(api_queries.text(row["longitude"])),
                "at": names.value(row["at"]),
                "precision": names.value(row["precision"]),
            }
            for row in part
        ]
        return json_reply({**page.to_json(), "places": found}, page.headers)


@dataclass(frozen=True, kw_only=True)
class ShowCard(Task):
    """The card of an entity."""

    iri: str
    as_of: str | None = None
    lang: str

    def run(self, store: Store) -> Reply:
        """Returns the card of an entity."""
        try:
            iri = entities.resolve(store, self.iri)
        except WrongUsage as error:
            raise Problem(404, str(error)) from None
        found = read_card(store, iri, self.lang, self.as_of)
        return json_reply(
            {
                "iri": iri,
                "name": found.name,
                "label": found.label,
                "kinds": found.kinds,
                "called": found.called,
                "card": found.file,
                "asOf": found.as_of,
                "dataset": dataset(store),
                "fields": [_field(field) for field in found.fields],
                "missing": found.missing,
                "sections": [_link(link) for link in found.sections],
            }
        )


def _field(field: CardField) -> dict[str, Any]:
    values = [
        {"value": formats.to_json_value(value.value), "fact": asdict(value.spell) if value.spell else None, "evidence": value.evidence}
        for value in field.values
    ]
    made = {"name": field.name, "label": field.label, "values": values}
    if field.count is None:
        return made
    parts = [
        {"label": label, "values": [{"value": formats.to_json_value(value), "count": count} for value, count in several]}
        for label, several in field.count.parts
    ]
    return {**made, "count": {"total": field.count.total, "parts": parts, **_link(field.count.link)}}


def _link(link: QuestionLink) -> dict[str, Any]:
    return {
        "question": link.question,
        "title": link.title,
        "parameters": link.given,
        "hasDay": link.has_day,
        "view": link.view,
        "sort": link.sort,
        "columns": link.columns,
    }
