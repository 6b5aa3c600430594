"""The options of ``nevkg serve`` for public access and for the limits of each client."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from nevkg.errors import WrongUsage

if TYPE_CHECKING:
    from nevkg.serve.exposure import Exposure

_ORIGIN = re.compile(r"\*|https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_LIMITS = {
    "seconds": ("SECONDS", "processor time each minute"),
    "errors": ("N", "failing queries each minute"),
    "queries": ("N", "queries at the same time"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    from nevkg.serve.clients.account import PUBLIC

    public = parser.add_argument_group("public access", "docs/deploying.md has examples.")
    public.add_argument("--public-url", metavar="URL", help="the address behind a proxy, such as https://example.org/nev/")
    public.add_argument(
        "--trust-proxy",
        metavar="ADDRESS",
        action="append",
        default=[],
        type=_network,
        help="the address or network of a proxy whose X-Forwarded-For header is trusted",
    )
    public.add_argument(
        "--allow-origin",
        metavar="ORIGIN",
        action="append",
        type=_origin,
        help="a site whose pages may read answers, such as https://example.org; '*' for all (default: '*' for a public server, else none)",
    )
    public.add_argument(
        "--allow-embed",
        metavar="ORIGIN",
        action="append",
        type=_origin,
        default=[],
        help="a site whose pages may show answers in a frame, such as https://example.org; '*' for all (default: none)",
    )
    public.add_argument("--metrics", action="store_true", help="serve metrics for Prometheus at /metrics")
    clients = parser.add_argument_group(
        "limits for each client", "0 means no limit. A server on localhost has no limits unless they are set."
    )
    for name, (unit, what) in _LIMITS.items():
        usual = getattr(PUBLIC, name)
        words = f"{what} (default of a public server: {usual})"
        clients.add_argument(f"--client-{name}", metavar=unit, type=_limit(name), help=words)
    clients.add_argument("--keys", metavar="FILE", help="a file of API keys, which can have their own limits")
    clients.add_argument("--require-key", action="store_true", help="refuse clients without a key")


def read_exposure(options: argparse.Namespace) -> Exposure:
    """Reads the options.

    Raises:
        WrongUsage: if options contradict each other, or an address or a file is malformed.
        CouldNotRun: if the file of keys cannot be read.
    """
    from nevkg.serve.clients.admission import Admission
    from nevkg.serve.clients.keys import read_keys
    from nevkg.serve.exposure import Exposure
    from nevkg.serve.http.public_url import PublicUrl

    if options.require_key and not options.keys:
        raise WrongUsage("--require-key needs a file of keys; name it with --keys.")
    public_url = PublicUrl.parse(options.public_url) if options.public_url is not None else None
    origins = None if options.allow_origin is None else tuple(options.allow_origin)
    exposure = Exposure(
        options.host, public_url, origins, tuple(options.trust_proxy), metrics=options.metrics, embedders=tuple(options.allow_embed)
    )
    given = {name: number for name in _LIMITS if (number := getattr(options, f"client_{name}")) is not None}
    allowance = replace(exposure.usual_allowance, **given)
    keys = read_keys(Path(options.keys), allowance) if options.keys else []
    return replace(exposure, admission=Admission(allowance, keys, require_key=options.require_key))


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not the address of a proxy or a network, such as 127.0.0.1 or 10.0.0.0/8") from None


def _origin(text: str) -> str:
    if not _ORIGIN.fullmatch(text.lower()):
        raise argparse.ArgumentTypeError(f"'{text}' is not an origin: scheme and host without a path, such as https://example.org, or '*'")
    return text.lower()


def _limit(name: str) -> Callable[[str], float]:
    from nevkg.serve.clients.account import read_limit

    def read(text: str) -> float:
        try:
            return read_limit(name, text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read
