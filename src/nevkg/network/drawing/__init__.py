"""Draws networks as pictures and interactive pages."""
