"""The README of a release: its files, and how to check and load them."""

from __future__ import annotations

from collections.abc import Sequence

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.release.graphs import WHOLE
from nevkg.publish.release.metadata import DATASET, Facts, text_of
from nevkg.publish.release.parts import SUMS, File
from nevkg.publish.release.tables import ANSWERS, FOLDER
from nevkg.store import EmbeddedStore

README = "README.md"
INDEX = "queries/questions.ttl"
SQL = "queries/sql"
# Groups of similar files, each described in one line.
_MANY = {
    "ontology/rules/*/*.rq": "the rules that derive history, current view and snapshots: SPARQL CONSTRUCT, run in the order of their names",
    f"{ANSWERS}/*": "the answer to each question without parameters, in CSV and Parquet",
    f"{SQL}/*.sql": "questions in SQL over the Parquet tables, for DuckDB, chDB and Spark",
    f"{SQL}/views/*.sql": "views that they need",
    "queries/questions/*/*.rq": "the questions in SPARQL 1.1, each with a head that describes it",
    "queries/**/*.*": "all other queries and the files that name them, with which this release answers as it did when it was made",
}


def format_readme(store: EmbeddedStore, facts: Facts, files: Sequence[File], later: Sequence[tuple[str, str]]) -> bytes:
    """Returns the README in Markdown.

    Args:
        store: The dataset.
        facts: Its description.
        files: The files written so far.
        later: Name and title of each file that is still to be written.
    """
    lines = [
        f"# {text_of(facts, DATASET, terms.DCTERMS + 'title')} {entities.version(store)}",
        "",
        text_of(facts, DATASET, terms.DCTERMS + "description"),
        "",
        f"- As of {entities.dataset_date(store)}" + (f", from sources published by {store.known_by}" if store.known_by else "") + ".",
        f"- {int(text_of(facts, DATASET, 'http://rdfs.org/ns/void#triples') or 0):,} triples in the union of all graphs.",
        f"- Made from the {store.identity}.",
        f"- Licence of the data: <{text_of(facts, DATASET, terms.DCTERMS + 'license')}>; see the LICENSE files.",
        "",
        "## Files",
        "",
        "| file | content |",
        "|---|---|",
        *(f"| `{name}` | {title.replace('|', chr(92) + '|')} |" for name, title in _file_rows(files, later)),
        "",
        "Compressed files (`.gz`, `.zst`) have the same content as those of the same name without that suffix.",
        "",
        "## Checking the files",
        "",
        "```sh",
        f"sha256sum -c {SUMS}",
        "```",
        "",
        "## Loading",
        "",
        "The questions query the union of all graphs. In a store with named graphs, make the union its default graph.",
        f"In a store without named graphs, load `{WHOLE}.ttl`, which is the union.",
        "",
        "```sh",
        f"oxigraph load --location store --file {WHOLE}.nq",
        "oxigraph serve-read-only --location store --union-default-graph",
        f"""duckdb -c "SELECT class_label, count(*) FROM '{FOLDER}/nodes.parquet' GROUP BY 1 ORDER BY 2 DESC\"""",
        f"""python -c "import rdflib; print(len(rdflib.Graph().parse('{WHOLE}.ttl')))\"""",
        "```",
        "",
        f"In `{FOLDER}/`, a column of entities contains IRIs, and the next column, whose name ends in `_label`, their labels.",
        f"`subject` and `object` of the edges refer to `node` of the nodes. The first sheet of `{FOLDER}/nevkg.xlsx` lists the others.",
    ]
    return ("\n".join(lines) + "\n").encode()


def _file_rows(files: Sequence[File], later: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns name and title for the table of files. Groups of similar files have one row; compressed variants have none."""
    folders = tuple(pattern.partition("*")[0] for pattern in _MANY)
    single = [(file.name, file.title) for file in files if not file.packing and not _of_many(file.name, folders)]
    return sorted([*single, *_MANY.items(), *later], key=lambda one: ("/" in one[0], one[0]))


def _of_many(name: str, folders: tuple[str, ...]) -> bool:
    return name.startswith(folders) and name != INDEX
