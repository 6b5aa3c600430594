"""Builds a release in a temporary folder next to its destination, and puts it in place atomically."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.atomic import replacing
from nevkg.data.paths import walk
from nevkg.data.rdf import serialise
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage, needs_extra
from nevkg.lookup import entities
from nevkg.progress import Progress, ignore_progress
from nevkg.publish.exports import DESCRIPTION, describe_questions, run_constructs
from nevkg.publish.release import graphs, tables
from nevkg.publish.release.metadata import INDEX, PREFIXES, README, distributions, format_readme, group_facts, schema_org
from nevkg.publish.release.parts import Parts, ReleaseFile
from nevkg.store import EmbeddedStore
from nevkg.store.releases import ABOUT, SUMS, describe_release, read_sums

DCAT, SCHEMA_ORG = "description.ttl", "schema-org.jsonld"
WORDS = "release"
_LICENCE = "LICENSE"
_WRITTEN_LAST = (
    (DCAT, "description of the dataset and of each file (VoID, DCAT)"),
    (SCHEMA_ORG, "description of the dataset for search engines (schema.org)"),
)
# A folder whose digests list these files is a release.
_RELEASE_FILES = {DCAT, f"{graphs.WHOLE}.nq"}


def publish(store: EmbeddedStore, folder: Path, *, address: str | None = None, progress: Progress = ignore_progress) -> list[ReleaseFile]:
    """Builds a release. The same data gives the same bytes.

    Args:
        folder: the destination: a new or empty folder, or an earlier release, which is replaced.
        address: URL at which the folder will be published, for the descriptions; None if it is not known.

    Returns:
        The files, sorted by name.

    Raises:
        WrongUsage: if the folder contains something else.
        CouldNotRun: if the folder cannot be written, or a package is not installed. Nothing is left behind.
    """
    _check_packages()
    base = None if address is None else address.rstrip("/") + "/"
    try:
        folder = folder.resolve()
        _check_folder(folder)
        with replacing(folder) as draft:
            parts = Parts(draft)
            _fill(parts, store, base, progress)
    except OSError as error:
        raise CouldNotRun(f"The release cannot be written to {folder}: {error.strerror or error}.") from None
    return sorted(parts.files, key=lambda file: file.name)


def _check_packages() -> None:
    """Reports missing packages before the work starts, not halfway through it."""
    with needs_extra("publish"):
        import pyarrow  # noqa: F401
        import xlsxwriter  # noqa: F401
        import zstandard  # noqa: F401


def _check_folder(folder: Path) -> None:
    """Rejects a destination where files would be lost, or where nothing can be written."""
    if Path.cwd().is_relative_to(folder):
        raise WrongUsage(f"The current directory is in {folder}, which would be replaced; change the directory or name another folder.")
    if not folder.parent.is_dir():
        raise CouldNotRun(f"{folder.parent}, the parent of the release, is not a folder; create it first.")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise WrongUsage(f"{folder} is a file; name a folder for the release.")
    found = {Path(root, name).relative_to(folder).as_posix() for root, _, names in os.walk(folder, onerror=_raise) for name in names}
    known = set[str]()
    with suppress(CouldNotRun):
        known.update(read_sums(folder))
    if found and not known >= _RELEASE_FILES:
        raise WrongUsage(f"{folder} is not empty and not a release of nevkg; name a new folder.")
    others = sorted(found - known - {SUMS})
    if found and others:
        raise WrongUsage(f"{folder} contains '{others[0]}', which is not part of the release there; move it away or name another folder.")


def _raise(error: OSError) -> None:
    raise error


def _fill(parts: Parts, store: EmbeddedStore, address: str | None, progress: Progress) -> None:
    catalogue = load_catalogue(store.layout)
    for problem in catalogue.problems:
        raise InvalidData(problem)
    questions = list(catalogue.questions.values())
    graphs.add_dataset(parts, store, progress("the dataset", graphs.STEPS))
    graphs.add_snapshot(parts, store)
    graphs.add_exports(parts, store)
    graphs.add_schema(parts, store)
    _add_queries(parts, store)
    spaces = entities.namespaces(store)
    parts.add(
        INDEX, "the questions as RDF: text, parameters and SPARQL of each", serialise(describe_questions(questions), "turtle", spaces)
    )
    tables.add_tables(parts, store, questions, progress("the tables", tables.steps(store, questions)))
    for name, place in (("data", store.layout.data), ("ontology", store.layout.ontology), ("questions", store.layout.queries)):
        licence = place / _LICENCE
        if licence.is_file():
            parts.add(f"LICENSE-{name}.txt", f"the licence of the {name}", licence.read_bytes())
    parts.add(ABOUT, "which edition this is, for citations of its answers", describe_release(store, entities.version(store)))
    about = [*run_constructs(store, DESCRIPTION), *run_constructs(store, WORDS)]
    facts = group_facts(about)
    parts.add(README, "contents of the release, and how to load it", format_readme(store, facts, parts.files, _WRITTEN_LAST))
    files = sorted(parts.files, key=lambda file: file.name)
    about += distributions(files, entities.version(store), address)
    offered = [file for file in files if file.name.partition(".")[0] == graphs.WHOLE or Path(file.name).parent.as_posix() == tables.FOLDER]
    parts.add(DCAT, _WRITTEN_LAST[0][1], serialise(about, "turtle", spaces | PREFIXES))
    parts.add(SCHEMA_ORG, _WRITTEN_LAST[1][1], schema_org(facts, offered, address))
    parts.write_sums()


def _add_queries(parts: Parts, store: EmbeddedStore) -> None:
    """Adds all queries: with them and the rules, a later version of the program answers as this one does."""
    titles = {name: question.title[terms.LANGUAGES[0]] for name, question in load_catalogue(store.layout).questions.items()}
    for path in sorted(walk(store.layout.queries, "")):
        if path.name != _LICENCE:
            name = path.relative_to(store.layout.queries).as_posix()
            title = titles.get(path.stem, "") if name.startswith("questions/") else ""
            parts.add(f"queries/{name}", title or "a query, or a file that names queries", path.read_bytes())
