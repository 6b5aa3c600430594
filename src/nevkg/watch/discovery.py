"""Finds candidates: new pages at watched places that name what the data is about."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from nevkg.errors import NevkgError
from nevkg.propose.entity_names import DESCRIBED, PART, TOPIC
from nevkg.propose.proposals import Proposer
from nevkg.propose.queue import NEW, Candidate, Queue
from nevkg.reading.addresses import normalise_address
from nevkg.watch.places import Link, Place, find_links
from nevkg.watch.visitor import Visitor

_MOST_SITEMAPS = 5  # of one place, the newest first
_WORD_BREAKS = re.compile(r"[-_/.+]+")


@dataclass
class Findings:
    """What a round has found.

    Attributes:
        new: the candidates that were added to the queue.
        links: how many links were looked at.
        known: how many of them are in the data or in the queue.
        old: how many are older than asked for.
        other: how many name nothing that the data is about.
        unchanged: how many addresses are as at the last visit.
        problems: one sentence for each address that could not be used.
    """

    new: list[Candidate] = field(default_factory=list)
    links: int = 0
    known: int = 0
    old: int = 0
    other: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


class Topics:
    """The entities that a page must name to be a candidate, found in titles and addresses."""

    def __init__(self, proposer: Proposer) -> None:
        self._names, self._in_scope = proposer.extractor.names, proposer.extractor.in_scope
        self._kinds, self._topics = (
            {kind.name for kind in proposer.kinds.values() if kind.role in roles} for roles in ((DESCRIBED, PART), (TOPIC,))
        )

    def find(self, link: Link) -> list[str]:
        """Returns the slugs of the entities that a link names, in order."""
        # Without spaces and capitals, as in an address, names are compared in capitals.
        slug = _WORD_BREAKS.sub(" ", unquote(urlsplit(link.address).path)).upper()
        named = [*self._find_in(link.title), *self._find_in(slug)]
        return list(dict.fromkeys(iri.rpartition("/")[2] for iri in named))

    def _find_in(self, text: str) -> Iterator[str]:
        for mention in self._names.find(text, ""):
            for kind, iris in mention.entities.items():
                if kind in self._kinds or (kind in self._topics and iris[0] in self._in_scope):
                    yield iris[0]
                    break


@dataclass(frozen=True)
class Round:
    """One round of visits.

    Attributes:
        known: the normalised addresses of the sources in the data.
        since: pages of an earlier day are left out (ISO).
        day: the day of the round (ISO).
    """

    topics: Topics
    known: frozenset[str]
    since: str
    day: str

    def visit(self, places: Iterable[Place], visitor: Visitor, queue: Queue, words: Callable[[Place], Iterable[str]]) -> Findings:
        """Visits places and adds candidates to the queue; a place that cannot be used does not hinder others.

        Args:
            words: gives the words that a place is searched for.
        """
        findings = Findings()
        for place in places:
            try:
                addresses = list(map(place.fill, words(place))) if place.searches else [place.address]
            except NevkgError as error:
                findings.problems.append(f"{place.name}: {error}")
                continue
            before = findings.links, findings.unchanged, len(findings.problems)
            for address in addresses:
                for link in self._find_links(place, address, visitor, findings):
                    self._consider(link, place, queue, findings)
            # One search may find nothing, but not all of them.
            if place.searches and addresses and before == (findings.links, findings.unchanged, len(findings.problems)):
                findings.problems.append(_say_empty(place, place.address))
        findings.new.sort()
        return findings

    def _find_links(self, place: Place, address: str, visitor: Visitor, findings: Findings) -> Iterator[Link]:
        """Yields the links at an address, and those of the sitemaps that it lists."""
        todo, seen = deque([address]), {address}
        while todo:
            current = todo.popleft()
            try:
                content = visitor.get(current)
                if content is None:
                    findings.unchanged += 1
                    continue
                links = find_links(place.kind, current, content)
            except NevkgError as error:
                visitor.forget(current)
                findings.problems.append(f"{place.name}: {error}")
                continue
            if links.sitemaps or not links.pages:
                # Sitemaps may change, or not have been visited this time, while their list stays as it is.
                visitor.forget(current)
            if not (links.sitemaps or links.pages or place.searches):
                findings.problems.append(_say_empty(place, current))
            yield from links.pages
            for sitemap in links.sitemaps[: _MOST_SITEMAPS + 1 - len(seen)]:
                if sitemap.address not in seen and not (sitemap.published and sitemap.published < self.since):
                    seen.add(sitemap.address)
                    todo.append(sitemap.address)

    def _consider(self, link: Link, place: Place, queue: Queue, findings: Findings) -> None:
        findings.links += 1
        if normalise_address(link.address) in self.known or link.address in queue:
            findings.known += 1
        elif link.published and link.published < self.since:
            findings.old += 1
        elif not (names := self.topics.find(link)):
            findings.other += 1
        else:
            candidate = Candidate(link.address, link.title, link.published, place.name, "|".join(names), NEW, self.day)
            findings.new.append(queue.add(candidate))


def _say_empty(place: Place, address: str) -> str:
    return f"{place.name}: {address} has no links to pages; has the place moved, or is it another kind than '{place.kind}'?"
