"""When a new state of the dataset is worth opening, and why it was refused. Knows nothing of files and processes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

# A state is opened when so many looks in a row have seen it. One with fewer files may be a copy that is still going on.
_LOOKS, _LOOKS_WITH_FEWER_FILES = 2, 15
_MOST_LOOKS = 150
_SHRINKS_TO = 0.5


def now() -> str:
    """The time in UTC (ISO)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Sign:
    """What a look at the files gives: ``text`` is another one after each change.

    Attributes:
        text: compared with that of other looks.
        files: how many files there are.
        problem: why the files are no dataset; empty if they may be one.
    """

    text: str
    files: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Facts:
    """What is in a state of the dataset; nothing is known of one on another server."""

    version: str | None = None
    date: str | None = None
    digest: str | None = None
    triples: int | None = None
    sources: int | None = None

    @property
    def counts(self) -> str:
        """In words."""
        if self.triples is None or self.sources is None:
            return "an unknown number of triples"
        return f"{self.triples:,} triples from {self.sources:,} sources"


def shrinkage(old: Facts, new: Facts) -> str:
    """Why a state is too small to take the place of another; empty if it is not."""
    for was, become in ((old.triples, new.triples), (old.sources, new.sources)):
        if was and become is not None and become < was * _SHRINKS_TO:
            return f"it has {new.counts}, less than half of {old.counts}; if that is meant, start the server with --allow-smaller."
    return ""


@dataclass(frozen=True)
class Refusal:
    """Why a newer state is not served, and since when."""

    reason: str
    since: str = field(default_factory=now)


class Watch:
    """Follows the signs of a dataset."""

    def __init__(self, served: Sign) -> None:
        """Begins with the sign of what is served."""
        self._served = self._candidate = served
        self._seen, self._wanted = 0, 0
        self.refusal: Refusal | None = None

    def sees(self, sign: Sign) -> bool:
        """Takes note of a look; whether it is time to open that state."""
        if sign.text == self._served.text:
            self._candidate, self._seen, self.refusal = sign, 0, None
            return False
        if sign.text != self._candidate.text:
            fewer = sign.files < self._served.files and not sign.problem
            self._candidate, self._seen, self._wanted = sign, 0, _LOOKS_WITH_FEWER_FILES if fewer else _LOOKS
        self._seen += 1
        return self._seen == self._wanted

    def serves(self, sign: Sign) -> None:
        """That state is served from now on."""
        self._served, self.refusal = sign, None

    def loses(self) -> None:
        """What is served cannot be used any more, so that the same state is to be opened again."""
        self._served = self._candidate = replace(self._served, text="")

    def refuses(self, reason: str, *, for_now: bool) -> bool:
        """That state is not served, for now or until it changes; whether this is news."""
        self._wanted = min(2 * self._seen, self._seen + _MOST_LOOKS) if for_now else -1
        is_news = self.refusal is None or self.refusal.reason != reason
        if is_news:
            self.refusal = Refusal(reason)
        return is_news
