"""The W3C test suites: all tests pass except for the known gaps, and the page has the results.

The suites are not part of the repository. They run if the environment names their folders. The other tests here use a
small suite of our own to check that the harness detects failures.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest
from pyoxigraph import Dataset, RdfFormat, parse
from tests.interop.page import FILE, make_table, write_page
from tests.interop.results import canonicalise_table
from tests.interop.suites import CAUSES, Gap, Outcome, Repository, Suite, find_surprises, read_gaps, read_plan

from nevkg.data import terms
from nevkg.errors import CouldNotRun

PLAN, GAPS = read_plan(), read_gaps()
PAGE = FILE.read_text(encoding="utf-8")
OWN = Path(__file__).parent / "own"
MISSING = [repository for repository in PLAN.repositories if not os.environ.get(repository.variable)]


def run_own_suite(runner: str, kinds: Collection[str], manifest: str = "manifest.ttl") -> dict[str, bool]:
    """Returns whether each test of our own suite fails."""
    outcomes = Suite("own", "own", manifest, runner, tuple(kinds)).run(OWN)
    return {outcome.test.partition("/")[2]: bool(outcome.failure) for outcome in outcomes}


@pytest.mark.skipif(
    bool(MISSING),
    reason=f"{' and '.join(repository.variable for repository in MISSING)} not set; docs/conformance.md says how to get the suites",
)
def test_all_suites_pass_but_for_the_named_gaps() -> None:
    outcomes = PLAN.run()
    assert find_surprises(outcomes, GAPS) == []
    assert make_table(PLAN.suites, outcomes, GAPS) in PAGE


def test_the_page_and_the_gaps_agree() -> None:
    rows = dict(parse_rows(PAGE))
    assert list(rows) == [suite.name for suite in PLAN.suites]
    counted = Counter((gap.suite, gap.cause) for gap in GAPS for _ in gap.tests)
    for suite, (passed, *causes, total) in rows.items():
        assert causes == [counted[suite, cause] for cause in CAUSES]
        assert passed + sum(causes) == total > 0
    assert {gap.suite for gap in GAPS} <= set(rows)
    gaps, absences = (PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0] for title in ("Gaps", "Not offered"))
    listed = re.findall(r"`([\w-]+/[\w-]+)`", gaps)
    assert sorted(listed) == sorted(test for gap in GAPS for test in gap.tests)
    assert all(gap.reason in gaps for gap in GAPS)
    assert absences.split("\n- ")[1:] == [
        *(f"{absence.name}: {absence.reason}" for absence in PLAN.absences[:-1]),
        f"{PLAN.absences[-1].name}: {PLAN.absences[-1].reason}\n",
    ]


def parse_rows(page: str) -> Iterator[tuple[str, list[int]]]:
    """Yields the suites of the table with their numbers."""
    for line in page.splitlines():
        if match := re.match(r"\| (.+?) \| .+? ((?:\| \d+ )+)\|$", line):
            yield match[1], [int(number) for number in re.findall(r"\d+", match[2])]


@pytest.mark.parametrize(
    ("outcomes", "gaps", "expected"),
    [
        ([Outcome("s", "a", "")], [], []),
        ([Outcome("s", "a", "wrong")], [Gap("s", "engine", "It is so.", ["a"])], []),
        ([Outcome("s", "a", "wrong")], [], ["s: a fails: wrong"]),
        ([Outcome("s", "a", "")], [Gap("s", "engine", "It is so.", ["a"])], ["s: a passes, and is still a gap."]),
        ([], [Gap("s", "ours", "It is so.", ["a"])], ["s: a is a gap, and no test of the suite."]),
        (
            [Outcome("s", "a", "wrong")],
            [Gap("t", "ours", "It is so.", ["a"])],
            ["t: a is a gap, and no test of the suite.", "s: a fails: wrong"],
        ),
        ([Outcome("s", "a", "wrong")], [Gap("s", "ours", "It is so.", ["a", "a"])], ["s: a is a gap twice."]),
        (
            [Outcome("s", "a", "wrong")],
            [Gap("s", "luck", "It is so.", ["a"])],
            ["The cause 'luck' is none of engine, design, ours: It is so."],
        ),
    ],
)
def test_differences_from_the_gaps_are_reported(outcomes: Sequence[Outcome], gaps: Sequence[Gap], expected: list[str]) -> None:
    assert find_surprises(outcomes, gaps) == expected


def test_the_harness_detects_wrong_answers() -> None:
    assert run_own_suite("store", ["QueryEvaluationTest"]) == {
        "rows": False,
        "wrong-rows": True,
        "in-order": False,
        "wrong-order": True,
        "repeated": False,
        "blank": False,
        "wrong-blank": True,
        "graphs": False,
        "from": False,
    }


def test_the_harness_detects_wrong_syntax_results() -> None:
    failures = run_own_suite("store", ["PositiveSyntaxTest11", "NegativeSyntaxTest11"])
    assert failures == {"reads": False, "wrong-reads": True, "refuses": False, "service": True}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_the_harness_detects_wrong_findings(engine: str) -> None:
    assert run_own_suite(engine, ["Validate"]) == {"finds": False, "wrong-finds": True, "fails": False}


def test_the_harness_detects_wrong_responses() -> None:
    failures = run_own_suite("server", [], "server/manifest.ttl")
    assert failures == {"asks": False, "wrong-asks": True, "refused": False, "wrong-refused": True, "csv": False, "wrong-csv": True}


def test_the_page_is_unchanged_if_only_the_date_differs(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert write_page("a\nMeasured on 2026-01-01 with b.\n", page)
    assert not write_page("a\nMeasured on 2026-01-02 with b.\n", page)
    assert "2026-01-01" in page.read_text(encoding="utf-8")
    assert write_page("a\nMeasured on 2026-01-02 with c.\n", page)


def test_a_folder_without_a_commit_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repository = Repository("suite", "https://example.org/suite", "NEVKG_TEST_SUITE")
    with pytest.raises(CouldNotRun, match=r"NEVKG_TEST_SUITE names no folder; set it to a clone of https://example.org/suite\."):
        repository.find_folder()
    monkeypatch.setenv(repository.variable, str(tmp_path))
    with pytest.raises(CouldNotRun, match="is not the top folder of a git clone"):
        repository.read_commit()


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        ('"1.0"^^xsd:decimal', '"1"^^xsd:decimal', True),
        ('"2E1"^^xsd:double', '"20.0"^^xsd:double', True),
        ('"1"^^xsd:decimal', '"1"^^xsd:integer', False),
        ('"1"^^xsd:int', '"1"^^xsd:integer', False),
        ('"0"^^xsd:boolean', '"false"^^xsd:boolean', False),
        ('"2006-08-23+00:00"^^xsd:date', '"2006-08-23Z"^^xsd:date', False),
    ],
)
def test_expected_results_are_not_changed_as_the_engine_changes_its_own(one: str, other: str, are_equal: bool) -> None:
    def read(term: str) -> Dataset:
        (quad,) = parse(f"@prefix xsd: <{terms.XSD}> . <x:s> <x:p> {term} .", RdfFormat.TURTLE)
        return canonicalise_table(["o"], [{"o": quad.object}])

    assert (read(one) == read(other)) is are_equal
