"""Checks: SPARQL queries that each find one kind of defect; on valid data they return no rows.

Volumes, the number of instances of each class, are compared with expected bounds, to detect accidental losses and duplicates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from nevkg.data import dataset, terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.sparql.syntax import find_iris
from nevkg.store import engine
from nevkg.store.engine import Result
from nevkg.validate.findings import Finding, Severity, sort_findings

CHECK = terms.BASE + "check/"
DATA = "data"
FILES, TRIPLES, STORE, TERMS = "files", "triples", "store", "terms"
# The graph with the terms that sources, rules and questions mention, for checks to query.
USAGE = NamedNode(terms.graph("usage"))
SHAPES = NamedNode(terms.graph("shapes"))
_MENTIONS = NamedNode(terms.DCTERMS + "references")


@dataclass(frozen=True)
class Check:
    """A query of ``queries/checks/``.

    Each row is a finding about ``?focus``, with an optional ``?value`` and ``?path``. The optional ``?expected`` is the
    expected kind of value.

    Attributes:
        title: the title by language.
        message: what is wrong, by language.
        fix: how to fix it, by language.
        about: ``data`` or ``ontology``.
        reads: ``files``, for the properties that it names, as stated in the files; ``triples``, for all triples of the files;
            ``store``, for the whole store with derived facts; or ``terms``, for the ontology and the registry, shapes, and the
            terms that sources, rules and questions mention.
    """

    name: str
    text: str
    title: Mapping[str, str]
    message: Mapping[str, str]
    fix: Mapping[str, str]
    severity: Severity
    about: str
    reads: str


def read_check(path: Path) -> Check:
    """Reads a check from a file."""
    text = read_query(path)
    head = read_head(path, text)
    try:
        return Check(
            path.stem,
            text,
            head["title"],
            head["message"],
            head["fix"],
            Severity[head["severity"].upper()],
            head.get("about", DATA),
            head.get("reads", STORE),
        )
    except (KeyError, AttributeError) as error:
        raise InvalidData(f"{path}: the head lacks {error}; see the other checks for its form.") from None


def all_checks(layout: Layout) -> list[Check]:
    """Reads all checks, sorted by name."""
    return [read_check(path) for path in sorted(walk(layout.queries / "checks", ".rq"))]


def read_term_usage(layout: Layout, mentioned: Iterable[str] = ()) -> Iterator[Quad]:
    """Yields what checks on terms query besides the data.

    That is the shapes, and ``file dcterms:references term`` for each term that a rule or query mentions.

    Args:
        mentioned: the terms that sources mention, if the sources are not in the store.
    """
    for path in sorted(walk(layout.ontology / "shapes", ".ttl")):
        for quad in dataset.parse_file(path):
            yield Quad(quad.subject, quad.predicate, quad.object, SHAPES)
    namespaces = terms.prefixes(layout.ontology)
    queries = {path.resolve().as_uri(): find_iris(read_query(path), namespaces) for path in query_files(layout)}
    for file, found in (*queries.items(), (terms.SOURCE, mentioned)):
        for iri in found:
            yield Quad(NamedNode(file), _MENTIONS, NamedNode(iri), USAGE)


def query_files(layout: Layout) -> list[Path]:
    """Returns the files of all rules, questions and checks, which mention terms."""
    return [path for floor in (layout.ontology, layout.queries) for path in sorted(walk(floor, ".rq"))]


def run_checks(store: Store, checks: Iterable[Check]) -> list[Finding]:
    """Runs checks over the union of all graphs of a store."""
    return sort_findings({finding for check in checks for finding in run_check(check, partial(engine.ask, store))})


def run_check(check: Check, query: Callable[[str], Result]) -> list[Finding]:
    """Runs one check, whose query runs over the union of all graphs."""
    try:
        found = query(check.text)
    except SyntaxError as error:
        raise InvalidData(f"The check '{check.name}' is not SPARQL: {error.msg}.") from None
    except WrongUsage as error:
        raise InvalidData(f"The check '{check.name}' does not run: {error}") from None
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
                path=terms.text(row["path"]) if "path" in names else "",
                value=str(value) if isinstance(value, Literal | NamedNode) else "",
                expected=str(row["expected"]) if "expected" in names else "",
            )
        )
    return sort_findings(findings)


RULE = terms.BASE + "check/volume"


def volume_file(layout: Layout) -> Path:
    """Returns the path of the file of bounds, which need not exist."""
    return layout.data / "volumes.yaml"


def run_volumes(store: Store, layout: Layout) -> list[Finding]:
    """Compares the number of instances of classes with ``volumes.yaml`` of the data folder, if it exists.

    Too few instances are a violation, since some were lost; too many are a warning, since the bounds may be outdated.
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
