"""A part of the shipped data that holds together: some sources, and the things that these speak of."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.serialise import serialise

_ALWAYS = ("globaltimes", "greenergydaily", "ototaiment-2025-07-02")
_REFERENCE = NamedNode(terms.DCTERMS + "source")


def cut(layout: Layout, folder: Path, *, beginning: str) -> Layout:
    """The floors with a smaller data floor.

    Args:
        folder: where it is written.
        beginning: sources whose slug's SHA-256 begins so are in it; those of the article and of all memberships always are.
    """
    small = replace(layout, data=folder)
    mentioned: set[str] = set()
    for path in dataset.source_files(layout):
        chosen = hashlib.sha256(path.stem.encode()).hexdigest().startswith(beginning) or any(word in path.stem for word in _ALWAYS)
        if chosen or b"nev:memberOf" in path.read_bytes():
            place = folder / path.relative_to(layout.data)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place)
            mentioned |= {quad.object.value for quad in dataset.parse_file(path) if isinstance(quad.object, NamedNode)}
    shutil.copytree(layout.data, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("sources", "imports", "registry"))
    _cut_registry(layout, folder, mentioned)
    return small


def _cut_registry(layout: Layout, folder: Path, mentioned: set[str]) -> None:
    """Keeps what is mentioned, what that leads to, and reference data: countries and their like have sources of their own."""
    about: dict[str, list[Quad]] = defaultdict(list)
    file_of: dict[str, Path] = {}
    for path in sorted(layout.data.glob("registry/*.ttl")):
        for quad in dataset.parse_file(path):
            about[terms.text(quad.subject)].append(quad)
            file_of[terms.text(quad.subject)] = path
    wanted = mentioned | {iri for iri, quads in about.items() if any(quad.predicate == _REFERENCE for quad in quads)}
    # A judgement counts where all that it speaks of is there.
    wanted |= {iri for iri in about if "/judgement/" in iri and _targets(about[iri]) & about.keys() <= mentioned}
    queue = sorted(wanted)
    while queue:
        for target in _targets(about.get(queue.pop(), [])) - wanted:
            wanted.add(target)
            queue.append(target)
    kept: dict[Path, list[Quad]] = defaultdict(list)
    for iri in wanted & about.keys():
        kept[file_of[iri]] += about[iri]
    (folder / "registry").mkdir(parents=True, exist_ok=True)
    for path, quads in kept.items():
        (folder / "registry" / path.name).write_bytes(serialise(quads, "turtle", terms.prefixes(layout.ontology)))


def _targets(quads: list[Quad]) -> set[str]:
    return {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
