"""Each supported SPARQL server gives the same answers and evidence as the embedded store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pyoxigraph import BlankNode, Literal, QuerySolution
from tests.serve.test_pages import make_client
from tests.support import servers
from tests.support.worlds import SHIPPED

from nevkg.ask import profile
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import Question, read_question
from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.data.paths import Layout
from nevkg.lookup import entities, search
from nevkg.network.analysis import find_paths
from nevkg.network.project import project
from nevkg.publish.exports import describe_dataset
from nevkg.publish.load import Content
from nevkg.publish.load.staging import load
from nevkg.store import EmbeddedStore, Store, open_store
from nevkg.store.endpoints import Preset, find_preset
from nevkg.store.locate import open_location
from nevkg.store.remote import RemoteStore
from nevkg.validate.checks import STORE, read_check

QUESTIONS = [read_question(path) for path in sorted(SHIPPED.queries.glob("questions/*/*.rq"))]
# Questions over a snapshot and over the record, with lists, figures and texts, that have rows in a part of the data.
SOME = ("claims-about", "events-timeline", "expert-claims", "industry-statistics", "local-manufacturers", "plants-over-time", "policies")
# Checks that read files cannot run on a server.
CHECKS = [path for path in sorted(SHIPPED.queries.glob("checks/*.rq")) if read_check(path).reads == STORE]
OWL = "http://www.w3.org/2002/07/owl#"
BYD, BRAZIL = "https://w3id.org/nevkg/agent/byd", "https://w3id.org/nevkg/place/BR"
ALL_STATEMENTS = "{ ?statement <https://w3id.org/nevkg/ontology#source> ?source ; ?property ?value }"
WITH_PARAMETERS: list[tuple[str, dict[str, list[str]], str | None]] = [
    ("local-manufacturers", {"bloc": ["place:asean"]}, None),
    ("local-manufacturers", {"bloc": ["place:asean", "place:eu"]}, None),
    ("local-manufacturers", {"bloc": ["*"], "country": ["*"]}, "2025-06-30"),
    ("bloc-members", {"bloc": ["place:brics", "place:asean"]}, "2020-01-01"),
    ("plants-in-place", {"place": ["place:asean"]}, None),
    ("plants-after-policy", {"months": ["3", "24"]}, None),
    ("policies-in-force", {"country": ["place:TH"]}, None),
    ("policies-in-force", {"policyKind": ["policykind:subsidy"]}, None),
    ("policies", {"issuer": ["agent:argentina-government"]}, None),
    ("industry-statistics", {"geography": ["place:ID", "place:TH"]}, None),
    ("events-timeline", {"country": ["place:ID", "place:BR"]}, None),
    ("contract-assemblers", {"arrangement": ["arrangement:contract-assembly"]}, None),
    ("ended-projects", {"status": ["status:operating"]}, None),
    ("expert-claims", {"lang": ["*"]}, None),
    ("statements-by-modality", {"subject": ["*"]}, None),
    ("sellers-without-plant", {"company": ["agent:byd"]}, "2024-12-31"),
    ("claims-about", {"subject": ["agent:byd"]}, None),
    ("contract-assemblers", {"country": ["place:KZ"]}, None),
    ("ended-projects", {"country": ["place:GB"]}, None),
    ("investments-and-jobs", {"plant": ["plant:byd-camacari"]}, None),
    ("joint-venture-partners", {"country": ["place:VN"]}, None),
    ("plants-table", {"country": ["place:MX"]}, None),
    ("duty-rates-by-maker", {"company": ["agent:byd", "agent:saic-motor"]}, None),
]


Value = TypeVar("Value")
_embedded_results: dict[EmbeddedStore, dict[str, Any]] = {}


# Questions that group the record: Jena gives no evidence and Virtuoso another one than the embedded store (docs/decisions/042).
UNTRACED = {
    "jena": (
        "completion-by-year",
        "counts-by-definition",
        "countries-by-year",
        "exports-and-local-production",
        "first-in-country",
        "makers-by-year",
        "panel",
        "plants-over-time",
    ),
    "virtuoso": ("statements-by-modality",),
}


@dataclass(frozen=True)
class Pair:
    """The sample in the embedded store and on a server."""

    embedded: EmbeddedStore
    remote: RemoteStore

    def run_both(self, work: Callable[[Store], Value], *names: object) -> tuple[Value, Value]:
        """Returns the results of some work in the store and on the server; the former is computed once for all servers."""
        results = _embedded_results.setdefault(self.embedded, {})
        if repr(names) not in results:
            results[repr(names)] = work(self.embedded)
        return results[repr(names)], work(self.remote)


@contextmanager
def sharing(folder: Path, name: str, kind: str, embedded: EmbeddedStore) -> Iterator[Pair]:
    """Yields a store and the shared server of that kind with its data."""
    with pytest.MonkeyPatch.context() as patch:
        servers.forget_environment(patch)

        def find_server_preset(server: servers.Server) -> Preset:
            if server.user:
                patch.setenv("NEVKG_STORE_USER", server.user)
                patch.setenv("NEVKG_STORE_PASSWORD", server.password)
            preset = find_preset(server.address)
            assert preset is not None
            return preset

        def load_all(server: servers.Server) -> None:
            load(Content("the dataset", embedded.store), find_server_preset(server), embedded.layout)

        server = servers.share(folder, name, kind, load_all)
        find_server_preset(server)
        store = open_location(server.address, embedded.layout)
        assert isinstance(store, RemoteStore)
        yield Pair(embedded, store)
        store.connection.session.close()


@pytest.fixture(scope="module")
def pairs(common: Path) -> Iterator[Callable[[str, str, EmbeddedStore], Pair]]:
    """A function that returns a store and a kind of server with its data, by the name of the data."""
    with ExitStack() as stack:
        yield cache(lambda name, kind, embedded: stack.enter_context(sharing(common / "servers", name, kind, embedded)))


@pytest.fixture(params=sorted(servers.KINDS))
def busy_pair(request: pytest.FixtureRequest, pairs: Callable[..., Pair], busy: EmbeddedStore) -> Pair:
    """A small world in which each question has rows, on each kind of server."""
    return pairs("busy", request.param, busy)


@pytest.fixture(params=[servers.server_param(kind, jena=pytest.mark.nightly) for kind in sorted(servers.KINDS)])
def pair(request: pytest.FixtureRequest, pairs: Callable[..., Pair], part: str) -> Pair:
    """A part of the shipped data, on each kind of server."""
    return pairs("part", request.param, open_part(Path(part)))


@pytest.fixture(params=sorted(servers.KINDS))
def large_pair(request: pytest.FixtureRequest, pairs: Callable[..., Pair], sample: EmbeddedStore) -> Pair:
    """The sample, and in Virtuoso all shipped data, because some of its limits only affect large answers; for nightly tests."""
    if request.param == "virtuoso":
        return pairs("whole", request.param, request.getfixturevalue("shipped"))
    return pairs("sample", request.param, sample)


@cache
def open_part(folder: Path) -> EmbeddedStore:
    return open_store(Layout.find(folder))


def assert_same_answer(
    pair: Pair,
    question: Question,
    given: dict[str, list[str]] | None = None,
    as_of: str | None = None,
    language: str = "en",
    *,
    traced: bool = True,
    may_be_empty: bool = False,
) -> None:
    embedded, remote = pair.run_both(
        lambda store: ask(store, question, given, as_of=as_of, language=language), question.name, given, as_of, language
    )
    assert list(remote.records) == list(embedded.records)
    assert (remote.as_of, remote.asked) == (embedded.as_of, embedded.asked)
    if traced:
        assert list(remote.rests) == list(embedded.rests)
        assert remote.sources == embedded.sources
    assert embedded.records or may_be_empty


@pytest.mark.parametrize("name", SOME)
def test_some_questions(name: str, pair: Pair) -> None:
    assert_same_answer(pair, next(question for question in QUESTIONS if question.name == name))


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_question_in_a_small_world(question: Question, busy_pair: Pair, request: pytest.FixtureRequest) -> None:
    traced = question.name not in UNTRACED.get(request.node.callspec.params["busy_pair"], ())
    assert_same_answer(
        busy_pair, question, {parameter.name: ["*"] for parameter in question.parameters if parameter.type != "xsd:date"}, traced=traced
    )


@pytest.mark.nightly
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_question(question: Question, large_pair: Pair) -> None:
    if question.name == "claims-about" and large_pair.embedded.layout.data == SHIPPED.data:
        pytest.skip("Virtuoso needs minutes for all claims; those about one company are among the parameters")
    assert_same_answer(large_pair, question)


@pytest.mark.nightly
@pytest.mark.parametrize(("name", "given", "as_of"), WITH_PARAMETERS)
def test_parameters(name: str, given: dict[str, list[str]], as_of: str | None, large_pair: Pair) -> None:
    """Each answer has rows in all data, but not in the sample."""
    question = next(question for question in QUESTIONS if question.name == name)
    assert_same_answer(large_pair, question, given, as_of, "zh", may_be_empty=large_pair.embedded.layout.data != SHIPPED.data)


@pytest.mark.parametrize("text", ["BYD", "比亚迪", "Xpang", "indones"])
def test_search(text: str, pair: Pair) -> None:
    embedded, remote = pair.run_both(lambda store: search.search(store, text), text)
    assert remote == embedded
    assert embedded


def test_resolve(pair: Pair) -> None:
    for text in ("byd", "agent:byd", BYD, "比亚迪"):
        assert entities.resolve(pair.remote, text) == entities.resolve(pair.embedded, text) == BYD


@pytest.mark.parametrize("iri", [BYD, "https://w3id.org/nevkg/plant/byd-rayong"])
def test_show(iri: str, pair: Pair) -> None:
    embedded, remote = pair.run_both(lambda store: (profile.gather(store, iri, "zh"), set(profile.triples(store, iri))), "show", iri)
    assert remote == embedded


GRAPHS: list[tuple[str, dict[str, list[str]]]] = [
    *((name, {}) for name in ("claims", "makers-countries", "makers-plants-countries", "ontology", "ownership", "policies-targets")),
    *(("neighbourhood", {"entity": [entity]}) for entity in ("agent:byd", "plant:byd-rayong", "place:TH")),
]


@pytest.mark.parametrize(("name", "given"), GRAPHS[:7])
def test_graph(name: str, given: dict[str, list[str]], pair: Pair) -> None:
    assert_same_graph(pair, name, given, with_facts=name.startswith(("claims", "makers")))


@pytest.mark.nightly
@pytest.mark.parametrize(("name", "given"), GRAPHS)
def test_graph_of_much_data(name: str, given: dict[str, list[str]], large_pair: Pair) -> None:
    assert_same_graph(large_pair, name, given)


def assert_same_graph(pair: Pair, name: str, given: dict[str, list[str]], *, with_facts: bool = True) -> None:
    embedded, remote = pair.run_both(lambda store: project(store, name, given, with_facts=with_facts), "graph", name, given)
    assert remote.edges == embedded.edges
    assert not with_facts or remote.nodes == embedded.nodes
    assert embedded.edges


def test_path(pair: Pair) -> None:
    embedded, remote = pair.run_both(
        lambda store: find_paths(project(store, "makers-plants-countries", with_facts=False), BYD, BRAZIL), "path"
    )
    assert embedded.records == remote.records
    assert embedded.records


# In Virtuoso the union includes system graphs, which a description of the whole store would count. Fuseki has no named
# graphs if the default graph is the union.
@pytest.mark.parametrize("pair", ["oxigraph"], indirect=True)
def test_description(pair: Pair) -> None:
    assert describe_dataset(pair.remote) == describe_dataset(pair.embedded)


def find_rows(query: str, store: Store) -> set[tuple[str, ...]]:
    return {tuple(map(str, row)) for row in entities.select(store, query)}


def test_checks(pair: Pair, request: pytest.FixtureRequest) -> None:
    is_jena = request.node.callspec.params["pair"] == "jena"  # it has no named graphs, see above
    differing = []
    for path in CHECKS:
        if not (is_jena and "GRAPH" in read_query(path)):
            embedded, remote = pair.run_both(partial(find_rows, read_query(path)), "check", path)
            differing += [path.stem] if embedded != remote else []
    assert differing == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("form", "groups"),
    [
        ("SELECT *", ""),
        ("SELECT ?value ?statement", ""),
        ("SELECT DISTINCT ?statement ?property ?value", ""),
        ("SELECT ?statement ?property (MAX(STR(?value)) AS ?last)", "GROUP BY ?statement ?property ?value"),
    ],
)
def test_answers_above_the_row_limit_are_paged(form: str, groups: str, pairs: Callable[..., Pair], sample: EmbeddedStore) -> None:
    """By default, Virtuoso returns at most 10,000 rows."""
    text = f"{form} {ALL_STATEMENTS} {groups} ORDER BY DESC(?statement) # as it comes"
    embedded, remote = pairs("sample", "virtuoso", sample).run_both(lambda store: Counter(map(row_key, entities.select(store, text))), form)
    assert remote == embedded
    assert embedded.total() > 10_000


def row_key(row: QuerySolution) -> str:
    """Returns a text for a row that ignores the order of columns. Virtuoso returns large integers as decimals."""
    return " ".join(sorted(map(str, row))).replace("#integer>", "#decimal>")


def test_blank_nodes_and_truth(pair: Pair) -> None:
    blank = list(entities.select(pair.remote, f"SELECT ?x {{ ?x a <{OWL}Class> FILTER(ISBLANK(?x)) }}"))
    assert len(blank) == len(list(entities.select(pair.embedded, f"SELECT ?x {{ ?x a <{OWL}Class> FILTER(ISBLANK(?x)) }}")))
    assert {type(row["x"]) for row in blank} == {BlankNode}
    text = f"SELECT DISTINCT ?x {{ ?s <{terms.NEV}undated> ?x }}"
    assert [str(row["x"]) for row in entities.select(pair.remote, text)] == [str(Literal(True))]


@pytest.mark.slow
def test_pages_are_the_same(pair: Pair) -> None:
    embedded, remote = (make_client(store) for store in (pair.embedded, pair.remote))
    for path in ("/plant/changan-rayong", "/source/s-globaltimes-nd", "/vocabulary/topics"):
        expected = embedded.get(path)
        assert expected.status_code == 200
        # The documents for the script, at the end, name the store that the data comes from.
        assert (
            remote.get(path).text.partition('<script type="application/json"')[0]
            == expected.text.partition('<script type="application/json"')[0]
        )
