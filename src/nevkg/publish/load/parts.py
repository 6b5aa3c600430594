"""Graphs in parts: a store may have no room for all of a large one in one request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

_DIGITS = 4
_HASHES = 16**_DIGITS


def runs(sizes: Mapping[str, int], most_graphs: int, most_triples: int) -> Iterator[list[str]]:
    """Graphs in runs that go through at once; one that is too large has a run of its own.

    Args:
        sizes: each graph with its number of triples.
        most_graphs: how many a run may have.
        most_triples: the same for all their triples.
    """
    run: list[str] = []
    size = 0
    for graph, triples in sizes.items():
        if run and (len(run) == most_graphs or size + triples > most_triples):
            yield run
            run, size = [], 0
        run.append(graph)
        size += triples
    if run:
        yield run


def by_subject(triples: int, most: int) -> list[str]:
    """Filters of ``?s`` that cut a graph into parts of about ``most`` triples: by hashes of subjects, which lie evenly."""
    number = -(-triples // most)
    if number <= 1:
        return [""]
    edges = [f"{_HASHES * part // number:0{_DIGITS}x}" for part in range(number)]
    return [f'FILTER(MD5(STR(?s)) >= "{start}" && MD5(STR(?s)) < "{end}")' for start, end in pairwise([*edges, "g"])]


def by_predicate(sizes: Mapping[str, int], most: int) -> list[str]:
    """Filters of ``?p`` and ``?s`` that do the same, with less work for a store: predicates are indexed, and hashes are not.

    Args:
        sizes: each predicate with its number of triples.
        most: how many triples a part may have.
    """
    return [
        f"FILTER(?p IN ({', '.join(f'<{name}>' for name in run)})) {part}"
        for run in runs(sizes, len(sizes), most)
        for part in by_subject(sum(sizes[name] for name in run), most)
    ]
