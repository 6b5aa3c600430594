"""Where nodes, edges and labels are placed."""
