"""Finds the sources that a small part of the data needs so that no question of the catalogue has an empty answer."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.blocks import DataSpec, build_store, load_shipped
from benchmarks.parts import slug_of

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.store import open_store
from nevkg.store.embedded import EmbeddedStore

_ROUNDS = 5


def add_required_sources(spec: DataSpec) -> DataSpec:
    """Returns the specification with sources for each question that the shipped data answers.

    A part of the first block has the original entities, so a question without an answer needs the sources of one row
    of its answer on the whole data.
    """
    if spec.factor >= 1:
        return spec
    whole = open_store(load_shipped().layout)
    answers = {name: ask(whole, question) for name, question in load_catalogue(whole.layout).questions.items()}
    for attempt in range(_ROUNDS):
        part = EmbeddedStore(build_store(spec, spec.part(0)), whole.layout, "", None, None)
        unanswered = [name for name, answer in answers.items() if len(answer) and not ask(part, answer.question)]
        if not unanswered:
            break
        rows = [answers[name][attempt % len(answers[name])] for name in unanswered]
        slugs = {slug_of(source.iri) for row in rows for source in row.sources()} & load_shipped().sources.keys()
        spec = replace(spec, required=tuple(sorted({*spec.required, *slugs})))
    return spec
