"""What a load has a server do: take in quads or whole graphs, replace and remove graphs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

from pyoxigraph import Quad, QuerySolutions, RdfFormat, Triple, serialize

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.publish.load.parts import by_subject, runs
from nevkg.store.http import Lost, connect, refusal
from nevkg.store.presets import Preset
from nevkg.store.remote import open_remote

_MANY = 50
_CUT_SHORT = (408, 413, 502, 504)  # by a proxy, or by the server itself


# Graphs, each with some triples of it as lines of N-Triples.
Piece = Sequence[tuple[str, bytes]]


class TooLong(CouldNotRun):
    """Something on the way does not let through a request of this length, or not for so long."""


class Service:
    """A server that can be written to."""

    def __init__(self, preset: Preset, layout: Layout, *, pause: float = 0.5) -> None:
        """The server of ``preset``; nothing is sent yet."""
        self.preset = preset
        self.queries = open_remote(preset.query, layout, digest=preset.digest, preamble=preset.preamble, pause=pause)
        self._writing = connect(preset.update or preset.graphs, digest=preset.digest, pause=pause)

    def replace(self, aside: Mapping[str, str], held: Collection[str]) -> None:
        """Has graphs take the content of those aside, all in one step. It may be done twice.

        Args:
            aside: each graph with the one that holds its new content, which stays.
            held: the graphs that are there already.
        """
        old = [graph for graph in aside if graph in held]
        parts = [
            self.preset.empty.format(graph=graph) if self.preset.empty else self._taking(graph, _not_in([aside[graph]])) for graph in old
        ]
        parts += [f"ADD GRAPH <{new}> TO GRAPH <{graph}>" for graph, new in aside.items()]
        self.update(" ;\n".join(parts))

    def replace_in_parts(self, graph: str, aside: Sequence[str], held: Collection[str]) -> None:
        """Has a graph take the content of several aside, a step for each; what is in none of them goes last. It may be done twice.

        Args:
            graph: that is too large for one step.
            aside: the graphs that hold its new content together, and stay.
            held: the graphs that are there already.
        """
        for part in aside:
            self.update(f"ADD GRAPH <{part}> TO GRAPH <{graph}>")
        if graph in held:
            outdated = _not_in(aside)
            for part in by_subject(self._count(graph, outdated), self.preset.most_triples):
                self.update(self._taking(graph, f"{part} {outdated}"))

    def remove(self, sizes: Mapping[str, int]) -> None:
        """Takes graphs away, in as many steps as it needs; each comes with its number of triples."""
        most = self.preset.most_triples
        for run in runs(sizes, self.preset.most_graphs, most):
            if sizes[run[0]] > most:
                for part in by_subject(sizes[run[0]], most):
                    self.update(self._taking(run[0], part))
            remove = self.preset.remove
            self.update(" ;\n".join(remove.format(graph=graph) if remove else self._taking(graph) for graph in run))

    def sweep(self, sizes: Mapping[str, int]) -> None:
        """Takes graphs away, sorted, that are all those between the first and the last; each comes with its number of triples."""
        for run in runs(sizes, len(sizes), self.preset.most_triples):
            if len(run) > _MANY and self.preset.sweeps:
                condition = f'FILTER(STR(?g) >= "{run[0]}" && STR(?g) <= "{run[-1]}")'
                self.update(f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {condition} }}")
            else:
                self.remove({graph: sizes[graph] for graph in run})

    def _taking(self, graph: str, filters: str = "") -> str:
        return self.preset.take.format(graph=graph, filters=filters)

    def _count(self, graph: str, filters: str) -> int:
        found = self.queries.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} {filters} }}")
        assert isinstance(found, QuerySolutions)
        return int(terms.text(next(found)["n"]))

    def update(self, text: str) -> None:
        """Sends a SPARQL update.

        Raises:
            CouldNotRun: if it is refused.
        """
        self._send("POST", self.preset.update, text.encode(), "application/sparql-update")

    def add(self, piece: Piece) -> None:
        """Adds triples to graphs.

        Raises:
            TooLong: if fewer may go through.
            CouldNotRun: if they are refused.
        """
        if self.preset.quads:
            quads = b"".join(lines.replace(b" .\n", f" <{graph}> .\n".encode()) for graph, lines in piece)
            self._send("POST", self.preset.quads, quads, "application/n-quads")
        else:
            blocks = (f"GRAPH <{graph}> {{\n{lines.decode()}}}\n" for graph, lines in piece)
            self.update(f"INSERT DATA {{\n{''.join(blocks)}}}")

    def put(self, graph: str, quads: Collection[Quad]) -> None:
        """Replaces a graph by one request, as the Graph Store Protocol has it."""
        self._send("PUT", self._graph(graph), serialize(map(_triple, quads), format=RdfFormat.N_TRIPLES) or b"", "application/n-triples")

    def delete(self, graph: str) -> None:
        """Takes a graph away, as the Graph Store Protocol has it."""
        self._send("DELETE", self._graph(graph), b"", "application/n-triples")

    def _graph(self, graph: str) -> str:
        joint = "&" if "?" in self.preset.graphs else "?"
        return f"{self.preset.graphs}{joint}graph={quote(graph, safe='')}"

    def _send(self, method: str, address: str, content: bytes, media: str) -> None:
        try:
            response = self._writing.send(method, address, content, {"Content-Type": media})
        except Lost as error:
            if self._is_alive():
                raise TooLong(str(error)) from None
            raise
        with response:
            if not response.ok:
                kind = TooLong if response.status_code in _CUT_SHORT else CouldNotRun
                raise kind(f"{address.partition('?')[0]} did not take what was sent {refusal(response)}.")

    def _is_alive(self) -> bool:
        try:
            self.queries.query("ASK {}")
        except CouldNotRun:
            return False
        return True


def _triple(quad: Quad) -> Triple:
    return Triple(quad.subject, quad.predicate, quad.object)


def _not_in(graphs: Sequence[str]) -> str:
    return " ".join(f"FILTER NOT EXISTS {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}" for graph in graphs)
