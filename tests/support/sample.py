"""Subsets of the shipped data: some sources, and the entities that they mention."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise

_ALWAYS = ("globaltimes", "greenergydaily", "ototaiment-2025-07-02")
_REFERENCE = NamedNode(terms.DCTERMS + "source")


def write_subset(layout: Layout, folder: Path, *, hash_prefix: str) -> Layout:
    """Writes a subset of the data and returns the layout that uses it.

    Args:
        folder: where to write it.
        hash_prefix: selects the sources whose slug has a SHA-256 that begins with it; those of the article and of memberships are
            always included.
    """
    small = replace(layout, data=folder)
    mentioned: set[str] = set()
    for path in dataset.source_files(layout):
        is_selected = hashlib.sha256(path.stem.encode()).hexdigest().startswith(hash_prefix) or any(word in path.stem for word in _ALWAYS)
        if is_selected or b"nev:memberOf" in path.read_bytes():
            place = folder / path.relative_to(layout.data)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place)
            mentioned |= {quad.object.value for quad in dataset.parse_file(path) if isinstance(quad.object, NamedNode)}
    shutil.copytree(layout.data, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("sources", "imports", "registry"))
    _write_registry(layout, folder, mentioned)
    return small


def _write_registry(layout: Layout, folder: Path, mentioned: set[str]) -> None:
    """Writes the mentioned entities, those that they refer to, and reference data such as countries, which name their source."""
    about: dict[str, list[Quad]] = defaultdict(list)
    file_of: dict[str, Path] = {}
    for path in sorted(layout.data.glob("registry/*.ttl")):
        for quad in dataset.parse_file(path):
            about[terms.text(quad.subject)].append(quad)
            file_of[terms.text(quad.subject)] = path
    included = mentioned | {iri for iri, quads in about.items() if any(quad.predicate == _REFERENCE for quad in quads)}
    # A judgement is included if all entities that it names are.
    included |= {iri for iri in about if "/judgement/" in iri and _targets(about[iri]) & about.keys() <= mentioned}
    queue = sorted(included)
    while queue:
        for target in _targets(about.get(queue.pop(), [])) - included:
            included.add(target)
            queue.append(target)
    quads_of: dict[Path, list[Quad]] = defaultdict(list)
    for iri in included & about.keys():
        quads_of[file_of[iri]] += about[iri]
    (folder / "registry").mkdir(parents=True, exist_ok=True)
    for path, quads in quads_of.items():
        (folder / "registry" / path.name).write_bytes(serialise(quads, "turtle", terms.prefixes(layout.ontology)))


def _targets(quads: list[Quad]) -> set[str]:
    return {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
