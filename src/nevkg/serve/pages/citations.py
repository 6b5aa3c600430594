"""The citation of an answer: its document, and its page, which says whether the bytes are the same and what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nevkg.ask import days
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.citation import find_edition, read_address
from nevkg.ask.comparison import CitedAnswer, NotHere, describe_difference, resolve_citation
from nevkg.data import terms
from nevkg.errors import CouldNotRun, NevkgError, WrongUsage
from nevkg.lookup import entities
from nevkg.serve.jobs import Reply, Task, bytes_reply
from nevkg.serve.pages import requests
from nevkg.serve.pages.address import DOCUMENT, OF_CITATIONS, PAGE, Links, path_of_citation
from nevkg.serve.pages.question_pages import PageCells
from nevkg.serve.pages.render import PageNames, View, html, page
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.store.embedded import NotBuilt
from nevkg.table.listings import count_rows, heading

# Rows and changes that the page shows; the document has all rows.
_MOST_ROWS, _MOST_CHANGES = 500, 100


@dataclass(frozen=True)
class PrepareCitation(Task):
    """Opens the release of an edition and the snapshot of a citation."""

    address: str
    releases: Sequence[str]

    def run(self, store: Store) -> Reply:
        """Returns nothing."""
        try:
            found = _resolve(store, self, terms.LANGUAGES[0])
            days.snapshot(found.answer.store, found.answer.as_of)
        except (Problem, NevkgError):
            pass  # the request itself reports it
        return bytes_reply("text/plain", b"")


@dataclass(frozen=True)
class ShowCitation(Task):
    """The document of a citation, or its page; ``releases`` may have its edition, ``suffix`` is whether the address names the format."""

    address: str
    releases: Sequence[str]
    format: str
    suffix: bool
    links: Links
    view: View | None = None

    def run(self, store: Store) -> Reply:
        """Returns the document, or the page.

        Raises:
            Problem: 404 if the edition is not here; 308 to the address as it is to be written; 302 to that with the digest; 409 if the
                answer is not the one that was cited (for its document; the page says so).
        """
        view = self.view.of_dataset(store) if self.view else None
        found = _resolve(store, self, view.language if view else terms.LANGUAGES[0])
        links = self.links
        _redirect(found, self, links)
        other = DOCUMENT if view else PAGE
        plain = replace(links, language="")
        related = {
            found.address: 'rel="canonical"',
            path_of_citation(found.address, plain, other): f'rel="alternate"; type="{OF_CITATIONS[other]}"',
            f"{links.root}/questions/{found.cited.question}": 'rel="original"',
        }
        headers = {
            "Link": ", ".join(f"<{target}>; {how}" for target, how in related.items()),
            "Memento-Datetime": requests.format_moment(min(found.answer.as_of, entities.dataset_date(found.answer.store))),
        }
        if view is None:
            if not found.is_same:
                raise Problem(409, describe_difference(found))
            return bytes_reply(OF_CITATIONS[DOCUMENT], found.document, headers)
        return html(
            page("citation", view, **_content(store, found, view), document=path_of_citation(found.address, plain, DOCUMENT)), view, headers
        )


def _resolve(store: Store, given: ShowCitation | PrepareCitation, language: str) -> CitedAnswer:
    try:
        return resolve_citation(given.address, store, [Path(folder) for folder in given.releases], language)
    except NotHere as error:
        raise Problem(404, str(error)) from None
    except NotBuilt:
        raise
    except CouldNotRun:  # its words name folders of the server, which are not public
        words = "The release of this edition cannot be opened at the moment; try again in a minute."
        raise Problem(503, words, wait=60, cause="release not readable") from None


def _redirect(found: CitedAnswer, given: ShowCitation, links: Links) -> None:
    """Raises the redirection to the address as it is to be written, unless the request has it."""
    written = read_address(found.address)
    if found.cited.digest:
        written = replace(written, digest=found.cited.digest)
    if str(written) == given.address:
        return
    where = {"Location": path_of_citation(str(written), links, given.format if given.suffix else "")}
    raise Problem(308 if found.cited.digest else 302, f"The address is written {written}.", headers=where)


def _content(store: Store, found: CitedAnswer, view: View) -> dict[str, Any]:
    """Returns the template values of the page."""
    answer = found.answer
    part = answer.page(0, _MOST_ROWS)
    cells = PageCells(part, PageNames(answer.store, view.language, view.links))
    is_current = find_edition(store) == found.cited.edition and not found.program
    comparison, lost = None, ""
    if not is_current:
        try:
            comparison = found.compare(store)
        except WrongUsage as error:
            lost = str(error)
    return {
        "title": " · ".join(filter(None, heading(answer))),
        "cited": found.cited,
        "address": found.address,
        "is_same": found.is_same,
        "difference": "" if found.is_same else describe_difference(found),
        "data": entities.version(answer.store),
        "day": answer.as_of,
        "columns": cells.columns(answer.records),
        "rows": cells.rows(),
        "summary": count_rows(answer),
        "reason": answer.reason.text if answer.reason else "",
        "left": len(answer) - len(part),
        "is_current": is_current,
        "changes": comparison.summary if comparison else [],
        "details": comparison.details[:_MOST_CHANGES] if comparison else [],
        "more": max(len(comparison.details) - _MOST_CHANGES, 0) if comparison else 0,
        "lost": lost,
        "question": f"/questions/{found.cited.question}" if found.cited.question in load_catalogue(store.layout).questions else "",
    }
