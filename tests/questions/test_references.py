"""References can be read by third-party libraries."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from tests.conftest import Result

from nevkg.lookup.sources import Source
from nevkg.table.references import list_references, to_bibtex, to_csl, to_ris

Nevkg = Callable[..., Result]
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


def test_csl() -> None:
    data, odd, undated, vague = json.loads(to_csl(list_references("nevkg 1", SOURCES)))
    assert (data["type"], data["note"]) == ("dataset", "nevkg 1")
    assert (odd["title"], odd["publisher"], odd["URL"]) == (ODD.title, ODD.publisher, ODD.address)
    assert odd["issued"] == {"date-parts": [[2024, 1, 2]]}
    assert vague["issued"] == {"date-parts": [[2024, 1, 1], [2024, 12, 31]]}
    assert "URL" not in vague
    assert undated.keys() == {"id", "type", "publisher", "note"}


def test_bibtex() -> None:
    library = parse_string(to_bibtex(list_references("nevkg 1", SOURCES)))
    assert not library.failed_blocks
    found = {entry.key: {name: field.value for name, field in entry.fields_dict.items()} for entry in library.entries}
    assert list(found) == ["nevkg", "s-odd", "s-undated", "s-vague"]
    assert found["s-odd"]["title"] == r"{50 \% off \{A\} \& B\_c \textbackslash{} \textasciitilde{} \#1 汽车}"
    assert (found["s-odd"]["date"], found["s-odd"]["url"]) == ("2024-01-02", "https://e.example/%7Bx%7D?a=1&b=2")
    assert (found["s-vague"]["date"], found["s-vague"].get("url")) == ("2024-01-01/2024-12-31", None)
    assert "title" not in found["s-undated"]


def test_ris() -> None:
    data, odd, _, vague = rispy.loads(to_ris(list_references("nevkg 1", SOURCES)))
    assert data["type_of_reference"] == "DATA"
    assert (odd["title"], odd["date"], odd["year"], odd["urls"]) == (ODD.title, "2024/01/02", "2024", [ODD.address])
    assert (vague.get("date"), vague["year"]) == (None, "2024")


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
