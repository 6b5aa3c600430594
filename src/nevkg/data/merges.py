"""Merges entities that curators have found to be the same. Files keep the imported names; stores hold the merged entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad

from nevkg.data import terms
from nevkg.errors import InvalidData

_REPLACED = NamedNode(terms.NEV + "replaced")
_REPLACEMENT = NamedNode(terms.NEV + "replacement")
_REPLACED_BY = NamedNode(terms.DCTERMS + "isReplacedBy")
_LABEL = NamedNode(terms.RDFS + "label")
_ALIAS = NamedNode(terms.SKOS + "altLabel")


def read_merges(registry: Iterable[Quad]) -> dict[str, str]:
    """Returns the final replacement of each merged entity, with chains of merges followed to their end.

    Raises:
        InvalidData: if entities replace each other in a cycle.
    """
    judgements: dict[str, dict[NamedNode, str]] = defaultdict(dict)
    for quad in registry:
        if quad.predicate in (_REPLACED, _REPLACEMENT):
            judgements[terms.text(quad.subject)][quad.predicate] = terms.text(quad.object)
    direct = {pair[_REPLACED]: pair[_REPLACEMENT] for pair in judgements.values() if len(pair) > 1}
    ends = {}
    for old in direct:
        new, chain = direct[old], {old}
        while new in direct:
            if new in chain:
                raise InvalidData(f"The merges of {', '.join(sorted(chain))} form a cycle; remove one of them.")
            chain.add(new)
            new = direct[new]
        ends[old] = new
    return ends


def apply(quads: Iterable[Quad], replaced: dict[str, str]) -> Iterator[Quad]:
    """Yields the quads with merged entities replaced.

    Files keep the imported names, so that the IRIs of statements never change; a merge takes effect only here, when
    data is loaded into a store. A preferred label of the replaced entity becomes an alias.

    Args:
        quads: the quads of a file.
        replaced: the result of :func:`read_merges`.
    """
    for quad in quads:
        subject = replaced.get(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
        value = replaced.get(quad.object.value) if isinstance(quad.object, NamedNode) else None
        if (subject is None and value is None) or quad.predicate in (_REPLACED, _REPLACEMENT):
            yield quad
        else:
            name = _ALIAS if subject is not None and quad.predicate == _LABEL else quad.predicate
            new_subject = quad.subject if subject is None else NamedNode(subject)
            yield Quad(new_subject, name, quad.object if value is None else NamedNode(value), quad.graph_name)


def apply_to_registry(quads: Iterable[Quad], replaced: dict[str, str], name: NamedNode) -> Iterator[Quad]:
    """Yields the registry (graph ``name``) with merged entities replaced, and ``dcterms:isReplacedBy`` for each old name."""
    yield from apply(quads, replaced)
    yield from (Quad(NamedNode(old), _REPLACED_BY, NamedNode(new), name) for old, new in replaced.items())
