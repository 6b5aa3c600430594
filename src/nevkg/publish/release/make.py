"""Makes a release beside its place and puts it there in one step."""

from __future__ import annotations

import os
from pathlib import Path

from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.atomic import discard_drafts, empty_draft, put
from nevkg.data.serialise import serialise
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage, lacking
from nevkg.lookup import entities
from nevkg.progress import Progress, silent
from nevkg.publish.catalogue import as_rdf
from nevkg.publish.description import FOLDER as DESCRIPTION
from nevkg.publish.description import constructed
from nevkg.publish.release import graphs, tables
from nevkg.publish.release.metadata import PREFIXES, distributions, facts_of, schema_org
from nevkg.publish.release.parts import SUMS, File, Parts, listed
from nevkg.publish.release.readme import INDEX, README, readme
from nevkg.store import EmbeddedStore

DCAT, SCHEMA_ORG = "description.ttl", "schema-org.jsonld"
WORDS = "release"
_LATER = (
    (DCAT, "the dataset and each of these files described (VoID, DCAT)"),
    (SCHEMA_ORG, "the dataset described for search engines (schema.org)"),
)
# A folder whose digests name these is a release.
_SIGNS = {DCAT, f"{graphs.WHOLE}.nq"}


def publish(store: EmbeddedStore, folder: Path, *, address: str | None = None, progress: Progress = silent) -> list[File]:
    """Makes a release; the same data gives the same bytes.

    Args:
        store: what is released.
        folder: where it goes; it is new, empty, or an earlier release, which is replaced.
        address: where the folder will be found on the web, for the descriptions.
        progress: called with a stage and its number of steps; gives what to call at each step.

    Returns:
        The files, sorted by name.

    Raises:
        WrongUsage: if the folder holds something else.
        CouldNotRun: if it cannot be written, or a package is not installed; nothing is left then.
        InvalidData: if a query is not of its form.
    """
    _look_for_packages()
    base = None if address is None else address.rstrip("/") + "/"
    try:
        folder = folder.resolve()
        _look_at(folder)
        parts = Parts(empty_draft(folder))
        _fill(parts, store, base, progress)
        put(parts.place, folder)
    except OSError as error:
        raise CouldNotRun(f"The release cannot be written to {folder}: {error.strerror or error}.") from None
    finally:
        discard_drafts(folder)
    return sorted(parts.files, key=lambda file: file.name)


def _look_for_packages() -> None:
    """What is missing is told before the work, not after half of it."""
    try:
        import pyarrow  # noqa: F401
        import xlsxwriter  # noqa: F401
        import zstandard  # noqa: F401
    except ImportError as error:
        raise lacking("publish", error) from None


def _look_at(folder: Path) -> None:
    """Refuses a place where something would be lost, or where nothing can be put."""
    if Path.cwd().is_relative_to(folder):
        raise WrongUsage(f"You stand in {folder}, which would be replaced; go elsewhere or name another folder.")
    if not folder.parent.is_dir():
        raise CouldNotRun(f"{folder.parent}, which is to hold the release, is not a folder; make it first.")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise WrongUsage(f"{folder} is a file; name a folder for the release.")
    found = {Path(root, name).relative_to(folder).as_posix() for root, _, names in os.walk(folder, onerror=_raise) for name in names}
    known = listed(folder) or set()
    if found and not known >= _SIGNS:
        raise WrongUsage(f"{folder} is not empty and no release of nevkg; name a new folder.")
    others = sorted(found - known - {SUMS})
    if found and others:
        raise WrongUsage(f"{folder} holds '{others[0]}', which is no part of the release there; move it away or name another folder.")


def _raise(error: OSError) -> None:
    raise error


def _fill(parts: Parts, store: EmbeddedStore, address: str | None, progress: Progress) -> None:
    catalogue = load_catalogue(store.layout)
    for problem in catalogue.problems:
        raise InvalidData(problem)
    questions = list(catalogue.questions.values())
    graphs.whole(parts, store, progress("the dataset", graphs.STEPS))
    graphs.snapshot(parts, store)
    graphs.schema(parts, store)
    for question in questions:
        name = f"questions/{question.topic}/{question.name}.rq"
        parts.add(name, question.title[terms.LANGUAGES[0]], (store.layout.queries / name).read_bytes())
    spaces = entities.namespaces(store)
    parts.add(INDEX, "the questions as RDF: words, parameters and SPARQL of each", serialise(as_rdf(questions), "turtle", spaces))
    tables.tables(parts, store, questions, progress("the tables", tables.steps(questions)))
    for what, floor in (("data", store.layout.data), ("ontology", store.layout.ontology), ("questions", store.layout.queries)):
        licence = floor / "LICENSE"
        if licence.is_file():
            parts.add(f"LICENSE-{what}.txt", f"the licence of the {what}", licence.read_bytes())
    about = [*constructed(store, DESCRIPTION), *constructed(store, WORDS)]
    facts = facts_of(about)
    parts.add(README, "what each file is, and how to load it", readme(store, facts, parts.files, _LATER))
    files = sorted(parts.files, key=lambda file: file.name)
    about += distributions(files, entities.version(store), address)
    offered = [file for file in files if file.name.partition(".")[0] == graphs.WHOLE or Path(file.name).parent.as_posix() == tables.FOLDER]
    parts.add(DCAT, _LATER[0][1], serialise(about, "turtle", spaces | PREFIXES))
    parts.add(SCHEMA_ORG, _LATER[1][1], schema_org(facts, offered, address))
    parts.seal()
