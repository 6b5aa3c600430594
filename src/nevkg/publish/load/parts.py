"""Splits graphs into batches and parts, for stores that cannot process a large graph in one request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

_DIGITS = 4
_HASHES = 16**_DIGITS


def batches(sizes: Mapping[str, int], most_graphs: int, most_triples: int) -> Iterator[list[str]]:
    """Yields graphs in batches that fit into one request; a graph that is too large has a batch of its own.

    Args:
        sizes: Graph to its number of triples.
        most_graphs: Maximum number of graphs in a batch.
        most_triples: Maximum number of triples in a batch.
    """
    batch: list[str] = []
    size = 0
    for graph, triples in sizes.items():
        if batch and (len(batch) == most_graphs or size + triples > most_triples):
            yield batch
            batch, size = [], 0
        batch.append(graph)
        size += triples
    if batch:
        yield batch


def by_subject(triples: int, most: int) -> list[str]:
    """Returns SPARQL filters on ``?s`` that split a graph into parts of about ``most`` triples.

    They compare hashes of the subjects, which are evenly distributed.
    """
    number = -(-triples // most)
    if number <= 1:
        return [""]
    edges = [f"{_HASHES * part // number:0{_DIGITS}x}" for part in range(number)]
    return [f'FILTER(MD5(STR(?s)) >= "{start}" && MD5(STR(?s)) < "{end}")' for start, end in pairwise([*edges, "g"])]


def by_predicate(sizes: Mapping[str, int], most: int) -> list[str]:
    """Returns SPARQL filters on ``?p`` and ``?s`` that split a graph into parts of about ``most`` triples.

    This is less work for a store than :func:`by_subject`, because predicates are indexed and hashes are not.

    Args:
        sizes: Predicate to its number of triples.
        most: Maximum number of triples in a part.
    """
    return [
        f"FILTER(?p IN ({', '.join(f'<{name}>' for name in batch)})) {part}"
        for batch in batches(sizes, len(sizes), most)
        for part in by_subject(sum(sizes[name] for name in batch), most)
    ]
