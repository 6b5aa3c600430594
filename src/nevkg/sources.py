"""Sources: which ones stand behind statements and episodes, and how they are cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nevkg import entities, terms
from nevkg.store import Store

_DESCRIPTION = f"""
    PREFIX nev: <{terms.NEV}>
    PREFIX dcterms: <{terms.DCTERMS}>
    SELECT DISTINCT ?source ?title ?publisher ?earliest ?latest ?address WHERE {{{{
      VALUES ?source {{{{ {{values}} }}}}
      ?source a nev:Source .
      OPTIONAL {{{{ ?source dcterms:title ?title }}}}
      OPTIONAL {{{{ ?source dcterms:publisher ?publisher }}}}
      OPTIONAL {{{{ ?source nev:earliest ?earliest }}}}
      OPTIONAL {{{{ ?source nev:latest ?latest }}}}
      OPTIONAL {{{{ ?source nev:address ?address }}}}
    }}}} ORDER BY ?source ?title ?address"""


@dataclass(frozen=True)
class Source:
    """A source as it is cited."""

    iri: str
    title: str
    publisher: str
    published: str
    address: str

    def __str__(self) -> str:
        return entry(self)


@dataclass(frozen=True)
class Evidence:
    """What cells rest on: the sources, sorted by IRI, and for each statement or episode the IRIs of its own."""

    sources: Sequence[Source]
    behind: Mapping[str, Sequence[str]]

    def of(self, iri: str | None) -> list[Source]:
        """The sources behind one statement or episode."""
        wanted = set(self.behind.get(iri or "", ()))
        return [source for source in self.sources if source.iri in wanted]


def gather(store: Store, evidence: Iterable[str], language: str) -> Evidence:
    """The sources behind statements or episodes."""
    behind: dict[str, list[str]] = {}
    for values in entities.portions(evidence):
        query = f"""
            PREFIX nev: <{terms.NEV}>
            PREFIX prov: <{terms.PROV}>
            SELECT DISTINCT ?evidence ?source WHERE {{
              VALUES ?evidence {{ {values} }}
              {{ ?evidence nev:source ?source }} UNION {{ ?evidence prov:wasDerivedFrom/nev:source ?source }}
            }} ORDER BY ?evidence ?source"""
        for row in entities.select(store, query):
            behind.setdefault(terms.text(row["evidence"]), []).append(terms.text(row["source"]))
    return Evidence(described(store, {source for found in behind.values() for source in found}, language), behind)


def cited(store: Store, evidence: Iterable[str], language: str) -> list[Source]:
    """The sources behind statements or episodes, sorted by IRI."""
    return list(gather(store, evidence, language).sources)


def described(store: Store, iris: Iterable[str], language: str) -> list[Source]:
    """Sources by their IRIs, sorted, with the facts that a citation needs."""
    rows = [row for values in entities.portions(iris) for row in entities.select(store, _DESCRIPTION.format(values=values))]
    names = entities.labels(store, {row["publisher"].value for row in rows if row["publisher"]}, language)
    found: dict[str, Source] = {}
    for row in rows:
        text = {name: row[name].value if row[name] else "" for name in ("source", "title", "publisher", "earliest", "latest", "address")}
        published = _published(text["earliest"], text["latest"])
        found.setdefault(
            text["source"],
            Source(text["source"], text["title"], names.get(text["publisher"], ""), published, text["address"]),
        )
    return list(found.values())


def _published(earliest: str, latest: str) -> str:
    if earliest == latest:
        return earliest or "undated"
    if not latest:
        return f"{earliest} or later"
    return f"{earliest}/{latest}" if earliest else f"by {latest}"


def entry(source: Source) -> str:
    """A source as a line of a bibliography."""
    publisher = f"{source.publisher}. " if source.publisher else ""
    address = f" {source.address}" if source.address else ""
    title = f"{source.title} " if source.title else ""
    return f"{publisher}{title}({source.published}){address} <{source.iri}>"


def citation(head: str, sources: Sequence[Source]) -> str:
    """What was asked of what, and the sources, numbered: ready for a paper."""
    entries = [f"[{number}] {entry(source)}" for number, source in enumerate(sources, start=1)]
    return "\n".join([f"{head}.", *(["Sources:", *entries] if entries else [])]) + "\n"
