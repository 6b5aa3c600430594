"""The whole graph in the hands of other packages: networkx and rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from nevkg import terms
from nevkg.store import EmbeddedStore, Store

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

_LABELS = frozenset(terms.LABELS)


def as_networkx(store: EmbeddedStore) -> nx.MultiDiGraph[str]:
    """Things are nodes, named by IRI; triples between them are edges keyed by property, each once.

    Literals are attributes of nodes, named by property; several values are a list. ``label`` is the English label.
    """
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph()
    edges: set[tuple[str, str, str]] = set()
    literals: dict[str, dict[str, set[str]]] = {}
    labels: dict[str, str] = {}
    for quad in store.store.quads_for_pattern(None, None, None):
        subject, name, value = terms.text(quad.subject), quad.predicate.value, quad.object
        if not isinstance(value, Literal):
            edges.add((subject, terms.text(value), name))
            continue
        literals.setdefault(subject, {}).setdefault(name, set()).add(value.value)
        if name in _LABELS and value.language == terms.LANGUAGES[0]:
            labels[subject] = value.value
    for subject, thing, name in sorted(edges):
        graph.add_edge(subject, thing, name)
    for subject, facts in sorted(literals.items()):
        graph.add_node(subject, **{name: sorted(found) if len(found) > 1 else next(iter(found)) for name, found in facts.items()})
    for subject, label in labels.items():
        graph.nodes[subject]["label"] = label
    return graph


def as_rdflib(store: Store) -> rdflib.Dataset:
    """A dataset over the store itself; a remote one is asked through rdflib's own SPARQL store."""
    import rdflib

    if isinstance(store, EmbeddedStore):
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(OxigraphStore(store=store.store), default_union=True)
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    address: str = getattr(store, "address", "")
    return rdflib.Dataset(SPARQLStore(address, method="POST_FORM"), default_union=True)
