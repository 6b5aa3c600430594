"""Pages of the public web, fetched with limits."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from urllib.parse import urljoin, urlsplit

from nevkg.errors import CouldNotRun, InvalidData, WrongUsage

MEGABYTE = 1 << 20
LARGEST = 20 * MEGABYTE
_SECONDS, _SECONDS_TO_CONNECT = 30, 10
_MOST_REDIRECTS = 5
UNCHANGED = 304


@dataclass(frozen=True)
class Fetched:
    """What a server answered.

    Attributes:
        content: the body; empty if it is as before.
        unchanged: whether the content is as before, by the validators that were sent.
    """

    content: bytes
    headers: Mapping[str, str]
    unchanged: bool = False


class NotFetched(CouldNotRun):
    """A page that cannot be fetched; ``status`` is that of the answer, or 0 if there is none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


def fetch(address: str, headers: Mapping[str, str] | None = None) -> Fetched:
    """Fetches a page of the public web; redirects, size and time are limited.

    Args:
        address: of http or https.

    Raises:
        NotFetched: if there is no answer with a content in time.
        InvalidData: if it is too large.
        WrongUsage: if the address, or one that it redirects to, is not on the public web.
    """
    found: Future[Fetched] = Future()

    def run() -> None:
        try:
            found.set_result(_fetch(address, headers))
        except BaseException as error:
            found.set_exception(error)

    # The time limit of a connection is for each read, so that a server may send a byte at a time for ever.
    Thread(target=run, daemon=True).start()
    try:
        return found.result(_SECONDS)
    except TimeoutError:
        raise NotFetched(f"{address} cannot be fetched: it takes more than {_SECONDS} seconds.") from None


def _fetch(address: str, headers: Mapping[str, str] | None) -> Fetched:
    import requests

    current = address
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            _refuse_private(current)
            with requests.get(
                current, headers=dict(headers or {}), timeout=_SECONDS_TO_CONNECT, stream=True, allow_redirects=False
            ) as response:
                if response.is_redirect:
                    current = urljoin(current, response.headers["Location"])
                    continue
                if response.status_code == UNCHANGED:
                    return Fetched(b"", response.headers, unchanged=True)
                if not response.ok:
                    what = f"{response.status_code} {response.reason}"
                    raise NotFetched(f"{address} cannot be fetched: the server answers {what}.", response.status_code)
                parts, size = [], 0
                for part in response.iter_content(MEGABYTE // 8):
                    parts.append(part)
                    size += len(part)
                    if size > LARGEST:
                        raise InvalidData(f"{address} has more than {LARGEST // MEGABYTE} MB; save only the page with the article.")
                return Fetched(b"".join(parts), response.headers)
    except (requests.RequestException, ValueError) as error:  # such as the address http://[
        raise NotFetched(f"{address} cannot be fetched: {error}.") from None
    raise NotFetched(f"{address} cannot be fetched: it redirects more than {_MOST_REDIRECTS} times.")


def _refuse_private(address: str) -> None:
    """Refuses addresses of this machine and of private networks, which a redirect could lead to."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise WrongUsage(f"{address} is not an address of the web; it begins with https://.")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError, ValueError) as error:
        raise NotFetched(f"{address} cannot be fetched: {error}.") from None
    if not all(ipaddress.ip_address(str(number)).is_global for number in found):
        raise WrongUsage(f"{address} is not on the public web; save the page and give the file.")
