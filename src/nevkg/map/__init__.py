"""Draws answers whose rows have a place as maps, for papers and the browser."""
