"""What an import of the accepted rows would change: the result of a dry run, and the changes of facts and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nevkg.contribute.importer import import_collections
from nevkg.contribute.job import ImportResult
from nevkg.contribute.summaries import summarize
from nevkg.data import terms
from nevkg.data.atomic import discard_drafts, make_draft
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.progress import Progress, ignore_progress
from nevkg.publish.diff.account import describe_changes
from nevkg.publish.diff.delta import compare_states
from nevkg.publish.diff.rendering import list_changes_of_answers, list_changes_of_facts
from nevkg.publish.states import open_layout


def run_import(layout: Layout, folder: Path, collected: str, *, dry: bool, progress: Progress = ignore_progress) -> ImportResult:
    """Imports the accepted rows of a folder, or says what an import would do; see ``import_collections``."""
    return import_collections(layout, [folder.resolve()], collected, dry=dry, progress=progress)


def report(result: ImportResult, layout: Layout, *, dry: bool) -> str:
    """Returns what an import has done or would do, or which errors keep it from being done, in some lines."""
    if result.problems:
        return "".join(f"{problem}\n" for problem in result.problems)
    return summarize(result, layout, dry=dry, everything=True)


def compare(layout: Layout, changed: Mapping[str, bytes | None], language: str) -> tuple[list[str], list[str]]:
    """Derives the history of the changed data, and compares it with that of the data. Takes a minute or two.

    Args:
        layout: the folders.
        changed: file, relative to the data folder, to its new bytes, or None for a file that is removed.
        language: the language of the lines.

    Returns:
        The changes of statements, and those of answers: what held since and until when, when it was confirmed last, and how
        well it is supported on the day of the changed data.
    """
    place = make_draft(layout.data, changed)
    try:
        before, after = open_layout(layout, "data"), open_layout(replace(layout, data=place), "draft")
        account = describe_changes(compare_states(before, after), language, entities.dataset_date(after.store))
    finally:
        discard_drafts(layout.data)
    return list(list_changes_of_facts(account, terms.prefixes(layout.ontology))), list(list_changes_of_answers(account))
