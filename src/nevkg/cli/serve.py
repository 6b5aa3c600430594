"""``nevkg serve`` and ``mcp``: serves the explorer, the SPARQL endpoint, the API and the pages; serves assistants."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from nevkg.ask import arguments
from nevkg.cli import Command, common, write
from nevkg.errors import WrongUsage, needs_extra
from nevkg.store.locate import is_address
from nevkg.store.releases import find_places, look_up_release

if TYPE_CHECKING:
    from nevkg.serve.app import Exposure
    from nevkg.serve.state.source import ServedDataset

_ORIGIN = re.compile(r"\*|https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_CLIENT_LIMITS = {
    "seconds": ("SECONDS", "processor time each minute"),
    "errors": ("N", "failing queries each minute"),
    "queries": ("N", "queries at the same time"),
}
_HIGHEST_PORT = 65535
_HERE = "127.0.0.1"
_WARNING = "nevkg: anyone who can reach this machine can query it, without TLS; put a proxy in front of it (docs/deploying.md)."
_TEXTS_OF_OTHERS = "nevkg: it shows passages from texts of others (--texts), which needs the right to publish them (docs/passages.md)."
_ONE_CLIENT = "nevkg: behind a proxy all clients appear as one; name the proxy with --trust-proxy (docs/deploying.md)."
_NOT_ISOLATED = (
    "nevkg: warning: on this system query processes are not isolated from the network, so only the check of each query prevents "
    "requests; on Linux install libseccomp (docs/deploying.md)."
)
_LIMITS = {
    "quick": ("N", "maximum number of concurrent queries"),
    "slow": ("N", "maximum number of further concurrent queries, for long-running ones"),
    "time_limit": ("SECONDS", "time after which a query is stopped"),
    "memory": ("MB", "maximum memory of one query"),
    "rows": ("N", "maximum number of rows of one answer"),
    "size": ("MB", "maximum size of one answer"),
    "waiting": ("N", "maximum number of waiting queries"),
    "cache": ("MB", "size of the cache of answers"),
}
_TIME_LIMIT = 30.0
# One assistant asks a few things at once, and can wait for them.
_QUICK, _SLOW, _PATIENCE = 2, 1, 300.0


def _add_exposure_arguments(parser: argparse.ArgumentParser) -> None:
    from nevkg.serve.settings import PUBLIC

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
    for name, (unit, what) in _CLIENT_LIMITS.items():
        usual = getattr(PUBLIC, name)
        words = f"{what} (default of a public server: {usual})"
        clients.add_argument(f"--client-{name}", metavar=unit, type=_limit(name), help=words)
    clients.add_argument("--keys", metavar="FILE", help="a file of API keys, which can have their own limits")
    clients.add_argument("--require-key", action="store_true", help="refuse clients without a key")


def _read_exposure(options: argparse.Namespace) -> Exposure:
    """Reads the options; raises ``WrongUsage`` if they contradict each other."""
    from nevkg.serve.app import Exposure
    from nevkg.serve.clients import Admission, read_keys
    from nevkg.serve.http.hosts import PublicUrl

    if options.require_key and not options.keys:
        raise WrongUsage("--require-key needs a file of keys; name it with --keys.")
    public_url = PublicUrl.parse(options.public_url) if options.public_url is not None else None
    origins = None if options.allow_origin is None else tuple(options.allow_origin)
    exposure = Exposure(
        options.host, public_url, origins, tuple(options.trust_proxy), metrics=options.metrics, embedders=tuple(options.allow_embed)
    )
    given = {name: number for name in _CLIENT_LIMITS if (number := getattr(options, f"client_{name}")) is not None}
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
    def read(text: str) -> float:
        from nevkg.serve.clients import read_limit

        try:
            return read_limit(name, text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _add_serve_arguments(parser: argparse.ArgumentParser) -> None:
    from nevkg.serve.settings import Settings

    parser.add_argument(
        "--host", default=_HERE, metavar="ADDRESS", help="the address to listen on; 0.0.0.0 means all networks (default: %(default)s)"
    )
    parser.add_argument("--port", type=port, default=8000, help="the port to listen on; 0 means any free port (default: %(default)s)")
    parser.add_argument("--log", action="store_true", help="log each request to standard error as a line of JSON, without client addresses")
    parser.add_argument(
        "--allow-service", metavar="URL", action="append", default=[], help="an address to which queries may send requests with SERVICE"
    )
    parser.add_argument(
        "--allow-smaller",
        action="store_true",
        help="also switch to a new state of the dataset that has less than half of the data of the one before",
    )
    common.add_releases(
        parser, "a release, or a folder of releases, from which to answer citations of other editions (default: those of NEVKG_RELEASES)"
    )
    parser.add_argument(
        "--texts",
        metavar="DIR",
        type=Path,
        help="show passages from the texts of pages in this folder; they are texts of others (default: show none)",
    )
    common.add_place(parser)
    common.add_known_by(parser)
    _add_exposure_arguments(parser)
    defaults = {field.name: field.default for field in fields(Settings)}
    limits = parser.add_argument_group("limits")
    for name, (unit, what) in _LIMITS.items():
        limits.add_argument(
            f"--{name.replace('_', '-')}",
            type=common.seconds if isinstance(defaults[name], float) else common.positive,
            default=defaults[name],
            metavar=unit,
            help=f"{what} (default: %(default)s)",
        )


def _read_dataset(options: argparse.Namespace, services: Sequence[str] = (), releases: Sequence[str] = ()) -> ServedDataset:
    """Returns the dataset to serve: that of the layout, which is also that of a release, or a store."""
    from nevkg.serve.state.source import ServedDataset

    common.refuse_data_with_store(options)
    known_by = arguments.day(options.known_by) if options.known_by else None
    place: str | None = options.store
    store = None if place and look_up_release(place) else place
    return ServedDataset(common.layout(options), store, options.preset, known_by, tuple(services), tuple(releases))


def _serve(options: argparse.Namespace) -> int:
    with needs_extra("serve"):
        from nevkg.serve.http.hosts import is_loopback
        from nevkg.serve.server import run as serve

        if options.metrics:
            import nevkg.serve.metrics  # noqa: F401  so that a missing package is reported here
    from nevkg.serve.settings import Settings

    if options.texts and not options.texts.is_dir():
        raise WrongUsage(f"--texts: {options.texts} is not a folder.")
    releases = [str(place.resolve()) for place in find_places(options.releases, elsewhere=())]
    served = _read_dataset(options, options.allow_service, releases)
    settings = Settings(services=served.services, allow_smaller=options.allow_smaller, **{name: getattr(options, name) for name in _LIMITS})
    access = _read_exposure(options)

    def ready(address: str, isolation: str) -> None:
        write(f"nevkg serves at {address} (SPARQL endpoint: {address}sparql). Ctrl-C stops it.\n".encode())
        if isolation:
            write(f"Query processes cannot reach the network; {isolation} prevents it.\n".encode())
        elif _needs_network(options):
            write(b"Query processes can reach the network, which --store or --allow-service requires.\n")
        else:
            print(_NOT_ISOLATED, file=sys.stderr)
        if not is_loopback(options.host):
            print(_WARNING, file=sys.stderr)
        if access.is_public and options.texts:
            print(_TEXTS_OF_OTHERS, file=sys.stderr)
        if access.is_public and access.public_url and not access.proxies:
            print(_ONE_CLIENT, file=sys.stderr)

    serve(served, settings, access, options.port, ready, log=options.log)
    return 0


def _needs_network(options: argparse.Namespace) -> bool:
    return bool(options.allow_service) or (options.store is not None and is_address(options.store))


def port(text: str) -> int:
    """Parses the number of a port; 0 means any free one."""
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port, a whole number up to {_HIGHEST_PORT}")
    return int(text)


def _add_mcp_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--time-limit",
        type=common.seconds,
        default=_TIME_LIMIT,
        metavar="SECONDS",
        help="time after which a call is stopped (default: %(default)s)",
    )
    parser.add_argument(
        "--collection", type=Path, metavar="DIR", help="the folder for rows that an assistant proposes (default: it may not)"
    )
    common.add_place(parser)
    common.add_known_by(parser)


def _serve_assistant(options: argparse.Namespace) -> int:
    with needs_extra("mcp"):
        from nevkg.serve.extras.mcp import serve_stdio
    from nevkg.serve.settings import Settings

    settings = Settings(quick=_QUICK, slow=_SLOW, patience=_PATIENCE, time_limit=options.time_limit)
    serve_stdio(_read_dataset(options), settings, options.collection.resolve() if options.collection else None)
    return 0


COMMANDS = {
    "serve": Command(_add_serve_arguments, _serve),
    "mcp": Command(_add_mcp_arguments, _serve_assistant),
}
