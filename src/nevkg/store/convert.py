"""Converts the whole graph to networkx and rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from nevkg.data import terms
from nevkg.store import EmbeddedStore, Store, cache

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

_LABELS = frozenset(terms.LABELS)


def as_networkx(store: EmbeddedStore) -> nx.MultiDiGraph[str]:
    """Returns a graph of all entities: nodes named by IRI, and triples between them as edges keyed by property, without duplicates.

    Literals are attributes of nodes, named by property; several values become a list. ``label`` is the English label.
    """
    import networkx

    facts = _facts(store)
    names: list[str] = facts["names"]
    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for subject, name, thing in facts["edges"]:
        graph.add_edge(names[subject], names[thing], names[name])
    for subject, name, values in facts["literals"]:
        graph.add_node(names[subject], **{names[name]: values})
    for subject, label in facts["labels"]:
        graph.nodes[names[subject]]["label"] = label
    return graph


def _facts(store: EmbeddedStore) -> dict[str, Any]:
    """Returns all triples with numbers for IRIs; saved beside the store, since reading the store takes most of the time."""
    path = store.place / "triples.json" if store.place else None
    if path is not None and (found := cache.load(path)) is not None:
        facts: dict[str, Any] = found
        return facts
    edges: set[tuple[str, str, str]] = set()
    literals: dict[tuple[str, str], set[str]] = {}
    labels: dict[str, str] = {}
    for quad in store.store.quads_for_pattern(None, None, None):
        subject, name, value = terms.text(quad.subject), quad.predicate.value, quad.object
        if not isinstance(value, Literal):
            edges.add((subject, name, terms.text(value)))
            continue
        literals.setdefault((subject, name), set()).add(value.value)
        if name in _LABELS and value.language == terms.LANGUAGES[0]:
            labels[subject] = value.value
    names = sorted({name for edge in edges for name in edge} | {name for pair in literals for name in pair})
    number = {name: at for at, name in enumerate(names)}
    facts = {
        "names": names,
        "edges": sorted([number[subject], number[name], number[thing]] for subject, name, thing in edges),
        "literals": [
            [number[subject], number[name], sorted(values) if len(values) > 1 else next(iter(values))]
            for (subject, name), values in sorted(literals.items())
        ],
        "labels": sorted([number[subject], label] for subject, label in labels.items()),
    }
    if path is not None:
        cache.save(path, facts)
    return facts


def as_rdflib(store: Store) -> rdflib.Dataset:
    """Returns an rdflib dataset that reads the store itself; for a remote store it uses rdflib's SPARQL store."""
    import rdflib

    if isinstance(store, EmbeddedStore):
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(OxigraphStore(store=store.store), default_union=True)
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    address: str = getattr(store, "address", "")
    return rdflib.Dataset(SPARQLStore(address, method="POST_FORM"), default_union=True)
