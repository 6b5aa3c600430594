"""The data of a network for the script of the interactive page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nevkg.ask.support import STANDING
from nevkg.network.layout.labels import clean
from nevkg.network.layout.place import Placement
from nevkg.network.model import Network
from nevkg.network.projection import load_projections
from nevkg.table.values import Thing, Value, to_text


def page_data(network: Network, placed: Placement, kinds: Sequence[str], say: Mapping[str, str]) -> dict[str, Any]:
    """Returns nodes, edges and sources as JSON values, which refer to each other by index.

    Args:
        network: the network.
        placed: its layout.
        kinds: the IRIs of classes, in the order of their numbers.
        say: the texts of the page.
    """
    language = network.language
    attributes = load_projections(network.store.layout).attributes
    of_nodes = {name: column.label.get(language, name) for name, one in attributes.items() for column in one.columns[1:]}
    of_edges = {STANDING: say["standing"]}
    of_edges |= {column.name: column.label.get(language, column.name) for column in network.projection.question.columns}
    numbers = {iri: number for number, iri in enumerate(network.nodes)}
    kind_of = {iri: number for number, iri in enumerate(kinds)}
    labels = {node.kind.iri: node.kind.label for node in network.nodes.values()}
    relations = {edge.relation.iri: edge.relation.label for edge in network.edges}
    relation_of = {iri: number for number, iri in enumerate(relations)}
    evidence = network.evidence
    source_of = {source.iri: number for number, source in enumerate(evidence.sources)}
    return {
        "words": dict(say),
        "kinds": [clean(labels[iri]) or say["other"] for iri in kinds],
        "relations": [clean(label) for label in relations.values()],
        "nodes": [
            {
                "iri": iri,
                "name": node.name,
                "label": clean(node.label) or iri,
                "kind": kind_of[node.kind.iri],
                "x": placed.points[iri][0],
                "y": placed.points[iri][1],
                "placed": int(iri in placed.labels),
                "facts": _facts(node.facts, of_nodes),
            }
            for iri, node in network.nodes.items()
        ],
        "edges": [
            {
                "s": numbers[edge.subject],
                "r": relation_of[edge.relation.iri],
                "o": numbers[edge.object],
                "spells": [list(spell) for spell in edge.spells],
                "facts": _facts(edge.facts, of_edges),
                "evidence": [
                    [iri, [source_of[source] for source in evidence.behind.get(iri, ()) if source in source_of]] for iri in edge.evidence
                ],
            }
            for edge in network.edges
        ],
        "sources": [
            {
                "iri": source.iri,
                "title": clean(source.title),
                "publisher": clean(source.publisher),
                "published": source.published,
                "address": source.address,
                "devised": source.devised,
                "unreliable": source.unreliable,
                "archive": source.archive,
            }
            for source in evidence.sources
        ],
    }


def _facts(facts: Mapping[str, Value], names: Mapping[str, str]) -> list[list[Any]]:
    """Returns each fact as its name and its values, each value as a text and an IRI, which is empty unless it is an entity."""
    return [
        [
            names.get(name, name),
            [[clean(to_text(one)), one.iri if isinstance(one, Thing) else ""] for one in (value if isinstance(value, tuple) else (value,))],
        ]
        for name, value in facts.items()
        if value is not None
    ]
