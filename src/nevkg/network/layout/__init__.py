"""Layout: the positions of nodes, edges and labels."""
