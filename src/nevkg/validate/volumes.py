"""Checks the number of instances of each class against expected bounds, to detect accidental losses and duplicates."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData
from nevkg.store import engine
from nevkg.validate.findings import Finding, Severity

RULE = terms.BASE + "check/volume"


def volume_file(layout: Layout) -> Path:
    """Returns the path of the file of bounds, which need not exist."""
    return layout.data / "volumes.yaml"


def run_volumes(store: Store, layout: Layout) -> list[Finding]:
    """Compares the number of instances of classes with ``volumes.yaml`` of the data folder, if it exists.

    Too few instances are a violation, since some were lost; too many are a warning, since the bounds may be outdated.

    Raises:
        InvalidData: if the file has the wrong form.
    """
    import yaml

    path = volume_file(layout)
    if not path.exists():
        return []
    try:
        bounds = yaml.safe_load(path.read_text(encoding="utf-8"))
        expected = {name: (int(bound["least"]), int(bound["most"])) for name, bound in bounds.items()}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
        raise InvalidData(f"{path} must have the form 'nev:Class: {{least: 1, most: 9}}'.") from None
    namespaces = terms.prefixes(layout.ontology)
    findings = []
    for name, (least, most) in expected.items():
        iri = terms.expand(name, namespaces)
        query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a/<{terms.RDFS}subClassOf>* <{iri}> }}"
        found = engine.ask(store, query)
        assert isinstance(found, QuerySolutions)
        count = int(terms.text(next(found)["n"]))
        if not least <= count <= most:
            severity = Severity.VIOLATION if count < least else Severity.WARNING
            findings.append(Finding(severity, RULE, iri or name, value=f'"{count}"', message=f"{least}–{most}"))
    return findings
