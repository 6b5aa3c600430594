"""The pages of the ontology are correct, complete and in one language, and their links resolve; the glossary names existing terms."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, QuerySolutions, Store
from tests.conftest import Result
from tests.publish.conftest import read_files
from tests.support.worlds import CURRENT, PREFIXES, SHIPPED

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


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pages, which are also what the generator returns, for tests of how files are written."""
    texts = {name: content.decode() for name, content in read_files(DOCS).items()}
    monkeypatch.setattr(ontology_pages, "pages", lambda _: dict(texts))
    return Path(shutil.copytree(DOCS, tmp_path / "ontology"))


def find_terms(store: Store) -> dict[str, dict[str, str]]:
    """Returns the labels by language of each term and vocabulary, by prefixed name."""
    solutions = store.query("SELECT ?x ?l WHERE { ?x rdfs:isDefinedBy ?d ; rdfs:label|skos:prefLabel ?l }", prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    named: dict[str, dict[str, str]] = {}
    for row in solutions:
        label = row["l"]
        assert isinstance(label, Literal)
        named.setdefault(terms.shorten(terms.text(row["x"]), PREFIXES), {})[label.language or ""] = label.value
    return {name: labels for name, labels in named.items() if PREFIXES[name.partition(":")[0]].startswith(terms.BASE)}


def test_the_pages_are_up_to_date(nevkg: Callable[..., Result]) -> None:
    assert nevkg("docs", "ontology", str(DOCS), "--check", "--data", str(CURRENT.data)).err == ""


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_every_term_is_on_exactly_one_page(schema: Store, language: str) -> None:
    headings = [
        (page.stem, *heading) for page in (DOCS / language).glob("*.md") for heading in HEADING.findall(page.read_text(encoding="utf-8"))
    ]
    count = Counter(name for _, _, name in headings)
    assert set(find_terms(schema)) - count.keys() == set()
    assert {name for name, times in count.items() if times > 1} == set()
    assert all(anchor == name.partition(":")[2] for _, anchor, name in headings)
    anchors = Counter((page, anchor) for page, anchor, _ in headings)
    assert max(anchors.values()) == 1


def test_pages_have_one_language(schema: Store) -> None:
    for page in (DOCS / "en").glob("*.md"):
        assert not HAN.search(page.read_text(encoding="utf-8")), page.name
    for diagram in (DOCS / "diagrams").glob("*.svg"):
        assert not HAN.search(diagram.read_text(encoding="utf-8")), diagram.name
    chinese = "\n".join(page.read_text(encoding="utf-8") for page in (DOCS / "zh").glob("*.md"))
    solutions = schema.query("SELECT ?x ?d WHERE { ?x rdfs:isDefinedBy ?m ; skos:definition ?d }", prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    for row in solutions:
        definition = row["d"]
        assert isinstance(definition, Literal)
        if terms.text(row["x"]).startswith(terms.BASE):
            assert (definition.value in chinese) == (definition.language == "zh")


def test_a_page_describes_a_term() -> None:
    production = (DOCS / "en" / "production.md").read_text(encoding="utf-8")
    status = production[production.index('<a id="status">') :]
    status = status[: status.index("\n### ")]
    for words in (
        "https://w3id.org/nevkg/ontology#status",
        "domain: [manufacturing unit](production.md#ManufacturingUnit)",
        "[history pattern](statements.md#historyPattern): [one value at a time](history-patterns.md#successive)",
        "[values from](statements.md#valuesFrom): [plant statuses](plant-statuses.md#plant-statuses)",
        "operating (`status:operating`)",
        "ontology/rules/snapshot/68-manufacturing.rq",
        "queries/questions/production/local-manufacturers.rq",
        "queries/checks/state-not-confirmed.rq",
    ):
        assert words in status
    assert status.count("\n  - ") == 3
    assert "shapes/production.ttl): does not have exactly one maker" in production
    assert "](../diagrams/production.svg)" in production
    assert "[manufactures at](production.md#manufacturesAt) ∘ [located in](places.md#locatedIn)" in production
    assert "derived or stated: Derived by the rules" in production


def test_counts_match_the_store(nevkg: Callable[..., Result]) -> None:
    places = (DOCS / "en" / "places.md").read_text(encoding="utf-8")
    country = places[places.index('<a id="Country">') :]
    counted = re.search(r"in the data: instances: (\d+)", country)
    assert counted
    result = nevkg("query", "-e", "PREFIX nev: <https://w3id.org/nevkg/ontology#> SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a nev:Country }")
    assert re.search(rf"\b{counted[1]}\b", result.out)


def test_check_names_the_first_stale_page_and_writes_nothing(pages: Path, nevkg: Callable[..., Result]) -> None:
    folder = str(pages)
    assert nevkg("docs", "ontology", folder, "--check").code == 0
    page = pages / "en" / "agents.md"
    page.write_bytes(page.read_bytes() + b"x")
    (pages / "zh" / "agents.md").unlink()
    before = read_files(pages)
    result = nevkg("docs", "ontology", folder, "--check")
    assert result.code == 1
    assert result.err == f"nevkg: {page} is out of date; generate the pages again with 'make docs' and commit them.\n"
    assert read_files(pages) == before


def test_obsolete_pages_are_removed_and_other_files_remain(pages: Path, nevkg: Callable[..., Result]) -> None:
    gone, manual = pages / "en" / "gone.md", pages / "en" / "kept.md"
    gone.write_text(f"<!-- {ontology_pages.MARK} -->\n", encoding="utf-8")
    manual.write_text("written by hand\n", encoding="utf-8")
    assert nevkg("docs", "ontology", str(pages), "--check").code == 1
    assert nevkg("docs", "ontology", str(pages)).code == 0
    assert not gone.exists()
    assert manual.exists()


def test_diagrams_are_well_formed_and_show_all_classes() -> None:
    for module in SHIPPED.ontology.glob("modules/*.ttl"):
        drawn = ElementTree.fromstring((DOCS / "diagrams" / f"{module.stem}.svg").read_bytes())
        texts = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
        classes = re.findall(r"^nev:(\w+) a owl:Class ;", module.read_text(encoding="utf-8"), re.MULTILINE)
        assert classes
        assert set(classes) <= texts


def test_a_diagram_escapes_text_and_accepts_cycles() -> None:
    drawn = draw("a & b", [Box("A<1>", ["B", "C"], ["p → \"D\" & 'E'"]), Box("B", ["A<1>"]), Box("C"), Box("D", ["D"], foreign=True)])
    texts = [text.text for text in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("A<1>") == 1
    assert {"B", "C", "D", "p → \"D\" & 'E'"} <= set(texts)


def test_the_glossary_names_terms_that_exist(schema: Store) -> None:
    defined = find_terms(schema)
    named = re.findall(r"`([\w-]+:[\w-]+)`", GLOSSARY.read_text(encoding="utf-8"))
    assert len(named) > 50
    assert set(named) - defined.keys() == set()


def test_the_glossary_is_sorted_and_agrees_with_the_chinese_labels(schema: Store) -> None:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert all(len(row) == 5 and all(row) for row in rows)
    words = [row[0].casefold() for row in rows]
    assert words == sorted(set(words))
    defined = find_terms(schema)
    for word, _, term, chinese, _ in rows:
        if term != "—":
            assert defined[term.strip("`")]["zh"] in chinese, word
