"""The README of a release: what each file is, how to check it, and how to load it."""

from __future__ import annotations

from collections.abc import Sequence

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.release.graphs import WHOLE
from nevkg.publish.release.metadata import DATASET, Facts, words
from nevkg.publish.release.parts import SUMS, File
from nevkg.publish.release.tables import ANSWERS, FOLDER
from nevkg.store import EmbeddedStore

README = "README.md"
INDEX = "questions/questions.ttl"
# Of these there are many of one kind, told in one line.
_MANY = {
    "ontology/rules/*/*.rq": "the rules that make history, current view and snapshots, SPARQL CONSTRUCT, run in the order of their names",
    f"{ANSWERS}/*": "the answer of each question as it is asked without parameters, CSV and Parquet",
    "questions/*/*.rq": "the questions, SPARQL 1.1 with a head that describes them",
}


def readme(store: EmbeddedStore, facts: Facts, files: Sequence[File], later: Sequence[tuple[str, str]]) -> bytes:
    """The README in Markdown.

    Args:
        store: what is released.
        facts: its description.
        files: those that stand already.
        later: name and words of those that are still to come.
    """
    lines = [
        f"# {words(facts, DATASET, terms.DCTERMS + 'title')} {entities.version(store)}",
        "",
        words(facts, DATASET, terms.DCTERMS + "description"),
        "",
        f"- As of {entities.dataset_date(store)}" + (f", from sources published by {store.known_by}" if store.known_by else "") + ".",
        f"- {int(words(facts, DATASET, 'http://rdfs.org/ns/void#triples') or 0):,} triples in the union of all graphs.",
        f"- Made from the {store.identity}.",
        f"- Licence of the data: <{words(facts, DATASET, terms.DCTERMS + 'license')}>; see the LICENSE files.",
        "",
        "## Files",
        "",
        "| file | what it is |",
        "|---|---|",
        *(f"| `{name}` | {title.replace('|', chr(92) + '|')} |" for name, title in _listed(files, later)),
        "",
        "Packed files (`.gz`, `.zst`) have the same content as those of the same name without that ending.",
        "",
        "## To check it",
        "",
        "```sh",
        f"sha256sum -c {SUMS}",
        "```",
        "",
        "## To load it",
        "",
        "The questions ask the union of all graphs. In a store with named graphs, make the union its default graph;",
        f"in one without, load `{WHOLE}.ttl`, which is the union.",
        "",
        "```sh",
        f"oxigraph load --location store --file {WHOLE}.nq",
        "oxigraph serve-read-only --location store --union-default-graph",
        f"""duckdb -c "SELECT class_label, count(*) FROM '{FOLDER}/nodes.parquet' GROUP BY 1 ORDER BY 2 DESC\"""",
        f"""python -c "import rdflib; print(len(rdflib.Graph().parse('{WHOLE}.ttl')))\"""",
        "```",
        "",
        f"In `{FOLDER}/`, a column of things has IRIs, and the column beside it that ends in `_label` their labels.",
        f"`subject` and `object` of the edges are `node` of the nodes. `{FOLDER}/nevkg.xlsx` lists its sheets on the first one.",
    ]
    return ("\n".join(lines) + "\n").encode()


def _listed(files: Sequence[File], later: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Files with what they are; those of a kind, and packed ones, in one line."""
    folders = tuple(pattern.partition("*")[0] for pattern in _MANY)
    single = [(file.name, file.title) for file in files if not file.packing and not _of_many(file.name, folders)]
    return sorted([*single, *_MANY.items(), *later], key=lambda one: ("/" in one[0], one[0]))


def _of_many(name: str, folders: tuple[str, ...]) -> bool:
    return name.startswith(folders) and name != INDEX
