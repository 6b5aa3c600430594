"""Networks in the formats of graph tools."""
