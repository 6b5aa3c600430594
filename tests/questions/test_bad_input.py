"""Bad input: a one-line message on standard error, the right exit code, no traceback, and no partial output."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.marks import quick_every
from tests.support.worlds import SHIPPED, World

from nevkg.ask import arguments
from nevkg.ask.catalogue import Parameter, load_catalogue
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.store import EmbeddedStore, open_store


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * WHERE { ?s ?p ?o } ORDR BY ?s", "line 1, column"),
        ("SELECT *\nWHERE { ?s ?p }", "line 2, column 16: something is missing"),
        ("SELECT * WHERE { ?s ?p ?o ", "something is missing"),
        ("", "something is missing"),
        ("SELECT *\nWHERE { ?s unknown:p nev:Plant }", "line 2: the prefix 'unknown:' is not declared"),
        ("SELECT * WHERE { ?s ?p 'unknown:p }", "line 1, column"),
        ("SELECT ?x {} GROUP BY ?y", "The SELECT contains a variable that is unbound"),
        ("SELECT * { FILTER(" + "(" * 10_000, "brackets are nested more than 200 levels deep"),
        ("SELECT * { {}" + "UNION {}" * 10_000, "has more than 1,000 parts"),
        ("INSERT DATA { <a:b> <a:b> 1 }", "INSERT changes data, and this store is read-only"),
        ("PREFIX a: <x:> DELETE WHERE { ?s ?p ?o }", "DELETE changes data"),
        ("DROP ALL", "DROP changes data"),
        ("LOAD <http://localhost/x>", "LOAD changes data"),
        ("SELECT * {\nSeRvIcE <http://localhost/x> { ?s ?p ?o } }", "Line 2: SERVICE would send a request"),
        ("SELECT * { SERV\\u0049CE <http://localhost/x> {} }", "SERVICE would send a request"),
    ],
)
def test_bad_queries_are_refused(nevkg: Nevkg, query: str, message: str) -> None:
    assert message in nevkg("query", "-e", query).error()


def test_the_word_service_is_allowed_outside_of_calls(nevkg: Nevkg) -> None:
    assert nevkg("query", "-e", "SELECT ('SERVICE' AS ?service) {} # SERVICE").out.splitlines() == ["service", "SERVICE"]


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("xsd:integer", "ten", "n: 'ten' is not a whole number."),
        ("xsd:integer", "1.5", "n: '1.5' is not a whole number."),
        ("xsd:decimal", "1,5", "n: '1,5' is not a number."),
        ("xsd:decimal", "nan", "n: 'nan' is not a number."),
        ("xsd:date", "31/12/2025", "n: '31/12/2025' is not a day"),
        ("xsd:date", "2025-13-01", "n: '2025-13-01' is not a day"),
        ("voc:plant-statuses", "running", "n: None of the plant statuses is called 'running'"),
        ("nev:Plant", "<not an iri>", "n: No plant is called"),
        (
            "nev:Country",
            "Korea",
            "More than one name begins with 'Korea': North Korea (place:KP), South Korea (place:KR). Write one of these.",
        ),
        ("nev:Country", "Thai", "is called 'Thai'. Did you mean Thailand (place:TH)?"),
        ("nev:Country", "", "is called ''."),
        ("nev:Maker", "Changa", "Did you mean Changan Automobile (agent:changan)?"),
        ("any", "Zhejiang Geely", "No entity is called 'Zhejiang Geely'."),
    ],
)
def test_invalid_values_are_refused(shipped: EmbeddedStore, kind: str, text: str, message: str) -> None:
    with pytest.raises(WrongUsage) as raised:
        arguments.term(shipped, Parameter("n", kind, {}, "UNDEF"), text)
    assert message in str(raised.value)


def test_valid_values_become_terms(shipped: EmbeddedStore) -> None:
    def term(kind: str, text: str) -> str:
        return arguments.term(shipped, Parameter("n", kind, {}, "UNDEF"), text)

    assert term("xsd:integer", "12") == '"12"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert term("xsd:decimal", "1e3") == '"1000"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert term("xsd:string", 'a"b\\') == '"a\\"b\\\\"'


@pytest.mark.parametrize(
    ("kind", "text", "entity"),
    [
        ("nev:Country", "UK", "place/GB"),
        ("nev:Country", "usa", "place/US"),
        ("nev:Country", "th", "place/TH"),
        ("nev:Country", "turkiye", "place/TR"),
        ("nev:Country", "Saudi", "place/SA"),
        ("nev:Country", "阿联酋", "place/AE"),
        ("nev:Maker", "Zhejiang Geely", "agent/geely"),
        ("nev:Maker", "长城", "agent/gwm"),
        ("voc:assembly-modes", "CKD", "assembly-mode/ckd"),
        ("voc:assembly-modes", "ckd", "assembly-mode/ckd"),
    ],
)
def test_entities_are_found_by_other_names_and_prefixes(shipped: EmbeddedStore, kind: str, text: str, entity: str) -> None:
    assert arguments.term(shipped, Parameter("n", kind, {}, "UNDEF"), text) == f"<https://w3id.org/nevkg/{entity}>"


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("bad.ttl", b"@prefix a: <x:> .\na:b a:c\na:d a:e .\n", 1, "bad.ttl:3: "),
        ("bad.trig", b"@prefix a: <x:> .\na:g {\n a:b a:c [ .\n}\n", 1, "bad.trig:3: "),
        ("undeclared.ttl", b"\n\nzz:b zz:c zz:d .\n", 1, "undeclared.ttl:3: "),
        ("binary.ttl", bytes(range(256)) * 4, 1, "binary.ttl:"),
        ("latin.ttl", '<x:a> <x:b> "\u00e9" .\n'.encode("latin-1"), 1, "latin.ttl:1: this is not UTF-8 text"),
        ("gbk.ttl", '\n<x:a> <x:b> "\u6c7d\u8f66" .\n'.encode("gbk"), 1, "gbk.ttl:2: this is not UTF-8 text"),
        ("utf16.ttl", '<x:a> <x:b> "a" .\n'.encode("utf-16"), 1, "utf16.ttl:1: this is not UTF-8 text"),
        ("empty.ttl", b"", 1, "empty.ttl is empty; add its content, or leave it out."),
        ("table.csv", b"a,b\n", 2, "table.csv has an unknown suffix; RDF files end in .jsonld"),
        ("none.ttl", None, 3, "none.ttl does not exist; check the path."),
    ],
)
def test_bad_files_to_validate(nevkg: Nevkg, tmp_path: Path, name: str, content: bytes | None, code: int, message: str) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert message in nevkg("validate", str(file)).error(code)
    assert not content or file.read_bytes() == content


def test_a_folder_to_validate(nevkg: Nevkg, tmp_path: Path) -> None:
    assert "is a folder; give the files in it." in nevkg("validate", str(tmp_path)).error()


def test_a_missing_data_folder(nevkg: Nevkg, tmp_path: Path) -> None:
    assert "is not a folder" in nevkg("info", "--data", str(tmp_path / "none")).error(3)


@pytest.mark.parametrize("command", [("info",), ("ask", "local-manufacturers"), ("show", "agent:a"), ("dump",)])
def test_malformed_data(nevkg: Nevkg, world: World, command: tuple[str, ...]) -> None:
    layout = world.write()
    (layout.data / "registry" / "bad.ttl").write_text("@prefix a: <x:> .\n\na:b a:c .\n", encoding="utf-8")
    assert "bad.ttl:3: " in nevkg(*command, "--data", str(layout.data)).error(1)


def test_a_source_outside_its_graph(nevkg: Nevkg, world: World) -> None:
    layout = world.write()
    (layout.data / "sources" / "loose.trig").write_text("<x:a> <x:b> <x:c> .\n", encoding="utf-8")
    assert "loose.trig has triples outside a graph" in nevkg("info", "--data", str(layout.data)).error(1)


@pytest.fixture
def layout(part: str, tmp_path: Path) -> Layout:
    """A small dataset with copies of the ontology and the queries, which tests may damage."""
    for name in ("ontology", "queries"):
        shutil.copytree(getattr(SHIPPED, name), tmp_path / name)
    return Layout(tmp_path / "ontology", Path(part), tmp_path / "queries")


def test_a_missing_module(layout: Layout) -> None:
    (layout.ontology / "modules" / "market.ttl").unlink()
    with pytest.raises(CouldNotRun, match=r"market\.ttl is missing, but nevkg\.ttl imports it; restore the file\."):
        open_store(layout)


@pytest.mark.parametrize(
    ("text", "message"),
    quick_every(
        3,
        [
            ("#+ into: current\n\nCONSTRUCT { ?s ?p } WHERE { ?s ?p ?o }\n", r"95-blocs\.rq: the rule is not SPARQL: line 3, column 19"),
            ("#+ into: current\n\nSELECT * WHERE { ?s ?p ?o }\n", r"95-blocs\.rq: the rule makes no triples"),
            (
                "#+ into: current\n\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(<http://x/f>(?s)) }\n",
                r"95-blocs\.rq: The query cannot be answered: .*http://x/f",
            ),
            ("#+ title: no graph\n\nCONSTRUCT WHERE { ?s ?p ?o }\n", r"95-blocs\.rq does not say which graph"),
            ("#+ into: [\n\nCONSTRUCT WHERE { ?s ?p ?o }\n", r"95-blocs\.rq:1: the head is not valid YAML"),
            ("CONSTRUCT WHERE { ?s ?p ?o }\n", r"95-blocs\.rq has no head"),
        ],
    ),
)
def test_a_broken_rule(layout: Layout, text: str, message: str) -> None:
    (layout.ontology / "rules" / "current" / "95-blocs.rq").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidData, match=message):
        open_store(layout)


_HEAD = "#+ title: {}\n#+ description: {}\n#+ columns: {a: {label: {}}}\n"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("#+ title: {en: a\n", "the head is not valid YAML"),
        ("#+ title: {en: a, zh: b}\n", "the head lacks 'columns'"),
        ("", "has no head"),
        ("#+ columns: {}\n#+ parameters: {bloc: {type: nev:Bloc, label: {}}}\n", "the parameter 'bloc' is no variable of the query"),
        (_HEAD + "#+ show: {plaec: a}\n", "'show' has the role 'plaec', which there is not; there are apart, at,"),
        (_HEAD + "#+ show: {place: b}\n", "'show' names the column 'b' for 'place', which there is not; there are a."),
        (_HEAD + "#+ show: {lane: [a, b]}\n", "'show' names the column 'b' for 'lane'"),
        (_HEAD + "#+ show: {place: [a]}\n", "'show' gives 'place' as ['a']; name a column."),
        (_HEAD + "#+ show: {y: []}\n", "'show' gives 'y' as []; name a column or a list of columns."),
        (_HEAD + "#+ show: {page: 1}\n", "'show' gives 'page' as 1; write true, or leave it out."),
        (_HEAD + "#+ show: {featured: true}\n", "'show' gives 'featured' as True; write a whole number."),
        (_HEAD + "#+ show: {first: a}\n", "'show' gives 'first' as 'a'; write a list of IRIs."),
        (_HEAD + "#+ show: {things: {en: plants}}\n", "'show' gives 'things' as {'en': 'plants'}; write it in each language."),
        (_HEAD + "#+ show: {kind: pie}\n", "'show' gives 'kind' as 'pie'; write bar or line."),
        (_HEAD + "#+ show: [a]\n", "'show' is not a list of lines 'name: value'"),
        (_HEAD + "#+ keywords: [a, b]\n", "'keywords' must have a list of words for each language"),
        (_HEAD + "#+ keywords: {en: a}\n", "'keywords' must have a list of words for each language"),
        (_HEAD + "#+ example: {bloc: u}\n", "'example' names the parameter 'bloc', which there is not; there are asOf."),
    ],
)
def test_a_question_with_a_broken_head_is_reported_and_others_work(layout: Layout, head: str, message: str) -> None:
    (layout.queries / "questions" / "production" / "broken.rq").write_text(f"{head}\nSELECT * WHERE {{ ?s ?p ?o }}\n", encoding="utf-8")
    catalogue = load_catalogue(layout)
    assert len(catalogue.problems) == 1
    assert "broken.rq" in catalogue.problems[0]
    assert message in catalogue.problems[0]
    assert catalogue["local-manufacturers"].title
    assert load_catalogue(layout).problems == catalogue.problems, "also from the cache"


def test_a_full_disk_does_not_prevent_answers(monkeypatch: pytest.MonkeyPatch, part: str, tmp_path: Path) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.rename", full)
    monkeypatch.setattr("pathlib.Path.replace", full)
    store = open_store(replace(SHIPPED, data=Path(part)))
    assert store.place is None
    assert len(store.store) > 10000
    assert not list(tmp_path.glob("building-*"))
    assert load_catalogue(SHIPPED).questions


def test_ctrl_c_ends_a_long_query_at_once(shipped: EmbeddedStore) -> None:
    assert shipped.place  # built beforehand, so that the query starts soon
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    process = subprocess.Popen(
        [sys.executable, "-m", "nevkg", "query", "-e", endless], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ.copy()
    )
    time.sleep(3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == -signal.SIGINT
    assert (out, err) == (b"", b"")


def test_ctrl_c_during_other_work(monkeypatch: pytest.MonkeyPatch, nevkg: Nevkg) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nevkg.cli.common.open_store", interrupt)
    result = nevkg("info")
    assert (result.code, result.err) == (130, "nevkg: interrupted.\n")
