"""Sources on unreliable hosts are marked wherever they appear and never linked; archive look-ups."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from tests.serve.test_pages import make_client
from tests.support.markup import Markup
from tests.support.worlds import World

import nevkg
from nevkg.ask import solutions
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.lookup import sources
from nevkg.serve.api import entity_jobs, question_jobs
from nevkg.serve.jobs import Reply
from nevkg.store import Store
from nevkg.table.formats import FORMATS

FARM = "http://farm.example/a.html?b=https://c.example/"
NAMELESS = "http://ip-number.invalid/x"
GOOD = "https://good.example/a"
SLUGS = {"farm": FARM, "nameless": NAMELESS, "good": GOOD}
SHOWN = "farm[.]example/a.html?b=https[:]//c.example/"
LOOK_UP = "https://web.archive.org/web/20240101/"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Store:
    world = World(tmp_path_factory.mktemp("world"))
    world.registry += "".join(
        f'judgement:{name} a nev:UnreliableHost ; nev:hostName "{host}" ; nev:hostFault hostfault:{fault} ; nev:note "Seen."@en .\n'
        for name, host, fault in (("f", "farm.example", "content-farm"), ("n", "ip-number.invalid", "ip-number"))
    )
    world.plant()
    for slug, address in SLUGS.items():
        world.source(slug, "2024-01-01", address=f"<{address}>", publisher="agent:b")
        world.graphs[slug].append(f'source:{slug} dcterms:title "Page {slug}"@en .')
        # What a reliable source says is shown without the others.
        said = ("status", "status:operating") if slug == "good" else ("arrangement", "arrangement:contract-assembly")
        world.fact("plant:p", *said, "2024-01-01", source=slug)
    return world.build().store


def describe(record: Store, language: str = "en") -> dict[str, sources.Source]:
    found = sources.describe_sources(record, [terms.SOURCE + slug for slug in SLUGS], language)
    return {source.iri.removeprefix(terms.SOURCE): source for source in found}


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("http://www.a.example", "www[.]a[.]example"),
        ("HTTPS://a.example:80/b.c", "a[.]example:80/b.c"),
        ("http://a.example/https://b.example/", "a[.]example/https[:]//b.example/"),
    ],
)
def test_addresses_are_defanged(address: str, text: str) -> None:
    assert sources.defang(address) == text


def test_unreliable_hosts_are_reported_in_both_languages(record: Store) -> None:
    found = describe(record)
    assert {slug: one.address for slug, one in found.items()} == {"farm": SHOWN, "nameless": "ip-number[.]invalid/x", "good": GOOD}
    assert {slug: one.archive for slug, one in found.items()} == {"farm": LOOK_UP + FARM, "nameless": "", "good": LOOK_UP + GOOD}
    assert [source.unreliable for source in found.values()] == ["unreliable host: content farm", "", "unreliable host: bare IP number"]
    assert describe(record, "zh")["farm"].unreliable == "不可靠主机：内容农场"
    assert "[unreliable host: content farm]" in str(found["farm"])
    assert "unreliable" not in str(found["good"])


def test_no_output_has_the_address(record: Store) -> None:
    kg = nevkg.KnowledgeGraph(record)
    portrait, question = kg.show("plant:p"), load_catalogue(record.layout)["current-state-of"]
    answer = ask(record, question, {"subject": ["plant:p"]})
    table = solutions.select(record, "SELECT ?as { plant:p nev:arrangement ?as }", "2025-01-01", "en")
    texts = [str(portrait), portrait._repr_html_(), answer.cite(), str(table.explain(0)), table.explain(0)._repr_html_()]
    texts += [FORMATS[name](shown).decode() for name in ("html", "json", "md") for shown in (answer, table)]
    for text in texts:
        assert "//farm.example" not in text.replace(LOOK_UP + FARM, "")
        assert "//ip-number" not in text
    marks = [text for text in texts if "unreliable host: content farm" in text]
    assert len(marks) >= 7


def test_a_selected_address_is_not_linked(record: Store) -> None:
    query = "SELECT ?address { ?source nev:address ?address } ORDER BY ?address"
    table = solutions.select(record, query, "2025-01-01", "en")
    page, text, rows = (FORMATS[name](table).decode() for name in ("html", "md", "json"))
    assert [link for link in re.findall('href="([^"]*)"', page) if not link.startswith("data:text/csv")] == [GOOD]
    assert SHOWN.replace("&", "&amp;") in page
    assert SHOWN in text
    # JSON is for programs and has the address of the data.
    assert [row["address"]["iri"] for row in json.loads(rows)["rows"]] == sorted(SLUGS.values())


def test_pages_mark_unreliable_sources_without_links(record: Store) -> None:
    client = make_client(record)
    for path in ("/plant/p", "/source/farm", "/source/nameless", "/source/good", "/questions/current-state-of?subject=plant%3Ap"):
        page = Markup(client.get(path).text)
        # A link to words of the page, after #:~:, opens that page.
        links = {link.partition("#:~:")[0] for _, link in page.links}
        assert not any(link.startswith(("http://farm", "http://ip-number")) for link in links), path
        if path in ("/plant/p", "/source/farm"):
            assert LOOK_UP + FARM in links
        if path == "/plant/p":
            assert {GOOD, LOOK_UP + GOOD} <= links
            assert "unreliable host: " in page.words
            assert "content farm" in page.words
    assert SHOWN in client.get("/source/farm").text


def test_unreliable_sources_are_left_out_on_request(record: Store) -> None:
    whole = ask(record, load_catalogue(record.layout)["current-state-of"], {"subject": ["plant:p"]})
    bad = {terms.SOURCE + slug for slug in ("farm", "nameless")}
    for table in (whole, whole.page(0, 100)):
        given = {given_source.iri for given_source in table.sources}
        assert bad < given
        kept = table.with_reliable_sources()
        assert kept.records == table.records
        assert {given_source.iri for given_source in kept.sources} == given - bad
        assert kept.cite().startswith(table.cite().partition("\n")[0])
        assert "Left out: 2 sources on unreliable hosts." in kept.cite()
        assert {source.iri for row in kept for source in row.sources()} == given - bad
        for name in ("bibtex", "csl", "ris", "html"):
            text = FORMATS[name](kept).decode()
            assert ("Page good" in text, "Page farm" in text) == (True, False), name
        explained = [kept.explain(number) for number in range(len(kept))]
        assert bad.isdisjoint(said.source for explanation in explained for said in explanation.statements.values())
        assert "left out, on unreliable hosts: " in "\n".join(map(str, explained))
        assert {given_source.iri for given_source in table.sources} == given


def test_unreliable_sources_are_left_out_over_http(record: Store) -> None:
    def read(reply: Reply) -> Any:
        reply.write(body := io.BytesIO())
        return json.loads(body.getvalue())

    asked = question_jobs.AnswerQuestion(
        question="current-state-of",
        values={"subject": ["plant:p"]},
        evidence=True,
        reliable=False,
        citation=False,
        lang="en",
        format="json",
        offset=0,
        limit=100,
        asked={},
    )
    found = [read(replace(asked, reliable=reliable).run(record)) for reliable in (False, True)]
    assert found[0]["rows"] == found[1]["rows"]
    assert len(found[0]["sources"]) - len(found[1]["sources"]) == 2
    query = "SELECT ?as { plant:p nev:arrangement ?as }"
    explained = read(entity_jobs.ExplainRow(query=query, row=1, reliable=True, lang="en").run(record))
    assert explained["cells"]
    assert not explained["sources"]
