"""How a reader reports a wrong fact: ids of statements in texts, and the address of the issue form at each statement."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from tests.conftest import Nevkg
from tests.serve.test_pages import make_client
from tests.support.markup import Markup
from tests.support.worlds import World

import nevkg
from nevkg.ask import solutions
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.profile import portray
from nevkg.data import terms
from nevkg.lookup.entities import report_address
from nevkg.serve.api.entity_jobs import ShowEvidence
from nevkg.store import Store

FORM = Path(__file__).parents[2] / ".github" / "ISSUE_TEMPLATE" / "wrong-fact.yml"
TRACKER = "https://forge.example/nevkg/issues"
ID = re.compile(r"<(statement:\w+)>")


def build(folder: Path, tracker: str) -> Store:
    world = World(folder)
    world.registry += tracker
    world.plant()
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    return world.build().store


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("tracked"), f"<{terms.NEV[:-1]}> <http://usefulinc.com/ns/doap#bug-database> <{TRACKER}> .\n")


@pytest.fixture(scope="module")
def untracked(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("untracked"), "")


def test_the_form_is_filled_with_the_statement(tracked: Store, untracked: Store) -> None:
    address = urlsplit(report_address(tracked, "https://w3id.org/nevkg/statement/1a"))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{TRACKER}/new"
    form = parse_qs(address.query)
    assert form == {"template": [FORM.name], "statements": ["https://w3id.org/nevkg/statement/1a"]}
    assert "statements" in {field.get("id") for field in yaml.safe_load(FORM.read_text(encoding="utf-8"))["body"]}
    assert report_address(untracked, "https://w3id.org/nevkg/statement/1a") == ""


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_texts_have_ids_on_request(language: str, tracked: Store, untracked: Store) -> None:
    for store, how in ((tracked, report_address(tracked)), (untracked, "nevkg retract")):
        portrait = nevkg.KnowledgeGraph(store, language).show("plant:p")
        assert ID.search(str(portrait)) is None
        text = portray(portrait, "text", report_address(store))
        assert set(ID.findall(text)) == {statement.name for statement in portrait.said}
        assert how in text.splitlines()[-1]
        explained = solutions.select(store, "SELECT ?s { plant:p nev:status ?s }", "2025-01-01", language).explain(0)
        assert ID.search(str(explained)) is None
        text = explained.with_ids(report_address(store))
        assert set(ID.findall(text)) == {statement.name for statement in explained.statements.values()}
        assert how in text.splitlines()[-1]


def test_each_statement_of_a_page_has_the_form(tracked: Store, untracked: Store) -> None:
    pages = [Markup(make_client(store).get("/plant/p").text) for store in (tracked, untracked)]
    forms = [link for _, link in pages[0].links if link.startswith(TRACKER)]
    said = nevkg.KnowledgeGraph(tracked).show("plant:p").said
    named = {parse_qs(urlsplit(link).query)["statements"][0] for link in forms}
    assert named == {statement.iri for statement in said}
    assert "wrong?" in pages[0].words
    assert "wrong?" not in pages[1].words


def test_each_statement_of_the_explorer_has_the_form(tracked: Store, untracked: Store) -> None:
    names = [statement.iri for statement in nevkg.KnowledgeGraph(tracked).show("plant:p").said]
    for store in (tracked, untracked):
        reply, body = ShowEvidence(iri=names, lang="en", offset=0, limit=100, asked={}).run(store), io.BytesIO()
        reply.write(body)
        found = json.loads(body.getvalue())["statements"]
        assert {described["iri"] for described in found} == {*names}
        assert [described["report"] for described in found] == [report_address(store, described["iri"]) for described in found]
        assert all(bool(described["report"]) is (store is tracked) for described in found)


def test_the_commands(part: str, nevkg: Nevkg) -> None:
    for words in (("show", "byd"), ("explain", "local-manufacturers", "--row", "1")):
        plain, with_ids = nevkg(*words, "--data", part), nevkg(*words, "--data", part, "--ids")
        assert (plain.code, with_ids.code) == (0, 0)
        assert len(ID.findall(plain.out)) < len(ID.findall(with_ids.out))


def test_a_source_that_gives_two_values_does_not_disagree_with_another(tmp_path: Path) -> None:
    for number, other in enumerate(("s", "t")):
        world = World(tmp_path / other)
        world.source("t", "2024-02-01", publisher="agent:b")
        world.plant()
        for source, value in (("s", "30000"), (other, "50000")):
            world.figure("capacity", value, "vehicles-per-year", "2024-01-01", source=source)
            world.fact(
                "plant:p", "arrangement", f"arrangement:{'own' if value == '30000' else 'contract-assembly'}", "2024-01-01", source=source
            )
        store = world.build().store
        found = ask(store, load_catalogue(store.layout)["disagreements"])
        assert {str(row["property"]) for row in found} == ({"capacity", "arrangement"} if number else set())
        portrait = nevkg.KnowledgeGraph(store).show("plant:p")
        assert any(spell.is_disputed for spell in portrait.history) == bool(number)
        assert ("(sources disagree)" in str(portrait)) == bool(number)
        assert ("sources disagree" in Markup(make_client(store).get("/plant/p").text).words) == bool(number)
