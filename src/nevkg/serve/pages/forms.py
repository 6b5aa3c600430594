"""The parameters of a question as fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.ask import arguments
from nevkg.ask.answer import LANGUAGE
from nevkg.ask.arguments import EVERYTHING
from nevkg.ask.catalogue import Parameter, Question
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.sparql.binding import ANY
from nevkg.store import Store

# More options than this are not shown, but written.
_MOST_OPTIONS = 300


@dataclass(frozen=True)
class Option:
    """One thing to choose: the value that is sent, its label with the language of that, and whether it is chosen."""

    value: str
    label: str
    language: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """One parameter.

    Attributes:
        name: of the parameter.
        label: in words.
        kind: ``options``, or the type of an input: ``text``, ``date``, ``number``.
        options: to choose from.
        values: as they were typed; an input each.
        example: of what may be written.
        default: what holds if nothing is given, in words; empty for any.
        is_any: whether any was asked for in place of the default.
    """

    name: str
    label: str
    kind: str
    options: Sequence[Option]
    values: Sequence[str]
    example: str
    default: str
    is_any: bool


def fields(
    store: Store, question: Question, asked: Mapping[str, Sequence[str]], bound: Mapping[str, Sequence[str]], language: str
) -> list[Field]:
    """The fields of a question; the language of the answer is that of the page and is not asked for.

    Args:
        store: where options come from.
        question: the question.
        asked: values as they were typed.
        bound: the same as terms; empty if they could not be understood.
        language: of labels.
    """
    return [
        _field(store, one, asked.get(one.name, []), bound.get(one.name, []), language)
        for one in question.parameters
        if one.name != LANGUAGE
    ]


def _field(store: Store, parameter: Parameter, asked: Sequence[str], bound: Sequence[str], language: str) -> Field:
    spaces = entities.namespaces(store)
    choices = arguments.options(store, parameter)
    labels = entities.literal_labels(store, choices, language) if len(choices) <= _MOST_OPTIONS else {}
    options = sorted(
        (
            Option(
                value := terms.shorten(iri, spaces),
                labels[iri].value if iri in labels else value,
                (labels[iri].language or "") if iri in labels else "",
                f"<{iri}>" in bound,
            )
            for iri in choices[: _MOST_OPTIONS + 1]
        ),
        key=lambda one: one.label.casefold(),
    )
    chooses = 0 < len(choices) <= _MOST_OPTIONS
    kind = "options" if chooses else {"xsd:date": "date", "xsd:integer": "number"}.get(parameter.type, "text")
    typed = [value for value in asked if value != EVERYTHING]
    return Field(
        name=parameter.name,
        label=parameter.label[language],
        kind=kind,
        options=options if chooses else [],
        values=[*typed, ""] if kind == "text" else typed or [""],
        example=options[0].value if options and not chooses else "",
        default=_default(store, parameter, language),
        is_any=EVERYTHING in asked,
    )


def _default(store: Store, parameter: Parameter, language: str) -> str:
    """The default in words; empty if there is none."""
    if parameter.default == ANY:
        return ""
    spaces = entities.namespaces(store)
    parts = []
    for word in parameter.default.split():
        iri = None if word.startswith('"') else terms.expand(word, spaces)
        labels = entities.labels(store, [iri], language) if iri else {}
        parts.append(labels.get(iri or "", word.split("^^")[0].strip('"')))
    return ", ".join(parts)
