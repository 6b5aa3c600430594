"""Describes a release: for archives (DCAT), for search engines (schema.org), and for readers (the README)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.release.graphs import WHOLE
from nevkg.publish.release.parts import ReleaseFile
from nevkg.publish.release.tables import ANSWERS, FOLDER
from nevkg.store import EmbeddedStore
from nevkg.store.releases import SUMS

DATASET = terms.DATASET.rstrip("/")
_SPDX = "http://spdx.org/rdf/terms#"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_ENGLISH = terms.LANGUAGES[0]

PREFIXES = {"spdx": _SPDX}

# Subject to property to values.
Facts = Mapping[str, Mapping[str, Sequence[terms.Term]]]
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


def distributions(files: Iterable[ReleaseFile], version: str, address: str | None) -> list[Triple]:
    """Returns a ``dcat:Distribution`` for each file: media type, compression, size, and SHA-256 as ``spdx:checksum``.

    Args:
        version: version of the dataset, which is part of the IRIs of the distributions.
        address: URL at which the folder will be published, for ``dcat:downloadURL``; None if it is not known yet.
    """
    triples = []
    for file in files:
        node = NamedNode(f"{terms.DATASET}{version}/{quote(file.name)}")
        checksum = NamedNode(f"{node.value}#sha256")
        facts: list[tuple[NamedNode, str, terms.Term]] = [
            (NamedNode(DATASET), terms.DCAT + "distribution", node),
            (node, terms.RDF + "type", NamedNode(terms.DCAT + "Distribution")),
            (node, terms.DCTERMS + "identifier", Literal(file.name)),
            (node, terms.DCTERMS + "title", Literal(file.title, language=_ENGLISH)),
            (node, terms.DCAT + "mediaType", NamedNode(_MEDIA + file.media)),
            (node, terms.DCAT + "byteSize", Literal(str(file.size), datatype=NamedNode(terms.XSD + "nonNegativeInteger"))),
            (node, _SPDX + "checksum", checksum),
            (checksum, terms.RDF + "type", NamedNode(_SPDX + "Checksum")),
            (checksum, _SPDX + "algorithm", NamedNode(_SPDX + "checksumAlgorithm_sha256")),
            (checksum, _SPDX + "checksumValue", Literal(file.digest, datatype=NamedNode(terms.XSD + "hexBinary"))),
        ]
        if file.packing:
            facts.append((node, terms.DCAT + "compressFormat", NamedNode(_MEDIA + file.packing)))
        if address:
            facts.append((node, terms.DCAT + "downloadURL", NamedNode(address + quote(file.name))))
        triples += [Triple(subject, NamedNode(name), value) for subject, name, value in facts]
    return triples


def group_facts(triples: Iterable[Triple]) -> Facts:
    """Groups triples by subject and property; values are sorted."""
    found: dict[str, dict[str, list[terms.Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(set(triples), key=str):
        found[terms.text(triple.subject)][triple.predicate.value].append(triple.object)
    return found


def text_of(facts: Facts, subject: str, name: str) -> str:
    """Returns the text of a property in English, otherwise in any language, otherwise an empty string."""
    values = facts.get(subject, {}).get(name, [])
    preferred = [value for value in values if isinstance(value, Literal) and value.language == _ENGLISH]
    return next((terms.text(value) for value in [*preferred, *values]), "")


def schema_org(facts: Facts, files: Iterable[ReleaseFile], address: str | None) -> bytes:
    """Returns the dataset as a schema.org ``Dataset`` in JSON-LD, with the properties that dataset search engines expect.

    Args:
        address: URL at which the folder will be published; if None, download addresses are relative to this file.
    """
    about = facts.get(DATASET, {})

    def all_of(name: str) -> list[str]:
        return [terms.text(value) for value in about.get(name, [])]

    def first(name: str) -> str:
        return text_of(facts, DATASET, name)

    keywords = [value for value in about.get(terms.DCAT + "keyword", []) if isinstance(value, Literal)]
    document = {
        "@context": terms.SCHEMA_ORG,
        "@type": "Dataset",
        "@id": DATASET,
        "identifier": DATASET,
        "name": first(terms.DCTERMS + "title"),
        "alternateName": [text for text in all_of(terms.DCTERMS + "title") if text != first(terms.DCTERMS + "title")],
        "description": first(terms.DCTERMS + "description"),
        "url": address,
        "license": first(terms.DCTERMS + "license"),
        "version": first(terms.DCAT + "version"),
        "datePublished": first(terms.DCTERMS + "issued"),
        "inLanguage": all_of(terms.DCTERMS + "language"),
        "isAccessibleForFree": True,
        "creator": [{"@type": "Organization", "name": name} for name in all_of(terms.DCTERMS + "creator")],
        "keywords": [value.value for value in keywords if value.language == _ENGLISH],
        "temporalCoverage": _span(facts),
        "spatialCoverage": [
            {"@type": "Place", "@id": place, "name": text_of(facts, place, terms.RDFS + "label")}
            for place in all_of(terms.DCTERMS + "spatial")
        ],
        "distribution": [_download(file, address) for file in files],
    }
    document = {name: value for name, value in document.items() if value not in (None, "", [])}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _span(facts: Facts) -> str:
    """Returns the period that the dataset covers as an ISO 8601 interval, or an empty string."""
    span = next((terms.text(value) for value in facts.get(DATASET, {}).get(terms.DCTERMS + "temporal", [])), "")
    begin, end = (text_of(facts, span, terms.DCAT + name) for name in ("startDate", "endDate"))
    return f"{begin or '..'}/{end or '..'}" if begin or end else ""


def _download(file: ReleaseFile, address: str | None) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "description": file.title,
        "contentUrl": (address or "") + quote(file.name),
        "encodingFormat": file.packing or file.media,
        "contentSize": f"{file.size} B",
        "sha256": file.digest,
    }


def format_readme(store: EmbeddedStore, facts: Facts, files: Sequence[ReleaseFile], later: Sequence[tuple[str, str]]) -> bytes:
    """Returns the README in Markdown; ``later`` has name and title of each file that is still to be written."""
    template = (Path(__file__).parents[1] / "templates" / "release.md").read_text(encoding="utf-8")
    text = template.format(
        title=text_of(facts, DATASET, terms.DCTERMS + "title"),
        version=entities.version(store),
        description=text_of(facts, DATASET, terms.DCTERMS + "description"),
        day=entities.dataset_date(store) + (f", from sources published by {store.known_by}" if store.known_by else ""),
        triples=int(text_of(facts, DATASET, "http://rdfs.org/ns/void#triples") or 0),
        identity=store.identity,
        licence=text_of(facts, DATASET, terms.DCTERMS + "license"),
        files="\n".join(f"| `{name}` | {title.replace('|', chr(92) + '|')} |" for name, title in _file_rows(files, later)),
        sums=SUMS,
        whole=WHOLE,
        tables=FOLDER,
    )
    return text.encode()


def _file_rows(files: Sequence[ReleaseFile], later: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns name and title for the table of files. Groups of similar files have one row; compressed variants have none."""
    folders = tuple(pattern.partition("*")[0] for pattern in _MANY)
    single = [(file.name, file.title) for file in files if not file.packing and not _of_many(file.name, folders)]
    return sorted([*single, *_MANY.items(), *later], key=lambda row: ("/" in row[0], row[0]))


def _of_many(name: str, folders: tuple[str, ...]) -> bool:
    return name.startswith(folders) and name != INDEX
