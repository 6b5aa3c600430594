"""The documentation matches the output of the commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest
from tests.conftest import Result
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import load_catalogue
from nevkg.cli import VERBS
from nevkg.data import terms
from nevkg.lookup.entities import select
from nevkg.store import EmbeddedStore

ROOT = SHIPPED.ontology.parent
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


@pytest.mark.slow
@pytest.mark.parametrize("page", ["asking", "graphs"])
def test_the_documentation_shows_what_commands_print(nevkg: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
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
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
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


def test_links_between_pages_resolve() -> None:
    links = {(page, link) for page, text in TEXTS.items() for link in re.findall(r"\]\(([^)#\s]+)", text)}
    local = {(page, link) for page, link in links if not re.match(r"[a-z]+:", link)}
    assert [f"{page}: {link}" for page, link in sorted(local) if not (ROOT / page).parent.joinpath(link).exists()] == []
    assert len(local) > len(TEXTS)


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
    assert nevkg("docs", "format", str(ROOT / "docs" / "format.md"), "--check").code == 0
