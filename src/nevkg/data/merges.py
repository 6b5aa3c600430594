"""Things that the curators have found to be one: what was imported keeps its names, and stores have them merged."""

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


def read(registry: Iterable[Quad]) -> dict[str, str]:
    """What replaces each thing that the curators have found to be another one, to the end of every chain.

    Raises:
        InvalidData: if things replace each other in a circle.
    """
    judged: dict[str, dict[NamedNode, str]] = defaultdict(dict)
    for quad in registry:
        if quad.predicate in (_REPLACED, _REPLACEMENT):
            judged[terms.text(quad.subject)][quad.predicate] = terms.text(quad.object)
    direct = {both[_REPLACED]: both[_REPLACEMENT] for both in judged.values() if len(both) > 1}
    ends = {}
    for old in direct:
        new, passed = direct[old], {old}
        while new in direct:
            if new in passed:
                raise InvalidData(f"The merges of {', '.join(sorted(passed))} go round in a circle; remove one.")
            passed.add(new)
            new = direct[new]
        ends[old] = new
    return ends


def apply(quads: Iterable[Quad], replaced: dict[str, str]) -> Iterator[Quad]:
    """The quads with merged things put in place of the old ones; the old names lead there.

    Statements keep what was imported, so that their own names never change; only here, on the way
    into a store, does a merge take effect. A preferred label of the old thing becomes an alias.
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
    """The registry (graph ``name``) with merged things being one, and with where the old names lead."""
    yield from apply(quads, replaced)
    yield from (Quad(NamedNode(old), _REPLACED_BY, NamedNode(new), name) for old, new in replaced.items())
