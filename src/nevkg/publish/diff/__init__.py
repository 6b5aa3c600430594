"""Compares two states of the dataset: changed quads, a description in words, and patches for programs."""
