"""The tools that look entities up: ``find`` and ``describe``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nevkg.ask import arguments as parameters
from nevkg.ask import profile
from nevkg.ask.card import Card, CardField, CardValue, read_card
from nevkg.ask.catalogue import AS_OF, Catalogue, Question, load_catalogue
from nevkg.ask.discovery import ENTITY, QUESTION, TOPIC, Match, discover
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.sources import gather_evidence
from nevkg.lookup.statements import count_statements
from nevkg.mcp.result import CLOCKS, Arguments, Result, Tool, clean, clean_all, language_of, output, schema
from nevkg.mcp.rows import Citations, describe_day, mark
from nevkg.sparql.binding import ANY
from nevkg.store import Store
from nevkg.table.values import Thing, to_text
from nevkg.view import statement_line
from nevkg.words import words_of

_DEFAULT, _MOST = 10, 50
_WORDS = words_of("mcp.lookups")


def find(store: Store, arguments: Arguments) -> Result:
    """Returns what the words may mean, best match first."""
    language, catalogue = language_of(arguments), load_catalogue(store.layout)
    text, limit = str(arguments["text"]), int(arguments.get("limit", _DEFAULT))
    matches = discover(store, catalogue, text, limit, language)
    found = clean_all([_describe(catalogue, match, language) for match in matches])
    summary = _WORDS[language]["count"].format(count=len(found)) if found else _WORDS[language]["none"]
    return Result((summary,), tuple(_line(hit) for hit in found), {"found": found})


def _describe(catalogue: Catalogue, match: Match, language: str) -> dict[str, Any]:
    if match.kind == QUESTION:
        given = {**match.parameters, **({"as_of": match.as_of} if match.as_of else {})}
        filled = {name: value for name, value in {"given": given, "answer": match.answer}.items() if value}
        return {**describe_question(catalogue[match.name], language), **filled}
    common = {"kind": match.kind, "name": match.short, "label": match.label}
    if match.kind == TOPIC:
        return {**common, "questions": [question.name for question in catalogue.find() if question.topic == match.name]}
    return {**common, "types": match.classes, "matched": match.matched} if match.kind == ENTITY else common


def describe_question(question: Question, language: str) -> dict[str, Any]:
    """Returns name, title and parameters of a question, so that it can be asked at once."""
    own = [parameter for parameter in question.parameters if parameter.name != AS_OF]
    parameters = [
        {"name": parameter.name, "type": parameter.type, **({"default": parameter.default_text} if parameter.default != ANY else {})}
        for parameter in own
    ]
    has_day = len(own) < len(question.parameters)
    return {"kind": QUESTION, "name": question.name, "label": question.title[language], "parameters": parameters, "asOf": has_day}


def _line(hit: dict[str, Any]) -> str:
    line = f"- {hit['kind']} {hit['name']}: {hit['label']}"
    if hit["kind"] == QUESTION:
        listed = ", ".join(f"{each['name']} ({each['type']}{_default(each)})" for each in hit["parameters"])
        given = "; ".join(f"{name}={value if isinstance(value, str) else ' '.join(value)}" for name, value in hit.get("given", {}).items())
        filled = f" Given: {given}." if given else ""
        answer = f" Answer: {hit['answer']}." if hit.get("answer") else ""
        return f"{line} Parameters: {listed or '-'}{'; as_of' if hit['asOf'] else ''}{filled and '.'}{filled}{answer}"
    if hit["kind"] == TOPIC:
        return f"{line}: {', '.join(hit['questions'])}"
    return f"{line} ({', '.join(hit['types'])})" if hit.get("types") else line


def _default(parameter: dict[str, str]) -> str:
    return f", default {clean(parameter['default'])}" if "default" in parameter else ""


FIND = Tool(
    "find",
    "Find entities and questions",
    "Finds entities, questions of the catalogue, terms of the ontology, topics and stories for a few words or a sentence, in English or "
    "Chinese, despite misspellings. Call it first: it gives the names that other tools take, and the parameters that a sentence gives.",
    schema(
        {
            "text": {"type": "string", "minLength": 1, "maxLength": 500},
            "limit": {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _DEFAULT},
            "known_by": CLOCKS["known_by"],
            "lang": CLOCKS["lang"],
        },
        "text",
    ),
    output(found={"type": "array", "items": {"type": "object"}}),
    find,
)


_MOST_VALUES, _MOST_STATEMENTS, _PER_VALUE = 8, 15, 1


def run_describe(store: Store, arguments: Arguments) -> Result:
    """Describes the entity."""
    language = language_of(arguments)
    day = parameters.day(str(arguments["as_of"])) if "as_of" in arguments else None
    return describe(store, entities.resolve(store, str(arguments["entity"])), language, day)


def describe(store: Store, iri: str, language: str, day: str | None = None) -> Result:
    """Returns the card of an entity on a day; by default, on the date of the dataset."""
    card, words = read_card(store, iri, language, day), _WORDS[language]
    values = [value for field in card.fields for value in field.values[:_MOST_VALUES]]
    citations = Citations(gather_evidence(store, {iri for value in values for iri in value.evidence}, language), _PER_VALUE)
    spaces = entities.namespaces(store)
    fields = [_field(field, citations, language, spaces) for field in card.fields]
    count = count_statements(store, [iri]).get(iri, 0)
    definition = _definition(store, iri, language)
    statements = [] if card.fields else _statements(store, iri, language, day)
    called = words["called"].format(names=words["comma"].join(card.called)) if card.called else ""
    lines = [
        "; ".join(filter(None, (f"{card.label} ({card.name})", words["comma"].join(card.kinds), called))),
        *([card.summary] if card.summary else []),
        *([definition] if definition else []),
        *(f"- {field['label']}: {words['comma'].join(field['texts'])}" for field in fields),
        *([words["missing"].format(names=words["comma"].join(card.missing))] if card.missing else []),
        *([words["some"].format(shown=len(statements), count=count), *statements] if statements else []),
        *_questions(card, words),
    ]
    return Result(
        (*describe_day(store, card.as_of, language), words["statements"].format(count=count)),
        (*(clean(line, 1500) for line in lines), *(citation.line for citation in citations.every)),
        {
            **clean_all({"name": card.name, "iri": iri, "label": card.label, "types": card.kinds, "called": card.called}),
            "asOf": card.as_of,
            "statements": count,
            **clean_all(
                {
                    "summary": card.summary,
                    "definition": definition,
                    "fields": [{name: field[name] for name in ("name", "label", "values")} for field in fields],
                    "missing": list(card.missing),
                    "questions": [
                        {"question": link.question, "title": link.title, "parameters": link.parameters} for link in card.sections
                    ],
                }
            ),
            "citations": [citation.to_json() for citation in citations.every],
        },
    )


def _field(field: CardField, citations: Citations, language: str, spaces: dict[str, str]) -> dict[str, Any]:
    words = _WORDS[language]
    if field.count is not None:
        parts = [f"{to_text(value.value)} {value.count}" for part in field.count.parts for value in part.values[:_MOST_VALUES]]
        text = f"{field.count.total}" + (f" ({words['comma'].join(parts)})" if parts else "")
        return {"name": field.name, "label": field.label, "texts": [text], "values": [{"text": text, "citations": []}]}
    values = [_value(value, citations, spaces) for value in field.values[:_MOST_VALUES]]
    texts = [f"{value['text']} {mark(value['citations'], value['moreCitations'])}".rstrip() for value in values]
    left_out = len(field.values) - len(values)
    return {
        "name": field.name,
        "label": field.label,
        "texts": [*texts, *([words["more"].format(count=left_out)] if left_out else [])],
        "values": values,
    }


def _value(value: CardValue, citations: Citations, spaces: dict[str, str]) -> dict[str, Any]:
    numbers, more = citations.cite(value.evidence)
    about = "; ".join(filter(None, (value.fact.beginning, value.fact.standing))) if value.fact else ""
    name = {"name": terms.shorten(value.value.iri, spaces)} if isinstance(value.value, Thing) else {}
    text = f"{to_text(value.value)}{f' ({about})' if about else ''}"
    return {"text": text, **name, "citations": numbers, "moreCitations": more}


def _definition(store: Store, iri: str, language: str) -> str:
    query = f'SELECT ?text WHERE {{ <{iri}> <{terms.SKOS}definition> ?text FILTER(LANG(?text) = "{language}") }} ORDER BY ?text'
    return next((row["text"] for row in entities.rows(store, query)), "")


def _statements(store: Store, iri: str, language: str, day: str | None) -> Sequence[str]:
    found = profile.gather(store, iri, language, day)
    sources = {source.iri: source for source in found.sources}
    return [
        f"- {said.property}: {statement_line(said, language)} — {sources.get(said.source, said.source)} · {said.iri}"
        for said in found.said[:_MOST_STATEMENTS]
    ]


def _questions(card: Card, words: Mapping[str, str]) -> Iterator[str]:
    if card.sections:
        yield words["ask"]
    for section in card.sections:
        given = " ".join(f"{name}={' '.join(values)}" for name, values in section.parameters.items())
        yield f"- {section.question} {given}: {section.title}"


DESCRIBE = Tool(
    "describe",
    "Describe an entity",
    "Shows the card of an entity: its main facts with standing and citations, what no source reports, and the questions that say more.",
    schema({"entity": {"type": "string", "description": "A name, in English or Chinese, or a prefixed name"}, **CLOCKS}, "entity"),
    output(name={"type": "string"}, asOf={"type": "string"}, fields={"type": "array"}, citations={"type": "array"}),
    run_describe,
)
