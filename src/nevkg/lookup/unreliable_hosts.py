"""Addresses on unreliable hosts, which are shown as text that nothing takes for a link."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import kept

_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


def defang(address: str) -> str:
    """An address without its scheme and with its host's dots in brackets; programs make links of anything less."""
    host, slash, path = _SCHEME.sub("", address).partition("/")
    return host.replace(".", "[.]") + slash + path.replace("://", "[:]//")


@kept
def unlinked(store: Store) -> dict[str, str]:
    """The addresses of sources on unreliable hosts, each with the text to show for it."""
    query = f"""PREFIX nev: <{terms.NEV}>
        SELECT DISTINCT ?address WHERE {{ ?source nev:unreliableHost ?host ; nev:address ?address }}"""
    addresses = (terms.text(row["address"]) for row in entities.select(store, query))
    return {address: defang(address) for address in addresses}


def texts(store: Store, iris: Iterable[str]) -> dict[str, str]:
    """Those of some IRIs that are addresses on unreliable hosts, each with the text to show for it."""
    found = unlinked(store)
    return {iri: found[iri] for iri in iris if iri in found}
