"""Scores `nevkg read` against gold collections: precision, recall and F1 of facts, with and without their qualifiers.

python -m benchmarks.reading.score [--set-aside] [--list] [DOCUMENT ...]
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter

from nevkg.contribute.job import ImportJob
from nevkg.contribute.problems import Problems
from nevkg.contribute.sheets import read_collection
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.propose.proposals import Proposer, write_collection
from nevkg.propose.stated import Stated
from nevkg.reading.documents import read_document
from nevkg.reading.pages import read_page

FOLDER = Path(__file__).parent
# What tells two statements of one fact apart; a strict score compares it.
_QUALIFIERS = {
    terms.NEV + name
    for name in ("modality", "comparator", "scope", "earliest", "latest", "dueEarliest", "dueLatest", "periodStart", "periodEnd")
}
_APART = {terms.NEV + "kind", terms.NEV + "homeCountry"}
_PUBLISHED = (date(2026, 6, 30),) * 2  # of a page without a date
Fact = tuple[str, str, str]


@dataclass
class Facts:
    """The facts of a collection.

    Attributes:
        qualifiers: each fact with its qualifiers, of one of its statements.
        new: IRIs of the entities that are not in the data.
        doubted: facts whose quotes do not mention all of them, even with the other words of the page for names.
    """

    qualifiers: dict[Fact, frozenset[tuple[str, str]]] = field(default_factory=dict)
    new: frozenset[str] = frozenset()
    doubted: frozenset[Fact] = frozenset()


def read_facts(proposer: Proposer, folder: Path, text: str) -> Facts:
    """Returns what the tables of a folder say of a page with a text."""
    compared = proposer.compare(folder)
    doubted = find_doubted(proposer, folder, text)
    about: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for quad in compared.quads:
        if quad.predicate.value in _QUALIFIERS:
            about[terms.text(quad.subject)].add((quad.predicate.value.rpartition("#")[2], terms.text(quad.object)))
    simplified = list(simplify(compared.stated, read_implied(proposer)))
    carried = {stated.fact for stated in simplified if stated.statement not in doubted}
    qualifiers = {stated.fact: frozenset(about[stated.statement]) for stated in simplified}
    return Facts(qualifiers, compared.new, frozenset(qualifiers.keys() - carried))


def find_doubted(proposer: Proposer, folder: Path, text: str) -> set[str]:
    """Returns the statements (IRIs) of rows whose quotes do not mention a number, date or name of theirs."""
    problems = Problems()
    rows = read_collection(folder, proposer.tables, problems)
    job = ImportJob(proposer.layout, proposer.tables, rows, date.today().isoformat(), problems)
    contribution = job.read()
    quoted = [each for several in contribution.quotes.values() for each in several]
    places = {doubt.place for doubt in job.check_quotes(contribution, {each.row.line: text for each in quoted})}
    return {statement for each in quoted if each.row.place in places for statement in each.statements}


def simplify(found: Iterable[Stated], implied: Mapping[str, str]) -> Iterable[Stated]:
    """Leaves out the words of claims, which are the reviewer's, and what is counted apart; an event counts as the status it implies."""
    for stated in found:
        if stated.name.endswith("claimant"):
            yield Stated(stated.subject, stated.name, "", stated.statement)
        elif stated.value in implied and "/plant/" in stated.subject:
            yield Stated(stated.subject, terms.NEV + "status", implied[stated.value], stated.statement)
        elif stated.name not in _APART:
            yield stated


def read_implied(proposer: Proposer) -> dict[str, str]:
    """Returns the status that each type of event implies."""
    quads = dataset.parse_file(proposer.layout.ontology / "vocabularies" / "event-types.ttl")
    return {terms.text(quad.subject): terms.text(quad.object) for quad in quads if quad.predicate.value == terms.NEV + "impliesStatus"}


def align(gold: Facts, found: Facts) -> dict[str, str]:
    """Returns which new entity of the proposals is which of the gold: those that share most facts, names apart."""
    pairs = []
    for mine in found.new:
        kind = mine.rpartition("/")[0]
        for theirs in gold.new:
            if theirs.rpartition("/")[0] == kind and mine != theirs:
                own = {fact[1:] for fact in found.qualifiers if fact[0] == mine}
                shared = len(own & {fact[1:] for fact in gold.qualifiers if fact[0] == theirs})
                words = len(set(mine.rpartition("/")[2].split("-")) & set(theirs.rpartition("/")[2].split("-")))
                if shared + words > 1:
                    pairs.append((shared + words, mine, theirs))
    for subject, name, value in found.qualifiers:
        for other, same, theirs in gold.qualifiers:
            if name == same and value in found.new and theirs in gold.new and value.rpartition("/")[0] == theirs.rpartition("/")[0]:
                pairs.append((1 + (subject == other), value, theirs))
    chosen: dict[str, str] = {}
    for _, mine, theirs in sorted(pairs, reverse=True):
        if mine not in chosen and theirs not in chosen.values() and mine not in gold.new and theirs not in found.new:
            chosen[mine] = theirs
    return chosen


def rename(facts: Facts, names: Mapping[str, str]) -> Facts:
    """Returns facts with other names of entities."""
    renamed = {(names.get(s, s), p, names.get(o, o)): qualifiers for (s, p, o), qualifiers in facts.qualifiers.items()}
    doubted = frozenset((names.get(s, s), p, names.get(o, o)) for s, p, o in facts.doubted)
    return Facts(renamed, frozenset(names.get(iri, iri) for iri in facts.new), doubted)


def score(counts: Mapping[str, int]) -> str:
    """Returns precision, recall and F1 of counts of ``both``, ``found`` and ``gold``."""
    precision = counts["both"] / max(counts["found"], 1)
    recall = counts["both"] / max(counts["gold"], 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return (
        f"precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f} ({counts['both']} of {counts['found']} found, {counts['gold']} gold)"
    )


def count_by_property(gold: Iterable[Fact], found: Iterable[Fact]) -> dict[str, Counter[str]]:
    """Returns the counts that `score` takes for each property."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, facts in (("gold", set(gold)), ("found", set(found)), ("both", set(gold) & set(found))):
        for _, name, _ in facts:
            counts[name.rpartition("#")[2].rpartition("/")[2]][kind] += 1
    return counts


def compare_qualifiers(gold: Facts, found: Facts) -> dict[str, Counter[str]]:
    """Returns, for each qualifier that a fact in both has in one of them, how often it has the same value."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for fact in gold.qualifiers.keys() & found.qualifiers.keys():
        theirs, ours = dict(gold.qualifiers[fact]), dict(found.qualifiers[fact])
        for name in theirs.keys() | ours.keys():
            counts[name].update(right=theirs.get(name) == ours.get(name), all=1)
    return counts


def main() -> None:
    """Prints the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="*")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--pages", type=Path, help="the texts of the real pages, which are not in the project")
    parser.add_argument("--collections", type=Path, help="score the collections in this folder instead of what the rules propose")
    parser.add_argument("--set-aside", action="store_true", help="score what was set aside, instead of the rest")
    parser.add_argument("--by-property", action="store_true", help="also print the totals of each property and qualifier")
    parser.add_argument("--list", action="store_true", help="list what is missed and what is wrong")
    options = parser.parse_args()
    aside = set((options.folder / "set-aside.txt").read_text().split())
    proposer = Proposer.read(Layout.find())
    total: dict[str, Counter[str]] = defaultdict(Counter)
    by_property: dict[str, Counter[str]] = defaultdict(Counter)
    by_qualifier: dict[str, Counter[str]] = defaultdict(Counter)
    carried = 0
    seconds = 0.0
    for gold_folder in sorted((options.folder / "gold").iterdir()):
        name = gold_folder.name
        if (options.documents and name not in options.documents) or (not options.documents and (name in aside) != options.set_aside):
            continue
        with (gold_folder / "sources.csv").open(encoding="utf-8") as lines:
            source = next(csv.DictReader(lines), {})
        page = options.folder / "articles" / f"{name}.html"
        if not page.exists():
            page = (options.pages or Path()) / f"{name}.txt"
        if not page.exists() or (options.collections and not (options.collections / name).exists()):
            continue
        start = perf_counter()
        read = partial(read_document, read_page(str(page)), date.today(), proposer.words, address=source.get("url", ""))
        document = read()
        if document.published is None:
            document = read(published=_PUBLISHED)
        if options.collections:
            found = read_facts(proposer, options.collections / name, document.text)
        else:
            found_source = proposer.propose(document)
            seconds += perf_counter() - start
            with tempfile.TemporaryDirectory() as place:
                write_collection(Path(place) / name, [found_source], proposer.tables)
                found = read_facts(proposer, Path(place) / name, document.text)
        gold = read_facts(proposer, gold_folder, document.text)
        found = rename(found, align(gold, found))
        both = gold.qualifiers.keys() & found.qualifiers.keys()
        strict = sum(gold.qualifiers[fact] == found.qualifiers[fact] for fact in both)
        carried += len(found.qualifiers.keys() - found.doubted)
        for kind, number in (("core", len(both)), ("strict", strict), ("joint: core and carried by the quote", len(both - found.doubted))):
            total[kind].update(both=number, found=len(found.qualifiers), gold=len(gold.qualifiers))
        for totals, of_document in (
            (by_property, count_by_property(gold.qualifiers, found.qualifiers)),
            (by_qualifier, compare_qualifiers(gold, found)),
        ):
            for kind, counts in of_document.items():
                totals[kind].update(counts)
        total["new entities"].update(both=len(gold.new & found.new), found=len(found.new), gold=len(gold.new))
        print(
            name,
            document.language,
            document.dated_by,
            score({"both": len(both), "found": len(found.qualifiers), "gold": len(gold.qualifiers)}),
        )
        if options.list:
            spaces = terms.prefixes(proposer.layout.ontology)
            for sign, facts in (
                ("  missed", gold.qualifiers.keys() - both),
                ("  wrong ", found.qualifiers.keys() - both),
                ("  right ", both),
            ):
                for fact in sorted(facts):
                    print(sign, *(terms.shorten(part, spaces) for part in fact))
                    if fact in both and gold.qualifiers[fact] != found.qualifiers[fact]:
                        print("     gold", *sorted(gold.qualifiers[fact] - found.qualifiers[fact]))
                        print("     not ", *sorted(found.qualifiers[fact] - gold.qualifiers[fact]))
    for kind, counts in total.items():
        print(f"{kind}: {score(counts)}")
    print(f"carried by their quotes: {carried} of {total['core']['found']} proposed")
    if options.by_property:
        for kind, counts in sorted(by_property.items(), key=lambda each: -each[1]["gold"]):
            print(f"{kind}: {score(counts)}")
        for kind, counts in sorted(by_qualifier.items()):
            print(f"{kind}: right in {counts['right']} of {counts['all']}")
    if not options.collections:
        print(f"{seconds:.1f} s for reading")


if __name__ == "__main__":
    main()
