"""``nevkg validate`` and ``reason``: checks the data against shapes and rules, and ontology and data for consistency."""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, islice
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from nevkg.cli import Command, common, write
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore
from nevkg.table import terminal
from nevkg.table.terminal import Cells
from nevkg.validate import owl
from nevkg.validate.engines import DEFAULT, ENGINES
from nevkg.validate.findings import SEVERITY_NAMES, SH, Finding, Severity
from nevkg.validate.messages import Messages, make_messages
from nevkg.validate.run import Report, validate, validate_store
from nevkg.words import words_of

_SAMPLE = 3
_WORDS = words_of("cli.validate")
_SHOWN = 5


def _add_validate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", metavar="FILE", nargs="*", type=Path, help="validate these files and what they refer to (default: all data)"
    )
    parser.add_argument("--engine", choices=list(ENGINES), default=DEFAULT, help="default: %(default)s")
    parser.add_argument("--format", choices=["words", "table", "json", "turtle"], default="words", help="default: %(default)s")
    parser.add_argument("--fresh", action="store_true", help="validate everything again, without cached results of earlier runs")
    parser.add_argument("--all", action="store_true", help=f"print every remark, not only the first {_SAMPLE} of a kind")
    common.add_place(parser)
    common.add_language(parser)


def _validate(options: argparse.Namespace) -> int:
    """Prints the findings, most severe first; returns 1 if any is a violation."""
    layout = common.layout(options)
    if options.store and options.files:
        raise WrongUsage("--store validates the content of a store, which does not include files; leave one of them out.")
    report = (
        validate_store(common.open_for(options), options.engine)
        if options.store
        else validate(layout, options.files, options.engine, fresh=options.fresh)
    )
    selected = report.findings if options.all or options.format != "words" else _sample(report.findings)
    messages = make_messages(report, layout, options.lang, selected)
    if options.format == "json":
        content = json.dumps([_record(finding, report, messages) for finding in report.findings], ensure_ascii=False, indent=2) + "\n"
    elif options.format == "turtle":
        content = _turtle(report, layout, messages)
    elif options.format == "table":
        content = _table(report, messages)
    else:
        content = _in_words(report, selected, messages)
    common.show(content.encode())
    return 0 if report.conforms else 1


def _where(finding: Finding, report: Report) -> str:
    place = report.places.locate(finding)
    return f"{_near(place.file)}:{place.line}" if place else ""


def _near(path: Path) -> Path:
    """Returns the path relative to the current folder, if it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _kind(finding: Finding) -> tuple[Severity, str]:
    return finding.severity, finding.rule


def _sample(findings: Sequence[Finding]) -> list[Finding]:
    """Returns all violations and warnings, and the first few remarks of each kind."""
    groups = groupby(findings, key=_kind)
    return [finding for (severity, _), group in groups for finding in islice(group, _SAMPLE if severity is Severity.INFO else None)]


def _in_words(report: Report, selected: Sequence[Finding], messages: Messages) -> str:
    """Formats the selected findings, one per line by severity and rule, with the number of omitted ones and the totals."""
    lines = []
    found = Counter(map(_kind, report.findings))
    for kind, group in groupby(selected, key=_kind):
        of_kind = [_line(finding, report, messages) for finding in group]
        lines += of_kind
        if len(of_kind) < found[kind]:
            lines.append(_WORDS[messages.language]["more"].format(found[kind] - len(of_kind)))
    counts = Counter(finding.severity for finding in report.findings)
    return "\n".join([*lines, _WORDS[messages.language]["total"].format(*(counts[severity] for severity in Severity))]) + "\n"


def _line(finding: Finding, report: Report, messages: Messages) -> str:
    where = _where(finding, report)
    parts = (
        f"{SEVERITY_NAMES[messages.language][finding.severity]}: {messages.sentence(finding)}",
        messages.fix(finding),
        f"[{where}]" if where else "",
    )
    return " ".join(part for part in parts if part)


def _record(finding: Finding, report: Report, messages: Messages) -> dict[str, object]:
    place = report.places.locate(finding)
    return {
        "severity": finding.severity.name.lower(),
        "rule": finding.rule,
        "focus": finding.focus,
        "path": finding.path or None,
        "component": finding.component or None,
        "value": finding.value or None,
        "sentence": messages.sentence(finding),
        "fix": messages.fix(finding),
        "file": str(place.file) if place else None,
        "line": place.line if place else None,
    }


def _table(report: Report, messages: Messages) -> str:
    rows = [
        [finding.severity.name.lower(), _where(finding, report), messages.sentence(finding), messages.fix(finding)]
        for finding in report.findings
    ]
    return terminal.render_table(Cells(["severity", "where", "what", "how to fix it"], rows), terminal.width(), styled=terminal.is_styled())


def _turtle(report: Report, layout: Layout, messages: Messages) -> str:
    """Returns a SHACL validation report; the IRIs of results are derived from their content, so equal reports have equal bytes."""
    node = NamedNode
    top = node(terms.BASE + "validation-report")
    triples = [
        Triple(top, node(terms.RDF + "type"), node(SH + "ValidationReport")),
        Triple(top, node(SH + "conforms"), Literal(report.conforms)),
    ]
    for finding in report.findings:
        name = hashlib.sha256(repr(finding).encode()).hexdigest()[:32]
        result = node(f"{terms.BASE}validation-result/{name}")
        facts: list[tuple[str, terms.Term]] = [
            ("resultSeverity", node(finding.severity.iri)),
            ("sourceShape", node(finding.rule)),
            ("resultMessage", Literal(f"{messages.sentence(finding)} {messages.fix(finding)}".strip(), language=messages.language)),
        ]
        if ":" in finding.focus:
            facts.append(("focusNode", node(finding.focus)))
        if finding.path and ":" in finding.path and " " not in finding.path:
            facts.append(("resultPath", node(finding.path)))
        if finding.component:
            facts.append(("sourceConstraintComponent", node(finding.component)))
        if finding.value:
            facts.append(
                ("value", node(finding.value[1:-1]) if finding.value.startswith("<") else Literal(messages.format_value(finding.value)))
            )
        triples += [Triple(top, node(SH + "result"), result), Triple(result, node(terms.RDF + "type"), node(SH + "ValidationResult"))]
        triples += [Triple(result, node(SH + name), value) for name, value in facts]
    return serialise(triples, "turtle", terms.prefixes(layout.ontology)).decode()


def _add_reason_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--time-limit",
        type=float,
        default=120,
        metavar="SECONDS",
        help="time limit for finding the conflicting facts (default: %(default)s)",
    )
    common.add_language(parser)


def _reason(options: argparse.Namespace) -> int:
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
    lines.append(f"Classes that can have no member: {', '.join(terms.shorten(term, spaces) for term in empty) or 'none'}.")
    for profile, constructs in owl.find_profile_violations(axioms).items():
        lines.append(f"OWL 2 {profile}: {'outside, by ' + ', '.join(constructs) if constructs else 'inside'}.")
    is_sound = not empty
    lines += ["", f"{'property or class':<28} {'HermiT':>7} {'rules':>7}"]
    for comparison in [*owl.compare(store), *owl.compare_classes(store)]:
        lines.append(f"{terms.shorten(comparison.name, spaces):<28} {comparison.by_owl:>7} {comparison.by_rules:>7}")
        for who, pairs in (("HermiT", comparison.only_owl), ("the rules", comparison.only_rules)):
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


COMMANDS = {
    "validate": Command(_add_validate_arguments, _validate),
    "reason": Command(_add_reason_arguments, _reason),
}
