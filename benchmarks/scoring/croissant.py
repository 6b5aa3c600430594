"""Describes the benchmark as a dataset in Croissant 1.0 (JSON-LD), for tools that load and search datasets."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from benchmarks.scoring.items import GOLDEN

from nevkg import KnowledgeGraph
from nevkg.data import terms
from nevkg.lookup import entities

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_RECORDS = "answers"
_FIELDS = {
    "name": "The name of the question; with the kind, it identifies the question and its SPARQL file, kind/name.rq.",
    "kind": "What the question tests, such as temporal or negative.",
    "day": "The day that the answer is for (ISO).",
    "en": "The question in English.",
    "zh": "The question in Chinese.",
    "columns": "The variables of the query, in the order of the values of a row.",
    "rows": "The right rows, each a list of IRIs and literals as text; none if no source reports an answer.",
    "sources": "For each row, the IRIs of the sources that support it.",
}


def describe(graph: KnowledgeGraph, golden: str, questions: int) -> str:
    """Returns the description of the benchmark as JSON-LD.

    Args:
        graph: the graph that the questions are about.
        golden: the text of the file of golden answers.
        questions: the number of questions.
    """
    day = entities.dataset_date(graph.store)
    document = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "nevkg-questions",
        "description": f"{questions} questions in English and Chinese about a knowledge graph, each with SPARQL that answers it, and "
        "the golden answer on two days, with the sources of each row. For systems that answer questions over knowledge graphs.",
        "url": f"{terms.BASE}benchmark/questions",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": entities.version(graph.store),
        "datePublished": day,
        "inLanguage": [*terms.LANGUAGES],
        "keywords": ["question answering", "knowledge graph", "SPARQL", "provenance", "temporal reasoning"],
        "creator": {"@type": "sc:Organization", "name": "The nevkg developers", "url": terms.BASE},
        "citeAs": f"The nevkg developers: nevkg, questions of the benchmark, version {entities.version(graph.store)}, {day}.",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": GOLDEN.name,
                "name": GOLDEN.name,
                "description": "One line for each question and day.",
                "contentUrl": GOLDEN.name,
                "encodingFormat": "application/jsonlines",
                "sha256": hashlib.sha256(golden.encode()).hexdigest(),
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": _RECORDS,
                "name": _RECORDS,
                "description": "The questions with their golden answers.",
                "key": [{"@id": f"{_RECORDS}/{name}"} for name in ("kind", "name", "day")],
                "field": [_field(name, text) for name, text in _FIELDS.items()],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _field(name: str, description: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/{name}",
        "name": name,
        "description": description,
        "dataType": "sc:Date" if name == "day" else "sc:Text",
        "source": {"fileObject": {"@id": GOLDEN.name}, "extract": {"column": name}},
    }
