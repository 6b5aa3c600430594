"""A graph summed up: its number of triples and a digest that does not depend on their order.

The digest is a sum of hashes, one a triple, so that a SPARQL 1.1 query can make it where the graph
is, and nothing needs to be fetched. Numbers count by value and blank nodes are all alike: stores
give them other names, and write numbers in their own way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import md5
from types import MappingProxyType
from urllib.parse import quote

import pyoxigraph
from pyoxigraph import BlankNode, Literal, Quad, QuerySolutions

from nevkg.data import terms
from nevkg.store.base import Store

_DIGITS = 7  # of each of the two numbers taken from a hash: their sums stay exact in any engine's arithmetic
_BITS = 4 * _DIGITS
_MASK = (1 << _BITS) - 1
_REMEMBERED = 1 << 17
_NUMBER, _BLANK = "number", "_"
_EXACT = frozenset(
    terms.XSD + name
    for name in (
        *("integer", "decimal", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_NUMBERS = _EXACT | {terms.XSD + "float", terms.XSD + "double"}
# Letters by which is found out how a store encodes, and what some make of letters: Virtuoso 7.2 leaves many as
# they are, and Jena 4.9 takes one for a byte.
_TELLTALES = "é£"
_OWN_WAYS = {"é": {letter: letter for letter in "@`" + "".join(map(chr, range(0x80, 0x100)))}, "%C3%A9%A3": {"£": "%A3"}}


@dataclass(frozen=True)
class Sum:
    """What a graph comes to: triples, and the sums of the two numbers of their hashes."""

    triples: int = 0
    first: int = 0
    second: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.triples + other.triples, self.first + other.first, self.second + other.second)

    def __str__(self) -> str:
        return f"{self.triples:,} triples, digest {self.first:x}-{self.second:x}"


def quickly(quads: Iterable[Quad]) -> dict[str, int]:
    """Each graph of ``quads`` in a number that does not depend on their order, to be compared within this process only.

    A quad counts as it is written: numbers by their text, blank nodes by their names, and twice if it comes twice.
    """
    sums: dict[str, int] = defaultdict(int)
    for quad in quads:
        sums[terms.text(quad.graph_name)] += hash(quad)
    return sums


def counted(store: pyoxigraph.Store) -> dict[str, Sum]:
    """Each graph with its number of triples, and no more."""
    found = store.query("SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph")
    assert isinstance(found, QuerySolutions)
    return {terms.text(row["graph"]): Sum(int(terms.text(row["triples"]))) for row in found}


def here(quads: Iterable[Quad], encoding: Mapping[str, str] = MappingProxyType({})) -> dict[str, Sum]:
    """Each graph of ``quads`` summed up; a quad that comes twice counts once.

    Args:
        quads: those of a dataset; in a store each is there once, and need not be remembered.
        encoding: of letters, by the store to which this is to be compared, see ``encoding``.
    """
    once = isinstance(quads, pyoxigraph.Store)
    seen: dict[str, set[int]] = defaultdict(set)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def hashed(text: str) -> str:
        if encoding and not encoding.keys().isdisjoint(text):
            return _hash("".join(encoding.get(letter) or quote(letter, safe="~") for letter in text))
        return _hash(quote(text, safe="~"))

    @lru_cache(maxsize=_REMEMBERED)
    def written(term: terms.Term) -> str:
        if isinstance(term, Literal):
            language = (term.language or "").lower()
            kind = _NUMBER if term.datatype.value in _NUMBERS else "" if language else term.datatype.value
            return f"{hashed(_canonical(term))}@{language}^{kind}"
        return _BLANK if isinstance(term, BlankNode) else hashed(terms.text(term))

    for quad in quads:
        graph = terms.text(quad.graph_name)
        line = f"{written(quad.subject)} {quad.predicate.value} {written(quad.object)}"
        found = _number(line)
        if not once:
            # Blank nodes are all alike in the digest, but two of them are not the same quad.
            own = _number(str(quad)) if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode) else found
            if own in seen[graph]:
                continue
            seen[graph].add(own)
        of_graph = sums[graph]
        of_graph[0] += 1
        of_graph[1] += found >> _BITS
        of_graph[2] += found & _MASK
    return {graph: Sum(*parts) for graph, parts in sums.items()}


def _canonical(term: Literal) -> str:
    """The text of a literal as stores write it: a file may say 2.50, or 1 for true."""
    if term.datatype.value in _EXACT:
        with suppress(InvalidOperation):
            return f"{Decimal(term.value).normalize():f}"
    if term.datatype.value == terms.XSD + "boolean":
        return {"0": "false", "1": "true"}.get(term.value, term.value)
    return term.value


def _hash(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _number(line: str) -> int:
    return int(_hash(line)[: 2 * _DIGITS], 16)


def there(store: Store, graphs: Sequence[str], filters: str = "") -> dict[str, Sum]:
    """The same, made by a query to the store that holds the graphs; those that it does not hold are left out.

    Args:
        store: that sees named graphs.
        graphs: their IRIs, sorted, all that begin alike; others between the first and the last are left out.
        filters: of ``?s`` and ``?p``, for a part of them.
    """
    if not graphs:
        return {}
    found = store.query(_query(graphs[0], graphs[-1], filters))
    assert isinstance(found, QuerySolutions)
    # Some stores give sums as decimal or binary numbers.
    sums = {terms.text(row["graph"]): Sum(*(int(float(terms.text(row[name]))) for name in ("triples", "first", "second"))) for row in found}
    return {graph: sums[graph] for graph in graphs if graph in sums}


def encoding(store: Store) -> Mapping[str, str]:
    """What ``ENCODE_FOR_URI`` of the store makes of letters that SPARQL has encoded otherwise."""
    found = store.query(f'SELECT (ENCODE_FOR_URI("{_TELLTALES}") AS ?encoded) WHERE {{}}')
    assert isinstance(found, QuerySolutions)
    encoded = terms.text(next(found)["encoded"])
    return next((way for beginning, way in _OWN_WAYS.items() if encoded.startswith(beginning)), {})


def _query(first: str, last: str, filters: str) -> str:
    """Of all graphs from one to another, since Virtuoso takes several times as long where several are named.

    Texts are hashed one by one: where Virtuoso joins several, letters beyond ASCII become others.
    """
    hashed = "MD5(ENCODE_FOR_URI(STR({})))".format
    # Virtuoso takes truth values for numbers.
    is_number = f"isNumeric(?o) && DATATYPE(?o) != <{terms.XSD}boolean>"
    kind = f'IF({is_number}, "{_NUMBER}", IF(LANG(?o) != "", "", STR(DATATYPE(?o))))'
    literal = f'CONCAT({hashed("?o")}, "@", LCASE(LANG(?o)), "^", {kind})'
    line = (
        f'CONCAT(IF(isBlank(?s), "{_BLANK}", {hashed("?s")}), " ", STR(?p), " ", '
        f'IF(isBlank(?o), "{_BLANK}", IF(isLiteral(?o), {literal}, {hashed("?o")})))'
    )
    graphs = f"?graph = <{first}>" if first == last else f'STR(?graph) >= "{first}" && STR(?graph) <= "{last}"'
    return f"""SELECT ?graph (COUNT(*) AS ?triples) (SUM({_decimal(1)}) AS ?first) (SUM({_decimal(1 + _DIGITS)}) AS ?second) WHERE {{
        GRAPH ?graph {{ ?s ?p ?o }}
        FILTER({graphs}) {filters}
        BIND(MD5({line}) AS ?hash)
    }} GROUP BY ?graph"""


def _decimal(start: int) -> str:
    """The number that digits of the hash make: SPARQL cannot read hexadecimals, but it can see where a digit stands in a text."""
    return " + ".join(
        f'{16 ** (_DIGITS - 1 - place)} * STRLEN(STRBEFORE("0123456789abcdef", SUBSTR(?hash, {start + place}, 1)))'
        for place in range(_DIGITS)
    )
