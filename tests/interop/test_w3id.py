"""The redirects for w3id.org: the target of each of our names, for each format."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from pyoxigraph import NamedNode
from tests.support.worlds import PREFIXES, SHIPPED

from nevkg.ask.catalogue import read_question
from nevkg.data import terms
from nevkg.store import EmbeddedStore

FOLDER = SHIPPED.ontology.parent / "docs" / "w3id"
HOST = "https://nevkg.example.org"
OWN_PREFIXES = {prefix: space for prefix, space in PREFIXES.items() if space.startswith(terms.BASE)}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
TRIPLE_FORMATS = {
    "text/turtle": "ttl",
    "text/turtle;q=0.9, */*;q=0.1": "ttl",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/n-triples": "nt",
    BROWSER: "html",
    "*/*": "html",
    "": "html",
}
QUAD_FORMATS = {"application/trig": "trig", "application/n-quads": "nq"}


@dataclass(frozen=True)
class Rule:
    """A rule of mod_rewrite, with the conditions on the header Accept."""

    conditions: tuple[re.Pattern[str], ...]
    pattern: re.Pattern[str]
    target: str
    flags: tuple[str, ...]


def read_rules() -> list[Rule]:
    """Returns the rules in order. Unknown directives are errors, so that the tests do not deviate from Apache."""
    rules, conditions = [], list[re.Pattern[str]]()
    for line in (FOLDER / ".htaccess").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if not words or words[0] in ("#", "Options", "Header", "RewriteEngine"):
            continue
        if words[0] == "RewriteCond":
            verb, header, pattern = words
            assert header == "%{HTTP_ACCEPT}"
            conditions.append(re.compile(pattern))
        else:
            verb, pattern, target, flags = words
            assert verb == "RewriteRule"
            rules.append(Rule(tuple(conditions), re.compile(pattern), target, tuple(flags.strip("[]").split(","))))
            conditions = []
    assert not conditions
    return rules


RULES = read_rules()


def redirect(iri: str, accept: str) -> str | None:
    """Returns the target of Apache's redirect for a name, or None. In an .htaccess file the path is relative to the folder."""
    path = iri.partition("#")[0].removeprefix(terms.BASE)
    variables: dict[str, str] = {}
    for rule in RULES:
        match = rule.pattern.search(path)
        if match is None or not all(condition.search(accept) for condition in rule.conditions):
            continue
        if rule.target == "-":
            variables |= dict(flag.removeprefix("E=").split(":", 1) for flag in rule.flags)
            continue
        assert rule.flags == ("R=303", "L")
        target = rule.target.replace("$1", match[match.lastindex or 0])
        for name, value in variables.items():
            target = target.replace(f"%{{ENV:{name}}}", value)
        assert not set(target) & set("$%{}")
        return target
    return None


@pytest.fixture(scope="module")
def examples(shipped: EmbeddedStore) -> dict[str, list[str]]:
    """The names in use, by prefix."""
    names: dict[str, list[str]] = {prefix: [] for prefix in OWN_PREFIXES}
    iris = {term.value for quad in shipped.store for term in (quad.subject, quad.object, quad.graph_name) if isinstance(term, NamedNode)}
    for iri in sorted(iris):
        if iri.startswith(terms.BASE):
            prefix = terms.shorten(iri, OWN_PREFIXES).partition(":")[0]
            names.setdefault(prefix, []).append(iri)
    return names


@pytest.mark.slow
def test_every_name_redirects_to_its_document(examples: dict[str, list[str]]) -> None:
    assert all(examples[prefix] for prefix in OWN_PREFIXES)
    assert sum(len(names) for names in examples.values()) > 20_000
    for names in examples.values():
        for name in names:
            document = f"{HOST}/{name.partition('#')[0].removeprefix(terms.BASE)}"
            for accept, suffix in TRIPLE_FORMATS.items():
                assert redirect(name, accept) == f"{document}.{suffix}"


def test_the_ontology_is_one_document() -> None:
    for name in (terms.NEV, terms.NEV + "Statement", terms.NEV.rstrip("#"), terms.BASE + "ontology/"):
        assert redirect(name, "text/turtle") == f"{HOST}/ontology.ttl"
        assert redirect(name, BROWSER) == f"{HOST}/ontology.html"
    assert redirect(terms.BASE + "ontology/0.1.0", "application/rdf+xml") == f"{HOST}/ontology/0.1.0.rdf"


@pytest.mark.parametrize(("accept", "suffix"), QUAD_FORMATS.items())
def test_graphs_are_quads(accept: str, suffix: str, examples: dict[str, list[str]]) -> None:
    for name in (*examples["graph"], terms.BASE + "dataset"):
        assert redirect(name, accept) == f"{HOST}/{name.removeprefix(terms.BASE)}.{suffix}"
    for prefix in OWN_PREFIXES.keys() - {"graph", "nev"}:
        # Other names have only triples; a client that accepts only quads gets the page.
        assert redirect(examples[prefix][0], accept) == f"{HOST}/{examples[prefix][0].removeprefix(terms.BASE)}.html"


def test_questions() -> None:
    questions = [read_question(path) for path in sorted(SHIPPED.queries.glob("questions/*/*.rq"))]
    assert questions
    for question in questions:
        name = f"{terms.BASE}question/{question.name}"
        for accept, suffix in {**TRIPLE_FORMATS, "application/sparql-query": "rq"}.items():
            assert redirect(name, accept) == f"{HOST}/question/{question.name}.{suffix}"


def test_addresses_of_answers_are_passed_on() -> None:
    """Apache keeps the parameters, which no rule sees."""
    for accept in [*TRIPLE_FORMATS, *QUAD_FORMATS, "application/json"]:
        assert redirect(f"{terms.BASE}cite/0.1.0+0123456789abcdef/companies", accept) == f"{HOST}/cite/0.1.0+0123456789abcdef/companies"


def test_the_project_has_a_page() -> None:
    for accept in TRIPLE_FORMATS:
        assert redirect(terms.BASE, accept) == f"{HOST}/"


def test_the_host_is_marked_as_a_placeholder() -> None:
    rules, readme = ((FOLDER / name).read_text(encoding="utf-8") for name in (".htaccess", "README.md"))
    assert len(re.findall(rf"^RewriteRule.*{re.escape(HOST)}", rules, re.MULTILINE)) == 1
    assert "placeholder" in rules
    assert "placeholder" in readme
    suffixes = set(re.findall(r"`\.(\w+)`", readme))
    assert suffixes == {"htaccess", *TRIPLE_FORMATS.values(), *QUAD_FORMATS.values(), "rq"}
