"""The pages on Python and on graphs match the code, and the API reference matches the docstrings."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import Result
from tests.support.worlds import SHIPPED

import nevkg as package
from nevkg.ask.catalogue import Question
from nevkg.network import load_projections
from nevkg.network.files import PAGE, TABLES
from nevkg.network.projections import KERNEL

DOCS = SHIPPED.ontology.parent / "docs"
GRAPHS = (DOCS / "graphs.md").read_text(encoding="utf-8")
PROJECTIONS = load_projections(SHIPPED)
EXAMPLES = re.findall(r"^\$ nevkg ([^\n]+)\n(.*?)^```$", GRAPHS, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The script that generates the page."""
    spec = spec_from_file_location("api_page", DOCS / "api.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find_table(head: str) -> dict[str, list[str]]:
    """Returns the rows of a table of the page on graphs by their first cell; ``head`` is the first heading of the table."""
    match = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", GRAPHS, re.MULTILINE)
    assert match, head
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in match[1].splitlines()]
    return {row[0].strip("`"): row[1:] for row in rows}


def find_quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.slow
def test_the_examples_on_the_python_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the examples write files
    # Blank out the fences, so that they are not taken for output and line numbers stay the same.
    text = re.sub(r"^```.*$", "", (DOCS / "python.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, "python.md", "docs/python.md", 0)
    output: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    results = runner.run(examples, out=output.append)
    assert results.attempted > 40
    assert not results.failed, "".join(output)


def test_all_python_on_the_page_is_run() -> None:
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        assert block[0] == "python"
        assert block[1].startswith(">>> ")


def test_the_reference_is_up_to_date(reference: ModuleType) -> None:
    assert (DOCS / "api.md").read_text(encoding="utf-8") == reference.make_page(), "docs/api.md is out of date; run `make docs`."


def test_the_reference_has_all_public_names(reference: ModuleType) -> None:
    sections = re.findall(r"^## (\w+)$", reference.make_page(), re.MULTILINE)
    assert sorted(sections) == sorted(package.__all__)


def test_every_public_name_and_method_has_a_docstring(reference: ModuleType) -> None:
    names = reference.load_public_names()
    members = dict(names)
    for name, member in names.items():
        members |= {f"{name}.{part}": attribute for part, attribute in reference.find_members(member, list(names)).items()}
    assert len(members) > 60
    assert [name for name, member in members.items() if not member.docstring] == []


def test_the_reference_contains_no_docstring_markup(reference: ModuleType) -> None:
    text = re.sub(r"^```.*?^```", "", reference.make_page(), flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"``|:(meth|class|func):|^(Args|Raises|Returns):$(?!\n\n- )", text, re.MULTILINE)


def test_the_page_on_graphs_names_each_projection() -> None:
    assert find_table("projection").keys() == PROJECTIONS.projections.keys()


@pytest.mark.parametrize("name", PROJECTIONS.projections)
def test_parameters_and_attributes_on_the_page_match_the_file(name: str) -> None:
    question: Question = PROJECTIONS[name].question
    _, parameters, attributes = find_table("projection")[name]
    assert find_quoted(parameters) == [parameter.name for parameter in question.parameters]
    assert find_quoted(attributes) == [column.name for column in question.columns if column.name not in KERNEL]


def test_the_page_on_graphs_names_each_attribute_of_nodes() -> None:
    assert find_table("attribute").keys() == PROJECTIONS.attributes.keys()


def test_the_page_on_graphs_names_each_format() -> None:
    from nevkg.network.exports import FORMATS

    named = [
        name
        for cell in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", GRAPHS.split("## Formats")[1], re.MULTILINE)
        for name in find_quoted(cell)
    ]
    assert {*FORMATS, "png", "svg", PAGE, TABLES} <= set(named)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "output"), EXAMPLES, ids=[words.split()[0] for words, _ in EXAMPLES])
def test_examples_on_the_page_on_graphs_match_the_output(words: str, output: str, nevkg: Callable[..., Result]) -> None:
    printed = nevkg(*words.split()).out
    assert [line.rstrip() for line in printed.splitlines()] == [line.rstrip() for line in output.splitlines()]
