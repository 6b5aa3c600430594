"""Stories and the home page: every figure can be computed from the shipped data, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import load_catalogue, topics
from nevkg.ask.stories import FigureReader, describe_home, list_stories, parse_figure, read_story
from nevkg.data import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore
from nevkg.view import describe_figure

STORIES = list_stories(SHIPPED)
WORDS = (120, 300)  # without words in figures
_LETTERS_PER_WORD = 1.4  # in Chinese


def find_figures(value: Any) -> Iterator[dict[str, Any]]:
    """Yields all figures in blocks or in the home page."""
    if isinstance(value, dict):
        if "show" in value:
            yield value
        for part in value.values():
            yield from find_figures(part)
    elif isinstance(value, list):
        for part in value:
            yield from find_figures(part)


def write_story(folder: Path, text: str, name: str = "a.en.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", STORIES)
def test_figures_of_stories_have_values_in_every_language(shipped: EmbeddedStore, name: str) -> None:
    assert set(STORIES[name]) == set(terms.LANGUAGES)
    requests = []
    for path in STORIES[name].values():
        found = list(find_figures(read_story(path).compute(shipped)))
        assert [figure["problem"] for figure in found if "problem" in figure] == []
        assert found
        requests.append([(figure["question"], figure["parameters"], figure["show"], figure["columns"]) for figure in found])
    # Languages may have their figures in different order.
    assert sorted(map(repr, requests[0])) == sorted(map(repr, requests[1]))


@pytest.mark.parametrize("path", [path for paths in STORIES.values() for path in paths.values()], ids=lambda path: path.stem)
def test_a_story_is_short_and_has_numbers_only_in_figures(path: Path) -> None:
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", " x ", path.read_text(encoding="utf-8"))
    assert not re.search(r"\d", prose)
    words = len(re.findall(r"[a-z]+", prose, re.IGNORECASE)) + len(re.findall("[\u4e00-\u9fff]", prose)) / _LETTERS_PER_WORD
    assert WORDS[0] <= words <= WORDS[1]


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_the_home_page_matches_the_catalogue(shipped: EmbeddedStore, language: str) -> None:
    catalogue = load_catalogue(SHIPPED)
    home = describe_home(shipped, catalogue, language)
    assert [figure["problem"] for figure in find_figures(home) if "problem" in figure] == []
    assert next(topic["topic"] for topic in home["topics"]) == "production"
    assert {topic["topic"] for topic in home["topics"]} == topics(SHIPPED).keys()
    assert sum(topic["total"] for topic in home["topics"]) == len(catalogue.questions)
    for start in home["starts"]:
        if "entity" in start:
            assert entities.labels(shipped, [start["entity"]], language)
        else:
            catalogue[start["question"]].bind({})
    sources = next(number["figure"]["value"] for number in home["numbers"] if number["figure"]["show"] == "sum")
    assert sources == len(entities.instances(shipped, f"{terms.NEV}Source"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ask", "names no question"),
        ("ask bloc-members | sing", "shows 'sing'; write one of count, sum, "),
        ("ask bloc-members | value", "names 0 columns; 'value' takes 1"),
        ("ask bloc-members | table", "names 0 columns; 'table' takes 1 to 8"),
        ("ask bloc-members 'x | count", "unclosed quotation mark"),
        ("ask bloc-members bloc | count", "'bloc' is not of the form name=value"),
    ],
)
def test_an_invalid_figure_is_refused(text: str, words: str) -> None:
    with pytest.raises(WrongUsage, match=words):
        parse_figure(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ask nothing | count", "There is no question 'nothing'"),
        ("ask bloc-members bloq=place:asean | count", "has no parameter 'bloq'"),
        ("ask bloc-members bloc=place:nowhere | count", "No bloc is called"),
        ("ask bloc-members bloc=place:asean | list membre", "There is no column 'membre'"),
        ("ask bloc-members bloc=place:asean country=place:BR | count", "The answer has no rows"),
        ("ask bloc-members | value bloc", "has [0-9]+ values; narrow the question to one"),
        ("ask bloc-members | sum bloc", "values that are not numbers"),
        ("ask bloc-members asOf=yesterday | count", "is not a day"),
    ],
)
def test_a_figure_without_a_value_has_a_problem(shipped: EmbeddedStore, text: str, words: str) -> None:
    found = FigureReader(shipped, "en").compute(parse_figure(text))
    assert re.search(words, found["problem"])
    assert found["problem"].startswith(f"`{text}`: ")
    assert "value" not in found


def test_a_value_is_measured_without_an_explanation(shipped: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.ask.emptiness.explain_answer", None)
    reader = FigureReader(shipped, "en")
    asked = ("bloc=place:asean | count", "bloc=place:asean country=place:BR | count", "bloc=place:asean | list membre")
    assert [reader.measure(parse_figure(f"ask bloc-members {one}")) for one in asked] == [11, 0, 0]


def test_a_number_of_nothing_is_zero_but_an_unknown_question_a_problem(shipped: EmbeddedStore) -> None:
    reader = FigureReader(shipped, "en")
    nothing = parse_figure("ask bloc-members bloc=place:asean country=place:BR | count")
    assert describe_figure(reader.compute(nothing, is_number=True), "en") == "0"
    assert describe_figure(reader.compute(nothing), "en") == "no data"
    assert "problem" in reader.compute(parse_figure("ask nothing | count"), is_number=True)


def test_kinds_of_figures(shipped: EmbeddedStore) -> None:
    reader = FigureReader(shipped, "zh")

    def value(shown: str) -> Any:
        return reader.compute(parse_figure(f"ask bloc-members bloc=place:asean | {shown}"))

    assert value("count")["value"] == value("count country")["value"] == 11
    assert value("value bloc")["value"] == {"iri": f"{terms.BASE}place/asean", "label": "东南亚国家联盟"}
    assert (len(value("list country 3")["value"]), value("list country 3")["more"]) == (3, 8)
    assert [set(row) for row in value("table country since 2")["rows"]] == [{"country", "since"}] * 2
    assert value("table country")["labels"] == ["国家"]
    assert value("chart").keys() >= {"title", "asOf"}
    assert value("table country")["sources"] > 0


def test_html_and_scripts_remain_text(shipped: EmbeddedStore, tmp_path: Path) -> None:
    path = write_story(
        tmp_path, "# A *title*\n\n<script>alert(1)</script> &lt;b&gt; **bold**\n\n<img src=x onerror=alert(1)>\n\n![x](https://x.org/)\n"
    )
    found = read_story(path)
    assert found.title == "A title"
    parts = [part for block in found.compute(shipped) for part in block["parts"]]
    assert "".join(part["text"] for part in parts if "style" not in part).startswith("<script>alert(1)</script> <b> ")
    assert {key for part in parts for key in part} <= {"text", "style", "href"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Text\n", "has no title; begin it with a line '# Title'"),
        ("", "has no title"),
        ("# T\n\nSee [this](javascript:alert(1)).\n", None),
        ("# T\n\nSee [this](//x.org).\n", "the link '//x.org' leads neither to the web nor to a page"),
        ("# T\n\nSee `ask bloc-members | chart` here.\n", "needs a paragraph of its own"),
        ("# T\n\n`ask bloc-members | sing`\n", "shows 'sing'"),
    ],
)
def test_an_invalid_story_is_refused(tmp_path: Path, text: str, words: str | None) -> None:
    path = write_story(tmp_path, text)
    if words is None:
        # Markdown does not accept it as a link.
        assert all("href" not in part for block in read_story(path).blocks for part in block["parts"])
        return
    with pytest.raises(InvalidData, match=words) as raised:
        read_story(path)
    assert str(path) in str(raised.value)


def test_a_story_file_needs_a_language_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "stories").mkdir()
    write_story(tmp_path / "stories", "# T\n", "asean.md")
    with pytest.raises(InvalidData, match="the name has no language"):
        list_stories(replace(SHIPPED, queries=tmp_path))
