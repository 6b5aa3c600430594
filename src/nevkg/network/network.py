"""Networks: nodes and edges that can be converted, saved as files and drawn as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nevkg.network.model import NetworkData

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, repr=False)
class Network(NetworkData):
    """Nodes and edges in a deterministic order, with the projection and the parameters that they result from."""

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Returns a networkx graph: nodes by short name, edges keyed by the short name of their relation, scalar attributes."""
        from nevkg.network.plain import to_networkx

        return to_networkx(self)

    def onto(self, side: Literal["subject", "object"]) -> Network:
        """Returns one side of the network, linked if two nodes share a node of the other side; weights count the shared nodes."""
        from nevkg.network.analysis import project_onto

        return project_onto(self, side)

    def save(self, path: str | Path, format_name: str | None = None) -> None:
        """Writes the network to a file, in the format given by the file's extension.

        Args:
            path: a file that ends in ``.graphml``, ``.gexf``, ``.cyjs``, ``.dot``, ``.json``, ``.png``, ``.svg`` or
                ``.html``, or a folder for ``nodes.parquet`` and ``edges.parquet``.
            format_name: the format, if the extension does not give it.

        Raises:
            WrongUsage: if the format is unknown.
            CouldNotRun: if the file cannot be written, or a package for pictures is not installed.
        """
        from nevkg.network.files import save

        save(self, Path(path), format_name)

    def _repr_svg_(self) -> str:
        from nevkg.network.files import content

        return content(self, "svg").decode()

    def __repr__(self) -> str:
        return f"<{self.title} {len(self.nodes)} nodes, {len(self.edges)} edges, as of {self.as_of}>"
