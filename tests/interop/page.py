"""Writes docs/conformance.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tests.interop.gaps import CAUSES, Gap
from tests.interop.suites import Absence, Outcome, Plan, Repository, Suite

FILE = Path(__file__).parents[2] / "docs" / "conformance.md"
_PACKAGES = ("pyoxigraph", "shacl", "pyshacl", "rdflib")
_TITLES = {"engine": "engine", "design": "by design", "ours": "ours"}
_THROUGH = {
    "parser": "the RDF parser (Oxigraph)",
    "pyshacl": "`nevkg validate --engine pyshacl`",
    "server": "`nevkg serve`, over HTTP",
    "shacl": "`nevkg validate`",
    "store": "the embedded store and its query guard",
}
_DATE = re.compile(r"^Measured on \d{4}-\d\d-\d\d ", re.MULTILINE)


def make_page(plan: Plan, outcomes: Iterable[Outcome], gaps: Sequence[Gap]) -> str:
    """Returns the page as Markdown.

    Args:
        plan: The suites that were run.
        outcomes: Outcomes of all tests.
        gaps: The known gaps.

    Raises:
        CouldNotRun: If the commit of a repository is not known.
    """
    commits = {repository: repository.read_commit() for repository in plan.repositories}
    table = make_table(plan.suites, outcomes, gaps)
    return "\n".join(
        [
            *_format_introduction(commits),
            *table,
            *_format_gaps(plan.suites, gaps),
            *_format_absences(plan.absences),
            *_format_method(commits),
        ]
    )


def _format_introduction(commits: Mapping[Repository, str]) -> Iterator[str]:
    engines = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    sources = " and ".join(f"[{repository.name}]({repository.address}) at commit `{commit[:12]}`" for repository, commit in commits.items())
    yield "# Conformance"
    yield ""
    yield "<!-- made by python -m tests.interop -->"
    yield ""
    yield "Results of nevkg in the W3C test suites for SPARQL, SHACL and RDF. Each test passes or is a gap. A gap has one of three causes:"
    yield ""
    yield "- **engine**: Oxigraph or the SHACL engine does not give the expected result."
    yield "- **by design**: nevkg does not support the feature, and reports this to the client."
    yield "- **ours**: a bug in nevkg that is not fixed yet."
    yield ""
    yield f"Measured on {date.today().isoformat()} with {engines}; suites: {sources}."
    yield ""


def make_table(suites: Iterable[Suite], outcomes: Iterable[Outcome], gaps: Iterable[Gap]) -> Iterator[str]:
    """Yields the lines of the table, with a row for each suite."""
    totals = Counter(outcome.suite for outcome in outcomes)
    missed = Counter((gap.suite, gap.cause) for gap in gaps for _ in gap.tests)
    yield "| suite | tested through | passed | " + " | ".join(_TITLES[cause] for cause in CAUSES) + " | total |"
    yield "|---|---|--:|" + "--:|" * len(CAUSES) + "--:|"
    for suite in suites:
        causes = [missed[suite.name, cause] for cause in CAUSES]
        total = totals[suite.name]
        yield f"| {suite.name} | {_THROUGH[suite.runner]} | {' | '.join(map(str, [total - sum(causes), *causes, total]))} |"
    yield ""


def _format_gaps(suites: Iterable[Suite], gaps: Sequence[Gap]) -> Iterator[str]:
    yield "## Gaps"
    yield ""
    for suite in suites:
        own = [gap for gap in gaps if gap.suite == suite.name]
        if own:
            yield f"### {suite.name}"
            yield ""
            yield from (f"- {_TITLES[gap.cause]}: {gap.reason} {', '.join(f'`{test}`' for test in gap.tests)}" for gap in own)
            yield ""


def _format_absences(absences: Iterable[Absence]) -> Iterator[str]:
    yield "## Not offered"
    yield ""
    yield from (f"- {absence.name}: {absence.reason}" for absence in absences)
    yield ""


def _format_method(commits: Mapping[Repository, str]) -> Iterator[str]:
    yield "## How it is measured"
    yield ""
    yield "```sh"
    for repository, commit in commits.items():
        yield f"git clone {repository.address} ../{repository.name} && git -C ../{repository.name} checkout {commit}"
        yield f"export {repository.variable}=../{repository.name}"
    yield ".venv/bin/python -m tests.interop                    # runs all tests and writes this page"
    yield ".venv/bin/python -m pytest tests/interop/test_conformance.py # fails if a result differs from this page"
    yield "```"
    yield ""
    yield "[tests/interop/suites.toml](../tests/interop/suites.toml) lists the manifests,"
    yield "[tests/interop/gaps.toml](../tests/interop/gaps.toml) the gaps. The run fails if a test fails that is not listed as a gap, if a"
    yield "listed gap passes, or if a listed gap is no longer in its suite."
    yield ""
    yield "- Test files get IRIs below `https://w3id.org/nevkg/`, because nevkg resolves relative IRIs against it."
    yield "- Test data has no dataset date, so the default graph of nevkg is the union of all graphs. The tests expect a separate default"
    yield "  graph. Queries without FROM are therefore sent with `default-graph-uri` and `named-graph-uri`."
    yield "- A syntax test passes if the engine can parse the query. Eight of these queries call undefined functions, such as"
    yield "  `<http://example.org/name>()`; the endpoint refuses them with 400."
    yield "- Results are compared in the canonical form of RDFC-1.0, and numbers of one datatype by value, everything else as it is"
    yield "  written; the engine under test has no part in that. The order of rows is compared only if the"
    yield "  expected result has one."
    yield "- SHACL results are compared by severity, focus node, path, value, component and shape. The terms inside complex paths and the"
    yield "  names of blank nodes are not compared."
    yield ""


def write_page(text: str, file: Path = FILE) -> bool:
    """Writes the page, unless only the date differs. Returns whether the file was written."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if _DATE.sub("", before) == _DATE.sub("", text):
        return False
    file.write_text(text, encoding="utf-8")
    return True
