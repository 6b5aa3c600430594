"""What is validated again after a change is the same as if all were; nothing that happens to the cache changes what is found."""

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
from tests.support.worlds import PREFIXES, SHIPPED

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.serialise import serialise
from nevkg.errors import InvalidData
from nevkg.validate import engines
from nevkg.validate.findings import Finding
from nevkg.validate.memory import Memory
from nevkg.validate.run import validate


@pytest.fixture
def floors(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A copy of the ontology and of a part of the data, both to be changed, with a cache of its own."""
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    layout = replace(SHIPPED, ontology=tmp_path / "ontology", data=tmp_path / "data")
    shutil.copytree(SHIPPED.ontology, layout.ontology)
    shutil.copytree(part, layout.data)
    return layout


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the engine validates, as they come."""
    seen: list[str] = []
    run = engines.ENGINES["shacl"]

    def note(text: str, shapes: object) -> list[Finding]:
        seen.append(text)
        return run(text, shapes)  # type: ignore[arg-type]

    monkeypatch.setitem(engines.ENGINES, "shacl", note)
    return seen


def told(layout: Layout, *files: Path, fresh: bool = False) -> bytes:
    """All that a validation tells, with file and line of what is not a remark."""
    report = validate(layout, files, fresh=fresh)
    places = {one: report.places.locate(one) for one in report.findings if one.severity < 2}
    return "\n".join(f"{one} {places.get(one)}" for one in report.findings).encode()


def faults(shape: str, source: Path, found: bytes) -> list[str]:
    """What a shape finds about a source."""
    return [line for line in found.decode().splitlines() if f"/{shape}'" in line and f"/{source.stem}'" in line]


class Editor:
    """Changes files at random: within a source, across sources, in the registry and in the ontology."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout = layout
        self.random = random.Random(seed)

    def edit(self) -> str:
        """Makes one change and tells which."""
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
        """A triple less."""
        path = self.any_file()
        quads, one = self.pick(path)
        return self.write(path, [quad for quad in quads if quad != one])

    def swap(self) -> Path:
        """Another value, one that something else has."""
        path = self.any_file()
        quads, one = self.pick(path)
        _, other = self.pick(self.any_file())
        new = Quad(one.subject, one.predicate, other.object, one.graph_name)
        return self.write(path, [quad for quad in quads if quad != one] + [new])

    def date(self) -> Path:
        """Another number or day: a line that a person would change."""
        path = self.source()
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("2025", str(self.random.randint(2015, 2030)), 1), encoding="utf-8")
        return path

    def link(self) -> Path:
        """A mention of what another source describes."""
        path = self.source()
        _, one = self.pick(path)
        _, other = self.pick(self.source())
        name = self.random.choice(["restsOn", "republishes", "passage", "subject", "source", "retracts"])
        assert isinstance(one.subject, NamedNode)
        assert isinstance(other.subject, NamedNode)
        return self.add(path, one.subject, terms.NEV + name, other.subject)

    def describe(self) -> Path:
        """Something of the registry, of the ontology or of another source, described in a source."""
        path = self.source()
        _, other = self.pick(self.any_file())
        kind = self.random.choice(["Plant", "Person", "Organization", "Country", "Observation", "Source"])
        return self.add(path, other.subject, terms.RDF + "type", NamedNode(terms.NEV + kind))  # type: ignore[arg-type]

    def retract(self) -> Path:
        """A retraction of what another source says."""
        path = self.source()
        _, other = self.pick(self.source())
        statement = NamedNode(f"{terms.STATEMENT}{self.random.getrandbits(128):032x}")
        self.add(path, statement, terms.RDF + "type", NamedNode(terms.NEV + "Retraction"))
        return self.add(path, statement, terms.NEV + "retracts", other.subject)  # type: ignore[arg-type]

    def blank(self) -> Path:
        """A thing without a name, which may be that of another file."""
        path = self.source()
        return self.add(path, BlankNode("x"), terms.RDF + "type", NamedNode(terms.NEV + "Claim"))

    def remove(self) -> Path:
        """A source less."""
        path = self.source()
        path.unlink()
        return path

    def double(self) -> Path:
        """What a source says, in a second file too."""
        path = self.source()
        shutil.copy2(path, path.with_name(f"{path.stem}-again.trig"))
        return path


def check_edits(layout: Layout, seed: int, count: int) -> None:
    editor = Editor(layout, seed)
    told(layout)
    changes = []
    for _ in range(count):
        changes.append(editor.edit())
        assert told(layout) == told(layout, fresh=True), changes


def test_random_changes(floors: Layout) -> None:
    check_edits(floors, 16, 6)


@pytest.mark.slow
def test_many_random_changes(floors: Layout) -> None:
    check_edits(floors, 1, 25)


def test_only_what_changed_is_validated(floors: Layout, runs: list[str]) -> None:
    told(floors)
    told(floors)
    assert len(runs) == 1
    first, second = dataset.source_files(floors)[:2]
    first.write_text(first.read_text(encoding="utf-8").replace("2025", "2024", 1) + "\n# changed\n", encoding="utf-8")
    told(floors)
    assert len(runs) == 2
    assert f"source:{first.stem} a nev:Source" in runs[1]
    assert f"source:{second.stem} a nev:Source" in runs[0]
    assert f"source:{second.stem} a nev:Source" not in runs[1]


def test_what_else_speaks_of_a_thing_is_validated_with_it(floors: Layout, runs: list[str]) -> None:
    """A source that another one rests on loses its description: the other one is at fault now."""
    base, other = dataset.source_files(floors)[:2]
    rests = f"\tsource:{other.stem} nev:restsOn source:{base.stem} .\n}}\n"
    other.write_text(other.read_text(encoding="utf-8").rstrip().removesuffix("}") + rests, encoding="utf-8")
    assert not faults("SourceRestsOn", other, told(floors))
    base.write_text(base.read_text(encoding="utf-8").replace("a nev:Source ;", "", 1), encoding="utf-8")
    assert faults("SourceRestsOn", other, told(floors))
    assert f"source:{other.stem} a nev:Source" in runs[-1]


def test_a_change_of_the_registry_is_seen_by_sources(floors: Layout) -> None:
    """A plant is no plant any more."""
    assert b"EventReportSite" not in told(floors)
    plants = floors.data / "registry" / "plants.ttl"
    plants.write_text(plants.read_text(encoding="utf-8").replace("a nev:Plant", "a nev:City"), encoding="utf-8")
    assert b"EventReportSite" in told(floors)


def test_a_draft_takes_its_results_from_the_cache(floors: Layout, runs: list[str], tmp_path: Path) -> None:
    source = dataset.source_files(floors)[0]
    draft = tmp_path / source.name
    draft.write_text(source.read_text(encoding="utf-8").replace("modality:actual", "modality:certain"), encoding="utf-8")
    told(floors)
    expected = told(floors, draft, fresh=True)
    runs.clear()
    told(floors)
    assert told(floors, draft) == expected
    assert b"StatementModalityKnown" in expected
    assert told(floors, draft) == expected


def test_drafts_of_one_name_are_all_validated_and_each_takes_the_place_of_all_files_of_that_name(floors: Layout, tmp_path: Path) -> None:
    """The ontology and the registry both have a ``places.ttl``."""
    places = SHIPPED.data / "registry" / "places.ttl"
    assert (floors.ontology / "modules" / places.name).exists()
    drafts = [tmp_path / folder / places.name for folder in "ab"]
    for number, draft in enumerate(drafts):
        draft.parent.mkdir()
        text = places.read_text(encoding="utf-8")
        draft.write_text(re.sub(r"\bplace:[A-Z]{2} a nev:Country", f"place:c-n-{number} a nev:Country", text, count=1), encoding="utf-8")
    found = told(floors, *drafts).decode()
    assert all(f"place/c-n-{number}'" in found for number in range(2))


@pytest.mark.parametrize("triple", ["place:CN nev:note <<( place:CN a nev:Country )>> .", "_:a nev:note _:b ."])
def test_odd_triples_in_a_source(floors: Layout, triple: str) -> None:
    source = dataset.source_files(floors)[0]
    text = source.read_text(encoding="utf-8").rstrip().removesuffix("}")
    source.write_text(f"@prefix place: <{terms.BASE}place/> .\n{text}\t{triple}\n}}\n", encoding="utf-8")
    assert told(floors) == told(floors, fresh=True)


def test_triples_outside_a_graph(floors: Layout) -> None:
    told(floors)
    source = dataset.source_files(floors)[0]
    source.write_text(source.read_text(encoding="utf-8") + '<x:a> dcterms:title "loose" .\n', encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InvalidData, match="has triples outside a graph"):
            told(floors)


def spoilt(content: bytes) -> Iterator[bytes]:
    yield b""
    yield content[: len(content) // 2]
    yield content[:-20] + b"0" + content[-19:]
    yield content.replace(b"SourceUndated", b"SourceUndatee", 1)
    yield b"\xff" + content
    yield content.partition(b"\n")[0] + b"\n[1]"


def test_a_damaged_cache_is_none(floors: Layout, tmp_path: Path) -> None:
    expected = told(floors)
    (file,) = (tmp_path / "cache" / "validated").iterdir()
    content = file.read_bytes()
    assert json.loads(content.partition(b"\n")[2])
    for damage in spoilt(content):
        file.write_bytes(damage)
        assert told(floors) == expected
        assert file.read_bytes() == content


def test_without_a_cache(floors: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = told(floors)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "file"))
    assert told(floors) == expected


def test_a_full_disk_leaves_nothing_behind(floors: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    expected = told(floors)
    folder = tmp_path / "cache" / "validated"
    before = sorted(folder.iterdir())
    source = dataset.source_files(floors)[0]
    source.write_text(source.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("tempfile._TemporaryFileWrapper.write", full, raising=False)
        assert told(floors) == expected
    assert sorted(folder.iterdir()) == before


def test_of_caches_the_newest_few_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))
    for number in range(20):
        memory = Memory(tmp_path / str(number), "shacl")
        memory.put("a", number)
        memory.save()
    assert len(list((tmp_path / "validated").iterdir())) == 8
    assert Memory(tmp_path / "19", "shacl").get("a") == 19
    assert Memory(tmp_path / "0", "shacl").get("a") is None


def test_what_is_not_used_for_long_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))
    monkeypatch.setattr("nevkg.validate.memory._MOST_UNUSED", 2)
    for name in "abcde":
        memory = Memory(tmp_path, "shacl")
        assert memory.get("a") == (1 if name > "a" else None)
        memory.put("a" if name == "a" else name, 1)
        memory.save()
    assert [Memory(tmp_path, "shacl").get(name) for name in "abcde"] == [1, None, 1, 1, 1]


def test_engines_and_versions_share_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))
    memory = Memory(tmp_path, "shacl")
    memory.put("a", 1)
    memory.save()
    assert Memory(tmp_path, "pyshacl").get("a") is None
    monkeypatch.setattr("nevkg.validate.memory.version", lambda _: "99")
    assert Memory(tmp_path, "shacl").get("a") is None


def test_two_validations_at_once(floors: Layout, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nevkg", "validate", "--data", str(floors.data)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    outputs = {one.communicate()[0] for one in both}
    assert len(outputs) == 1
    assert len(list((tmp_path / "cache" / "validated").iterdir())) == 1
    assert subprocess.run(command, capture_output=True, check=False).stdout in outputs


def test_fresh_takes_nothing_from_the_cache(floors: Layout, runs: list[str]) -> None:
    assert told(floors) == told(floors, fresh=True)
    assert len(runs) == 2
