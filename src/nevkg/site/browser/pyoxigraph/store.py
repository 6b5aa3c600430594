"""A store in the memory of the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import oxigraph
from pyodide.ffi import to_js

from pyoxigraph.formats import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, call
from pyoxigraph.terms import DefaultGraph, NamedNode, Quad

# A place in the first line, where the prefixes stand before the query.
_PLACE = re.compile(r"\b1:(\d+)")


class Store:
    def __init__(self, path: str | None = None, *, make: Callable[[], Any] | None = None, turn: Callable[[], Any] | None = None) -> None:
        """Opens a store: what ``make`` returns when it is first used, or what ``turn`` returns whenever it is used."""
        if path is not None:
            raise OSError("There is no disk in a browser.")
        self._open = turn or cache(make or oxigraph.create)

    @property
    def _store(self) -> Any:
        return self._open()

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        use_default_graph_as_union: bool = False,
        default_graph: Any = None,
        named_graphs: Any = None,
    ) -> Any:
        # Imported here, because nevkg imports this package.
        from nevkg.sparql.arithmetic import group_from_left

        known = "".join(f"PREFIX {name}: <{iri}> " for name, iri in (prefixes or {}).items())
        graphs = [default_graph] if isinstance(default_graph, NamedNode) else default_graph
        options = to_js(
            {
                "base_iri": base_iri,
                "use_default_graph_as_union": use_default_graph_as_union,
                "default_graph": None if graphs is None else [graph.value for graph in graphs],
                "named_graphs": None if named_graphs is None else [graph.value for graph in named_graphs],
            },
            dict_converter=oxigraph.record,
        )

        grouped = group_from_left(query)

        def run(text: str) -> tuple[str, str]:
            try:
                kind, found = call(oxigraph.query, self._store, known + text, options)
            except SyntaxError as error:
                raise SyntaxError(_PLACE.sub(lambda place: f"1:{int(place[1]) - len(known)}", str(error))) from None
            return kind, found

        def write(format_name: str) -> str:
            return call(oxigraph.write, self._store, known + grouped, options, format_name)

        try:
            kind, text = run(grouped)
        except SyntaxError:
            kind, text = run(query)  # its error has the position in the query as it was given
        if kind == "triples":
            return QueryTriples(text)
        return (QueryBoolean if kind == "boolean" else QuerySolutions)(text, write)

    def add(self, quad: Quad) -> None:
        self.extend([quad])

    def extend(self, quads: Iterable[Quad]) -> None:
        oxigraph.load(self._store, to_js("".join(f"{quad} .\n" for quad in quads).encode()))

    def bulk_extend(self, quads: Any) -> None:
        if isinstance(quads, Store):
            oxigraph.copy(self._store, quads._store)
        else:
            self.extend(quads)

    def load(self, input: bytes, format: RdfFormat, *, to_graph: NamedNode | DefaultGraph | None = None, **_: Any) -> None:
        assert format in (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES)
        if isinstance(to_graph, NamedNode):
            input = input.replace(b" .\n", f" {to_graph} .\n".encode())
        call(oxigraph.load, self._store, to_js(input))

    bulk_load = load

    def remove_graph(self, graph: NamedNode) -> None:
        oxigraph.update(self._store, f"DROP SILENT GRAPH {graph}")

    def named_graphs(self) -> Iterator[NamedNode]:
        return (row[0] for row in self.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None) -> Iterator[Quad]:
        where = " ".join(str(term or name) for term, name in ((subject, "?s"), (predicate, "?p"), (object, "?o")))
        given = {"s": subject, "p": predicate, "o": object, "g": graph_name}
        if isinstance(graph_name, DefaultGraph):
            found = self.query(f"SELECT * {{ {where} }}")
        else:
            everywhere = "" if graph_name else f"{{ {where} }} UNION "
            found = self.query(f"SELECT * {{ {everywhere}{{ GRAPH {graph_name or '?g'} {{ {where} }} }} }}")
        names = [variable.value for variable in found.variables]
        for row in found:
            terms = given | {name: row[name] for name in names}
            yield Quad(terms["s"], terms["p"], terms["o"], terms["g"])

    def flush(self) -> None:
        pass

    optimize = flush

    def __len__(self) -> int:
        return int(self._store.size)
