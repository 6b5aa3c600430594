"""Incremental validation has the same findings as a full one, whatever happens to its cache."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from tests.support.marks import FUZZ
from tests.support.worlds import PREFIXES, SHIPPED

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.errors import InvalidData
from nevkg.validate import engines
from nevkg.validate.findings import Finding
from nevkg.validate.memory import Memory
from nevkg.validate.run import validate


@pytest.fixture
def layout(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """Copies of the ontology and of a part of the data that tests may change, with a separate cache."""
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    layout = replace(SHIPPED, ontology=tmp_path / "ontology", data=tmp_path / "data")
    shutil.copytree(SHIPPED.ontology, layout.ontology)
    shutil.copytree(part, layout.data)
    return layout


@pytest.fixture
def validated_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the engine validates, in order."""
    seen: list[str] = []
    run = engines.ENGINES["shacl"]

    def record(text: str, shapes: object) -> list[Finding]:
        seen.append(text)
        return run(text, shapes)  # type: ignore[arg-type]

    monkeypatch.setitem(engines.ENGINES, "shacl", record)
    return seen


def find_all(layout: Layout, *files: Path, fresh: bool = False) -> bytes:
    """Returns all findings of a validation, with file and line except for remarks."""
    report = validate(layout, files, fresh=fresh)
    places = {finding: report.places.locate(finding) for finding in report.findings if finding.severity < 2}
    return "\n".join(f"{finding} {places.get(finding)}" for finding in report.findings).encode()


def findings_on(shape: str, source: Path, found: bytes) -> list[str]:
    """Returns the findings of a shape on a source."""
    return [line for line in found.decode().splitlines() if f"/{shape}'" in line and f"/{source.stem}'" in line]


class Editor:
    """Changes files at random: within a source, across sources, in the registry and in the ontology."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout = layout
        self.random = random.Random(seed)

    def edit(self) -> str:
        """Makes one change and returns its description."""
        kinds = [self.drop, self.drop, self.swap, self.swap, self.swap, self.date, self.link, self.describe, self.retract, self.blank]
        kind = self.random.choice([*kinds, self.remove, self.double])
        path = kind()
        return f"{kind.__name__} {path.name}"

    def sources(self) -> list[Path]:
        return dataset.source_files(self.layout)

    def source(self) -> Path:
        return self.random.choice(self.sources())

    def any_file(self) -> Path:
        schema = [path for paths in dataset.schema_files(self.layout).values() for path in paths]
        ontology = [path for path in schema if path.is_relative_to(self.layout.ontology) and path.name != "nevkg.ttl"]
        registry = [path for path in schema if path.parent.name == "registry"]
        return self.random.choice([self.source(), self.source(), self.random.choice(registry), self.random.choice(ontology)])

    def read(self, path: Path) -> list[Quad]:
        return list(dataset.parse_file(path))

    def write(self, path: Path, quads: list[Quad]) -> Path:
        path.write_bytes(serialise(quads, "trig" if path.suffix == ".trig" else "turtle", PREFIXES))
        return path

    def pick(self, path: Path) -> tuple[list[Quad], Quad]:
        quads = sorted(self.read(path), key=str)
        return quads, self.random.choice(quads)

    def add(self, path: Path, subject: NamedNode | BlankNode, name: str, value: NamedNode | BlankNode | Literal) -> Path:
        quads, one = self.pick(path)
        return self.write(path, [*quads, Quad(subject, NamedNode(name), value, one.graph_name)])

    def drop(self) -> Path:
        """Removes a triple."""
        path = self.any_file()
        quads, one = self.pick(path)
        return self.write(path, [quad for quad in quads if quad != one])

    def swap(self) -> Path:
        """Replaces a value by that of another triple."""
        path = self.any_file()
        quads, one = self.pick(path)
        _, other = self.pick(self.any_file())
        new = Quad(one.subject, one.predicate, other.object, one.graph_name)
        return self.write(path, [quad for quad in quads if quad != one] + [new])

    def date(self) -> Path:
        """Changes a number or day."""
        path = self.source()
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("2025", str(self.random.randint(2015, 2030)), 1), encoding="utf-8")
        return path

    def link(self) -> Path:
        """Adds a mention of a subject of another source."""
        path = self.source()
        _, one = self.pick(path)
        _, other = self.pick(self.source())
        name = self.random.choice(["restsOn", "republishes", "passage", "subject", "source", "retracts"])
        assert isinstance(one.subject, NamedNode)
        assert isinstance(other.subject, NamedNode)
        return self.add(path, one.subject, terms.NEV + name, other.subject)

    def describe(self) -> Path:
        """Adds a type to a subject of any file."""
        path = self.source()
        _, other = self.pick(self.any_file())
        kind = self.random.choice(["Plant", "Person", "Organization", "Country", "Observation", "Source"])
        return self.add(path, other.subject, terms.RDF + "type", NamedNode(terms.NEV + kind))  # type: ignore[arg-type]

    def retract(self) -> Path:
        """Adds a retraction of a subject of another source."""
        path = self.source()
        _, other = self.pick(self.source())
        statement = NamedNode(f"{terms.STATEMENT}{self.random.getrandbits(128):032x}")
        self.add(path, statement, terms.RDF + "type", NamedNode(terms.NEV + "Retraction"))
        return self.add(path, statement, terms.NEV + "retracts", other.subject)  # type: ignore[arg-type]

    def blank(self) -> Path:
        """Adds a blank node, which may have the label of one in another file."""
        path = self.source()
        return self.add(path, BlankNode("x"), terms.RDF + "type", NamedNode(terms.NEV + "Claim"))

    def remove(self) -> Path:
        """Removes a source."""
        path = self.source()
        path.unlink()
        return path

    def double(self) -> Path:
        """Copies a source to a second file."""
        path = self.source()
        shutil.copy2(path, path.with_name(f"{path.stem}-again.trig"))
        return path


@pytest.mark.parametrize(
    ("seed", "at_once"),
    [pytest.param(1, 8, marks=pytest.mark.slow), *(pytest.param(seed, 1, marks=pytest.mark.nightly) for seed in range(1, 1 + FUZZ))],
)
def test_random_changes(layout: Layout, seed: int, at_once: int) -> None:
    """Validates after each change, or for each change of the code after several at once, since a full validation takes long."""
    editor = Editor(layout, seed)
    find_all(layout)
    changes = []
    for _ in range(25 // at_once):
        changes.append([editor.edit() for _ in range(at_once)])
        assert find_all(layout) == find_all(layout, fresh=True), changes


def test_only_changed_files_are_validated(layout: Layout, validated_texts: list[str]) -> None:
    find_all(layout)
    find_all(layout)
    assert len(validated_texts) == 1
    first, second = dataset.source_files(layout)[:2]
    first.write_text(first.read_text(encoding="utf-8").replace("2025", "2024", 1) + "\n# changed\n", encoding="utf-8")
    find_all(layout)
    assert len(validated_texts) == 2
    assert f"source:{first.stem} a nev:Source" in validated_texts[1]
    assert f"source:{second.stem} a nev:Source" in validated_texts[0]
    assert f"source:{second.stem} a nev:Source" not in validated_texts[1]


@pytest.mark.slow
def test_files_on_the_same_entity_are_validated_together(layout: Layout, validated_texts: list[str]) -> None:
    """If a source loses its description, another source that rests on it has a finding."""
    base, other = dataset.source_files(layout)[:2]
    rests = f"\tsource:{other.stem} nev:restsOn source:{base.stem} .\n}}\n"
    other.write_text(other.read_text(encoding="utf-8").rstrip().removesuffix("}") + rests, encoding="utf-8")
    assert not findings_on("SourceRestsOn", other, find_all(layout))
    base.write_text(base.read_text(encoding="utf-8").replace("a nev:Source ;", "", 1), encoding="utf-8")
    assert findings_on("SourceRestsOn", other, find_all(layout))
    assert f"source:{other.stem} a nev:Source" in validated_texts[-1]


def test_a_change_of_the_registry_affects_sources(layout: Layout) -> None:
    """Plants become cities."""
    assert b"EventReportSite" not in find_all(layout)
    plants = layout.data / "registry" / "plants.ttl"
    plants.write_text(plants.read_text(encoding="utf-8").replace("a nev:Plant", "a nev:City"), encoding="utf-8")
    assert b"EventReportSite" in find_all(layout)


@pytest.mark.slow
def test_a_draft_uses_the_cache(layout: Layout, validated_texts: list[str], tmp_path: Path) -> None:
    source = dataset.source_files(layout)[0]
    draft = tmp_path / source.name
    draft.write_text(source.read_text(encoding="utf-8").replace("modality:actual", "modality:certain"), encoding="utf-8")
    find_all(layout)
    expected = find_all(layout, draft, fresh=True)
    validated_texts.clear()
    find_all(layout)
    assert find_all(layout, draft) == expected
    assert b"StatementModalityKnown" in expected
    assert find_all(layout, draft) == expected


def test_drafts_of_one_name_are_all_validated_and_replace_all_files_of_that_name(layout: Layout, tmp_path: Path) -> None:
    """The ontology and the registry both have a ``places.ttl``."""
    places = SHIPPED.data / "registry" / "places.ttl"
    assert (layout.ontology / "modules" / places.name).exists()
    drafts = [tmp_path / folder / places.name for folder in "ab"]
    for number, draft in enumerate(drafts):
        draft.parent.mkdir()
        text = places.read_text(encoding="utf-8")
        draft.write_text(re.sub(r"\bplace:[A-Z]{2} a nev:Country", f"place:c-n-{number} a nev:Country", text, count=1), encoding="utf-8")
    found = find_all(layout, *drafts).decode()
    assert all(f"place/c-n-{number}'" in found for number in range(2))


@pytest.mark.slow
@pytest.mark.parametrize("triple", ["place:CN nev:note <<( place:CN a nev:Country )>> .", "_:a nev:note _:b ."])
def test_unusual_triples_in_a_source(layout: Layout, triple: str) -> None:
    source = dataset.source_files(layout)[0]
    text = source.read_text(encoding="utf-8").rstrip().removesuffix("}")
    source.write_text(f"@prefix place: <{terms.BASE}place/> .\n{text}\t{triple}\n}}\n", encoding="utf-8")
    assert find_all(layout) == find_all(layout, fresh=True)


@pytest.mark.slow
def test_triples_outside_a_graph_are_refused(layout: Layout) -> None:
    find_all(layout)
    source = dataset.source_files(layout)[0]
    source.write_text(source.read_text(encoding="utf-8") + '<x:a> dcterms:title "loose" .\n', encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InvalidData, match="has triples outside a graph"):
            find_all(layout)


def damage_variants(content: bytes) -> Iterator[bytes]:
    yield b""
    yield content[: len(content) // 2]
    yield content[:-20] + b"0" + content[-19:]
    yield content.replace(b"SourceUndated", b"SourceUndatee", 1)
    yield b"\xff" + content
    yield content.partition(b"\n")[0] + b"\n[1]"


@pytest.mark.slow
def test_a_damaged_cache_is_rebuilt(layout: Layout, tmp_path: Path) -> None:
    expected = find_all(layout)
    (file,) = (tmp_path / "cache" / "validated").iterdir()
    content = file.read_bytes()
    assert json.loads(content.partition(b"\n")[2])
    for damage in damage_variants(content):
        file.write_bytes(damage)
        assert find_all(layout) == expected
        assert file.read_bytes() == content


@pytest.mark.slow
def test_validation_works_without_a_cache(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = find_all(layout)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "file"))
    assert find_all(layout) == expected


def test_a_full_disk_leaves_nothing_behind(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    expected = find_all(layout)
    folder = tmp_path / "cache" / "validated"
    before = sorted(folder.iterdir())
    source = dataset.source_files(layout)[0]
    source.write_text(source.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("tempfile._TemporaryFileWrapper.write", full, raising=False)
        assert find_all(layout) == expected
    assert sorted(folder.iterdir()) == before


def test_old_caches_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))
    for number in range(20):
        memory = Memory(tmp_path / str(number), "shacl")
        memory.put("a", number)
        memory.save()
    assert len(list((tmp_path / "validated").iterdir())) == 8
    assert Memory(tmp_path / "19", "shacl").get("a") == 19
    assert Memory(tmp_path / "0", "shacl").get("a") is None


def test_unused_entries_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))
    monkeypatch.setattr("nevkg.validate.memory._MOST_UNUSED", 2)
    for name in "abcde":
        memory = Memory(tmp_path, "shacl")
        assert memory.get("a") == (1 if name > "a" else None)
        memory.put("a" if name == "a" else name, 1)
        memory.save()
    assert [Memory(tmp_path, "shacl").get(name) for name in "abcde"] == [1, None, 1, 1, 1]


def test_engines_and_versions_have_separate_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))
    memory = Memory(tmp_path, "shacl")
    memory.put("a", 1)
    memory.save()
    assert Memory(tmp_path, "pyshacl").get("a") is None
    monkeypatch.setattr("nevkg.validate.memory.version", lambda _: "99")
    assert Memory(tmp_path, "shacl").get("a") is None


@pytest.mark.slow
def test_concurrent_validations_agree(layout: Layout, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nevkg", "validate", "--data", str(layout.data)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    outputs = {process.communicate()[0] for process in both}
    assert len(outputs) == 1
    assert len(list((tmp_path / "cache" / "validated").iterdir())) == 1
    assert subprocess.run(command, capture_output=True, check=False).stdout in outputs


@pytest.mark.slow
def test_fresh_ignores_the_cache(layout: Layout, validated_texts: list[str]) -> None:
    assert find_all(layout) == find_all(layout, fresh=True)
    assert len(validated_texts) == 2
