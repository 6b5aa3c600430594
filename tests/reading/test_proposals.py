"""What is proposed for a few sentences. They are invented; nothing in them is true."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support.worlds import CURRENT

from nevkg.propose.proposals import Proposer
from nevkg.reading.documents import Document

Row = dict[str, str]


@pytest.fixture(scope="module")
def proposer() -> Proposer:
    return Proposer.read(CURRENT)


def read(proposer: Proposer, text: str, language: str = "en", title: str = "") -> list[Row]:
    """Returns the rows that are proposed for a text of 1 August 2026, each with its table."""
    document = Document(text, language, title, (date(2026, 8, 1),) * 2, "given", "https://example.org/read")
    return [{"table": each.table, **each.cells} for each in proposer.propose(document).proposals]


def select(rows: list[Row], column: str, **cells: str) -> list[str]:
    """Returns the values of a column of the rows that have some cells."""
    return [row[column] for row in rows if cells.items() <= row.items() and column in row]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("In the first half of the year BYD sold 52,000 cars in Chile. Chery sold 14,900 there.", "en"),
        ("今年上半年，比亚迪在智利销售5.2万辆。奇瑞售出14900辆。", "zh"),
    ],
)
def test_figures_without_a_date_are_of_the_last_period(proposer: Proposer, text: str, language: str) -> None:
    rows = read(proposer, text, language)
    assert select(rows, "period_end", subject="byd", value="52000") == ["2026-H1"]
    assert select(rows, "period_end", subject="chery", value="14900") == ["2026-H1"]


@pytest.mark.parametrize(
    "text",
    [
        "In 2025, China exported 32,600 vehicles to Britain, 14,100 vehicles to France and 11,400 vehicles to Germany.",
        "In 2025, Chinese vehicle exports went to Britain (32,600 vehicles), France (14,100 vehicles) and Germany (11,400 vehicles).",
    ],
)
def test_figures_of_an_enumeration_are_each_of_their_own_market(proposer: Proposer, text: str) -> None:
    rows = read(proposer, text)
    found = {(row["geography"], row["value"]) for row in rows if row.get("metric") == "exports"}
    assert found == {("GB", "32600"), ("FR", "14100"), ("DE", "11400")}


def test_all_names_of_an_enumeration_are_read(proposer: Proposer) -> None:
    rows = read(proposer, "The BYD plant in Rayong, Thailand, exported to Britain, Germany and Belgium.")
    assert set(select(rows, "value", attribute="export-market")) == {"GB", "DE", "BE"}


def test_earlier_figures_are_left_out(proposer: Proposer) -> None:
    rows = read(proposer, "Chery had a market share of 9.8 percent in Chile in 2025, up from 7.1 percent.")
    assert select(rows, "value", metric="market-share") == ["9.8"]


def test_a_plant_at_the_site_of_another_company(proposer: Proposer) -> None:
    rows = read(proposer, "XPeng builds the G6 at the Nile Motor Industries plant in Naivasha, Kenya. Production began in May.")
    assert select(rows, "operator_org_id", plant_id="xpeng-naivasha") == ["nile-motor-industries"]
    assert select(rows, "name", org_id="nile-motor-industries") == ["Nile Motor Industries"]
    assert select(rows, "automaker_org_id", value="xpeng-g6") == ["xpeng"]
    assert select(rows, "value", attribute="status") == ["operating"], "in May is no doubt"


def test_the_latin_name_of_a_new_company_in_chinese(proposer: Proposer) -> None:
    rows = read(proposer, "小鹏汽车在肯尼亚内罗毕的工厂投产，合作方是里夫特组装公司（Rift Assemblers）。", "zh")
    assert select(rows, "partner_org_ids", table="plants") == ["rift-assemblers"]
    assert select(rows, "name", table="organizations") == ["Rift Assemblers"]


def test_a_page_in_traditional_characters_gives_the_same_rows_and_its_own_words(proposer: Proposer) -> None:
    simplified = "比亚迪泰国罗勇工厂2024年7月4日投产，年产能为15万辆，2025年在泰国销售5.2万辆。"
    traditional = "比亞迪泰國羅勇工廠2024年7月4日投產，年產能為15萬輛，2025年在泰國銷售5.2萬輛。"
    rows = read(proposer, traditional, "zh")
    assert rows == read(proposer, simplified, "zh")
    assert select(rows, "value", plant_id="byd-rayong", attribute="capacity") == ["150000"]
    document = Document(traditional, "zh", "比亞迪", (date(2026, 8, 1),) * 2, "given", "https://example.org/read")
    assert {document.text[each.start : each.end] for each in proposer.propose(document).proposals} == {traditional}


def test_a_plant_is_found_by_maker_country_and_model(proposer: Proposer) -> None:
    rows = read(proposer, "BYD has rolled off the first BYD Dolphin Mini manufactured in Brazil.")
    assert select(rows, "plant_id", attribute="model", value="byd-dolphin-mini") == ["byd-camacari"]


def test_a_sentence_goes_on_with_the_plant_of_its_maker(proposer: Proposer) -> None:
    text = (
        "Changan runs a plant in Rayong, Thailand, and so does BYD.\nThe BYD plant in Rayong is new.\nThe Changan plant in Rayong is old.\n"
    )
    rows = read(proposer, f"{text}BYD's is the largest. Last year it stood still for weeks.")
    assert select(rows, "plant_id", attribute="status", value="suspended") == ["byd-rayong"]


def test_the_place_of_a_dateline_has_no_plant(proposer: Proposer) -> None:
    rows = read(proposer, "NAIROBI, March 12 (Xinhua) -- BYD began production at a plant in Kenya.")
    assert not any(row.get("city") == "Nairobi" for row in rows)


def test_countries_in_other_languages_and_names_without_accents(proposer: Proposer) -> None:
    rows = read(proposer, "A BYD inaugurou a fábrica de Camacari, no Brasil.", "pt")
    assert select(rows, "country", plant_id="byd-camacari") == ["BR"]


def test_names_in_cyrillic_letters_and_any_case(proposer: Proposer) -> None:
    rows = read(proposer, "На заводе JAC в Ульяновске началась сборка пикапов JAC T9.", "ru")
    assert select(rows, "value", plant_id="uaz-ulyanovsk", attribute="model") == ["jac-t9"]


def test_a_policy_of_the_data_is_found_by_its_issuer(proposer: Proposer) -> None:
    text = "To promote trade cooperation, China's Ministry of Commerce issued guidelines for NEVs in 2024, with financial support."
    rows = read(proposer, text)
    assert select(rows, "issuer_org_ids", table="policies") == ["mofcom"]
    assert select(rows, "value", table="policy_facts", attribute="measure") == ["financial-support"]


def test_an_office_has_no_plant_and_the_plant_in_a_city_is_found_again(proposer: Proposer) -> None:
    rows = read(proposer, "商务部副部长在吉扎克出席比亚迪工厂二期投产仪式。商务部表示支持。吉扎克工厂现有员工2650人。", "zh")
    assert select(rows, "plant_id", attribute="jobs") == ["byd-jizzakh"]
    assert not [row for row in rows if row.get("plant_id", "").startswith("mofcom")]


def test_the_capacity_of_a_battery_plant_has_its_unit(proposer: Proposer) -> None:
    rows = read(proposer, "The BYD plant in Rayong, Thailand, has a battery capacity of 12 GWh a year.")
    assert select(rows, "unit", attribute="battery-capacity", value="12") == ["GWh/year"]


def test_a_grant_is_a_policy_with_its_amount(proposer: Proposer) -> None:
    rows = read(proposer, "BYD builds cars in Szeged, Hungary. The government paid BYD a cash grant of 90 million zlotys.")
    assert select(rows, "value", table="policy_facts", attribute="amount", unit="PLN") == ["90000000"]
    assert select(rows, "kind", table="policies", jurisdiction="HU", targets="byd") == ["subsidy"]


def test_a_name_begins_after_post_and_honorific(proposer: Proposer) -> None:
    rows = read(proposer, "BYD is welcome in Hungary, Economy Minister Ilona Varro said. The manager, Mr. Pal Kende, thanked BYD.")
    assert select(rows, "name", table="people") == ["Ilona Varro", "Pal Kende"]


def test_the_full_stop_of_a_sentence_is_no_part_of_a_name(proposer: Proposer) -> None:
    rows = read(proposer, '"BYD is close to its customers," said Pal Kende, general manager of Gyula Cars Europe.')
    assert select(rows, "name", table="organizations") == ["Gyula Cars Europe"]


def test_what_is_said_of_a_plant_in_doubt_makes_no_row_without_the_plant(proposer: Proposer) -> None:
    rows = read(proposer, "BYD sells cars in Hungary. Will the battery plant in Gyula not be larger? In Gyula, cell production started.")
    plants = {row["plant_id"] for row in rows if row["table"] == "plants"}
    assert {row["plant_id"] for row in rows if row["table"] == "plant_facts" and "gyula" in row["plant_id"]} <= plants


def test_figures_of_a_table_are_what_the_text_above_it_counts(proposer: Proposer) -> None:
    text = "In July 2026 China exported 700,000 vehicles.\nCompany\tJuly\tChange on year\nBYD\t130,200\t+40%\nChery\t120,300\t+12%"
    rows = read(proposer, text)
    assert select(rows, "value", metric="exports", subject="byd") == ["130200"]
    assert select(rows, "value", metric="exports", subject="chery") == ["120300"]


def test_a_supplier_runs_its_plant_and_makes_no_vehicles(proposer: Proposer) -> None:
    rows = read(proposer, "CATL opened a battery plant in Debrecen, Hungary, in May 2026.")
    assert select(rows, "operator_org_id", plant_id="catl-debrecen") == ["catl"]
    assert not select(rows, "automaker_org_ids", plant_id="catl-debrecen")


def test_the_plant_is_the_known_one_in_the_place_spoken_of(proposer: Proposer) -> None:
    rows = read(proposer, "BYD spoke to residents in Szeged, Hungary. The plant employs 2,400 people.")
    assert select(rows, "plant_id", attribute="jobs", value="2400") == ["byd-szeged"]


def test_a_line_of_the_data_at_the_plant_of_another_company(proposer: Proposer) -> None:
    rows = read(proposer, "Leapmotor's T03 was assembled at the Stellantis factory in Tychy, Poland.")
    assert select(rows, "automaker_org_id", plant_id="leapmotor-tychy", value="leapmotor-t03") == ["leapmotor"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ghana\n- BYD, Rayong: far away.\nGhana\n- Geely, Tema: operating since May 2026, 120 employees, the Coolray.", "en"),
        ("中国车企在加纳的工厂如下。\n吉利特马工厂：2026年5月投产，员工120人，车型为吉利缤越。", "zh"),
    ],
)
def test_the_label_of_a_line_says_which_plant_it_is_about(proposer: Proposer, text: str, language: str) -> None:
    rows = read(proposer, text, language)
    (plant,) = select(rows, "plant_id", table="plant_facts", attribute="jobs", value="120")
    assert select(rows, "country", plant_id=plant) == ["GH"]
    assert select(rows, "automaker_org_ids", plant_id=plant) == ["geely"]
    assert select(rows, "as_of", plant_id=plant, attribute="status", value="operating") == ["2026-05"]


def test_a_label_without_a_place_makes_no_plant(proposer: Proposer) -> None:
    assert not select(read(proposer, "Ghana\nGeely, Toyota: no plans.\nGeely: 120 employees."), "plant_id")


def test_what_is_said_somewhere_is_no_label(proposer: Proposer) -> None:
    assert not select(read(proposer, "In Tema, Ghana, Geely said: we have 120 employees."), "plant_id")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Maker | Country | City | Status | Capacity\nBAIC | Ghana | Kumasi | suspended | 5,000\nJAC | Peru | Tacna | operating | 900",
            "en",
        ),
        ("车企 | 国家 | 城市 | 状态 | 年产能\n北汽 | 加纳 | 库马西 | 停产 | 5000辆\n江淮 | 秘鲁 | 塔克纳 | 已投产 | 900辆", "zh"),
    ],
)
def test_a_row_of_a_table_is_about_the_plant_of_its_maker_in_its_place(proposer: Proposer, text: str, language: str) -> None:
    rows = read(proposer, text, language)
    countries = {row["plant_id"]: row["country"] for row in rows if row["table"] == "plants"}
    found = {(countries[row["plant_id"]], row["attribute"], row["value"]) for row in rows if row["table"] == "plant_facts"}
    assert found == {
        ("GH", "capacity", "5000"),
        ("GH", "status", "suspended"),
        ("PE", "capacity", "900"),
        ("PE", "status", "operating"),
    }


@pytest.mark.parametrize(
    ("text", "plant"),
    [
        ("零跑B10将于三季度在西班牙萨拉戈萨投产。", "leapmotor-zaragoza"),
        ("比亚迪罗勇工厂在泰国投产。", "byd-rayong"),
        ("比亚迪在乌兹别克斯坦有工厂。比亚迪布哈拉工厂投产。", "byd-bukhara"),
    ],
)
def test_a_place_with_a_chinese_name_that_the_data_does_not_have(proposer: Proposer, text: str, plant: str) -> None:
    assert set(select(read(proposer, text, "zh"), "plant_id", attribute="status", value="operating")) == {plant}


def test_what_a_plant_makes_does_not_separate_it_from_its_place(proposer: Proposer) -> None:
    rows = read(proposer, "BYD has a plant in Uzbekistan. In May BYD inaugurated a factory for plug-in hybrids in Bukhara.")
    assert select(rows, "plant_id", type="inauguration") == ["byd-bukhara"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("In 2025, BYD, GWM and Chery sold 4,100, 2,700 and 2,500 vehicles in Ecuador respectively.", "en"),
        ("2025年，比亚迪、长城和奇瑞在厄瓜多尔分别销售4100辆、2700辆和2500辆。", "zh"),
    ],
)
def test_figures_after_several_makers_are_theirs_in_the_same_order(proposer: Proposer, text: str, language: str) -> None:
    rows = read(proposer, text, language)
    found = {(row["subject"], row["value"]) for row in rows if row.get("metric") == "sales"}
    assert found == {("byd", "4100"), ("gwm", "2700"), ("chery", "2500")}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ecuador raised its import duty on electric cars from 15% to 30% in July 2026.", "en"),
        ("2026年7月，厄瓜多尔将电动汽车进口关税由15%提高至30%。", "zh"),
    ],
)
def test_a_duty_that_changes_has_a_rate_before_and_after(proposer: Proposer, text: str, language: str) -> None:
    rows = [row for row in read(proposer, text, language) if row["table"] == "policy_facts"]
    assert {(row["attribute"], row["value"]) for row in rows} == {("base-duty-rate", "15"), ("duty-rate", "30")}


def test_short_names_of_models_in_an_enumeration_with_articles(proposer: Proposer) -> None:
    rows = read(proposer, "BYD's plant in Rayong, Thailand, builds the Dolphin and the Atto 3.")
    assert set(select(rows, "value", attribute="model")) == {"byd-dolphin", "byd-atto-3"}


def test_a_long_name_counts_more_than_a_short_one_that_begins_before_it(proposer: Proposer) -> None:
    rows = [row for row in read(proposer, "比亚迪在巴基斯坦的工厂投产。", "zh") if row["table"] == "plants"]  # not 在巴, in Brazil
    assert {row["country"] for row in rows} == {"PK"}


@pytest.mark.parametrize(
    ("text", "language", "maker"),
    [
        (
            "Chinese carmaker Lusheng Auto will build a plant in Szeged, Hungary. Lusheng will employ 800 people there.",
            "en",
            "lusheng-auto",
        ),
        ("Hefei-based Lusheng will build a plant in Szeged, Hungary. Lusheng Auto, a Chinese carmaker, is young.", "en", "lusheng-auto"),
        ("China's Lusheng Motors will build a plant in Szeged, Hungary.", "en", "lusheng-motors"),
        ("中国新能源车企麓胜汽车将在匈牙利塞格德建厂。麓胜将创造800个就业岗位。", "zh", "lusheng"),
        ("麓胜汽车将在匈牙利塞格德建厂。总部位于合肥的麓胜汽车成立于2021年。", "zh", "lusheng"),
    ],
)
def test_a_new_maker_is_in_scope_if_the_text_says_where_it_is_from(proposer: Proposer, text: str, language: str, maker: str) -> None:
    rows = read(proposer, text, language)
    assert maker in select(rows, "automaker_org_ids", country="HU")
    assert "CN" in select(rows, "hq_country", org_id=maker)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nile Motor Industries will build a plant in Szeged, Hungary.", "en"),
        ("China's exports rose. The Hungarian carmaker Lusheng Auto will build a plant in Szeged, Hungary.", "en"),
        ("电动汽车在匈牙利很受欢迎。电动汽车将在匈牙利塞格德建厂。", "zh"),
    ],
)
def test_a_new_maker_from_elsewhere_is_not_in_scope(proposer: Proposer, text: str, language: str) -> None:
    assert not select(read(proposer, text, language), "plant_id", country="HU")


@pytest.mark.parametrize(
    ("text", "language", "plant", "country"),
    [
        ("Jetour will build a plant in Arequipa.", "en", "jetour-arequipa", "PE"),
        ("海马将在三宝垄建厂。", "zh", "haima-semarang", "ID"),
    ],
)
def test_a_city_that_the_data_does_not_have_says_in_which_country_it_is(
    proposer: Proposer, text: str, language: str, plant: str, country: str
) -> None:
    assert plant in select(read(proposer, text, language), "plant_id", country=country)


def test_part_of_the_name_of_a_person_is_no_city(proposer: Proposer) -> None:
    rows = read(proposer, "海马菲律宾公司总经理拉蒙·德拉克鲁斯表示，工厂已停产。", "zh")
    assert select(rows, "name_zh", table="people") == ["拉蒙·德拉克鲁斯"]
    assert not select(rows, "city")


def test_the_place_of_a_plant_in_the_title_is_the_place_in_the_text(proposer: Proposer) -> None:
    text = "Production began on Monday. The first car left the line in Arequipa, Peru, on 20 May 2026. It will employ 140 workers."
    rows = read(proposer, text, title="Jetour opens a plant in Arequipa, Peru")
    assert "jetour-arequipa" in select(rows, "plant_id", city="Arequipa")


def test_the_parts_of_an_enumeration_are_as_planned_as_its_beginning(proposer: Proposer) -> None:
    rows = read(proposer, "BYD's plant in Rayong, Thailand, will have a press shop, a paint shop and a battery shop.")
    assert {row["modality"] for row in rows if row.get("attribute") == "workshop"} == {"planned"}


def test_what_is_said_of_a_day_to_come_is_planned(proposer: Proposer) -> None:
    rows = read(proposer, "BYD's plant in Rayong, Thailand, exports to Australia from March 2027.")
    assert {(row["modality"], row["due"]) for row in rows if row.get("attribute") == "export-market"} == {("planned", "2027-03")}


def test_the_day_of_an_announcement_is_not_when_its_subject_is_due(proposer: Proposer) -> None:
    rows = read(
        proposer, "On Monday, the company said that it was pleased. On Monday, Jetour said, a plant will be built in Arequipa, Peru."
    )
    assert not any(row.get("due") for row in rows)


def test_the_number_of_a_model_is_no_day(proposer: Proposer) -> None:
    rows = read(proposer, "BYD's plant in Rayong, Thailand, builds the Dolphin, the Seal 5 in June and the Atto 3.")
    assert "2026-06-05" not in {row.get("as_of") for row in rows}


def test_models_and_makers_have_chinese_names(proposer: Proposer) -> None:
    rows = read(proposer, "比亚迪泰国罗勇工厂生产海豚和元PLUS。2025年，哈弗在泰国销售5000辆。", "zh")
    assert set(select(rows, "value", attribute="model")) == {"byd-dolphin", "byd-atto-3"}
    assert "haval" in select(rows, "subject", metric="sales")


def test_a_new_maker_is_found_across_a_wide_space(proposer: Proposer) -> None:
    text = "China's Lusheng Motors is young. Lusheng  Motors will build a plant in Szeged, Hungary."
    assert "lusheng-motors-szeged" in select(read(proposer, text), "plant_id", country="HU")


def test_the_city_of_a_new_plant_may_be_in_the_title_only(proposer: Proposer) -> None:
    text = "Haima opened a plant in Central Java, Indonesia, on 20 May 2026. The factory will employ 140 workers."
    rows = read(proposer, text, title="Haima opens a plant in Semarang")
    assert select(rows, "city", table="plants", plant_id="haima-semarang", region="Central Java") == ["Semarang"]
    assert set(select(rows, "plant_id")) == {"haima-semarang"}


@pytest.mark.parametrize(("text", "scopes"), [("The plant will be built out.", []), ("A second phase will be built.", ["phase-two"])])
def test_what_has_opened_is_announced_no_more_but_its_next_phase(proposer: Proposer, text: str, scopes: list[str]) -> None:
    rows = read(proposer, f"Haima opened a plant in Szeged, Hungary, on 20 May 2026. {text}")
    assert "inauguration" in select(rows, "type", plant_id="haima-szeged")
    assert select(rows, "scope", attribute="status", value="announced") == scopes


def test_the_dollar_of_a_country_is_not_the_country(proposer: Proposer) -> None:
    rows = read(proposer, "BYD sold 52,000 cars for 180 million U.S. dollars in the first half of 2026.")
    assert select(rows, "value", metric="sales") == ["52000"]
    assert not select(rows, "geography", metric="sales")


def test_a_partner_is_known_without_the_generic_word_of_its_name(proposer: Proposer) -> None:
    rows = read(proposer, "Jetour will build the plant in Arequipa, Peru, with its partner Indomobil.")
    assert select(rows, "partner_org_ids") == ["indomobil"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thailand has exempted electric cars from luxury tax since 1 January 2026.", "en"),
        ("泰国自2026年1月1日起对电动汽车免征购置税。", "zh"),
    ],
)
def test_an_exemption_from_a_tax_is_none_from_a_tariff(proposer: Proposer, text: str, language: str) -> None:
    rows = read(proposer, text, language)
    assert select(rows, "kind", table="policies", jurisdiction="TH", effective_from="2026-01-01") == ["tax-incentive"]


@pytest.mark.parametrize("employer", ["Andes Mobility Group", "Andes Motors"])
def test_where_a_new_employer_is_from_is_not_guessed(proposer: Proposer, employer: str) -> None:
    rows = read(proposer, f"“We need local suppliers,” said Ana Soto, director of {employer}.")
    employers = [row for row in rows if row["table"] == "organizations"]
    assert [row["name"] for row in employers] == [employer]
    assert not any("hq_country" in row for row in employers)


def test_an_employer_is_no_second_person(proposer: Proposer) -> None:
    rows = read(proposer, "“We need local suppliers,” said Ana Soto, an analyst at the consultancy Andes Mobility.")
    assert select(rows, "name", table="people") == ["Ana Soto"]
