"""Reads what a query demands: the triple patterns and VALUES that every solution matches, and the terms that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nevkg.data import terms
from nevkg.sparql import syntax
from nevkg.sparql.patterns import find_body, find_closing, read_algebra

_CLAUSES = ("FILTER", "MINUS", "VALUES")
# Characters that an IRI must not have; an escape can introduce them.
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True)
class Part:
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

    parts: tuple[Part, ...] = ()
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
        parts=tuple(one for _, one in found),
        links=tuple(
            Link(_n3(part[0]), str(part[1]), _n3(part[2])) for part, _ in found if isinstance(part, tuple) and isinstance(part[1], URIRef)
        ),
        values=values,
        constants=named,
    )


def _required(part: Any, graph: str, *, is_inner: bool) -> Iterator[tuple[Any, Part]]:
    """Yields the triples, and the values of variables, that every solution of a part of the algebra matches."""
    match part.name:
        case "BGP":
            for triple in part.triples:
                text = " ".join(_n3(end) for end in triple)
                yield triple, Part(f"GRAPH {graph} {{ {text} }}" if graph else text, is_inner, is_pattern=True)
        case "values":
            names = list(dict.fromkeys(name for row in part.res for name in row))
            rows = [[value if (value := row[name]) == "UNDEF" else _n3(value) for name in names] for row in part.res]
            body = " ".join(f"({' '.join(row)})" for row in rows)
            known = {_n3(name): [row[at] for row in rows] for at, name in enumerate(names) if all(row[at] != "UNDEF" for row in rows)}
            yield known, Part(f"VALUES ({' '.join(_n3(name) for name in names)}) {{ {body} }}", is_inner, is_pattern=False)
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
