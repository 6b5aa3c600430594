"""The static site: its links, its engine and its errors. Its pages are tested in a browser, see ``test_browser_site.py``."""

from __future__ import annotations

import asyncio
import gzip
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pyoxigraph import DefaultGraph

import nevkg
from nevkg.ask import days
from nevkg.ask.catalogue import load_catalogue, pack_catalogue, unpack_catalogue
from nevkg.cli import main
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.progress import ignore_progress
from nevkg.serve.local import LocalServer
from nevkg.serve.pages.address import FileLinks, file_of, has_file, way_to_root
from nevkg.serve.services import Site
from nevkg.site import bundle, publish, static
from nevkg.site.workers import Workers
from nevkg.store import EVER, EmbeddedStore, open_store

SOURCES = Path(nevkg.__file__).parent
ADDRESS = "https://example.org/site"


@pytest.fixture(scope="module")
def local_server(sample: EmbeddedStore) -> LocalServer:
    return LocalServer(sample, Site(ADDRESS))


def fetch(server: LocalServer, address: str, accept: str = "text/html") -> str:
    received = asyncio.run(server.fetch(address, accept=accept))
    assert received.status == 200, (address, received.body)
    return received.body.decode()


def links(page: str) -> Iterator[str]:
    return (unescape(link) for link in re.findall(r'(?:href|src|action)="([^"]*)"', page))


@pytest.mark.parametrize(
    ("path", "language", "file"),
    [
        ("/agent/byd", "en", "agent/byd.html"),
        ("/agent/byd", "zh", "zh/agent/byd.html"),
        ("/agent/byd.ttl", "zh", "agent/byd.ttl"),
        ("/ontology/0.1.0", "en", "ontology/0.1.0.html"),
        ("/", "zh", "zh/index.html"),
        ("/sparql", "en", "sparql.html"),
        ("/question/who.rq", "en", "question/who.rq"),
        ("/feeds/changes.atom", "zh", "feeds/changes.atom"),
    ],
)
def test_paths_become_files(path: str, language: str, file: str) -> None:
    assert file_of(path, language) == file
    assert way_to_root(path, language) == ("/".join([".."] * file.count("/")) or ".")


def test_links_point_to_files_or_to_the_rendering_page() -> None:
    file_links = FileLinks("..", "zh")
    assert file_links.to("/agent/byd#named") == "../zh/agent/byd.html#named"
    assert file_links.to("/agent/byd", {"page": "2"}) == "../page.html#/agent/byd?page=2&lang=zh"
    assert file_links.to("/statement/1") == "../page.html#/statement/1?lang=zh"
    assert file_links.to("/agent/byd.nt") == "../page.html#/agent/byd.nt?lang=zh"
    assert file_links.to("/") == "../zh/"
    assert FileLinks(".", "en").to("/") == "./"
    assert file_links.to("/map", {"bloc": "place:asean"}) == "../zh/map.html?bloc=place%3Aasean"
    assert file_links.to("/questions/one", {"as_of": "2025-01-01"}) == "../zh/questions/one.html?as_of=2025-01-01"
    assert FileLinks("..", "", (("as_of", "2025-01-01"),)).to("/agent/byd") == "../agent/byd.html?as_of=2025-01-01"
    assert not has_file("/search")


@pytest.mark.parametrize("language", terms.LANGUAGES)
@pytest.mark.parametrize("path", ["/agent/byd", "/", "/map", "/questions", "/questions/local-manufacturers", "/ontology"])
def test_pages_of_a_site_link_to_files_that_are_written(local_server: LocalServer, path: str, language: str) -> None:
    page = fetch(local_server, f"{path}?lang={language}")
    root = way_to_root(path, language)
    own = [link for link in links(page) if not re.match(r"[a-z]+:|#", link)]
    assert len(own) > 10
    for link in own:
        assert link.startswith(f"{root}/"), link
        rest = link.removeprefix(f"{root}/")
        assert re.match(r"(?:zh/)?[^?#]+\.(?:html|ttl|jsonld|rq|atom|css|svg|js|woff2)(?:[?#]|$)|(?:zh/)?$|page\.html#/", rest), link
    if path != "/questions":
        canonical = re.search(r'rel="canonical" href="([^"]*)"', page)
        assert canonical is None or canonical[1] == f"{ADDRESS}/{file_of(path, language).removesuffix('index.html')}"


@pytest.mark.parametrize("path", ["/agent/byd", "/questions/local-manufacturers?bloc=place:asean"])
def test_a_day_is_chosen_without_a_script_only_on_a_server(local_server: LocalServer, sample: EmbeddedStore, path: str) -> None:
    on_site, on_server = (
        re.findall(r'<form class="(day-slider[^"]*)"', fetch(server, path)) for server in (local_server, LocalServer(sample))
    )
    assert (on_site, on_server) == (["day-slider scripted"], ["day-slider"])  # the style of "scripted" hides it without scripts


def test_only_a_server_links_to_its_api(local_server: LocalServer, sample: EmbeddedStore) -> None:
    assert "/api" in links(fetch(LocalServer(sample), "/"))
    assert not [link for link in links(fetch(local_server, "/")) if link.endswith("/api")]


_IMPORTS = """
import sys, types
for name, members in (("oxigraph", {}), ("pyodide", {}), ("pyodide.ffi", {"JsException": Exception, "to_js": print})):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)
import nevkg_engine
from nevkg.serve import local  # its routes import all tasks
assert "site/browser" in sys.modules["pyoxigraph"].__file__
"""


def test_the_engine_has_each_name_that_the_code_imports_from_oxigraph() -> None:
    environment = os.environ | {"PYTHONPATH": str(SOURCES / "site" / "browser")}
    done = subprocess.run([sys.executable, "-c", _IMPORTS], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_engine_leaves_out_later_sources(sample: EmbeddedStore) -> None:
    day = entities.dataset_date(sample)
    in_browser = replace(sample, state="", ready={day: days.snapshot(sample, day).store})
    address = "/api/questions/companies-by-kind/answer?evidence=false&known_by=2020-01-01"
    static = [json.loads(fetch(LocalServer(store), address, "application/json")) for store in (sample, in_browser)]
    whole = json.loads(fetch(LocalServer(in_browser), address.partition("&")[0], "application/json"))
    assert static[0] == static[1]
    assert 0 < static[0]["total"] < whole["total"]


@pytest.mark.slow
def test_the_code_of_the_engine_is_pure_python_and_reproducible(sample: EmbeddedStore) -> None:
    packed = bundle._pack_code(sample)
    assert packed == bundle._pack_code(sample)
    names = [name for name, _ in bundle._code(sample)]
    assert {"nevkg_engine.py", "pyoxigraph/store.py", "cgi.py", "nevkg/serve/local.py", "starlette/routing.py"} <= {*names}
    assert "nevkg/words/en.json" in names
    assert len(names) == len({*names})
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc"))]


def test_prepared_days_are_those_of_the_slider_and_the_ends_of_quarters() -> None:
    assert bundle.list_prepared_days("2026-12-01") == [
        *("2025-12-31", "2026-03-31", "2026-06-30", "2026-07-01", "2026-08-01", "2026-09-01", "2026-09-30", "2026-10-01", "2026-11-01"),
        EVER,
    ]


def test_a_prepared_day_is_the_snapshot_with_some_lines_replaced(sample: EmbeddedStore, tmp_path: Path) -> None:
    bundle.write_engine(sample, tmp_path)
    contents = json.loads((tmp_path / "engine" / "contents.json").read_text(encoding="utf-8"))
    usual = set(gzip.decompress((tmp_path / contents["snapshot"]).read_bytes()).decode().splitlines(keepends=True))
    changes = json.loads(gzip.decompress((tmp_path / contents["days"]).read_bytes()))
    assert [*changes] == contents["facts"]["prepared"] == bundle.list_prepared_days(contents["facts"]["day"])
    for day, change in changes.items():
        without, others = (set(change[part].splitlines(keepends=True)) for part in ("without", "with"))
        assert without
        assert without <= usual
        lines = (usual - without) | others
        assert lines == {f"{quad} .\n" for quad in days.snapshot(sample, day).store.quads_for_pattern(None, None, None, DefaultGraph())}


def test_the_engine_need_not_parse_the_questions(sample: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed, questions = pack_catalogue(sample.layout), load_catalogue(sample.layout)
    copy = Layout(sample.layout.ontology, sample.layout.data, Path(shutil.copytree(sample.layout.queries, tmp_path / "queries")))
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    unpack_catalogue(copy, packed)
    monkeypatch.setattr("nevkg.ask.catalogue.read_question", None)
    assert load_catalogue(copy) == questions


def test_the_pages_of_names_and_questions_are_listed_once(sample: EmbeddedStore) -> None:
    portions = static.list_portions(sample)
    listed = [path for portion in portions if portion.are_pages for path in portion.paths]
    documents = [path for portion in portions if not portion.are_pages for path in portion.paths]
    assert len(listed) == len({*listed})
    assert len(documents) == len({*documents})
    assert {"/", "/map", "/sparql", "/stories", "/questions/local-manufacturers", "/agent/byd", "/ontology", "/dataset"} <= {*listed}
    assert {"/agent/byd.ttl", "/agent/byd.jsonld", "/question/local-manufacturers.rq", "/feeds/changes.atom"} <= {*documents}
    assert all(has_file(path) and "#" not in path for path in (*listed, *documents))


def test_a_page_is_written_in_both_languages_and_a_document_once(local_server: LocalServer, tmp_path: Path) -> None:
    written = asyncio.run(static.write_page(local_server, tmp_path, "/agent/byd"))
    assert written == ["agent/byd.html", "zh/agent/byd.html"]
    for path in ("/agent/byd.ttl", "/agent/none.ttl"):
        asyncio.run(static.write_document(local_server, tmp_path, path))
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["agent/byd.html", "agent/byd.ttl", "zh/agent/byd.html"]
    assert (tmp_path / "zh" / "agent" / "byd.html").read_text(encoding="utf-8") == fetch(local_server, "/agent/byd?lang=zh")


def test_pages_in_two_languages_share_what_they_read(local_server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[EmbeddedStore, str]] = []
    query = EmbeddedStore.query

    def count(store: EmbeddedStore, text: str, *args: Any, **options: Any) -> Any:
        asked.append((store, text))
        return query(store, text, *args, **options)

    pages = [fetch(local_server, f"/agent/byd?lang={language}") for language in terms.LANGUAGES]
    monkeypatch.setattr(EmbeddedStore, "query", count)
    fetch(local_server, "/agent/byd?lang=en")
    alone = len(asked)
    asked.clear()
    written = asyncio.run(static.write_page(local_server, tmp_path, "/agent/byd"))
    assert [(tmp_path / file).read_text(encoding="utf-8") for file in written] == pages
    assert len(asked) < alone * 1.5
    asked.clear()
    fetch(local_server, "/agent/byd?lang=en")
    assert len(asked) == alone


def test_an_answer_of_today_is_not_kept_for_tomorrow(local_server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in ("2025-03-01", "2025-03-02"):
        monkeypatch.setattr("nevkg.ask.arguments.date", type("Calendar", (date,), {"today": lambda day=day: date.fromisoformat(day)}))
        assert f"as of {day}" in fetch(local_server, "/questions/bloc-members?asOf=today")


def test_files_of_a_merged_entity_lead_to_the_other(local_server: LocalServer, sample: EmbeddedStore, tmp_path: Path) -> None:
    merged = f"SELECT ?old ?new WHERE {{ ?old <{terms.DCTERMS}isReplacedBy> ?new }} ORDER BY ?old LIMIT 1"
    (row,) = entities.rows(sample, merged)
    old, new = (row[name].removeprefix(f"{terms.BASE}") for name in ("old", "new"))
    assert asyncio.run(static.write_page(local_server, tmp_path, f"/{old}")) == []
    for folder, root in ("", ".."), ("zh/", "../.."):
        page = (tmp_path / f"{folder}{old}.html").read_text(encoding="utf-8")
        assert f'<meta http-equiv="refresh" content="0; url={root}/{folder}{new}.html">' in page
    for suffix in ("ttl", "jsonld"):
        for name in (old, new):
            asyncio.run(static.write_document(local_server, tmp_path, f"/{name}.{suffix}"))
        assert (tmp_path / f"{old}.{suffix}").read_bytes() == (tmp_path / f"{new}.{suffix}").read_bytes()


@pytest.mark.slow
def test_workers_write_the_same_pages_and_end_with_their_work(sample: EmbeddedStore, local_server: LocalServer, tmp_path: Path) -> None:
    portions = [static.Portion(("/agent/byd",), True), static.Portion(("/agent/byd.ttl",), False)]
    with Workers(sample, tmp_path, Site(ADDRESS), portions) as workers:
        assert [*workers.results()] == [(portions[0], ["agent/byd.html", "zh/agent/byd.html"]), (portions[1], [])]
        assert (tmp_path / "agent" / "byd.html").read_text(encoding="utf-8") == fetch(local_server, "/agent/byd?lang=en")
        processes = multiprocessing.active_children()
        assert processes
    assert not any(process.is_alive() for process in processes)
    with Workers(sample, tmp_path, Site(ADDRESS), portions) as workers:
        for process in multiprocessing.active_children():
            process.kill()
        with pytest.raises(CouldNotRun, match="A process that wrote pages has ended"):
            [*workers.results()]


def test_answers_are_listed_as_the_explorer_writes_addresses() -> None:
    assert static._address("home", {"lang": "en"}) == "api/home?lang=en"
    parameters = {"lang": "en", "bloc": ["place:asean"]}
    assert static._address("questions/one/answer", parameters) == "api/questions/one/answer?bloc=place%3Aasean&lang=en"
    document = {"a": [{"question": "one", "parameters": {"maker": ["agent:x"]}}], "b": {"entity": "agent:y"}}
    assert list(static._targets(document)) == [("one", {"maker": ["agent:x"]})]
    assert list(static._entities(document)) == ["agent:y"]


def test_invalid_input_is_reported_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for option in (["--quick"], ["--no-release"], ["--releases", str(tmp_path)]):
        assert main(["publish", str(tmp_path), *option]) == 2
        assert f"{option[0]} is an option of sites; add --site." in capsys.readouterr().err
    monkeypatch.setattr("nevkg.site.publish.BUILT", tmp_path)
    assert main(["publish", str(tmp_path), "--site"]) == 3
    assert "The explorer is not built; in a checkout of nevkg run 'make explorer'." in capsys.readouterr().err
    (tmp_path / "index.html").write_text("<title>")
    new = str(tmp_path / "new")
    assert main(["publish", new, "--site", "--releases", str(tmp_path)]) == 2
    assert f"{tmp_path} is not a release, and contains none." in capsys.readouterr().err
    assert main(["publish", new, "--site", "--releases", f"{tmp_path}/x"]) == 3
    assert f"{tmp_path}/x cannot be searched for releases: No such file or directory." in capsys.readouterr().err
    assert main(["publish", str(tmp_path), "--site"]) == 2
    assert "is not an empty folder and not a site of nevkg" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_engine_still_needs_brackets() -> None:
    """The version on npm groups operators from the right. Once it does not, ``sparql.arithmetic`` can be removed."""
    package = json.loads((SOURCES / "explorer" / "package-lock.json").read_text(encoding="utf-8"))["packages"]["node_modules/oxigraph"]
    assert [int(part) for part in package["version"].split(".")] < [0, 5, 12]


def test_a_site_can_leave_out_the_release(sample: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    monkeypatch.setattr(publish, "list_portions", lambda _: [])
    monkeypatch.setattr(publish, "_write_application", lambda *_: None)
    monkeypatch.setattr(publish, "publish", lambda _, folder, **_others: made.append(folder))
    publish._write_all(sample, tmp_path, Site(), (), ignore_progress, has_release=False)
    assert not made
    publish._write_all(sample, tmp_path, Site(), (), ignore_progress, has_release=True)
    assert made == [tmp_path / "release"]


def test_a_site_replaces_an_earlier_one_but_no_files_of_the_user(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.html").touch()
    monkeypatch.setattr(publish, "BUILT", tmp_path)
    names = iter(("old.html", "new.html"))

    def write(_store: object, draft: Path, *_: object) -> None:
        (draft / "engine").mkdir()
        (draft / next(names)).touch()

    async def write_nothing(*_: object) -> None:
        pass

    monkeypatch.setattr(publish, "_write_application", write)
    monkeypatch.setattr(publish, "write_quickly", write_nothing)
    command = ["publish", "--site", "--quick", "--quiet", "--data", part, str(folder := tmp_path / "site")]
    assert main(command) == 0
    (folder / "CNAME").write_text("example.org")
    assert main(command) == 2
    (folder / "CNAME").unlink()
    assert main(command) == 0
    assert [path.name for path in folder.glob("*.html")] == ["new.html"]


def split_paths(portions: list[static.Portion], every: int) -> tuple[list[static.Portion], set[str]]:
    """Returns each n-th path of names and questions, with all others, and the files of the paths left out."""
    kept, left_out = [], set()
    for portion in portions:
        rest = [path for number, path in enumerate(portion.paths) if path.count("/") > 1 and number % every]
        kept.append(replace(portion, paths=[path for path in portion.paths if path not in rest]))
        left_out |= {file_of(path, language) for path in rest for language in terms.LANGUAGES}
    return kept, left_out


@pytest.mark.parametrize("every", [pytest.param(16, marks=pytest.mark.slow), pytest.param(1, marks=pytest.mark.nightly)])
def test_all_links_of_a_site_resolve(
    explorer_build: None,  # noqa: ARG001  it must be built first
    part: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    every: int,
) -> None:
    """Links may also lead to the files that a whole site would have."""
    folder = tmp_path / "site"
    portions, left_out = split_paths(static.list_portions(open_store(Layout.find(Path(part)))), every)
    monkeypatch.setattr(publish, "list_portions", lambda _: portions)
    assert main(["publish", "--site", "--url", ADDRESS, "--data", part, str(folder), "--quiet"]) == 0
    pages = [path for path in folder.rglob("*.html") if "release" not in path.parts and path.name not in ("page.html", "404.html")]
    assert len(pages) > 500
    missing = set()
    for page in pages:
        for link in links(page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|#", link):
                target = (page.parent / unquote(re.split("[?#]", link)[0])).resolve()
                # This part of the data refers to sources that it does not contain.
                is_known = target.parent.name == "source" or str(target.relative_to(folder)) in left_out
                if not is_known and not (target / "index.html" if target.is_dir() else target).is_file():
                    missing.add(f"{page.relative_to(folder)}: {link}")
    assert not missing
    listed = re.findall(r"<loc>(.*?)</loc>", (folder / "sitemap.xml").read_text(encoding="utf-8"))
    merged = [page for page in pages if 'http-equiv="refresh"' in page.read_text(encoding="utf-8")]
    assert len(listed) == len({*listed}) == len(pages) - len(merged)
    assert all((folder / (unescape(address).removeprefix(f"{ADDRESS}/") or "index.html")).is_file() for address in listed)
    assert '<base href="/site/" />' in (folder / "404.html").read_text(encoding="utf-8")
