"""``nevkg show``: a thing, and what each source says of it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from itertools import groupby

from nevkg import entities, known
from nevkg.cli import common, write
from nevkg.formats import entry

_WORDS = {
    "en": {"history": "History", "said": "What sources say", "sources": "Sources", "confirmed": "confirmed", "since": "since", "of": "of"},
    "zh": {"history": "历史", "said": "来源所述", "sources": "来源", "confirmed": "确认于", "since": "始于", "of": "关于"},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("entity", metavar="ENTITY", help="a slug, a prefixed name, an IRI, or a label")
    common.add_known_by(parser)
    common.add_language(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")


def run(options: argparse.Namespace) -> int:
    """Prints labels, history and statements, with sources numbered like footnotes."""
    store = common.open_for(options)
    found = known.gather(store, entities.resolve(store, options.entity), options.lang)
    if options.format == "json":
        write((json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n").encode())
    else:
        write(_text(found, _WORDS[options.lang]).encode())
    return 0


def _text(found: known.Known, words: dict[str, str]) -> str:
    lines = [" · ".join(found.labels) or found.iri, found.iri, ", ".join(found.types), ""]
    if found.history:
        lines += [words["history"], *(_spell(spell, words) for spell in found.history), ""]
    numbers = {source.iri: number for number, source in enumerate(found.sources, start=1)}
    if found.said:
        lines.append(words["said"])
        for name, group in groupby(found.said, key=lambda said: said.property):
            lines.append(f"  {name}")
            lines += [_said(said, numbers, words) for said in group]
        lines.append("")
    if found.sources:
        lines.append(words["sources"])
        lines += [f"  [{numbers[source.iri]}] {entry(source)}" for source in found.sources]
    return "\n".join(lines).rstrip() + "\n"


def _spell(spell: known.Spell, words: dict[str, str]) -> str:
    until = f" – {spell.until}" if spell.until else ""
    marks = "; ".join((*spell.marks, *([f"{words['confirmed']} {spell.last_confirmed}"] if spell.last_confirmed else [])))
    return f"  {spell.property}: {spell.value}, {words['since']} {spell.since}{until}" + (f" ({marks})" if marks else "")


def _said(said: known.Said, numbers: dict[str, int], words: dict[str, str]) -> str:
    head = " ".join(part for part in (said.when, said.value, f"({words['of']} {said.subject})" if said.subject else "") if part)
    if said.retracted:
        head = f"~~{head}~~"
    lines = [f"    {head} [{numbers.get(said.source, '?')}] — {'; '.join(said.qualifiers)}"]
    if said.text:
        lines.append(f"      {said.text}")
    return "\n".join(lines)
