"""What a query demands, and which of its patterns, terms and classes nothing in the data fulfils."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from pyoxigraph import QueryBoolean

from nevkg.ask.emptiness.reason import Clash, ClassUse, EmptyPattern, Namer, UnknownTerm
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.search import names, suggest
from nevkg.sparql import syntax
from nevkg.sparql.patterns import find_body, find_closing, read_algebra
from nevkg.sparql.syntax import find_iris
from nevkg.store import Store
from nevkg.store.memo import memoise

_CLAUSES = ("FILTER", "MINUS", "VALUES")
# Characters that an IRI must not have; an escape can introduce them.
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True)
class RequiredPattern:
    """A triple pattern or VALUES, with full IRIs; ``is_inner`` means in a sub-select, some of whose variables are not visible outside."""

    text: str
    is_inner: bool
    is_pattern: bool


@dataclass(frozen=True)
class Link:
    """A triple pattern whose predicate is a single property; its ends are terms in N-Triples syntax, or variables."""

    subject: str
    property: str
    object: str


@dataclass(frozen=True)
class Demands:
    """What a query demands of the data.

    Attributes:
        parts: the parts, in their order.
        links: the parts that are triple patterns with a single property.
        values: variable to its terms, from VALUES.
        constants: the IRIs that the query names, in their order, without datatypes of XML Schema.
    """

    parts: tuple[RequiredPattern, ...] = ()
    links: tuple[Link, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: tuple[str, ...] = ()

    @property
    def choices(self) -> list[tuple[str, ...]]:
        """The terms that each variable with VALUES can be, and each term at an end of a link."""
        ends = dict.fromkeys(end for link in self.links for end in (link.subject, link.object) if end.startswith("<"))
        return [*self.values.values(), *((end,) for end in ends)]

    def terms_of(self, end: str) -> tuple[str, ...]:
        """Returns the terms that an end of a link can be; none if it can be any."""
        return self.values.get(end, ()) if end.startswith("?") else (end,)


def read_demands(text: str, prefixes: Mapping[str, str]) -> Demands:
    """Reads the demands of a query; they are empty if rdflib cannot parse it."""
    algebra = read_algebra(text, prefixes)
    if algebra is None:
        return Demands()
    from rdflib.term import URIRef

    constants = tuple(dict.fromkeys(_constants(algebra)))
    if any(_FORBIDDEN.search(iri) for iri in constants):
        return Demands()
    named = tuple(iri for iri in constants if not iri.startswith(terms.XSD))
    try:
        found = list(_required(algebra, "", is_inner=False))
    except Exception:  # rdflib cannot serialise all that it parses, such as negated inverse paths, !(^nev:source).
        return Demands(constants=named)
    values: dict[str, tuple[str, ...]] = {}
    for part, _ in found:
        if isinstance(part, dict):
            values |= {name: tuple(dict.fromkeys(of)) for name, of in part.items() if name not in values}
    return Demands(
        parts=tuple(part for _, part in found),
        links=tuple(
            Link(_n3(part[0]), str(part[1]), _n3(part[2])) for part, _ in found if isinstance(part, tuple) and isinstance(part[1], URIRef)
        ),
        values=values,
        constants=named,
    )


def _required(part: Any, graph: str, *, is_inner: bool) -> Iterator[tuple[Any, RequiredPattern]]:
    """Yields the triples, and the values of variables, that every solution of a part of the algebra matches."""
    match part.name:
        case "BGP":
            for triple in part.triples:
                text = " ".join(_n3(end) for end in triple)
                yield triple, RequiredPattern(f"GRAPH {graph} {{ {text} }}" if graph else text, is_inner, is_pattern=True)
        case "values":
            names = list(dict.fromkeys(name for row in part.res for name in row))
            rows = [[value if (value := row[name]) == "UNDEF" else _n3(value) for name in names] for row in part.res]
            body = " ".join(f"({' '.join(row)})" for row in rows)
            known = {_n3(name): [row[at] for row in rows] for at, name in enumerate(names) if all(row[at] != "UNDEF" for row in rows)}
            yield known, RequiredPattern(f"VALUES ({' '.join(_n3(name) for name in names)}) {{ {body} }}", is_inner, is_pattern=False)
        case "Union":
            return
        case "Group" if part.expr is None:
            return  # Without GROUP BY there is always one row.
        case "Join":
            yield from _required(part.p1, graph, is_inner=is_inner)
            yield from _required(part.p2, graph, is_inner=is_inner)
        case "LeftJoin" | "Minus":
            yield from _required(part.p1, graph, is_inner=is_inner)
        case "Graph":
            yield from _required(part.p, _n3(part.term), is_inner=is_inner)
        case name:
            if hasattr(part.get("p"), "name"):
                # The outermost projection is that of the query itself.
                yield from _required(part.p, graph, is_inner=is_inner or (name == "ToMultiSet" and part.p.name != "values"))


def _n3(term: Any) -> str:
    """Serialises a term, a path or a variable; a blank node becomes a variable."""
    from rdflib.term import BNode

    return f"?_{re.sub(r'[^A-Za-z0-9]', '_', term)}" if isinstance(term, BNode) else str(term.n3())


def _constants(part: Any) -> Iterator[str]:
    from rdflib.paths import Path
    from rdflib.term import URIRef

    if isinstance(part, URIRef):
        yield str(part)
    elif isinstance(part, Path):
        for inner in (getattr(part, name, ()) for name in ("args", "arg", "path")):
            yield from _constants(inner)
    elif isinstance(part, Mapping):
        # The IRI of a function is not a constant of the data.
        for name, inner in part.items():
            if not (name == "iri" and getattr(part, "name", "") == "Function"):
                yield from _constants(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _constants(inner)


def split_modifiers(text: str) -> tuple[str, str]:
    """Returns the query as ASK without the modifiers after its pattern, and these, such as HAVING, LIMIT and OFFSET."""
    tokens, form, start, end = find_body(text)
    stop = tokens[end].start + 1
    values = next((token.start for token in tokens[end + 1 :] if syntax.is_keyword(token, "VALUES")), len(text))
    return f"{text[: tokens[form].start]}ASK {text[tokens[start].start : stop]} {text[values:]}", " ".join(text[stop:values].split())


def clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yields each FILTER, MINUS and VALUES of the outermost group of a query, with the query without it as ASK."""
    text, _ = split_modifiers(text)
    tokens, _, start, end = find_body(text)
    depth = 0
    for number in range(start, end):
        depth += (tokens[number].text == "{") - (tokens[number].text == "}")
        if depth != 1 or tokens[number].text.upper() not in _CLAUSES or tokens[number].kind != "word":
            continue
        is_braced = tokens[number].text.upper() != "FILTER" or any(
            syntax.is_keyword(tokens[number + ahead], "EXISTS") for ahead in (1, 2) if number + ahead < end
        )
        opens, closes = ("{", "}") if is_braced else ("(", ")")
        first = next((at for at in range(number, end) if tokens[at].text == opens), end)
        last = find_closing(tokens, first, opens, closes, closes)
        stop = tokens[last].start + 1
        yield text[tokens[number].start : stop], text[: tokens[number].start] + text[stop:]


_MOST = 12


def holds(store: Store, text: str, *, otherwise: bool) -> bool:
    """Runs an ASK query and returns its result.

    The queries are assembled from parts of a user's query, so a store may reject one; the result is then ``otherwise``.
    """
    try:
        found = store.query(text, entities.namespaces(store))
    except SyntaxError:
        return otherwise
    return isinstance(found, QueryBoolean) and bool(found)


def find_unknown(store: Store, record: Store, constants: Iterable[str]) -> tuple[UnknownTerm, ...]:
    """Returns the project's IRIs in a query that do not occur in a snapshot or its record, with similar known terms."""
    unknown = _find_absent(store, constants)
    spaces, known = entities.namespaces(record), names(record) if unknown else []
    return tuple(
        UnknownTerm(terms.shorten(iri, spaces), tuple(terms.shorten(near, spaces) for near in suggest(known, iri))) for iri in unknown
    )


def find_unknown_in(store: Store, record: Store, text: str) -> tuple[UnknownTerm, ...]:
    """Does the same for the text of a query, and parses it only if there are unknown terms, so that the usual case is cheap."""
    spaces = entities.namespaces(record)
    if not _find_absent(store, {*find_iris(text, spaces)} - {*spaces.values()}):
        return ()
    return find_unknown(store, record, read_demands(text, spaces).constants)


def _find_absent(store: Store, iris: Iterable[str]) -> list[str]:
    wanted = [iri for iri in iris if iri.startswith(terms.BASE)]
    query = f"""SELECT ?term WHERE {{
        VALUES ?term {{ {terms.format_iris(wanted)} }}
        FILTER(EXISTS {{ ?term ?p ?o }} || EXISTS {{ ?s ?p ?term }} || EXISTS {{ ?s ?term ?o }}
          || EXISTS {{ GRAPH ?g {{ ?term ?p ?o }} }} || EXISTS {{ GRAPH ?g {{ ?s ?p ?term }} }}
          || EXISTS {{ GRAPH ?g {{ ?s ?term ?o }} }} || EXISTS {{ GRAPH ?term {{ ?s ?p ?o }} }})
    }}"""
    known = {row["term"] for row in entities.rows(store, query)} if wanted else set()
    return [iri for iri in wanted if iri not in known]


def find_patterns(store: Store, text: str, demands: Demands, namer: Namer) -> tuple[EmptyPattern, ...]:
    """Returns the parts of a query that have no match.

    These are the patterns without a match of their own; if there are none, the first part without a match together with
    those before it; if there is none, the clauses without which the query has results.
    """
    parts = demands.parts[:_MOST]
    alone = [part for part in parts if part.is_pattern and not holds(store, _ask([part]), otherwise=True)]
    if alone:
        return tuple(EmptyPattern(namer.short(part.text), "alone") for part in alone)
    outer = [part for part in parts if not part.is_inner]
    first = _first(len(outer), lambda count: not holds(store, _ask(outer[:count]), otherwise=True))
    if first is not None:
        return (EmptyPattern(namer.short(outer[first].text), "join"),)
    return tuple(
        EmptyPattern(" ".join(clause.split()), "clause") for clause, without in clauses(text) if holds(store, without, otherwise=False)
    )


def _ask(parts: Sequence[RequiredPattern]) -> str:
    return f"ASK {{ {' '.join(f'{part.text} .' if part.is_pattern else part.text for part in parts)} }}"


def _first(count: int, is_empty: Callable[[int], bool]) -> int | None:
    """Returns the index of the first part that, together with those before it, has no match; None if all match together."""
    if not count or not is_empty(count):
        return None
    low, high = 0, count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_empty(middle) else (middle, high)
    return high - 1


_TYPE = terms.RDF + "type"
_ENDS = """SELECT ?property ?end ?class WHERE {
  VALUES (?states ?end) { (rdfs:domain "subject") (rdfs:range "object") }
  ?property ?states ?class . FILTER(isIRI(?class)) }"""
_DISJOINT = """SELECT DISTINCT ?one ?other WHERE {
  { ?one owl:disjointWith ?other }
  UNION { ?all a owl:AllDisjointClasses ; owl:members ?list . ?list rdf:rest*/rdf:first ?one . ?list rdf:rest*/rdf:first ?other }
  FILTER(isIRI(?one) && isIRI(?other) && ?one != ?other) }"""


def find_clashes(store: Store, record: Store, demands: Demands, namer: Namer) -> tuple[Clash, ...]:
    """Returns a clash for each variable that no entity can stand for.

    Args:
        store: the store that was queried.
        record: the record, which has the ontology.
        demands: what the query demands: only patterns that every solution matches.
    """
    required: dict[str, dict[str, str]] = {}
    for variable, kind, pattern in _read_requirements(record, demands):
        required.setdefault(variable, {}).setdefault(kind, pattern)
    clashes = []
    for variable, kinds in required.items():
        # Data may violate the ontology, so both patterns together must have no match, either.
        pairs = (
            (one, other)
            for one, other in combinations(kinds, 2)
            if _are_disjoint(record, one, other) and not holds(store, f"ASK {{ {kinds[one]} . {kinds[other]} }}", otherwise=True)
        )
        if pair := next(pairs, None):
            clashes.append(Clash(variable, *(ClassUse(namer.short(f"<{kind}>"), namer.short(kinds[kind])) for kind in pair)))
    return tuple(clashes)


def _read_requirements(record: Store, demands: Demands) -> Iterator[tuple[str, str, str]]:
    """Yields variables, a class that each must be of, and the pattern that requires it."""
    for link in demands.links:
        pattern = f"{link.subject} <{link.property}> {link.object}"
        if link.property == _TYPE and link.object.startswith("<"):
            yield link.subject, link.object[1:-1], pattern
        for end, kind in _ends(record).get(link.property, ()):
            name = link.subject if end == "subject" else link.object
            if name.startswith("?"):
                yield name, kind, pattern


@memoise
def _ends(record: Store) -> dict[str, list[tuple[str, str]]]:
    """Returns the classes of the subjects and objects of each property."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in entities.rows(record, f"{_ENDS} ORDER BY ?property ?end ?class"):
        found.setdefault(row["property"], []).append((row["end"], row["class"]))
    return found


@memoise
def _disjoint(record: Store) -> set[frozenset[str]]:
    return {frozenset((row["one"], row["other"])) for row in entities.rows(record, _DISJOINT)}


def _are_disjoint(record: Store, one: str, other: str) -> bool:
    above = [entities.with_superclasses(record, [kind]) for kind in (one, other)]
    return any(frozenset(pair) in _disjoint(record) for pair in product(*above))
