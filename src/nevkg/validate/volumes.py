"""How many things of each class there should be, so that a bad change is noticed."""

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
    """The bounds; the file need not be there."""
    return layout.data / "volumes.yaml"


def run_volumes(store: Store, layout: Layout) -> list[Finding]:
    """Compares counts with ``volumes.yaml`` of the data floor, where there is one.

    Too few is a violation (something was lost), too many a warning (the bounds may have to move).

    Raises:
        InvalidData: if the file is not of the expected form.
    """
    import yaml

    path = volume_file(layout)
    if not path.exists():
        return []
    try:
        bounds = yaml.safe_load(path.read_text(encoding="utf-8"))
        expected = {name: (int(bound["least"]), int(bound["most"])) for name, bound in bounds.items()}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
        raise InvalidData(f"{path} is not of the form 'nev:Class: {{least: 1, most: 9}}'.") from None
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
