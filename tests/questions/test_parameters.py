"""Parameter names: each has one meaning in the whole catalogue, and former names still work."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.conftest import Nevkg
from tests.support.api import app
from tests.support.worlds import SHIPPED

import nevkg as library
from nevkg.ask.answer import ask
from nevkg.ask.arguments import ANYTHING, FormerName, rename_parameters
from nevkg.ask.catalogue import AS_OF, HISTORY, Parameter, load_catalogue, read_question
from nevkg.ask.evaluation import LANGUAGE
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.network import load_projections
from nevkg.serve.pages.routes import routes as pages
from nevkg.store import EmbeddedStore, open_store
from nevkg.table.values import find_things

PAGE = (Path(__file__).parents[2] / "docs/adding-a-question.md").read_text(encoding="utf-8")
COMMANDS = (SHIPPED.queries / "examples/commands.txt").read_text(encoding="utf-8")
QUESTIONS = [
    *load_catalogue(SHIPPED).questions.values(),
    *(projection.question for projection in load_projections(SHIPPED).projections.values()),
]
OWN = [(question, own) for question in QUESTIONS for own in question.parameters if own.name not in (AS_OF, HISTORY)]
FORMER = [(question, name, one.name) for question, one in OWN for name in one.formerly]
# A question with answers in ``part``, with a former and a present parameter name.
LAWS, NAMES = "policy-stages", ("place", "jurisdiction")
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


def test_former_names_are_unused_and_expire(store: EmbeddedStore) -> None:
    """Fails at the release that drops a former name, until the name is removed."""
    version = [int(part) for part in entities.version(store).split(".")[:2]]
    for question, name, present in FORMER:
        where = f"'{name}' of {question.name}"
        assert name not in {parameter.name for parameter in question.parameters}, where
        assert name not in {LANGUAGE, "evidence", "limit", "offset", "format", "depth", "weight", "onto", "part"}, where
        end = question.parameter(present).formerly[name]
        assert re.fullmatch(r"\d+\.\d+", end), where
        assert [int(part) for part in end.split(".")] > version, f"remove {where}"
        assert not re.search(rf"\b(ask|graph|measure|explain) {question.name}\b.* {name}=", COMMANDS), where


@pytest.fixture(scope="module")
def store(part: str) -> EmbeddedStore:
    return open_store(Layout.find(Path(part)))


@pytest.fixture
def old_and_new(store: EmbeddedStore) -> tuple[str, str]:
    """A value, and the answer in CSV by the present name."""
    answer = ask(store, load_catalogue(SHIPPED)[LAWS], {})
    value = next(thing for place in answer["jurisdiction"] for thing in find_things(place)).iri
    return value, ask(store, load_catalogue(SHIPPED)[LAWS], {NAMES[1]: [value]}).to_csv()


def test_the_command_line_warns_of_former_names(nevkg: Nevkg, part: str, old_and_new: tuple[str, str]) -> None:
    old, new = NAMES
    value, rows = old_and_new
    result = nevkg("ask", LAWS, f"{old}={value}", "--data", part)
    assert (result.code, result.out.replace("\r\n", "\n")) == (0, rows.replace("\r\n", "\n"))
    assert result.err == f"nevkg: The parameter '{old}' of '{LAWS}' is called '{new}' now; '{old}' will stop working in version 0.3.\n"
    assert nevkg("ask", LAWS, f"{old}={value}", "--data", part, "--quiet").err == ""
    both = nevkg("ask", LAWS, f"{old}={value}", f"{new}={value}", "--data", part)
    assert (both.code, both.out) == (2, "")
    assert both.err == f"nevkg: The parameter '{old}' is called '{new}' now; give it once, as '{new}'.\n"


def test_python_warns_of_former_names(part: str, old_and_new: tuple[str, str]) -> None:
    old, new = NAMES
    value, rows = old_and_new
    graph = library.open(part)
    with pytest.warns(FormerName, match=f"'{old}' of '{LAWS}' is called '{new}' now") as caught:
        answer = graph.ask(LAWS, **{old: value})
    assert [warning.filename for warning in caught] == [__file__]
    assert answer.to_csv() == rows
    assert set(answer.parameters) >= {new}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graph.ask(LAWS, **{new: value})
    with pytest.raises(WrongUsage, match="give it once"):
        graph.ask(LAWS, **dict.fromkeys(NAMES, value))


def test_the_api_warns_of_former_names_in_a_header(store: EmbeddedStore, old_and_new: tuple[str, str]) -> None:
    old, new = NAMES
    client, value = TestClient(app(store)), quote(old_and_new[0])
    path = f"/api/questions/{LAWS}/answer"
    old_reply, new_reply = client.get(f"{path}?{old}={value}"), client.get(f"{path}?{new}={value}")
    assert old_reply.json() == new_reply.json()
    assert old_reply.headers["warning"].startswith(f"299 nevkg \"The parameter '{old}' of '{LAWS}' is called '{new}' now")
    assert "warning" not in new_reply.headers
    both = client.get(f"{path}?{old}={value}&{new}={value}")
    assert (both.status_code, "give it once" in both.json()["detail"]) == (400, True)
    options = f"/api/questions/{LAWS}/parameters"
    assert client.get(f"{options}/{old}/options").json() == client.get(f"{options}/{new}/options").json()
    (parameter,) = [described for described in client.get(f"/api/questions/{LAWS}").json()["parameters"] if described["name"] == new]
    assert (parameter["formerly"], parameter["also"]) == ({old: "0.3"}, ["country"])
    document = client.get("/api/openapi.json").json()
    names = [described.get("name") for described in document["paths"][path]["get"]["parameters"]]
    assert new in names
    assert old not in names


def test_pages_warn_of_former_names(store: EmbeddedStore, old_and_new: tuple[str, str]) -> None:
    client, value = TestClient(app(store, pages), headers={"Accept": "text/html"}), quote(old_and_new[0])
    old_page, new_page = (client.get(f"/questions/{LAWS}?{name}={value}&lang=en").text for name in NAMES)
    hint = re.search(r'<p class="hint" role="status" lang="en">(.+?)</p>\n', old_page)
    assert hint
    assert f"is called &#39;{NAMES[1]}&#39; now" in hint[1]
    assert old_page.partition("<table")[2] == new_page.partition("<table")[2] != ""


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


def test_another_name_gives_the_same_answer_without_a_hint(
    nevkg: Nevkg, store: EmbeddedStore, part: str, old_and_new: tuple[str, str]
) -> None:
    value = old_and_new[0]
    found = [nevkg("ask", LAWS, f"{name}={value}", "--data", part) for name in ("country", "jurisdiction")]
    assert found[0] == found[1]
    assert (found[0].code, found[0].out.count("\n") > 1, found[0].err) == (0, True, "")
    both = nevkg("ask", LAWS, f"country={value}", f"jurisdiction={value}", "--data", part)
    assert both.err == "nevkg: The parameter 'country' is called 'jurisdiction' here; give it once, as 'jurisdiction'.\n"
    assert "\n  jurisdiction, country: " in nevkg("questions", LAWS, "--data", part).out
    client = TestClient(app(store))
    replies = [client.get(f"/api/questions/{LAWS}/answer?{name}={quote(value)}") for name in ("country", "jurisdiction")]
    assert replies[0].json() == replies[1].json()
    assert "warning" not in replies[0].headers


def test_the_printed_query_says_what_it_is_asked_of(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    """The printed SPARQL, run as it is, gives the rows of the question."""
    printed = nevkg("questions", "sources-by-publisher", "--data", part).out.partition("\nSPARQL\n")[2]
    assert printed.startswith("#+ over: record\nPREFIX ")
    (tmp_path / "printed.rq").write_text(printed, encoding="utf-8")
    rows = nevkg("ask", "sources-by-publisher", "--data", part, "--format", "csv").out.count("\n")
    assert nevkg("query", str(tmp_path / "printed.rq"), "--data", part).out.count("\n") == rows > 1


def test_two_former_names_of_one_parameter_are_refused(tmp_path: Path) -> None:
    text = (SHIPPED.queries / "questions/production/what-is-due.rq").read_text(encoding="utf-8")
    path = tmp_path / "what-is-due.rq"
    path.write_text(text.replace('formerly: {after: "0.3"}', 'formerly: {after: "0.3", begin: 0.4}'), encoding="utf-8")
    question = read_question(path)
    values, hints = rename_parameters(question, {"begin": ["a"], "plant": ["b"]})
    assert values == {"since": ["a"], "plant": ["b"]}
    assert [hint.endswith("version 0.4.") for hint in hints] == [True]
    with pytest.raises(WrongUsage, match="'after' is called 'since' now; give it once"):
        rename_parameters(question, {"after": ["a"], "begin": ["a"]})
    path.write_text(text.replace('formerly: {after: "0.3"}', "formerly: [after]"), encoding="utf-8")
    with pytest.raises(InvalidData, match="'formerly' of 'since' maps a former name to the version"):
        read_question(path)
