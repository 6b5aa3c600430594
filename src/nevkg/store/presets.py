"""Known kinds of SPARQL servers, described in ``presets.toml``, and detection of the kind of a server."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from nevkg.errors import WrongUsage
from nevkg.store.http import connect

_TABLE = Path(__file__).with_name("presets.toml")


@dataclass(frozen=True)
class Preset:
    """A kind of server; ``presets.toml`` documents the fields. Services are paths, or full addresses after :meth:`at`."""

    name: str
    query: str
    union: str = ""
    update: str = ""
    quads: str = ""
    graphs: str = ""
    recognised: str = ""
    digest: bool = False
    whole: bool = False
    preamble: str = ""
    empty: str = "CLEAR SILENT GRAPH <{graph}>"
    remove: str = "DROP SILENT GRAPH <{graph}>"
    take: str = "DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} {filters} }}"
    sweeps: bool = False
    most_graphs: int = 100
    most_triples: int = 100_000
    remedy: str = ""

    @property
    def union_query(self) -> str:
        """The address for queries over the union of all graphs."""
        return f"{self.query}?{self.union}" if self.union else self.query

    def at(self, address: str) -> Preset:
        """Returns the preset with full addresses of the services of a server, given its address or that of one of the services."""
        parts = urlsplit(address)
        path = parts.path.rstrip("/")
        for service in (self.query, self.update, self.quads):
            if service and path.endswith(service):
                path = path.removesuffix(service)
                break
        base = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        return replace(self, query=base + self.query, update=base + self.update, quads=base + self.quads)


@cache
def presets() -> dict[str, Preset]:
    """Returns all known kinds of servers by name."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {name: Preset(**facts) for name, facts in table.items()}


def find_preset(address: str, kind: str | None = None, *, pause: float = 0.5) -> Preset | None:
    """Returns the preset of the server at ``address`` with the addresses of its services; None if its kind is unknown.

    Args:
        address: the address of the server, or of one of its services.
        kind: a name in ``presets()``; guessed from the ``Server`` header if None.
        pause: as for ``connect``.

    Raises:
        WrongUsage: if ``kind`` is unknown, or ``address`` malformed.
        CouldNotRun: if the server cannot be reached.
    """
    if kind is not None:
        if kind not in presets():
            raise WrongUsage(f"There is no preset '{kind}'; choose from {', '.join(presets())}.")
        return presets()[kind].at(address)
    with connect(address, pause=pause).exchange("HEAD", address) as response:
        server = recognise(response.headers.get("Server", ""))
    return server.at(address) if server else None


def recognise(server: str) -> Preset | None:
    """Returns the kind of a server by its ``Server`` header; None if unknown."""
    return next((preset for preset in presets().values() if re.search(preset.recognised, server)), None)
