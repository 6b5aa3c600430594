"""Visits places politely: as their robots.txt allows, with pauses, only for what has changed, and not too often."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from nevkg.data import terms
from nevkg.data.atomic import replace_file
from nevkg.errors import CouldNotRun, NevkgError
from nevkg.reading.web import NotFetched, fetch

AGENT = "nevkg"
_HEADERS = {"User-Agent": f"{AGENT} (+{terms.BASE})"}
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between two requests to a host
_VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
_MISSING = range(400, 500)


class Visitor:
    """Fetches pages one after the other.

    Attributes:
        left: how many requests it may still make, robots.txt not counted.
    """

    def __init__(self, limit: int, memory: Path | None = None, wait: Callable[[float], None] = sleep) -> None:
        """Prepares visits.

        Args:
            memory: a file with the validators of earlier answers; None for a first visit.
            wait: waits for so many seconds.
        """
        self.left = limit
        self._wait = wait
        self._rules: dict[str, RobotFileParser | NevkgError] = {}
        self._next: dict[str, float] = {}
        self._validators = _read_memory(memory)

    def get(self, address: str) -> bytes | None:
        """Returns the content at an address; None if it is as at the last visit.

        Raises:
            CouldNotRun: if the limit is reached, robots.txt forbids it, or one of the two cannot be fetched.
            InvalidData: if it is too large.
            WrongUsage: if it is not on the public web.
        """
        if self.left <= 0:
            raise CouldNotRun(f"{address} was not visited: the limit of requests is reached; --limit sets it.")
        rules = self._find_rules(address)
        if not rules.can_fetch(AGENT, address):
            raise CouldNotRun(f"{address} was not visited: robots.txt of its host forbids it.")
        self.left -= 1
        host = urlsplit(address).netloc
        self._wait(max(0.0, self._next.get(host, 0.0) - monotonic()))
        try:
            fetched = fetch(address, _HEADERS | self._validators.get(address, {}))
        finally:
            self._next[host] = monotonic() + min(float(rules.crawl_delay(AGENT) or _PAUSE), _LONGEST_PAUSE)
        if fetched.unchanged:
            return None
        self._validators[address] = {sent: fetched.headers[name] for name, sent in _VALIDATORS.items() if name in fetched.headers}
        return fetched.content

    def forget(self, address: str) -> None:
        """Fetches an address again at the next visit, even if it is unchanged, since its content could not be used."""
        self._validators.pop(address, None)

    def remember(self, memory: Path) -> None:
        """Writes the validators of the answers."""
        content = json.dumps({address: found for address, found in sorted(self._validators.items()) if found}, indent=1)
        memory.parent.mkdir(parents=True, exist_ok=True)
        replace_file(memory, content.encode())

    def _find_rules(self, address: str) -> RobotFileParser:
        """Returns the rules of a host, by RFC 9309: without a robots.txt all is allowed, with one that cannot be fetched nothing."""
        root = urljoin(address, "/robots.txt")
        if root not in self._rules:
            self._rules[root] = _read_rules(root)
        rules = self._rules[root]
        if isinstance(rules, NevkgError):
            raise CouldNotRun(f"{address} was not visited: {rules}")
        return rules


def _read_rules(root: str) -> RobotFileParser | NevkgError:
    rules = RobotFileParser(root)
    try:
        rules.parse(fetch(root, _HEADERS).content.decode(errors="replace").splitlines())
    except NevkgError as error:
        if not (isinstance(error, NotFetched) and error.status in _MISSING):
            return error
        rules.parse([])
    return rules


def _read_memory(memory: Path | None) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(memory.read_bytes()) if memory else {}
    except (OSError, ValueError):  # a first visit, or a damaged file of a cache
        return {}
    return found if isinstance(found, dict) else {}
