"""Completes words in a shell by argcomplete: verbs, options, questions, parameters and their values."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from nevkg.cli import VERBS, add_command
from nevkg.data.paths import Layout

_MOST = 200


def complete() -> None:
    """Answers a request for completion, which argcomplete has put into the environment, and ends the process."""
    import argcomplete

    argcomplete.autocomplete(make_parser(), always_complete_options=False, validator=_begins)


def _begins(word: str, prefix: str) -> bool:
    return word.casefold().startswith(prefix.casefold())


def make_parser() -> argparse.ArgumentParser:
    """Returns a parser of all verbs, whose arguments know their possible values."""
    parser = argparse.ArgumentParser(prog="nevkg")
    of_verbs = parser.add_subparsers(dest="verb")
    for name, verb in VERBS.items():
        own = of_verbs.add_parser(name, help=verb.what)
        add_command(own, name)
        for action in own._actions:
            if action.dest in _COMPLETERS:
                action.completer = _COMPLETERS[action.dest]  # type: ignore[attr-defined]
    return parser


def _complete_questions(**_: object) -> dict[str, str]:
    from nevkg.ask.catalogue import load_catalogue

    return {name: question.title["en"] for name, question in load_catalogue(Layout.find()).questions.items()}


def _complete_projections(**_: object) -> Iterable[str]:
    from nevkg.network import load_projections

    return load_projections(Layout.find()).projections


def _complete_pairs(prefix: str, parsed_args: argparse.Namespace, **_: object) -> Iterable[str]:
    """Completes the name of a parameter, and after = its value."""
    from nevkg.ask import arguments
    from nevkg.ask.catalogue import load_catalogue
    from nevkg.data import terms
    from nevkg.lookup.entities import labels, namespaces
    from nevkg.network import load_projections
    from nevkg.store import open_store

    layout = Layout.find()
    projections, questions = load_projections(layout).projections, load_catalogue(layout).questions
    asked = str(getattr(parsed_args, "question", None) or getattr(parsed_args, "projection", ""))
    question = questions.get(asked) or (projections[asked].question if asked in projections else None)
    if question is None:
        return []
    name, equals, value = prefix.partition("=")
    if not equals:
        return [f"{word}=" for parameter in question.parameters for word in (parameter.name, *parameter.also)]
    parameter = question.parameter(question.other_names.get(name, name))
    store = open_store(layout)
    iris = arguments.options(store, parameter)
    slugs = (terms.shorten(iri, namespaces(store)).partition(":")[2] for iri in iris)
    names = [*slugs, *labels(store, iris, terms.LANGUAGES[0]).values()]
    return [f"{name}={word}" for word in names if _begins(word, value)][:_MOST]


_COMPLETERS = {"question": _complete_questions, "projection": _complete_projections, "pairs": _complete_pairs}
