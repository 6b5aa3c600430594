"""Writes docs/conformance.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tests.interop.suites import CAUSES, Gap, Outcome, Plan, Suite

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


_PAGE = """\
# Conformance

<!-- made by python -m tests.interop -->

Results of nevkg in the W3C test suites for SPARQL, SHACL and RDF. Each test passes or is a gap. A gap has one of three causes:

- **engine**: Oxigraph or the SHACL engine does not give the expected result.
- **by design**: nevkg does not support the feature, and reports this to the client.
- **ours**: a bug in nevkg that is not fixed yet.

Measured on {date} with {engines}; suites: {sources}.

{table}

## Gaps

{gaps}

## Not offered

{absences}

## How it is measured

```sh
{clones}
.venv/bin/python -m tests.interop                    # runs all tests and writes this page
.venv/bin/python -m pytest tests/interop/test_conformance.py # fails if a result differs from this page
```

[tests/interop/suites.toml](../tests/interop/suites.toml) lists the manifests,
[tests/interop/gaps.toml](../tests/interop/gaps.toml) the gaps. The run fails if a test fails that is not listed as a gap, if a
listed gap passes, or if a listed gap is no longer in its suite.

- Test files get IRIs below `https://w3id.org/nevkg/`, because nevkg resolves relative IRIs against it.
- Test data has no dataset date, so the default graph of nevkg is the union of all graphs. The tests expect a separate default
  graph. Queries without FROM are therefore sent with `default-graph-uri` and `named-graph-uri`.
- A syntax test passes if the engine can parse the query. Eight of these queries call undefined functions, such as
  `<http://example.org/name>()`; the endpoint refuses them with 400.
- Results are compared in the canonical form of RDFC-1.0, and numbers of one datatype by value, everything else as it is
  written; the engine under test has no part in that. The order of rows is compared only if the
  expected result has one.
- SHACL results are compared by severity, focus node, path, value, component and shape. The terms inside complex paths and the
  names of blank nodes are not compared.
"""
_CLONE = "git clone {0.address} ../{0.name} && git -C ../{0.name} checkout {1}\nexport {0.variable}=../{0.name}"


def make_page(plan: Plan, outcomes: Iterable[Outcome], gaps: Sequence[Gap]) -> str:
    """Returns the page as Markdown.

    Args:
        plan: the suites that were run.
        outcomes: outcomes of all tests.
        gaps: the known gaps.

    Raises:
        CouldNotRun: if the commit of a repository is not known.
    """
    commits = {repository: repository.read_commit() for repository in plan.repositories}
    return _PAGE.format(
        date=date.today().isoformat(),
        engines=", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        sources=" and ".join(f"[{clone.name}]({clone.address}) at commit `{commit[:12]}`" for clone, commit in commits.items()),
        table=make_table(plan.suites, outcomes, gaps),
        gaps="\n\n".join(_format_gaps(plan.suites, gaps)),
        absences="\n".join(f"- {absence.name}: {absence.reason}" for absence in plan.absences),
        clones="\n".join(_CLONE.format(clone, commit) for clone, commit in commits.items()),
    )


def make_table(suites: Iterable[Suite], outcomes: Iterable[Outcome], gaps: Iterable[Gap]) -> str:
    """Returns the table, with a row for each suite."""
    totals = Counter(outcome.suite for outcome in outcomes)
    missed = Counter((gap.suite, gap.cause) for gap in gaps for _ in gap.tests)
    rows = ["| suite | tested through | passed | " + " | ".join(_TITLES[cause] for cause in CAUSES) + " | total |"]
    rows.append("|---|---|--:|" + "--:|" * len(CAUSES) + "--:|")
    for suite in suites:
        causes = [missed[suite.name, cause] for cause in CAUSES]
        total = totals[suite.name]
        rows.append(f"| {suite.name} | {_THROUGH[suite.runner]} | {' | '.join(map(str, [total - sum(causes), *causes, total]))} |")
    return "\n".join(rows)


def _format_gaps(suites: Iterable[Suite], gaps: Sequence[Gap]) -> Iterator[str]:
    for suite in suites:
        if own := [gap for gap in gaps if gap.suite == suite.name]:
            lines = [f"- {_TITLES[gap.cause]}: {gap.reason} {', '.join(f'`{test}`' for test in gap.tests)}" for gap in own]
            yield "\n".join([f"### {suite.name}", "", *lines])


def write_page(text: str, file: Path = FILE) -> bool:
    """Writes the page, unless only the date differs. Returns whether the file was written."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if _DATE.sub("", before) == _DATE.sub("", text):
        return False
    file.write_text(text, encoding="utf-8")
    return True
