"""Decides when to open a new state of the dataset, and records why one was refused. Does no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nevkg.serve.problem import Refusal
from nevkg.store.releases import name_edition

# A state is opened after this many checks in a row have seen it. One with fewer files may be a copy still in progress.
_CHECKS, _CHECKS_WITH_FEWER_FILES = 2, 15
_MOST_CHECKS = 150
_SHRINKS_TO = 0.5


@dataclass(frozen=True)
class Sign:
    """The result of one check of the files.

    Attributes:
        text: changes whenever the files change.
        problem: why the files are not a valid dataset; empty if no problem was found.
    """

    text: str
    files: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Contents:
    """The version, date, digest, size and heartbeat of a state of the dataset; all None for a remote store."""

    version: str | None = None
    date: str | None = None
    digest: str | None = None
    triples: int | None = None
    sources: int | None = None
    heartbeat: Mapping[str, Any] | None = None

    @property
    def counts(self) -> str:
        """The size in words, for messages."""
        if self.triples is None or self.sources is None:
            return "an unknown number of triples"
        return f"{self.triples:,} triples from {self.sources:,} sources"

    @property
    def edition(self) -> str:
        """The name of the data in citations; empty if it is unknown."""
        return name_edition(self.version, self.digest) if self.version and self.digest else ""


def shrinkage(old: Contents, new: Contents) -> str:
    """Returns why a new state is too small to replace the old one; empty if it is not."""
    for was, become in ((old.triples, new.triples), (old.sources, new.sources)):
        if was and become is not None and become < was * _SHRINKS_TO:
            return f"it has {new.counts}, less than half of {old.counts}; if this is intended, start the server with --allow-smaller."
    return ""


class Watch:
    """Compares successive signs of a dataset with the served one."""

    def __init__(self, served: Sign) -> None:
        """Starts with the sign of the served state."""
        self._served = self._candidate = served
        self._seen, self._wanted = 0, 0
        self.refusal: Refusal | None = None

    def observe(self, sign: Sign) -> bool:
        """Records the sign of a check; returns whether it is time to open that state."""
        if sign.text == self._served.text:
            self._candidate, self._seen, self.refusal = sign, 0, None
            return False
        if sign.text != self._candidate.text:
            fewer = sign.files < self._served.files and not sign.problem
            self._candidate, self._seen, self._wanted = sign, 0, _CHECKS_WITH_FEWER_FILES if fewer else _CHECKS
        self._seen += 1
        return self._seen == self._wanted

    def mark_served(self, sign: Sign) -> None:
        """Records that the state with this sign is now served."""
        self._served, self.refusal = sign, None

    def mark_unusable(self) -> None:
        """Records that the served state is unusable, so that the same state is opened again."""
        self._served = self._candidate = replace(self._served, text="")

    def refuse(self, reason: str, *, for_now: bool) -> bool:
        """Records that the state is refused, for now or until it changes; returns whether the reason is new."""
        self._wanted = min(2 * self._seen, self._seen + _MOST_CHECKS) if for_now else -1
        is_news = self.refusal is None or self.refusal.reason != reason
        if is_news:
            self.refusal = Refusal(reason)
        return is_news
