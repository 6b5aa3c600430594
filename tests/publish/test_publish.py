"""Releases: every format is read back with an independent library, the bytes are reproducible, and writing is atomic."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas
import pytest
import rdflib
import zstandard
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, Quad, RdfFormat, Triple, parse
from tests.conftest import Result
from tests.publish.conftest import read_files
from tests.support.edition import DAY

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData
from nevkg.publish.release.make import publish
from nevkg.store import EmbeddedStore
from nevkg.table.frames import flatten
from nevkg.table.spreadsheets import make_sheet_names, write_workbook
from nevkg.table.table import Table
from nevkg.table.values import Column, to_text

Nevkg = Callable[..., Result]
ADDRESS = "https://example.org/records/1/"
DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"
OWL = "http://www.w3.org/2002/07/owl#"
QUADS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
FORMATS = QUADS | {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML}


# Stages with their numbers of steps: as announced, and as reported.
Steps = tuple[dict[str, int], Counter[str]]


# A release takes seconds, so the tests share one.
@pytest.fixture(scope="module")
def release_with_steps(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Steps]:
    """A release, and the reported progress."""
    folder = tmp_path_factory.mktemp("published") / "release"
    announced: dict[str, int] = {}
    done: Counter[str] = Counter()

    def progress(stage: str, steps: int) -> Callable[[], None]:
        announced[stage] = steps
        return lambda: done.update([stage])

    publish(store, folder, address=ADDRESS.rstrip("/"), progress=progress)
    return folder, (announced, done)


@pytest.fixture(scope="module")
def release(release_with_steps: tuple[Path, Steps]) -> Path:
    return release_with_steps[0]


def run_sql(sql: str) -> list[tuple[Any, ...]]:
    return duckdb.connect().execute(sql).fetchall()


def canonical(quads: Iterable[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def union_triples(store: EmbeddedStore) -> set[Triple]:
    return {quad.triple for quad in store.store.quads_for_pattern(None, None, None)}


# The dataset


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_the_dataset_is_whole_in_each_format(store: EmbeddedStore, release: Path, ending: str) -> None:
    """Formats of triples have the union of all graphs."""
    path, triples = release / f"nevkg.{ending}", union_triples(store)
    whole = store.store if ending in QUADS else (Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    assert canonical(parse(path=path, format=FORMATS[ending])) == canonical(whole)
    graph = rdflib.Dataset(default_union=True)
    graph.parse(path, format={"nq": "nquads", "jsonld": "json-ld", "ttl": "turtle", "rdf": "xml"}.get(ending, ending))
    # rdflib normalises the lexical form of some literals, so only predicates are counted.
    counts = Counter(str(predicate) for _, predicate, _ in set(graph.triples((None, None, None))))
    assert counts == Counter(triple.predicate.value for triple in triples)


def test_the_nquads_are_those_of_dump(nevkg: Nevkg, part: str, release: Path) -> None:
    assert nevkg("dump", "--format", "nquads", "--data", part).out.encode() == (release / "nevkg.nq").read_bytes()


@pytest.mark.parametrize("ending", FORMATS)
def test_compressed_files_have_the_same_content(release: Path, ending: str) -> None:
    plain = (release / f"nevkg.{ending}").read_bytes()
    zipped = (release / f"nevkg.{ending}.gz").read_bytes()
    assert gzip.decompress(zipped) == plain
    assert zipped[3:8] == bytes(5), "the header has a name or a time"
    assert zstandard.decompress((release / f"nevkg.{ending}.zst").read_bytes()) == plain
    assert len(zipped) < len(plain) / 3


def test_oxigraph_loads_it_and_answers_its_questions(release: Path, tmp_path: Path) -> None:
    command = str(Path(sys.executable).with_name("oxigraph"))
    place = ["--location", str(tmp_path / "store")]
    subprocess.run([command, "load", *place, "--file", str(release / "snapshot.ttl")], check=True, capture_output=True)
    for question in ("production/local-manufacturers", "claims/expert-claims"):
        options = ["--query-file", str(release / f"queries/questions/{question}.rq"), "--results-format", "csv"]
        subprocess.run(
            [command, "query", *place, *options, "--results-file", str(tmp_path / "answer.csv")], check=True, capture_output=True
        )
        rows, table = (
            pandas.read_csv(tmp_path / "answer.csv"),
            pandas.read_csv(release / f"tables/answers/{question.partition('/')[2]}.csv"),
        )
        first = next(iter(table))
        assert len(rows) > 0
        # A table row with lists corresponds to several rows of the query.
        assert set(rows[first].dropna()) == set(table[first].dropna())


# Checksums and descriptions


def test_the_checksums_are_right_for_every_file(release: Path) -> None:
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=release, capture_output=True, text=True, check=True)
    checked = {line.rpartition(": ")[0] for line in done.stdout.splitlines()}
    assert checked == read_files(release).keys() - {"SHA256SUMS"}


def test_dcat_describes_every_file(release: Path) -> None:
    graph = rdflib.Graph().parse(release / "description.ttl")
    dataset = rdflib.URIRef(terms.BASE + "dataset")
    distributions = {}
    for node in graph.objects(dataset, rdflib.URIRef(DCAT + "distribution")):
        name = str(graph.value(node, rdflib.DCTERMS.identifier))
        checksum = graph.value(node, rdflib.URIRef(SPDX + "checksum"))
        assert str(graph.value(checksum, rdflib.URIRef(SPDX + "algorithm"))) == SPDX + "checksumAlgorithm_sha256"
        assert str(graph.value(node, rdflib.URIRef(DCAT + "downloadURL"))) == ADDRESS + name
        packed = graph.value(node, rdflib.URIRef(DCAT + "compressFormat"))
        assert (packed is not None) == name.endswith((".gz", ".zst"))
        distributions[name] = (
            graph.value(node, rdflib.URIRef(DCAT + "byteSize")),
            str(graph.value(checksum, rdflib.URIRef(SPDX + "checksumValue"))),
        )
    files = read_files(release)
    assert distributions.keys() == files.keys() - {"SHA256SUMS", "description.ttl", "schema-org.jsonld"}
    for name, (size, digest) in distributions.items():
        assert isinstance(size, rdflib.Literal)
        assert (int(size), digest.lower()) == (len(files[name]), hashlib.sha256(files[name]).hexdigest())
    media = {
        str(graph.value(node, rdflib.DCTERMS.identifier)): str(kind)
        for node, kind in graph.subject_objects(rdflib.URIRef(DCAT + "mediaType"))
    }
    assert media["nevkg.nq"] == media["nevkg.nq.zst"] == "https://www.iana.org/assignments/media-types/application/n-quads"
    assert media["tables/nodes.parquet"].endswith("/application/vnd.apache.parquet")


def test_void_counts_the_triples(store: EmbeddedStore, release: Path) -> None:
    graph = rdflib.Graph().parse(release / "description.ttl")
    count = graph.value(rdflib.URIRef(terms.BASE + "dataset"), rdflib.URIRef("http://rdfs.org/ns/void#triples"))
    assert str(count) == str(len(union_triples(store)))


def test_schema_org_has_the_required_fields(release: Path) -> None:
    document = json.loads((release / "schema-org.jsonld").read_text(encoding="utf-8"))
    assert document["@context"] == "https://schema.org/"
    assert document["@type"] == "Dataset"
    assert document["name"] == "nevkg dataset"
    assert 50 <= len(document["description"]) <= 5000, "what Google Dataset Search accepts"
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert document["creator"] == [{"@type": "Organization", "name": "The nevkg developers"}]
    assert document["keywords"]
    begin, end = document["temporalCoverage"].split("/")
    assert date.fromisoformat(begin) < date.fromisoformat(end) <= date.fromisoformat(document["datePublished"])
    assert {"Thailand"} <= {place["name"] for place in document["spatialCoverage"]}
    files = read_files(release)
    for download in document["distribution"]:
        assert download["contentUrl"] == ADDRESS + download["name"]
        assert download["sha256"] == hashlib.sha256(files[download["name"]]).hexdigest()
        assert download["encodingFormat"]
    # The context of schema.org is online; for the terms used here, @vocab is equivalent.
    graph = rdflib.Graph().parse(data=json.dumps({**document, "@context": {"@vocab": "https://schema.org/"}}), format="json-ld")
    assert len(list(graph.subjects(rdflib.RDF.type, rdflib.SDO.DataDownload))) == len(document["distribution"])


def test_the_readme_names_every_file(release: Path) -> None:
    text = (release / "README.md").read_text(encoding="utf-8")
    patterns = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    listed = {path.relative_to(release).as_posix() for pattern in patterns for path in release.glob(pattern)}
    packed = {name for name in read_files(release) if name.endswith((".gz", ".zst"))}
    assert listed == read_files(release).keys() - packed - {"README.md", "SHA256SUMS"}


# Tables


def test_edges_and_values_are_all_triples(store: EmbeddedStore, release: Path) -> None:
    edges, values, nodes = (pandas.read_parquet(release / f"tables/{name}.parquet") for name in ("edges", "values", "nodes"))
    triples = union_triples(store)
    assert {(edge.subject, edge.predicate, edge.object) for edge in edges.itertuples()} == {
        (_term_text(triple.subject), triple.predicate.value, _term_text(triple.object))
        for triple in triples
        if not isinstance(triple.object, Literal)
    }
    assert Counter(
        (value.subject, value.predicate, value.value, value.datatype, value.language)
        for value in values.astype(object).where(values.notna(), None).itertuples()
    ) == Counter(
        (_term_text(triple.subject), triple.predicate.value, triple.object.value, triple.object.datatype.value, triple.object.language)
        for triple in triples
        if isinstance(triple.object, Literal)
    )
    assert len(edges) + len(values) == len(triples)
    assert nodes.node.is_unique
    assert {name for column in (edges.subject, edges.predicate, edges.object) for name in column if not name.startswith("_:")} <= set(
        nodes.node
    )
    both = edges[edges.graphs.str.contains(" ")]
    assert all(sorted(graphs.split()) == graphs.split() for graphs in both.graphs)


def _term_text(term: Any) -> str:
    text = str(term)
    return text[1:-1] if text.startswith("<") else text


def test_nodes_have_labels_places_and_dates(release: Path) -> None:
    rows = run_sql(
        f"""SELECT node_label, label_zh, name, class_label, country_label, status_label, latitude, longitude, "from"
        FROM '{release}/tables/nodes.parquet' WHERE node = '{terms.BASE}plant/changan-rayong'"""
    )
    assert [row[:6] for row in rows] == [("Changan Rayong plant", "长安罗勇工厂", "plant:changan-rayong", "plant", "Thailand", "operating")]
    assert 5 < rows[0][6] < 21, "in Thailand"
    assert 97 < rows[0][7] < 106
    assert rows[0][8].isoformat()[:7] == "2025-05"


@pytest.mark.slow
def test_csv_and_parquet_have_the_same_rows(release: Path) -> None:
    paths = sorted((release / "tables").rglob("*.parquet"))
    assert len(paths) > 80
    for path in paths:
        frame = run_sql(f"SELECT COLUMNS(*)::VARCHAR FROM '{path}'")
        text = run_sql(f"SELECT * FROM read_csv('{path.with_suffix('.csv')}', all_varchar=true, header=true, delim=',', quote='\"')")
        assert len(frame) == len(text), path.name
        for row, other in zip(frame, text, strict=True):
            assert [_normalise_cell(cell) for cell in row] == [_normalise_cell(cell) for cell in other], path.name


def _normalise_cell(cell: str | None) -> str | float:
    try:
        return float(cell or "nan") if cell else ""
    except ValueError:
        return cell or ""


def test_answers_match_the_catalogue(store: EmbeddedStore, release: Path) -> None:
    questions = load_catalogue(store.layout).questions
    assert {path.stem for path in (release / "tables/answers").iterdir()} == set(questions)
    for name in ("local-manufacturers", "plants-table", "expert-claims"):
        heads, columns = flatten(ask(store, questions[name]))
        frame = pandas.read_csv(release / f"tables/answers/{name}.csv", dtype=str, keep_default_na=False)
        assert list(frame) == heads
        assert [list(frame[head]) for head in heads] == [[to_text(cell) for cell in cells] for cells in columns]
    assert len(pandas.read_parquet(release / "tables/answers/local-manufacturers.parquet")) > 0


def test_csvw_describes_every_column(release: Path) -> None:
    from csvw import TableGroup

    group = TableGroup.from_file(release / "tables/csv-metadata.json")
    assert {str(table.url) for table in group.tables} == {
        path.relative_to(release / "tables").as_posix() for path in (release / "tables").rglob("*.csv")
    }
    for table in group.tables:
        # Reading also checks headings and types.
        rows = list(table)
        assert len(rows) == len(pandas.read_csv(release / "tables" / str(table.url), dtype=str)), table.url
    titles = json.loads((release / "tables/csv-metadata.json").read_text(encoding="utf-8"))["tables"][0]["tableSchema"]["columns"]
    assert {"@value": "国家", "@language": "zh"} in next(column for column in titles if column["name"] == "country")["dc:description"]


def test_the_workbook_lists_its_sheets_and_has_all_answers(store: EmbeddedStore, release: Path) -> None:
    book = openpyxl.load_workbook(release / "tables/nevkg.xlsx")
    index_sheet, *others = book.worksheets
    listed = list(index_sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in listed] == [sheet.title for sheet in others]
    assert (link := index_sheet.cell(2, 1).hyperlink) is not None
    assert link.location == "'nodes'!A1"
    assert len(others) == len(load_catalogue(store.layout).questions) + 2
    for sheet, (name, title, rows, path) in zip(others, listed, strict=True):
        assert len(str(name)) <= 31
        assert title
        assert sheet.max_row - 1 == rows
        assert (release / str(path)).is_file()
        assert sheet.freeze_panes == "A2"
    plants = pandas.read_excel(release / "tables/nevkg.xlsx", sheet_name="plants-table")
    table = pandas.read_csv(release / "tables/answers/plants-table.csv")
    assert list(plants) == list(table)
    assert list(plants.plant) == list(table.plant)
    nodes = pandas.read_excel(release / "tables/nevkg.xlsx", sheet_name="nodes")
    edges = pandas.read_excel(release / "tables/nevkg.xlsx", sheet_name="edges")
    assert set(nodes.node) == {*edges.subject, *edges.object}
    assert {graph for graphs in edges.graphs for graph in graphs.split()} >= {"registry", "current"}
    assert book.properties.created == datetime.fromisoformat(DAY)


def test_sheet_names_are_valid_in_excel() -> None:
    titles = ["plants-under-local-content-rules", "plants-under-local-content-rules-2", "History", "a/b:c", "A-B-C", ""]
    names = make_sheet_names(titles)
    assert names[0] == "plants-under-local-content-rule"
    assert names[1] == "plants-under-local-content-ru~2"
    assert names[2] == "History~2"
    assert names[3:] == ["a-b-c", "A-B-C~2", "sheet"]


def test_cells_that_excel_cannot_hold(store: EmbeddedStore, tmp_path: Path) -> None:
    long, wide = "x" * 40_000, "𠀀" * 20_000
    records = [(long, date(1850, 1, 1)), (wide, date(2025, 5, 16)), ("=1+1", None), ("a\x0bb", float("inf"))]
    table = Table(store, [Column("text", {}), Column("value", {})], records)
    (tmp_path / "book.xlsx").write_bytes(write_workbook("title", "2026-01-01", {"one": table}))
    cells = list(openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True))
    assert cells[0] == ("x" * 32_766 + "…", "1850-01-01")
    assert cells[1] == ("𠀀" * 16_383 + "…", datetime(2025, 5, 16))
    assert cells[2] == ("=1+1", None)
    assert cells[3][1] == "inf"


# Ontology and questions


@pytest.mark.slow
def test_the_ontology_is_the_same_in_three_formats(release: Path) -> None:
    from rdflib.compare import to_isomorphic

    for name in ("ontology", "vocabularies"):
        turtle, *others = (
            to_isomorphic(rdflib.Graph().parse(release / f"ontology/{name}.{ending}")) for ending in ("ttl", "rdf", "jsonld")
        )
        assert len(turtle) > 900
        assert all(other == turtle for other in others)
    ontology = rdflib.Graph().parse(release / "ontology/ontology.ttl")
    assert list(ontology.subjects(rdflib.RDF.type, rdflib.OWL.Ontology)) == [rdflib.URIRef(terms.NEV.rstrip("#"))]
    assert not list(ontology.subject_objects(rdflib.OWL.imports))
    assert len(list(ontology.objects(predicate=rdflib.OWL.versionInfo))) == 1


def test_owlready_reads_the_merged_ontology(release: Path) -> None:
    import owlready2

    loaded = owlready2.World().get_ontology((release / "ontology/ontology.rdf").as_uri()).load()
    modules = rdflib.Graph()
    for path in Layout.find().ontology.glob("modules/*.ttl"):
        modules.parse(path)
    classes = {str(name) for name in modules.subjects(rdflib.RDF.type, rdflib.OWL.Class) if isinstance(name, rdflib.URIRef)}
    assert classes <= {class_.iri for class_ in loaded.classes()}
    assert len(classes) > 40


def test_the_merged_shapes_find_the_same(release: Path) -> None:
    import shacl

    data = (release / "nevkg.trig").read_text(encoding="utf-8").replace("nev:source source:", "nev:source agent:")
    files = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Layout.find().ontology.glob("shapes/*.ttl")))
    merged = (release / "ontology/shapes.ttl").read_text(encoding="utf-8")

    def validate(shapes: str) -> Counter[tuple[str, ...]]:
        report = shacl.Shapes.from_text(shapes, format="turtle").validate_text(data, format="trig")
        return Counter((result.source_shape or "", result.focus_node, result.value or "") for result in report.results)

    assert validate(merged) == validate(files)
    assert validate(merged)


def test_rules_context_and_questions_are_copied_unchanged(store: EmbeddedStore, release: Path) -> None:
    layout = store.layout
    assert {path.name: path.read_bytes() for path in release.glob("ontology/rules/*/*")} == {
        path.name: path.read_bytes() for path in layout.ontology.glob("rules/*/*.rq")
    }
    assert (release / "ontology/context.jsonld").read_bytes() == (layout.ontology / "context.jsonld").read_bytes()
    questions = {
        path.relative_to(layout.queries / "questions").as_posix(): path.read_bytes() for path in layout.queries.glob("questions/*/*.rq")
    }
    files = {
        path.relative_to(release / "queries/questions").as_posix(): path.read_bytes() for path in release.glob("queries/questions/*/*")
    }
    assert files == questions


def test_the_index_has_every_question_with_its_sparql(release: Path) -> None:
    index = rdflib.Graph().parse(release / "queries/questions.ttl")
    select = rdflib.URIRef("http://www.w3.org/ns/shacl#select")
    index_texts = {str(index.value(node, rdflib.DCTERMS.identifier)): str(text) for node, text in index.subject_objects(select)}
    assert index_texts == {path.stem: path.read_text(encoding="utf-8") for path in release.glob("queries/questions/*/*.rq")}


def test_the_licences_are_included(release: Path) -> None:
    assert b"Apache License" in (release / "LICENSE-questions.txt").read_bytes()
    assert (Layout.find().queries / "LICENSE").read_bytes() == (Layout.find().queries.parent / "LICENSE").read_bytes()
    for name in ("data", "ontology"):
        assert b"CC BY 4.0" in (release / f"LICENSE-{name}.txt").read_bytes()


# The same bytes


@pytest.mark.slow
def test_another_run_replaces_a_release_with_the_same_bytes(part: str, release: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(release, tmp_path / "release"))
    (folder / "nevkg.nq").write_text("stale")
    environment = {**os.environ, "PYTHONHASHSEED": "7", "NEVKG_CACHE": str(tmp_path / "cache"), "TZ": "Asia/Shanghai"}
    command = [sys.executable, "-m", "nevkg", "publish", str(folder), "--data", part, "--url", ADDRESS, "--quiet"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    first, second = read_files(release), read_files(folder)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert {path.name for path in tmp_path.iterdir()} == {"release", "cache"}


@pytest.mark.slow
def test_known_by_is_stated_and_leaves_out_later_sources(nevkg: Nevkg, part: str, release: Path, tmp_path: Path) -> None:
    result = nevkg("publish", str(tmp_path / "early"), "--data", part, "--known-by", "2024-12-31")
    assert result.code == 0
    assert "from sources published by 2024-12-31" in (tmp_path / "early/README.md").read_text(encoding="utf-8")
    early, late = ((folder / "nevkg.nq").read_bytes().splitlines() for folder in (tmp_path / "early", release))
    assert 0 < len(early) < len(late)


# The target folder


@pytest.mark.slow
def test_a_release_replaces_an_empty_folder_and_the_draft_of_a_killed_run(
    nevkg: Nevkg, part: str, store: EmbeddedStore, tmp_path: Path
) -> None:
    assert store.place is not None, "the store is built, so that the time is spent on the release"
    folder = tmp_path / "release"
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-m", "nevkg", "publish", str(folder), "--data", part]) as running:
        while running.poll() is None and not list(tmp_path.glob(".*/release/nevkg.nq")):
            time.sleep(0.01)
        running.kill()
    assert [path.name.partition("draft-")[0] for path in sorted(tmp_path.iterdir())] == [".nevkg-", "release"]
    assert read_files(folder) == {}
    result = nevkg("publish", str(folder), "--data", part)
    assert result.code == 0
    assert result.out.startswith(f"{folder}: {len(read_files(folder)) - 1} files, ")
    assert f"as of {DAY}" in result.out
    assert list(tmp_path.iterdir()) == [folder]
    assert folder.stat().st_mode & 0o777 == (folder / "tables").stat().st_mode & 0o777, (
        "the folder has the same permissions as its contents"
    )
    # Without an address, download URLs are relative to the description.
    document = json.loads((folder / "schema-org.jsonld").read_text(encoding="utf-8"))
    assert "url" not in document
    assert all((folder / download["contentUrl"]).is_file() for download in document["distribution"])
    assert "downloadURL" not in (folder / "description.ttl").read_text(encoding="utf-8")


OWN_FILES = "is not empty and not a release of nevkg; name a new folder."


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"notes.txt": b"mine"}, OWN_FILES),
        ({"SHA256SUMS": b"0  other.nq\n"}, OWN_FILES),
        ({"SHA256SUMS": b"\xff\xfe"}, OWN_FILES),
        (
            {"SHA256SUMS": b"0  nevkg.nq\n0  description.ttl\n", "notes.txt": b"mine"},
            "contains 'notes.txt', which is not part of the release there; move it away or name another folder.",
        ),
    ],
)
def test_a_folder_with_other_files_is_refused(nevkg: Nevkg, part: str, tmp_path: Path, files: dict[str, bytes], message: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    result = nevkg("publish", str(tmp_path), "--data", part)
    assert (result.code, result.out, result.err) == (2, "", f"nevkg: {tmp_path} {message}\n")
    assert read_files(tmp_path) == files


def test_invalid_targets_are_refused_in_one_sentence(nevkg: Nevkg, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    cases = {
        str(tmp_path / "file"): (2, "is a file; name a folder for the release."),
        str(tmp_path / "none/release"): (3, "the parent of the release, is not a folder; create it first."),
        str(tmp_path / "file/release"): (3, "the parent of the release, is not a folder; create it first."),
        "/proc/release": (3, "The release cannot be written to /proc/release: "),
    }
    for target, (code, message) in cases.items():
        result = nevkg("publish", target, "--data", part)
        assert result.code == code
        assert message in result.err
        assert result.err.count("\n") == 1
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for target in (".", "..", str(tmp_path / "here")):
        assert "which would be replaced; change the directory" in nevkg("publish", target, "--data", part).err
    assert {path.name for path in tmp_path.iterdir()} == {"file", "here"}


@pytest.mark.parametrize(
    "address", ["example.org", "ftp://example.org/", "https://example.org/<x>", "https://example.org/?a=b", "https://"]
)
def test_an_invalid_address_is_refused(nevkg: Nevkg, part: str, tmp_path: Path, address: str) -> None:
    result = nevkg("publish", str(tmp_path / "release"), "--data", part, "--url", address)
    assert result.code == 2
    assert "is not the address of a folder" in result.err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_full_disk_leaves_an_earlier_release_unchanged(part: str, store: EmbeddedStore, release: Path, tmp_path: Path) -> None:
    assert store.place is not None, "the store must be built before files are limited"
    for target in ("new", "old"):
        folder = tmp_path / target
        if target == "old":
            shutil.copytree(release, folder)
        before = read_files(tmp_path)
        done = subprocess.run(
            [sys.executable, "-m", "nevkg", "publish", str(folder), "--data", part],
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, 1 << 19)),
        )
        assert done.returncode == 3, done.stderr
        assert done.stderr == f"nevkg: The release cannot be written to {folder}: File too large.\n"
        assert read_files(tmp_path) == before
        assert not list(tmp_path.glob(".*"))


def test_an_interrupt_leaves_nothing(store: EmbeddedStore, tmp_path: Path) -> None:
    def interrupted(_stage: str, _steps: int) -> Callable[[], None]:
        def step() -> None:
            raise KeyboardInterrupt

        return step

    with pytest.raises(KeyboardInterrupt):
        publish(store, tmp_path / "release", progress=interrupted)
    assert not list(tmp_path.iterdir())


def test_the_end_of_the_process_is_an_interrupt(nevkg: Nevkg, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As from ``timeout``, or from a workflow that is cancelled."""
    monkeypatch.setattr("nevkg.publish.release.make.publish", lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM)
    result = nevkg("publish", str(tmp_path / "release"), "--data", part)
    assert (result.code, result.err) == (130, "nevkg: interrupted.\n")
    assert signal.getsignal(signal.SIGTERM) == before


def test_progress_counts_every_step(release_with_steps: tuple[Path, Steps]) -> None:
    announced, done = release_with_steps[1]
    assert announced == dict(done) != {}


@pytest.mark.parametrize("package", ["zstandard", "pyarrow", "xlsxwriter"])
def test_a_missing_package_is_reported_first(
    nevkg: Nevkg, part: str, tmp_path: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    result = nevkg("publish", str(tmp_path / "release"), "--data", part)
    assert result.code == 3
    assert result.err == f"nevkg: This needs a package that is not installed ({package}): pip install 'nevkg[publish]'.\n"
    assert not list(tmp_path.iterdir())


def test_a_question_that_cannot_be_read_makes_no_release(store: EmbeddedStore, tmp_path: Path) -> None:
    queries = tmp_path / "queries"
    (queries / "questions/topic").mkdir(parents=True)
    (queries / "questions/topic/broken.rq").write_text("SELECT ?x WHERE { ?x a ?y }")
    with pytest.raises(InvalidData, match=r"broken\.rq has no head"):
        publish(replace(store, layout=replace(store.layout, queries=queries)), tmp_path / "release")
    assert {path.name for path in tmp_path.iterdir()} == {"queries"}


@pytest.mark.nightly
def test_the_shipped_data_is_released_completely(shipped: EmbeddedStore, tmp_path: Path) -> None:
    publish(shipped, tmp_path / "one")
    for ending, form in FORMATS.items():
        triples = {str(quad.triple) for quad in parse(path=tmp_path / f"one/nevkg.{ending}", format=form)}
        assert triples == {str(triple) for triple in union_triples(shipped)}
    edges, values = (run_sql(f"SELECT count(*) FROM '{tmp_path}/one/tables/{name}.parquet'")[0][0] for name in ("edges", "values"))
    assert edges + values == len(union_triples(shipped)) > 290_000
    book = openpyxl.load_workbook(tmp_path / "one/tables/nevkg.xlsx", read_only=True)
    assert len(book.sheetnames) == len(load_catalogue(shipped.layout).questions) + 3
