"""What the page of a name shows, whatever it stands for: a thing, a statement, an episode, a source, a concept, a vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from nevkg.ask import days
from nevkg.data import terms
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages import lookup
from nevkg.serve.pages.concepts import tree
from nevkg.serve.pages.episodes import figure, joined, spells
from nevkg.serve.pages.lookup import Facts, Mention, facts, facts_of, first, nev
from nevkg.serve.pages.statements import ordered, topics
from nevkg.serve.pages.terms import Names, Shown, names_of, spoken

# Statements on one page.
PAGE = 100
_TYPE = terms.RDF + "type"
_DEFINITION = terms.SKOS + "definition"
_SCHEME = terms.SKOS + "ConceptScheme"
_EPISODE, _SOURCE = nev("Episode"), nev("Source")
_NAMES = {*terms.LABELS, *terms.ALIASES, _TYPE, _DEFINITION}


@dataclass(frozen=True)
class Section:
    """A part of a page: how it is drawn (a macro of the template), its heading (a key of the words), and what it holds."""

    kind: str
    title: str
    content: object


@dataclass(frozen=True)
class Thing:
    """A page.

    Attributes:
        iri: the name.
        title: in pieces, such as subject, property and value of a statement.
        kinds: its classes.
        called: its other labels and aliases.
        definition: if it has one.
        sections: the parts.
        number: of the page, from 1.
        pages: how many there are.
    """

    iri: str
    title: tuple[Shown, ...]
    kinds: Sequence[Shown]
    called: Sequence[Shown]
    definition: Shown | None
    sections: Sequence[Section]
    number: int
    pages: int


def thing(names: Names, iri: str, day: str, page: int, asked_day: str | None = None) -> Thing:
    """What a page shows of one of our names.

    Args:
        names: puts terms into words.
        iri: of which the graph says something.
        day: that the page is for.
        page: its number, from 1.
        asked_day: the same if the address asks for it: the page then leaves out what began later.

    Raises:
        Problem: 404 if there is no such page.
    """
    then = facts_of(days.view(names.store, asked_day), [iri]).get(iri)
    own = then or facts_of(names.store, [iri]).get(iri, {})
    names.learn([*(term for values in own.values() for term in values), *names_of([iri, *own])])
    kinds = {terms.text(term) for term in own.get(_TYPE, [])}
    speaks = nev("source") in own or _EPISODE in kinds
    roles = lookup.roles(names.store, iri)
    found = [] if speaks else ordered(names, lookup.mentions(names.store, iri, roles), _SOURCE in kinds)
    pages = max(1, -(-len(found) // PAGE))
    if page > pages:
        raise Problem(404, f"There is no page {page} here; the last one is {pages}.")
    shown = found[(page - 1) * PAGE : page * PAGE]
    made = _of_a_word(names, iri, own, day) if speaks else _of_a_thing(names, iri, own, roles if page == 1 else None, shown, day)
    definitions = spoken(own.get(_DEFINITION, []), names.language)
    return Thing(
        iri=iri,
        title=_sentence(names, own) if speaks else (_title(names, iri, own),),
        kinds=[names.thing(kind) for kind in sorted(kinds)],
        called=_called(names, iri, own),
        definition=names.shown(definitions[0]) if definitions else None,
        sections=[section for section in made if section.content],
        number=page,
        pages=pages,
    )


def _of_a_thing(
    names: Names, iri: str, own: Facts, roles: Mapping[str, int] | None, found: Sequence[Mention], day: str
) -> Iterator[Section]:
    """History, statements and what names it; only the statements if ``roles`` is None, as on all pages but the first."""
    store = names.store
    kinds = {terms.text(term) for term in own.get(_TYPE, [])}
    episodes = facts(store, f"?thing nev:subject <{iri}> ; a nev:Episode .")
    is_source = _SOURCE in kinds
    if roles is not None:
        history = [one for one in spells(names, episodes, day) if one.began]
        yield Section("spells", "now", [one for one in history if one.holds])
        yield Section("facts", "facts", _facts(names, own, episodes))
        yield Section("tree", "concepts", tree(names, iri) if _SCHEME in kinds else [])
        yield Section("spells", "before", [one for one in history if not one.holds])
    shown = topics(names, found, day, is_source)
    yield Section("topics", "says" if is_source else "said", [one for one in shown if one.role is None])
    yield Section("topics", "named", [one for one in shown if one.role is not None])
    if roles is not None:
        yield Section("pointers", "pointers", _pointers(names, iri, roles) if _SCHEME not in kinds else [])
        yield Section(
            "facts", "manner", [(names.thing(role), [Shown(f"{roles[role]:,}")]) for role in sorted(lookup.MANNERS & roles.keys())]
        )


def _of_a_word(names: Names, iri: str, own: Facts, day: str) -> Iterator[Section]:
    """A statement or an episode: what it says, what rests on it or it rests on, and what others say of the same."""
    store = names.store
    yield Section("facts", "facts", _facts(names, own, {}))
    yield Section("spells", "follows", spells(names, facts(store, f"?thing prov:wasDerivedFrom <{iri}> ; a nev:Episode ."), day))
    yield Section("facts", "passage", _passages(names, own))
    subject, topic = first(own, nev("subject")), first(own, nev("property"))
    behind = {terms.text(term) for term in own.get(terms.PROV + "wasDerivedFrom", [])}
    same = [one for one in lookup.mentions(store, subject, [nev("subject")]) if one.topic == topic] if subject and topic else []
    yield Section("topics", "behind", topics(names, ordered(names, lookup.stated(store, behind)), day))
    others = [one for one in same if one.statement not in {iri, *behind}]
    yield Section("topics", "others", topics(names, ordered(names, others)[:PAGE], day))
    yield Section("pointers", "pointers", _pointers(names, iri, lookup.roles(store, iri)))


def _passages(names: Names, own: Facts) -> list[tuple[Shown, list[Shown]]]:
    """Where a statement stands: each passage with its start, end and digest."""
    found = facts_of(names.store, [terms.text(term) for term in own.get(nev("passage"), [])])
    return [
        (names.thing(iri), [Shown(f"{first(of, terms.OA + 'start')}–{first(of, terms.OA + 'end')}"), Shown(first(of, nev("sha256")))])
        for iri, of in found.items()
    ]


def _title(names: Names, iri: str, own: Facts) -> Shown:
    """The label, else the title, else the prefixed name."""
    titles = spoken(own.get(terms.DCTERMS + "title", []), names.language)
    shown = names.shown(titles[0]) if titles and not names.label(iri) else names.thing(iri)
    return Shown(shown.text, shown.language)


def _sentence(names: Names, own: Facts) -> tuple[Shown, ...]:
    """Subject, property and value of a statement or an episode."""
    topic = own.get(nev("property")) or own.get(_TYPE, [])
    number = figure(names, own, first(own, nev("number")) or first(own, nev("low")), first(own, nev("high")))
    said = (joined(number),) if number else tuple(names.shown(term) for term in own.get(nev("value"), []))
    return (*(names.shown(term) for term in (*own.get(nev("subject"), [])[:1], *topic[:1])), *said)


def _called(names: Names, iri: str, own: Facts) -> list[Shown]:
    """Labels in other languages, then aliases; each text once."""
    known = names.label(iri)
    found = [names.shown(term) for name in (*terms.LABELS, *terms.ALIASES) for term in own.get(name, [])]
    return [one for one in dict.fromkeys(found) if known is None or one.text != known.value]


def _facts(names: Names, own: Facts, episodes: Mapping[str, Facts]) -> list[tuple[Shown, list[Shown]]]:
    """Properties with their values; what the history shows is left out."""
    told = {
        (first(of, nev("property")), terms.text(value))
        for of in episodes.values()
        for name in ("value", "low", "high")
        for value in of.get(nev(name), [])
    }
    names.learn(names_of(own))
    made = []
    for name, values in own.items():
        rest = [value for value in spoken(values, names.language) if (name, terms.text(value)) not in told]
        if rest and name not in _NAMES:
            made.append((names.thing(name), sorted((names.shown(value) for value in rest), key=lambda one: one.text.casefold())))
    return sorted(made, key=lambda one: one[0].text.casefold())


def _pointers(names: Names, iri: str, roles: Mapping[str, int]) -> list[tuple[Shown, list[Shown]]]:
    """The things that name this one, by property."""
    found = lookup.pointers(names.store, iri, roles)
    names.learn(names_of(one for pair in found for one in pair))
    made = [
        (names.thing(role), sorted((names.thing(one) for _, one in group), key=lambda one: one.text.casefold()))
        for role, group in groupby(found, key=lambda pair: pair[0])
    ]
    return sorted(made, key=lambda one: one[0].text.casefold())
