"""The edition that golden answers and the documentation quote: the data without what was collected after a day.

An import therefore changes neither. ``make edition`` moves the day to that of the data, before a release. A plugin, since the
folder must be known before any test module is loaded; it is the data folder of the tests only if the data has later sources.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise

_PLACE = Path(__file__).parents[1] / "golden" / "edition.txt"
# The day of the edition (ISO): the default day of answers in tests.
DAY = _PLACE.read_text(encoding="utf-8").strip()
_COLLECTED = re.compile(r'nev:collected "([0-9-]{10})"')
_DATE = re.compile(r'(?<=nev:datasetDate ")[0-9-]{10}')
# The version of the ontology, and so of all.
VERSION = re.findall(r'owl:versionInfo "([^"]+)"', (Layout.find().ontology / "nevkg.ttl").read_text(encoding="utf-8"))[0]
_VARIABLE = "NEVKG_DATA"
_COUNTRIES = "places.ttl"


def pytest_load_initial_conftests() -> None:
    """Writes the edition and makes it the data folder, unless there is nothing later or a folder is given."""
    if _VARIABLE not in os.environ and (folder := write_edition(Layout.find(), DAY)):
        os.environ[_VARIABLE] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes the edition when the run ends."""
    folder = Path(os.environ.get(_VARIABLE, ""))
    if folder.name.startswith("nevkg-edition-") and not hasattr(config, "workerinput"):
        shutil.rmtree(folder, ignore_errors=True)


def write_edition(layout: Layout, day: str) -> Path | None:
    """Writes the data as collected by a day (ISO) into a temporary folder and returns it; None if that is all of the data."""
    later = {path for path in dataset.source_files(layout) if max(_COLLECTED.findall(path.read_text(encoding="utf-8")), default="") > day}
    file = layout.data / "dataset.ttl"
    text = _DATE.sub(day, file.read_text(encoding="utf-8"))
    if not later and text == file.read_text(encoding="utf-8"):
        return None
    folder = Path(tempfile.mkdtemp(prefix="nevkg-edition-"))
    shutil.copytree(
        layout.data, folder, dirs_exist_ok=True, ignore=lambda place, names: {name for name in names if Path(place, name) in later}
    )
    (folder / "dataset.ttl").write_text(text, encoding="utf-8")
    _drop_new_entities(folder, {name for path in later for name in _names(path)})
    return folder


def _drop_new_entities(folder: Path, candidates: set[str]) -> None:
    """Removes entities from the registry that nothing in the edition names, of those that later sources name.

    Countries stay, since no import adds any.
    """
    spaces = terms.prefixes(Layout.find().ontology)
    used = {name for path in (folder / "sources").rglob("*.trig") for name in _names(path)}
    registry = {path: list(dataset.parse_file(path)) for path in sorted((folder / "registry").glob("*.ttl")) if path.name != _COUNTRIES}
    new = candidates - used
    of_others = (quad for quads in registry.values() for quad in quads if terms.text(quad.subject) not in new)
    new -= {terms.text(quad.object) for quad in of_others}
    for path, quads in registry.items():
        if len(kept := [quad for quad in quads if terms.text(quad.subject) not in new]) < len(quads):
            path.write_bytes(serialise(kept, "turtle", spaces))


def _names(path: Path) -> set[str]:
    return {terms.text(quad.object) for quad in dataset.parse_file(path)}
