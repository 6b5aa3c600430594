"""Hygiene checks: SPARQL queries that find one kind of defect each and should find nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from nevkg import dataset, engine, sparql, terms
from nevkg.engine import Result
from nevkg.errors import InvalidData
from nevkg.head import read_head, read_query
from nevkg.layout import Layout, walk
from nevkg.validate.findings import Finding, Severity

CHECK = terms.BASE + "check/"
DATA = "data"
# What the texts of rules and questions mention, for checks to see.
USAGE = NamedNode(terms.graph("usage"))
SHAPES = NamedNode(terms.graph("shapes"))
_MENTIONS = NamedNode(terms.DCTERMS + "references")


@dataclass(frozen=True)
class Check:
    """A query of ``queries/checks/``: each row is a finding about ``?focus``, with an optional ``?value``.

    It is about the ``data``, or about the ``ontology``: then it looks at shapes, and at what rules and questions mention, too.
    """

    name: str
    text: str
    title: Mapping[str, str]
    message: Mapping[str, str]
    mend: Mapping[str, str]
    severity: Severity
    about: str


def read_check(path: Path) -> Check:
    """The check in a file.

    Raises:
        InvalidData: if its head lacks something.
    """
    text = read_query(path)
    head = read_head(path, text)
    try:
        return Check(
            path.stem, text, head["title"], head["message"], head["mend"], Severity[head["severity"].upper()], head.get("about", DATA)
        )
    except (KeyError, AttributeError) as error:
        raise InvalidData(f"{path}: the head lacks {error}; see the other checks for its form.") from None


def all_checks(layout: Layout) -> list[Check]:
    """The checks, by name."""
    return [read_check(path) for path in sorted(walk(layout.queries / "checks", ".rq"))]


def _mentions(layout: Layout) -> list[Quad]:
    """What each rule and query file names, as ``file dcterms:references thing``."""
    namespaces = terms.prefixes(layout.ontology)
    found = []
    for floor in (layout.ontology, layout.queries):
        for path in sorted(walk(floor, ".rq")):
            file = NamedNode(path.resolve().as_uri())
            for token in sparql.tokens(read_query(path)):
                prefix, _, local = token.text.partition(":")
                if token.kind == "name" and prefix in namespaces:
                    found.append(Quad(file, _MENTIONS, NamedNode(namespaces[prefix] + local), USAGE))
                elif token.kind == "iri" and ":" in token.text:
                    found.append(Quad(file, _MENTIONS, NamedNode(token.text[1:-1]), USAGE))
    return found


def run_checks(store: Store, layout: Layout, checks: list[Check]) -> list[Finding]:
    """Runs the checks over a built store, the shapes, and what the texts of rules and questions mention.

    Raises:
        InvalidData: if a check is not a SPARQL SELECT query with ``?focus``.
    """
    whole = Store()
    whole.extend(store)
    for path in sorted(walk(layout.ontology / "shapes", ".ttl")):
        whole.extend(Quad(quad.subject, quad.predicate, quad.object, SHAPES) for quad in dataset.parse_file(path))
    whole.extend(_mentions(layout))
    return sorted({finding for check in checks for finding in run_check(check, lambda text: engine.ask(whole, text))})


def run_check(check: Check, query: Callable[[str], Result]) -> list[Finding]:
    """Runs one check.

    Args:
        check: what to run.
        query: answers a query over the union of all graphs.

    Raises:
        InvalidData: if it is not a SPARQL SELECT query with ``?focus``.
    """
    try:
        found = query(check.text)
    except SyntaxError as error:
        raise InvalidData(f"The check '{check.name}' is not SPARQL: {error.msg}.") from None
    if not isinstance(found, QuerySolutions):
        raise InvalidData(f"The check '{check.name}' is not a SELECT query.")
    names = {variable.value for variable in found.variables}
    findings = set()
    for row in found:
        value = row["value"] if "value" in names else None
        findings.add(
            Finding(
                severity=check.severity,
                rule=CHECK + check.name,
                focus=terms.text(row["focus"]),
                value=str(value) if isinstance(value, Literal | NamedNode) else "",
            )
        )
    return sorted(findings)
