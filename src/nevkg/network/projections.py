"""Projections: the queries in ``queries/graphs/`` that define networks, and the queries for the attributes of their nodes.

A projection is a question whose rows are edges: ``subject``, ``relation``, ``object``, and the fact or statement behind
them, from which their dates are taken. Each query in ``nodes/`` gives one attribute of nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from nevkg.ask.catalogue import HISTORY, SNAPSHOT, Parameter, Question, read_question
from nevkg.data import terms
from nevkg.data.frontmatter import read_head
from nevkg.data.paths import Layout, walk
from nevkg.errors import WrongUsage
from nevkg.sparql.binding import ANY
from nevkg.store import cache
from nevkg.words import labels_of

FORCE, LAYERS = "force", "layers"
SUBJECT, RELATION, OBJECT, FROM, UNTIL, WEIGHT = "subject", "relation", "object", "from", "until", "weight"
KERNEL = frozenset({SUBJECT, RELATION, OBJECT})
_HISTORY = Parameter(HISTORY, "xsd:boolean", labels_of("network.projections")["history"], ANY)


@dataclass(frozen=True)
class Projection:
    """A question whose rows are edges, the layout that suits it, and the parameter by which it expands from node to node, if any."""

    question: Question
    layout: str
    expand: str | None


@dataclass(frozen=True)
class Projections:
    """All projections by name, and the queries for attributes of nodes."""

    projections: Mapping[str, Projection]
    attributes: Mapping[str, Question]

    def __getitem__(self, name: str) -> Projection:
        if name not in self.projections:
            raise WrongUsage(
                f"There is no projection '{name}'; there are {', '.join(self.projections)}.{terms.suggest(name, list(self.projections))}"
            )
        return self.projections[name]


def load_projections(layout: Layout) -> Projections:
    """Returns the projections of ``queries/graphs/``, parsed once for each state of that folder."""
    paths = [tuple(sorted(walk(layout.queries / folder, ".rq", deep=False))) for folder in ("graphs", "graphs/nodes")]
    return _load(*paths, cache.fingerprint(path for group in paths for path in group))


@lru_cache(maxsize=4)
def _load(graphs: tuple[Path, ...], nodes: tuple[Path, ...], fingerprint: str) -> Projections:  # noqa: ARG001  part of the cache key
    projections = {}
    for path in graphs:
        question = read_question(path)
        if question.over == SNAPSHOT:
            question = replace(question, parameters=[*question.parameters, _HISTORY])
        head = read_head(path, question.text)
        projections[path.stem] = Projection(question, head.get("layout", FORCE), head.get("expand"))
    attributes = {path.stem: read_question(path) for path in nodes}
    return Projections(projections, attributes)
