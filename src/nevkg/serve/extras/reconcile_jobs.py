"""Tasks of workers of the reconciliation service: candidates, values of properties, suggestions, the manifest and the preview."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pyoxigraph import Literal, NamedNode

from nevkg.ask import arguments, days
from nevkg.ask.card import read_card
from nevkg.ask.card_files import load_cards
from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import api_queries, entities, reconciliation, search
from nevkg.lookup.reconciliation import Candidate, EntityValue, Value
from nevkg.serve.jobs import Reply, Task, json_reply
from nevkg.serve.pages.address import DATASET, ONTOLOGY
from nevkg.serve.pages.render import PageTask, View, page, static_files
from nevkg.serve.problem import Problem, unknown_name
from nevkg.store import Store
from nevkg.store.memo import memoise
from nevkg.words import words_of

# Queries in one request. A query takes some hundredths of a second.
MOST_QUERIES = 50
# The setting of a property with the day of its values.
DAY = "as_of"


@dataclass(frozen=True)
class Property:
    """A property: its IRI, the classes whose entities have it, and the classes or datatypes of its values."""

    iri: str
    types: Sequence[str]
    ranges: Sequence[str]


def identifier(iri: str) -> str:
    """Returns the identifier of an entity."""
    return iri.removeprefix(terms.BASE)


def find_entity(store: Store, text: str) -> str | None:
    """Returns the IRI of the entity with an identifier, a short name or an IRI; None if there is none."""
    word = text if "/" not in text or ":" in text else terms.BASE + text
    if ":" not in word or any(character.isspace() for character in word):
        return None
    try:
        iri = entities.resolve(store, word)
    except WrongUsage:
        return None
    return iri if iri in find_entities(store) else None


@memoise
def find_types(store: Store) -> list[str]:
    """Returns the IRIs of the types: classes with named entities, their superclasses, and vocabularies."""
    types = {row["type"] for row in api_queries.texts(store, "reconciliation-types")}
    return sorted(kind for kind in entities.with_superclasses(store, types) if kind in types or kind.startswith(terms.NEV))


@memoise
def find_entities(store: Store) -> frozenset[str]:
    """Returns the IRIs of all entities that have a name."""
    names = {iri for iri, _ in search.names(store) if iri.startswith(terms.BASE) and not iri.startswith(ONTOLOGY)}
    return frozenset(names - set(find_types(store)))


@memoise
def find_properties(store: Store) -> Mapping[str, Property]:
    """Returns the properties by IRI."""
    snapshot = days.snapshot(store, entities.dataset_date(store))
    types: dict[str, set[str]] = {}
    ranges: dict[str, set[str]] = {}
    for row in api_queries.texts(snapshot, "reconciliation-properties"):
        types.setdefault(row["property"], set()).update(entities.with_superclasses(store, [row["type"]]))
        ranges.setdefault(row["property"], set()).add(row["range"])
    return {iri: Property(iri, sorted(types[iri]), sorted(ranges[iri])) for iri in sorted(types)}


def choose_term(store: Store, text: str, known: Iterable[str], what: str) -> str:
    """Returns the IRI of a type or property, given by short name or IRI; ``Problem`` 400, which names ``what``, if there is none."""
    known, spaces = list(known), entities.namespaces(store)
    try:
        iri = terms.expand(text, spaces)
    except WrongUsage as error:
        raise Problem(400, str(error)) from None
    if iri in known:
        return iri
    raise unknown_name(what, text, (terms.shorten(iri, spaces) for iri in known), status=400)


def describe_terms(store: Store, iris: Iterable[str], language: str) -> dict[str, dict[str, str]]:
    """Returns each type or property as an object with short name and label."""
    wanted, spaces = list(iris), entities.namespaces(store)
    labels = find_display_labels(store, wanted, language)
    return {iri: {"id": terms.shorten(iri, spaces), "name": labels[iri]} for iri in wanted}


def find_members(store: Store, names: Sequence[str], of_all: bool = False) -> Collection[str]:
    """Returns the entities of one of the types, or ``of_all``; all entities without types. ``Problem`` 400 if there is no such type."""
    if not names:
        return find_entities(store)
    types = [choose_term(store, name, find_types(store), "type") for name in names]
    members = [set(entities.instances(store, kind)) for kind in types]
    return set.intersection(*members) if of_all else set.union(*members)


@dataclass(frozen=True)
class KnownProperty:
    """A property of the entity that is searched for: texts, numbers or booleans, or ``{"id": …}`` for an entity."""

    pid: str
    values: Sequence[Any]


@dataclass(frozen=True)
class NameQuery:
    """A name to match.

    Attributes:
        name: the name; may be empty if there are properties.
        types: types of the entities.
        of_all: whether they must be of all types, not of one.
        properties: what is known of the entity.
    """

    name: str
    types: Sequence[str]
    of_all: bool
    limit: int
    properties: Sequence[KnownProperty]


@dataclass(frozen=True)
class MatchNames(Task):
    """Matches the names in a table with entities: the queries of a batch, by their keys."""

    queries: Mapping[str, NameQuery]
    language: str

    def run(self, store: Store) -> Reply:
        """Returns the candidates for each query; raises ``Problem`` (400) if a type or property is unknown."""
        snapshot = days.snapshot(store, entities.dataset_date(store))
        found = {key: _match(store, snapshot, query) for key, query in self.queries.items()}
        described = describe_entities(store, {candidate.iri for several in found.values() for candidate in several}, self.language)
        spaces = entities.namespaces(store)
        return json_reply(
            {
                key: {
                    "result": [
                        {
                            **described[candidate.iri],
                            "score": candidate.score,
                            "match": number == 0 and reconciliation.is_certain(several),
                            "features": [
                                *([] if candidate.of_name is None else [{"id": "name", "value": candidate.of_name}]),
                                *({"id": terms.shorten(name, spaces), "value": agrees} for name, agrees in candidate.agrees.items()),
                            ],
                        }
                        for number, candidate in enumerate(several)
                    ][: self.queries[key].limit]
                }
                for key, several in found.items()
            }
        )


def _match(store: Store, snapshot: Store, query: NameQuery) -> list[Candidate]:
    """Returns the candidates of a query, and one more, so that a match is certain whatever the limit."""
    properties: dict[str, list[Value]] = {}
    for known in query.properties:
        name = choose_term(store, known.pid, find_properties(store), "property")
        properties.setdefault(name, []).extend(_read_value(store, value) for value in known.values)
    among = find_members(store, query.types, query.of_all)
    if (iri := find_entity(store, query.name)) and iri in among:
        return [Candidate(iri, reconciliation.SURE, reconciliation.SURE)]
    return reconciliation.match(store, snapshot, query.name, properties, among, query.limit + 1)


def _read_value(store: Store, value: Any) -> Value:
    if isinstance(value, Mapping):
        return EntityValue(find_entity(store, value["id"]) or terms.BASE + value["id"])
    read: Value = value
    return read


def describe_entities(store: Store, iris: Iterable[str], language: str) -> dict[str, dict[str, Any]]:
    """Returns entities with identifier, name and types."""
    wanted = sorted(iris)
    labels = find_display_labels(store, wanted, language)
    classes = search.find_classes(store, wanted) if wanted else {}
    types = describe_terms(store, {kind for kinds in classes.values() for kind in kinds}, language)
    return {iri: {"id": identifier(iri), "name": labels[iri], "type": [types[kind] for kind in classes.get(iri, [])]} for iri in wanted}


_INTEGERS = {terms.XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")}
_NUMBERS = {terms.XSD + name for name in ("decimal", "double", "float")}


@dataclass(frozen=True)
class WantedProperty:
    """A property whose values are wanted, on a day (ISO; empty for the date of the dataset)."""

    id: str
    day: str


@dataclass(frozen=True)
class ReadProperties(Task):
    """The values of properties of entities, which are named by their identifiers. An unknown entity has no values."""

    ids: Sequence[str]
    properties: Sequence[WantedProperty]
    language: str

    def run(self, store: Store) -> Reply:
        """Returns the values; raises ``Problem`` (400) if a property is unknown, or a day is invalid."""
        language, known = self.language, find_properties(store)
        iris = {name: find_entity(store, name) for name in self.ids}
        chosen = {wanted.id: choose_term(store, wanted.id, known, "property") for wanted in self.properties}
        values: dict[str, Mapping[str, Sequence[terms.Term]]] = {}
        for wanted in self.properties:
            snapshot = days.snapshot(store, _read_day(wanted) or entities.dataset_date(store))
            values[wanted.id] = reconciliation.find_values(snapshot, [chosen[wanted.id]])[chosen[wanted.id]]
        cells = {name: {pid: values[pid].get(iri or "", ()) for pid in chosen} for name, iri in iris.items()}
        named = {terms.text(term) for row in cells.values() for several in row.values() for term in several}
        labels = find_display_labels(store, named, language)
        described, types = describe_terms(store, chosen.values(), language), find_types(store)

        def meta(pid: str, iri: str) -> dict[str, Any]:
            ranges = [*describe_terms(store, [kind for kind in known[iri].ranges if kind in types], language).values()]
            return {"id": pid, "name": described[iri]["name"], **({"type": ranges[0]} if ranges else {})}

        return json_reply(
            {
                "meta": [meta(pid, iri) for pid, iri in chosen.items()],
                "rows": {
                    name: {pid: [_to_value(term, labels) for term in several] for pid, several in row.items()}
                    for name, row in cells.items()
                },
            }
        )


def _read_day(wanted: WantedProperty) -> str | None:
    if not wanted.day:
        return None
    try:
        return arguments.day(wanted.day.strip())
    except WrongUsage as error:
        raise Problem(400, f"{DAY}: {error}") from None


def _to_value(term: terms.Term, labels: Mapping[str, str]) -> dict[str, Any]:
    """Converts a term to an entity, a number, a day or a text; days of less precision, and IRIs of others, are texts."""
    text = terms.text(term)
    if isinstance(term, NamedNode) and text.startswith(terms.BASE):
        return {"id": identifier(text), "name": labels[text]}
    kind = term.datatype.value if isinstance(term, Literal) else ""
    if kind in _INTEGERS:
        return {"int": int(text)}
    if kind in _NUMBERS:
        return {"float": float(text)}
    if kind == terms.XSD + "date":
        return {"date": f"{text}T00:00:00Z"}
    return {"str": text}


_SUGGESTIONS = 20


@dataclass(frozen=True)
class Suggest(Task):
    """Completes what a user types.

    Attributes:
        what: ``entity``, ``type`` or ``property``.
        prefix: what the user has typed.
        cursor: number of suggestions to skip.
        type: types of the entities; None for any.
    """

    what: str
    prefix: str
    cursor: int
    type: Sequence[str] | None
    language: str

    def run(self, store: Store) -> Reply:
        """Returns the suggestions."""
        prefix, start, language = self.prefix.strip(), self.cursor, self.language
        end = start + _SUGGESTIONS
        if self.what == "entity":
            among = find_members(store, [kind for kind in self.type or () if kind])
            known = find_entity(store, prefix)
            iris = [known] if known and known in among else [hit.iri for hit in search.search(store, prefix, end, among)]
            shown = iris[start:end]
            described = describe_entities(store, shown, language)
            return json_reply({"result": [_suggestion(described[iri]) for iri in shown]})
        among = find_types(store) if self.what == "type" else [*find_properties(store)]
        iri = _expand(store, prefix)
        iris = (
            sorted(among)
            if not prefix
            else [iri]
            if iri and iri in among
            else [hit.iri for hit in search.search(store, prefix, end, among)]
        )
        shown = iris[start:end]
        described = describe_terms(store, shown, language)
        if self.what == "type":
            return json_reply({"result": [{**described[iri], "broader": _broader(store, iri, among, language)} for iri in shown]})
        return json_reply({"result": [{**described[iri], "description": _owners(store, iri, language)} for iri in shown]})


def _suggestion(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": entity["id"],
        "name": entity["name"],
        "description": ", ".join(kind["name"] for kind in entity["type"]),
        "notable": entity["type"],
    }


def _expand(store: Store, text: str) -> str | None:
    try:
        return terms.expand(text, entities.namespaces(store))
    except WrongUsage:
        return None


def _broader(store: Store, kind: str, among: Collection[str], language: str) -> list[dict[str, str]]:
    return [*describe_terms(store, [above for above in entities.classes_above(store, kind) if above in among], language).values()]


def _owners(store: Store, iri: str, language: str) -> str:
    """Returns the labels of the classes whose entities have a property."""
    types = find_properties(store)[iri].types
    return ", ".join(kind["name"] for kind in describe_terms(store, types, language).values())


@dataclass(frozen=True)
class ProposeProperties(Task):
    """Proposes properties of the entities of a type.

    Attributes:
        type: short name or IRI, empty for all types.
        limit: maximum number of properties; None for any.
    """

    type: str
    limit: int | None
    language: str

    def run(self, store: Store) -> Reply:
        """Returns the properties; raises ``Problem`` (400) if there is no such type."""
        known = find_properties(store).values()
        kind = choose_term(store, self.type, find_types(store), "type") if self.type else None
        found = [known_property.iri for known_property in known if kind is None or kind in known_property.types][: self.limit]
        limit = {} if self.limit is None else {"limit": self.limit}
        return json_reply({"type": self.type, "properties": [*describe_terms(store, found, self.language).values()], **limit})


_VERSIONS = ["0.2"]
_WIDTH, _HEIGHT = 420, 300
_WORDS = words_of("serve.extras.reconcile_jobs")


@dataclass(frozen=True)
class DescribeReconciliation(Task):
    """The manifest of the service, in which clients find what it offers.

    Attributes:
        base: the address of the server, with a slash at the end.
        path: the path of the service, such as ``reconcile``.
    """

    base: str
    path: str
    language: str

    def run(self, store: Store) -> Reply:
        """Returns the manifest."""
        base, path, language = self.base, self.path, self.language
        types = find_types(store)
        usual = [kind for file in load_cards(store.layout) for kind in file.classes if kind in types]
        icon = next(name for name, file in static_files().items() if file.original == "icon.svg")
        words = _WORDS[language]

        def service(name: str) -> dict[str, str]:
            return {"service_url": base.rstrip("/"), "service_path": f"/{path}/{name}"}

        return json_reply(
            {
                "versions": _VERSIONS,
                "name": find_display_labels(store, [DATASET], language)[DATASET],
                "identifierSpace": terms.BASE,
                "schemaSpace": terms.NEV,
                "documentation": f"{base}dataset?lang={language}",
                "logo": f"{base}static/{icon}",
                "serviceVersion": version("nevkg"),
                "defaultTypes": [*describe_terms(store, usual, language).values()],
                "view": {"url": f"{base}{{{{id}}}}"},
                "preview": {"url": f"{base}{path}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
                "suggest": {name: service(f"suggest/{name}") for name in ("entity", "type", "property")},
                "extend": {
                    "propose_properties": service("properties"),
                    "property_settings": [
                        {"name": DAY, "label": words["label"], "type": "text", "default": "", "help_text": words["help"]},
                    ],
                },
                "batchSize": MOST_QUERIES,
            }
        )


@dataclass(frozen=True)
class PreviewEntity(PageTask):
    """The preview of the entity with an identifier: a small page for a frame of another site. ``Problem`` 404 if there is none."""

    id: str

    def _render(self, store: Store, view: View) -> bytes:
        iri = find_entity(store, self.id)
        if iri is None:
            raise Problem(404, f"There is no entity '{self.id[:80]}'.")
        card = read_card(store, iri, view.language)
        return page("preview", view, card=card, address=view.links.of(iri))
