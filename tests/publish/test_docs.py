"""The documentation matches the code and the output of the commands; each recipe gives what it says."""

from __future__ import annotations

import csv
import doctest
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace

import networkx
import openpyxl
import pytest
from tests.conftest import Result
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import Question, load_catalogue
from nevkg.cli import VERBS, main
from nevkg.data import terms
from nevkg.lookup.entities import select
from nevkg.network import load_projections
from nevkg.network.files import PAGE, TABLES
from nevkg.network.projections import KERNEL
from nevkg.publish.heartbeat import write_list
from nevkg.store import EmbeddedStore

ROOT = SHIPPED.ontology.parent
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")),
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("benchmarks/**/*.md")),
]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}


def test_the_readme_shows_the_answer_of_make_demo(nevkg: Callable[..., Result]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = re.search(r"\$\(BIN\)/nevkg (ask .*)", makefile)
    assert words
    block = re.search(r"<!-- output of make demo -->\n```text\n(.*?)```", README, re.DOTALL)
    assert block
    require_output(block[1], nevkg(*words[1].split()).out)


@pytest.mark.parametrize("page", ["paper", *(pytest.param(page, marks=pytest.mark.slow) for page in ("asking", "graphs"))])
def test_the_documentation_shows_what_commands_print(nevkg: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    transcripts = re.findall(r"^\$ nevkg (.*)\n((?:(?!\$ |```).*\n)*)", text, re.MULTILINE)
    assert transcripts
    for command, shown in transcripts:
        found = nevkg(*shlex.split(command))
        require_output(shown, found.out + found.err)


def require_output(shown: str, printed: str) -> None:
    """Requires that all that is shown was printed. An ellipsis stands for lines left out, or for the rest or a part of a line."""
    lines = [line.rstrip() for line in printed.splitlines() if line.strip()]
    place = 0
    for part in re.split(r"^…$", shown, flags=re.MULTILINE):
        wanted = [re.compile(re.escape(line.rstrip()).replace("…", ".*")) for line in part.splitlines() if line.strip()]
        starts = range(place, len(lines) - len(wanted) + 1)
        found = (start for start in starts if all(map(re.Pattern.fullmatch, wanted, lines[start : start + len(wanted)])))
        start = next(found, None)
        assert start is not None, f"not printed:\n{part}\nbut:\n{printed}"
        place = start + len(wanted)


def test_the_paper_repeats_rows_of_other_pages_and_the_heartbeat(current: EmbeddedStore) -> None:
    paper = TEXTS["docs/paper.md"]
    rows = [line for line in paper.splitlines() if line.startswith("|")]
    pages = "".join(TEXTS[page] for page in ("docs/benchmarks.md", "docs/conformance.md", "benchmarks/questions/README.md"))
    assert sorted(set(rows) - set(pages.splitlines())) == []
    assert len(rows) > 30
    assert write_list(current).partition("\n\n")[2] in paper


def test_the_counts_in_the_readme_are_current(shipped: EmbeddedStore) -> None:
    numbers = re.search(r"^([\d,]+) sources with ([\d,]+) statements about ([\d,]+) plants, ([\d,]+) policies", README, re.MULTILINE)
    assert numbers
    patterns = ("?x a nev:Source", "?x nev:source ?s", "?x a nev:Plant", "?x a nev:Policy")
    queries = (f"PREFIX nev: <{terms.NEV}> SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}" for pattern in patterns)
    assert numbers.groups() == tuple(f"{int(terms.text(next(select(shipped, query))['n'])):,}" for query in queries)
    assert len(re.findall(r"There are (\d+) questions", README)) == 1
    assert f"There are {len(load_catalogue(shipped.layout).questions)} questions" in README
    assert len(README.splitlines()) <= 120


def test_the_names_on_the_page_of_the_model_exist(shipped: EmbeddedStore) -> None:
    text = (DOCS / "model.md").read_text(encoding="utf-8")
    names = set(re.findall(r"\b(?:episode|statement):[0-9a-f]{32}\b", text))
    assert names
    prefixes = "".join(f"PREFIX {kind}: <{terms.BASE}{kind}/> " for kind in ("episode", "statement"))
    found = select(shipped, f"{prefixes}SELECT DISTINCT ?name {{ VALUES ?name {{ {' '.join(names)} }} ?name a ?class }}")
    assert names == {terms.text(row["name"]).removeprefix(terms.BASE).replace("/", ":") for row in found}


def test_the_readme_names_the_two_commands_first() -> None:
    assert README.index("make demo") < 1500
    assert README.index("make test") < 1500
    lines = re.findall(r"^nevkg ([a-z]+)", README, re.MULTILINE)
    assert set(lines) - {"is"} <= set(VERBS)


@cache
def find_anchors(page: Path) -> set[str]:
    """Returns the anchors of a page: its own, and those that GitHub makes of headings."""
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {*re.findall(r'<a id="([^"]+)">', text), *(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)}


def test_links_between_pages_resolve() -> None:
    links = {(page, *link) for page, text in TEXTS.items() for link in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", text)}
    local = sorted(link for link in links if not re.match(r"[a-z]+:", link[1]))
    broken = []
    for page, link, anchor in local:
        target = (ROOT / page).parent / link if link else ROOT / page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in find_anchors(target.resolve())):
            broken.append(f"{page}: {link}#{anchor}")
    assert broken == []
    assert len(local) > 3000


@pytest.fixture(scope="module")
def pages() -> SimpleNamespace:
    """The script that makes the documentation site."""
    return SimpleNamespace(**runpy.run_path(str(DOCS / "pages.py")))


def test_each_page_is_in_the_navigation_of_the_site(pages: SimpleNamespace) -> None:
    listed = [page for section in pages.find_navigation().values() for page in section]
    assert len(listed) == len(set(listed))
    written = {page for page in TEXTS if re.fullmatch(r"docs/(?:decisions/)?[^/]+\.md", page)}
    assert sorted(written - {pages.START, *listed}) == []
    assert sorted({page for page in TEXTS if page.startswith(("docs/", "benchmarks/"))} - pages.find_pages()) == []


@pytest.mark.slow
def test_the_documentation_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stderr
    built = {page: page.read_text(encoding="utf-8") for page in tmp_path.rglob("*.html")}
    loaded = re.compile(r"<(?:script|img|iframe|source)[^>]* src=\"?https?:|<link[^>]* rel=\"?(?:stylesheet|preload|icon)[^>]*https?:")
    assert [page.name for page, text in built.items() if loaded.search(text)] == []
    local = re.compile(r"<(?:script|link)[^>]* (?:src|href)=\"?([^\s\">]+)")
    files = {(page, name) for page, text in built.items() for name in local.findall(text)}
    assert [name for page, name in files if not re.match(r"[a-z]+:|/", name) and not (page.parent / name).exists()] == []
    assert "WrongUsage" in built[tmp_path / "api" / "index.html"]
    assert len(built) > 150


def test_commands_in_the_documentation_exist() -> None:
    fence = re.compile(r"^```(?:sh|text)?\n(.*?)^```", re.DOTALL | re.MULTILINE)
    blocks = {page: "".join(fence.findall(text)) for page, text in TEXTS.items()}
    verbs = {(page, verb) for page, block in blocks.items() for verb in re.findall(r"^(?:\$ )?nevkg ([a-z]+)", block, re.MULTILINE)}
    assert [f"{page}: nevkg {verb}" for page, verb in sorted(verbs) if verb not in VERBS] == []
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {(page, target) for page, text in TEXTS.items() for target in re.findall(r"`make ([a-z-]+)", text)}
    assert [f"{page}: make {target}" for page, target in sorted(named) if target not in targets] == []
    assert verbs
    assert named


def test_the_page_on_the_format_is_up_to_date(nevkg: Callable[..., Result]) -> None:
    assert nevkg("docs", "format", str(DOCS / "format.md"), "--check").code == 0


GRAPHS = (DOCS / "graphs.md").read_text(encoding="utf-8")
PROJECTIONS = load_projections(SHIPPED)
EXAMPLES = re.findall(r"^\$ nevkg ([^\n]+)\n(.*?)^```$", GRAPHS, re.DOTALL | re.MULTILINE)


def find_table(head: str) -> dict[str, list[str]]:
    """Returns the rows of a table of the page on graphs by their first cell; ``head`` is the first heading of the table."""
    match = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", GRAPHS, re.MULTILINE)
    assert match, head
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in match[1].splitlines()]
    return {row[0].strip("`"): row[1:] for row in rows}


def find_quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.slow
def test_the_examples_on_the_python_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the examples write files
    # Blank out the fences, so that they are not taken for output and line numbers stay the same.
    text = re.sub(r"^```.*$", "", (DOCS / "python.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, "python.md", "docs/python.md", 0)
    output: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    results = runner.run(examples, out=output.append)
    assert results.attempted > 40
    assert not results.failed, "".join(output)


def test_all_python_on_the_page_is_run() -> None:
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        assert block[0] == "python"
        assert block[1].startswith(">>> ")


def test_the_page_on_graphs_names_each_projection() -> None:
    assert find_table("projection").keys() == PROJECTIONS.projections.keys()


@pytest.mark.parametrize("name", PROJECTIONS.projections)
def test_parameters_and_attributes_on_the_page_match_the_file(name: str) -> None:
    question: Question = PROJECTIONS[name].question
    _, parameters, attributes = find_table("projection")[name]
    assert find_quoted(parameters) == [parameter.name for parameter in question.parameters]
    assert find_quoted(attributes) == [column.name for column in question.columns if column.name not in KERNEL]


def test_the_page_on_graphs_names_each_attribute_of_nodes() -> None:
    assert find_table("attribute").keys() == PROJECTIONS.attributes.keys()


def test_the_page_on_graphs_names_each_format() -> None:
    from nevkg.network.graph_formats import FORMATS

    named = [
        name
        for cell in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", GRAPHS.split("## Formats")[1], re.MULTILINE)
        for name in find_quoted(cell)
    ]
    assert {*FORMATS, "png", "svg", PAGE, TABLES} <= set(named)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "output"), EXAMPLES, ids=[words.split()[0] for words, _ in EXAMPLES])
def test_examples_on_the_page_on_graphs_match_the_output(words: str, output: str, nevkg: Callable[..., Result]) -> None:
    printed = nevkg(*words.split()).out
    assert [line.rstrip() for line in printed.splitlines()] == [line.rstrip() for line in output.splitlines()]


TEXT = (DOCS / "recipes.md").read_text(encoding="utf-8")
RECIPES = {
    title: re.findall(r"^nevkg (.*)$", block, re.MULTILINE)
    for title, block in re.findall(r"^## (.*?)\n\n```sh\n(.*?)```", TEXT, re.MULTILINE | re.DOTALL)
}
# What the output of each command contains, as a pattern.
EXPECTED = {
    "Makers in Brazil, now and two years ago, and how sure": ("BYD .*Camaçari", r"change/new,new,.*Camaçari"),
    "Plants that were announced and never built": (r"\bsilent\b",),
    "EU duties, and what followed": (r"\b35\.3\b", r"^\S+eu-cvd-bev-2024,.*/plant/.*,\d+$"),
    "A footnote": (r"^The nevkg developers, .*Hungary.*https://w3id.org/nevkg/",),
    "Local content in Indonesia, and who meets it": ("required local content", "Handal"),
    "Hungary since 2025": ("BYD", "Szeged"),
}
FILES = {
    "Capacity by country and year, in Excel, with sources",
    "The owners of Geely, for Gephi",
    "A map for a paper",
    "A panel for regressions",
}


def run_recipe(command: str, capture: pytest.CaptureFixture[bytes]) -> bytes:
    """Runs a command of a recipe, and writes its output to the file that it is redirected to."""
    words, _, place = command.partition(" > ")
    code = main(shlex.split(words))
    out, err = capture.readouterr()
    assert code == 0, err.decode()
    if place:
        Path(place).write_bytes(out)
    return out


def test_each_recipe_has_one_or_two_commands() -> None:
    assert RECIPES.keys() == EXPECTED.keys() | FILES
    assert TEXT.count("\n## ") == len(RECIPES)
    assert all(1 <= len(commands) <= 2 for commands in RECIPES.values())


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("title", EXPECTED)
def test_the_commands_give_what_the_recipe_says(
    title: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    for command, wanted in zip(RECIPES[title], EXPECTED[title], strict=True):
        assert re.search(wanted, run_recipe(command, capfdbinary).decode(), re.MULTILINE), command


@pytest.fixture
def folder(shipped: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert shipped.digest
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_workbook_has_capacities_and_sources(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run_recipe(RECIPES["Capacity by country and year, in Excel, with sources"][0], capfdbinary)
    book = openpyxl.load_workbook(BytesIO((folder / "capacity.xlsx").read_bytes()))
    assert {"answer", "sources", "evidence", "about"} <= set(book.sheetnames)
    assert "capacity" in [str(cell.value).partition(",")[0] for row in book["answer"].iter_rows(max_row=3) for cell in row]
    assert book["sources"].max_row > 10


def test_the_graph_opens(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run_recipe(RECIPES["The owners of Geely, for Gephi"][0], capfdbinary)
    graph = networkx.read_gexf(folder / "geely.gexf")
    assert any("Geely" in str(facts["label"]) for _, facts in graph.nodes(data=True))
    assert graph.number_of_edges() > 3


@pytest.mark.usefixtures("explorer_build")
def test_the_map_is_a_picture(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run_recipe(RECIPES["A map for a paper"][0], capfdbinary)
    assert (folder / "map.png").read_bytes().startswith(b"\x89PNG")


def test_the_panel_has_one_row_for_each_country_and_year(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run_recipe(RECIPES["A panel for regressions"][0], capfdbinary)
    rows = list(csv.DictReader(StringIO((folder / "panel.csv").read_text(encoding="utf-8"))))
    assert len({(row["country"], row["year"]) for row in rows}) == len(rows) > 200
    assert {row["plants"] for row in rows} >= {"0", "1"}
    assert any(row["capacity"] == "" for row in rows)
    assert all(row["capacity"] != "0" for row in rows)
