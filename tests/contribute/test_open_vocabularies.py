"""All ISO currencies and countries and BCP 47 languages are known."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pycountry
import pytest
from pyoxigraph import Store
from tests.support.contributions import Tables, read_source, statement, write_small_data
from tests.support.worlds import SHIPPED

from nevkg.contribute.registry import read_schema
from nevkg.data import dataset, terms

RECIPES = Path(__file__).parents[2] / "data" / "recipes"


def test_every_currency_is_a_unit() -> None:
    schema = read_schema(SHIPPED)
    codes = schema.codes(schema.scheme(terms.NEV + "unit"))
    no_money = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XPD", "XPT", "XTS", "XXX"}
    currencies = {currency.alpha_3 for currency in pycountry.currencies} - no_money
    assert currencies - codes.keys() == set()
    assert all(codes[code] == f"https://w3id.org/nevkg/unit/{code.lower()}" for code in currencies)
    assert {"BGN", "HRK", "VEF"} <= codes.keys()  # withdrawn, and still in older sources


def test_the_recipe_generates_the_shipped_currencies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(RECIPES))
    recipe = runpy.run_path(str(RECIPES / "currencies.py"))
    vocabulary = (SHIPPED.ontology / "vocabularies" / recipe["FILE"]).read_text(encoding="utf-8")
    shipped = vocabulary.partition(recipe["BEGIN"])[2].partition(recipe["END"])[0]
    # Names and years change with releases of CLDR, the list of currencies does not.
    generated, shipped_codes = (
        re.findall(r'^unit:(\w+) a |skos:notation "(.*)"', text, re.MULTILINE) for text in ("".join(recipe["concepts"]()), shipped)
    )
    assert len(generated) > 300
    assert generated == shipped_codes
    sys.modules.pop("quadfile", None)


def test_every_country_is_in_the_registry() -> None:
    store = Store()
    store.extend(dataset.parse_file(SHIPPED.data / "registry" / "places.ttl"))
    labelled = {
        str(row["code"].value)
        for row in store.query(  # type: ignore[union-attr]
            f"""SELECT ?code WHERE {{ ?x a <{terms.NEV}Country> ; <{terms.NEV}isoAlpha2> ?code ; <{terms.RDFS}label> ?en , ?zh
            FILTER(LANG(?en) = "en" && LANG(?zh) = "zh") }}"""
        )
    }
    assert labelled == {country.alpha_2 for country in pycountry.countries}


@pytest.mark.parametrize(
    ("code", "written"),
    [("am", "am"), ("fil", "fil"), ("pt-BR", "pt-BR"), ("EN", "en"), ("zh-Hant-TW", "zh-Hant-TW"), ("sl-x-a", "sl-x-a")],
)
def test_a_language_is_any_code_of_bcp_47(code: str, written: str, tmp_path: Path) -> None:
    data = write_small_data(tmp_path)
    Tables(tmp_path / "c").source(language=code).fact("jobs", "5").import_into(data)
    assert statement(data, subject="plant:p")["number"] == "5"
    assert read_source(data, "s-x")["https://w3id.org/nevkg/source/s-x"]["dcterms:language"] == written


def test_every_language_of_iso_639_fits_the_format(tmp_path: Path) -> None:
    codes = {code for language in pycountry.languages for code in (language.alpha_3, getattr(language, "alpha_2", language.alpha_3))}
    tables = Tables(tmp_path / "c")
    for code in sorted(codes)[:: len(codes) // 300]:
        tables.source(f"s-{code}", f"https://example.org/{code}", language=code)
    tables.source().fact("jobs", "5").import_into(write_small_data(tmp_path))
