"""Entity profiles: all statements about one entity, its history and the sources, and how they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from pyoxigraph import Triple

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.descriptions import EpisodeDescription, StatementDescription, word_episodes, word_statements
from nevkg.lookup.labels import Names, names_of
from nevkg.lookup.sources import Source, gather_evidence
from nevkg.lookup.statements import first, nev, read_properties, read_triples
from nevkg.store import Store
from nevkg.view import FORMATS, Part, episode_line, report_part, statement_line
from nevkg.words import words_of

_LABELS, _ALIASES = map(terms.format_path, (terms.LABELS, terms.ALIASES))


@dataclass(frozen=True)
class Portrait:
    """Everything known about an entity: labels, statements, history and sources. It is printed as text, and as HTML in a notebook.

    Attributes:
        iri: its IRI.
        labels: its labels and aliases.
        types: the labels of its classes.
        said: the statements that mention it.
        history: its episodes.
        sources: the sources in the order of their numbers.
        language: the language of texts.
    """

    iri: str
    labels: tuple[str, ...]
    types: tuple[str, ...]
    said: tuple[StatementDescription, ...]
    history: tuple[EpisodeDescription, ...]
    sources: tuple[Source, ...]
    language: str

    def __str__(self) -> str:
        return portray(self, "text")

    def __repr__(self) -> str:
        return str(self).rstrip("\n")

    def _repr_html_(self) -> str:
        return portray(self, "section")


def gather(store: Store, iri: str, language: str, day: str | None = None) -> Portrait:
    """Collects the profile of an entity from all statements that mention it.

    Args:
        day: restricts the history to what held on this day (ISO); if None, the whole history, with its standing on the
            date of the dataset.
    """
    statements = read_properties(
        store,
        f"""{{ SELECT DISTINCT ?thing WHERE {{
          {{ ?thing ?anyProperty <{iri}> }} UNION {{ BIND(<{iri}> AS ?thing) }} ?thing nev:source ?source }} }}""",
    )
    episodes = read_properties(store, f"?thing nev:subject <{iri}> ; a nev:Episode .")
    snapshot = days.snapshot(store, day or entities.dataset_date(store)) if episodes else None
    names = Names(store, language)
    said = [
        replace(statement.describe(), subject="") if first(statements[name], nev("subject")) == iri else statement.describe()
        for name, statement in word_statements(names, statements).items()
    ]
    history = word_episodes(names, episodes, snapshot).values()
    own = entities.rows(
        days.view(store, day),
        f"""SELECT ?type ?label ?isAlias WHERE {{
          {{ <{iri}> rdf:type ?type FILTER NOT EXISTS {{ ?type nev:isRole true }} }}
          UNION {{ <{iri}> {_LABELS} ?label }} UNION {{ <{iri}> {_ALIASES} ?label BIND(true AS ?isAlias) }}
        }} ORDER BY ?type ?isAlias ?label""",
    )
    names.learn(names_of(row["type"] for row in own if "type" in row))
    return Portrait(
        iri=iri,
        labels=tuple(dict.fromkeys(row["label"] for row in own if "label" in row)),
        types=tuple(dict.fromkeys(names.thing(row["type"]).text for row in own if "type" in row)),
        said=tuple(sorted(said, key=lambda statement: (statement.property, statement.when, statement.value, statement.iri))),
        history=tuple(episode.describe() for episode in history if not day or episode.holds(day)),
        sources=tuple(gather_evidence(store, statements, language).sources) if statements else (),
        language=language,
    )


def triples(store: Store, iri: str, day: str | None = None) -> list[Triple]:
    """Returns the triples of an entity and of what mentions it; with a day, those of its snapshot and of its facts, plans and reports."""
    chosen = f"""{{ BIND(<{iri}> AS ?thing) }} UNION {{ ?thing ?names <{iri}> ; nev:source ?source }}
        UNION {{ ?thing nev:subject <{iri}> ; a nev:Episode }}"""
    if day:
        store = days.snapshot(store, day)
        chosen = f"{{ BIND(<{iri}> AS ?thing) }} UNION {{ <{iri}> nev:fact|nev:plan|nev:reported ?thing }}"
    return read_triples(store, chosen)


_WORDS = words_of("ask.profile")


def portray(found: Portrait, format_name: str, report: str | None = None) -> str:
    """Formats a profile in one of ``FORMATS``; with the ids of statements, unless ``report``, the address for wrong facts, is None."""
    return "\n".join(FORMATS[format_name](_whole(found, _WORDS[found.language], report))).rstrip() + "\n"


def _whole(found: Portrait, words: Mapping[str, str], report: str | None) -> Part:
    whole = Part(" · ".join(found.labels) or found.iri, [found.iri, ", ".join(found.types)])
    if found.history:
        whole.parts.append(Part(words["history"], [episode_line(spell, found.language) for spell in found.history]))
    numbers = {source.iri: number for number, source in enumerate(found.sources, start=1)}
    if found.said:
        disputed = {spell.property for spell in found.history if spell.is_disputed}
        said = Part(words["said"])
        for name, members in groupby(found.said, key=lambda statement: statement.property):
            title = f"{name} ({words['disputed']})" if name in disputed else name
            lines = (
                statement_line(statement, found.language, f" [{numbers.get(statement.source, '?')}]", ids=report is not None)
                for statement in members
            )
            said.parts.append(Part(title, list(lines)))
        whole.parts.append(said)
    if found.sources:
        whole.parts.append(Part(words["sources"], [f"[{numbers[source.iri]}] {source}" for source in found.sources]))
    if report is not None:
        whole.parts.append(report_part(report, found.language))
    return whole
