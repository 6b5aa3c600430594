"""The form of a network that all export formats share: short names, clean scalars, one type per attribute, a fixed order."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.sources import Source
from nevkg.network.drawing import read_rgb
from nevkg.network.model import Dashes, Edge, NetworkData, Node, Scalar, Spell, span
from nevkg.network.projections import FROM, UNTIL
from nevkg.table.values import Value, to_text

if TYPE_CHECKING:
    import networkx as nx


T = TypeVar("T")


def scalar(value: Value) -> Scalar:
    """Converts a value to a text, a number or a truth value; an entity to its label."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | int | float) else to_text(value)


def node_attributes(node: Node) -> dict[str, Scalar]:
    """Returns the attributes of a node; unknown values are left out."""
    facts = {name: scalar(value) for name, value in node.facts.items() if value is not None}
    return {"label": node.label, "iri": node.iri, "class": node.kind.label, "color": node.color, **facts}


def edge_attributes(edge: Edge) -> dict[str, Scalar]:
    """Returns the attributes of an edge; its dates are the first beginning and the last end, unknown values are left out."""
    facts = {name: scalar(value) for name, value in edge.facts.items() if value is not None}
    return facts | {"label": edge.relation.label, "relation": edge.relation.iri, "weight": edge.weight, **_dates(edge.spells)}


def _dates(spells: Sequence[Spell]) -> dict[str, str]:
    return {name: day for name, day in zip((FROM, UNTIL), span(spells), strict=True) if day is not None}


def to_networkx(network: NetworkData) -> nx.MultiDiGraph[str]:
    """Converts a network; see :meth:`nevkg.network.Network.to_networkx`."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph(title=network.title, description=network.description)
    for node in network.nodes.values():
        graph.add_node(node.name, **node_attributes(node))
    spaces = entities.namespaces(network.store)
    for edge in network.edges:
        subject, obj = (network.nodes[iri].name for iri in edge.ends)
        key = terms.shorten(edge.relation.iri, spaces)
        # Edges of the same relation and ends differ in their evidence, so each gets its own key.
        while graph.has_edge(subject, obj, key):
            key += "'"
        graph.add_edge(subject, obj, key, **edge_attributes(edge))
    return graph


# Characters that XML 1.0 does not allow, not even escaped; all formats omit them, so that all have the same content.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Larger whole numbers are texts, since graph tools have 64 bits for them.
_LARGEST = 2**63 - 1
# Names to which the formats give a meaning; a fact with such a name gets an underscore.
_RESERVED = frozenset({"evidence", "id", "key", "name", "parent", "source", "sources", "spells", "target", "value"})


@dataclass(frozen=True)
class PlainNode:
    """A node with its short name.

    Attributes:
        life: the period in which it existed, None if unknown.
        position: where it is in a picture, y upwards, if it is in one.
    """

    name: str
    facts: Mapping[str, Scalar]
    life: Spell | None
    position: tuple[float, float] | None = None

    @property
    def rgb(self) -> tuple[int, ...]:
        """Red, green and blue of its colour; see :func:`nevkg.network.drawing.read_rgb`."""
        return read_rgb(str(self.facts.get("color", "")))


@dataclass(frozen=True)
class PlainEdge:
    """An edge with an identifier, between nodes given by their short names.

    Attributes:
        name: the identifier, ``e1``, ``e2`` and so on.
        kind: the short name of its relation.
        sources: the IRIs of the sources behind its evidence, if they were asked for.
        dashes: the dashes of its standing.
    """

    name: str
    source: str
    target: str
    kind: str
    facts: Mapping[str, Scalar]
    spells: Sequence[Spell]
    evidence: Sequence[str]
    sources: Sequence[str] = ()
    dashes: Dashes = ()


@dataclass(frozen=True)
class Plain:
    """A network with short names and clean scalars, sorted, with one type for each attribute."""

    about: Mapping[str, str]
    nodes: Sequence[PlainNode]
    edges: Sequence[PlainEdge]
    node_types: Mapping[str, type[Scalar]]
    edge_types: Mapping[str, type[Scalar]]
    sources: Sequence[Source] = ()


def simplify(network: NetworkData, *, with_sources: bool = False) -> Plain:
    """Converts a network to the form that all formats share; looking up the sources of its edges takes time."""
    about = {"title": _clean(network.title), "description": _clean(network.description), "as_of": network.as_of}
    nodes = sorted(network.nodes.values(), key=lambda node: node.iri)
    node_types, node_facts = _uniform([node_attributes(node) for node in nodes])
    edges = sorted(network.edges, key=lambda edge: (*edge.ends, edge.relation.iri))
    # The weight is from the chosen column, even if there is another column of that name.
    edge_types, edge_facts = _uniform([{**edge_attributes(edge), "weight": edge.weight} for edge in edges])
    spaces = entities.namespaces(network.store)
    kinds = {iri: terms.shorten(iri, spaces) for iri in {edge.relation.iri for edge in edges}}
    plain_edges = []
    for number, (edge, facts) in enumerate(zip(edges, edge_facts, strict=True), start=1):
        source, target = (network.nodes[iri].name for iri in edge.ends)
        sources = network.evidence.find_sources(edge.evidence) if with_sources else ()
        dashes = network.dashes.get(edge.standing.iri, ()) if edge.standing else ()
        kind = kinds[edge.relation.iri]
        plain_edges.append(PlainEdge(f"e{number}", source, target, kind, facts, edge.spells, edge.evidence, sources, dashes))
    plain_nodes = [PlainNode(node.name, facts, _life(node)) for node, facts in zip(nodes, node_facts, strict=True)]
    return Plain(about, plain_nodes, plain_edges, node_types, edge_types, network.sources if with_sources else ())


def read_document(document: Any) -> Plain:
    """Reads a network in node-link form, such as the visible part of one in the explorer.

    Args:
        document: JSON values: ``title``, ``description``, ``as_of``, ``nodes`` and ``edges``. A node has an ``id``, and ``x`` and ``y``
            (downwards) if it is in a picture; an edge has ``source`` and ``target``, and may have ``spells``, ``evidence`` and
            ``sources``. All other members of a node or an edge are its attributes.

    Raises:
        WrongUsage: if it has another form.
    """
    about = {"title": _clean(_take(document, "title", str))}
    about |= {name: _clean(_take(document, name, str)) for name in ("description", "as_of") if name in document}
    nodes, edges = (_take(document, name, list) for name in ("nodes", "edges"))
    names = [_clean(_take(node, "id", str)) for node in nodes]
    if len(set(names)) < len(names):
        raise WrongUsage("Two nodes have the same 'id'.")
    node_types, node_facts = _uniform([_attributes(node, ("id", "x", "y")) for node in nodes])
    plain_nodes = [
        PlainNode(name, facts, None, (node["x"], 0 - node["y"]) if _is_placed(node) else None)
        for name, facts, node in zip(names, node_facts, nodes, strict=True)
    ]
    spells = [[_read_spell(spell) for spell in _take(edge, "spells", list, [])] for edge in edges]
    rests = [[list(map(str, _take(edge, name, list, []))) for name in ("evidence", "sources")] for edge in edges]
    own = ("source", "target", "key", "spells", "evidence", "sources")
    edge_types, edge_facts = _uniform([_attributes(edge, own) | _dates(periods) for edge, periods in zip(edges, spells, strict=True)])
    plain_edges = []
    for number, (edge, facts, periods, (evidence, sources)) in enumerate(zip(edges, edge_facts, spells, rests, strict=True), start=1):
        source, target = (_clean(_take(edge, name, str)) for name in ("source", "target"))
        if missing := {source, target}.difference(names):
            raise WrongUsage(f"An edge leads to '{min(missing)}', which is not the 'id' of a node.")
        # Tables of graph tools have these as texts.
        texts = {"evidence": _clean(" ".join(evidence)), "sources": _clean(" ".join(sources))}
        kind = str(facts.get("relation") or facts.get("label", ""))
        plain_edges.append(PlainEdge(f"e{number}", source, target, kind, {**facts, **texts}, periods, evidence, sources))
    return Plain(about, plain_nodes, plain_edges, node_types, edge_types | {"evidence": str, "sources": str})


def _take(values: Any, name: str, kind: type[T], default: T | None = None) -> T:
    """Returns a member of a JSON object; raises ``WrongUsage`` if there is none, or it has another type."""
    found = values.get(name, default) if isinstance(values, dict) else None
    if not isinstance(found, kind):
        raise WrongUsage(f"'{name}' is missing, or is no {'list' if kind is list else 'text'}.")
    return found


def _attributes(values: Mapping[str, Any], own: Collection[str]) -> dict[str, Scalar]:
    """Returns the members of a JSON object as scalars, without those in ``own``."""
    return {_clean(name): _flatten(value) for name, value in values.items() if name not in own and value is not None}


def _flatten(value: Any) -> Scalar:
    if isinstance(value, list):
        return "; ".join(to_text(_flatten(item)) for item in value)
    if isinstance(value, dict):
        return str(value.get("label", ""))
    if isinstance(value, int) and abs(value) > _LARGEST:
        return str(value)
    return value if isinstance(value, int | float) else str(value)


def _is_placed(node: Mapping[str, Any]) -> bool:
    return all(isinstance(node.get(axis), int | float) and math.isfinite(node[axis]) for axis in ("x", "y"))


def _read_spell(spell: Any) -> Spell:
    days = [spell.get(name) if isinstance(spell, dict) else "" for name in (FROM, UNTIL)]
    try:
        begin, until = (day and date.fromisoformat(day).isoformat() for day in days)
    except (TypeError, ValueError):
        raise WrongUsage("A spell is no period from an ISO day until another.") from None
    return begin, until


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _uniform(rows: Iterable[Mapping[str, Scalar]]) -> tuple[dict[str, type[Scalar]], list[dict[str, Scalar]]]:
    """Returns one type for each attribute, and the rows converted to it, without empty texts and non-finite numbers."""
    cleaned = [
        {
            f"{name}_" if name in _RESERVED else name: _clean(value) if isinstance(value, str) else value
            for name, value in sorted(row.items())
            if value != "" and not (isinstance(value, float) and not math.isfinite(value))
        }
        for row in rows
    ]
    found: dict[str, set[type]] = {}
    for row in cleaned:
        for name, value in row.items():
            found.setdefault(name, set()).add(type(value))
    types = {name: _common(found[name]) for name in sorted(found)}
    return types, [{name: to_text(value) if types[name] is str else types[name](value) for name, value in row.items()} for row in cleaned]


def _common(types: set[type]) -> type[Scalar]:
    if types == {bool}:
        return bool
    if types == {int}:
        return int
    return float if types <= {int, float} else str


def _life(node: Node) -> Spell | None:
    begin, until = _day(node.facts.get(FROM)), _day(node.facts.get(UNTIL))
    return (begin, until) if begin or until else None


def _day(value: Value) -> str | None:
    return value.isoformat()[:10] if isinstance(value, date) else None
