"""Permanent citations: the addresses of answers, and the documents that they stand for, always the same bytes.

An address has the edition of the data, question, parameters, both clocks and the digest of the document.
A parameter that an address leaves out accepts any value: the defaults of a question are written out, so that an answer does
not change with them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from nevkg.ask import arguments
from nevkg.ask.catalogue import AS_OF, Question
from nevkg.ask.evaluation import LANGUAGE, find_display_labels
from nevkg.data import terms
from nevkg.data.json_values import to_json_value
from nevkg.errors import WrongUsage
from nevkg.lookup import entities, sources
from nevkg.store import EmbeddedStore, Store
from nevkg.store.releases import name_edition
from nevkg.table.values import Thing, Value, find_things

if TYPE_CHECKING:
    from nevkg.ask.answer import Answer

PATH = "cite/"
CLOCKS = _AS_OF, _KNOWN_BY = "as_of", "known_by"
DIGEST = "digest"
# ``lang`` is the language of a page, wherever there are pages.
_RENAMED = {LANGUAGE: "language"}
_ORIGINAL = {new: old for old, new in _RENAMED.items()}
_SHAPE = re.compile(rf"(?:https?://[^?#]*/{PATH}|/?{PATH})?(?P<edition>[^/?#]+)/(?P<question>[A-Za-z0-9_-]+)(?:\?(?P<query>[^#]*))?")
_EDITION = re.compile(r"[0-9A-Za-z.-]+\+[0-9a-f]{16}")
_DIGEST = re.compile(r"sha256-[0-9a-f]{64}")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_LONGEST, _MOST_VALUES = 16_384, 1000
_EXAMPLE = f"{terms.BASE}{PATH}EDITION/QUESTION?name=value&digest=sha256-…"


@dataclass(frozen=True)
class Address:
    """The address of an answer; its text is the only spelling that this program writes.

    Attributes:
        edition: the state of the data; see ``releases.name_edition``.
        question: the name of the question.
        parameters: names and values, in short names, sorted.
        as_of: the day (ISO) that the answer is for; None for the date of the data, or if the question has no day.
        known_by: the day (ISO) after which sources are left out; None if all count.
        digest: ``sha256-`` and the digest (hexadecimal) of the document; empty if the address has none.
    """

    edition: str
    question: str
    parameters: tuple[tuple[str, str], ...] = ()
    as_of: str | None = None
    known_by: str | None = None
    digest: str = ""

    def __str__(self) -> str:
        rest = ((_AS_OF, self.as_of), (_KNOWN_BY, self.known_by), (DIGEST, self.digest))
        pairs = [*((_RENAMED.get(name, name), value) for name, value in self.parameters), *((name, value) for name, value in rest if value)]
        query = urlencode(pairs, quote_via=quote, safe=":/")
        return f"{terms.BASE}{PATH}{self.edition}/{self.question}{'?' if query else ''}{query}"

    def with_digest(self, digest: str) -> Address:
        """Returns the address with a digest (hexadecimal)."""
        return replace(self, digest=f"sha256-{digest}")


def read_address(text: str) -> Address:
    """Reads an address: that of the project, of a server, or only what follows ``cite/``."""
    match = _SHAPE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or _UNSEEN.search(text):
        raise WrongUsage(f"This is not the address of an answer; it is like {_EXAMPLE}.")
    edition = unquote(match["edition"])
    if not _EDITION.fullmatch(edition):
        raise WrongUsage(f"'{edition[:80]}' names no edition: it is a version, a plus and 16 digits, as in 1.0+0123456789abcdef.")
    try:
        pairs = parse_qsl(match["query"] or "", True, bool(match["query"]), errors="strict", max_num_fields=_MOST_VALUES)
    except ValueError:
        raise WrongUsage(f"The part of the address after '?' cannot be read; it is like {_EXAMPLE}.") from None
    own = {DIGEST: "", **dict.fromkeys(CLOCKS, "")}
    values = set[tuple[str, str]]()
    for name, value in pairs:
        if not value or _UNSEEN.search(value.replace(" ", "")):
            raise WrongUsage(f"The address has no value for '{name[:80]}', or one with characters that cannot be seen.")
        if name == AS_OF:
            raise WrongUsage(f"The address calls the day '{name}'; it is '{_AS_OF}' there.")
        if name not in own:
            values.add((_ORIGINAL.get(name, name), value))
        elif own[name]:
            raise WrongUsage(f"The address has '{name}' twice.")
        else:
            own[name] = value if name == DIGEST else _day(name, value)
    if own[DIGEST] and not _DIGEST.fullmatch(own[DIGEST]):
        raise WrongUsage("The digest of the address is not one: it is 'sha256-' and 64 digits from 0 to 9 and a to f.")
    as_of, known_by = (own[name] or None for name in CLOCKS)
    return Address(edition, match["question"], tuple(sorted(values)), as_of, known_by, own[DIGEST])


def _day(name: str, text: str) -> str:
    if text == arguments.TODAY:
        raise WrongUsage(f"{name}: '{text}' is another day tomorrow; write it as YYYY-MM-DD.")
    try:
        return arguments.day(text)
    except WrongUsage:
        raise WrongUsage(f"{name}: '{text}' is not a day; write it as YYYY-MM-DD, such as 2025-12-31.") from None


def find_edition(store: Store) -> str:
    """Returns the edition of the data in a store; empty if it cannot be known, as on a server or in a folder that was loaded."""
    if not isinstance(store, EmbeddedStore) or not store.digest or store.folder or store.is_copy:
        return ""
    return name_edition(entities.version(store), store.digest)


def make_address(store: Store, question: Question, bound: Mapping[str, Sequence[str]], as_of: str) -> Address | None:
    """Returns the address of an answer without a digest; None if it cannot have one. ``bound`` has N-Triples terms, without defaults."""
    edition = find_edition(store)
    # A question over the record may take several days, but an address has one.
    if not _EDITION.fullmatch(edition) or len(bound.get(AS_OF, ())) > 1:
        return None
    names = {parameter.name for parameter in question.parameters}
    values = {
        (parameter.name, value)
        for parameter in question.parameters
        if parameter.name != AS_OF
        for value in arguments.shorten_terms(
            store, bound[parameter.name] if parameter.name in bound else arguments.find_default(store, question, parameter)
        )
    }
    return Address(edition, question.name, tuple(sorted(values)), as_of if AS_OF in names else None, store.known_by)


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

    It has no date of production and no address of a server. What it has comes from the data, not from words of this program,
    so that a later version writes the same. Whoever must change it anyway gives ``FORM`` another number, and keeps writing
    the form that an address was made for.

    Args:
        answer: the whole answer.
        address: its address, without a digest.
    """
    store, question = answer.store, answer.question
    found = answer.evidence.grounds
    behind = [sorted({ground.statement for cell in row for iri in cell for ground in found.get(iri, ())}) for row in answer.rests]
    grounds = {ground.statement: ground for of_fact in found.values() for ground in of_fact}
    sources = _describe_sources(store, {ground.source for ground in grounds.values()})
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
        "labels": _find_label(store, named),
        "statements": {
            iri: {"source": ground.source, "modality": ground.modality, "earliest": ground.earliest, "latest": ground.latest}
            for iri, ground in sorted(grounds.items())
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
        lines, start, end = [f"  {_dump(name)}: {_dump(member)}" for name, member in value.items()], "{", "}"
    else:
        lines, start, end = [f"  {_dump(part)}" for part in value], "[", "]"
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
        return [_cell(part) for part in value]
    return value.iri if isinstance(value, Thing) else to_json_value(value)


def _find_label(store: Store, iris: set[str]) -> dict[str, dict[str, str]]:
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
            found[source].setdefault(key, sources.defang(value) if key == "address" and source in unreliable else value)
    return found
