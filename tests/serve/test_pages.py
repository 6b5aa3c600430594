"""The pages of the server: every name has a page, and RDF with the same content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from html import unescape
from urllib.parse import unquote, unquote_plus, urlsplit

import pytest
import yaml
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from starlette.requests import Request
from starlette.testclient import TestClient
from tests.interop.test_w3id import HOST, QUAD_FORMATS, TRIPLE_FORMATS, redirect
from tests.support.api import BROWSER, app
from tests.support.browser import EXPLORER
from tests.support.markup import Markup
from tests.support.serving import ServerProcess
from tests.support.worlds import SHIPPED, World

from nevkg.ask import answer, profile
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.literals import format_number, format_period
from nevkg.serve.api.dataset_jobs import list_checks, measure_quality
from nevkg.serve.pages.address import Links, formats, path_of, split
from nevkg.serve.pages.requests import problem_page
from nevkg.serve.pages.routes import routes
from nevkg.serve.problem import Problem
from nevkg.store import EmbeddedStore, Store, open_store

RDF = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML, "nt": RdfFormat.N_TRIPLES}
QUADS = {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}


def make_client(store: Store, root: str = "") -> TestClient:
    """Returns a client of the pages that runs jobs in this process."""
    return TestClient(app(store, routes), headers={"Accept": BROWSER}, follow_redirects=False, root_path=root)


@pytest.fixture(scope="session")
def client(shipped: EmbeddedStore) -> TestClient:
    return make_client(shipped)


def fetch_page(client: TestClient, path: str, **headers: str) -> Markup:
    """Fetches a page, which must exist."""
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    read = Markup(response.text)
    assert read.all("html")[0]["lang"] == response.headers["content-language"]
    assert [tag for tag, _ in read.tags].count("h1") == 1
    assert {"header", "main", "nav"} <= {tag for tag, _ in read.tags}
    return read


def parse_triples(content: bytes, form: RdfFormat) -> set[Triple]:
    return {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(content, form)}


@pytest.fixture(scope="session")
def samples(shipped: EmbeddedStore) -> dict[str, str]:
    return find_samples(shipped)


def find_samples(store: EmbeddedStore) -> dict[str, str]:
    """Returns one entity of each class with a name of ours, and names that are not subjects."""
    query = f"""SELECT ?class (MIN(?name) AS ?first) WHERE {{
      ?thing a ?class BIND(STR(?thing) AS ?name) FILTER(STRSTARTS(?name, "{terms.BASE}")) }} GROUP BY ?class"""
    examples = {row["class"]: row["first"] for row in entities.rows(store, query)}
    assert len(examples) > 50
    source = next(iri for iri in examples.values() if iri.startswith(terms.SOURCE))
    question = sorted(load_catalogue(store.layout).questions)[0]
    others = [terms.graph(slug) for slug in ("registry", "current", "ontology", "vocabularies")]
    others += [terms.graph(source.removeprefix(terms.SOURCE)), f"{terms.BASE}dataset", f"{terms.BASE}question/{question}"]
    return examples | {iri: iri for iri in others}


def list_documents(samples: dict[str, str]) -> list[str]:
    """Returns the names of documents; the terms of the ontology share one."""
    return sorted({iri.partition("#")[0] for iri in samples.values()})


@pytest.mark.slow
def test_every_kind_of_name_has_a_page_whose_links_resolve(sample: EmbeddedStore) -> None:
    client, samples = make_client(sample), find_samples(sample)
    known: dict[str, Markup] = {}
    links_by_kind: dict[str, set[str]] = {}
    for iri in list_documents(samples):
        known[path_of(iri)] = fetch_page(client, path_of(iri))
        assert iri in known[path_of(iri)].words or iri.startswith(f"{terms.BASE}question/")
        for tag, link in known[path_of(iri)].links:
            parts = urlsplit(link)
            assert parts.scheme in ("", "https", "http"), link
            if not parts.scheme and tag == "a" and not parts.path.startswith(("/api", "/sparql", "/feeds/", "/dataset.")):
                # A few links to entities of each kind suffice.
                kind = parts.path.partition("/")[2].partition("/")[0]
                link = link if parts.path else path_of(iri) + link
                links_by_kind.setdefault(kind, set()).add(link)
    for links in links_by_kind.values():
        for link in [*sorted(links)[:3], *sorted(anchor for anchor in links if "#" in anchor)[:20]]:
            parts = urlsplit(link)
            assert not link.startswith("//")
            if parts.path and parts.path not in known:
                response = client.get(parts.path)
                assert response.status_code in (200, 302, 308), link
                if response.headers["content-type"].startswith("text/html"):
                    known[parts.path] = Markup(response.text)
            if parts.fragment and parts.path in known:
                assert unquote(parts.fragment) in known[parts.path].ids, link


@pytest.mark.slow
def test_every_kind_of_name_is_available_in_each_rdf_format(sample: EmbeddedStore) -> None:
    client, samples = make_client(sample), find_samples(sample)
    for iri in list_documents(samples):
        responses = {suffix: client.get(path_of(iri, suffix)) for suffix in RDF}
        for suffix, response in responses.items():
            assert response.status_code == 200, (iri, suffix)
            assert response.headers["content-type"].startswith(MEDIA_TYPES[suffix])
        # Blank nodes have different names in each document, so only triples without them are compared.
        named = {suffix: _without_blank_nodes(parse_triples(response.content, RDF[suffix])) for suffix, response in responses.items()}
        assert all(texts == named["nt"] for texts in named.values()), iri
        own = {Triple(NamedNode(iri), quad.predicate, quad.object) for quad in sample.store.quads_for_pattern(NamedNode(iri), None, None)}
        assert _without_blank_nodes(own) <= named["nt"]
        assert named["nt"]


def _without_blank_nodes(graph: Iterable[Triple]) -> set[str]:
    return {str(triple) for triple in graph if "_:" not in str(triple)}


MEDIA_TYPES = {
    suffix: media for media, suffix in TRIPLE_FORMATS.items() if media.startswith(("text/turtle", "application/")) and ";" not in media
}


def test_a_page_and_its_rdf_have_the_same_statements(client: TestClient, samples: dict[str, str]) -> None:
    compared = 0
    for kind in ("Plant", "Organization", "Country", "Source", "Policy", "Passage", "Event", "Person"):
        path = path_of(samples[terms.NEV + kind])
        statements: set[str] = set()
        more: str | None = path
        while more:
            read = fetch_page(client, more)
            statements |= {link for tag, link in read.links if tag == "a" and link.startswith("/statement/")}
            more = next((attrs["href"] for attrs in read.all("a") if attrs.get("rel") == "next"), None)
        graph = parse_triples(client.get(f"{path}.nt").content, RDF["nt"])
        assert {path_of(terms.text(triple.subject)) for triple in graph if triple.predicate.value == terms.NEV + "source"} == statements
        compared += len(statements)
    assert compared > 20


@pytest.mark.parametrize("suffix", QUADS)
def test_graphs_are_quads(client: TestClient, shipped: EmbeddedStore, samples: dict[str, str], suffix: str) -> None:
    for iri in samples.values():
        if iri.startswith(terms.GRAPH):
            response = client.get(path_of(iri, suffix))
            assert set(parse(response.content, QUADS[suffix])) == set(shipped.store.quads_for_pattern(None, None, None, NamedNode(iri)))
    assert client.get(f"/graph/nothing.{suffix}").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("suffix", QUADS)
def test_the_dataset_download_is_complete(store: EmbeddedStore, suffix: str) -> None:
    quads: set[Quad] = set(parse(make_client(store).get(f"/dataset.{suffix}").content, QUADS[suffix]))
    assert quads == set(store.store)


def test_w3id_redirects_resolve_to_documents(client: TestClient, samples: dict[str, str]) -> None:
    some = {samples[f"{space}{kind}"] for space, kind in ((terms.NEV, "Plant"), (terms.SKOS, "ConceptScheme"), (terms.NEV, "Dataset"))}
    for iri in samples.values():
        for accept, suffix in {**TRIPLE_FORMATS, **(QUAD_FORMATS if iri.startswith(terms.GRAPH) else {})}.items():
            address = redirect(iri, accept)
            assert address is not None
            path = address.removeprefix(HOST)
            assert split(path)[1] == suffix
            if iri in some and (suffix != "html" or accept == "*/*"):
                response = client.get(path, headers={"Accept": accept})
                assert response.status_code == 200, path
                assert response.headers["content-type"].partition(";")[0] == formats(iri)[suffix]


def test_the_accept_header_selects_the_format(client: TestClient, samples: dict[str, str]) -> None:
    path = path_of(samples[terms.NEV + "Plant"])
    for accept, media in {
        BROWSER: "text/html",
        "*/*": "text/html",
        "text/turtle": "text/turtle",
        "text/html;q=0.5, application/ld+json": "application/ld+json",
        "application/rdf+xml;q=0.9, application/n-triples;q=0.8": "application/rdf+xml",
    }.items():
        response = client.get(path, headers={"Accept": accept})
        assert response.headers["content-type"].partition(";")[0] == media
        assert {"Accept", "Accept-Language"} <= set(re.split(r",\s*", response.headers["vary"]))
        own = next(suffix for suffix, kind in formats(path).items() if kind == media)
        assert response.headers["content-location"] == f"{path}.{own}"
        assert f'<{path}.{own}>; rel="alternate"' not in response.headers["link"]
        assert response.headers["link"].count('rel="alternate"') == len(RDF)
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"{path}.trig").status_code == 406
    assert client.get(f"{path}/").status_code == 200


def test_merged_names_redirect_to_their_replacement(client: TestClient, shipped: EmbeddedStore) -> None:
    merges = entities.rows(shipped, "SELECT ?old ?new WHERE { ?old dcterms:isReplacedBy ?new } ORDER BY ?old LIMIT 5")
    assert merges
    for row in merges:
        old, new = (row[name] for name in ("old", "new"))
        for suffix in (None, "html", "ttl"):
            response = client.get(path_of(old, suffix))
            assert response.status_code == 308
            assert response.headers["location"] == path_of(new, suffix)
            assert client.get(response.headers["location"]).status_code == 200
        assert client.get(f"{path_of(old)}?lang=zh").headers["location"] == f"{path_of(new)}?lang=zh"


def test_unknown_names_list_similar_ones(client: TestClient, samples: dict[str, str]) -> None:
    plant = samples[terms.NEV + "Plant"]
    for suffix in ("", ".html", ".ttl"):
        response = client.get(f"{path_of(plant)}x{suffix}")
        assert response.status_code == 404
        assert path_of(plant) in {link for _, link in Markup(response.text).links}
    for path in ("/nothing", "/plant/", "/plant/%22%3E%3Cb%3E", "/a%20b", "/ontology/nothing", "/question/nothing", "/questions/nothing"):
        response = client.get(path)
        assert response.status_code == 404, path
        assert Markup(response.text)
    assert client.get("/static/nothing.css").status_code == 404


def test_pages_of_long_lists(client: TestClient, shipped: EmbeddedStore) -> None:
    # The organization with most statements; industries have more, but figures only, and no states.
    query = """SELECT ?thing (COUNT(*) AS ?n) WHERE { ?thing a nev:Organization . ?s nev:subject ?thing ; nev:source ?x }
        GROUP BY ?thing ORDER BY DESC(?n) LIMIT 1"""
    path = path_of(entities.rows(shipped, query)[0]["thing"])
    first = fetch_page(client, path)
    (following,) = [attrs["href"] for attrs in first.all("a") if attrs.get("rel") == "next"]
    second = fetch_page(client, following)
    statements = [{attrs["href"] for attrs in read.all("a") if attrs.get("class") == "permalink"} for read in (first, second)]
    assert len(statements[0]) == len(statements[1]) == 100
    assert not statements[0] & statements[1]
    assert "now" in first.ids
    assert "now" not in second.ids
    assert client.get(f"{path}?page=10000").status_code == 404
    for wrong in ("0", "-1", "x", "1e3", "٣", "99999999999"):
        assert client.get(path, params={"page": wrong}).status_code == 400


def test_a_page_begins_with_the_card(client: TestClient) -> None:
    """The card is before the other sections, and its values have their evidence; the links to questions lead to answers."""
    order = ["more", "said", "now"]
    assert [name for name in fetch_page(client, "/agent/byd?lang=en").ids if name in order] == order
    text = client.get("/agent/byd?lang=en", headers={"Accept": BROWSER}).text
    card = text[text.index('class="summary"') : text.index('id="more"')]
    assert re.search(r'data-trace="https://w3id.org/nevkg/episode/', card)
    assert "10 independent sources" in card
    assert "/questions/plants-of-maker?maker=agent%3Abyd&amp;lang=en" in card
    links = re.findall(r'href="(/questions/[^"]*)"', text[text.index('id="more"') : text.index('id="said"')])
    assert len(links) > 5
    for link in links:
        assert 'role="alert"' not in client.get(link.replace("&amp;", "&"), headers={"Accept": BROWSER}).text
    assert 'class="summary"' not in client.get("/agent/byd?lang=en&page=2", headers={"Accept": BROWSER}).text


def test_pages_exist_in_both_languages(client: TestClient, shipped: EmbeddedStore, samples: dict[str, str]) -> None:
    iri = samples[terms.NEV + "Country"]
    labels = {language: entities.literal_labels(shipped, [iri], language)[iri] for language in terms.LANGUAGES}
    path = path_of(iri)
    for headers, query, language in (
        ({}, "", "en"),
        ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.1"}, "", "zh"),
        ({"Accept-Language": "de"}, "", "en"),
        ({"Accept-Language": "zh"}, "?lang=en", "en"),
        ({}, "?lang=zh", "zh"),
        ({}, "?lang=xx", "en"),
    ):
        read = fetch_page(client, path + query, **headers)
        assert read.all("html")[0]["lang"] == language
        assert (labels[language].value, language) in read.texts
        other = labels["zh" if language == "en" else "en"]
        assert (other.value, other.language) in read.texts
        # Links contain the language only if the request asked for it.
        local = [link for tag, link in read.links if tag == "a" and link.startswith("/") and "." not in link and "/sparql" not in link]
        pinned = [link for link in local if f"lang={language}" in link]
        assert len(pinned) > len(local) / 2 if query[6:] == language else len(pinned) == 1
    assert "当前事实" in fetch_page(client, "/plant/" + samples[terms.NEV + "Plant"].rpartition("/")[2] + "?lang=zh").words


HOSTILE = [
    "<img src=x onerror=alert(1)>\"'&",
    "\u202eright to left\u202c \u2067mixed\u2069",
    "long " + "x" * 10_000,
    "{{ 7 * 7 }} {% raw %}",
    "\u0000\ufffe".replace("\u0000", "") + "odd",
]


@pytest.mark.parametrize(("path", "mark"), [("/plant/byd-camacari?lang=en", "title devised"), ("/plant/byd-camacari?lang=zh", "自拟标题")])
def test_a_devised_title_is_marked_and_names_its_outlet_once(client: TestClient, path: str, mark: str) -> None:
    text = client.get(path).text
    title = "Logweb, 2025-07: BYD Camaçari plant, BYD and others"
    (cited, *_) = [part for part in text.split('<td class="source">') if title in part]
    cell = cited.partition("</td>")[0]
    assert mark in cell
    assert cell.count("Logweb, ") == 1
    assert 'class="publisher"' not in cell


def test_the_numbers_at_cells_are_those_of_the_list_of_sources(client: TestClient) -> None:
    text = client.get("/questions/local-manufacturers?country=place:TH&maker=agent:changan", headers={"Accept": "text/html"}).text
    named = {
        int(number)
        for numbers in re.findall(r'class="evidence"[^>]*aria-label="[^"0-9]*([0-9, ]+)"', text)
        for number in numbers.split(",")
    }
    listed = len(re.findall(r"<li[ >]", text.partition('id="sources"')[2].partition("</ol>")[0]))
    assert named == set(range(1, listed + 1))


@pytest.fixture
def hostile(world: World) -> Callable[[], TestClient]:
    def build() -> TestClient:
        labels = " , ".join(f'"{_escape(text)}"@en' for text in HOSTILE[1:])
        world.registry = world.registry.replace(
            'rdfs:label "Plant P"@en', f'rdfs:label "{_escape(HOSTILE[0])}"@en ; skos:altLabel {labels}'
        )
        world.source("s", address='"javascript:alert(1)"^^xsd:anyURI , <javascript:alert(2)> , <data:text/html,x>')
        world.graphs["s"].append(f'source:s dcterms:title "{_escape(HOSTILE[0])}"@en .')
        world.plant()
        world.fact("plant:p", "status", "status:operating", "2025-05", note=f'"{_escape(HOSTILE[0])}"@en')
        world.fact("plant:p", "operator", "<https://w3id.org/nevkg//evil.example/x>", "2025-05")
        world.fact("plant:p", "partner", "<javascript:alert%283%29>", "2025-05")
        world.fact("plant:p", "owner", "<http://outside.example/%22%3E>", "2025-05")
        return make_client(open_store(world.write()))

    return build


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def test_hostile_labels_are_escaped(hostile: Callable[[], TestClient]) -> None:
    client = hostile()
    read = fetch_page(client, "/plant/p")
    for text in HOSTILE:
        assert any(text == label for label, _ in read.texts), text[:30]
    inside = {tag for tag, attrs in read.tags if tag == "bdi"}
    assert inside
    source = fetch_page(client, "/source/s")
    for _, link in [*read.links, *source.links]:
        assert urlsplit(link).scheme in ("", "http", "https")
        assert not link.startswith("//")
    assert ("a", "http://outside.example/%22%3E") in read.links
    assert ("a", "https://w3id.org/nevkg//evil.example/x") in read.links
    assert path_of(f"{terms.BASE}plant/p") in {link for _, link in fetch_page(client, "/search?q=%3Cimg").links}
    for path in ("/search?q=%3Cscript%3E%22", "/questions/bloc-members?bloc=%3Cscript%3E"):
        assert "<script>" in fetch_page(client, path).words


def test_a_long_list_of_values_is_on_the_page_as_a_whole(world: World) -> None:
    names = [f"Plant number {number}" for number in range(30)]
    for number, name in enumerate(names):
        world.registry += f'plant:n{number} a nev:Plant ; rdfs:label "{name}"@en .\n'
        world.fact(f"plant:n{number}", "locatedIn", "place:XA-1", "2025")
    text = make_client(open_store(world.write())).get("/place/XA").text
    facts = " ".join(re.findall(r'<dl class="facts">.*?</dl>', text, re.DOTALL))
    assert [name for name in names if f">{name}</bdi>" not in facts] == []


def test_retracted_disputed_and_inferred_values_are_marked(world: World) -> None:
    world.plant("agent:a agent:b")
    wrong = world.figure("capacity", "500", "vehicles-per-year", "2025-01-01", source="s")
    retraction = world.statement("t", "Retraction", retracts=wrong)
    world.figure("capacity", "100", "vehicles-per-year", "2025-02-01", source="u")
    world.figure("capacity", "200", "vehicles-per-year", "2025-02-01", source="v")
    world.fact("plant:p", "status", "status:operating", "2025-05")
    world.fact("plant:p", "status", "status:suspended", "2025-06")
    client = make_client(open_store(world.write()))
    text = client.get("/plant/p").text
    rows_of = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    (retracted,) = [row for row in rows_of if 'class="retracted"' in row]
    assert "500" in retracted
    assert "<del>" in retracted
    assert 'class="mark retracted"' in retracted
    capacity = text[text.index('<section class="topic">') :].split("</section>")
    (disputed,) = [part for part in capacity if ">100 " in part and ">200 " in part]
    assert 'class="mark disputed"' in disputed
    assert 'class="mark disputed"' in text[: text.index('id="said"')]
    current = [
        group for group in re.findall(r"<tbody.*?</tbody>", text, re.DOTALL) if 'class="mark current"' in group and "source" in group
    ]
    assert any("suspended" in group for group in current)
    assert not any("operating" in group for group in current)
    # Current facts have a standing, ended ones do not.
    now, before = text[text.index('id="now"') : text.index('id="before"')], text[text.index('id="before"') : text.index('id="said"')]
    (suspended,) = [row for row in re.findall(r"<tr>.*?</tr>", now, re.DOTALL) if "suspended" in row]
    assert "reported 1 independent source" in re.sub("<[^>]+>", "", suspended)
    assert "disputed 2 independent sources" in re.sub("<[^>]+>", "", now)
    assert "standing" not in before
    assert "独立来源1个" in client.get("/plant/p", headers={"Accept-Language": "zh"}).text
    production = client.get("/production/a-at-p").text
    assert 'class="mark inferred"' in production
    retraction_page = fetch_page(client, f"/{retraction.replace(':', '/')}")
    assert "retracts" in retraction_page.words
    assert f"/{wrong.replace(':', '/')}" in {link for _, link in retraction_page.links}


def test_pages_word_statements_as_the_terminal_does(client: TestClient, shipped: EmbeddedStore) -> None:
    said = profile.gather(shipped, entities.resolve(shipped, "plant:changan-rayong"), "en").said
    numbers = range(1, -(-len(said) // 100) + 1)
    text = unescape("".join(client.get(f"/plant/changan-rayong?page={number}").text for number in numbers))
    assert {"2027", "2023-11-08, due 2025"} <= {statement.when for statement in said}
    for statement in said:
        assert f'<td class="when">{statement.when}</td>' in text or not statement.when
        assert statement.value in text


def test_a_statement_links_to_its_passage_and_episode(client: TestClient, shipped: EmbeddedStore) -> None:
    query = """SELECT ?statement ?passage ?length ?digest ?episode WHERE {
      ?statement nev:passage ?passage . ?passage nev:quoteLength ?length ; nev:quoteDigest ?digest .
      ?episode prov:wasDerivedFrom ?statement } ORDER BY ?statement LIMIT 1"""
    (row,) = entities.rows(shipped, query)
    read = fetch_page(client, path_of(row["statement"]))
    assert {path_of(row[name]) for name in ("passage", "episode")} <= {link for _, link in read.links}
    assert {row["length"], row["digest"]} <= {text for text, _ in read.texts}
    episode = fetch_page(client, path_of(row["episode"]))
    assert path_of(row["statement"]) in {link for _, link in episode.links}


def test_an_episode_begins_with_statements_of_its_value(client: TestClient, shipped: EmbeddedStore) -> None:
    query = f"""SELECT ?episode ?other WHERE {{
      ?episode nev:property nev:status ; prov:wasDerivedFrom ?statement, ?implying . ?statement nev:property nev:status .
      ?implying nev:property/<{terms.RDFS}label> ?other .
      FILTER(LANG(?other) = "en" && STR(?other) < "status") }} ORDER BY ?episode LIMIT 1"""
    (row,) = entities.rows(shipped, query)
    text = client.get(path_of(row["episode"])).text
    titles = [re.sub("<[^>]+>", "", title) for title in re.findall("<h3>.*?</h3>", text[text.index('id="behind"') :])]
    assert titles[0] == "status"
    assert row["other"] in titles


def test_vocabularies_are_trees(client: TestClient, shipped: EmbeddedStore) -> None:
    query = f"""SELECT ?scheme ?low ?high WHERE {{ ?low <{terms.SKOS}broader> ?high ; <{terms.SKOS}inScheme> ?scheme .
      ?high <{terms.SKOS}inScheme> ?scheme }} ORDER BY ?low LIMIT 1"""
    (row,) = entities.rows(shipped, query)
    scheme, low, high = (row[name] for name in ("scheme", "low", "high"))
    text = client.get(path_of(scheme)).text
    tree = text[text.index('id="concepts"') :]
    below = tree[tree.index(f'href="{path_of(high)}"') :]
    assert '<ul class="tree">' in below[: below.index(f'href="{path_of(low)}"')]
    concepts = entities.instances(shipped, scheme)
    assert all(tree.count(f'href="{path_of(iri)}"') == 1 for iri in concepts)


def test_the_ontology_has_an_anchor_for_each_term(client: TestClient, shipped: EmbeddedStore) -> None:
    read = fetch_page(client, "/ontology")
    named = {row["term"] for row in entities.rows(shipped, f"SELECT ?term WHERE {{ ?term <{terms.RDFS}isDefinedBy> ?module }}")}
    own = {iri.removeprefix(terms.NEV) for iri in named if iri.startswith(terms.NEV)}
    assert len(own) > 150
    assert own <= set(read.ids)
    version = entities.version(shipped)
    assert fetch_page(client, f"/ontology/{version}").ids == read.ids
    assert client.get(f"/ontology/{version}.ttl").status_code == 200


@pytest.mark.slow
def test_the_page_of_quality_has_all_tables_and_checks_and_pages_of_findings(sample: EmbeddedStore) -> None:
    client = make_client(sample)
    for language in terms.LANGUAGES:
        read = fetch_page(client, f"/quality?lang={language}")
        assert {table["title"] for table in measure_quality(sample, language)} <= {text for text, _ in read.texts}
        assert f"/stories/maintenance?lang={language}" in {link for _, link in read.links}
        read = fetch_page(client, f"/quality/checks?lang={language}")
        checks = list_checks(sample, language)
        assert {check["title"] for check in checks} <= {text for text, _ in read.texts}
        linked = {link for _, link in read.links}
        assert {check["name"] for check in checks if f"/quality/checks/{check['name']}?lang={language}" in linked} == {
            check["name"] for check in checks if check["found"]
        }
    most = max(checks, key=lambda check: check["found"])
    first, second = (fetch_page(client, f"/quality/checks/{most['name']}?page={number}") for number in (1, 2))
    assert (first.all("ol")[0]["start"], second.all("ol")[0]["start"]) == ("1", "26")
    assert {link for kind, link in first.links if kind == "a"} > {f"/quality/checks/{most['name']}?page=2"}
    assert not {*first.texts} >= {*second.texts}
    assert [client.get(f"/quality/checks/{path}").status_code for path in ("none", f"{most['name']}?page=999")] == [404, 404]


@pytest.mark.parametrize("name", ["view", "path", "nothing"])
def test_a_page_of_a_question_ignores_unknown_parameters(client: TestClient, name: str) -> None:
    assert client.get(f"/questions/host-countries?{name}=chart").status_code == 200


def test_the_front_page_and_the_catalogue(client: TestClient, shipped: EmbeddedStore) -> None:
    catalogue = load_catalogue(shipped.layout).questions
    for language in terms.LANGUAGES:
        read = fetch_page(client, f"/questions?lang={language}")
        assert {f"/questions/{name}" for name in catalogue} <= {link.partition("?")[0] for _, link in read.links}
        assert {question.title[language] for question in catalogue.values()} <= {text for text, _ in read.texts}
    front = fetch_page(client, "/")
    assert {"/sparql", "/dataset.trig", "/ontology.ttl"} <= {link for _, link in front.links}
    statements = {quad.subject for quad in shipped.store.quads_for_pattern(None, NamedNode(terms.NEV + "source"), None)}
    assert format_number(str(len(statements))) in front.words
    assert "topics.yaml" in {path.name for path in (SHIPPED.queries / "questions").iterdir()}
    named = yaml.safe_load((SHIPPED.queries / "questions" / "topics.yaml").read_text(encoding="utf-8"))
    assert set(named) == {question.topic for question in catalogue.values()}


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_the_front_page_lists_stories_and_their_figures_link_to_answers(client: TestClient, shipped: EmbeddedStore, language: str) -> None:
    titles = {story.name: story.title for story in load_stories(SHIPPED, language)}
    assert titles
    for path in ("/index.html", "/stories"):
        read = fetch_page(client, f"{path}?lang={language}")
        assert {f"/stories/{name}?lang={language}" for name in titles} <= {link for _, link in read.links}
    parts = {part["data-part"]: json.loads(part["data-props"]) for part in fetch_page(client, "/").all("div") if "data-part" in part}
    assert {*parts} == {"search", "overview"}
    assert parts["overview"]["question"] in load_catalogue(SHIPPED).questions
    # Another day in the address changes neither the figures nor their links.
    read = fetch_page(client, f"/stories/brazil?lang={language}&as_of=2020-01-01")
    assert titles["brazil"] in read.words
    figures = {anchor["href"] for anchor in read.all("a") if anchor.get("class") == "figure"}
    assert len(figures) > 5
    assert all(link.startswith("/questions/") and f"lang={language}" in link and "as_of" not in link for link in figures)
    answered = answer.ask(shipped, load_catalogue(SHIPPED)["local-manufacturers"], {"country": ["place:BR"]}, language=language)
    plants = answered.names.index("plant")
    assert (str(len({row[plants] for row in answered.records})), language) in read.texts
    assert client.get("/stories/brasil").status_code == 404


def test_search(client: TestClient, shipped: EmbeddedStore, samples: dict[str, str]) -> None:
    iri = samples[terms.NEV + "Plant"]
    label = entities.labels(shipped, [iri], "en")[iri]
    read = fetch_page(client, f"/search?q={label}")
    assert path_of(iri) in {link for _, link in read.links}
    assert {"value": label}.items() <= next(field for field in read.all("input") if field["id"] == "q").items()
    assert "“qqqqqqqqqq”" in fetch_page(client, "/search?q=qqqqqqqqqq").words
    assert not [tag for tag, _ in fetch_page(client, "/search").tags if tag == "ol"]


def test_a_form_keeps_the_language_and_the_day_of_its_page(client: TestClient, shipped: EmbeddedStore) -> None:
    day = entities.dataset_date(shipped)
    fields = fetch_page(client, f"/search?q=byd&lang=zh&as_of={day}").all("input")
    assert {field["name"]: field["value"] for field in fields if field["type"] == "hidden"} == {"lang": "zh", "as_of": day}


@pytest.mark.slow
def test_every_question_shows_its_form_and_answers_without_parameters(busy: EmbeddedStore, store: EmbeddedStore) -> None:
    """In the small world; only some questions name, by default, an entity that it does not have."""
    clients = [make_client(busy), make_client(store)]
    for name, question in load_catalogue(busy.layout).questions.items():
        pages = (fetch_page(client, f"/questions/{name}") for client in clients)
        read = next((page for page in pages if "answer" in page.ids), None)
        assert read, name
        assert question.title["en"] in read.words
        fields = {field["name"] for field in read.all("input")} - {"q", "as_of"}  # search, and the day of the bar
        assert fields == {parameter.name for parameter in question.parameters} - {"lang"}
        labels = [parameter.label["en"] for parameter in question.parameters if parameter.name != "lang"]
        assert all(label in read.words for label in labels)
        assert any(link.startswith("/sparql?query=") for _, link in read.links)


def test_a_question_has_the_same_answer_as_on_the_command_line(client: TestClient, shipped: EmbeddedStore) -> None:
    question = load_catalogue(shipped.layout)["bloc-members"]
    (bloc,) = [parameter for parameter in question.parameters if parameter.type == "nev:Bloc"]
    expected = answer.ask(shipped, question, {bloc.name: ["place:asean", "place:eu"]})
    read = fetch_page(client, f"/questions/bloc-members?{bloc.name}=place:asean&{bloc.name}=place:eu")
    assert f"{len(expected)} rows" in read.words
    selected = {field["value"] for field in read.all("input") if "checked" in field}
    assert selected == {"place:asean", "place:eu"}
    first = [value for value in expected.records[0] if value is not None]
    assert all(str(value) in read.words for value in first if not isinstance(value, tuple))
    links = [attrs for attrs in read.all("a") if attrs.get("class") == "evidence"]
    assert links
    assert client.get(links[0]["href"]).status_code == 200
    (csv,) = [link for _, link in read.links if "format=csv" in link]
    assert csv.startswith("/api/questions/bloc-members/answer?")
    assert csv.count(f"{bloc.name}=place%3A") == 2
    (query,) = [unquote_plus(link) for _, link in read.links if link.startswith("/sparql?")]
    assert "VALUES ?bloc { <https://w3id.org/nevkg/place/asean> <https://w3id.org/nevkg/place/eu> }" in query
    everything = fetch_page(client, f"/questions/bloc-members?{bloc.name}=*")
    assert str(len(answer.ask(shipped, question, {bloc.name: ["*"]}))) in everything.words


def test_invalid_parameters_are_reported_with_the_form(client: TestClient) -> None:
    for query, word in (
        ("bloc=nowhere", "nowhere"),
        ("asOf=2025-13-01", "2025-13-01"),
        ("nothing=1", "nothing"),
        ("bloc=*&bloc=place:eu", "bloc"),
    ):
        read = fetch_page(client, f"/questions/bloc-members?{query}")
        (alert,) = [attrs for _, attrs in read.tags if attrs.get("role") == "alert"]
        assert alert
        assert word in read.words
        assert "answer" not in read.ids
    assert "answer" in fetch_page(client, "/questions/bloc-members?bloc=&asOf=").ids


def test_long_answers_have_pages(client: TestClient, shipped: EmbeddedStore) -> None:
    expected = answer.ask(shipped, load_catalogue(shipped.layout)["companies"])
    assert len(expected) > 200
    read = fetch_page(client, "/questions/companies?lang=en")
    (following,) = [attrs["href"] for attrs in read.all("a") if attrs.get("rel") == "next"]
    assert "lang=en" in following
    second = client.get(following).text
    assert second.count("<tr>") == 101
    assert client.get("/questions/companies?page=1000").status_code == 404


def test_only_the_address_of_a_long_answer_is_without_a_digest(client: TestClient, shipped: EmbeddedStore) -> None:
    for name, is_long in (("companies", True), ("bloc-members", False)):
        expected = answer.ask(shipped, load_catalogue(shipped.layout)[name])
        address = str(expected.address) if is_long else expected.citation
        read = fetch_page(client, f"/questions/{name}")
        assert f" {address} (" in read.words
        (link,) = [link for _, link in read.links if link.startswith("/cite/")]
        assert link == f"/{address.removeprefix(terms.BASE)}"
        reply = client.get(link)
        # It leads to the one with the digest.
        assert (reply.status_code, reply.headers.get("location")) == (
            (302, f"/{expected.citation.removeprefix(terms.BASE)}") if is_long else (200, None)
        )


def test_the_query_of_a_question(client: TestClient, shipped: EmbeddedStore) -> None:
    question = load_catalogue(shipped.layout)["bloc-members"]
    for path, accept in (("/question/bloc-members.rq", BROWSER), ("/question/bloc-members", "application/sparql-query")):
        response = client.get(path, headers={"Accept": accept})
        assert response.headers["content-type"].startswith("application/sparql-query")
        assert response.text == question.text
    for path in ("/question/bloc-members", f"/question/bloc-members/{question.parameters[0].name}"):
        assert fetch_page(client, path)
        assert client.get(f"{path}.ttl").status_code == 200
    assert client.get("/question/bloc-members/nothing.ttl").status_code == 404


def test_below_a_path_of_another_server(shipped: EmbeddedStore, samples: dict[str, str]) -> None:
    client = make_client(shipped, root="/kg")
    path = path_of(samples[terms.NEV + "Plant"])
    for address in (path, "/", "/questions/bloc-members"):
        read = fetch_page(client, f"/kg{address}")
        assert all(link.startswith(("/kg/", "#", "http")) for _, link in read.links)
        assert all(form["action"].startswith("/kg/") for form in read.all("form"))
    response = client.get(f"/kg{path}")
    assert response.headers["content-location"] == f"/kg{path}.html"


def test_static_files_are_immutable(client: TestClient) -> None:
    links = {link["rel"]: link["href"] for link in fetch_page(client, "/").all("link") if link["rel"] in ("stylesheet", "icon")}
    for kind, media in (("stylesheet", "text/css"), ("icon", "image/svg+xml")):
        response = client.get(links[kind])
        assert response.headers["content-type"].startswith(media)
        assert "immutable" in response.headers["cache-control"]
        assert "url(" not in response.text
        assert "@import" not in response.text


def test_colours_have_enough_contrast() -> None:
    style = (EXPLORER / "src" / "style" / "tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", style)
    light, dark = ({name: pair[number] for name, *pair in found} for number in (0, 1))
    for colours in (light, dark):
        for ink in ("ink", "quiet", "link"):
            assert min(_compute_contrast(colours[ink], colours[ground]) for ground in ("ground", "raised")) >= 4.5
        for mark in ("current", "disputed", "inferred", "retracted"):
            assert _compute_contrast(colours[f"{mark}-ink"], colours[f"{mark}-ground"]) >= 4.5
        # Elements other than text, such as the edge of a field and the focus.
        assert min(_compute_contrast(colours[name], colours["ground"]) for name in ("edge", "focus")) >= 3


def _compute_contrast(first: str, second: str) -> float:
    """Returns the contrast ratio as defined by WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        (terms.BASE + "plant/x", "/r/plant/x?lang=zh"),
        (terms.NEV + "Plant", "/r/ontology?lang=zh#Plant"),
        (terms.BASE + "/other.example", "https://w3id.org/nevkg//other.example"),
        ("https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("HTTP://example.org/", "HTTP://example.org/"),
        ("javascript:alert(1)", None),
        ("JavaScript://example.org/%0Aalert(1)", None),
        ("data:text/html,x", None),
        ("urn:x:y", None),
        ("http:relative", None),
        ("http://[", None),
        ("//example.org", None),
    ],
)
def test_only_web_addresses_become_links(iri: str, address: str | None) -> None:
    assert Links("/r", "zh").of(iri) == address


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (("2025-05-16", "2025-05-16"), "2025-05-16"),
        (("2025-05-01", "2025-05-31"), "2025-05"),
        (("2024-02-01", "2024-02-29"), "2024-02"),
        (("2025-01-01", "2025-12-31"), "2025"),
        (("2023-01-01", "2025-12-31"), "2023 – 2025"),
        (("2025-04-01", "2025-06-30"), "2025-04 – 2025-06"),
        (("2025-04-02", "2025-06-30"), "2025-04-02 – 2025-06-30"),
        (("", "2025-06-30"), "2025-06-30 or earlier"),
        (("2025-06-30", ""), "2025-06-30 or later"),
        (("odd", "2025"), "odd – 2025"),
        (("", ""), ""),
    ],
)
def test_dates_are_shown_with_their_precision(days: tuple[str, str], text: str) -> None:
    assert format_period(*days, "en") == text


@pytest.mark.parametrize(
    ("text", "formatted"), [("2428114", "2,428,114"), ("-43", "-43"), ("1234.50", "1,234.50"), ("1E+3", "1,000"), ("x", "x")]
)
def test_numbers_have_thousands_separators(text: str, formatted: str) -> None:
    assert format_number(text) == formatted


def test_a_problem_is_a_page(shipped: EmbeddedStore) -> None:
    scope = {"type": "http", "method": "GET", "path": "/x", "root_path": "", "query_string": b"lang=zh", "headers": [], "server": ("h", 80)}
    response = problem_page(
        Problem(503, "<b>Busy</b>.", headers={"Retry-After": "5"}), Request({**scope, "app": app(shipped, routes)}), "en"
    )
    assert response.status_code == 503
    assert response.headers["retry-after"] == response.headers["refresh"] == "5"
    read = Markup(bytes(response.body).decode())
    assert read.all("html")[0]["lang"] == "zh"
    assert ("<b>Busy</b>.", "en") in read.texts


def test_the_server_serves_pages_and_their_links(served: ServerProcess) -> None:
    plain = {"Accept": BROWSER}
    front = served.get("/index.html", headers=plain)
    assert front.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in front.headers["content-security-policy"]
    again = served.get("/index.html", headers={**plain, "If-None-Match": front.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    links = {link for _, link in Markup(front.text).links if link.startswith("/") and not link.startswith("/questions/")}
    links |= {link for _, link in Markup(served.get("/questions/bloc-members?bloc=place:eu", headers=plain).text).links if "/api/" in link}
    assert len(links) > 10
    for link in sorted(links):
        if not link.startswith("/dataset."):
            assert served.get(link, headers={"Accept": "*/*"}).status_code == 200, link
    unknown = served.get("/plant/nothing-like-it", headers=plain)
    assert unknown.status_code == 404
    assert Markup(unknown.text)
    assert served.get("/plant/nothing-like-it").headers["content-type"] == "application/problem+json"
