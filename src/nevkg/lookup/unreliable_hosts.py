"""Defangs addresses on unreliable hosts: shows them as text that no program makes a link."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import memoise

_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


def defang(address: str) -> str:
    """Returns an address without its scheme and with the host's dots in brackets; some programs would make a link of less."""
    host, slash, path = _SCHEME.sub("", address).partition("/")
    return host.replace(".", "[.]") + slash + path.replace("://", "[:]//")


@memoise
def find_addresses(store: Store) -> dict[str, str]:
    """Returns the addresses of sources on unreliable hosts, with the text to show for each."""
    query = f"""PREFIX nev: <{terms.NEV}>
        SELECT DISTINCT ?address WHERE {{ ?source nev:unreliableHost ?host ; nev:address ?address }}"""
    addresses = (terms.text(row["address"]) for row in entities.select(store, query))
    return {address: defang(address) for address in addresses}


def find_defanged(store: Store, iris: Iterable[str]) -> dict[str, str]:
    """Returns those of the given IRIs that are addresses on unreliable hosts, with the text to show for each."""
    found = find_addresses(store)
    return {iri: found[iri] for iri in iris if iri in found}
