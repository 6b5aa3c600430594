"""Finds and describes the sources behind statements and episodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.literals import format_period
from nevkg.store import Store
from nevkg.store.memo import Lookup, memoise
from nevkg.words import words_of

_WORDS = words_of("lookup.sources")
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


def defang(address: str) -> str:
    """Returns an address without its scheme and with the host's dots in brackets; some programs would make a link of less."""
    host, slash, path = _SCHEME.sub("", address).partition("/")
    return host.replace(".", "[.]") + slash + path.replace("://", "[:]//")


@memoise
def find_addresses(store: Store) -> dict[str, str]:
    """Returns the addresses of sources on unreliable hosts, with the text to show for each."""
    found = entities.rows(store, "SELECT DISTINCT ?address WHERE { ?source nev:unreliableHost ?host ; nev:address ?address }")
    return {row["address"]: defang(row["address"]) for row in found}


@dataclass(frozen=True)
class Source:
    """A source with the facts that a citation needs.

    Attributes:
        iri: its IRI.
        title: the title of the document.
        publisher: the label of its publisher.
        published: the date of publication: a day, an interval of two days with a slash, or words.
        address: its web address. On an unreliable host it is not a link: it has no scheme, and ``[.]`` for each dot of the
            host; empty for a bare IP address.
        devised: a note that this project devised the title, in the language of the reader; empty if the title is the source's own.
        unreliable: a note why its host is unreliable; empty if it is not known to be.
        archive: the address where the Internet Archive shows its copy of the nearest date, if it has one; empty if it cannot
            be looked up.
    """

    iri: str
    title: str
    publisher: str
    published: str
    address: str
    devised: str = ""
    unreliable: str = ""
    archive: str = ""

    def __str__(self) -> str:
        """Returns a line of a bibliography. A devised title already contains the publisher and the date."""
        address = f" {self.address}" if self.address else ""
        mark = f" [{self.unreliable}]" if self.unreliable else ""
        if self.devised:
            return f"{self.title} ({self.devised}){mark}{address} <{self.iri}>"
        publisher = f"{self.publisher}. " if self.publisher else ""
        title = f"{self.title} " if self.title else ""
        return f"{publisher}{title}({self.date}){mark}{address} <{self.iri}>"

    @property
    def link(self) -> str:
        """The address, if it is a link; else empty."""
        return self.address if self.address.startswith(("http://", "https://")) else ""

    @property
    def date(self) -> str:
        """The date of publication for readers, as coarsely as the source gives it."""
        first_day, _, last_day = self.published.partition("/")
        return format_period(first_day, last_day, terms.LANGUAGES[0]) if last_day else self.published


@dataclass(frozen=True, order=True)
class Ground:
    """A supporting statement.

    Attributes:
        statement: its IRI.
        source: the IRI of its source.
        modality: the IRI of its modality; empty if it is not stated.
        earliest: the first day (ISO) of its date, which may be a range.
        latest: the last day (ISO) of its date.
    """

    statement: str
    source: str
    modality: str
    earliest: str
    latest: str


@dataclass(frozen=True)
class Evidence:
    """The evidence of cells: the sources, sorted by IRI, and for each statement or episode its supporting statements.

    ``omitted`` is the number of sources that were left out because they are on unreliable hosts.
    """

    sources: Sequence[Source]
    grounds: Mapping[str, Sequence[Ground]]
    omitted: int = 0

    @cached_property
    def reliable(self) -> Evidence:
        """The same without sources on unreliable hosts and their statements."""
        kept = [source for source in self.sources if not source.unreliable]
        iris = {source.iri for source in kept}
        grounds = {iri: [ground for ground in grounds if ground.source in iris] for iri, grounds in self.grounds.items()}
        return Evidence(kept, {iri: found for iri, found in grounds.items() if found}, len(self.sources) - len(kept))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the sources by IRI, counted from 1."""
        return {source.iri: number for number, source in enumerate(self.sources, start=1)}

    def find_sources(self, iris: Iterable[str]) -> list[str]:
        """Returns the IRIs of the sources of some statements or episodes, sorted."""
        return sorted({ground.source for iri in iris for ground in self.grounds.get(iri, ())})

    def of(self, *iris: str) -> list[Source]:
        """Returns the sources of some statements or episodes."""
        wanted = self.find_sources(iris)
        return [source for source in self.sources if source.iri in wanted]


def gather_evidence(store: Store, evidence: Iterable[str], language: str) -> Evidence:
    """Collects the sources and supporting statements of statements or episodes."""
    grounds = _grounds(store, evidence)
    return Evidence(describe_sources(store, {ground.source for found in grounds.values() for ground in found}, language), grounds)


@Lookup
def _grounds(store: Store, evidence: Iterable[str]) -> dict[str, list[Ground]]:
    query = f"""
        SELECT DISTINCT ?evidence ?statement ?source ?modality ?earliest ?latest WHERE {{
          VALUES ?evidence {{ {terms.format_iris(evidence)} }}
          {{ ?evidence nev:source ?source . BIND(?evidence AS ?statement) }}
          UNION {{ ?evidence prov:wasDerivedFrom ?statement . ?statement nev:source ?source }}
          OPTIONAL {{ ?statement nev:modality ?modality }}
          OPTIONAL {{ ?statement nev:earliest ?earliest }}
          OPTIONAL {{ ?statement nev:latest ?latest }}
        }}"""
    found: dict[str, list[Ground]] = {}
    for row in entities.rows(store, query):
        found.setdefault(row["evidence"], []).append(
            Ground(row["statement"], row["source"], row.get("modality", ""), row.get("earliest", ""), row.get("latest", ""))
        )
    # ORDER BY would read each text again at each comparison.
    return {iri: sorted(grounds) for iri, grounds in found.items()}


def describe_sources(store: Store, iris: Iterable[str], language: str) -> list[Source]:
    """Returns sources with the facts that a citation needs, sorted by IRI."""
    found = _descriptions(store, {(iri, language) for iri in iris})
    return [found[key] for key in sorted(found)]


@Lookup
def _descriptions(store: Store, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Source]:
    return {(source.iri, language): source for language in {tag for _, tag in wanted} for source in _describe_all(store, wanted, language)}


def _describe_all(store: Store, wanted: Iterable[tuple[str, str]], language: str) -> Iterable[Source]:
    query = f"""
        SELECT DISTINCT ?source ?title ?devised ?publisher ?earliest ?latest ?address ?fault ?archive WHERE {{
          VALUES ?source {{ {terms.format_iris(iri for iri, _ in wanted)} }}
          ?source a nev:Source .
          OPTIONAL {{ ?source dcterms:title ?title }}
          OPTIONAL {{ ?source nev:titleIsDevised ?devised }}
          OPTIONAL {{ ?source dcterms:publisher ?publisher }}
          OPTIONAL {{ ?source nev:earliest ?earliest }}
          OPTIONAL {{ ?source nev:latest ?latest }}
          OPTIONAL {{ ?source nev:address ?address }}
          OPTIONAL {{ ?source nev:unreliableHost/nev:hostFault ?fault }}
          OPTIONAL {{ ?source nev:archiveLookUp ?archive }}
        }} ORDER BY ?source ?title ?address ?archive"""
    rows = entities.rows(store, query)
    names = entities.labels(store, {row[name] for row in rows for name in ("publisher", "fault") if name in row}, language)
    found: dict[str, Source] = {}
    for row in rows:
        published = _format_publication(row.get("earliest", ""), row.get("latest", ""), language)
        publisher, address, fault = names.get(row.get("publisher", ""), ""), row.get("address", ""), row.get("fault", "")
        if fault:
            address, fault = defang(address), _WORDS[language]["unreliable"].format(names.get(fault, fault))
        devised = _WORDS[language]["devised"] if row.get("devised") == "true" else ""
        source = Source(row["source"], row.get("title", ""), publisher, published, address, devised, fault, row.get("archive", ""))
        found.setdefault(source.iri, source)
    return found.values()


def _format_publication(earliest: str, latest: str, language: str) -> str:
    words = _WORDS[language]
    if earliest == latest:
        return earliest or words["undated"]
    if not latest:
        return words["or later"].format(earliest)
    return f"{earliest}/{latest}" if earliest else words["by"].format(latest)


def format_citation(head: str, sources: Sequence[Source], address: str = "") -> str:
    """Formats a citation: the reference ``head`` with the permanent address, if there is one, then the numbered sources."""
    entries = [f"[{number}] {source}" for number, source in enumerate(sources, start=1)]
    first = f"{head}. <{address}> ({describe_access(address)})" if address else f"{head}."
    return "".join(f"{line}\n" for line in (first, *(["Sources:", *entries] if entries else [])))


def describe_access(address: str, language: str = terms.LANGUAGES[0]) -> str:
    """Says how to open the permanent address of an answer: the names of the project are not on the web yet (docs/citing.md)."""
    return _WORDS[language]["access"].format(address.partition("/cite/")[2].partition("+")[0])
