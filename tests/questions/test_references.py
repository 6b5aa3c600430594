"""References can be read by third-party libraries."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from tests.conftest import Nevkg
from tests.support.edition import DAY, VERSION
from tests.support.worlds import SHIPPED

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.lookup import entities
from nevkg.lookup.sources import Evidence, Source
from nevkg.store import EmbeddedStore
from nevkg.table.references import Reference, list_references, to_bibtex, to_csl, to_ris
from nevkg.table.table import Table

ODD = Source(
    "https://w3id.org/nevkg/source/s-odd",
    r"50 % off {A} & B_c \ ~ #1 汽车",
    "P & Q",
    "2024-01-02",
    "https://e.example/{x}?a=1&b=2",
)
VAGUE = Source(
    "https://w3id.org/nevkg/source/s-vague", "Vague", "", "2024-01-01/2024-12-31", "farm[.]example/a", "title devised", "unreliable host"
)
UNDATED = Source("https://w3id.org/nevkg/source/s-undated", "", "P", "undated", "")
SOURCES = [ODD, UNDATED, VAGUE]


@pytest.fixture(scope="module")
def table(sample: EmbeddedStore) -> Table:
    table = Table(sample, [], [], title="Who & what?")
    table.evidence = Evidence(SOURCES, {})
    return table


def test_csl(table: Table) -> None:
    data, odd, undated, vague = json.loads(to_csl(table))
    assert (data["type"], data["title"], data["author"]) == ("dataset", "Who & what?", [{"literal": "The nevkg developers"}])
    assert (data["issued"], data["version"]) == ({"date-parts": [[int(part) for part in DAY.split("-")]]}, VERSION)
    assert (odd["title"], odd["publisher"], odd["URL"]) == (ODD.title, ODD.publisher, ODD.address)
    assert odd["issued"] == {"date-parts": [[2024, 1, 2]]}
    assert vague["issued"] == {"date-parts": [[2024, 1, 1], [2024, 12, 31]]}
    assert vague["title"] == "[Vague]"
    assert "URL" not in vague
    assert undated.keys() == {"id", "type", "publisher", "note"}


def test_a_processor_reads_the_csl(table: Table) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source.json import CiteProcJSON

        entries = json.loads(to_csl(table))
        bibliography = CitationStylesBibliography(
            CitationStylesStyle("harvard-cite-them-right", validate=False), CiteProcJSON(entries), formatter.plain
        )
        for entry in entries:
            bibliography.register(Citation([CitationItem(entry["id"].lower())]))
        lines = [str(line) for line in bibliography.bibliography()]
    assert any(line.startswith("The nevkg developers (2026) “Who & what?”") for line in lines)
    assert any("[Vague]" in line for line in lines)


def test_bibtex(table: Table) -> None:
    library = parse_string(to_bibtex(table).decode())
    assert not library.failed_blocks
    found = {entry.key: {name: field.value for name, field in entry.fields_dict.items()} for entry in library.entries}
    key, *others = found
    assert re.fullmatch(rf"nevkg-table-{DAY}-[0-9a-f]{{8}}", key)
    assert others == ["s-odd", "s-undated", "s-vague"]
    assert (found[key]["author"], found[key]["title"]) == ("{The nevkg developers}", r"{Who \& what?}")
    assert (found[key]["date"], found[key]["year"], found[key]["version"]) == (DAY, DAY[:4], VERSION)
    assert found["s-odd"]["title"] == r"{50 \% off \{A\} \& B\_c \textbackslash{} \textasciitilde{} \#1 汽车}"
    assert (found["s-odd"]["date"], found["s-odd"]["url"]) == ("2024-01-02", "https://e.example/%7Bx%7D?a=1&b=2")
    assert (found["s-vague"]["date"], found["s-vague"].get("url")) == ("2024-01-01/2024-12-31", None)
    assert (found["s-vague"]["titleaddon"], "title" in found["s-vague"]) == ("{[Vague]}", False)
    assert "title" not in found["s-undated"]


def test_ris(table: Table) -> None:
    data, odd, _, vague = rispy.loads(to_ris(table).decode())
    assert data["type_of_reference"] == "DATA"
    assert (data["authors"], data["year"], data["edition"]) == (["The nevkg developers"], "2026", VERSION)
    assert (odd["title"], odd["date"], odd["year"], odd["urls"]) == (ODD.title, "2024/01/02", "2024", [ODD.address])
    assert (vague.get("date"), vague["year"], vague["title"]) == (None, "2024", "[Vague]")


def test_each_answer_has_a_key_of_its_own(sample: EmbeddedStore) -> None:
    question = load_catalogue(sample.layout)["local-manufacturers"]

    def entries() -> Iterator[Reference]:
        for given, day in (({}, None), ({"country": ["TH"]}, None), ({"country": ["TH"]}, "2025-01-01")):
            yield next(list_references(ask(sample, question, given, as_of=day)))

    keys = [entry.key for entry in entries()]
    assert len(set(keys)) == 3
    assert keys[2].startswith("nevkg-local-manufacturers-2025-01-01-")
    answer = ask(sample, question)
    assert answer.citation.rpartition("sha256-")[2].startswith(keys[0].rpartition("-")[2])


def test_citations_say_how_to_open_the_address(nevkg: Nevkg, sample: EmbeddedStore) -> None:
    answer = ask(sample, load_catalogue(sample.layout)["local-manufacturers"], {"country": ["TH"]})
    words = f"not on the web yet; to open it: nevkg cite ADDRESS --releases nevkg-{VERSION}.zip"
    texts = [answer.cite(), answer.footnote, *(write(answer).decode() for write in (to_bibtex, to_csl, to_ris))]
    assert all(words in text for text in texts)
    out = nevkg("ask", "local-manufacturers", "country=TH", "--footnote", "--data", str(sample.layout.data)).out
    assert out == f"{answer.footnote}\n"
    assert out.startswith(f"The nevkg developers, “{answer.title}” (Thailand · ")
    chinese = ask(sample, load_catalogue(sample.layout)["local-manufacturers"], {"country": ["TH"]}, language="zh").footnote
    assert chinese.startswith("nevkg 开发者，“哪些公司在当地生产，每个答案出自何处？”（泰国 · ")
    assert chinese.endswith(f"（尚未上线；打开方法：nevkg cite 地址 --releases nevkg-{VERSION}.zip）")


def test_the_documentation_shows_the_edition_that_is_shipped(shipped: EmbeddedStore) -> None:
    root = SHIPPED.ontology.parent
    version, day = entities.version(shipped), entities.dataset_date(shipped)
    assert f"\nversion: {version}\ndate-released: {day}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## [{version}] - {day}\n" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    answer = ask(shipped, load_catalogue(shipped.layout)["local-manufacturers"], {"bloc": ["asean"]})
    (shown,) = re.findall(
        r"^https://w3id\.org/nevkg/cite/.*(?:\n +.*)*", (root / "docs/citing.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert re.fullmatch(re.escape(re.sub(r"\s", "", shown)).replace("…", ".*"), answer.citation)
    versions = {found for page in root.glob("docs/*.md") for found in re.findall(r"cite/([\d.]+)\+", page.read_text(encoding="utf-8"))}
    assert versions == {version}


@pytest.mark.parametrize("name", ["bibtex", "csl", "ris"])
def test_an_answer_exports_its_sources(nevkg: Nevkg, name: str) -> None:
    out = nevkg("ask", "local-manufacturers", "country=TH", "--format", name).out
    slugs = {
        source["iri"].rpartition("/")[2]
        for source in json.loads(nevkg("ask", "local-manufacturers", "country=TH", "--format", "json").out)["sources"]
    }
    count = {"bibtex": out.count("\n@") + out.startswith("@"), "csl": out.count('"id":'), "ris": out.count("TY  - ")}[name]
    assert count == len(slugs) + 1 > 20
    assert all(slug in out for slug in slugs)
