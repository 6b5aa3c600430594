"""Entity profiles: all statements about one entity, its history and the sources, and how they are printed."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from pyoxigraph import QueryTriples, Triple

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.descriptions import (
    DISPUTED,
    EpisodeDescription,
    StatementDescription,
    collect_values,
    describe_episode,
    describe_statements,
    format_interval,
    make_namer,
)
from nevkg.lookup.sources import Source, find_sources, format_source
from nevkg.lookup.statements import EPISODE, add_standings, read_episodes, read_statements
from nevkg.store import Store

_PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX rdf: <{terms.RDF}>"
_LABELS, _ALIASES = ("|".join(f"<{name}>" for name in names) for names in (terms.LABELS, terms.ALIASES))


@dataclass(frozen=True)
class EntityProfile:
    """An entity with its labels, the statements about it, its history, and the sources in the order of their numbers."""

    iri: str
    labels: tuple[str, ...]
    types: tuple[str, ...]
    said: tuple[StatementDescription, ...]
    history: tuple[EpisodeDescription, ...]
    sources: tuple[Source, ...]
    language: str


def gather(store: Store, iri: str, language: str, day: str | None = None) -> EntityProfile:
    """Collects the profile of an entity from all statements that mention it.

    Args:
        store: the record.
        iri: the IRI of the entity.
        language: the language of labels.
        day: restricts the history to what held on this day (ISO); if None, the whole history, with its standing on the
            date of the dataset.
    """
    mentioning = f"""SELECT DISTINCT ?statement WHERE {{
        {{ ?statement ?anyProperty <{iri}> }} UNION {{ BIND(<{iri}> AS ?statement) }}
        ?statement nev:source ?source }}"""
    statements, retracted = read_statements(store, mentioning, language)
    held = f'FILTER(STR(?from) <= "{day}" && COALESCE(STR(?until) > "{day}", true))' if day else ""
    episodes = read_episodes(store, f"?episode nev:subject <{iri}> .", EPISODE, held)
    if episodes:
        add_standings(days.snapshot(store, day or entities.dataset_date(store)), episodes)
    own = entities.rows(
        days.view(store, day),
        f"""{_PREFIXES} SELECT ?type ?label ?isAlias WHERE {{
          {{ <{iri}> rdf:type ?type FILTER NOT EXISTS {{ ?type nev:isRole true }} }}
          UNION {{ <{iri}> {_LABELS} ?label }} UNION {{ <{iri}> {_ALIASES} ?label BIND(true AS ?isAlias) }}
        }} ORDER BY ?type ?isAlias ?label""",
    )
    name = make_namer(store, collect_values(statements, episodes) | {row["type"] for row in own if "type" in row}, language)
    said = describe_statements(store, statements, retracted, name, iri)
    return EntityProfile(
        iri=iri,
        labels=tuple(dict.fromkeys(row["label"] for row in own if "label" in row)),
        types=tuple(dict.fromkeys(name(row["type"]) for row in own if "type" in row)),
        said=tuple(sorted(said, key=lambda one: (one.property, one.when, one.value, one.iri))),
        history=tuple(describe_episode(row, name) for row in episodes),
        sources=tuple(find_sources(store, statements, language)) if statements else (),
        language=language,
    )


def triples(store: Store, iri: str, day: str | None = None) -> list[Triple]:
    """Returns the triples of an entity, and those of the statements and episodes that mention it.

    Args:
        store: the record.
        iri: the IRI of the entity.
        day: instead, its triples in the snapshot of this day (ISO), and those of its facts, plans and reports.
    """
    chosen = f"""{{ BIND(<{iri}> AS ?thing) }} UNION {{ ?thing ?names <{iri}> ; nev:source ?source }}
        UNION {{ ?thing nev:subject <{iri}> ; a nev:Episode }}"""
    if day:
        store = days.snapshot(store, day)
        chosen = f"{{ BIND(<{iri}> AS ?thing) }} UNION {{ <{iri}> nev:fact|nev:plan|nev:reported ?thing }}"
    found = store.query(f"{_PREFIXES} CONSTRUCT {{ ?thing ?property ?value }} WHERE {{ {chosen} ?thing ?property ?value }}")
    assert isinstance(found, QueryTriples)
    return list(found)


_WORDS = {
    "en": {
        "history": "History",
        "said": "What sources say",
        "sources": "Sources",
        "confirmed": "confirmed",
        "witness": "1 independent source",
        "witnesses": "{} independent sources",
        "since": "since",
        "of": "of",
        "disputed": "sources disagree",
        "wrong": "A wrong fact",
        "form": "Open the form with the id appended: {}",
        "formless": "Report its id with the form {} of the repository, or write: nevkg retract ID --because …",
    },
    "zh": {
        "history": "历史",
        "said": "来源所述",
        "sources": "来源",
        "confirmed": "确认于",
        "witness": "独立来源1个",
        "witnesses": "独立来源{}个",
        "since": "始于",
        "of": "关于",
        "disputed": "来源不一致",
        "wrong": "事实有误",
        "form": "将编号附于以下地址之后即可打开表单：{}",
        "formless": "请用仓库中的表单 {} 报告编号，或运行：nevkg retract 编号 --because …",
    },
}

_FORM = ".github/ISSUE_TEMPLATE/wrong-fact.yml"


@dataclass
class Part:
    """A section: its heading, its lines, and its subsections."""

    title: str
    lines: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


class Portrait(EntityProfile):
    """The profile of an entity: labels, statements, history and sources. It is printed as text in a terminal and as HTML in a notebook."""

    def __str__(self) -> str:
        return portray(self, "text")

    def __repr__(self) -> str:
        return str(self).rstrip("\n")

    def _repr_html_(self) -> str:
        return portray(self, "section")


def portray(found: EntityProfile, format_name: str, report: str | None = None) -> str:
    """Formats a profile.

    Args:
        found: the profile.
        format_name: one of ``FORMATS``.
        report: the address of the form for wrong facts, or an empty text, to show the ids of statements; None for no ids.
    """
    return "\n".join(FORMATS[format_name](_whole(found, _WORDS[found.language], report))).rstrip() + "\n"


def report_part(report: str, language: str) -> Part:
    """Returns the section that says how to report a wrong fact; ``report`` is the address of the form, or empty."""
    words = _WORDS[language]
    return Part(words["wrong"], [words["form"].format(report) if report else words["formless"].format(_FORM)])


def _whole(found: EntityProfile, words: dict[str, str], report: str | None) -> Part:
    whole = Part(" · ".join(found.labels) or found.iri, [found.iri, ", ".join(found.types)])
    if found.history:
        whole.parts.append(Part(words["history"], [episode_line(spell, found.language) for spell in found.history]))
    numbers = {source.iri: number for number, source in enumerate(found.sources, start=1)}
    if found.said:
        disputed = {spell.property for spell in found.history if spell.is_disputed}
        said = Part(words["said"])
        for name, members in groupby(found.said, key=lambda one: one.property):
            title = f"{name} ({words['disputed']})" if name in disputed else name
            lines = (statement_line(one, found.language, f" [{numbers.get(one.source, '?')}]", ids=report is not None) for one in members)
            said.parts.append(Part(title, list(lines)))
        whole.parts.append(said)
    if found.sources:
        whole.parts.append(Part(words["sources"], [f"[{numbers[source.iri]}] {format_source(source)}" for source in found.sources]))
    if report is not None:
        whole.parts.append(report_part(report, found.language))
    return whole


def episode_line(spell: EpisodeDescription, language: str) -> str:
    """Formats an episode on one line."""
    words = _WORDS[language]
    until = f" – {spell.until}" if spell.until else ""
    # A standing already says that the episode is disputed.
    marks = [mark for mark in spell.marks if not (spell.standing and mark == DISPUTED)]
    number = "" if not spell.witnesses else words["witness"] if spell.witnesses == 1 else words["witnesses"].format(spell.witnesses)
    marks += [", ".join(filter(None, (spell.standing, number)))]
    marks += [f"{words['confirmed']} {spell.last_confirmed}"] if spell.last_confirmed else []
    remarks = "; ".join(filter(None, marks))
    since = f", {words['since']} {format_interval(spell.since, language)}" if spell.since else ""
    return f"{spell.property}: {spell.value}{since}{until}" + (f" ({remarks})" if remarks else "")


def statement_line(said: StatementDescription, language: str, reference: str = "", *, ids: bool = False) -> str:
    """Formats a statement on one line.

    Args:
        said: the statement.
        language: the language of the text.
        reference: appended to the fact, such as the number of the source.
        ids: whether to append the short name of the statement.
    """
    of = f"({_WORDS[language]['of']} {said.subject})" if said.subject else ""
    head = " ".join(part for part in (said.when, said.value, of) if part)
    if said.retracted:
        head = f"~~{head}~~"
    text = f" — {said.text}" if said.text else ""
    return f"{head}{reference} — {'; '.join(said.qualifiers)}{text}{f' <{said.iri}>' if ids else ''}"


def _as_text(part: Part, depth: int = 0) -> Iterator[str]:
    yield "  " * max(depth - 1, 0) + part.title
    yield from ("  " * depth + line for line in part.lines)
    for below in part.parts:
        if depth == 0:
            yield ""
        yield from _as_text(below, depth + 1)


def _as_markdown(part: Part, depth: int = 1) -> Iterator[str]:
    yield f"{'#' * depth} {part.title}"
    yield ""
    yield from (f"- {line}" for line in part.lines)
    yield ""
    for below in part.parts:
        yield from _as_markdown(below, depth + 1)


def _as_html(part: Part) -> Iterator[str]:
    yield f'<!doctype html>\n<meta charset="utf-8">\n<title>{html.escape(part.title)}</title>'
    yield from _as_section(part)


def _as_section(part: Part, depth: int = 1) -> Iterator[str]:
    yield f"<section>\n<h{depth}>{html.escape(part.title)}</h{depth}>"
    if part.lines:
        yield "<ul>"
        yield from (f"<li>{html.escape(line)}</li>" for line in part.lines)
        yield "</ul>"
    for below in part.parts:
        yield from _as_section(below, depth + 1)
    yield "</section>"


FORMATS: dict[str, Callable[[Part], Iterator[str]]] = {"text": _as_text, "md": _as_markdown, "html": _as_html, "section": _as_section}
