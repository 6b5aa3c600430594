"""Citations give the same bytes after the data, the questions and their defaults have changed; invalid ones are refused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.conftest import Result
from tests.support.marks import quick_every
from tests.support.serving import ServerProcess, serving
from tests.support.worlds import SHIPPED, World

import nevkg
from nevkg.api import KnowledgeGraph
from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.citation import CLOCKS, DIGEST, read_address
from nevkg.ask.comparison import ask_address, compare_answers, resolve_citation
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.publish.release.make import publish
from nevkg.serve.pages.address import DOCUMENT, Links
from nevkg.serve.pages.citations import PrepareCitation, ShowCitation
from nevkg.serve.problem import Problem
from nevkg.store import EmbeddedStore, open_store
from nevkg.store.releases import SUMS, list_releases, open_release, pack_release, read_release
from nevkg.table.explanation import explain_row

Nevkg = Callable[..., Result]
QUESTION = """\
#+ title: {en: Where are plants?, zh: 工厂在哪里？}
#+ description: {en: Each plant, zh: 每个工厂}
#+ tags: []
#+ parameters:
#+   status: {type: "voc:plant-statuses", label: {en: status, zh: 状态}}
#+   country: {type: "nev:Country", label: {en: country, zh: 国家}}
#+ columns:
#+   plant: {label: {en: plant, zh: 工厂}}
#+   status: {label: {en: status, zh: 状态}}
#+   capacity: {label: {en: capacity, zh: 产能}}
PREFIX nev: <https://w3id.org/nevkg/ontology#>
PREFIX status: <https://w3id.org/nevkg/plant-status/>
SELECT ?plant ?status ?capacity WHERE {
  ?plant nev:locatedIn ?country ;
    nev:status ?status .
  VALUES ?status { status:operating }
  OPTIONAL { ?plant nev:capacity ?capacity }
} ORDER BY ?plant ?status ?capacity
"""
CAPACITY = "vehicles-per-year"


def fill_world(world: World) -> World:
    world.plant()
    world.fact("plant:p", "status", "status:operating", "2021", source="first")
    world.figure("capacity", "100000", CAPACITY, "2021", source="first")
    return world


@dataclass(frozen=True)
class CitedRelease:
    """A release, and the current data and questions, which have changed since."""

    releases: Path
    release: Path
    before: EmbeddedStore
    data: Path
    now: EmbeddedStore

    def ask(self, **given: str) -> Answer:
        """Returns an answer from the data of the release."""
        day, known = given.pop("as_of", None), given.pop("known_by", None)
        graph = KnowledgeGraph(self.before).at(None, known)
        return graph.ask("plants-somewhere", as_of=day, **given)

    def resolve(self, address: str) -> bytes:
        """Resolves a citation with the library, from the current data and the releases. Returns the document."""
        resolved = resolve_citation(address, self.now, [self.releases])
        assert resolved.is_same
        return resolved.document


@pytest.fixture(scope="module")
def cited(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> CitedRelease:
    assert cache.is_dir()
    folder = tmp_path_factory.mktemp("cited")
    queries, later = folder / "queries", folder / "later"
    shutil.copytree(SHIPPED.queries, queries)
    own = queries / "questions/production/plants-somewhere.rq"
    own.write_text(QUESTION, encoding="utf-8")
    old = fill_world(World(folder / "old"))
    old.source("second", "2025-06-01", publisher="agent:b", address='"https://example.org/x"')
    old.figure("capacity", "120000", CAPACITY, "2022", source="second")
    releases = folder / "releases"
    releases.mkdir()
    before = open_store(replace(old.write(), queries=queries))
    publish(before, releases / "nevkg-old")
    # Later, a source is corrected, a plant is added, and the question has another default.
    new = fill_world(World(folder / "new"))
    new.figure("capacity", "150000", CAPACITY, "2022", source=new.source("second", "2025-06-01"))
    new.plant(plant="plant:q", makers="agent:b")
    new.fact("plant:q", "status", "status:operating", "2023", source="third")
    shutil.copytree(queries, later)
    own = later / "questions/production/plants-somewhere.rq"
    own.write_text(QUESTION.replace("{ status:operating }", "{ status:closed }"), encoding="utf-8")
    now = replace(new.write(), queries=later)
    return CitedRelease(releases, releases / "nevkg-old", before, now.data, open_store(now))


# The address


@pytest.mark.slow
def test_an_address_names_edition_question_parameters_and_both_days(cited: CitedRelease) -> None:
    answer = cited.ask(country="Ania", known_by="2025-02-01", as_of="2023-06-30")
    edition = f"{nevkg.open(cited.release).ask('companies').citation.split('/')[5]}"
    assert edition.partition("+")[2] == cited.before.digest[:16]
    assert answer.citation == (
        f"https://w3id.org/nevkg/cite/{edition}/plants-somewhere?country=place:XA&status=status:operating"
        f"&as_of=2023-06-30&known_by=2025-02-01&digest=sha256-{hashlib.sha256(answer.document).hexdigest()}"
    )


def test_days_are_written_out_and_any_is_left_out(cited: CitedRelease) -> None:
    assert read_address(cited.ask().citation).as_of == "2026-01-01"
    assert read_address(cited.ask(status="*").citation).parameters == ()
    anything = cited.ask(status="*").citation
    assert ask_address(cited.before, read_address(anything), "en").citation == anything


@pytest.mark.parametrize("spell", [
    lambda text: text.partition("/cite/")[2],
    lambda text: "/cite/" + text.partition("/cite/")[2],
    lambda text: text.replace("https://w3id.org/nevkg/", "http://localhost:8000/sub/"),
    lambda text: text.replace("+", "%2B").replace("place:XA", "place%3AXA"),
    lambda text: "?".join([text.partition("?")[0], "&".join(reversed(text.partition("?")[2].split("&")))]),
])  # fmt: skip
def test_addresses_are_written_in_one_spelling(cited: CitedRelease, spell: Callable[[str], str]) -> None:
    address = cited.ask(country="place:XA").citation
    assert str(read_address(spell(address))) == address


def test_values_are_normalised_to_short_names(cited: CitedRelease) -> None:
    address = cited.ask(country="place:XA").citation
    loose = address.partition("&digest")[0].replace("place:XA", "Ania").replace("&as_of=2026-01-01", "")
    assert resolve_citation(loose, cited.before, []).address == address


GOOD = "0.1.0+0123456789abcdef/companies"


@pytest.mark.parametrize("address", [
    "",
    "companies",
    "0.1.0/companies",
    "0.1.0+0123456789abcde/companies",
    "0.1.0+0123456789ABCDEF/companies",
    "https://w3id.org/nevkg/question/companies",
    "https://w3id.org/nevkg/cite/0.1.0+0123456789abcdef/",
    "javascript:alert(1)//cite/" + GOOD,
    "../" + GOOD,
    GOOD + "/../../etc/passwd",
    GOOD + "#fragment",
    GOOD + "?name",
    GOOD + "?country=",
    GOOD + "?country=%00",
    GOOD + "?country=%1B[31m",
    GOOD + "?country=%FF",
    GOOD + "?country=a\nb",
    GOOD + "?as_of=today",
    GOOD + "?as_of=2025-02-30",
    GOOD + "?asOf=2025-01-01",
    GOOD + "?as_of=2025-01-01&as_of=2025-01-02",
    GOOD + "?known_by=soon",
    GOOD + "?digest=md5-0",
    GOOD + "?digest=sha256-" + "0" * 63,
    GOOD + "?digest=sha256-" + "g" * 64,
    GOOD + "?" + "&".join(f"a{number}=b" for number in range(2000)),
    GOOD + "?country=" + "x" * 20_000,
])  # fmt: skip
def test_invalid_addresses_are_refused(cited: CitedRelease, nevkg: Nevkg, address: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        resolve_citation(address, cited.now, [])
    assert str(refusal.value).count("\n") == 0
    assert len(str(refusal.value)) < 400
    result = nevkg("cite", address or " ", "--data", str(cited.data))
    assert result.code == 2
    assert "\x1b" not in result.err


@pytest.mark.parametrize("value", ["place:XA> } DROP ALL #", 'x" } #', "'; --", "<http://example.org/>", "..%2F..", "place:nowhere"])
def test_hostile_values_are_refused(cited: CitedRelease, value: str) -> None:
    edition = cited.ask().citation.partition("?")[0]
    with pytest.raises(WrongUsage, match="country"):
        resolve_citation(f"{edition}?country={quote(value)}", cited.before, [])


@pytest.mark.parametrize(("query", "message"), [
    ("asOf=2025-01-01", "The address calls the day 'asOf'; it is 'as_of' there."),
    ("as_of=soon", "as_of: 'soon' is not a day; write it as YYYY-MM-DD, such as 2025-12-31."),
    ("language=en", "The question 'plants-somewhere' has the same texts in all languages; leave language out."),
])  # fmt: skip
def test_messages_name_what_an_address_has(cited: CitedRelease, query: str, message: str) -> None:
    edition = cited.ask().citation.partition("?")[0]
    with pytest.raises(WrongUsage) as refusal:
        resolve_citation(f"{edition}?{query}", cited.before, [])
    assert str(refusal.value) == message


def test_no_question_has_a_reserved_parameter() -> None:
    taken = {DIGEST, *CLOCKS, "language", "page"}
    for question in load_catalogue(SHIPPED).questions.values():
        assert not taken & {parameter.name for parameter in question.parameters}, question.name


def test_a_store_whose_data_is_unknown_has_no_address(cited: CitedRelease) -> None:
    question = load_catalogue(cited.before.layout)["plants-somewhere"]
    for unknown in (replace(cited.before, digest=""), replace(cited.before, folder=Path("store")), replace(cited.before, is_copy=True)):
        answer = ask(unknown, question)
        assert (answer.citation, answer.document) == ("", b"")
        assert "<https://w3id.org/nevkg/cite/" not in answer.cite()


# The document


def test_the_document_has_the_rows_with_their_evidence(cited: CitedRelease) -> None:
    """A change of this format breaks all citations: add a format with a new number and continue to write this one."""
    answer = cited.ask(country="place:XA")
    edition = read_address(answer.citation).edition
    expected = f"""\
{{
 "form": 1,
 "edition": "{edition}",
 "data": "sha256:{cited.before.digest}",
 "question": "plants-somewhere",
 "title": {{"en": "Where are plants?", "zh": "工厂在哪里？"}},
 "parameters": {{"country": ["place:XA"], "status": ["status:operating"]}},
 "as_of": "2026-01-01",
 "known_by": null,
 "columns": [
  {{"name": "plant", "label": {{"en": "plant", "zh": "工厂"}}, "type": "thing"}},
  {{"name": "status", "label": {{"en": "status", "zh": "状态"}}, "type": "thing"}},
  {{"name": "capacity", "label": {{"en": "capacity", "zh": "产能"}}, "type": "integer"}}
 ],
 "rows": [
  {{"cells": ["~plant/p", "~plant-status/operating", 120000], "statements": ["~statement/n1", "~statement/n3", "~statement/n5"]}}
 ],
 "labels": {{
  "~agent/b": {{"en": "Maker B", "zh": "制造商乙"}},
  "~place/XA": {{"en": "Ania", "zh": "甲国"}},
  "~plant-status/operating": {{"en": "operating", "zh": "运营中"}},
  "~plant/p": {{"en": "Plant P", "zh": "工厂P"}}
 }},
 "statements": {{
  "~statement/n1": {{"source": "~source/s", "modality": "~modality/actual", "earliest": "2020-01-01", "latest": "2020-01-01"}},
  "~statement/n3": {{"source": "~source/first", "modality": "~modality/actual", "earliest": "2021-01-01", "latest": "2021-12-31"}},
  "~statement/n5": {{"source": "~source/second", "modality": "~modality/actual", "earliest": "2022-01-01", "latest": "2022-12-31"}}
 }},
 "sources": {{
  "~source/first": {{"earliest": "2025-01-01", "latest": "2025-01-01"}},
  "~source/s": {{"earliest": "2025-01-01", "latest": "2025-01-01"}},
  "~source/second": {{"publisher": "~agent/b", "address": "https://example.org/x", "earliest": "2025-06-01", "latest": "2025-06-01"}}
 }}
}}
"""
    assert answer.document.decode() == expected.replace("~", "https://w3id.org/nevkg/")
    assert json.loads(answer.document)["rows"][0]["cells"][2] == 120000


@pytest.mark.parametrize("name", quick_every(5, sorted(load_catalogue(SHIPPED).questions)))
def test_every_question_gives_the_same_bytes_from_data_and_release(cited: CitedRelease, name: str) -> None:
    answer = ask(cited.before, load_catalogue(cited.before.layout)[name])
    assert answer.citation
    assert cited.resolve(answer.citation) == answer.document


def test_pages_and_languages_of_an_answer_are_cited_as_the_whole(cited: CitedRelease) -> None:
    question, given = load_catalogue(cited.now.layout)["plants-somewhere"], {"status": ["status:operating"]}
    whole = ask(cited.now, question, given)
    assert len(whole) == 2
    assert whole.page(1, 1).citation == whole.citation == ask(cited.now, question, given, language="zh").citation


def test_the_language_of_texts_is_part_of_the_question_and_that_of_labels_is_not(cited: CitedRelease) -> None:
    graph = KnowledgeGraph(cited.before)
    english, chinese = (graph.ask("who-says-so", subject="plant:p", lang=language) for language in ("en", "zh"))
    assert len(english) > 0
    assert ("language=en&" in english.citation, "language=zh&" in chinese.citation) == (True, True)
    for answer in (english, chinese):
        for language in ("en", "zh"):
            assert resolve_citation(answer.citation, cited.now, [cited.releases], language).document == answer.document


def test_citations_in_all_forms_have_the_address(cited: CitedRelease, nevkg: Nevkg) -> None:
    answer = cited.ask()
    assert f"<{answer.citation}>" in answer.cite()
    given = ["ask", "companies", "--data", str(cited.data)]
    address = json.loads(nevkg(*given, "--format", "json").out)["citation"]
    assert json.loads(nevkg(*given, "--format", "csl").out)[0]["URL"] == address
    assert quote(address, safe=":/?&=+-").replace("&", "&amp;") in nevkg(*given, "--format", "html").out
    assert f"<{address}>" in nevkg(*given, "--cite").err


# The same bytes


def test_a_citation_gives_the_same_bytes_after_the_data_has_changed(cited: CitedRelease, nevkg: Nevkg) -> None:
    for given in ({}, {"country": "place:XA"}, {"as_of": "2022-06-30"}, {"known_by": "2025-02-01"}, {"status": "*"}):
        answer = cited.ask(**given)
        assert cited.resolve(answer.citation) == answer.document
        result = nevkg("cite", answer.citation, "--data", str(cited.data), "--releases", str(cited.releases))
        assert (result.code, result.out.encode()) == (0, answer.document)
    assert cited.ask().document != cited.ask(known_by="2025-02-01").document != cited.ask(as_of="2020-06-30").document


def test_a_default_that_changes_later_changes_no_answer(cited: CitedRelease) -> None:
    assert load_catalogue(cited.now.layout)["plants-somewhere"].parameter("status").default == "status:closed"
    answer = cited.ask()
    assert cited.resolve(answer.citation) == answer.document
    # It does not change the answer for comparison either.
    now = ask_address(cited.now, read_address(answer.citation), "en")
    assert [str(row.plant) for row in now] == ["Plant P", "Plant Q"]
    assert not len(ask(cited.now, load_catalogue(cited.now.layout)["plants-somewhere"]))


def test_changes_since_the_citation_are_described_in_both_languages(cited: CitedRelease, nevkg: Nevkg) -> None:
    answer = cited.ask()
    result = nevkg("cite", answer.citation, "--data", str(cited.data), "--releases", str(cited.releases))
    assert "The question cannot be asked of the data of now: There is no question 'plants-somewhere'" in result.err
    resolved = resolve_citation(answer.citation, cited.now, [cited.releases])
    text = str(resolved.compare(cited.now))
    assert "1 rows added, 0 gone, 1 changed" in text
    assert "  + Plant Q · operating" in text
    assert "  → Plant P · operating · 150000: capacity: 120000 → 150000" in text
    chinese = str(resolve_citation(answer.citation, cited.now, [cited.releases], "zh").compare(cited.now))
    assert "新增 1 行，消失 0 行，变更 1 行" in chinese
    assert "产能：120000 → 150000" in chinese
    back = compare_answers(ask_address(cited.now, read_address(answer.citation), "en"), resolved.answer)
    assert (len(back.added), len(back.gone), len(back.changed)) == (0, 1, 1)
    assert str(compare_answers(answer, answer)) == "The rows are the same in the data of now."


def test_current_data_resolves_its_own_citations(nevkg: Nevkg, cited: CitedRelease) -> None:
    address = json.loads(nevkg("ask", "companies", "--data", str(cited.data), "--format", "json").out)["citation"]
    result = nevkg("cite", address.partition("/cite/")[2], "--data", str(cited.data), "--releases", str(cited.releases), "--lang", "zh")
    assert (result.code, result.err) == (0, "字节与引用时相同。\n手头数据即为所引用的数据。\n")
    table = nevkg("cite", address, "--data", str(cited.data), "--format", "csv", "--quiet")
    assert table.out == nevkg("ask", "companies", "--data", str(cited.data), "--format", "csv").out
    assert table.err == ""


def test_a_release_answers_if_the_questions_at_hand_have_changed_but_the_data_has_not(cited: CitedRelease) -> None:
    changed = replace(cited.before, layout=cited.now.layout)
    answer = cited.ask(country="place:XA")
    question = changed.layout.queries / "questions/production/plants-somewhere.rq"
    text = question.read_text(encoding="utf-8")
    question.write_text(text.replace("zh: 工厂在哪里？", "zh: 何处有工厂？"), encoding="utf-8")
    try:
        assert not resolve_citation(answer.citation, changed, []).is_same
        assert resolve_citation(answer.citation, changed, [cited.releases]).document == answer.document
    finally:
        question.write_text(text, encoding="utf-8")


def test_each_failure_has_its_exit_code(cited: CitedRelease, nevkg: Nevkg) -> None:
    address = cited.ask().citation
    place = ["--data", str(cited.data), "--releases", str(cited.releases)]
    wrong = nevkg("cite", address[:-1] + ("1" if address.endswith("0") else "0"), *place)
    assert (wrong.code, wrong.out) == (1, "")
    assert "The answer is not the one that was cited: its digest is sha256-" in wrong.err
    assert wrong.err.count("\n") == 1
    elsewhere = nevkg("cite", "9.9.9+0123456789abcdef/companies", *place)
    assert (elsewhere.code, elsewhere.out) == (3, "")
    assert "get release 9.9.9 of https://w3id.org/nevkg/dataset" in elsewhere.err
    missing = nevkg("cite", address.partition("?")[0].replace("plants-somewhere", "plants-sumwhere"), *place)
    assert (missing.code, missing.out) == (2, "")
    assert "Did you mean plants-somewhere" in missing.err
    named = nevkg("cite", address.replace("country=", "contry=").partition("?")[0] + "?contry=place:XA", *place)
    assert named.code == 2
    assert "has no parameter 'contry'" in named.err
    # Data without later sources does not have the same digest as the whole data.
    with pytest.raises(CouldNotRun, match="is not here"):
        resolve_citation(address, KnowledgeGraph(cited.before).at(None, "2025-02-01").store, [])


# Releases


def test_a_release_opens_beside_the_data_with_its_own_questions(
    cited: CitedRelease, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = cited.ask()
    archive = shutil.make_archive(str(tmp_path / "nevkg-packed"), "zip", cited.releases, "nevkg-old")
    monkeypatch.setenv("NEVKG_RELEASES", os.pathsep.join([str(tmp_path / "nowhere"), str(tmp_path), str(cited.releases)]))
    edition = read_address(answer.citation).edition
    for name in ("nevkg-old", str(cited.release), archive, "nevkg-packed", "nevkg-packed.zip", edition):
        graph = nevkg.open(name)
        opened = graph.ask("plants-somewhere")
        assert (opened.citation, opened.document) == (answer.citation, answer.document)
        assert "sha256:" + cited.before.digest[:16] in repr(graph)
    with pytest.raises(WrongUsage, match="There is no question"):
        nevkg.open(cited.data).ask("plants-somewhere")
    # The other methods of a graph work on a release, too.
    assert explain_row(graph.ask("plants-somewhere"), 0).to_dict()
    assert graph.show("plant:p")
    assert len(graph.graph("makers-plants-countries", chinese="*", standing="*").nodes)
    assert nevkg.open(cited.data).resolve_citation(answer.citation).document == answer.document


def test_the_command_line_queries_a_release(cited: CitedRelease, nevkg: Nevkg) -> None:
    result = nevkg("ask", "plants-somewhere", "--store", str(cited.release), "--format", "csl")
    assert json.loads(result.out)[0]["URL"] == cited.ask().citation


def test_an_archive_can_be_the_release(cited: CitedRelease, tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "nevkg-flat"), "zip", cited.release)
    answer = cited.ask()
    assert resolve_citation(answer.citation, None, [tmp_path]).document == answer.document


def test_a_release_that_was_changed_is_refused(cited: CitedRelease, tmp_path: Path) -> None:
    address = cited.ask().citation
    for name in ("queries/questions/production/plants-somewhere.rq", "ontology/context.jsonld", SUMS):
        shutil.copytree(cited.release, folder := tmp_path / name.replace("/", "-"))
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n" if name != SUMS else b"\xff")
        with pytest.raises(CouldNotRun, match="again"):
            resolve_citation(address, None, [folder])


def test_archives_write_nothing_outside_their_folder(cited: CitedRelease, cache: Path, tmp_path: Path) -> None:
    whole = Path(shutil.make_archive(str(tmp_path / "nevkg-bad"), "zip", cited.release))
    with zipfile.ZipFile(whole, "a") as archive:
        for name in ("queries/../../../outside", "/queries/outside", "queries/x\\..\\outside"):
            archive.writestr(name, "outside")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(SUMS, (cited.release / SUMS).read_text() + "\n")
    release = read_release(whole)
    assert release
    open_release(release)
    # Other processes remove folders of the cache meanwhile, which a walk passes over.
    assert not [name for root in (cache, tmp_path) for _, *found in os.walk(root) for name in chain(*found) if "outside" in name]


def test_files_other_than_releases_are_ignored(cited: CitedRelease, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/release.json").write_text("[]")
    (tmp_path / "c.txt").write_text("")
    assert list(list_releases([tmp_path])) == []
    with pytest.raises(CouldNotRun, match="cannot be searched"):
        list(list_releases([tmp_path / "nowhere"]))
    assert [release.place.name for release in list_releases([tmp_path, cited.releases])] == ["nevkg-old"]


# The server


@pytest.fixture(scope="module")
def site(cited: CitedRelease) -> Iterator[ServerProcess]:
    with serving("--data", str(cited.data), "--releases", str(cited.releases), "--time-limit", "60") as server:
        yield server


def cite_path(address: str) -> str:
    return "/cite/" + address.partition("/cite/")[2]


def test_a_server_gives_the_same_bytes(cited: CitedRelease, site: ServerProcess) -> None:
    for given in ({}, {"known_by": "2025-02-01", "as_of": "2023-06-30"}):
        answer = cited.ask(**given)
        reply = site.get(cite_path(answer.citation))
        assert (reply.status_code, reply.content) == (200, answer.document)
        assert reply.headers["Content-Type"] == "application/json"
        assert f'<{answer.citation}>; rel="canonical"' in reply.headers["Link"]
        assert reply.headers["Memento-Datetime"].endswith("00:00:00 GMT")
        tag = {"If-None-Match": reply.headers["ETag"]}
        assert site.get(cite_path(answer.citation), headers=tag).status_code == 304
        named = site.get(cite_path(answer.citation).replace("plants-somewhere?", "plants-somewhere.json?"), headers={"Accept": "text/html"})
        assert named.content == answer.document


def test_a_server_redirects_to_the_canonical_spelling(cited: CitedRelease, site: ServerProcess) -> None:
    address = cited.ask(country="place:XA").citation
    bare = site.get(cite_path(address.partition("&digest")[0]), allow_redirects=False)
    assert (bare.status_code, bare.headers["Location"]) == (302, cite_path(address))
    loose = site.get(cite_path(address.replace("place:XA", "Ania")), allow_redirects=False)
    assert (loose.status_code, loose.headers["Location"]) == (308, cite_path(address))
    page = site.get(cite_path(address.replace("place:XA", "Ania")) + "&lang=zh", headers={"Accept": "text/html"})
    assert page.url == f"{site.address}{cite_path(address)}&lang=zh"
    mine = site.get("/api/questions/companies/answer?citation=true").json()["citation"]
    assert site.get(cite_path(mine)).content == nevkg.open(cited.data).ask("companies").document


def test_a_page_shows_the_answer_and_what_has_changed(cited: CitedRelease, site: ServerProcess) -> None:
    address = cited.ask().citation
    page = site.get(cite_path(address), headers={"Accept": "text/html"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert "The bytes are those that were cited." in page.text
    assert "The question cannot be asked of the data of now:" in page.text
    assert "Plant P" in page.text
    assert "120000" in page.text
    assert "<script>" not in page.text
    chinese = site.get(cite_path(address) + "&lang=zh", headers={"Accept": "text/html"})
    assert "字节与引用时相同。" in chinese.text
    assert "工厂P" in chinese.text
    assert '<html lang="zh"' in chinese.text
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEVKG_RELEASES", str(cited.releases))
        old = nevkg.open("nevkg-old").ask("companies")
    page = site.get(cite_path(old.citation), headers={"Accept": "text/html"})
    assert "The rows are the same in the data of now." in page.text
    current = site.get(cite_path(nevkg.open(cited.data).ask("companies").citation), headers={"Accept": "text/html"})
    assert "The data here is of the edition that was cited." in current.text


@pytest.mark.slow
def test_a_server_reports_unavailable_citations(cited: CitedRelease, site: ServerProcess) -> None:
    address = cited.ask().citation
    wrong = cite_path(address[:-1] + ("1" if address.endswith("0") else "0"))
    assert site.get(wrong).status_code == 409
    page = site.get(wrong, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "The bytes are not those that were cited." in page.text
    gone = site.get("/cite/9.9.9+0123456789abcdef/companies")
    assert gone.status_code == 404
    assert "9.9.9+0123456789abcdef is not here" in gone.json()["detail"]
    assert str(cited.releases) not in gone.text
    for path, status in (
        ("/cite/0.1.0/companies", 400),
        (cite_path(address.partition("?")[0]) + "?country=%00", 400),
        (cite_path(address.partition("?")[0]) + "?as_of=today", 400),
        (cite_path(address.partition("?")[0]) + "?country=place:XA%3E%20%7D", 400),
        (cite_path(address).replace("plants-somewhere", "%3Cscript%3E"), 400),
        (cite_path(address).replace("plants-somewhere", "plants-somewhere.exe"), 406),
    ):
        reply = site.get(path, headers={"Accept": "text/html"})
        assert reply.status_code == status, path
        assert "<script>" not in reply.text


def test_an_archive_that_cannot_be_unpacked_is_refused_without_its_path(
    cited: CitedRelease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk, for example, the cache cannot be written. Paths of the server are not public."""
    shutil.make_archive(str(tmp_path / "nevkg-flat"), "zip", cited.release)
    monkeypatch.setattr("nevkg.store.releases.cache.build", lambda *_: None)
    address, releases = str(cited.ask().citation), [str(tmp_path)]
    with pytest.raises(Problem) as refused:
        ShowCitation(address, releases, DOCUMENT, suffix=False, links=Links()).run(cited.now)
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "60"})
    assert str(tmp_path) not in refused.value.detail
    assert PrepareCitation(address, releases).run(cited.now).media == "text/plain"


def test_a_separate_process_resolves_a_citation(cited: CitedRelease) -> None:
    """Resolving a citation needs nothing from the memory of the process that created it."""
    answer = cited.ask()
    words = ["-m", "nevkg", "cite", answer.citation, "--releases", str(cited.releases), "--data", str(cited.data), "--quiet"]
    assert subprocess.run([sys.executable, *words], capture_output=True, check=True).stdout == answer.document


@pytest.mark.slow
def test_a_small_archive_of_a_release_gives_the_same_bytes(cited: CitedRelease, tmp_path: Path) -> None:
    release = read_release(cited.release)
    assert release
    (tmp_path / "small.zip").write_bytes(pack_release(release))
    small = read_release(tmp_path / "small.zip")
    assert small
    assert pack_release(small) == pack_release(release)
    answer = cited.ask()
    assert resolve_citation(answer.citation, None, [tmp_path]).document == answer.document
    shutil.copytree(cited.release, tmp_path / "damaged")
    (tmp_path / "damaged" / "nevkg.nq.gz").write_bytes(b"")
    with pytest.raises(CouldNotRun, match=r"nevkg\.nq\.gz is not the file that was published"):
        pack_release(replace(release, place=tmp_path / "damaged"))
