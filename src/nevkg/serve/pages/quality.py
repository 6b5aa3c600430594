"""The page of data quality: what the data covers, how well sources support it, and what its checks find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.stories import load_stories
from nevkg.serve.api.dataset_jobs import describe_dataset, describe_findings, find_check, list_checks, measure_quality
from nevkg.serve.api.responses import Check
from nevkg.serve.pages import documents
from nevkg.serve.pages.render import PageTask, View, count_pages, page
from nevkg.store import Store

_PAGE = 25
_SEVERITIES = ("violation", "warning", "info")
# The tag and the topic of questions on the same matters.
_TAG, _TOPIC = "evidence", "sources"
# The story of what newer pages would change, if there is one.
_STORY = "maintenance"


@dataclass(frozen=True)
class QualityPage(PageTask):
    """The page of data quality."""

    def _render(self, store: Store, view: View) -> bytes:
        sections: dict[str, list[Mapping[str, Any]]] = {}
        for table in measure_quality(store, view.language):
            kinds = [_kind([row[index] for row in table["rows"]]) for index in range(len(table["columns"]))]
            sections.setdefault(table["section"], []).append({**table, "kinds": kinds})
        questions = [question for question in load_catalogue(store.layout).find() if _TAG in question.tags or question.topic == _TOPIC]
        stories = [story for story in load_stories(store.layout, view.language) if story.name == _STORY]
        dataset = describe_dataset(store, view.language)
        return _page(store, view, "quality", dataset=dataset, stories=stories, questions=questions, sections=sections)


def _page(store: Store, view: View, template: str, **content: object) -> bytes:
    return page(template, view, documents=documents.of_page(store, view), **content)


def _kind(cells: Sequence[object]) -> str:
    """Returns the class of a column: that of numbers, or none."""
    filled = [cell for cell in cells if cell not in (None, "")]
    return "number" if filled and all(isinstance(cell, int | float) for cell in filled) else ""


@dataclass(frozen=True)
class ChecksPage(PageTask):
    """The list of checks, with the number of their findings. To run all checks takes seconds."""

    def _render(self, store: Store, view: View) -> bytes:
        checks = sorted(list_checks(store, view.language), key=lambda check: (_SEVERITIES.index(check["severity"]), -check["found"]))
        sums = [_sum([check for check in checks if check["severity"] == severity], severity) for severity in _SEVERITIES]
        found, passed = ([check for check in checks if bool(check["found"]) == has_findings] for has_findings in (True, False))
        return _page(store, view, "checks", severities=sums, checks=found, passed=passed)


def _sum(checks: Sequence[Check], severity: str) -> Mapping[str, Any]:
    return {"severity": severity, "checks": len(checks), "found": sum(check["found"] for check in checks)}


@dataclass(frozen=True)
class FindingsPage(PageTask):
    """The findings of a check; ``page`` counts from 1. ``Problem`` 404 if there is no such check or page."""

    check: str
    page: int

    def _render(self, store: Store, view: View) -> bytes:
        check, found = find_check(store, self.check, view.language)
        pages = count_pages(len(found), _PAGE, self.page, "of these findings")
        start = (self.page - 1) * _PAGE
        part = describe_findings(store, found[start : start + _PAGE], view.language)
        return _page(store, view, "findings", check=check, findings=part, start=start + 1, number=self.page, pages=pages)
