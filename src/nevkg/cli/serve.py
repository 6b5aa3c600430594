"""``nevkg serve``: serves the explorer, the SPARQL endpoint, the API and the pages."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields

from nevkg.ask import arguments
from nevkg.cli import common, exposure, write
from nevkg.errors import missing_extra
from nevkg.store.locate import is_address
from nevkg.store.releases import find_places

_HIGHEST_PORT = 65535
_HERE = "127.0.0.1"
_WARNING = "nevkg: anyone who can reach this machine can query it, without TLS; put a proxy in front of it (docs/deploying.md)."
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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    from nevkg.serve.settings import Settings

    parser.add_argument(
        "--host", default=_HERE, metavar="ADDRESS", help="the address to listen on; 0.0.0.0 means all networks (default: %(default)s)"
    )
    parser.add_argument("--port", type=_port, default=8000, help="the port to listen on; 0 means any free port (default: %(default)s)")
    parser.add_argument("--log", action="store_true", help="log each request to standard error as a line of JSON, without client addresses")
    parser.add_argument(
        "--allow-service", metavar="URL", action="append", default=[], help="an address to which queries may send requests with SERVICE"
    )
    parser.add_argument(
        "--allow-smaller",
        action="store_true",
        help="also switch to a new state of the dataset that has less than half of the data of the one before",
    )
    parser.add_argument(
        "--releases",
        metavar="DIR",
        action="append",
        default=[],
        help="a release, or a folder of releases, from which to answer citations of other editions (default: those of NEVKG_RELEASES)",
    )
    common.add_place(parser)
    common.add_known_by(parser)
    exposure.add_arguments(parser)
    defaults = {one.name: one.default for one in fields(Settings)}
    limits = parser.add_argument_group("limits")
    for name, (unit, what) in _LIMITS.items():
        limits.add_argument(
            f"--{name.replace('_', '-')}",
            type=common.seconds if isinstance(defaults[name], float) else common.positive,
            default=defaults[name],
            metavar=unit,
            help=f"{what} (default: %(default)s)",
        )


def run(options: argparse.Namespace) -> int:
    """Serves until interrupted."""
    try:
        from nevkg.serve.http.hosts import is_loopback
        from nevkg.serve.server import run as serve

        if options.metrics:
            import nevkg.serve.metrics  # noqa: F401  so that a missing package is reported here
    except ImportError as error:
        raise missing_extra("serve", error) from None
    from nevkg.serve.settings import Settings
    from nevkg.serve.state.source import ServedDataset

    common.refuse_data_with_store(options)
    known_by = arguments.day(options.known_by) if options.known_by else None
    releases = tuple(str(place.resolve()) for place in find_places(options.releases, elsewhere=()))
    served = ServedDataset(
        common.layout(options), common.served_place(options), options.preset, known_by, tuple(options.allow_service), releases
    )
    settings = Settings(services=served.services, allow_smaller=options.allow_smaller, **{name: getattr(options, name) for name in _LIMITS})
    access = exposure.read_exposure(options)

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
        if access.is_public and access.public_url and not access.proxies:
            print(_ONE_CLIENT, file=sys.stderr)

    serve(served, settings, access, options.port, ready, log=options.log)
    return 0


def _needs_network(options: argparse.Namespace) -> bool:
    return bool(options.allow_service) or (options.store is not None and is_address(options.store))


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port, a whole number up to {_HIGHEST_PORT}")
    return int(text)
