"""``nevkg validate``: messages with a fix, file and line."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse, serialize
from tests.conftest import Nevkg
from tests.support.worlds import CURRENT, SHIPPED

from nevkg.data import dataset, terms
from nevkg.validate.findings import SH, Finding, Places, Severity
from nevkg.validate.messages import Messages

BROKEN = Path(__file__).parents[1] / "broken"


@pytest.fixture
def validate(nevkg: Nevkg, part: str) -> Nevkg:
    """Validates a broken example together with the part."""
    return lambda name, *options: nevkg("validate", "--data", part, str(BROKEN / name), *options)


def test_the_shipped_data_is_valid(nevkg: Nevkg) -> None:
    result = nevkg("validate", "--data", str(CURRENT.data))
    assert result.code == 0
    assert re.search(r"^Violations: 0, warnings: \d+, remarks: \d+\.$", result.out, re.MULTILINE), result.out


def test_a_message_has_the_problem_the_place_and_the_fix(validate: Nevkg) -> None:
    result = validate("CapacityPositive.trig")
    assert result.code == 1
    line = result.out.splitlines()[0]
    text = (BROKEN / "CapacityPositive.trig").read_text(encoding="utf-8").splitlines()
    number = next(place for place, row in enumerate(text, start=1) if "nev:number 0" in row)
    assert line.startswith("violation: statement on Changan Rayong plant, capacity (statement:")
    assert "gives a capacity that is not above zero: 0. Correct nev:number" in line
    assert line.endswith(f"CapacityPositive.trig:{number}]")


def test_unknown_terms_are_reported_with_suggestions(validate: Nevkg) -> None:
    lines = validate("unknown-term.ttl").out.splitlines()
    assert [re.sub(r".*define: |Correct.*ttl", "", line) for line in lines[:2]] == [
        "nev:Organisation. Did you mean nev:Organization? :5]",
        "nev:country. Did you mean nev:inCountry? :7]",
    ]
    chinese = validate("unknown-term.ttl", "--lang", "zh").out
    assert "使用了本体中没有定义的术语：nev:country。 是否应为nev:inCountry？" in chinese
    output = validate("StatementModalityKnown.trig").out
    assert output.count("violation:") == 1, "findings of shapes are not repeated"


def test_values_of_the_wrong_kind_are_reported_with_the_expected_kind(validate: Nevkg) -> None:
    found = validate("wrong-kind-of-value.ttl").out
    for sentence in (
        "the value BYD (agent:byd) for in country (nev:inCountry), which takes country (nev:Country).",
        "the value Shenzhen for headquarters (nev:headquarters), which takes place (nev:Place).",
        "the value China (place:CN) for kind of organisation (nev:kind), which takes organisation kinds (voc:organization-kinds).",
        "the value long ago for founded in year (nev:foundedInYear), which takes xsd:integer.",
        "the value China (place:CN) for stock code (nev:stockCode), which takes xsd:string.",
    ):
        assert sentence in found


def test_in_chinese(validate: Nevkg) -> None:
    result = validate("CapacityPositive.trig", "--lang", "zh")
    assert result.out.startswith("错误: 关于长安罗勇工厂、产能的陈述（statement:")
    assert "错误1条，警告0条" in result.out


def test_json(validate: Nevkg) -> None:
    record = json.loads(validate("CapacityPositive.trig", "--format", "json").out)[0]
    assert record["severity"] == "violation"
    assert record["rule"].endswith("/shape/CapacityPositive")
    assert record["path"] == terms.NEV + "number"
    assert record["line"] > 1
    assert record["fix"]


def test_the_report_graph(validate: Nevkg) -> None:
    first = validate("CapacityPositive.trig", "--format", "turtle")
    quads = list(parse(first.out.encode(), RdfFormat.TURTLE))
    results = [quad for quad in quads if quad.predicate.value == SH + "resultSeverity"]
    assert any(terms.text(quad.object) == SH + "Violation" for quad in results)
    assert any(quad.predicate.value == SH + "conforms" and terms.text(quad.object) == "false" for quad in quads)
    assert first.out == validate("CapacityPositive.trig", "--format", "turtle").out


def test_a_table(validate: Nevkg) -> None:
    assert "severity" in validate("CapacityPositive.trig", "--format", "table").out.splitlines()[0]


@pytest.mark.slow
def test_both_engines_print_the_same(validate: Nevkg) -> None:
    assert validate("CapacityPositive.trig").out == validate("CapacityPositive.trig", "--engine", "pyshacl").out


def test_a_draft_replaces_the_shipped_file(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    shipped = next(SHIPPED.data.glob("sources/*/s-ototaiment-2025-07-02.trig"))
    draft = tmp_path / shipped.name
    shutil.copy(shipped, draft)
    assert nevkg("validate", "--data", part, str(draft)).code == 0
    draft.write_text(draft.read_text(encoding="utf-8").replace("modality:actual", "modality:certain"), encoding="utf-8")
    assert nevkg("validate", "--data", part, str(draft)).code == 1


def test_only_findings_on_the_given_files_are_reported(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    fine = tmp_path / "fine.ttl"
    fine.write_text(
        "@prefix agent: <https://w3id.org/nevkg/agent/> .\n@prefix nev: <https://w3id.org/nevkg/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'agent:new-maker a nev:Organization ; rdfs:label "New Maker"@en , "新厂"@zh .\n',
        encoding="utf-8",
    )
    result = nevkg("validate", "--data", part, str(fine))
    assert (result.code, result.out) == (0, "Violations: 0, warnings: 0, remarks: 0.\n")


def test_a_file_with_a_byte_order_mark_is_read(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    file = tmp_path / "marked.ttl"
    file.write_text('<x:a> <x:b> "" .\n', encoding="utf-8-sig")
    assert len(list(dataset.parse_file(file))) == len(list(dataset.parse_file(file.with_name("marked.ttl.gz"), file.read_bytes()))) == 1
    assert "nevkg:" not in nevkg("validate", "--data", part, str(file)).err


@pytest.mark.parametrize("kind", [".nq", ".rdf", ".jsonld", ".nt"])
def test_other_file_formats_are_validated(nevkg: Nevkg, part: str, tmp_path: Path, kind: str) -> None:
    quads = list(dataset.parse_file(BROKEN / "CapacityPositive.trig"))
    if kind in (".rdf", ".nt"):
        quads = [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    file = tmp_path / f"broken{kind}"
    serialize(quads, str(file), format=dataset.FORMATS[kind])
    result = nevkg("validate", "--data", part, str(file))
    assert result.code == 1
    assert "gives a capacity that is not above zero: 0." in result.out
    assert (f"broken{kind}:" in result.out) == (kind in (".nt", ".nq")), "only line-based formats have lines"


def test_remarks_are_shortened_unless_all_are_requested(nevkg: Nevkg, part: str) -> None:
    short, full = nevkg("validate", "--data", part).out, nevkg("validate", "--data", part, "--all").out
    assert "more of this kind; --all prints them." in short
    assert "more of this kind" not in full
    assert len(full) > len(short)


@pytest.mark.parametrize(
    ("text", "finding", "line"),
    [
        ("@prefix a: <x:> .\na:s a a:T ;\n  a:p 1 , 2 .\n", Finding(Severity.INFO, "r", "x:s", "x:p", value='"2"'), 3),
        ("@prefix a: <x:> .\na:s a a:T ;\n  a:q 1 ;\n  a:p 1 .\n", Finding(Severity.INFO, "r", "x:s", "x:p"), 4),
        ("<x:s> <x:q> <x:o> .\n\n<x:t> <x:p> <x:v> .\n", Finding(Severity.INFO, "r", "x:t", "x:p", value="<x:v>"), 3),
        ("@prefix a: <x:> .\na:g {\n  a:s a:q 1 .\n  a:t a:p 2 .\n}\n", Finding(Severity.INFO, "r", "x:t", "x:p"), 4),
        ("@prefix a: <x:> .\na:s a:q a:t .\na:t a:p a:s .\n", Finding(Severity.INFO, "r", "x:t"), 3),
        ("@prefix a: <x:> .\na:s a:q 1 .\n", Finding(Severity.INFO, "r", "x:s", "x:missing"), 2),
        ("@prefix a: <x:> .\na:s a:q 1 .\n", Finding(Severity.INFO, "r", "x:other"), None),
    ],
)
def test_a_finding_has_its_line(tmp_path: Path, text: str, finding: Finding, line: int | None) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(text, encoding="utf-8")
    place = Places([file]).locate(finding)
    assert (place.line if place else None) == line


def test_a_value_with_quotation_marks_is_shown_whole() -> None:
    assert Messages(SHIPPED, "en").format_value('"a \\"b\\" c"@en') == 'a "b" c'


def test_warnings_do_not_fail(validate: Nevkg) -> None:
    result = validate("plant-in-two-countries.trig")
    assert result.code == 0
    assert result.out.startswith("warning: ")
