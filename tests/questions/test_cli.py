"""The command line: answers, formats, messages, exit codes and completion in a shell."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.edition import DAY, VERSION
from tests.support.processes import run_nevkg
from tests.support.worlds import SHIPPED, World

from nevkg.ask.catalogue import load_catalogue
from nevkg.cli import VERBS, Parser, add_command, main

ASEAN = ("ask", "local-manufacturers", "bloc=place:asean", "maker=xpeng", "maker=changan")


def test_the_table_shows_labels_sources_and_the_day(nevkg: Nevkg) -> None:
    result = nevkg(*ASEAN, "--format", "table", "--cite")
    assert result.code == 0
    assert not result.err
    for part in ("XPeng", "Changan Rayong", "2025-05", "s-ototaiment-2025-07-02", f"2 rows, as of {DAY}."):
        assert part in result.out
    citation = result.out.partition("nevkg 0.")[2]
    for part in (
        "question local-manufacturers bloc=place:asean maker=agent:xpeng agent:changan status=status:operating "
        "product=productkind:vehicle productkind:not-known chinese=answer:yes "
        f"standing=standing:corroborated standing:reported; as of {DAY}",
        "] Global Times: ",
        "] Ototaiment.",
    ):
        assert part in citation


def test_chinese_labels(nevkg: Nevkg) -> None:
    result = nevkg(*ASEAN, "--format", "table", "--lang", "zh")
    for part in ("小鹏汽车", "长安罗勇工厂", "印度尼西亚", f"2行，截至{DAY}。"):
        assert part in result.out


def test_csv_has_iris_and_labels(nevkg: Nevkg) -> None:
    result = nevkg(*ASEAN, "--format", "csv", "--cite")
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [(row["maker"], row["maker_label"]) for row in rows] == [
        ("https://w3id.org/nevkg/agent/xpeng", "XPeng"),
        ("https://w3id.org/nevkg/agent/changan", "Changan Automobile"),
    ]
    assert "Sources:" in result.err, "a citation would spoil the CSV"


def test_csv_is_the_default_when_piped(nevkg: Nevkg) -> None:
    assert nevkg(*ASEAN).out == nevkg(*ASEAN, "--format", "csv").out


def test_json_is_complete(nevkg: Nevkg) -> None:
    document = json.loads(nevkg(*ASEAN, "--format", "json").out)
    assert document["asOf"] == DAY
    assert document["parameters"] == {
        "bloc": "place:asean",
        "maker": "agent:xpeng agent:changan",
        "status": "status:operating",
        "product": "productkind:vehicle productkind:not-known",
        "chinese": "answer:yes",
        "standing": "standing:corroborated standing:reported",
    }
    assert document["rows"][0]["maker"] == {"iri": "https://w3id.org/nevkg/agent/xpeng", "label": "XPeng"}
    assert {"2025-07-01 or later", "2025-07-02"} <= {source["published"] for source in document["sources"]}


@pytest.mark.parametrize(("name", "sign"), [("tsv", "\t"), ("md", "| XPeng"), ("html", ">XPeng</a>"), ("jsonl", '"label": "XPeng"')])
def test_other_formats(nevkg: Nevkg, name: str, sign: str) -> None:
    result = nevkg(*ASEAN, "--format", name)
    assert result.code == 0
    assert sign in result.out


@pytest.mark.slow
@pytest.mark.parametrize("name", ["parquet", "xlsx", "zip"])
def test_binary_formats_are_the_same_each_time(name: str) -> None:
    first, second = (run_nevkg(*ASEAN, "--format", name) for _ in range(2))
    assert first == second
    if name == "parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(io.BytesIO(first))
        assert table.column("maker_label").to_pylist() == ["XPeng", "Changan Automobile"]
    else:
        import zipfile

        with zipfile.ZipFile(io.BytesIO(first)) as book:
            assert b"Changan Rayong plant" in book.read("xl/sharedStrings.xml" if name == "xlsx" else "answer.csv")


def test_parameters_take_slugs_names_iris_labels_and_several_values(nevkg: Nevkg) -> None:
    spellings = ["asean", "place:asean", "https://w3id.org/nevkg/place/asean", "ASEAN", "东盟", "association of southeast asian nations"]
    answers = {nevkg("ask", "local-manufacturers", f"bloc={spelling}").out for spelling in spellings}
    assert len(answers) == 1
    both = nevkg("ask", "local-manufacturers", "country=TH", "country=Brazil").out
    assert "changan" in both
    assert "byd" in both
    assert "xpeng" not in both
    assert nevkg("ask", "local-manufacturers", "bloc=*").out == nevkg("ask", "local-manufacturers").out


def test_the_day_can_be_given_in_each_form(nevkg: Nevkg, part: str) -> None:
    question = (*ASEAN, "--data", part)
    assert "changan" not in nevkg(*question, "--as-of", "2025-04-30").out
    assert "changan" in nevkg(*question, "--as-of", "2025-12-31").out
    assert "changan" in nevkg(*question, "asOf=2025-12-31").out
    assert nevkg(*question, "--as-of", "today").code == 0


def test_known_by_leaves_out_later_sources(nevkg: Nevkg, part: str) -> None:
    question = ("ask", "local-manufacturers", "maker=xpeng", "country=ID", "chinese=*", "--data", part)
    early = nevkg(*question, "--known-by", "2025-12-31", "--format", "table", "--cite").out
    assert "XPeng" in early
    assert "s-ototaiment-2025-07-02" in early
    assert "s-globaltimes-nd" not in early, "a page without a date is not known to be from before"
    assert "known by 2025-12-31" in early
    assert "1 row," in early
    assert nevkg(*question, "--known-by", "2025-07-01").out.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("aks",), "There is no verb 'aks'. Did you mean ask?"),
        (("ask", "local-manufacturer"), "There is no question 'local-manufacturer'. Did you mean local-manufacturers?"),
        (("ask", "tariffs"), "Did you mean duty-rates-by-maker? 'nevkg questions tariffs' lists what fits."),
        (("ask", "qqqqqq"), "There is no question 'qqqqqq'. 'nevkg questions' lists all."),
        (
            ("ask", "local-manufacturers", "blok=asean"),
            "no parameter 'blok'; it has bloc, country, maker, mode, status, product, newEnergy, chinese, level, standing, asOf.",
        ),
        (("ask", "local-manufacturers", "asean"), "'asean' is not of the form name=value."),
        (
            ("ask", "local-manufacturers", "bloc=azean"),
            "called 'azean'. Did you mean Association of Southeast Asian Nations (place:asean)?",
        ),
        (("ask", "local-manufacturers", "bloc=place:TH"), "No bloc is called 'place:TH'."),
        (("ask", "local-manufacturers", "bloc=plaze:TH"), "The prefix 'plaze:' of 'plaze:TH' is unknown. Did you mean place"),
        (("ask", "local-manufacturers", "bloc=*", "bloc=asean"), "'bloc=*' means any"),
        (("ask", "local-manufacturers", "bloc=asean", "bloc=*"), "'bloc=*' means any"),
        (("ask", "local-manufacturers", "--as-of", "31/12/2025"), "'31/12/2025' is not a day; write it as YYYY-MM-DD"),
        (("ask", "local-manufacturers", "--as-of", "20251231"), "'20251231' is not a day"),
        (("ask", "local-manufacturers", "--as-of", "2025-02-30"), "'2025-02-30' is not a day"),
        (("query", "-e", "ASK {}", "--as-of", "0000-01-01"), "'0000-01-01' is not a day"),
        (("query", "-e", "ASK {}", "--as-of", "2025-W10-1"), "'2025-W10-1' is not a day"),
        (("ask", "local-manufacturers", "--known-by", "2025"), "'2025' is not a day"),
        (("ask", "local-manufacturers", "asOf=2025-01-01", "--as-of", "2025-01-01"), "Give the day once"),
        (("ask", "what-a-source-says", "--as-of", "2025-01-01"), "'what-a-source-says' is not about a day"),
        (("ask",), "The following arguments are required: QUESTION"),
        (("ask", "local-manufacturers", "--format", "pdf"), "invalid choice: 'pdf'"),
        (("ask", "local-manufacturers", "--frmat"), "Unrecognized arguments: --frmat. Did you mean --format"),
        (("query",), "Name one query"),
        (("query", "-e", "CONSTRUCT WHERE { ?s ?p ?o }", "--format", "csv"), "A graph cannot be written as csv"),
        (("query", "-e", "SELECT * WHERE { ?s ?p ?o }", "--format", "turtle"), "A table of results cannot be written as turtle"),
        (("show", "nobody-at-all"), "No entity is called 'nobody-at-all'."),
        (("dump", "regestry"), "There is no graph 'regestry'. Did you mean registry"),
    ],
)
def test_wrong_usage_is_reported_in_one_line(nevkg: Nevkg, arguments: tuple[str, ...], message: str) -> None:
    assert message in nevkg(*arguments).error()


def test_an_ambiguous_name_lists_the_candidates(nevkg: Nevkg, world: World) -> None:
    world.registry += 'agent:p a nev:Organization ; rdfs:label "P"@en .\nagent:d a nev:Organization ; rdfs:label "Maker A"@en .\n'
    data = str(world.write().data)
    assert "is ambiguous: P (agent:p), Plant P (plant:p)" in nevkg("show", "p", "--data", data).err
    assert "is the name of more than one entity: Maker A (agent:a), Maker A (agent:d)" in nevkg("show", "maker a", "--data", data).err


def test_query_in_all_formats(nevkg: Nevkg, tmp_path: Path) -> None:
    select = "SELECT ?label WHERE { agent:xpeng rdfs:label ?label } ORDER BY ?label"
    assert nevkg("query", "-e", select).out == "label\r\nXPeng\r\n小鹏汽车\r\n"
    assert json.loads(nevkg("query", "-e", select, "--format", "json").out)["results"]["bindings"][0]["label"]["value"] == "XPeng"
    assert "<literal" in nevkg("query", "-e", select, "--format", "xml").out
    assert '"XPeng"@en' in nevkg("query", "-e", select, "--format", "tsv").out
    assert "小鹏汽车" in nevkg("query", "-e", select, "--format", "table").out
    assert nevkg("query", "-e", "ASK { agent:xpeng a nev:Automaker }").out == "true\n"
    construct = "CONSTRUCT { ?s rdfs:label ?o } WHERE { ?s rdfs:label ?o FILTER(?s = agent:xpeng) }"
    assert 'agent:xpeng rdfs:label "XPeng"@en , "小鹏汽车"@zh' in nevkg("query", "-e", construct).out
    one_graph = "SELECT DISTINCT ?type FROM <https://w3id.org/nevkg/graph/history> { ?s a ?type }"
    assert nevkg("query", "-e", one_graph).out == "type\r\nhttps://w3id.org/nevkg/ontology#Episode\r\n"
    file = tmp_path / "q.rq"
    file.write_text(select, encoding="utf-8")
    assert nevkg("query", str(file)).out == nevkg("query", "-e", select).out
    assert nevkg("query", str(tmp_path / "none.rq")).code == 3
    file.write_bytes(b"\xff\xfe")
    assert nevkg("query", str(file)).code == 2


def test_show(nevkg: Nevkg) -> None:
    out = nevkg("show", "changan-rayong").out
    for part in ("长安罗勇工厂", "status: operating, since 2025-05-16", "welding [", "5 workshops", "] Global Times: "):
        assert part in out
    document = json.loads(nevkg("show", "比亚迪", "--format", "json").out)
    assert document["iri"].endswith("/agent/byd")


def test_show_in_other_formats(nevkg: Nevkg) -> None:
    from pyoxigraph import RdfFormat, parse

    markdown = nevkg("show", "changan-rayong", "--format", "md").out
    assert markdown.startswith("# Changan Rayong plant")
    assert "## History" in markdown
    page = nevkg("show", "changan-rayong", "--format", "html").out
    assert "<h2>History</h2>" in page
    assert "&lt;https://w3id.org/nevkg/source/s-globaltimes-nd&gt;" in page
    triples = list(parse(nevkg("show", "changan-rayong", "--format", "turtle").out.encode(), RdfFormat.TURTLE))
    assert any("Episode" in str(quad.object) for quad in triples)
    assert any("EventReport" in str(quad.object) for quad in triples)


def test_show_marks_disputed_values(nevkg: Nevkg, world: World) -> None:
    world.fact("plant:p", "arrangement", "arrangement:acquired", "2025-05-31")
    world.fact("plant:p", "arrangement", "arrangement:joint-venture", "2025-05-31", source="t")
    assert "arrangement (sources disagree)" in nevkg("show", "plant:p", "--data", str(world.write().data)).out


def test_show_strikes_out_retracted_statements(nevkg: Nevkg, world: World) -> None:
    wrong = world.fact("plant:p", "status", "status:closed", "2025-01-01")
    world.statement("t", "Retraction", retracts=wrong)
    assert "~~2025-01-01 closed~~" in nevkg("show", "plant:p", "--data", str(world.write().data)).out


@pytest.mark.parametrize("name", ["trig", "nquads", "turtle", "ntriples", "jsonld", "rdfxml"])
def test_a_dump_can_be_parsed(nevkg: Nevkg, part: str, name: str) -> None:
    from pyoxigraph import RdfFormat, parse

    formats = {
        "trig": RdfFormat.TRIG,
        "nquads": RdfFormat.N_QUADS,
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "jsonld": RdfFormat.JSON_LD,
        "rdfxml": RdfFormat.RDF_XML,
    }
    out = nevkg("dump", "current", "--format", name, "--data", part).out
    triples = {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in parse(out.encode(), formats[name])}
    maker, plant = ("<https://w3id.org/nevkg/agent/changan>", "<https://w3id.org/nevkg/plant/changan-rayong>")
    assert (maker, "<https://w3id.org/nevkg/ontology#manufacturesAt>", plant) in triples
    assert out == nevkg("dump", "current", "--format", name, "--data", part).out


@pytest.mark.slow
def test_the_same_data_gives_the_same_bytes(part: str, tmp_path: Path) -> None:
    first, second = (run_nevkg("dump", "--data", part, PYTHONHASHSEED=seed, NEVKG_CACHE=str(tmp_path / seed)) for seed in ("1", "2"))
    assert first == second


def test_info(nevkg: Nevkg) -> None:
    facts = dict(line.split(maxsplit=1) for line in nevkg("info").out.replace("dataset date", "date").splitlines())
    assert facts["date"] == DAY
    assert facts["version"] == VERSION
    assert int(facts["statements"]) > 290
    assert Path(facts["store"]).is_dir()


def test_help_and_version(nevkg: Nevkg) -> None:
    assert "verbs:" in nevkg().out
    assert nevkg("--help").code == 0
    assert nevkg("--version").out == f"nevkg {VERSION}\n"


@pytest.mark.parametrize("command", VERBS)
def test_each_command_has_two_valid_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    examples = re.findall(rf"^  nevkg ({command} .*|{command})$", capsys.readouterr().out.partition("\nexamples:\n")[2], re.MULTILINE)
    assert len(examples) == 2
    for example in examples:
        parser = Parser()
        add_command(parser, command)
        parser.parse_intermixed_args(shlex.split(example.partition(" > ")[0])[1:])


def test_a_closed_pipe_is_no_error(part: str) -> None:
    command = f"{sys.executable} -m nevkg dump --data {part} | head -n 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert result.stdout.startswith(b"@prefix")
    assert not result.stderr


def test_output_is_utf8_on_any_terminal() -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert "小鹏汽车" in run_nevkg(*ASEAN, "--format", "table", "--lang", "zh", **ascii_only).decode()


def test_show_has_the_date_of_a_check_and_the_reason_of_a_retraction(nevkg: Nevkg) -> None:
    output = nevkg("show", "geely-tasco-thai-binh").out
    assert re.search(r"~~Thai Binh~~ \[\d+\] — actual; the whole — The page speaks of Vietnam and names no province\.", output)
    assert re.search(r"(?<!~)Thai Binh \[\d+\] — actual; the whole; checked: 2026-11-27", output)


def complete(line: str, folder: Path) -> list[str]:
    """Returns what argcomplete offers for a line."""
    out = folder / "words"
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_IFS": "\n"}
    run_nevkg(**asked, _ARGCOMPLETE_STDOUT_FILENAME=str(out), _ARGCOMPLETE_SUPPRESS_SPACE="1")
    return out.read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nevkg retr", ["retract"]),
        ("nevkg ask local-man", ["local-manufacturers"]),
        ("nevkg ask local-content-rules co", ["country="]),
        ("nevkg ask quotas --footn", ["--footnote"]),
        ("nevkg graph makers-c", ["makers-countries"]),
        ("nevkg cache p", ["prune"]),
        ("nevkg ask no-such-question co", [""]),
    ],
)
def test_words_are_completed(tmp_path: Path, line: str, words: list[str]) -> None:
    assert complete(line, tmp_path) == words


def test_questions_are_offered(tmp_path: Path) -> None:
    assert set(complete("nevkg ask ", tmp_path)) >= set(load_catalogue(SHIPPED).questions)


@pytest.mark.usefixtures("shipped")
def test_values_of_parameters_are_completed(tmp_path: Path) -> None:
    assert "country=TH" in complete("nevkg ask local-manufacturers country=T", tmp_path)
    assert [word.strip() for word in complete("nevkg ask local-manufacturers country=thai", tmp_path)] == ["country=Thailand"]
