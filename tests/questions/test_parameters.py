"""Parameter names: each has one meaning in the whole catalogue."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.conftest import Nevkg
from tests.support.api import app
from tests.support.worlds import SHIPPED

from nevkg.ask.answer import ask
from nevkg.ask.arguments import ANYTHING
from nevkg.ask.catalogue import AS_OF, HISTORY, Parameter, load_catalogue
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network import load_projections
from nevkg.store import EmbeddedStore
from nevkg.table.values import find_things

PAGE = (Path(__file__).parents[2] / "docs/adding-a-question.md").read_text(encoding="utf-8")
COMMANDS = (SHIPPED.queries / "examples/commands.txt").read_text(encoding="utf-8")
QUESTIONS = [*load_catalogue(SHIPPED).questions.values(), *(one.question for one in load_projections(SHIPPED).projections.values())]
OWN = [(question, own) for question in QUESTIONS for own in question.parameters if own.name not in (AS_OF, HISTORY)]
# Filters that each question accepts by this name if it has one parameter to which they can apply.
COMMON = {"country": "nev:Country", "maker": "nev:Maker"}


def group_by_name() -> dict[str, list[Parameter]]:
    found = defaultdict(list)
    for _, parameter in OWN:
        found[parameter.name].append(parameter)
    return found


def read_documented_names() -> dict[str, list[str]]:
    """Returns the names that the page lists, with their types."""
    section = PAGE.partition("\n## Names of parameters\n")[2].partition("\n## ")[0]
    return {name: re.findall(r"`([^`]+)`", types) for name, types in re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", section, re.MULTILINE)}


def test_a_name_has_one_type() -> None:
    """A name with the type ``any`` in some questions may have one class in others."""
    types = {name: {parameter.type for parameter in parameters} for name, parameters in group_by_name().items()}
    several = {name: sorted(found) for name, found in types.items() if len(found - {ANYTHING}) > 1}
    assert several == {}, "use the name of a parameter of the same type, or another name"
    assert {name: [ANYTHING] if len(found) > 1 else sorted(found) for name, found in types.items()} == read_documented_names()


def test_the_page_lists_all_names() -> None:
    names = list(read_documented_names())
    assert names == sorted(names, key=str.casefold)
    assert set(names) == set(group_by_name())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_meaning_has_one_name(language: str) -> None:
    names = defaultdict(set)
    for _, parameter in OWN:
        names[parameter.type, parameter.label[language]].add(parameter.name)
    assert {meaning: sorted(found) for meaning, found in names.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", COMMON)
def test_a_question_accepts_the_common_name_of_a_filter(shipped: EmbeddedStore, name: str) -> None:
    spaces = entities.namespaces(shipped)

    def instances(kind: str) -> set[str]:
        return set(entities.instances(shipped, terms.expand(kind, spaces) or ""))

    able = {one.type for _, one in OWN if not one.type.startswith("xsd:") and one.type != ANYTHING}
    able = {kind for kind in able if instances(COMMON[name]) <= instances(kind)}
    lacking = {
        question.name
        for question in QUESTIONS
        if sum(parameter.type in able for parameter in question.parameters) == 1
        and name not in {parameter.name for parameter in question.parameters} | question.other_names.keys()
    }
    assert not lacking


@pytest.mark.parametrize(
    ("name", "code"), [("Brasil", "BR"), ("deutschland", "DE"), ("Türkiye", "TR"), ("日本", "JP"), ("ไทย", "TH"), ("Magyarország", "HU")]
)
def test_countries_have_their_native_names(shipped: EmbeddedStore, name: str, code: str) -> None:
    assert entities.resolve(shipped, name, terms.NEV + "Country").rpartition("/")[2] == code


def test_another_name_gives_the_same_answer(nevkg: Nevkg, part: str, store: EmbeddedStore) -> None:
    question, names = "policy-stages", ("country", "jurisdiction")
    value = next(thing for place in ask(store, load_catalogue(SHIPPED)[question], {})["jurisdiction"] for thing in find_things(place)).iri
    printed = [nevkg("ask", question, f"{name}={value}", "--data", part) for name in names]
    assert printed[0] == printed[1]
    assert (printed[0].code, printed[0].out.count("\n") > 1, printed[0].err) == (0, True, "")
    assert "\n  jurisdiction, country: " in nevkg("questions", question, "--data", part).out
    client, path = TestClient(app(store)), f"/api/questions/{question}"
    pages = [[f"answer?{name}={quote(value)}", f"parameters/{name}/options"] for name in names]
    replies = [[client.get(f"{path}/{page}").json() for page in among] for among in pages]
    assert replies[0] == replies[1]
    two_names = "The parameter 'country' is called 'jurisdiction' here; give it once, as 'jurisdiction'."
    assert nevkg("ask", question, *(f"{name}={value}" for name in names), "--data", part).err == f"nevkg: {two_names}\n"
    refused = client.get(f"{path}/answer", params=dict.fromkeys(names, value))
    assert (refused.status_code, refused.json()["detail"]) == (400, two_names)


def test_the_printed_query_says_what_it_is_asked_of(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    """The printed SPARQL, run as it is, gives the rows of the question."""
    printed = nevkg("questions", "sources-by-publisher", "--data", part).out.partition("\nSPARQL\n")[2]
    assert printed.startswith("#+ over: record\nPREFIX ")
    (tmp_path / "printed.rq").write_text(printed, encoding="utf-8")
    rows = nevkg("ask", "sources-by-publisher", "--data", part, "--format", "csv").out.count("\n")
    assert nevkg("query", str(tmp_path / "printed.rq"), "--data", part).out.count("\n") == rows > 1
