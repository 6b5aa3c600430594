"""Reads the manifests of a suite.

Relative IRIs of a test are resolved against the base of nevkg, because the store resolves those of a query in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, RdfFormat, parse

from nevkg.data import terms

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
Node = NamedNode | BlankNode


@dataclass(frozen=True)
class Description:
    """A node of a manifest with its properties."""

    graph: Dataset
    node: Node
    folder: Path

    def values(self, predicate: str) -> list[Description]:
        """Returns the values of a property as nodes; literals are left out."""
        return [self._at(term) for term in self._list_objects(predicate) if isinstance(term, NamedNode | BlankNode)]

    def value(self, predicate: str) -> Description | None:
        """Returns the value of a property, or None."""
        return next(iter(self.values(predicate)), None)

    def text(self, predicate: str) -> str:
        """Returns the literal value of a property, or an empty text."""
        return next((term.value for term in self._list_objects(predicate) if isinstance(term, Literal)), "")

    def term(self, predicate: str) -> str:
        """Returns the value of a property in N-Triples syntax, or an empty text."""
        return str(next(iter(self._list_objects(predicate)), ""))

    def members(self, predicate: str) -> Iterator[Description]:
        """Yields the members of a list that is the value of a property."""
        rest = self.value(predicate)
        while rest and (first := rest.value(terms.RDF + "first")):
            yield first
            rest = rest.value(terms.RDF + "rest")

    @property
    def kinds(self) -> list[str]:
        """The local names of its classes."""
        return [_local_name(class_.node.value) for class_ in self.values(terms.RDF + "type")]

    @property
    def file(self) -> Path:
        """The file of the suite that the node refers to."""
        return self.folder / unquote(self.node.value.removeprefix(terms.BASE))

    def _at(self, node: Node) -> Description:
        return Description(self.graph, node, self.folder)

    def _list_objects(self, predicate: str) -> list[object]:
        # Sorted by text, because a graph has no order.
        return sorted((quad.object for quad in self.graph.quads_for_subject(self.node) if quad.predicate.value == predicate), key=str)


@dataclass(frozen=True)
class Case:
    """A test of a suite: its folder and name, its class, and its description in the manifest.

    ``base`` is the IRI that the suite assumes for its files; empty if there is none.
    """

    name: str
    kind: str
    about: Description
    base: str = ""

    @property
    def action(self) -> Description:
        return self._require("action")

    @property
    def result(self) -> Description:
        return self._require("result")

    def _require(self, name: str) -> Description:
        value = self.about.value(MF + name)
        assert value, f"{self.name} has no mf:{name}"
        return value


def read_cases(manifest: Path, kinds: Collection[str] = ()) -> list[Case]:
    """Returns the tests of a manifest and of those that it includes, in order, of some classes or of all."""
    return [case for case in _read_cases(manifest) if not kinds or case.kind in kinds]


@cache
def _read_cases(manifest: Path) -> tuple[Case, ...]:
    folder = manifest.parent
    graph = Dataset(parse(path=manifest, format=RdfFormat.TURTLE, base_iri=terms.BASE + manifest.name))
    (type_quad,) = (quad for quad in graph.quads_for_object(NamedNode(MF + "Manifest")) if quad.predicate.value == terms.RDF + "type")
    assert isinstance(type_quad.subject, NamedNode | BlankNode)
    whole = Description(graph, type_quad.subject, folder)
    base = next((base_node.node.value for base_node in whole.values(MF + "assumedTestBase")), "")
    included = whole.values(MF + "include")
    listed = [*whole.members(MF + "include")] or [included_node for included_node in included if isinstance(included_node.node, NamedNode)]
    own = [
        Case(f"{folder.name}/{_local_name(entry.node.value)}", entry.kinds[0] if entry.kinds else "", entry, base)
        for entry in whole.members(MF + "entries")
    ]
    return (*(case for included_node in listed for case in _read_cases(included_node.file)), *own)


def _local_name(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
