"""The pages of entities: cards, facts, history, statements and narrower concepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nevkg.ask import days
from nevkg.ask.card import Card, CardField, CardValue, Link, read_card
from nevkg.data import terms
from nevkg.lookup.descriptions import DISPUTED, MARKS, format_interval
from nevkg.serve.pages import lookup
from nevkg.serve.pages.address import is_web_url
from nevkg.serve.pages.home import feeds_of
from nevkg.serve.pages.lookup import Facts, Mention, facts, facts_of, first, nev
from nevkg.serve.pages.statements import figure, join_pieces, sort_mentions, spells, topics
from nevkg.serve.pages.terms import LinkedText, Names, in_language, names_of
from nevkg.serve.problem import Problem
from nevkg.table.values import Thing

_BROADER = terms.SKOS + "broader"
_DEFINITION = terms.SKOS + "definition"


@dataclass
class Node:
    """A concept with its narrower concepts."""

    concept: LinkedText
    definition: LinkedText | None
    below: list[Node] = field(default_factory=list)


def tree(names: Names, scheme: str) -> list[Node]:
    """Returns the top concepts of a vocabulary, each with the concepts below it."""
    found = facts(names.store, f"?thing <{terms.SKOS}inScheme> <{scheme}> .")
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
    for iri in sorted(order, key=lambda one: bool(_broader(found[one], nodes))):
        if iri not in placed:
            roots.append(nodes[iri])
            _attach_narrower(iri, below, nodes, placed)
    return roots


def _attach_narrower(iri: str, below: dict[str, list[str]], nodes: dict[str, Node], placed: set[str]) -> None:
    """Attaches the narrower concepts to a concept; each concept is placed once."""
    placed.add(iri)
    for other in below[iri]:
        if other not in placed:
            nodes[iri].below.append(nodes[other])
            _attach_narrower(other, below, nodes, placed)


def _broader(of: Facts, nodes: dict[str, Node]) -> list[str]:
    return [broader for term in of.get(_BROADER, []) if (broader := terms.text(term)) in nodes]


def _node(names: Names, iri: str, of: Facts) -> Node:
    definitions = in_language(of.get(_DEFINITION, []), names.language)
    return Node(names.thing(iri), names.render(definitions[0]) if definitions else None)


@dataclass(frozen=True)
class Section:
    """A part of a page: the template macro that renders it, its heading (a key of the texts), and its content."""

    kind: str
    title: str
    content: object


@dataclass(frozen=True)
class Line:
    """A value of a field, or a number and its parts.

    Attributes:
        value: the value.
        since: the beginning; empty if unknown.
        notes: modality and scope, or the parts of the number.
        marks: which of ``disputed`` and ``inferred`` apply.
        standing: how well it is supported, in words; empty if unknown.
        witnesses: number of independent sources; 0 if unknown.
        evidence: address of the statement or episode that supports it; None if there is none.
    """

    value: LinkedText
    since: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    standing: str = ""
    witnesses: int = 0
    evidence: str | None = None


@dataclass(frozen=True)
class CardContent:
    """The fields of a card, each with its label and lines, and the labels of fields without a value."""

    fields: Sequence[tuple[str, Sequence[Line]]]
    missing: Sequence[str]


def card_sections(names: Names, card: Card) -> Iterator[Section]:
    """Yields the card, and the questions with the entity filled in."""
    if card.fields or card.missing:
        yield Section("card", "card", CardContent(card_fields(names, card), card.missing))
    yield Section("links", "more", [LinkedText(one.title, "", _address(names, one)) for one in card.sections])


def card_fields(names: Names, card: Card) -> list[tuple[str, Sequence[Line]]]:
    """Returns the label and the lines of each field."""
    return [(one.label, _lines(names, one)) for one in card.fields]


def _lines(names: Names, field: CardField) -> list[Line]:
    count = field.count
    if count is None:
        return [_line(names, one) for one in field.values]
    parts = (f"{label}: {' · '.join(f'{value} {number:,}' for value, number in several)}" for label, several in count.parts)
    return [Line(LinkedText(f"{count.total:,}", "", _address(names, count.link)), notes=tuple(parts))]


def _line(names: Names, one: CardValue) -> Line:
    spell = one.spell
    evidence = names.links.of(one.evidence[0]) if one.evidence else None
    if spell is None:
        return Line(_text(names, one.value), evidence=evidence)
    notes = tuple(mark for mark in spell.marks if mark not in MARKS)
    marks = tuple(mark for mark in MARKS if mark in spell.marks)
    standing = "" if DISPUTED in marks else spell.standing
    return Line(_text(names, one.value), format_interval(spell.since, names.language), notes, marks, standing, spell.witnesses, evidence)


def _text(names: Names, value: Thing | str) -> LinkedText:
    if isinstance(value, Thing):
        return LinkedText(value.label, "", names.links.of(value.iri))
    return LinkedText(value, "", value, is_outside=True) if is_web_url(value) else LinkedText(format_interval(value, names.language))


def _address(names: Names, link: Link) -> str:
    """Returns the address of the page of a question with its parameters; pages keep the day that the address requests."""
    return names.links.to(f"/questions/{link.question}", link.given)


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
        iri: the IRI.
        title: title in pieces, such as subject, property and value of a statement.
        kinds: classes.
        called: other labels and aliases.
        definition: definition; None if there is none.
        feeds: feeds about the entity.
        card: what matters for its class; None for a statement and on further pages.
        sections: parts of the page.
        number: page number, from 1.
        pages: number of pages.
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


def thing(names: Names, iri: str, day: str, page: int, requested_day: str | None = None) -> ThingPage:
    """Returns the content of a page of one of our IRIs.

    Args:
        names: labels of terms.
        iri: an IRI that the store has triples about.
        day: ISO date of the page.
        page: page number, from 1.
        requested_day: the same date if the address requests it; facts that began later are then left out.

    Raises:
        Problem: 404 if there is no such page.
    """
    then = facts_of(days.view(names.store, requested_day), [iri]).get(iri)
    own = then or facts_of(names.store, [iri]).get(iri, {})
    names.learn([*(term for values in own.values() for term in values), *names_of([iri, *own])])
    kinds = {terms.text(term) for term in own.get(_TYPE, [])}
    schemes = {terms.text(term) for term in own.get(terms.SKOS + "inScheme", [])}
    is_statement = nev("source") in own or _EPISODE in kinds
    roles = lookup.roles(names.store, iri)
    found = [] if is_statement else sort_mentions(names, lookup.mentions(names.store, iri, roles), _SOURCE in kinds)
    pages = max(1, -(-len(found) // PAGE))
    if page > pages:
        raise Problem(404, f"There is no page {page} here; the last one is {pages}.")
    shown = found[(page - 1) * PAGE : page * PAGE]
    made = (
        _statement_sections(names, iri, own, day)
        if is_statement
        else _entity_sections(names, iri, own, roles if page == 1 else None, shown, day)
    )
    card = None if is_statement or page > 1 else read_card(names.store, iri, names.language, requested_day)
    cards = card_sections(names, card) if card and card.file else ()
    definitions = in_language(own.get(_DEFINITION, []), names.language)
    return ThingPage(
        iri=iri,
        title=_statement_title(names, own) if is_statement else (_title(names, iri, own),),
        kinds=[names.thing(kind) for kind in sorted(kinds)],
        called=_other_names(names, iri, own),
        definition=names.render(definitions[0]) if definitions else None,
        feeds=feeds_of(names.store.layout, names.links, names.language, names.short(iri), kinds | schemes),
        card=card,
        sections=[section for section in (*cards, *made) if section.content],
        number=page,
        pages=pages,
    )


def _entity_sections(
    names: Names, iri: str, own: Facts, roles: Mapping[str, int] | None, found: Sequence[Mention], day: str
) -> Iterator[Section]:
    """Yields the sections of an entity: history, statements, references. Only the statements if ``roles`` is None (page 2 and later)."""
    store = names.store
    kinds = {terms.text(term) for term in own.get(_TYPE, [])}
    episodes = facts(store, f"?thing nev:subject <{iri}> ; a nev:Episode .")
    is_source = _SOURCE in kinds
    if roles is not None:
        history = [one for one in spells(names, episodes, day) if one.began]
        yield Section("spells", "now", [one for one in history if one.holds])
        yield Section("spells", "before", [one for one in history if not one.holds])
        yield Section("tree", "concepts", tree(names, iri) if _SCHEME in kinds else [])
    shown = topics(names, found, day, is_source)
    yield Section("topics", "says" if is_source else "said", [one for one in shown if one.role is None])
    yield Section("topics", "named", [one for one in shown if one.role is not None])
    if roles is not None:
        yield Section("facts", "facts", _facts(names, own, episodes))
        yield Section("pointers", "pointers", _pointers(names, iri, roles) if _SCHEME not in kinds else [])
        yield Section(
            "facts", "manner", [(names.thing(role), [LinkedText(f"{roles[role]:,}")]) for role in sorted(lookup.MANNERS & roles.keys())]
        )


def _statement_sections(names: Names, iri: str, own: Facts, day: str) -> Iterator[Section]:
    """Yields the sections of a statement or episode: its facts, what it derives from or leads to, and other statements on the same."""
    store = names.store
    yield Section("facts", "facts", _facts(names, own, {}))
    yield Section("spells", "follows", spells(names, facts(store, f"?thing prov:wasDerivedFrom <{iri}> ; a nev:Episode ."), day))
    yield Section("facts", "passage", _passages(names, own))
    subject, topic = first(own, nev("subject")), first(own, nev("property"))
    behind = {terms.text(term) for term in own.get(terms.PROV + "wasDerivedFrom", [])}
    same = [one for one in lookup.mentions(store, subject, [nev("subject")]) if one.topic == topic] if subject and topic else []
    yield Section("topics", "behind", topics(names, sort_mentions(names, lookup.mentions_of_statements(store, behind)), day))
    others = [one for one in same if one.statement not in {iri, *behind}]
    yield Section("topics", "others", topics(names, sort_mentions(names, others)[:PAGE], day))
    yield Section("pointers", "pointers", _pointers(names, iri, lookup.roles(store, iri)))


def _passages(names: Names, own: Facts) -> list[tuple[LinkedText, list[LinkedText]]]:
    """Returns the passages of a statement, each with its start, end and digest."""
    found = facts_of(names.store, [terms.text(term) for term in own.get(nev("passage"), [])])
    return [
        (
            names.thing(iri),
            [LinkedText(f"{first(of, terms.OA + 'start')}–{first(of, terms.OA + 'end')}"), LinkedText(first(of, nev("sha256")))],
        )
        for iri, of in found.items()
    ]


def _title(names: Names, iri: str, own: Facts) -> LinkedText:
    """Returns the label, else the title, else the prefixed name."""
    titles = in_language(own.get(terms.DCTERMS + "title", []), names.language)
    shown = names.render(titles[0]) if titles and not names.label(iri) else names.thing(iri)
    return LinkedText(shown.text, shown.language)


def _statement_title(names: Names, own: Facts) -> tuple[LinkedText, ...]:
    """Returns subject, property and value of a statement or episode."""
    topic = own.get(nev("property")) or own.get(_TYPE, [])
    number = figure(names, own, first(own, nev("number")) or first(own, nev("low")), first(own, nev("high")))
    said = (join_pieces(number),) if number else tuple(names.render(term) for term in own.get(nev("value"), []))
    return (*(names.render(term) for term in (*own.get(nev("subject"), [])[:1], *topic[:1])), *said)


def _other_names(names: Names, iri: str, own: Facts) -> list[LinkedText]:
    """Returns labels in other languages, then aliases; each text once."""
    known = names.label(iri)
    found = [names.render(term) for name in (*terms.LABELS, *terms.ALIASES) for term in own.get(name, [])]
    return [one for one in dict.fromkeys(found) if known is None or one.text != known.value]


def _facts(names: Names, own: Facts, episodes: Mapping[str, Facts]) -> list[tuple[LinkedText, list[LinkedText]]]:
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
            made.append((names.thing(name), sorted((names.render(value) for value in rest), key=lambda one: one.text.casefold())))
    return sorted(made, key=lambda one: one[0].text.casefold())


def _pointers(names: Names, iri: str, roles: Mapping[str, int]) -> list[tuple[LinkedText, list[LinkedText]]]:
    """Returns the entities that refer to this one, by property."""
    found = lookup.pointers(names.store, iri, roles)
    names.learn(names_of(one for pair in found for one in pair))
    made = [
        (names.thing(role), sorted((names.thing(one) for _, one in group), key=lambda one: one.text.casefold()))
        for role, group in groupby(found, key=lambda pair: pair[0])
    ]
    return sorted(made, key=lambda one: one[0].text.casefold())
