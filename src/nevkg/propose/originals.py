"""Originals: which pages repeat the text of another one, so that the two count as one witness."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nevkg.contribute.source_documents import REPUBLISHES
from nevkg.errors import NevkgError
from nevkg.propose.proposals import Proposer, Source
from nevkg.reading.archive import Archive
from nevkg.reading.words import UNSPACED

# A word, or a character in scripts that write no spaces between words.
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_]+")
_RUN = 6  # tokens
_FEWEST = 20  # runs: fewer may be a formula that many pages have

Shingles = frozenset[tuple[str, ...]]
# Of the runs of words: an estimate (docs/decisions/049), which leaves room for another headline and edited sentences.
_COPIED = 0.6


def read_shingles(text: str) -> Shingles:
    """Returns all runs of six words of a text, or of six characters where words are not spaced, in lower case."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    return frozenset(zip(*(tokens[start:] for start in range(_RUN)), strict=False))


def measure_copied(text: Shingles, other: Shingles) -> float:
    """Returns the share of a text, from 0 to 1, that another one has, too; 0 if the text is too short to say."""
    return len(text & other) / len(text) if len(text) >= _FEWEST else 0.0


@dataclass(frozen=True)
class _Holder:
    """A page that has the text of documents.

    Attributes:
        published: the first day (ISO) on which it may have been published; empty if unknown.
        number: its number among the documents; 0 for a source in the data.
        name: the slug of the source; empty for a document.
        copied: the share of each document that it has, by number.
    """

    published: str
    number: int
    name: str
    copied: Mapping[int, float]

    @property
    def order(self) -> tuple[str, int]:
        """A key that sorts the oldest first."""
        return self.published, self.number


def find_originals(found: Sequence[Source], proposer: Proposer, archive: Archive) -> tuple[list[Source], list[str]]:
    """Returns documents with the pages that they repeat, and remarks on these and on texts that cannot be read.

    A document repeats another page if that has most of its text, and is older or, on the same day, given before. The page is
    another document, or a source in the data whose text is in the archive; it is the oldest, if there are several. A source
    without a date counts as older.

    Args:
        archive: has texts of these sources.
    """
    texts = {number: read_shingles(source.document.text) for number, source in enumerate(found, start=1)}
    holders = [_Holder(_published(found[number - 1]), number, "", _compare(texts, shingles, number)) for number, shingles in texts.items()]
    marked, remarks = list(found), list[str]()
    own = {source.name for source in found if source.cells is None}
    for slug, (address, published) in proposer.pages.items():
        try:
            if slug not in own and (text := next(archive.find_texts(address), "")):
                holders.append(_Holder(published, 0, slug, _compare(texts, read_shingles(text))))
        except NevkgError as error:
            remarks.append(str(error))
    for number, source in enumerate(found, start=1):
        address = source.document.address
        of = sorted((holder for holder in holders if number in holder.copied), key=lambda holder: holder.order)
        if of and of[0].order < (_published(source), number):
            marked[number - 1] = _mark(source, of[0], found)
            where = of[0].name or found[of[0].number - 1].document.address
            remarks.append(f"{address} repeats {where}, which has {of[0].copied[number]:.0%} of its text; see republishes in sources.csv.")
        else:
            remarks += [f"{holder.name}, which is in the data, is a newer copy of {address}." for holder in of if holder.name]
    return marked, list(dict.fromkeys(remarks))


def _published(source: Source) -> str:
    return source.document.published[0].isoformat() if source.document.published else ""


def _compare(texts: Mapping[int, Shingles], other: Shingles, own: int = 0) -> dict[int, float]:
    """Returns the share of each text that another one has, if it is large; without that of its own number."""
    shares = {number: measure_copied(text, other) for number, text in texts.items() if number != own}
    return {number: share for number, share in shares.items() if share >= _COPIED}


def _mark(source: Source, original: _Holder, found: Sequence[Source]) -> Source:
    if original.name and source.cells is not None:
        return replace(source, cells={**source.cells, REPUBLISHES: original.name})
    return source if original.name else replace(source, original=found[original.number - 1].document.address)
