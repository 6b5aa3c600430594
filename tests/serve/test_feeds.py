"""Feeds of changes: their contents, and the links to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from jsonschema import Draft202012Validator
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from tests.support.api import app
from tests.support.markup import Markup
from tests.support.worlds import SHIPPED

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.feeds import load_feeds
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.serve.extras.syndication import routes as feeds
from nevkg.serve.pages.routes import routes as pages
from nevkg.store import EmbeddedStore

FEEDS = sorted(load_feeds(SHIPPED))
URL = {"type": "string", "pattern": "^https?://"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT00:00:00Z$"}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items", "feed_url", "home_page_url", "language", "authors"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "home_page_url": URL,
        "feed_url": URL,
        "items": {
            "type": "array",
            "items": {
                "required": ["id", "url", "title", "content_html", "date_published"],
                "properties": {
                    "id": URL,
                    "url": URL,
                    "title": {"minLength": 1},
                    "content_html": {"type": "string"},
                    "date_published": MOMENT,
                },
            },
        },
    },
}


def routes() -> Sequence[BaseRoute]:
    return [*feeds(), *pages()]


@pytest.fixture(scope="module")
def client(shipped: EmbeddedStore) -> TestClient:
    return TestClient(app(shipped, routes))


def fetch_atom(client: TestClient, address: str, **headers: str) -> Any:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(response.content, sanitize_html=False)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return read


def fetch_items(client: TestClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/feed+json; charset=utf-8"
    Draft202012Validator(JSON_FEED).validate(response.json())
    return response.json()["items"]


@pytest.mark.slow
@pytest.mark.parametrize("name", FEEDS)
def test_both_formats_have_the_same_entries_newest_first(client: TestClient, shipped: EmbeddedStore, name: str) -> None:
    read, others = fetch_atom(client, f"/feeds/{name}.atom"), fetch_items(client, f"/feeds/{name}.json")
    assert [(entry.id, entry.title, entry.link, entry.updated) for entry in read.entries] == [
        (item["id"], item["title"], item["url"], item["date_published"]) for item in others
    ]
    assert [entry.content[0].value for entry in read.entries] == [entry["content_html"] for entry in others]
    assert 10 <= len(others) <= 50
    assert len({item["id"] for item in others}) == len(others)
    days = [item["date_published"][:10] for item in others]
    assert days == sorted(days, reverse=True)
    assert days[0] <= entities.dataset_date(shipped)
    assert read.feed.updated == f"{entities.dataset_date(shipped)}T00:00:00Z"
    for item in others:
        assert item["id"].startswith(terms.BASE)
        assert "<li>" in item["content_html"]
    assert client.get(others[0]["url"], follow_redirects=True).status_code == 200


def test_a_feed_matches_its_question(client: TestClient, shipped: EmbeddedStore) -> None:
    entries = fetch_items(client, "/feeds/changes.json?country=place:BR&aspect=nev:Policy")
    answer = ask(
        shipped,
        load_catalogue(SHIPPED)["what-changed-between"],
        {"after": ["*"], "until": ["*"], "dated": ["answer:yes"], "country": ["place:BR"], "aspect": ["nev:Policy"]},
    )
    rows = {(f"{row['subject'].iri}#{row.day}", str(row.day)) for row in answer}
    assert {(item["id"], item["date_published"][:10]) for item in entries} <= rows
    last = entities.dataset_date(shipped)
    assert entries[0]["date_published"][:10] == max(day for _, day in rows if day <= last)
    assert all("/policy/" in item["url"] for item in entries)


def test_filters_reduce_the_entries(client: TestClient) -> None:
    every, maker, both = (
        {item["id"] for item in fetch_items(client, f"/feeds/events.json{query}")}
        for query in ("", "?participant=BYD", "?participant=BYD&country=Brazil&country=Hungary")
    )
    assert every - maker
    assert both
    assert fetch_items(client, "/feeds/claims.json?topic=topic:local-content")


def test_an_event_is_one_entry_with_the_sources_of_its_reports(client: TestClient, shipped: EmbeddedStore) -> None:
    answer = ask(shipped, load_catalogue(SHIPPED)["events-timeline"], {"country": ["place:ZA"]})
    reports: dict[str, set[str]] = {}
    for row in answer:
        reports.setdefault(row["event"].iri, set()).update(source.title for source in row.sources("event"))
    contents = {item["id"]: item["content_html"] for item in fetch_items(client, "/feeds/events.json?country=place:ZA")}
    several = [iri for iri in contents if len(reports[iri]) > 1]
    assert several
    assert contents[several[0]].count("<a href=") + contents[several[0]].count("unreliable") >= len(reports[several[0]])


@pytest.mark.slow
def test_titles_are_in_the_language_of_the_reader(client: TestClient) -> None:
    english, chinese = (fetch_atom(client, "/feeds/changes.atom?maker=agent:byd", **{"Accept-Language": tag}) for tag in ("en", "zh"))
    assert [entry.id for entry in english.entries] == [entry.id for entry in chinese.entries]
    assert english.feed.title == "What changed · BYD"
    assert chinese.feed.title == "变化 · 比亚迪"
    for read, words in ((english, ("began", "ended")), (chinese, ("开始", "结束"))):
        assert all(any(word in entry.content[0].value for word in words) for entry in read.entries)
    pinned = client.get("/feeds/changes.atom?lang=zh")
    assert pinned.headers["content-language"] == "zh"
    assert "lang=zh" in feedparser.parse(pinned.content).entries[0].link


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/feeds/chnges.atom", 404, "Did you mean changes"),
        ("/feeds/changes.rss", 404, "atom or json"),
        ("/feeds/changes.atom?contry=place:BR", 400, "contry"),
        ("/feeds/changes.atom?country=Brasilia", 400, "country"),
        ("/feeds/changes.atom?after=2020-01-01", 400, "leave it out"),
        ("/feeds/changes.atom?known_by=soon", 400, "not a day"),
    ],
)
def test_a_wrong_address_is_refused_in_a_sentence(client: TestClient, address: str, status: int, words: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert words in response.json()["detail"]


def test_pages_link_to_their_feeds(client: TestClient) -> None:
    def find_feeds(path: str) -> list[str]:
        page = Markup(client.get(path, headers={"Accept": "text/html"}).text)
        links = [link["href"] for link in page.all("link") if link.get("type") == "application/atom+xml"]
        assert set(links) <= {link for tag, link in page.links if tag == "a"}
        return links

    assert find_feeds("/index.html") == [f"/feeds/{name}.atom" for name in load_feeds(SHIPPED)]
    country = find_feeds("/place/BR")
    assert "/feeds/changes.atom?country=place%3ABR" in country
    assert "/feeds/changes.atom?maker=agent%3Abyd&lang=zh" in find_feeds("/agent/byd?lang=zh")
    assert find_feeds("/topic/local-content") == ["/feeds/claims.atom?topic=topic%3Alocal-content"]
    assert find_feeds("/questions/local-manufacturers") == []
    for address in (*find_feeds("/plant/byd-camacari"), *country[1:]):
        assert urlsplit(address).query
        assert fetch_atom(client, address).feed.title.count(" · ") == 1


def test_the_addresses_of_the_documentation_have_entries(client: TestClient) -> None:
    text = (SHIPPED.ontology.parent / "docs/feeds.md").read_text(encoding="utf-8")
    assert set(re.findall(r"/feeds/(\w+)\.atom", text)) == set(FEEDS)
    addresses = re.findall(r'^curl "http://localhost:8000(.*)"$', text, re.MULTILINE)
    assert len(addresses) >= 4
    for address in addresses:
        assert feedparser.parse(client.get(address).content).entries or client.get(address).json()["items"], address
