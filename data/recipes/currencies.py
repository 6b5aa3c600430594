"""Generates the currencies in the vocabulary of units: current ISO 4217 codes from pycountry, names and countries from CLDR (Babel).

Usage: ``PYTHONPATH=src python data/recipes/currencies.py``
"""

from __future__ import annotations

from collections.abc import Iterator

import pycountry
from babel import Locale
from babel.core import get_global

from nevkg.data import terms

FILE = "units.ttl"
LANGUAGES = ("en", "zh")

# Codes of the standard that are not currencies: metals, bond-market units, testing, no currency.
NO_MONEY = frozenset(("XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XPD", "XPT", "XTS", "XXX"))

# Withdrawn currencies that sources of this dataset may still name.
SINCE = 2005
ENDED = {"BGN": 2025}

# Names that the vocabulary had before this recipe, and names that CLDR lacks.
NAMES = {
    "AFN": ("Afghan afghani", "阿富汗尼"),
    "AUD": ("Australian dollar", "澳大利亚元"),
    "AZN": ("Azerbaijani manat", "阿塞拜疆马纳特"),
    "CNY": ("renminbi yuan", "人民币元"),
    "GBP": ("pound sterling", "英镑"),
    "IDR": ("Indonesian rupiah", "印度尼西亚盾"),
    "RUB": ("Russian rouble", "俄罗斯卢布"),
    "SLL": ("Sierra Leonean leone (1964–2022)", "塞拉利昂利昂"),
    "UZS": ("Uzbekistani sum", "乌兹别克斯坦苏姆"),
    "VEF": ("Venezuelan bolívar fuerte", "委内瑞拉强势玻利瓦尔"),
    "XAD": ("Arab accounting dinar", "阿拉伯记账第纳尔"),
    "XSU": ("sucre", "苏克雷"),
    "XCG": ("Caribbean guilder", "加勒比盾"),
    "ZWG": ("Zimbabwe gold", "津巴布韦金元"),
    "CLF": ("Chilean unidad de fomento", "智利发展单位"),
    "COU": ("Colombian real value unit", "哥伦比亚实际价值单位"),
    "BOV": ("Bolivian mvdol", "玻利维亚Mvdol"),
    "CHE": ("WIR euro", "WIR欧元"),
    "CHW": ("WIR franc", "WIR法郎"),
    "MXV": ("Mexican investment unit", "墨西哥投资单位"),
    "VED": ("Venezuelan digital bolívar", "委内瑞拉数字玻利瓦尔"),
    "SHP": ("St. Helena pound", "圣赫勒拿镑"),
}

# Units of account of a country, in addition to its currency.
OF_ACCOUNT = frozenset(("BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"))

# Currencies of more than one country, and units of account of organisations.
AREAS = {
    "EUR": ("the euro area", "欧元区"),
    "XAF": ("the Central African Economic and Monetary Community", "中部非洲经济与货币共同体"),
    "XCD": ("the Eastern Caribbean Currency Union", "东加勒比货币联盟"),
    "XCG": ("Curaçao and Sint Maarten", "库拉索和荷属圣马丁"),
    "XOF": ("the West African Economic and Monetary Union", "西非经济货币联盟"),
    "XPF": ("French overseas territories in the Pacific", "法国太平洋海外领地"),
    "ANG": ("the Netherlands Antilles", "荷属安的列斯"),
    "CSD": ("Serbia and Montenegro", "塞尔维亚和黑山"),
    "XAD": ("the Arab Monetary Fund", "阿拉伯货币基金组织"),
    "XDR": ("the International Monetary Fund", "国际货币基金组织"),
    "XSU": ("the Bolivarian Alliance for the Peoples of Our America", "美洲玻利瓦尔联盟"),
    "XUA": ("the African Development Bank", "非洲开发银行"),
}
BY_ORGANISATIONS = frozenset(("XAD", "XDR", "XSU", "XUA"))

# Countries whose English name takes an article.
WITH_ARTICLE = frozenset(("AE", "BS", "CF", "CG", "CK", "DO", "FK", "FO", "GB", "GM", "KM", "KY", "MV", "NL", "PH", "SB", "SC", "US"))

# The part of the file between these lines is generated here.
BEGIN = "# Currencies, made by data/recipes/currencies.py; edit that.\n"
END = "\n# End of the currencies.\n"

CONCEPT = """
unit:{slug} a skos:Concept , nev:Unit ;
    skos:inScheme voc:units ;
    skos:notation "{code}" ;
    skos:prefLabel "{en}"@en , "{zh}"@zh ;
    skos:definition "{definition_en}"@en , "{definition_zh}"@zh ;
    rdfs:isDefinedBy voc:units .
"""

# Code to the countries that use it (or last did), and the first and last year of its use.
Uses = dict[str, tuple[list[str], int, int | None]]


def uses() -> Uses:
    """Returns the countries and years in which each currency is or was legal tender, according to CLDR."""
    found: dict[str, list[tuple[str, int, int | None]]] = {}
    for country, currencies in sorted(get_global("territory_currencies").items()):
        for code, start, end, tender in currencies:
            if tender and country != "ZZ":
                found.setdefault(code, []).append((country, start[0] if start else 0, end[0] if end else None))
    return {
        code: (
            [country for country, _, end in several if end is None] or [country for country, _, _ in several],
            min(start for _, start, _ in several),
            None if any(end is None for _, _, end in several) else max(end or 0 for _, _, end in several),
        )
        for code, several in found.items()
    }


def names(code: str) -> tuple[str, str]:
    """Returns the name of one unit of a currency, in each language."""
    english, chinese = (Locale.parse(language) for language in LANGUAGES)
    if code in NAMES:
        return NAMES[code]
    one = english._data["currency_names_plural"].get(code, {}).get("one") or english.currencies[code]
    return one, chinese.currencies[code].replace(" ", "").replace("(", "（").replace(")", "）")


def places(code: str, countries: list[str]) -> tuple[str, str]:
    """Returns the countries of a currency, in each language. Of several, the one that the code is named after."""
    if code in AREAS:
        return AREAS[code]
    if code[:2] in countries:
        countries = [code[:2]]
    english, chinese = (Locale.parse(language) for language in LANGUAGES)
    of = [("the " if one in WITH_ARTICLE else "") + english.territories[one] for one in countries]
    return " and ".join(filter(None, (", ".join(of[:-1]), of[-1]))), "、".join(chinese.territories[one] for one in countries)


def concepts() -> Iterator[str]:
    """Yields each currency as a concept in Turtle, ordered by code."""
    used = uses()
    current = {one.alpha_3 for one in pycountry.currencies} - NO_MONEY
    former = {code for code, (_, _, last) in used.items() if (last or ENDED.get(code, 0)) >= SINCE} - current
    for code in sorted(current | former):
        countries, first, last = used.get(code, ([code[:2]], 0, None))
        last = last or ENDED.get(code)
        where, where_zh = places(code, countries)
        kind, kind_zh = ("account", "记账") if code in OF_ACCOUNT | BY_ORGANISATIONS else ("money", "货币")
        when, when_zh = (f" from {first} to {last}", f"{first}年至{last}年的") if code in former else ("", "")
        one, one_zh = names(code)
        yield CONCEPT.format(
            slug=code.lower(),
            code=code,
            en=one,
            zh=one_zh,
            definition_en=f"Unit of {kind} of {where}{when} (ISO 4217: {code}).",
            definition_zh=f"{where_zh}{when_zh}{kind_zh}单位（ISO 4217：{code}）。",
        )


def main() -> None:
    """Replaces the currencies in the vocabulary."""
    # Imported late, because it locates the folders relative to the recipes.
    from quadfile import ONTOLOGY

    assert terms.LANGUAGES == LANGUAGES
    path = ONTOLOGY / "vocabularies" / FILE
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(before + BEGIN + "".join(concepts()) + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
