"""Sources: which ones stand behind statements and episodes, and how they are cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nevkg.data import terms
from nevkg.lookup import entities, unreliable_hosts
from nevkg.store import Store
from nevkg.store.memo import Lookup


@dataclass(frozen=True)
class Source:
    """A source as it is cited.

    Attributes:
        iri: its name.
        title: of the document.
        publisher: its label.
        published: a day, two with a slash between them, or in words.
        address: on the web. On an unreliable host it is no link: without a scheme, and with ``[.]`` for each dot of the
            host; empty for a bare IP number.
        devised: words that mark a title made by the project, in the language of the reader; empty if the title is the source's own.
        unreliable: in words, why its host is unreliable; empty if it is not known to be.
        archive: where the Internet Archive shows its copy of nearest date, if it has one; empty if it cannot be looked up.
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
        return entry(self)


@dataclass(frozen=True)
class Ground:
    """A statement that something rests on: how it is meant, the days (ISO) that bound its date, and the IRI of its source."""

    statement: str
    source: str
    modality: str
    earliest: str
    latest: str


@dataclass(frozen=True)
class Evidence:
    """What cells rest on: the sources, sorted by IRI, and for each statement or episode the statements it rests on."""

    sources: Sequence[Source]
    grounds: Mapping[str, Sequence[Ground]]

    @cached_property
    def behind(self) -> dict[str, list[str]]:
        """For each statement or episode the IRIs of its sources, sorted."""
        return {iri: sorted({ground.source for ground in grounds}) for iri, grounds in self.grounds.items()}

    def of(self, *iris: str) -> list[Source]:
        """The sources behind some statements or episodes."""
        wanted = {ground.source for iri in iris for ground in self.grounds.get(iri, ())}
        return [source for source in self.sources if source.iri in wanted]


def gather(store: Store, evidence: Iterable[str], language: str) -> Evidence:
    """The sources behind statements or episodes."""
    grounds = _grounds(store, evidence)
    return Evidence(described(store, {ground.source for found in grounds.values() for ground in found}, language), grounds)


def _look_up_grounds(store: Store, evidence: Iterable[str]) -> dict[str, list[Ground]]:
    values = " ".join(sorted(f"<{iri}>" for iri in evidence))
    query = f"""
        PREFIX nev: <{terms.NEV}>
        PREFIX prov: <{terms.PROV}>
        SELECT DISTINCT ?evidence ?statement ?source ?modality ?earliest ?latest WHERE {{
          VALUES ?evidence {{ {values} }}
          {{ ?evidence nev:source ?source . BIND(?evidence AS ?statement) }}
          UNION {{ ?evidence prov:wasDerivedFrom ?statement . ?statement nev:source ?source }}
          OPTIONAL {{ ?statement nev:modality ?modality }}
          OPTIONAL {{ ?statement nev:earliest ?earliest }}
          OPTIONAL {{ ?statement nev:latest ?latest }}
        }} ORDER BY ?evidence ?statement ?source"""
    found: dict[str, list[Ground]] = {}
    for row in entities.select(store, query):
        facts = (row[name].value if row[name] else "" for name in ("statement", "source", "modality", "earliest", "latest"))
        found.setdefault(terms.text(row["evidence"]), []).append(Ground(*facts))
    return found


_grounds = Lookup(_look_up_grounds)


def cited(store: Store, evidence: Iterable[str], language: str) -> list[Source]:
    """The sources behind statements or episodes, sorted by IRI."""
    return list(gather(store, evidence, language).sources)


def described(store: Store, iris: Iterable[str], language: str) -> list[Source]:
    """Sources by their IRIs, sorted, with the facts that a citation needs."""
    found = _described(store, {(iri, language) for iri in iris})
    return [found[key] for key in sorted(found)]


def _look_up_sources(store: Store, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Source]:
    return {(source.iri, language): source for language in {one for _, one in wanted} for source in _all(store, wanted, language)}


def _all(store: Store, wanted: Iterable[tuple[str, str]], language: str) -> Iterable[Source]:
    values = " ".join(sorted(f"<{iri}>" for iri, _ in wanted))
    query = f"""
        PREFIX nev: <{terms.NEV}>
        PREFIX dcterms: <{terms.DCTERMS}>
        SELECT DISTINCT ?source ?title ?devised ?publisher ?earliest ?latest ?address ?fault ?archive WHERE {{
          VALUES ?source {{ {values} }}
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
    rows = list(entities.select(store, query))
    named = {row[name].value for row in rows for name in ("publisher", "fault") if row[name]}
    names = entities.labels(store, named, language)
    found: dict[str, Source] = {}
    for row in rows:
        text = {name: row[name].value if row[name] else "" for name in _PARTS}
        published = _published(text["earliest"], text["latest"], language)
        publisher, address, fault = names.get(text["publisher"], ""), text["address"], text["fault"]
        if fault:
            address, fault = unreliable_hosts.defang(address), _UNRELIABLE[language].format(names.get(fault, fault))
        devised = _DEVISED[language] if text["devised"] == "true" else ""
        found.setdefault(
            text["source"], Source(text["source"], text["title"], publisher, published, address, devised, fault, text["archive"])
        )
    return found.values()


_described = Lookup(_look_up_sources)


_PARTS = ("source", "title", "devised", "publisher", "earliest", "latest", "address", "fault", "archive")
_UNRELIABLE = {"en": "unreliable host: {}", "zh": "不可靠主机：{}"}
_DEVISED = {"en": "title devised", "zh": "自拟标题"}
# For a day that is not known, one of which the earliest is known, and one of which the latest is.
_VAGUE = {"en": ("undated", "{} or later", "by {}"), "zh": ("未注日期", "{} 或之后", "不晚于 {}")}


def _published(earliest: str, latest: str, language: str) -> str:
    undated, since, until = _VAGUE[language]
    if earliest == latest:
        return earliest or undated
    if not latest:
        return since.format(earliest)
    return f"{earliest}/{latest}" if earliest else until.format(latest)


def entry(source: Source) -> str:
    """A source as a line of a bibliography. A devised title names publisher and date itself."""
    address = f" {source.address}" if source.address else ""
    mark = f" [{source.unreliable}]" if source.unreliable else ""
    if source.devised:
        return f"{source.title} ({source.devised}){mark}{address} <{source.iri}>"
    publisher = f"{source.publisher}. " if source.publisher else ""
    title = f"{source.title} " if source.title else ""
    return f"{publisher}{title}({source.published}){mark}{address} <{source.iri}>"


def citation(head: str, sources: Sequence[Source]) -> str:
    """What was asked of what, and the sources, numbered: ready for a paper."""
    entries = [f"[{number}] {entry(source)}" for number, source in enumerate(sources, start=1)]
    return "\n".join([f"{head}.", *(["Sources:", *entries] if entries else [])]) + "\n"
