"""Digests of graphs: the number of triples and a checksum that does not depend on their order.

The checksum is a sum of hashes, one for each triple, so that a SPARQL 1.1 query can compute it in the store that holds
the graph, and nothing needs to be fetched. Numbers are compared by value, and all blank nodes count as equal, since
stores rename blank nodes and write numbers in different ways.
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
from nevkg.data.rdf import has_blank_node
from nevkg.store.base import Store

_DIGITS = 7  # hexadecimal digits of each of the two numbers taken from a hash: their sums stay exact in any engine
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
# Characters that show how a store implements ENCODE_FOR_URI, and the known deviations: Virtuoso 7.2 leaves many
# characters as they are, and Jena 4.9 encodes one as a single byte.
_PROBE = "é£"
_DEVIATIONS = {"é": {letter: letter for letter in "@`" + "".join(map(chr, range(0x80, 0x100)))}, "%C3%A9%A3": {"£": "%A3"}}


@dataclass(frozen=True)
class Sum:
    """The digest of a graph: the number of triples, and the sums of the two numbers taken from their hashes."""

    triples: int = 0
    first: int = 0
    second: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.triples + other.triples, self.first + other.first, self.second + other.second)

    def __str__(self) -> str:
        return f"{self.triples:,} triples, digest {self.first:x}-{self.second:x}"


def hash_graphs(quads: Iterable[Quad]) -> dict[str, int]:
    """Returns a hash of each graph that does not depend on the order of quads, to be compared within this process only.

    Quads are compared literally: numbers by their lexical form, blank nodes by their labels. Duplicates count twice.
    """
    sums: dict[str, int] = defaultdict(int)
    for quad in quads:
        sums[terms.text(quad.graph_name)] += hash(quad)
    return sums


def count_triples(store: pyoxigraph.Store) -> dict[str, Sum]:
    """Returns the number of triples of each graph, without checksums."""
    found = store.query("SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph")
    assert isinstance(found, QuerySolutions)
    return {terms.text(row["graph"]): Sum(int(terms.text(row["triples"]))) for row in found}


def sum_quads(quads: Iterable[Quad], encoding: Mapping[str, str] = MappingProxyType({})) -> dict[str, Sum]:
    """Computes the digest of each graph of ``quads``; duplicates count once.

    Args:
        quads: the quads of a dataset; a store has no duplicates, which saves memory.
        encoding: deviations of the store to compare with, see :func:`find_encoding`.
    """
    once = isinstance(quads, pyoxigraph.Store)
    seen: dict[str, set[int]] = defaultdict(set)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def hashed(text: str) -> str:
        if encoding and not encoding.keys().isdisjoint(text):
            return _md5("".join(encoding.get(letter) or quote(letter, safe="~") for letter in text))
        return _md5(quote(text, safe="~"))

    @lru_cache(maxsize=_REMEMBERED)
    def encode(term: terms.Term) -> str:
        if isinstance(term, Literal):
            language = (term.language or "").lower()
            kind = _NUMBER if term.datatype.value in _NUMBERS else "" if language else term.datatype.value
            return f"{hashed(_canonical(term))}@{language}^{kind}"
        return _BLANK if isinstance(term, BlankNode) else hashed(terms.text(term))

    for quad in quads:
        graph = terms.text(quad.graph_name)
        line = f"{encode(quad.subject)} {quad.predicate.value} {encode(quad.object)}"
        found = _number(line)
        if not once:
            # All blank nodes are equal in the digest, but quads with different blank nodes are not duplicates.
            own = _number(str(quad)) if has_blank_node(quad) else found
            if own in seen[graph]:
                continue
            seen[graph].add(own)
        of_graph = sums[graph]
        of_graph[0] += 1
        of_graph[1] += found >> _BITS
        of_graph[2] += found & _MASK
    return {graph: Sum(*parts) for graph, parts in sums.items()}


def _canonical(term: Literal) -> str:
    """Returns the canonical lexical form of a literal, as stores write it: a file may have 2.50, or 1 for true."""
    if term.datatype.value in _EXACT:
        with suppress(InvalidOperation):
            return f"{Decimal(term.value).normalize():f}"
    if term.datatype.value == terms.XSD + "boolean":
        return {"0": "false", "1": "true"}.get(term.value, term.value)
    return term.value


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _number(line: str) -> int:
    return int(_md5(line)[: 2 * _DIGITS], 16)


def sum_graphs(store: Store, graphs: Sequence[str], filters: str = "") -> dict[str, Sum]:
    """Computes the digests of graphs by a query to the store that holds them; omits graphs that do not exist.

    Args:
        store: a store whose queries see named graphs.
        graphs: their IRIs, sorted: all that share a prefix. Other graphs between the first and the last are omitted.
        filters: SPARQL filters on ``?s`` and ``?p``, to select a part of the graphs.
    """
    if not graphs:
        return {}
    found = store.query(_query(graphs[0], graphs[-1], filters))
    assert isinstance(found, QuerySolutions)
    # Some stores give sums as decimal or binary numbers.
    sums = {terms.text(row["graph"]): Sum(*(int(float(terms.text(row[name]))) for name in ("triples", "first", "second"))) for row in found}
    return {graph: sums[graph] for graph in graphs if graph in sums}


def find_encoding(store: Store) -> Mapping[str, str]:
    """Returns how the store's ``ENCODE_FOR_URI`` deviates from SPARQL, as character to encoded text."""
    found = store.query(f'SELECT (ENCODE_FOR_URI("{_PROBE}") AS ?encoded) WHERE {{}}')
    assert isinstance(found, QuerySolutions)
    encoded = terms.text(next(found)["encoded"])
    return next((deviation for beginning, deviation in _DEVIATIONS.items() if encoded.startswith(beginning)), {})


def _query(first: str, last: str, filters: str) -> str:
    """Returns the query for all graphs in a range, since Virtuoso takes several times as long if graphs are listed.

    Texts are hashed one by one: if Virtuoso concatenates several, characters beyond ASCII are corrupted.
    """
    hashed = "MD5(ENCODE_FOR_URI(STR({})))".format
    # Virtuoso takes booleans for numbers.
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
    """Returns a SPARQL expression for the value of digits of the hash. SPARQL cannot parse hexadecimals, so it looks up each digit."""
    return " + ".join(
        f'{16 ** (_DIGITS - 1 - place)} * STRLEN(STRBEFORE("0123456789abcdef", SUBSTR(?hash, {start + place}, 1)))'
        for place in range(_DIGITS)
    )
