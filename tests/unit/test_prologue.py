"""Prefixes of a query: renamed, doubled and shadowed ones mean the same to the engine and to the analysis of the query."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from tests.support.marks import FUZZ

from nevkg.data import terms
from nevkg.data.paths import Layout, walk
from nevkg.sparql.patterns import read_algebra
from nevkg.sparql.syntax import expand_names, is_keyword, tokenize

SPACES = terms.prefixes(Layout.find().ontology)
W3C = os.environ.get("NEVKG_RDF_TESTS")


def vary(text: str, chosen: random.Random, known: dict[str, str]) -> str:
    """Returns an equivalent query: some names get another prefix, some prefixes are declared twice or first for something else."""
    tokens = list(tokenize(text))
    spaces = known | {
        name.text[:-1]: iri.text[1:-1]
        for keyword, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if is_keyword(keyword, "PREFIX") and name.kind == "name"
    }
    lines, form = [], next(number for number, token in enumerate(tokens) if token.kind == "word" and token.text.upper() in FORMS)
    for token in reversed(tokens[form:]):
        prefix, colon, local = token.text.partition(":")
        if token.kind == "name" and prefix in spaces and chosen.random() < 0.5:
            text = text[: token.start] + f"{prefix}.other{colon}{local}" + text[token.start + len(token.text) :]
    for prefix, space in spaces.items():
        if chosen.random() < 0.3:
            lines.append(f"PREFIX {prefix}: <x:shadowed>")
        lines += chosen.sample([f"PREFIX {prefix}: <{space}>", f"PREFIX {prefix}.other: <{space}>", f"PREFIX {prefix}-twice: <{space}>"], 3)
    start = next(token.start for token in tokenize(text) if token.kind == "word" and token.text.upper() in FORMS)
    return f"{text[:start]}{' '.join(lines)} {text[start:]}"


FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def describe(text: str, spaces: dict[str, str]) -> str:
    algebra = read_algebra(text, spaces)
    return "" if algebra is None else str(algebra)


def assert_means_the_same(text: str, other: str, spaces: dict[str, str]) -> None:
    assert expand_names(text, spaces) == expand_names(other, spaces)
    store = pyoxigraph.Store()
    store.query(other, base_iri=terms.BASE, prefixes=spaces)
    assert bool(describe(text, spaces)) == bool(describe(other, spaces))


def queries(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(walk(folder, ".rq")) if "SELECT" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", range(4 * FUZZ))
def test_prefixes_do_not_change_the_analysis_of_our_queries(seed: int) -> None:
    chosen = random.Random(seed)
    for path in chosen.sample(list(queries(Layout.find().queries)), 5):
        text = path.read_text(encoding="utf-8")
        other = vary(text, chosen, SPACES)
        assert_means_the_same(text, other, SPACES)
        assert describe(other, SPACES), path


@pytest.mark.slow
@pytest.mark.skipif(not W3C, reason="NEVKG_RDF_TESTS is not set")
@pytest.mark.parametrize("seed", range(FUZZ))
def test_prefixes_do_not_change_the_analysis_of_the_w3c_queries(seed: int) -> None:
    chosen, analysed = random.Random(seed), 0
    for path in sorted(Path(W3C or "").glob("sparql/sparql1[01]/**/*.rq")):
        text = path.read_text(encoding="utf-8", errors="replace")
        try:
            pyoxigraph.Store().query(text, base_iri=terms.BASE)
        except (SyntaxError, RuntimeError):
            continue
        if any(is_keyword(token, "BASE") for token in tokenize(text)):
            continue
        other = vary(text, chosen, {})
        try:
            pyoxigraph.Store().query(other, base_iri=terms.BASE)
        except SyntaxError:
            continue  # our variation declares a prefix that is no prefix
        assert_means_the_same(text, other, {})
        analysed += 1
    assert analysed > 250


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("PREFIX a: <x:> PREFIX b: <x:> SELECT * { ?s a:p b:q }", "SELECT * { ?s <x:p> <x:q> }"),
        ("PREFIX a: <x:no> PREFIX a: <x:> ASK { ?s a:p 1 }", "ASK { ?s <x:p> 1 }"),
        ("BASE <http://e/a/> PREFIX a: <b#> ASK { <c> a:p <> }", "ASK { <http://e/a/c> <http://e/a/b#p> <http://e/a/> }"),
        ("ASK { ?s nev:p 'nev:p' } # nev:p", f"ASK {{ ?s <{terms.NEV}p> 'nev:p' }} # nev:p"),
        ("PREFIX nev: <x:> ASK { ?s nev:p\\,q _:b , 'a'^^nev:t }", "ASK { ?s <x:p,q> _:b , 'a'^^<x:t> }"),
        ("ASK { ?s nev:p nev:o. ?s nev:a.b ?o.}", f"ASK {{ ?s <{terms.NEV}p> <{terms.NEV}o>. ?s <{terms.NEV}a.b> ?o.}}"),
        ("ASK { ?s unknown:p ?o }", "ASK { ?s unknown:p ?o }"),
        ("", ""),
    ],
)
def test_names_are_expanded(text: str, expanded: str) -> None:
    assert expand_names(text, SPACES) == expanded
