"""What an import of the accepted rows would change: the result of a dry run, and the changes of facts and answers."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode

from nevkg.contribute.importer import import_collections, summarize
from nevkg.contribute.job import ImportResult
from nevkg.data import dataset, terms
from nevkg.data.atomic import discard_drafts, make_draft
from nevkg.data.paths import Layout
from nevkg.progress import Progress, ignore_progress
from nevkg.publish.diff.account import describe_changes
from nevkg.publish.diff.delta import HISTORY, REGISTRY, compare_states
from nevkg.publish.diff.rendering import list_changes_of_answers, list_changes_of_facts
from nevkg.publish.states import open_graphs
from nevkg.store import EmbeddedStore, build_with_snapshot, open_or_derive_snapshot, open_store


def run_import(layout: Layout, folder: Path, collected: str, *, dry: bool, progress: Progress = ignore_progress) -> ImportResult:
    """Imports the accepted rows of a folder, or says what an import would do; see ``import_collections``."""
    return import_collections(layout, [folder.resolve()], collected, dry=dry, progress=progress)


def report(result: ImportResult, layout: Layout, *, dry: bool) -> str:
    """Returns what an import has done or would do, or which errors keep it from being done, in some lines."""
    if result.problems:
        return "".join(f"{problem}\n" for problem in result.problems)
    return summarize(result, layout, dry=dry, everything=True)


def compare(layout: Layout, changed: Mapping[str, bytes | None], language: str) -> tuple[list[str], list[str]]:
    """Derives the history of the changed data in memory, and compares it with that of the data.

    Returns:
        The changes of statements, and those of answers: what held since and until when, when it was confirmed last, and how
        well it is supported on the day of the changed data.
    """
    place = make_draft(layout.data, changed)
    try:
        draft = replace(layout, data=place)
        day = dataset.find_date(dataset.parse_file(place / "dataset.ttl"))
        with ThreadPoolExecutor(1) as others:  # the engine leaves Python's lock while it looks for answers
            opening = others.submit(_open_present, layout, day)
            after, snapshot_after = build_with_snapshot(draft)
            before, snapshot_before = opening.result()
    finally:
        discard_drafts(layout.data)
    sources = (terms.graph(Path(name).stem) for name in changed)
    graphs = [HISTORY, REGISTRY, *map(NamedNode, sources)]
    delta = compare_states(open_graphs(before, "data", graphs), open_graphs(after, "draft", graphs))
    account = describe_changes(delta, language, (snapshot_before, snapshot_after))
    return list(list_changes_of_facts(account, terms.prefixes(layout.ontology))), list(list_changes_of_answers(account))


def _open_present(layout: Layout, day: str) -> tuple[EmbeddedStore, EmbeddedStore]:
    """Opens the record of the data, and its snapshot of a day."""
    record = open_store(layout)
    return record, open_or_derive_snapshot(record, day)
