"""What changed between two states of the dataset: the quads, what they mean in words, and what a program can apply."""
