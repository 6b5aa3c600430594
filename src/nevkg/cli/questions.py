"""``nevkg questions``: lists the catalogue, finds questions by words, and shows one question with its parameters and SPARQL."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from itertools import groupby

from nevkg.ask import arguments
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import SNAPSHOT, Catalogue, Parameter, Question
from nevkg.cli import Command, common
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.sparql.binding import ANY
from nevkg.store import Store
from nevkg.table.values import find_things
from nevkg.words import words_of

_OPTIONS_SHOWN = 12
_MOST = 15
_WORDS = words_of("cli.questions")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words",
        metavar="WORD",
        nargs="*",
        help="the name of a question, to show it in full; or words, to list the questions that match them",
    )
    parser.add_argument("--tag", metavar="TAG", help="only questions with this tag")
    parser.add_argument("--format", choices=["text", "json", "turtle"], default="text", help="default: %(default)s")
    common.add_place(parser)
    common.add_language(parser)


def _run(options: argparse.Namespace) -> int:
    """Prints the catalogue by topic, the matching questions, best first, or one question."""
    catalogue = common.open_catalogue(options)
    text = " ".join(options.words)
    named = catalogue.questions.get(text)
    chosen = [named] if named else _choose(catalogue, text, options.tag)
    if options.format == "json":
        common.show(common.to_json([question.to_json() for question in chosen]))
    elif options.format == "turtle":
        from nevkg.data.rdf import serialise
        from nevkg.publish.exports import describe_questions

        common.show(serialise(describe_questions(chosen), "turtle", terms.prefixes(common.layout(options).ontology)))
    elif named:
        common.show(_one(named, common.open_for(options), options.lang).encode())
    else:
        common.show(_list(chosen, options.lang, by_topic=not text).encode())
    return 0


def _choose(catalogue: Catalogue, text: str, tag: str | None) -> list[Question]:
    """Returns all questions with a tag, by topic; if there is a text, those that match it, best first."""
    if not text:
        return catalogue.find(tag)
    return [question for question in catalogue.rank(text) if tag is None or tag in question.tags][:_MOST]


def _list(questions: list[Question], language: str, *, by_topic: bool) -> str:
    if not questions:
        return _WORDS[language]["none"]
    width = max(len(question.name) for question in questions)
    if not by_topic:
        return "".join(f"{question.name:<{width}}  {question.title[language]}\n" for question in questions)
    lines = []
    for topic, group in groupby(questions, key=lambda question: question.topic):
        lines.append(topic)
        lines += [f"  {question.name:<{width}}  {question.title[language]}" for question in group]
    return "\n".join(lines) + "\n"


def _one(question: Question, store: Store, language: str) -> str:
    words = _WORDS[language]
    lines = [f"{question.name} [{', '.join(question.tags)}]", question.title[language], "", question.description[language].strip(), ""]
    if question.parameters:
        lines.append(words["parameters"])
        lines += [f"  {line}" for parameter in question.parameters for line in _parameter(parameter, store, language)]
        lines.append("")
    lines.append(words["columns"])
    for column in question.columns:
        lines.append(
            f"  {column.name}: {column.label[language]}" + (f" ({words['rests']})" if column.evidence or question.over == SNAPSHOT else "")
        )
    lines += ["", words["example"], f"  {_example(question, store)}", "", "SPARQL", question.runnable.rstrip()]
    return "\n".join(lines) + "\n"


def _parameter(parameter: Parameter, store: Store, language: str) -> list[str]:
    default = "" if parameter.default == ANY else f"; {_WORDS[language]['default']} {parameter.default_text}"
    names = f"{parameter.name}{''.join(f', {other}' for other in parameter.also)}"
    lines = [f"{names}: {parameter.label[language]} ({parameter.type}{default})"]
    options = [terms.shorten(iri, entities.namespaces(store)) for iri in arguments.options(store, parameter)]
    if options:
        more = f" … ({len(options)})" if len(options) > _OPTIONS_SHOWN else ""
        lines.append(f"    {', '.join(options[:_OPTIONS_SHOWN])}{more}")
    return lines


def _example(question: Question, store: Store) -> str:
    given = question.example or _find_example(question, store)
    pairs = (shlex.quote(f"{name}={value}") for name, values in given.items() for value in values)
    return " ".join([f"nevkg ask {question.name}", *pairs])


def _find_example(question: Question, store: Store) -> Mapping[str, Sequence[str]]:
    """Returns a parameter and its value in the first row that has one in the column of that name, so that the example has an answer."""
    answer = ask(store, question)
    columns = {column.name for column in answer.columns}
    for parameter in question.parameters:
        shown = [name for name in (parameter.name, f"{parameter.name}s") if name in columns]
        things = (thing for name in shown for row in answer for thing in find_things(row[name]))
        if thing := next(things, None):
            return {parameter.name: [terms.shorten(thing.iri, entities.namespaces(store))]}
    return {}


COMMANDS = {"questions": Command(_add_arguments, _run)}
