"""The pages of the ontology are true, complete, one language each, and their links lead somewhere; the glossary names real terms."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from pyoxigraph import Literal, QuerySolutions, Store
from tests.conftest import Result
from tests.support.worlds import PREFIXES, SHIPPED

from nevkg.cli import main
from nevkg.data import dataset, terms
from nevkg.publish import ontology as ontology_pages
from nevkg.publish.ontology.diagrams import Box, draw

ROOT = SHIPPED.ontology.parent
DOCS = ROOT / "docs" / "ontology"
GLOSSARY = ROOT / "docs" / "glossary.md"
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
HEADING = re.compile(r'^#+ <a id="([^"]+)"></a>.* · `([\w-]+:[\w-]+)`$', re.MULTILINE)


@pytest.fixture(scope="module")
def schema() -> Store:
    store = Store()
    for name in ("ontology", "vocabularies"):
        for path in dataset.schema_files(SHIPPED)[name]:
            store.extend(dataset.parse_file(path))
    return store


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as the generator writes them now."""
    folder = tmp_path_factory.mktemp("pages") / "ontology"
    assert main(["docs", "ontology", str(folder)]) == 0
    return folder


@pytest.fixture
def known(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator gives these pages without the work: for tests of what becomes of the files."""
    texts = {name: content.decode() for name, content in files(written).items()}
    monkeypatch.setattr(ontology_pages, "pages", lambda _: dict(texts))


@pytest.fixture
def made(written: Path, tmp_path: Path) -> Path:
    """A copy of them, where their links to files lead somewhere."""
    for floor in (SHIPPED.ontology, SHIPPED.queries):
        (tmp_path / floor.name).symlink_to(floor)
    return Path(shutil.copytree(written, tmp_path / "docs" / "ontology"))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def own_terms(store: Store) -> dict[str, dict[str, str]]:
    """Prefixed name of each term and vocabulary, and its labels by language."""
    solutions = store.query("SELECT ?x ?l WHERE { ?x rdfs:isDefinedBy ?d ; rdfs:label|skos:prefLabel ?l }", prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    named: dict[str, dict[str, str]] = {}
    for row in solutions:
        label = row["l"]
        assert isinstance(label, Literal)
        named.setdefault(terms.shorten(terms.text(row["x"]), PREFIXES), {})[label.language or ""] = label.value
    return {name: labels for name, labels in named.items() if PREFIXES[name.partition(":")[0]].startswith(terms.BASE)}


def test_the_committed_pages_are_up_to_date(made: Path) -> None:
    now, then = files(made), files(DOCS)
    stale = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    assert not stale, f"docs/ontology/{stale[0]} is out of date; generate the pages again with 'make docs' and commit them."


def test_the_same_dataset_gives_the_same_bytes(made: Path, nevkg: Callable[..., Result], tmp_path: Path) -> None:
    assert nevkg("docs", "ontology", str(tmp_path / "again"), "--quiet").out == ""
    assert files(tmp_path / "again") == files(made)


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_every_term_stands_on_exactly_one_page(made: Path, schema: Store, language: str) -> None:
    headings = [
        (page.stem, *heading) for page in (made / language).glob("*.md") for heading in HEADING.findall(page.read_text(encoding="utf-8"))
    ]
    count = Counter(name for _, _, name in headings)
    assert set(own_terms(schema)) - count.keys() == set()
    assert {name for name, times in count.items() if times > 1} == set()
    assert all(anchor == name.partition(":")[2] for _, anchor, name in headings)
    anchors = Counter((page, anchor) for page, anchor, _ in headings)
    assert max(anchors.values()) == 1


def test_the_languages_are_kept_apart(made: Path, schema: Store) -> None:
    for page in (made / "en").glob("*.md"):
        assert not HAN.search(page.read_text(encoding="utf-8")), page.name
    for diagram in (made / "diagrams").glob("*.svg"):
        assert not HAN.search(diagram.read_text(encoding="utf-8")), diagram.name
    chinese = "\n".join(page.read_text(encoding="utf-8") for page in (made / "zh").glob("*.md"))
    solutions = schema.query("SELECT ?x ?d WHERE { ?x rdfs:isDefinedBy ?m ; skos:definition ?d }", prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    for row in solutions:
        definition = row["d"]
        assert isinstance(definition, Literal)
        if terms.text(row["x"]).startswith(terms.BASE):
            assert (definition.value in chinese) == (definition.language == "zh")


def test_links_lead_somewhere_and_to_the_term(made: Path) -> None:
    anchors = {page: set(re.findall(r'<a id="([^"]+)">', page.read_text(encoding="utf-8"))) for page in made.rglob("*.md")}
    seen = 0
    for page in anchors:
        for link, anchor in re.findall(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")):
            if not link.startswith("http"):
                seen += 1
                target = (page.parent / link).resolve() if not link.startswith("../../../") else ROOT / link.removeprefix("../../../")
                assert target.exists(), f"{page.name}: {link}"
                assert not anchor or anchor in anchors[page.parent / link], f"{page.name}: {link}#{anchor}"
    assert seen > 3000


def test_a_page_tells_what_a_reader_needs(made: Path) -> None:
    production = (made / "en" / "production.md").read_text(encoding="utf-8")
    status = production[production.index('<a id="status">') :]
    status = status[: status.index("\n### ")]
    for words in (
        "https://w3id.org/nevkg/ontology#status",
        "domain: [manufacturing unit](production.md#ManufacturingUnit)",
        "[history pattern](statements.md#historyPattern): [one value at a time](history-patterns.md#successive)",
        "[values from](statements.md#valuesFrom): [plant statuses](plant-statuses.md#plant-statuses)",
        "operating (`status:operating`)",
        "ontology/rules/current/94-manufacturing.rq",
        "queries/questions/production/local-manufacturers.rq",
        "queries/checks/state-not-confirmed.rq",
    ):
        assert words in status
    assert status.count("\n  - ") == 3
    assert "shapes/production.ttl): does not have exactly one maker" in production
    assert "](../diagrams/production.svg)" in production
    assert "[manufactures at](production.md#manufacturesAt) ∘ [located in](places.md#locatedIn)" in production
    assert "derived or stated: Derived by the rules" in production


def test_counts_are_those_of_the_store(made: Path, nevkg: Callable[..., Result]) -> None:
    places = (made / "en" / "places.md").read_text(encoding="utf-8")
    country = places[places.index('<a id="Country">') :]
    counted = re.search(r"in the data: instances: (\d+)", country)
    assert counted
    result = nevkg("query", "-e", "PREFIX nev: <https://w3id.org/nevkg/ontology#> SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a nev:Country }")
    assert re.search(rf"\b{counted[1]}\b", result.out)


@pytest.mark.usefixtures("known")
def test_check_names_the_first_stale_page_and_writes_nothing(made: Path, nevkg: Callable[..., Result]) -> None:
    folder = str(made)
    assert nevkg("docs", "ontology", folder, "--check").code == 0
    page = made / "en" / "agents.md"
    page.write_bytes(page.read_bytes() + b"x")
    (made / "zh" / "agents.md").unlink()
    before = files(made)
    result = nevkg("docs", "ontology", folder, "--check")
    assert result.code == 1
    assert result.err == f"nevkg: {page} is out of date; generate the pages again with 'make docs' and commit them.\n"
    assert files(made) == before


@pytest.mark.usefixtures("known")
def test_pages_of_what_is_gone_go_and_other_files_stay(made: Path, nevkg: Callable[..., Result]) -> None:
    gone, manual = made / "en" / "gone.md", made / "en" / "kept.md"
    gone.write_text(f"<!-- {ontology_pages.MARK} -->\n", encoding="utf-8")
    manual.write_text("written by hand\n", encoding="utf-8")
    assert nevkg("docs", "ontology", str(made), "--check").code == 1
    assert nevkg("docs", "ontology", str(made)).code == 0
    assert not gone.exists()
    assert manual.exists()


def test_diagrams_are_well_formed_and_show_all_classes(made: Path) -> None:
    for module in SHIPPED.ontology.glob("modules/*.ttl"):
        drawn = ElementTree.fromstring((made / "diagrams" / f"{module.stem}.svg").read_bytes())
        texts = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
        classes = re.findall(r"^nev:(\w+) a owl:Class ;", module.read_text(encoding="utf-8"), re.MULTILINE)
        assert classes
        assert set(classes) <= texts


def test_a_diagram_escapes_text_and_bears_odd_hierarchies() -> None:
    drawn = draw("a & b", [Box("A<1>", ["B", "C"], ["p → \"D\" & 'E'"]), Box("B", ["A<1>"]), Box("C"), Box("D", ["D"], foreign=True)])
    texts = [text.text for text in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("A<1>") == 1
    assert {"B", "C", "D", "p → \"D\" & 'E'"} <= set(texts)


def test_both_languages_have_the_same_words() -> None:
    words = yaml.safe_load((Path(ontology_pages.__file__).parents[1] / "templates" / "ontology.yaml").read_text(encoding="utf-8"))
    assert tuple(words) == terms.LANGUAGES
    english, chinese = words.values()
    assert list(english) == list(chinese)
    for name in ("kinds", "rows", "expressions"):
        assert list(english[name]) == list(chinese[name])


def glossary() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_glossary_names_terms_that_exist(schema: Store) -> None:
    defined = own_terms(schema)
    named = re.findall(r"`([\w-]+:[\w-]+)`", GLOSSARY.read_text(encoding="utf-8"))
    assert len(named) > 50
    assert set(named) - defined.keys() == set()


def test_the_glossary_is_sorted_whole_and_says_what_the_ontology_says_in_chinese(schema: Store) -> None:
    rows = glossary()
    assert all(len(row) == 5 and all(row) for row in rows)
    words = [row[0].casefold() for row in rows]
    assert words == sorted(set(words))
    defined = own_terms(schema)
    for word, _, term, chinese, _ in rows:
        if term != "—":
            assert defined[term.strip("`")]["zh"] in chinese, word
