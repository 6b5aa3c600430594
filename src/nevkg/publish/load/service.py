"""A writable SPARQL server: adds quads, and puts, replaces and removes graphs, in batches that fit into a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

from pyoxigraph import Quad, RdfFormat, serialize

from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.store import contents
from nevkg.store.endpoints import NoAnswer, Preset, connect, describe_response
from nevkg.store.remote import open_remote

_MANY = 50
_CUT_SHORT = (408, 413, 502, 504)  # by a proxy, or by the server itself
# Graphs, each with some of its triples as lines of N-Triples.
Piece = Sequence[tuple[str, bytes]]


class TooLong(CouldNotRun):
    """Raised when the server or a proxy rejects a request as too large, or cuts it off because it takes too long."""


class Service:
    """A server that accepts updates or the Graph Store Protocol."""

    def __init__(self, preset: Preset, layout: Layout, *, pause: float = 0.5) -> None:
        """Prepares connections; sends nothing yet. ``pause`` (seconds) is the backoff factor before a request is repeated."""
        self.preset = preset
        self.queries = open_remote(preset.query, layout, digest=preset.digest, preamble=preset.preamble, pause=pause)
        self._writing = connect(preset.update or preset.graphs, digest=preset.digest, pause=pause)

    def replace(self, staging: Mapping[str, str], existing: Collection[str]) -> None:
        """Replaces graphs by their staging graphs, which stay, in one idempotent update; ``existing`` are those on the server."""
        old = [graph for graph in staging if graph in existing]
        parts = [
            self.preset.empty.format(graph=graph) if self.preset.empty else self._deletion(graph, _not_in([staging[graph]]))
            for graph in old
        ]
        parts += [f"ADD GRAPH <{new}> TO GRAPH <{graph}>" for graph, new in staging.items()]
        self.update(" ;\n".join(parts))

    def replace_in_parts(self, graph: str, staging: Sequence[str], existing: Collection[str]) -> None:
        """Replaces a graph by the contents of several staging graphs, one update for each. It is idempotent.

        Outdated triples, which are in none of the staging graphs, are removed last.

        Args:
            graph: a graph that is too large for one update.
            staging: the graphs that together have its new content, which are not removed.
            existing: the graphs that the server has already.
        """
        for part in staging:
            self.update(f"ADD GRAPH <{part}> TO GRAPH <{graph}>")
        if graph in existing:
            outdated = _not_in(staging)
            for part in contents.split_by_subject(contents.size(self.queries, graph, outdated), self.preset.most_triples):
                self.update(self._deletion(graph, f"{part} {outdated}"))

    def remove(self, sizes: Mapping[str, int]) -> None:
        """Removes graphs, in as many updates as their numbers of triples require."""
        most = self.preset.most_triples
        for batch in contents.split_into_batches(sizes, self.preset.most_graphs, most):
            if sizes[batch[0]] > most:
                for part in contents.split_by_subject(sizes[batch[0]], most):
                    self.update(self._deletion(batch[0], part))
            remove = self.preset.remove
            self.update(" ;\n".join(remove.format(graph=graph) if remove else self._deletion(graph) for graph in batch))

    def sweep(self, sizes: Mapping[str, int]) -> None:
        """Removes all graphs whose IRIs are between the first and the last of ``sizes``.

        Args:
            sizes: graph to its number of triples, sorted by IRI, with all graphs in that range.
        """
        for batch in contents.split_into_batches(sizes, len(sizes), self.preset.most_triples):
            if len(batch) > _MANY and self.preset.sweeps:
                condition = f'FILTER(STR(?g) >= "{batch[0]}" && STR(?g) <= "{batch[-1]}")'
                self.update(f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {condition} }}")
            else:
                self.remove({graph: sizes[graph] for graph in batch})

    def _deletion(self, graph: str, filters: str = "") -> str:
        return self.preset.take.format(graph=graph, filters=filters)

    def update(self, text: str) -> None:
        """Sends a SPARQL update; raises ``CouldNotRun`` if it is rejected."""
        self._send("POST", self.preset.update, text.encode(), "application/sparql-update")

    def add(self, piece: Piece) -> None:
        """Adds triples to graphs; raises ``TooLong`` if a smaller piece may be accepted, ``CouldNotRun`` if it is rejected."""
        if self.preset.quads:
            quads = b"".join(lines.replace(b" .\n", f" <{graph}> .\n".encode()) for graph, lines in piece)
            self._send("POST", self.preset.quads, quads, "application/n-quads")
        else:
            blocks = (f"GRAPH <{graph}> {{\n{lines.decode()}}}\n" for graph, lines in piece)
            self.update(f"INSERT DATA {{\n{''.join(blocks)}}}")

    def put(self, graph: str, quads: Collection[Quad]) -> None:
        """Replaces a graph with one request of the Graph Store Protocol."""
        content = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""
        self._send("PUT", self._graph(graph), content, "application/n-triples")

    def delete(self, graph: str) -> None:
        """Removes a graph with the Graph Store Protocol."""
        self._send("DELETE", self._graph(graph), b"", "application/n-triples")

    def _graph(self, graph: str) -> str:
        joint = "&" if "?" in self.preset.graphs else "?"
        return f"{self.preset.graphs}{joint}graph={quote(graph, safe='')}"

    def _send(self, method: str, address: str, content: bytes, media: str) -> None:
        try:
            response = self._writing.send(method, address, content, {"Content-Type": media})
        except NoAnswer as error:
            if self._is_alive():
                raise TooLong(str(error)) from None
            raise
        with response:
            if not response.ok:
                kind = TooLong if response.status_code in _CUT_SHORT else CouldNotRun
                raise kind(f"{address.partition('?')[0]} rejected what was sent {describe_response(response)}.")

    def _is_alive(self) -> bool:
        try:
            self.queries.query("ASK {}")
        except CouldNotRun:
            return False
        return True


def _not_in(graphs: Sequence[str]) -> str:
    return " ".join(f"FILTER NOT EXISTS {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}" for graph in graphs)
