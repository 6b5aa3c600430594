"""The benchmark of questions: its files, its golden answers, and how systems are scored."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import mlcroissant
import pytest
from benchmarks.scoring.baseline import Baseline, find_named
from benchmarks.scoring.coverage import covers, measure_coverage
from benchmarks.scoring.croissant import describe
from benchmarks.scoring.golden import Golden, compute_golden, find_days, load_golden, write_lines
from benchmarks.scoring.items import DESCRIPTION, FOLDER, GOLDEN, QUERY, ToolCall, load_items, read_item
from benchmarks.scoring.score import Report, Response, find_sources, match_rows, score, score_response

from nevkg import KnowledgeGraph
from nevkg.ask.catalogue import load_catalogue
from nevkg.errors import InvalidData
from nevkg.lookup.entities import labels
from nevkg.store import EmbeddedStore

README = (FOLDER / "README.md").read_text(encoding="utf-8")
ITEMS = load_items()
ANSWERS = load_golden()
ANSWER = Golden("one", "lookup", "2026-01-01", "?", "？", ["a", "b"], [["x", "1"], ["y", "2"]], [["s"], ["s", "t"]])
NOTHING = replace(ANSWER, rows=[], sources=[])
SOURCES = {"s": "s", "t": "t", "https://example.org/t": "t"}


@pytest.fixture(scope="module")
def graph(shipped: EmbeddedStore) -> KnowledgeGraph:
    return KnowledgeGraph(shipped)


def test_there_are_150_questions_of_eight_kinds_in_both_languages() -> None:
    kinds = Counter(item.kind for item in ITEMS)
    assert len(ITEMS) == 150
    assert len(kinds) == 8
    assert all(15 <= number <= 25 for number in kinds.values()), kinds
    table = re.findall(r"^\| `(\w+)/` \| (\d+) \|", README, re.MULTILINE)
    assert {kind: int(number) for kind, number in table} == kinds
    for language, is_chinese in (("en", False), ("zh", True)):
        texts = [item.text[language] for item in ITEMS]
        assert len(set(texts)) == len(texts)
        assert all(bool(re.search(r"[\u4e00-\u9fff]", text)) == is_chinese for text in texts)


def test_no_question_repeats_a_title_of_the_catalogue(shipped: EmbeddedStore) -> None:
    def plain(text: str) -> str:
        return "".join(re.findall(r"\w", text.casefold()))

    titles = {plain(title) for question in load_catalogue(shipped.layout).questions.values() for title in question.title.values()}
    assert len(titles) > 150
    assert not titles & {plain(text) for item in ITEMS for text in item.text.values()}


@pytest.mark.slow
def test_golden_answers_and_description_are_current(graph: KnowledgeGraph) -> None:
    lines = write_lines(compute_golden(graph, ITEMS))
    assert lines == GOLDEN.read_text(encoding="utf-8"), "if the new answers are right: python -m benchmarks.scoring golden"
    assert describe(graph, lines, len(ITEMS)) == DESCRIPTION.read_text(encoding="utf-8")


def test_each_golden_row_has_a_source_and_days_differ(shipped: EmbeddedStore) -> None:
    known_sources = find_sources(shipped)
    assert all(sources and set(sources) <= set(known_sources) for answer in ANSWERS for sources in answer.sources)
    first, second = find_days(KnowledgeGraph(shipped))
    by_day = {day: {answer.name: answer.rows for answer in ANSWERS if answer.day == day} for day in (first, second)}
    assert sum(by_day[first][name] != by_day[second][name] for name in by_day[first]) > len(ITEMS) / 2


def test_only_negative_questions_have_empty_answers() -> None:
    last = max(answer.day for answer in ANSWERS)
    empty = {answer.kind for answer in ANSWERS if answer.day == last and not answer.rows}
    assert empty == {"negative"}


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("question: {en: Who?}", "'question' must have the text in en and zh"),
        ("question: {en: Who?, zh: 谁？}\n#+ tags: [a]", "unknown key 'tags'"),
        ("question: {en: Who?, zh: 谁？}\n#+ answered_by: {asks: owners}", "must name one of question, describe and path"),
    ],
)
def test_an_invalid_head_is_explained(tmp_path: Path, head: str, message: str) -> None:
    path = tmp_path / "one.rq"
    path.write_text(f"#+ {head}\n\nSELECT ?a WHERE {{ ?a a nev:Plant }}\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=message):
        read_item(path)


def test_golden_answers_have_full_scores(shipped: EmbeddedStore) -> None:
    right = {(answer.en, answer.day): answer for answer in ANSWERS} | {(answer.zh, answer.day): answer for answer in ANSWERS}

    def system(question: str, language: str, day: str) -> Response:  # noqa: ARG001
        answer = right[question, day]
        return Response(answer.rows, answer.sources, not answer.rows)

    summary = Report(score(system, ANSWERS, shipped)).summary()
    assert len(summary) == 18
    assert summary[-1]["answers"] == len(ANSWERS)
    for line in summary:
        assert {line[name] for name in ("exact", "F1")} == {1}
        assert {line[name] for name in ("right rows cited", "citations exist", "citations support")} <= {1, None}
        assert line["not known, wrongly"] in (0, None)
        assert line["not known, rightly"] in (1, None)


def test_rows_match_in_any_order_and_only_once() -> None:
    whole = score_response(Response([["2", "y"], ["1", "x"]], [["t"], ["t"]]), ANSWER, "en", SOURCES)
    assert (whole.exact, whole.f1, whole.cited, whole.existing, whole.supporting) == (1, 1, 0.5, 1, 0.5)
    wide = score_response(Response([["x", "1", "y", "2"]]), ANSWER, "en", SOURCES)
    assert wide.f1 == pytest.approx(2 / 3)
    assert (wide.exact, wide.cited, wide.existing) == (0, 0, None)
    assert match_rows([["x", "1", "y", "2"], ["x", "1"]], ANSWER.rows) == {0: 1, 1: 0}
    assert match_rows([["x", "1"], ["x", "1"]], ANSWER.rows) == {0: 0}


def test_a_citation_must_exist_and_support_its_row() -> None:
    response = Response([["x", "1"], ["y", "2"], ["z", "3"]], [["made-up"], ["https://example.org/t"], ["s"]])
    found = score_response(response, ANSWER, "en", SOURCES)
    assert found.f1 == pytest.approx(0.8)
    assert found.cited == 0.5
    assert found.existing == pytest.approx(2 / 3)
    assert found.supporting == pytest.approx(1 / 3)


def test_only_an_explicit_not_known_counts() -> None:
    assert score_response(Response(not_known=True), NOTHING, "en", {}).exact == 1
    assert score_response(Response(), NOTHING, "en", {}).exact == 0
    assert score_response(Response([["x"]], not_known=True), NOTHING, "en", {}).exact == 0
    wrong = score_response(Response(not_known=True), ANSWER, "en", {})
    assert (wrong.exact, wrong.f1, wrong.known, wrong.unknown) == (0, 0, True, True)


@pytest.mark.slow
def test_a_tool_is_measured_by_its_answer(graph: KnowledgeGraph) -> None:
    names = {"negative/szeged-exports", "lookup/seres-stock-code", "paths/mg-and-gm", "lookup/camacari-models", "counting/turkish-policies"}
    items = [item for item in ITEMS if f"{item.kind}/{item.name}" in names]
    assert len(items) == len(names)
    coverage = measure_coverage(graph, items, ANSWERS)
    assert coverage.typed == 1
    assert set(coverage.tools.values()) == {"question", "describe", "path"}
    other = [replace(item, answered_by=ToolCall("question", "owners")) for item in items]
    wrong = measure_coverage(graph, other, ANSWERS)
    assert set(wrong.failed) == names
    assert set(wrong.tools.values()) == {QUERY}


def test_a_tool_covers_an_answer_with_more_columns_but_no_empty_one_with_rows() -> None:
    assert covers([("x", "1", "more"), ("y", "2"), ("z", "3")], ANSWER)
    assert not covers([("x", "1")], ANSWER)
    assert covers([], NOTHING)
    assert not covers([("x",)], NOTHING)


@pytest.mark.nightly
def test_the_tools_answer_most_questions(graph: KnowledgeGraph) -> None:
    coverage = measure_coverage(graph, ITEMS, ANSWERS)
    assert not coverage.failed
    counts = Counter(coverage.tools.values())
    assert f"{len(ITEMS) - counts[QUERY]} of the {len(ITEMS)} questions ({coverage.typed:.0%}".replace("%", " percent") in README
    assert re.findall(r"^\| (?:a question of|the description|paths|only).* \| (\d+) \|$", README, re.MULTILINE) == [
        str(counts[tool]) for tool in ("question", "describe", "path", QUERY)
    ]


def test_the_baseline_finds_names_in_both_languages(graph: KnowledgeGraph) -> None:
    def found(text: str) -> list[set[str]]:
        return [set(labels(graph.store, iris, "en").values()) for iris in find_named(graph, text)]

    # "are" and "and" are also codes of countries, but in capital letters only.
    english = [label for group in found("Where are BYD and Chery?") for label in group]
    assert "BYD" in english
    assert not {"United Arab Emirates", "Andorra"} & set(english)
    assert any("BYD" in group for group in found("比亚迪的工厂在哪里？"))


def test_the_baseline_answers_with_sources(graph: KnowledgeGraph) -> None:
    response = Baseline(graph)("In which plants are vehicles of BYD built?", "en", graph.as_of)
    assert graph.resolve("plant:byd-rayong") in {value for row in response.rows for value in row}
    assert len(response.citations) == len(response.rows)
    assert set(response.citations[0]) <= set(find_sources(graph.store))


def test_the_description_is_valid_croissant() -> None:
    dataset = mlcroissant.Dataset(jsonld=str(DESCRIPTION))
    records = list(dataset.records("answers"))
    assert len(records) == len(ANSWERS)
    assert {record["answers/name"].decode() for record in records} == {item.name for item in ITEMS}
