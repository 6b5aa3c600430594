"""``nevkg reason``: checks whether ontology and data are consistent, and whether the rules derive the same as OWL."""

from __future__ import annotations

import argparse
import time

from pyoxigraph import Literal, Triple

from nevkg.cli import common, write
from nevkg.data import terms
from nevkg.errors import InvalidData
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore
from nevkg.validate import owl

_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument(
        "--time-limit",
        type=float,
        default=120,
        metavar="SECONDS",
        help="time limit for finding the conflicting facts (default: %(default)s)",
    )
    common.add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the findings of HermiT; returns 1 if a class cannot have members, or HermiT and the rules differ.

    Raises:
        InvalidData: if ontology and data are inconsistent; the text lists conflicting facts.
    """
    store = common.build_for(options)
    axioms, facts = owl.select_triples(store)
    started = time.monotonic()
    try:
        world = owl.run_hermit([*axioms, *facts])
    except owl.InconsistentError:
        conflict, is_least = owl.find_conflict(axioms, facts, options.time_limit)
        raise InvalidData(_describe_conflict(store, conflict, is_least, options.lang)) from None
    lines = [f"Consistent: {len(axioms)} axioms and {len(facts)} facts; OWL 2 DL, as HermiT loads it."]
    empty = owl.unsatisfiable_classes(world)
    spaces = entities.namespaces(store)
    lines.append(f"Classes that can have no member: {', '.join(terms.shorten(one, spaces) for one in empty) or 'none'}.")
    for profile, constructs in owl.find_profile_violations(axioms).items():
        lines.append(f"OWL 2 {profile}: {'outside, by ' + ', '.join(constructs) if constructs else 'inside'}.")
    is_sound = not empty
    lines += ["", f"{'property or class':<28} {'HermiT':>7} {'rules':>7}"]
    for one in [*owl.compare(store), *owl.compare_classes(store)]:
        lines.append(f"{terms.shorten(one.name, spaces):<28} {one.by_owl:>7} {one.by_rules:>7}")
        for who, pairs in (("HermiT", one.only_owl), ("the rules", one.only_rules)):
            is_sound = is_sound and not pairs
            lines += [f"  only {who}: {terms.shorten(first, spaces)} {terms.shorten(last, spaces)}" for first, last in pairs[:_SHOWN]]
    if not options.quiet:
        lines += ["", f"{time.monotonic() - started:.1f} seconds."]
    write(("\n".join(lines) + "\n").encode())
    return 0 if is_sound else 1


def _describe_conflict(store: EmbeddedStore, conflict: list[Triple], is_least: bool, language: str) -> str:
    if not conflict:
        return "The axioms of the ontology contradict each other, independently of the data."
    spaces = entities.namespaces(store)
    iris = {terms.text(term) for fact in conflict for term in (fact.subject, fact.predicate, fact.object) if not isinstance(term, Literal)}
    labels = entities.labels(store, iris, language)

    def name(term: terms.Term) -> str:
        text = terms.text(term)
        short = terms.shorten(text, spaces)
        return f"{labels[text]} ({short})" if text in labels else short

    facts = [f"  {name(fact.subject)} – {name(fact.predicate)} – {name(fact.object)}" for fact in conflict]
    head = (
        "These facts cannot all be true; correct or retract one of them:"
        if is_least
        else "The conflict is among these facts (the time limit was reached):"
    )
    return "\n".join([head, *facts])
