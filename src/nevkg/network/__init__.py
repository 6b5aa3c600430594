"""The graph as a graph: projections, what they look like, and what can be measured on them."""

from nevkg.network.model import Network
from nevkg.network.projection import Projections, load_projections

__all__ = ["Network", "Projections", "load_projections"]
