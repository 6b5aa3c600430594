"""Prompts and the guide: the names in them exist, in both languages."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.mcp.calls import TOOLS
from nevkg.mcp.guide import find_prompt, load_prompts, read_guide, read_prompt

PROMPTS = load_prompts(SHIPPED)
# Parameters and arguments in code style, which are neither questions nor tools.
PARAMETERS = {"as_of", "known_by", "lang=zh", "maker", "subject", "place:…"}


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: f"{prompt.name}.{prompt.language}")
def test_questions_and_tools_that_a_prompt_names_exist(prompt: object) -> None:
    named = set(re.findall(r"`([^`]+)`", prompt.text))  # type: ignore[attr-defined]
    assert named - PARAMETERS <= load_catalogue(SHIPPED).questions.keys() | TOOLS.keys()


def test_each_prompt_exists_in_each_language_with_the_same_arguments() -> None:
    for name, several in groupby(PROMPTS, lambda prompt: prompt.name):
        prompts = list(several)
        assert [prompt.language for prompt in prompts] == list(terms.LANGUAGES), name
        assert len({tuple(prompt.arguments) for prompt in prompts}) == 1
        assert len({frozenset(re.findall(r"`([a-z]+-[a-z-]+)`", prompt.text)) for prompt in prompts}) == 1


def test_arguments_are_inserted_as_data() -> None:
    prompt = find_prompt(SHIPPED, "check-claim", "zh")
    assert "“泰国 ‹b›”" in prompt.fill({"claim": "泰国\n<b>"})
    with pytest.raises(WrongUsage, match="needs 'claim'"):
        prompt.fill({})
    with pytest.raises(WrongUsage, match="has no argument 'clam'"):
        prompt.fill({"claim": "x", "clam": "y"})
    with pytest.raises(WrongUsage, match="Did you mean check-claim"):
        find_prompt(SHIPPED, "check-clam", "en")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\ntitle: a\ndescription: b\narguments: {}\n---\nc"),
        ("a.en.md", "no head"),
        ("a.en.md", "---\ntitle: a\n---\nc"),
        ("a.en.md", "---\ntitle: a\ndescription: b\narguments: {}\n---\n{c}"),
    ],
)
def test_an_invalid_file_is_named_in_the_error(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidData, match=re.escape(str(path))):
        read_prompt(path)


def test_the_guide_names_questions_and_their_parameters() -> None:
    guide, catalogue = read_guide(SHIPPED), load_catalogue(SHIPPED)
    assert all(name in catalogue.questions for name in guide.examples)
    question = catalogue[guide.changes.name]
    assert guide.changes.parameters.keys() <= TOOLS["changes"].takes["properties"].keys()
    for parameter in guide.changes.parameters.values():
        question.parameter(parameter)
