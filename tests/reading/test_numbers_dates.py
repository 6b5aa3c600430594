"""Numbers and dates are read in the ways in which pages write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nevkg.errors import InvalidData
from nevkg.reading.dates import read_dates
from nevkg.reading.grounding import read_excerpt
from nevkg.reading.numbers import read_numbers, write_number
from nevkg.reading.words import read_words

FILE = Path(__file__).parents[2] / "ontology" / "tables" / "words.csv"
WORDS = read_words(FILE)
PUBLISHED = date(2025, 9, 18)  # a Thursday


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "150,000 cars", "150000|150.000"),
        ("en", "1,50,000 cars", "150000"),
        ("en", "1.5 lakh cars", "150000.0"),
        ("en", "half a million", "500000.0"),
        ("en", "two hundred and fifty thousand", "250000"),
        ("en", "three million two hundred thousand and five", "3200005"),
        ("en", "US$1.2bn", "1200000000.0"),
        ("en", "20k a year", "20000"),
        ("en", "in 2025 150,000 cars and 30 more", "2025; 150000|150.000; 30"),
        ("zh", "年产15万辆", "150000"),
        ("zh", "年产十五万辆", "150000"),
        ("zh", "1.5亿元", "150000000.0"),
        ("zh", "两千五百人", "2500"),
        ("zh", "3.5万亿印尼盾", "3500000000000.0"),
        ("zh", "一千五百万人", "15000000"),
        ("pt", "150 mil veículos", "150000"),
        ("pt", "R$ 5,5 bilhões", "5500000000.0"),
        ("pt", "12 150 carros", "12|150|12150"),
        ("ru", "150 тыс. автомобилей", "150000"),
        ("de", "2.500 Stellen", "2500|2.500"),
        ("de", "1,5 Mio. Euro", "1500000.0"),
        ("de", "2.500,5 Stellen", "2500.5"),
        ("fr", "150\u202f000 voitures", "150|0|150000"),
        ("th", "1.5 ล้าน", "1500000.0"),
        ("en", "no number at all, Millie", ""),
    ],
)
def test_numbers(language: str, text: str, found: str) -> None:
    numbers = read_numbers(text, language, WORDS["number"])
    wanted = [frozenset(map(Decimal, each.split("|"))) for each in found.split("; ")] if found else []
    assert [number.values for number in numbers] == wanted


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "on 12 March 2025", "2025-03-12"),
        ("en", "March 12, 2025", "2025-03-12"),
        ("en", "Sept. 3rd, 2025", "2025-09-03"),
        ("en", "in March 2025", "2025-03-01..2025-03-31"),
        ("en", "it may march in August", "2025-08-01..2025-08-31"),
        ("en", "Q1 2025", "2025-01-01..2025-03-31"),
        ("en", "first half of 2025", "2025-01-01..2025-06-30"),
        ("en", "last Friday", "2025-09-12"),
        ("en", "yesterday", "2025-09-17"),
        ("en", "last month", "2025-08-01..2025-08-31"),
        ("en", "by the end of 2027", "2027-01-01..2027-12-31"),
        ("en", "2025-03-12", "2025-03-12"),
        ("en", "30.02.2025", ""),
        ("en", "31 February", "2025-02-01..2025-02-28"),
        ("zh", "2025年3月12日", "2025-03-12"),
        ("zh", "3月12日", "2025-03-12"),
        ("zh", "12日", "2025-09-12"),
        ("zh", "去年3月", "2024-03-01..2024-03-31"),
        ("zh", "今年上半年", "2025-01-01..2025-06-30"),
        ("zh", "2026年第一季度", "2026-01-01..2026-03-31"),
        ("pt", "12 de março de 2025", "2025-03-12"),
        ("ru", "12 марта 2025", "2025-03-12"),
        ("de", "am 12. März 2025", "2025-03-12"),
        ("hu", "2025. március 12.", "2025-03-12"),
        ("th", "12 มีนาคม 2568", "2025-03-12"),
        ("vi", "ngày 12 tháng 3 năm 2025", "2025-03-12"),
        ("xx", "12 March 2025", "2025-03-12"),
    ],
)
def test_dates(language: str, text: str, found: str) -> None:
    first = [each.readings[0] for each in read_dates(text, language, WORDS["date"], PUBLISHED)]
    assert "; ".join(f"{start}" if start == end else f"{start}..{end}" for start, end in first) == found


def test_a_date_that_can_be_read_in_two_ways_has_both() -> None:
    (slashes,) = read_dates("12/03/2025", "en", WORDS["date"], PUBLISHED)
    assert {start for start, _ in slashes.readings} == {date(2025, 3, 12), date(2025, 12, 3)}
    (month,) = read_dates("in November", "en", WORDS["date"], PUBLISHED)
    assert {start.year for start, _ in month.readings} == {2024, 2025, 2026}


def test_a_passage_mentions_what_it_says_and_nothing_else() -> None:
    passage = read_excerpt("Example Motors' works opened on 12 March; it builds 1.5 lakh cars.", "en", WORDS, PUBLISHED)
    march = date(2025, 3, 1), date(2025, 3, 31)
    assert passage.mentions_number(Decimal(150000))
    assert not passage.mentions_number(Decimal(15000))
    assert passage.mentions_days(march)
    assert passage.mentions_days((date(2025, 3, 12), date(2025, 3, 12)))
    assert not passage.mentions_days((date(2025, 3, 13), date(2025, 3, 31)))
    assert passage.mentions_name(["Sample Cars", "example motors"])
    assert not passage.mentions_name(["Example Motor", "ample", ""])
    assert read_excerpt("示例汽车工厂", "zh", WORDS, PUBLISHED).mentions_name(["示例汽车"])
    assert read_excerpt("示例汽車工廠", "zh", WORDS, PUBLISHED).mentions_name(["示例汽车"])
    assert read_excerpt("年產15萬輛", "zh", WORDS, PUBLISHED).mentions_number(Decimal(150_000))


@pytest.mark.parametrize(
    ("language", "text", "right", "wrong"),
    [
        ("en", "sales fell 31 percent", "-31|31", "-32|-3.1|310"),
        ("en", "sales rose 31 percent", "31", "-31"),
        ("en", "one in four was an Example", "25|1|4", "20|75|14|0.4"),
        ("en", "one in three", "33|33.3", "34|30"),
        ("en", "two thirds of them", "67|66.7", "66|23"),
        ("en", "a tenth fewer than in 2024", "-10", "-1|-11"),
        ("en", "of 610 workers, 420 left in January; the rest will go", "190", "191|180|1030"),
        ("en", "of 610 workers, 420 left in January", "610|420", "190"),
        ("en", "cars come in free", "0", "1|10"),
        ("en", "a site of 96 rai", "153600|96", "153601|15360|96000"),
        ("en", "almost half a million cars", "500000", "50000|5000000|500001"),
        ("zh", "零部件本地化率达到四成", "40", "4.5|41|400"),
        ("zh", "四分之一", "25", "40|75"),
        ("zh", "年产1.5万辆", "15000", "1500|150000|15001"),
        ("zh", "销量下降8%", "-8", "-80|-9"),
        ("zh", "工厂由示例汽车全资持有", "100", "10|99"),
    ],
)
def test_numbers_in_words_are_mentioned_and_their_neighbours_are_not(language: str, text: str, right: str, wrong: str) -> None:
    passage = read_excerpt(text, language, WORDS, PUBLISHED)
    assert [number for number in right.split("|") if not passage.mentions_number(Decimal(number))] == []
    assert [number for number in wrong.split("|") if passage.mentions_number(Decimal(number))] == []


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [("zh", "上周四", "2025-09-11"), ("zh", "上周一家公司", "2025-09-08/2025-09-14"), ("en", "two years ago", "2023-01-01/2023-12-31")],
)
def test_dates_in_words_are_counted_from_the_day_of_the_page(language: str, text: str, first: str) -> None:
    (found,) = read_dates(text, language, WORDS["date"], PUBLISHED)
    assert "/".join(dict.fromkeys(map(str, found.readings[0]))) == first


def test_names_can_only_be_expected_in_their_own_script() -> None:
    passage = read_excerpt("示例汽车（Example）在泰国的工厂上周投产", "zh", WORDS, PUBLISHED)
    assert passage.shares_script(["Sample", "样本汽车"])
    assert not passage.shares_script(["Sample Plant"])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,b,c,d\n", "line 1: the columns must be language, word, kind, meaning."),
        ("language,word,kind,meaning\nen,x,number\n", "line 2: a row has 4 cells."),
        (
            "language,word,kind,meaning\nen,x,number,1\nen,X,number,2\n",
            "line 3: 'X' has another meaning above; give each word one meaning.",
        ),
    ],
)
def test_a_bad_file_of_words_is_refused_with_its_line(tmp_path: Path, rows: str, message: str) -> None:
    file = tmp_path / "words.csv"
    file.write_text(rows, encoding="utf-8")
    with pytest.raises(InvalidData, match=message.replace("(", r"\(")):
        read_words(file)


@pytest.mark.parametrize(
    "number", ["7", "74", "1.5", "999", "1000", "18701", "100000", "150000", "1200000", "2200000000", "1234567.89", "0"]
)
@pytest.mark.parametrize("language", [*sorted(WORDS["number"].meanings), "ja", ""])
def test_numbers_are_read_as_they_are_written(number: str, language: str) -> None:
    ways = write_number(Decimal(number), language, WORDS["number"])
    for way in ways:
        assert any(Decimal(number) in found.values for found in read_numbers(way, language, WORDS["number"])), way


@pytest.mark.parametrize(
    ("number", "language", "some"),
    [
        ("150000", "en", {"150,000", "150000", "150 thousand"}),
        ("150000", "zh", {"15万"}),
        ("150000", "es", {"150.000", "150 mil"}),
        ("150000", "ru", {"150 000", "150 тыс."}),
        ("1500000", "de", {"1.500.000", "1,5 Mio."}),
        ("1.5", "de", {"1,5"}),
    ],
)
def test_numbers_are_written_as_in_a_language(number: str, language: str, some: set[str]) -> None:
    ways = write_number(Decimal(number), language, WORDS["number"])
    assert {way.casefold() for way in some} <= {way.casefold() for way in ways}
