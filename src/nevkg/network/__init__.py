"""Networks: projections of the data as nodes and edges, their measures, paths, layout, drawings and files."""

from nevkg.network.network import Network
from nevkg.network.projections import Projections, load_projections

__all__ = ["Network", "Projections", "load_projections"]
