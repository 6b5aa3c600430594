"""The ontology files in third-party tools: modules, their imports, and the catalogue that resolves them."""

from __future__ import annotations

import re
import shutil
import sys
import urllib.request
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import owlready2
import pyhornedowl
import pytest
import rdflib
from tests.conftest import Nevkg
from tests.support import owl_api
from tests.support.worlds import SHIPPED

from nevkg.data import terms
from nevkg.errors import CouldNotRun
from nevkg.publish.release import graphs
from nevkg.publish.release.graphs import functional
from nevkg.publish.release.parts import Parts
from nevkg.store import EmbeddedStore

ONTOLOGY = SHIPPED.ontology
HEADER = ONTOLOGY / "nevkg.ttl"
MAPPINGS = ONTOLOGY / "mappings.ttl"
MODULES = sorted(ONTOLOGY.glob("modules/*.ttl"))
FILES = [HEADER, *MODULES, *sorted(ONTOLOGY.glob("imports/*.ttl"))]
OWL = rdflib.OWL
# Terms of these namespaces are built in, and need no declaration.
_BUILT_IN = tuple(str(space) for space in (OWL, rdflib.RDF, rdflib.RDFS, rdflib.XSD))


@cache
def graph(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(path)


def ontology_iri(path: Path) -> rdflib.term.Node:
    (found,) = graph(path).subjects(rdflib.RDF.type, OWL.Ontology)
    return found


@cache
def find_homes() -> dict[rdflib.term.Node, rdflib.term.Node]:
    """Returns the ontology that defines each class and property; modules also declare terms of other modules."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    found = {term: ontology_iri(file) for file in FILES for kind in kinds for term in graph(file).subjects(rdflib.RDF.type, kind)}
    return found | {term: ontology for file in MODULES for term, ontology in graph(file).subject_objects(rdflib.RDFS.isDefinedBy)}


def catalog() -> dict[str, Path]:
    root = ElementTree.parse(ONTOLOGY / "catalog-v001.xml").getroot()
    return {entry.attrib["name"]: ONTOLOGY / entry.attrib["uri"] for entry in root.iter("{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri")}


def test_the_catalogue_has_each_file_under_its_iri_and_its_version() -> None:
    wanted: dict[str, Path] = {}
    for path in [*FILES, MAPPINGS]:
        names = [ontology_iri(path), *graph(path).objects(ontology_iri(path), OWL.versionIRI)]
        wanted |= {str(name): path for name in names}
    assert catalog() == wanted


@pytest.mark.parametrize("path", [HEADER, MAPPINGS, *MODULES], ids=lambda path: path.stem)
def test_the_version_iri_has_the_version_of_the_release(path: Path) -> None:
    (version,) = graph(HEADER).objects(ontology_iri(HEADER), OWL.versionInfo)
    assert list(graph(path).objects(ontology_iri(path), OWL.versionIRI)) == [rdflib.URIRef(f"{ontology_iri(path)}/{version}")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_imports_those_whose_terms_it_uses_and_no_others(path: Path) -> None:
    home = find_homes()
    own = graph(path)
    used = {term for triple in own for term in triple if isinstance(term, rdflib.URIRef)}
    undeclared = {term for term in own.predicates() if term not in home and not str(term).startswith(_BUILT_IN)}
    assert undeclared == set()
    imported = set(own.objects(ontology_iri(path), OWL.imports))
    modules = {ontology_iri(module) for module in MODULES} if path == HEADER else set()
    assert imported == {home[term] for term in used if term in home} - {ontology_iri(path)} | modules


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_each_module_declares_the_terms_of_other_modules_that_it_uses(path: Path) -> None:
    """Modules import each other, and a parser must know the kind of a property before it has read the other modules."""
    own = graph(path)
    used = {term for triple in own for term in triple if term in find_homes() and str(term).startswith(terms.NEV)}
    assert {term for term in used if (term, rdflib.RDF.type, None) not in own} == set()


def test_the_owl_api_opens_the_header_with_all_modules() -> None:
    assert owl_api.read(HEADER, catalog()).closure.keys() == {str(ontology_iri(path)) for path in FILES}


def test_owlready2_opens_the_header_with_all_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """owlready2 reads RDF/XML and N-Triples, and looks up imports in a folder by the last part of their IRI."""
    for path in FILES:
        graph(path).serialize(tmp_path / f"{str(ontology_iri(path)).rpartition('/')[2]}.rdf", format="xml")
    monkeypatch.setattr(owlready2.namespace, "onto_path", [str(tmp_path)])
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_args, **_rest: pytest.fail("an import was not found in the folder"))
    world = owlready2.World()
    loaded = world.get_ontology(str(ontology_iri(HEADER))).load()
    found = {ontology.base_iri.rstrip("#/") for ontology in [loaded, *loaded.indirectly_imported_ontologies()]}
    assert found == {str(ontology_iri(path)) for path in FILES}
    assert world[f"{terms.NEV}Plant"].is_a


def test_owl_tools_open_the_dump_whole(nevkg: Nevkg, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_args, **_rest: pytest.fail("an import was sought"))
    (tmp_path / "nevkg.rdf").write_text(nevkg("dump", "ontology", "--merged", "--format", "rdfxml", "--data", part).out, encoding="utf-8")
    whole = rdflib.Graph()
    for path in FILES:
        whole += graph(path)
    declared = {str(name) for name in whole.subjects(rdflib.RDF.type, rdflib.OWL.Class) if isinstance(name, rdflib.URIRef)}
    loaded = owlready2.World().get_ontology((tmp_path / "nevkg.rdf").as_uri()).load()
    assert {kind_class.iri for kind_class in loaded.classes()} == declared
    assert set(pyhornedowl.open_ontology(str(tmp_path / "nevkg.rdf")).get_classes()) == declared
    refused = nevkg("dump", "registry", "--merged", "--data", part)
    assert (refused.code, "nevkg dump ontology --merged" in refused.err) == (2, True)


@pytest.mark.parametrize("path", [HEADER, MAPPINGS, *MODULES], ids=lambda path: path.stem)
def test_each_module_is_owl_2_dl(path: Path) -> None:
    assert owl_api.read(path, catalog()).outside_dl == ()


def test_violations_of_owl_2_dl_are_found(tmp_path: Path) -> None:
    """Breaks one restriction of OWL 2 DL at a time."""
    shutil.copytree(ONTOLOGY, tmp_path / "ontology")
    copied = {name: tmp_path / "ontology" / path.relative_to(ONTOLOGY) for name, path in catalog().items()}
    module = tmp_path / "ontology/modules/production.ttl"
    text = module.read_text(encoding="utf-8")
    broken = {
        "nev:manufacturesIn a owl:FunctionalProperty .": "Use of non-simple property in FunctionalObjectProperty axiom",
        "nev:manufacturesIn owl:propertyDisjointWith nev:atPlant .": "Use of non-simple property in DisjointObjectProperties axiom",
        "nev:atPlant a owl:DatatypeProperty .": "Cannot pun between properties",
        "nev:atPlant rdfs:domain nev:Colour .": "Use of undeclared class",
        "nev:Plant rdfs:subClassOf rdf:Property .": "Use of reserved vocabulary for class IRI",
    }
    for axiom, why in broken.items():
        module.write_text(f"{text}\n{axiom}\n", encoding="utf-8")
        found = "\n".join(owl_api.read(copied[terms.BASE + "ontology"], copied).outside_dl)
        assert re.search(why, found), (axiom, found)


@pytest.fixture(scope="module")
def release_folder(tmp_path_factory: pytest.TempPathFactory, sample: EmbeddedStore) -> Path:
    """The ontology folder of a release."""
    folder = tmp_path_factory.mktemp("release")
    graphs.add_schema(Parts(folder), sample)
    return folder / "ontology"


@pytest.mark.parametrize("name", ["ontology", "mappings"])
def test_all_syntaxes_have_the_same_axioms_and_are_owl_2_dl(release_folder: Path, name: str) -> None:
    """Reads them with the OWL API, which does not write them."""
    found = ElementTree.parse(release_folder / "catalog-v001.xml").getroot()
    release_catalog = {entry.attrib["name"]: release_folder / entry.attrib["uri"] for entry in found}
    turtle, *others = (owl_api.read(release_folder / f"{name}.{ending}", release_catalog) for ending in ("ttl", "rdf", "ofn"))
    assert len(turtle.axioms) > 100
    for other in others:
        assert other.axioms == turtle.axioms
        assert other.iri == turtle.iri
    assert turtle.outside_dl == ()


def test_merging_modules_loses_no_axiom(release_folder: Path) -> None:
    """Except annotations of the files themselves."""
    merged = owl_api.read(release_folder / "ontology.ofn").axioms
    separate = {axiom for axioms in owl_api.read(HEADER, catalog()).closure.values() for axiom in axioms}
    assert separate <= merged
    assert all(
        axiom.startswith("AnnotationAssertion") or "/ontology/" in axiom or axiom.startswith("Annotation(") for axiom in merged - separate
    )


def test_functional_syntax_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhornedowl", None)
    with pytest.raises(CouldNotRun, match=r"nevkg\[publish\]"):
        functional([], {})
