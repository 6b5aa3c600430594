"""Empty answers are explained: the excluding condition, values at other times, plans, and the number of sources."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.conftest import Nevkg
from tests.support.edition import DAY as TODAY
from tests.support.worlds import REGISTRY, SHIPPED, World

from nevkg.ask import days, solutions
from nevkg.ask.answer import Answer, ask
from nevkg.ask.arguments import shorten_terms
from nevkg.ask.catalogue import Parameter, load_catalogue
from nevkg.ask.emptiness import Reason, explain_query
from nevkg.ask.emptiness.explain import find_values
from nevkg.ask.solutions import Solutions
from nevkg.data.json_values import to_json_value
from nevkg.store import EmbeddedStore
from nevkg.table import formats

DAY = "2026-01-01"
END = "An empty answer means that no collected source reports it. It is not evidence of absence."
ZH_END = "结果为空只说明收集到的来源没有相关记载，不能证明事实上不存在。"
LOCAL = load_catalogue(SHIPPED).questions["local-manufacturers"]
OPERATING = "VALUES ?status { status:operating }"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """A closed plant with planned capacity in Ania, an operating plant and one without a status in Bania, none in Cania."""
    world = World(tmp_path_factory.mktemp("emptiness"))
    world.registry = f'{REGISTRY}\nplace:XC a nev:Country ; rdfs:label "Cania"@en , "丙国"@zh . plant:r a nev:Plant .'
    world.plant("agent:a")
    world.source("status", "2023-05-01")
    world.fact("production:a-at-p", "status", "status:operating", "2021-01-01", source="status")
    world.fact("production:a-at-p", "status", "status:closed", "2023-01-01", source="status")
    world.figure("capacity", "100", "vehicles-per-year", "2021-03-01", subject="plant:p", modality="modality:planned")
    world.plant("agent:b", "plant:q", "place:XB")
    world.plant("agent:c", "plant:r", "place:XB")
    world.fact("production:b-at-q", "status", "status:operating", "2021-01-01", source="status")
    return world.build().store


def answer(record: EmbeddedStore, language: str = "en", as_of: str | None = None, **values: str) -> Answer:
    values = {"standing": "*", "chinese": "*", **values}
    return ask(record, LOCAL, {name: [value] for name, value in values.items()}, as_of=as_of, language=language)


def reason(record: EmbeddedStore, language: str = "en", as_of: str | None = None, **values: str) -> Reason:
    found = answer(record, language, as_of, **values).reason
    assert found is not None
    return found


def explain(record: EmbeddedStore, query: str, language: str = "en", day: str = DAY) -> Reason:
    return explain_query(days.snapshot(record, day), query, language, record)


def test_an_answer_with_rows_has_no_reason(record: EmbeddedStore) -> None:
    found = answer(record, country="place:XB")
    assert (len(found), found.reason) == (1, None)
    assert found.page(5, 5).reason is None
    assert "reason" not in json.loads(formats.to_json(found))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "No rows match Cania (country of the plant) with the default filters; without Cania there is 1 row. "
            f"No collected source mentions Cania. {END}",
        ),
        (
            "zh",
            f"按 丙国（工厂所在国）及默认条件 查询没有结果；去掉“丙国”有 1 行。收集到的来源都没有提到丙国。{ZH_END}",
        ),
    ],
)
def test_one_parameter_excludes_all_rows(record: EmbeddedStore, language: str, text: str) -> None:
    found = reason(record, language, country="place:XC")
    assert found.text == text
    assert [(condition.name, condition.is_default, condition.rows_without, condition.rows_alone) for condition in found.conditions] == [
        ("country", False, 1, None),
        ("status", True, 0, None),
        ("product", True, 0, None),
    ]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "en",
            (
                "without Ania there is 1 row, without operating there is 1 row.",
                "At other times: Maker A, Plant P, status: operating (since 2021-01-01, until 2023-01-01).",
                "1 plan is about Ania (Plant P).",
                "2 sources mention Ania, the newest dated 2025-01-01.",
            ),
        ),
        (
            "zh",
            (
                "去掉“甲国”有 1 行，去掉“运营中”有 1 行。",
                "状态：运营中（始于 2021-01-01，止于 2023-01-01）。",
                "有 1 项计划与甲国有关（工厂P）。",
                "有 2 个来源提到甲国，最新的日期为 2025-01-01。",
            ),
        ),
    ],
)
def test_values_at_other_times_plans_and_sources_are_reported(record: EmbeddedStore, language: str, parts: tuple[str, ...]) -> None:
    found = reason(record, language, country="place:XA")
    assert [part for part in parts if part not in found.text] == []
    ((plan,),) = [coverage.plans for coverage in found.coverage]
    assert (plan.subject.iri.rpartition("/")[2], plan.value.partition(" ")[0]) == ("p", "100")


@pytest.mark.parametrize(
    ("countries", "makers", "expected"),
    [
        (["place:XA"], ["agent:a"], True),
        (["place:XA", "place:XC"], ["agent:a", "agent:c"], True),
        (["place:XA"], ["agent:b", "agent:c"], False),
        (["place:XC"], ["agent:a"], False),
    ],
)
def test_episodes_agree_with_all_entities(record: EmbeddedStore, countries: list[str], makers: list[str], *, expected: bool) -> None:
    found = ask(record, LOCAL, {"country": countries, "maker": makers, "standing": ["*"], "chinese": ["*"]}).reason
    assert found is not None
    assert bool(found.episodes) == expected
    values = f"VALUES ?maker {{ {' '.join(makers)} }} VALUES ?country {{ {' '.join(countries)} }}"
    query = f"ASK {{ {values} ?x nev:maker ?maker ; nev:inCountry ?country ; nev:status status:operating }}"
    assert bool(explain(record, query).episodes) == expected


def test_several_parameters_exclude_all_rows(record: EmbeddedStore) -> None:
    found = reason(record, country="place:XC", maker="agent:c", status="status:operating")
    assert found.text.startswith(
        "Each of Cania (country of the plant) and Maker C (maker) alone matches no rows. Without these conditions there are 2 rows."
    )
    assert (found.rows_without_any, [condition.rows_alone for condition in found.conditions]) == (2, [0, 0, 1, 2])
    assert (
        "单独按 丙国（工厂所在国）、制造商丙（制造商） 中任何一个查询都没有结果。"
        in reason(record, "zh", country="place:XC", maker="agent:c", status="status:operating").text
    )


def test_defaults_may_be_any_terms(record: EmbeddedStore) -> None:
    parameter = Parameter("p", "any", {}, '"2024-01-31"^^xsd:date <x:y> status:operating 5 true')
    (found,) = find_values(record, replace(LOCAL, parameters=[parameter]), {}).values()
    assert shorten_terms(record, found) == ["2024-01-31", "x:y", "status:operating", "5", "true"]


def test_a_day_before_all_facts(record: EmbeddedStore) -> None:
    found = reason(record, as_of="1990-01-01")
    defaults = (
        "There are no rows without operating (status of the production; the default) "
        "and vehicle or not known (what it makes; the default) either. "
    )
    assert f"{defaults}On 2026-01-01 there is 1 row." in found.text
    assert "status: operating (since 2021-01-01)" in found.text
    defaults = "去掉 运营中（生产状态，默认值）、车辆或不详（产品类型，默认值） 也没有结果。"
    assert f"{defaults}2026-01-01 有 1 行。" in reason(record, "zh", as_of="1990-01-01").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?m { ?m nev:manufactureIn place:XC }", "No such term: nev:manufactureIn. Did you mean nev:manufacturesIn"),
        ("SELECT ?m { ?m nev:manufacturesIn place:cania }", "No such term: place:cania. Did you mean place:XC?"),
        ("SELECT ?m { ?m nev:manufacturesIn place:XC }", "Nothing matches '?m nev:manufacturesIn place:XC'. No collected source"),
        ("ASK { ?m a nev:Production ; nev:atPlant/nev:inCountry place:XC }", "Nothing matches '?m nev:atPlant/nev:inCountry place:XC'."),
        (
            "ASK { ?x a nev:Production ; nev:inCountry place:XA ; nev:status status:operating }",
            "Nothing matches '?x nev:status status:operating' together",
        ),
        (
            f"SELECT * {{ {OPERATING} ?x a nev:Production ; nev:status ?status ; nev:inCountry place:XA }}",
            "' together with the patterns before it.",
        ),
        ("SELECT * { ?x nev:status status:closed . FILTER(?x = plant:q) }", "The query has results without 'FILTER(?x = plant:q)'."),
        ("ASK { ?x nev:status status:closed MINUS { ?x nev:status ?y } }", "The query has results without 'MINUS { ?x nev:status ?y }'."),
        ("ASK { ?x nev:status ?s FILTER NOT EXISTS { ?x ?y ?z } }", "The query has results without 'FILTER NOT EXISTS { ?x ?y ?z }'."),
        ("ASK { GRAPH graph:status { ?s nev:subject plant:p } }", "Nothing matches 'GRAPH graph:status { ?s nev:subject plant:p }'."),
        ("ASK { { SELECT (COUNT(*) AS ?n) { ?x a nev:Nothing } } FILTER(?n > 0) }", "The query has results without 'FILTER(?n > 0)'."),
    ],
)
def test_the_failing_part_of_a_query_is_named(record: EmbeddedStore, query: str, expected: str) -> None:
    assert expected in explain(record, query).text


@pytest.mark.parametrize(
    ("query", "modifiers"),
    [
        ("SELECT ?x { ?x a nev:Plant } OFFSET 100000", "OFFSET 100000"),
        ("SELECT ?x { ?x a nev:Plant } LIMIT 0", "LIMIT 0"),
        ("SELECT (COUNT(?x) AS ?n) { ?x a nev:Plant }\nHAVING (COUNT(?x) > 3000)", "HAVING (COUNT(?x) > 3000)"),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*) > 9999)", "GROUP BY ?s HAVING(COUNT(*) > 9999)"),
        ("SELECT ?x { ?x nev:inCountry ?c } LIMIT 0 VALUES ?c { place:XA }", "LIMIT 0"),
    ],
)
def test_modifiers_that_leave_no_rows_are_named(record: EmbeddedStore, query: str, modifiers: str) -> None:
    """Such a result does not depend on what sources report."""
    assert explain(record, query, day="2019-01-01").text == f"The pattern has matches, but no rows are left after '{modifiers}'."
    assert explain(record, query, "zh").text == f"查询模式有匹配，但经“{modifiers}”处理后不剩任何行。"
    assert to_json_value(explain(record, query))["patterns"] == [{"text": modifiers, "kind": "modifiers"}]


def test_a_pattern_without_a_match_is_named_before_modifiers(record: EmbeddedStore) -> None:
    found = explain(record, "SELECT ?x { ?x nev:inCountry ?c } LIMIT 5 VALUES ?c { place:XC }")
    assert [pattern.kind for pattern in found.patterns] == ["join"]
    assert found.text.endswith(END)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK { ?m nev:manufacturesIn place:cania }", "没有这个术语：place:cania。您要找的是 place:XC 吗？"),
        ("ASK { ?m nev:manufacturesIn place:XC }", "没有数据匹配“?m nev:manufacturesIn place:XC”。收集到的来源都没有提到丙国。"),
        (
            "ASK { ?x a nev:Production ; nev:inCountry place:XA ; nev:status status:operating }",
            "没有数据既匹配“?x nev:status status:operating”，又匹配",
        ),
        ("ASK { ?x nev:status status:closed FILTER(?x = plant:q) }", "去掉“FILTER(?x = plant:q)”则有结果。"),
    ],
)
def test_queries_are_explained_in_chinese(record: EmbeddedStore, query: str, expected: str) -> None:
    found = explain(record, query, "zh").text
    assert expected in found
    assert found.endswith(ZH_END) == ("没有这个术语" not in found)


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("SELECT ?x { ?x a nev:Factory }", {"nev:Factory": ("nev:Plant",)}),
        ("SELECT ?x { ?x a nev:plant }", {"nev:plant": ("nev:Plant",)}),
        ("SELECT ?x { ?x nev:manufacturer ?y }", {"nev:manufacturer": ("nev:maker",)}),
        ("SELECT ?x { ?x nev:country ?y }", {"nev:country": ("nev:inCountry",)}),
        ("SELECT ?x { ?x nev:工厂 ?y }", {"nev:工厂": ("nev:Plant",)}),
        ("SELECT ?x { ?x nev:status status:operational }", {"status:operational": ("status:operating",)}),
        ("SELECT ?x { plant:qq nev:status ?x }", {"plant:qq": ("plant:q",)}),
        ("SELECT ?x { ?x nev:xyzzy <http://schema.org/name> }", {"nev:xyzzy": ()}),
    ],
)
def test_unknown_terms_get_suggestions(record: EmbeddedStore, query: str, unknown: dict[str, tuple[str, ...]]) -> None:
    """Suggestions are names and aliases of the same namespace; terms of foreign namespaces are not checked."""
    assert {unknown_term.term: unknown_term.near for unknown_term in explain(record, query).unknown} == unknown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT ?x { ?y nev:atPlant ?x . ?y nev:maker ?x }",
            "?x cannot be both nev:Plant (by '?y nev:atPlant ?x') and nev:Organization (by '?y nev:maker ?x').",
        ),
        ("ASK { ?x a nev:Country ; nev:atPlant ?y }", "?x cannot be both nev:Country (by '?x a nev:Country') and nev:Production"),
        ("ASK { { ?x a nev:Country } UNION { ?x a nev:Plant } ?x nev:status status:sold }", ""),
        ("ASK { ?x a nev:Production ; nev:status status:sold ; nev:inCountry place:XA }", ""),
    ],
)
def test_variables_with_disjoint_classes_are_reported(record: EmbeddedStore, query: str, expected: str) -> None:
    found = explain(record, query)
    assert bool(found.clashes) == bool(expected)
    assert expected in found.text
    assert ("not evidence of absence" in found.text) != bool(expected)


def test_a_query_with_results_on_another_day(record: EmbeddedStore) -> None:
    found = explain(record, "SELECT ?s { production:b-at-q nev:status ?s }", day="2019-01-01")
    assert "On 2026-01-01 the query has results. At other times: Maker B, Plant Q, status: operating (since 2021-01-01)." in found.text
    assert found.days[0].rows is None


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s <http://x/\\u003e> ?o }",
        "ASK { ?s !(nev:status|^nev:maker) place:XC . FILTER(xsd:date(?s) = 1) }",
        'ASK { _:b nev:status "\'\\n}" , [] }',
        "ASK { BIND(<<( <x:a> <x:b> <x:c> )>> AS ?t) FILTER(false) }",
        "ASK { { ?s a nev:Nope } UNION { ?s a nev:None } }",
        "SELECT ?m { ?m nev:manufacturesIn place:XC } LIMIT 10",
        "ASK {} VALUES ?x { }",
    ],
)
def test_every_empty_query_has_a_reason(record: EmbeddedStore, query: str) -> None:
    found = explain(record, query)
    assert found.text.endswith(END) or found.unknown


def test_tables_show_the_reason(record: EmbeddedStore) -> None:
    found = answer(record, country="place:XC")
    text = reason(record, country="place:XC").text
    assert text in repr(found)
    assert f"<p>{text}</p>" in found._repr_html_()
    document = json.loads(formats.to_json(found))["reason"]
    assert document["text"] == text
    assert document["conditions"][0] == {
        "name": "country",
        "label": "Country of the plant",
        "values": [{"iri": "https://w3id.org/nevkg/place/XC", "label": "Cania"}],
        "isDefault": False,
        "rowsWithout": 1,
        "rowsAlone": None,
    }
    assert text not in found.to_csv()


def test_an_empty_query_result_has_a_reason(record: EmbeddedStore) -> None:
    found: Any = solutions.run(days.snapshot(record, DAY), "SELECT ?m { ?m nev:manufacturesIn place:XC }", "en", record)
    assert isinstance(found, Solutions)
    assert found.reason is not None
    assert "Nothing matches" in repr(found)


def test_the_command_line_shows_the_reason(nevkg: Nevkg, part: str) -> None:
    result = nevkg("ask", "local-manufacturers", "country=Morocco", "--format", "table", "--data", part)
    assert "No rows match Morocco" in result.out
    assert END in " ".join(result.out.split())
    query = ("query", "-e", "ASK { ?m nev:manufacturesIn place:MA }", "--as-of", TODAY, "--lang", "zh", "--data", part)
    assert (
        nevkg(*query, "--format", "table").out
        == f"false\n\n没有数据匹配“?m nev:manufacturesIn place:MA”。收集到的来源都没有提到摩洛哥。{ZH_END}\n"
    )
    assert nevkg(*query, "--format", "csv").out == "false\n"


def test_an_empty_table_for_programs_has_its_reason_on_standard_error(nevkg: Nevkg, part: str) -> None:
    question = ("ask", "local-manufacturers", "country=Morocco", "--data", part)
    found = nevkg(*question, "--format", "csv")
    assert found.out.count("\n") == 1
    assert found.err.startswith("nevkg: No rows match Morocco")
    assert nevkg(*question, "--format", "csv", "--quiet").err == ""
    assert nevkg(*question, "--format", "json").err == ""


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_an_empty_result_of_sparql_has_its_reason_on_standard_error(nevkg: Nevkg, part: str, form: str) -> None:
    query = ("query", "--format", form, "--data", part, "-e")
    empty = "SELECT ?m { ?m nev:manufacturesIn place:MA }"
    assert nevkg(*query, empty).err.startswith("nevkg: Nothing matches '?m nev:manufacturesIn place:MA'.")
    assert nevkg("query", "--quiet", *query[1:], empty).err == ""
    assert nevkg(*query, "SELECT ?m { ?m nev:manufacturesIn place:TH } LIMIT 1").err == ""


def test_the_command_line_warns_of_unknown_terms(nevkg: Nevkg, part: str) -> None:
    """The warning also appears if there are rows, here of the other part of a UNION."""
    query = "SELECT ?x { { ?x a nev:Factory } UNION { ?x a nev:Country } } LIMIT 1"
    found = nevkg("query", "-e", f"PREFIX nev: <https://w3id.org/nevkg/ontology#> {query}", "--data", part)
    assert "/place/" in found.out
    assert found.err == "nevkg: No such term: nev:Factory. Did you mean nev:Plant?\n"
    empty = nevkg("query", "-e", "ASK { ?x a nev:Factory }", "--data", part, "--lang", "zh", "--format", "csv")
    assert (empty.out, empty.err) == ("false\n", "nevkg: 没有这个术语：nev:Factory。您要找的是 nev:Plant 吗？\n")
    assert nevkg("query", "-e", "ASK { ?x a nev:Plant.}", "--data", part).err == ""
