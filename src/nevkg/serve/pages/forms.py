"""The parameters of a question as fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.ask import arguments
from nevkg.ask.arguments import EVERYTHING
from nevkg.ask.catalogue import Parameter, Question
from nevkg.ask.evaluation import LANGUAGE
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.sparql.binding import ANY
from nevkg.store import Store

# Parameters with more options get a text field instead of a list.
_MOST_OPTIONS = 300


@dataclass(frozen=True)
class Option:
    """One option of a list: the value to send, its label with the language of the label, and whether it is selected."""

    value: str
    label: str
    language: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """The form field of one parameter.

    Attributes:
        name: name of the parameter.
        label: label in the language of the page.
        kind: ``options``, or the type of an input: ``text``, ``date`` or ``number``.
        options: options of the list; empty for an input.
        values: values as typed, one input for each.
        example: an example of a valid value.
        default: the default in words; empty if any value is accepted.
        is_any: whether the user chose any value in place of the default.
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
    """Returns the form fields of a question. There is none for the language, which is that of the page.

    Args:
        store: the store from which options are read.
        question: the question.
        asked: values as typed, by parameter.
        bound: the same values as SPARQL terms; empty if they are invalid.
        language: language of labels.
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
    """Returns the default in words; empty if there is none."""
    if parameter.default == ANY:
        return ""
    spaces = entities.namespaces(store)
    parts = []
    for word in parameter.default_text.split():
        iri = terms.expand(word, spaces)
        labels = entities.labels(store, [iri], language) if iri else {}
        parts.append(labels.get(iri or "", word))
    return ", ".join(parts)
