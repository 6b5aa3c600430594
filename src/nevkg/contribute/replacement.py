"""Replaces a collection: finds the statements that an earlier import of it made and that it makes no more, and removes them."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import parse

from nevkg.contribute import account
from nevkg.contribute.edits import CORRECTED
from nevkg.contribute.problems import Problems
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.data.serialise import serialise

_SHORT = "statement:"
_NOTE = terms.NEV + "note"
_NAME = re.compile(r"\bstatement[:/]([0-9a-f]{32})\b")


def remove_former(
    layout: Layout, entries: Iterable[account.Entry], changed: dict[str, bytes | None], namespaces: Mapping[str, str], problems: Problems
) -> int:
    """Removes statements that the collections of these entries made before, unless they or other collections make them now.

    A source without any statement left is removed, too, unless a row describes it. Entities stay.

    Args:
        layout: the folders of the data.
        entries: the outcome of each row of the import.
        changed: file, relative to the data folder, to its new bytes, or None if it is removed; more files are added.
        namespaces: prefix to namespace.
        problems: is told of each statement that another file names, such as a review, since that would refer to nothing, and of
            each that was corrected in the data and not in the tables.

    Returns:
        How many statements were removed.
    """
    entries = list(entries)
    former = {digits: row for one in {entry.collection for entry in entries} for digits, row in _recorded(layout, one).items()}
    others = {path.stem for path in (layout.data / account.FOLDER).glob("*.csv")} - {entry.collection for entry in entries}
    kept = {iri.removeprefix(terms.STATEMENT) for entry in entries for iri in entry.statements}
    gone = former.keys() - kept - {digits for one in others for digits in _recorded(layout, one)}
    described = {iri for entry in entries for iri in entry.statements if iri.startswith(terms.SOURCE)}
    removed = set[str]()
    namers = defaultdict[str, list[str]](list)
    corrected = set[str]()
    for name, content in _files(layout, changed):
        if not (named := gone.intersection(_NAME.findall(content.decode()))):
            continue
        quads = list(parse(content, dataset.FORMATS["." + name.rpartition(".")[2]]))
        own = {terms.text(quad.subject).removeprefix(terms.STATEMENT) for quad in quads} & named
        for digits in named - own:
            namers[digits].append(name)
        notes = (quad for quad in quads if quad.predicate.value == _NOTE and CORRECTED in terms.text(quad.object))
        corrected |= own & {terms.text(quad.subject).removeprefix(terms.STATEMENT) for quad in notes}
        rest = [quad for quad in quads if terms.text(quad.subject).removeprefix(terms.STATEMENT) not in own]
        if own:
            removed |= own
            is_empty = not any(terms.text(quad.subject).startswith(terms.STATEMENT) for quad in rest)
            is_unused = is_empty and not any(terms.text(quad.subject) in described for quad in rest)
            changed[name] = None if is_unused else serialise(rest, "trig", dict(namespaces))
    for digits in sorted(namers):
        file, line = former[digits]
        where = f"{' and '.join(sorted(namers[digits]))} refers to its statement, {_SHORT}{digits}"
        words = f"this row says something else now, or is gone, but {where}; keep the row, and correct or retract the statement."
        problems.add(file, line, "", words)
    for digits in sorted(corrected - namers.keys()):
        file, line = former[digits]
        problems.add(file, line, "", f"the statement of this row, {_SHORT}{digits}, was corrected in the data; correct the row, too.")
    return len(removed)


def _recorded(layout: Layout, collection: str) -> dict[str, tuple[str, int]]:
    """Returns the digits of the statements that the last import of a collection made, each with file and line of its row."""
    path = layout.data / account.FOLDER / f"{collection}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {digits: (row["file"], int(row["line"])) for row in rows for digits in _NAME.findall(row["statements"])}


def _files(layout: Layout, changed: Mapping[str, bytes | None]) -> list[tuple[str, bytes]]:
    """Returns the RDF files of the data as they would be after the import, with their names relative to the data folder."""
    old = {str(path.relative_to(layout.data)): path for path in walk(layout.data, "") if path.suffix in dataset.FORMATS}
    names = sorted(old.keys() | {name for name in changed if name.endswith(tuple(dataset.FORMATS))})
    contents = ((name, changed[name] if name in changed else old[name].read_bytes()) for name in names)
    return [(name, content) for name, content in contents if content is not None]
