"""The document that a citation stands for: an answer with the statements and sources behind each row, always the same bytes.

It has no date of production and no address of a server. What it has comes from the data, not from words of this program, so
that a later version writes the same. Whoever must change it anyway gives ``FORM`` another number, and keeps writing the
form that an address was made for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from nevkg.ask.citation import Address
from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.lookup import entities, unreliable_hosts
from nevkg.store import EmbeddedStore, Store
from nevkg.table.formats import to_json_value
from nevkg.table.values import Thing, Value, find_things

if TYPE_CHECKING:
    from nevkg.ask.answer import Answer

FORM = 1
_UNIT = "unit"  # the role of the column with the units of numbers
_NUMBERS = ("integer", "number")
_BY_LINE = ("columns", "rows", "labels", "statements", "sources")
_UNRELIABLE = terms.NEV + "unreliableHost"
_OF_SOURCES = {
    terms.DCTERMS + "title": "title",
    terms.DCTERMS + "publisher": "publisher",
    terms.NEV + "earliest": "earliest",
    terms.NEV + "latest": "latest",
    terms.NEV + "address": "address",
}


def write_document(answer: Answer, address: Address) -> bytes:
    """Returns the document of an answer as JSON: UTF-8, members in a fixed order, one line for each row, statement and source.

    Args:
        answer: the whole answer.
        address: its address, without a digest.
    """
    store, question = answer.store, answer.question
    found = answer.evidence.grounds
    behind = [sorted({one.statement for cell in row for iri in cell for one in found.get(iri, ())}) for row in answer.rests]
    grounds = {one.statement: one for of_fact in found.values() for one in of_fact}
    sources = _describe_sources(store, {one.source for one in grounds.values()})
    spaces = entities.namespaces(store)
    named = {iri for _, value in address.parameters if (iri := terms.expand(value, spaces) if _is_name(value, spaces) else None)}
    named |= {thing.iri for row in answer.records for cell in row for thing in find_things(cell)}
    named |= {str(facts["publisher"]) for facts in sources.values() if "publisher" in facts}
    unit = {"unit": question.show[_UNIT]} if _UNIT in question.show else {}
    document: dict[str, Any] = {
        "form": FORM,
        "edition": address.edition,
        "data": f"sha256:{store.digest}" if isinstance(store, EmbeddedStore) else None,
        "question": question.name,
        "title": question.title,
        "parameters": _group(address.parameters),
        "as_of": answer.as_of,
        "known_by": address.known_by,
        "columns": [
            {"name": column.name, "label": column.label, "type": kind.name, **(unit if kind.name in _NUMBERS else {})}
            for column, kind in zip(answer.columns, answer.kinds, strict=True)
        ],
        "rows": [
            {"cells": [_cell(cell) for cell in row], "statements": behind[number] if behind else []}
            for number, row in enumerate(answer.records)
        ],
        "labels": _label(store, named),
        "statements": {
            iri: {"source": one.source, "modality": one.modality, "earliest": one.earliest, "latest": one.latest}
            for iri, one in sorted(grounds.items())
        },
        "sources": sources,
    }
    members = ",\n".join(f" {_dump(name)}: {_lay_out(value) if name in _BY_LINE else _dump(value)}" for name, value in document.items())
    return f"{{\n{members}\n}}\n".encode("utf-8", "replace")


def digest_document(document: bytes) -> str:
    """Returns the SHA-256 (hexadecimal) of a document."""
    return sha256(document).hexdigest()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lay_out(value: Mapping[str, object] | Sequence[object]) -> str:
    """Returns the JSON of a list or an object with one line for each of its members."""
    if isinstance(value, Mapping):
        lines, start, end = [f"  {_dump(name)}: {_dump(one)}" for name, one in value.items()], "{", "}"
    else:
        lines, start, end = [f"  {_dump(one)}" for one in value], "[", "]"
    return "\n".join([start, ",\n".join(lines), f" {end}"]) if lines else start + end


def _is_name(value: str, spaces: Mapping[str, str]) -> bool:
    return value.startswith(("http://", "https://")) or value.partition(":")[0] in spaces


def _group(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        grouped[name].append(value)
    return grouped


def _cell(value: Value) -> Any:
    """Returns a cell as JSON; entities are IRIs, since their labels are given once for all cells."""
    if isinstance(value, tuple):
        return [_cell(one) for one in value]
    return value.iri if isinstance(value, Thing) else to_json_value(value)


def _label(store: Store, iris: set[str]) -> dict[str, dict[str, str]]:
    labels = {language: find_display_labels(store, iris, language) for language in terms.LANGUAGES}
    return {iri: {language: labels[language][iri] for language in terms.LANGUAGES} for iri in sorted(iris)}


def _describe_sources(store: Store, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """Returns the facts of sources that a reader needs to find them. An address on an unreliable host is no link."""
    found: dict[str, dict[str, str]] = {iri: {} for iri in sorted(iris)}
    wanted = ", ".join(f"<{name}>" for name in (*_OF_SOURCES, _UNRELIABLE))
    # Oxigraph takes ten times as long for VALUES instead of FILTER.
    query = f"""SELECT ?source ?property ?value WHERE {{
        VALUES ?source {{ {terms.format_iris(found)} }} ?source ?property ?value FILTER(?property IN ({wanted})) }}"""
    rows = sorted((row["source"], row["property"], row["value"]) for row in entities.rows(store, query))
    unreliable = {source for source, name, _ in rows if name == _UNRELIABLE}
    for source, name, value in rows:
        if key := _OF_SOURCES.get(name):
            found[source].setdefault(key, unreliable_hosts.defang(value) if key == "address" and source in unreliable else value)
    return found
