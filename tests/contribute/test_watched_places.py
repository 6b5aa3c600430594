"""Watching places: candidates from feeds, sitemaps and index pages of a local server, politely, and what goes wrong."""

from __future__ import annotations

import csv
import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import monotonic

import pytest
from tests.conftest import Nevkg
from tests.support.local_http import respond, serve_http
from tests.support.worlds import SHIPPED

from nevkg.errors import InvalidData, WrongUsage
from nevkg.propose.proposals import Proposer
from nevkg.propose.queue import STATES, Candidate, Queue
from nevkg.reading import web
from nevkg.reading.addresses import normalise_address
from nevkg.watch.discovery import Findings, Round, Topics
from nevkg.watch.places import FEED, INDEX, SITEMAP, Place, find_links, read_watchlist
from nevkg.watch.visitor import Visitor

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>BYD opens a plant in Thailand</title><link>/rss/byd</link><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>Toyota opens a plant in Thailand</title><link>/rss/toyota</link><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>BYD of old</title><link>/rss/old</link><pubDate>Tue, 02 Nov 2010 08:00:00 GMT</pubDate></item>
%s</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>新闻</title>
<entry><title>比亚迪泰国工厂投产</title><link href="/atom/1"/><updated>2026-11-03T00:00:00Z</updated></entry></feed>"""
SITEMAPS = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>/map-new.xml.gz</loc><lastmod>2026-11-01</lastmod></sitemap>
<sitemap><loc>/map-old.xml</loc><lastmod>2011-01-01</lastmod></sitemap>
<sitemap><loc>/sitemap.xml</loc></sitemap></sitemapindex>"""
SITEMAP_NEW = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>/map/geely-starts-production-in-egypt</loc><lastmod>2026-11-04</lastmod><image:image><image:loc>/x.png</image:loc></image:image></url>
<url><loc>/map/cooking</loc><lastmod>2026-11-04</lastmod></url></urlset>"""
PAGE = """<html><body><nav><a href="/">Home</a></nav>
<a href="/page/chery#more">Chery builds cars in Barcelona</a> <a href="javascript:x">Chery in a script</a>
<a href="http://[">Chery, broken</a>
<a href="/page/weather">The weather of tomorrow</a></body></html>"""


@dataclass
class Site:
    """A local site: what it answers by path, and the paths that were asked for."""

    address: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)
    robots: str | None = None
    asked: list[str] = field(default_factory=list)

    def behave(self, handler: BaseHTTPRequestHandler, _: bytes) -> None:
        self.asked.append(handler.path)
        if handler.path == "/robots.txt" and self.robots is not None:
            respond(handler, self.robots.encode())
        elif handler.path == "/moved":
            respond(handler, b"", 302, Location="/rss")
        elif (content := self.pages.get(handler.path)) is None:
            respond(handler, b"", 404)
        elif handler.headers.get("If-None-Match") == (tag := f'"{hash(content)}"'):
            respond(handler, b"", 304)
        else:
            respond(handler, content, ETag=tag)

    def place(self, kind: str, path: str) -> Place:
        return Place(path, self.address + path, kind)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(web, "_refuse_private", lambda _address: None)
    made = Site(pages={"/rss": RSS.replace("%s", "").encode(), "/atom": ATOM.encode(), "/page": PAGE.encode()})
    made.pages |= {"/sitemap.xml": SITEMAPS.encode(), "/map-new.xml.gz": gzip.compress(SITEMAP_NEW)}
    with serve_http(made.behave) as made.address:
        yield made


@pytest.fixture(scope="module")
def topics() -> Topics:
    return Topics(Proposer.read(SHIPPED))


Watch = Callable[..., Findings]


@pytest.fixture
def watch(topics: Topics) -> Watch:
    def run(*places: Place, queue: Queue | None = None, visitor: Visitor | None = None, known: frozenset[str] = frozenset()) -> Findings:
        found = Round(topics, known, "2026-10-01", "2026-11-29")
        return found.visit(places, visitor or Visitor(99, wait=lambda _: None), queue or Queue({}), lambda _: ["a b"])

    return run


def test_each_kind_of_place_gives_candidates(site: Site, watch: Watch) -> None:
    places = [site.place(FEED, "/rss"), site.place(FEED, "/atom"), site.place(SITEMAP, "/sitemap.xml"), site.place(INDEX, "/page")]
    found = watch(*places)
    assert found.problems == []
    by_path = {candidate.address.removeprefix(site.address): candidate for candidate in found.new}
    assert {path: (each.published, each.place) for path, each in by_path.items()} == {
        "/atom/1": ("2026-11-03", "/atom"),
        "/map/geely-starts-production-in-egypt": ("2026-11-04", "/sitemap.xml"),
        "/page/chery": ("", "/page"),
        "/rss/byd": ("2026-11-02", "/rss"),
    }
    assert [by_path[path].names.split("|")[0] for path in ("/rss/byd", "/atom/1", "/page/chery")] == ["byd", "byd-rayong", "chery"]
    assert (found.old, found.other, found.known) == (1, 3, 0), "Toyota, cooking and the weather are about other things"
    assert "/map-old.xml" not in site.asked
    assert site.asked.count("/sitemap.xml") == site.asked.count("/robots.txt") == 1


def test_what_is_unchanged_is_not_sent_and_what_is_new_is_found(site: Site, watch: Watch, tmp_path: Path) -> None:
    queue, memory = Queue({}), tmp_path / "memory.json"
    first = Visitor(99, memory, wait=lambda _: None)
    assert len(watch(site.place(FEED, "/rss"), queue=queue, visitor=first).new) == 1
    first.remember(memory)
    again = watch(site.place(FEED, "/rss"), queue=queue, visitor=Visitor(99, memory, wait=lambda _: None))
    assert (again.new, again.unchanged, again.links) == ([], 1, 0)
    item = "<item><title>比亚迪在匈牙利投产</title><link>/rss/new</link></item>"
    site.pages["/rss"] = RSS.replace("%s", item).encode()
    changed = watch(site.place(FEED, "/rss"), queue=queue, visitor=Visitor(99, memory, wait=lambda _: None))
    assert [each.address for each in changed.new] == [site.address + "/rss/new"]
    assert changed.known == 1


def test_pages_in_the_data_and_pages_with_the_same_title_are_no_new_candidates(site: Site, watch: Watch) -> None:
    assert watch(site.place(FEED, "/rss"), known=frozenset({normalise_address(site.address + "/rss/byd")})).new == []
    queue = Queue({})
    queue.add(Candidate("https://example.org/1", "BYD opens a plant in Thailand", "", "x", "byd", "accepted", "2026-11-01"))
    assert [each.state for each in watch(site.place(FEED, "/rss"), queue=queue).new] == ["duplicate"]


def test_one_bad_place_does_not_hinder_the_others(site: Site, watch: Watch) -> None:
    site.pages |= {"/empty": b"<html><body>Nothing</body></html>", "/bytes": bytes(range(256)), "/xml": b"<urlset>", "/none": b""}
    paths = [(INDEX, "/empty"), (FEED, "/bytes"), (SITEMAP, "/xml"), (INDEX, "/none"), (FEED, "/missing"), (FEED, "/moved")]
    found = watch(*(site.place(kind, path) for kind, path in paths))
    assert len(found.problems) == 5
    hint = "has no links to pages; has the place moved, or is it another kind than 'index'?"
    assert found.problems[0] == f"/empty: {site.address}/empty {hint}"
    assert found.problems[2].startswith(f"/xml: {site.address}/xml is no sitemap: ")
    assert found.problems[4] == f"/missing: {site.address}/missing cannot be fetched: the server answers 404 Not Found."
    assert [each.place for each in found.new] == ["/moved"]


def test_a_page_without_use_is_fetched_again(site: Site, watch: Watch) -> None:
    site.pages["/empty"] = b"<html><body>Nothing</body></html>"
    visitor = Visitor(99, wait=lambda _: None)
    for _ in range(2):
        assert len(watch(site.place(INDEX, "/empty"), visitor=visitor).problems) == 1


def test_robots_and_limits_are_kept(site: Site, watch: Watch) -> None:
    site.robots = "User-agent: nevkg\nDisallow: /rss\nCrawl-delay: 7\n"
    waited = list[float]()
    visitor = Visitor(2, wait=waited.append)
    found = watch(*(site.place(FEED, path) for path in ("/rss", "/atom", "/atom?2", "/atom?3")), visitor=visitor)
    assert found.problems[0] == f"/rss: {site.address}/rss was not visited: robots.txt of its host forbids it."
    assert found.problems[-1].endswith("/atom?3 was not visited: the limit of requests is reached; --limit sets it.")
    assert "/rss" not in site.asked
    assert waited[0] == 0
    assert 6 < waited[1] <= 7


def test_a_site_whose_robots_cannot_be_fetched_is_not_visited(site: Site, watch: Watch) -> None:
    behave = site.behave

    def fail(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        respond(handler, b"", 503) if handler.path == "/robots.txt" else behave(handler, content)

    with serve_http(fail) as site.address:
        found = watch(site.place(FEED, "/rss"), site.place(FEED, "/atom"))
    reason = f"{site.address}/robots.txt cannot be fetched: the server answers 503 Service Unavailable."
    assert found.problems == [f"{path}: {site.address}{path} was not visited: {reason}" for path in ("/rss", "/atom")]
    assert site.asked == []


def test_sitemaps_of_an_unchanged_list_are_visited_again(site: Site, watch: Watch) -> None:
    queue, visitor, place = Queue({}), Visitor(99, wait=lambda _: None), site.place(SITEMAP, "/sitemap.xml")
    assert len(watch(place, queue=queue, visitor=visitor).new) == 1
    later = SITEMAP_NEW.replace(b"</urlset>", b"<url><loc>/map/byd-plant-brazil</loc></url></urlset>")
    site.pages["/map-new.xml.gz"] = gzip.compress(later)
    assert [each.names for each in watch(place, queue=queue, visitor=visitor).new] == ["byd"]


def test_broken_links_and_those_of_other_kinds_are_left_out(tmp_path: Path) -> None:
    targets = ("http://[", "javascript:x", "mailto:byd@example.org", "", "https://example.org/byd#part")
    items = "".join(f"<item><title>BYD</title><link>{target}</link></item>" for target in targets)
    maps = "".join(f"<url><loc>{target}</loc></url>" for target in targets)
    anchors = "".join(f'<a href="{target}">BYD in Brazil</a>' for target in targets)
    for kind, text in ((FEED, f"<rss><channel>{items}</channel></rss>"), (SITEMAP, f"<urlset>{maps}</urlset>"), (INDEX, anchors)):
        assert [link.address for link in find_links(kind, "https://example.org/", text.encode()).pages] == ["https://example.org/byd"]
    file = tmp_path / "feed.xml"
    file.write_text(RSS)
    # A server that answers with the name of a file on this machine.
    assert find_links(FEED, "https://example.org/", bytes(file)).pages == []


@pytest.mark.parametrize("before", ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_sends_little_at_a_time_is_left_in_time(monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    monkeypatch.setattr(web, "_refuse_private", lambda _address: None)
    monkeypatch.setattr(web, "_SECONDS", 1)
    done = threading.Event()

    def behave(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.wfile.write(before.encode())
        while not done.wait(0.2):
            handler.wfile.write(b"a")

    with serve_http(behave) as address:
        threading.Timer(10, done.set).start()  # without a limit, the test fails and does not hang
        started = monotonic()
        try:
            with pytest.raises(web.NotFetched, match="takes more than 1 seconds"):
                web.fetch(address)
            assert monotonic() - started < 5
        finally:
            done.set()


def test_a_search_takes_words(site: Site, watch: Watch) -> None:
    site.pages["/search?q=a+b"] = ATOM.encode()
    assert len(watch(Place("s", site.address + "/search?q={words}", FEED, "due-for-check", "search")).new) == 1


def test_a_search_may_find_nothing_but_not_every_search(site: Site, topics: Topics) -> None:
    site.pages |= {"/search?q=news": ATOM.encode(), "/search?q=none": ATOM[: ATOM.index("<entry>")].encode() + b"</feed>"}
    place = Place("s", site.address + "/search?q={words}", FEED, "due-for-check", "search")

    def search(*words: str) -> Findings:
        found = Round(topics, frozenset(), "2026-10-01", "2026-11-29")
        return found.visit([place], Visitor(9, wait=lambda _: None), Queue({}), lambda _: words)

    found = search("none", "news", "none")
    assert (len(found.new), found.problems) == (1, [])
    hint = "has no links to pages; has the place moved, or is it another kind than 'feed'?"
    assert search("none", "none").problems == [f"s: {place.address} {hint}"]
    assert search().problems == []


def test_a_search_without_words_does_not_hinder_other_places(site: Site, topics: Topics) -> None:
    def find_words(_: Place) -> list[str]:
        raise WrongUsage("There is no question 'x'.")

    places = [Place("s", site.address + "/{words}", FEED, "x", "y"), site.place(FEED, "/rss")]
    found = Round(topics, frozenset(), "2026-10-01", "2026-11-29").visit(places, Visitor(9, wait=lambda _: None), Queue({}), find_words)
    assert found.problems == ["s: There is no question 'x'."]
    assert len(found.new) == 1


def test_packed_sitemaps_are_limited() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (web.LARGEST + 1))
    with pytest.raises(InvalidData, match="has more than 20 MB when unpacked"):
        find_links(SITEMAP, "https://example.org/a.xml.gz", bomb)
    with pytest.raises(InvalidData, match="is incomplete"):
        find_links(SITEMAP, "https://example.org/a.xml.gz", gzip.compress(b"<urlset/>")[:-9])


def test_entities_of_a_sitemap_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]><urlset><url><loc>https://example.org/&e;</loc></url></urlset>'
    assert [link.address for link in find_links(SITEMAP, "https://example.org/", text.encode()).pages] == ["https://example.org/"]


def test_a_queue_is_read_marked_and_written(nevkg: Nevkg, tmp_path: Path) -> None:
    file, queue = tmp_path / "queue.csv", Queue({})
    for number in range(3):
        queue.add(Candidate(f"https://www.example.org/{number}/", f"=Title {number}, “quoted”", "", "place", "byd", "new", "2026-11-29"))
    queue.write(file)
    assert ',"\'=Title 1, “quoted”",' in file.read_text(encoding="utf-8"), "a spreadsheet would run it"
    assert Queue.read(file) == queue
    assert nevkg("watch", str(file), "--mark", "irrelevant", "--address", "http://example.org/1").code == 0
    assert [row["state"] for row in csv.DictReader(file.open(encoding="utf-8"))] == ["new", "irrelevant", "new"]
    before = file.read_bytes()
    assert "There is no state 'good'; a candidate is " + ", ".join(STATES) in nevkg("watch", str(file), "--mark", "good").error(2)
    unknown = nevkg("watch", str(file), "--mark", "new", "--address", "https://example.org/9").error(2)
    assert "https://example.org/9 is not in the queue. Did you mean https://www.example.org/" in unknown
    assert "Name the candidates to mark with --address." in nevkg("watch", str(file), "--mark", "new").error(2)
    missing = tmp_path / "missing"
    assert f"There is no folder {missing} for the queue." in nevkg("watch", str(missing / "queue.csv")).error(2)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n", "line 1: the columns must be address, title, published, place, names, state, found, note."),
        ("{head}\nx\n", "line 2: a row has 8 cells."),
        ("{head}\nx,,,,,good,,\n", "line 2, state: 'good' is none of new, accepted, irrelevant, duplicate, out-of-scope, follow-up."),
    ],
)
def test_bad_queues(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "queue.csv"
    file.write_text(content.replace("{head}", "address,title,published,place,names,state,found,note"), encoding="utf-8")
    with pytest.raises(InvalidData) as caught:
        Queue.read(file)
    assert str(caught.value) == f"{file}, {message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "{} is no list of places; docs/watching.md shows one."),
        ("- {", "{} is not valid YAML: "),
        ("- x", "{}, place 1: give name, address and kind."),
        ("- {name: a, adress: b}", "{}, place 1: there is no key 'adress'. Did you mean address?"),
        ("- {name: a, kind: feed}", "{}, place 1: address is missing."),
        ("- {name: 1}", "{}, place 1, name: '1' is no text."),
        ("- {name: a, address: 'https://a/', kind: page}", "{}, place 1: the kind 'page' is none of feed, sitemap, index."),
        ("- {name: a, address: 'ftp://a/', kind: feed}", "{}, place 1: ftp://a/ is not an address of the web; it begins with https://."),
        (
            "- {name: a, address: 'https://[a/', kind: feed}",
            "{}, place 1: https://[a/ is not an address of the web; it begins with https://.",
        ),
        ("- {name: a, rows: 0}", "{}, place 1, rows: '0' is no whole number above 0."),
        ("- {name: a, rows: yes}", "{}, place 1, rows: 'True' is no whole number above 0."),
        ("- {name: a, address: 'https://a/{words}', kind: feed}", "{}, place 1: an address with {words} needs a question and a column"),
        ("- &a {name: a, address: 'https://a/', kind: feed}\n- *a", "{}: two places are called 'a'; give each a name of its own."),
    ],
)
def test_bad_lists_of_places(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "watch.yaml"
    file.write_text(content)
    with pytest.raises(InvalidData) as caught:
        read_watchlist(file)
    assert str(caught.value).startswith(message.replace("{}", str(file)))


def test_the_places_of_the_data_are_valid() -> None:
    assert any(place.searches for place in read_watchlist(SHIPPED.data / "watch.yaml"))


def test_the_command_writes_the_queue_and_lists_what_is_new(nevkg: Nevkg, site: Site, tmp_path: Path) -> None:
    places, queue = tmp_path / "watch.yaml", tmp_path / "queue.csv"
    feeds = f"- {{name: good, address: '{site.address}/rss', kind: feed}}\n- {{name: bad, address: '{site.address}/none', kind: feed}}\n"
    places.write_text(feeds)
    result = nevkg("watch", str(queue), "--places", str(places), "--since", "2026-10-01")
    assert result.code == 3
    assert result.out.startswith(f"- [BYD opens a plant in Thailand](<{site.address}/rss/byd>), 2026-11-02: byd\n{queue}: 1 new candidates")
    assert "bad: " in result.err
    again = nevkg("watch", str(queue), "--places", str(places), "--since", "2026-10-01", "--only", "good")
    assert again.code == 0
    assert "0 new candidates from 1 places (0 links" in again.out
    assert "1 addresses unchanged" in again.out
    assert "No place is called 'x'; there are good, bad." in nevkg("watch", str(queue), "--places", str(places), "--only", "x").error(2)
