"""The tool ``describe``: the card of an entity, with the evidence of each value and the questions that say more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nevkg.ask import arguments as parameters
from nevkg.ask import dossier
from nevkg.ask.card import Card, CardField, CardValue, read_card
from nevkg.ask.portrait import statement_line
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.intervals import format_interval
from nevkg.lookup.sources import gather_evidence
from nevkg.lookup.statements import count_statements
from nevkg.mcp.citations import Citations, mark
from nevkg.mcp.result import CLOCKS, Arguments, Result, Tool, language_of, output, schema
from nevkg.mcp.rows import describe_day
from nevkg.mcp.text import clean, clean_all
from nevkg.store import Store
from nevkg.table.values import Thing, to_text

_MOST_VALUES, _MOST_STATEMENTS, _PER_VALUE = 8, 15, 1
_WORDS = {
    "en": {
        "called": "also called {names}",
        "missing": "Not reported by any collected source: {names}. This is not evidence of absence.",
        "statements": "Statements that mention it: {count}.",
        "some": "The first {shown} of {count} statements about it:",
        "more": "and {count} more",
        "ask": "Questions that say more (call `ask`):",
        "since": "since {}",
        "comma": ", ",
    },
    "zh": {
        "called": "又称{names}",
        "missing": "收集到的来源均未记载：{names}。这不能证明事实上不存在。",
        "statements": "提到它的陈述：{count}条。",
        "some": "关于它的{count}条陈述中的前{shown}条：",
        "more": "另有{count}项",
        "ask": "可进一步提问（调用 ask）：",
        "since": "始于 {}",
        "comma": "、",
    },
}


def run(store: Store, arguments: Arguments) -> Result:
    """Describes the entity."""
    language = language_of(arguments)
    day = parameters.day(str(arguments["as_of"])) if "as_of" in arguments else None
    return describe(store, entities.resolve(store, str(arguments["entity"])), language, day)


def describe(store: Store, iri: str, language: str, day: str | None = None) -> Result:
    """Returns the card of an entity.

    Args:
        store: the record.
        iri: the IRI of the entity.
        language: the language of labels.
        day: the day (ISO) that it is for; the date of the dataset if None.
    """
    card, words = read_card(store, iri, language, day), _WORDS[language]
    values = [value for field in card.fields for value in field.values[:_MOST_VALUES]]
    citations = Citations(gather_evidence(store, {one for value in values for one in value.evidence}, language), _PER_VALUE)
    spaces = entities.namespaces(store)
    fields = [_field(field, citations, language, spaces) for field in card.fields]
    count = count_statements(store, [iri]).get(iri, 0)
    definition = _definition(store, iri, language)
    statements = [] if card.fields else _statements(store, iri, language, day)
    called = words["called"].format(names=words["comma"].join(card.called)) if card.called else ""
    lines = [
        "; ".join(filter(None, (f"{card.label} ({card.name})", words["comma"].join(card.kinds), called))),
        *([definition] if definition else []),
        *(f"- {field['label']}: {words['comma'].join(field['texts'])}" for field in fields),
        *([words["missing"].format(names=words["comma"].join(card.missing))] if card.missing else []),
        *([words["some"].format(shown=len(statements), count=count), *statements] if statements else []),
        *_questions(card, words),
    ]
    return Result(
        (*describe_day(store, card.as_of, language), words["statements"].format(count=count)),
        (*(clean(line, 1500) for line in lines), *(one.line for one in citations.every)),
        {
            **clean_all({"name": card.name, "iri": iri, "label": card.label, "types": card.kinds, "called": card.called}),
            "asOf": card.as_of,
            "statements": count,
            **clean_all(
                {
                    "definition": definition,
                    "fields": [{name: field[name] for name in ("name", "label", "values")} for field in fields],
                    "missing": list(card.missing),
                    "questions": [{"question": one.question, "title": one.title, "parameters": one.given} for one in card.sections],
                }
            ),
            "citations": [one.facts for one in citations.every],
        },
    )


def _field(field: CardField, citations: Citations, language: str, spaces: dict[str, str]) -> dict[str, Any]:
    words = _WORDS[language]
    if field.count is not None:
        parts = [f"{to_text(value)} {count}" for _, several in field.count.parts for value, count in several[:_MOST_VALUES]]
        text = f"{field.count.total}" + (f" ({words['comma'].join(parts)})" if parts else "")
        return {"name": field.name, "label": field.label, "texts": [text], "values": [{"text": text, "citations": []}]}
    values = [_value(value, citations, language, spaces) for value in field.values[:_MOST_VALUES]]
    texts = [f"{value['text']} {mark(value['citations'], value['moreCitations'])}".rstrip() for value in values]
    left_out = len(field.values) - len(values)
    return {
        "name": field.name,
        "label": field.label,
        "texts": [*texts, *([words["more"].format(count=left_out)] if left_out else [])],
        "values": values,
    }


def _value(value: CardValue, citations: Citations, language: str, spaces: dict[str, str]) -> dict[str, Any]:
    numbers, more = citations.cite(value.evidence)
    since = _WORDS[language]["since"].format(format_interval(value.spell.since, language)) if value.spell and value.spell.since else ""
    standing = value.spell.standing if value.spell else ""
    about = "; ".join(filter(None, (since, standing)))
    name = {"name": terms.shorten(value.value.iri, spaces)} if isinstance(value.value, Thing) else {}
    text = f"{to_text(value.value)}{f' ({about})' if about else ''}"
    return {"text": text, **name, "citations": numbers, "moreCitations": more}


def _definition(store: Store, iri: str, language: str) -> str:
    query = f'SELECT ?text WHERE {{ <{iri}> <{terms.SKOS}definition> ?text FILTER(LANG(?text) = "{language}") }} ORDER BY ?text'
    return next((row["text"] for row in entities.rows(store, query)), "")


def _statements(store: Store, iri: str, language: str, day: str | None) -> Sequence[str]:
    found = dossier.gather(store, iri, language, day)
    sources = {source.iri: source for source in found.sources}
    return [
        f"- {said.property}: {statement_line(said, language)} — {sources.get(said.source, said.source)} · {said.iri}"
        for said in found.said[:_MOST_STATEMENTS]
    ]


def _questions(card: Card, words: dict[str, str]) -> Iterator[str]:
    if card.sections:
        yield words["ask"]
    for one in card.sections:
        given = " ".join(f"{name}={' '.join(values)}" for name, values in one.given.items())
        yield f"- {one.question} {given}: {one.title}"


TOOL = Tool(
    "describe",
    "Describe an entity",
    "Shows the card of an entity: its main facts with standing and citations, what no source reports, and the questions that say more.",
    schema({"entity": {"type": "string", "description": "A name, in English or Chinese, or a prefixed name"}, **CLOCKS}, "entity"),
    output(name={"type": "string"}, asOf={"type": "string"}, fields={"type": "array"}, citations={"type": "array"}),
    run,
)
