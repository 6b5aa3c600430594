"""The pages of entities: cards, facts, history, statements and narrower concepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nevkg.ask import days
from nevkg.ask.card import Card, read_card
from nevkg.data import terms
from nevkg.data.json_values import to_json_value
from nevkg.lookup.descriptions import Episode, word_episodes, word_figure
from nevkg.lookup.labels import LinkedText, in_language, names_of
from nevkg.lookup.passages import find_passages
from nevkg.lookup.statements import Properties, first, nev, read_properties, read_properties_of
from nevkg.serve.pages import mentions
from nevkg.serve.pages.claims import sort_mentions, topics
from nevkg.serve.pages.home import feeds_of
from nevkg.serve.pages.mentions import Mention
from nevkg.serve.pages.render import PageNames, count_pages

_BROADER = terms.SKOS + "broader"
_DEFINITION = terms.SKOS + "definition"


@dataclass
class ConceptNode:
    """A concept with its narrower concepts."""

    concept: LinkedText
    definition: LinkedText | None
    below: list[ConceptNode] = field(default_factory=list)


def tree(names: PageNames, scheme: str) -> list[ConceptNode]:
    """Returns the top concepts of a vocabulary, each with the concepts below it."""
    found = read_properties(names.store, f"?thing <{terms.SKOS}inScheme> <{scheme}> .")
    names.learn(names_of(found))
    order = sorted(found, key=lambda iri: (names.thing(iri).text.casefold(), iri))
    nodes = {iri: _node(names, iri, found[iri]) for iri in order}
    below: dict[str, list[str]] = {iri: [] for iri in order}
    for iri in order:
        for broader in _broader(found[iri], nodes):
            below[broader].append(iri)
    roots = []
    placed: set[str] = set()
    # Concepts in a cycle have no root above them, but are still included.
    for iri in sorted(order, key=lambda concept: bool(_broader(found[concept], nodes))):
        if iri not in placed:
            roots.append(nodes[iri])
            _attach_narrower(iri, below, nodes, placed)
    return roots


def _attach_narrower(iri: str, below: dict[str, list[str]], nodes: dict[str, ConceptNode], placed: set[str]) -> None:
    """Attaches the narrower concepts to a concept; each concept is placed once."""
    placed.add(iri)
    for other in below[iri]:
        if other not in placed:
            nodes[iri].below.append(nodes[other])
            _attach_narrower(other, below, nodes, placed)


def _broader(of: Properties, nodes: dict[str, ConceptNode]) -> list[str]:
    return [broader for term in of.get(_BROADER, []) if (broader := terms.text(term)) in nodes]


def _node(names: PageNames, iri: str, of: Properties) -> ConceptNode:
    definitions = in_language(of.get(_DEFINITION, []), names.language)
    return ConceptNode(names.thing(iri), names.render(definitions[0]) if definitions else None)


@dataclass(frozen=True)
class Section:
    """A part of a page: the template macro that renders it, its heading (a key of the texts), and its content."""

    kind: str
    title: str
    content: object


def _link_questions(names: PageNames, card: Card) -> Section:
    """Returns the questions with the entity filled in; their pages keep the day that the address requests."""
    links = (LinkedText(link.title, "", names.links.to(f"/questions/{link.question}", link.parameters)) for link in card.sections)
    return Section("links", "more", list(links))


# Statements on one page.
PAGE = 100
_TYPE = terms.RDF + "type"
_SCHEME = terms.SKOS + "ConceptScheme"
_EPISODE, _SOURCE = nev("Episode"), nev("Source")
_NAMES = {*terms.LABELS, *terms.ALIASES, _TYPE, _DEFINITION}


@dataclass(frozen=True)
class ThingPage:
    """The content of a page.

    Attributes:
        title: title in pieces, such as subject, property and value of a statement.
        called: other labels and aliases.
        card: what matters for its class; None for a statement and on further pages.
        number: page number, from 1.
    """

    iri: str
    title: tuple[LinkedText, ...]
    kinds: Sequence[LinkedText]
    called: Sequence[LinkedText]
    definition: LinkedText | None
    feeds: Sequence[LinkedText]
    card: Card | None
    sections: Sequence[Section]
    number: int
    pages: int

    @property
    def part(self) -> Mapping[str, object]:
        """What the script of the page needs to answer the questions about the entity."""
        return {"iri": self.iri, "links": to_json_value(self.card.sections if self.card else ())}


def thing(names: PageNames, iri: str, day: str, page: int) -> ThingPage:
    """Returns the content of a page of one of our IRIs.

    Args:
        iri: an IRI that the store has triples about.
        day: ISO date of the page; if the address requests it, facts that began later are left out.
        page: page number, from 1.
    """
    requested_day = names.links.day
    then = read_properties_of(days.view(names.store, requested_day), [iri]).get(iri)
    own = then or read_properties_of(names.store, [iri]).get(iri, {})
    names.learn([*(term for values in own.values() for term in values), *names_of([iri, *own])])
    kinds = {terms.text(term) for term in own.get(_TYPE, [])}
    schemes = {terms.text(term) for term in own.get(terms.SKOS + "inScheme", [])}
    is_statement = nev("source") in own or _EPISODE in kinds
    roles = mentions.count_roles(names.store, iri)
    found = [] if is_statement else sort_mentions(names, mentions.find_mentions(names.store, iri, roles), _SOURCE in kinds)
    pages = count_pages(len(found), PAGE, page, "here")
    shown = found[(page - 1) * PAGE : page * PAGE]
    made = (
        _statement_sections(names, iri, own, day)
        if is_statement
        else _entity_sections(names, iri, own, roles if page == 1 else None, shown, day)
    )
    card = None if is_statement or page > 1 else read_card(names.store, iri, names.language, requested_day)
    definitions = in_language(own.get(_DEFINITION, []), names.language)
    return ThingPage(
        iri=iri,
        title=_statement_title(names, own) if is_statement else (_title(names, iri, own),),
        kinds=[names.thing(kind) for kind in sorted(kinds)],
        called=_other_names(names, iri, own),
        definition=names.render(definitions[0]) if definitions else None,
        feeds=feeds_of(names.store.layout, names.links, names.language, names.short(iri), kinds | schemes),
        card=card,
        sections=[section for section in (*([_link_questions(names, card)] if card and card.card else ()), *made) if section.content],
        number=page,
        pages=pages,
    )


def _entity_sections(
    names: PageNames, iri: str, own: Properties, roles: Mapping[str, int] | None, found: Sequence[Mention], day: str
) -> Iterator[Section]:
    """Yields the sections of an entity: history, statements, references. Only the statements if ``roles`` is None (page 2 and later)."""
    store = names.store
    kinds = {terms.text(term) for term in own.get(_TYPE, [])}
    episodes = read_properties(store, f"?thing nev:subject <{iri}> ; a nev:Episode .")
    is_source = _SOURCE in kinds
    if roles is not None:
        history = [episode for episode in _history(names, episodes, day) if episode.began <= day]
        yield Section("episodes", "now", [episode for episode in history if episode.holds(day)])
        yield Section("episodes", "before", [episode for episode in history if not episode.holds(day)])
        yield Section("tree", "concepts", tree(names, iri) if _SCHEME in kinds else [])
    shown = topics(names, found, day, is_source)
    yield Section("topics", "says" if is_source else "said", [topic for topic in shown if topic.role is None])
    yield Section("topics", "named", [topic for topic in shown if topic.role is not None])
    if roles is not None:
        yield Section("facts", "facts", _facts(names, own, episodes))
        yield Section("pointers", "pointers", _pointers(names, iri, roles) if _SCHEME not in kinds else [])
        yield Section(
            "facts", "manner", [(names.thing(role), [LinkedText(f"{roles[role]:,}")]) for role in sorted(mentions.MANNERS & roles.keys())]
        )


def _statement_sections(names: PageNames, iri: str, own: Properties, day: str) -> Iterator[Section]:
    """Yields the sections of a statement or episode: its facts, what it derives from or leads to, and other statements on the same."""
    store = names.store
    yield Section("facts", "facts", _facts(names, own, {}))
    following = read_properties(store, f"?thing prov:wasDerivedFrom <{iri}> ; a nev:Episode .")
    yield Section("episodes", "follows", _history(names, following, day))
    passages = find_passages(store, [iri], names.language).get(iri, ())
    yield Section("passages", "passage", [(names.thing(passage.iri), passage) for passage in passages])
    subject, topic = first(own, nev("subject")), first(own, nev("property"))
    behind = {terms.text(term) for term in own.get(terms.PROV + "wasDerivedFrom", [])}
    same = (
        [mention for mention in mentions.find_mentions(store, subject, [nev("subject")]) if mention.topic == topic]
        if subject and topic
        else []
    )
    support = sort_mentions(names, mentions.find_mentions_of_statements(store, behind))
    # Those that state its value come first, as in the evidence that the API returns.
    yield Section("topics", "behind", topics(names, sorted(support, key=lambda mention: mention.topic != topic), day))
    others = [mention for mention in same if mention.statement not in {iri, *behind}]
    yield Section("topics", "others", topics(names, sort_mentions(names, others)[:PAGE], day))
    yield Section("pointers", "pointers", _pointers(names, iri, mentions.count_roles(store, iri)))


def _history(names: PageNames, read: Mapping[str, Properties], day: str) -> list[Episode]:
    """Returns episodes in words, those that hold on a day first, then by property and time."""

    def place(episode: Episode) -> tuple[bool, str, str, str, str]:
        value = " ".join(map(str, episode.value))
        return not episode.holds(day), episode.property.text.casefold(), episode.began, value, episode.iri

    return sorted(word_episodes(names, read, days.snapshot(names.store, day) if read else None).values(), key=place)


def _title(names: PageNames, iri: str, own: Properties) -> LinkedText:
    """Returns the label, else the title, else the prefixed name."""
    titles = in_language(own.get(terms.DCTERMS + "title", []), names.language)
    shown = names.render(titles[0]) if titles and not names.label(iri) else names.thing(iri)
    return LinkedText(shown.text, shown.language)


def _statement_title(names: PageNames, own: Properties) -> tuple[LinkedText, ...]:
    """Returns subject, property and value of a statement or episode."""
    topic = own.get(nev("property")) or own.get(_TYPE, [])
    number = word_figure(names, own, first(own, nev("number")) or first(own, nev("low")), first(own, nev("high")))
    said = number or tuple(names.render(term) for term in own.get(nev("value"), []))
    return (*(names.render(term) for term in (*own.get(nev("subject"), [])[:1], *topic[:1])), *said)


def _other_names(names: PageNames, iri: str, own: Properties) -> list[LinkedText]:
    """Returns labels in other languages, then aliases; each text once."""
    known = names.label(iri)
    found = [names.render(term) for name in (*terms.LABELS, *terms.ALIASES) for term in own.get(name, [])]
    return [text for text in dict.fromkeys(found) if known is None or text.text != known.value]


def _facts(names: PageNames, own: Properties, episodes: Mapping[str, Properties]) -> list[tuple[LinkedText, list[LinkedText]]]:
    """Returns properties with their values, except those that the history shows."""
    in_history = {
        (first(of, nev("property")), terms.text(value))
        for of in episodes.values()
        for name in ("value", "low", "high")
        for value in of.get(nev(name), [])
    }
    names.learn(names_of(own))
    made = []
    for name, values in own.items():
        rest = [value for value in in_language(values, names.language) if (name, terms.text(value)) not in in_history]
        if rest and name not in _NAMES:
            made.append((names.thing(name), sorted((names.render(value) for value in rest), key=lambda text: text.text.casefold())))
    return sorted(made, key=lambda row: row[0].text.casefold())


def _pointers(names: PageNames, iri: str, roles: Mapping[str, int]) -> list[tuple[LinkedText, list[LinkedText]]]:
    """Returns the entities that refer to this one, by property."""
    found = mentions.find_pointers(names.store, iri, roles)
    names.learn(names_of(iri for pair in found for iri in pair))
    made = [
        (names.thing(role), sorted((names.thing(other) for _, other in group), key=lambda name: name.text.casefold()))
        for role, group in groupby(found, key=lambda pair: pair[0])
    ]
    return sorted(made, key=lambda row: row[0].text.casefold())
