"""Per-store memoisation in memory: a store does not change while it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from nevkg.store import Store

# Some engines refuse a query with more names.
_AT_ONCE = 1000
K = TypeVar("K")
V = TypeVar("V")


def memoise(find: Callable[[Store], V]) -> Callable[[Store], V]:
    """Decorates a function of a store, so that it runs once for each store."""
    found: WeakKeyDictionary[Store, V] = WeakKeyDictionary()

    @wraps(find)
    def look(store: Store) -> V:
        if store not in found:
            found[store] = find(store)
        return found[store]

    return look


class Lookup(Generic[K, V]):
    """Decorates a function that finds values by key, so that each key is looked up once for each store, and missing keys in batches."""

    def __init__(self, find: Callable[[Store, set[K]], Mapping[K, V]], most: int = 200_000) -> None:
        """Creates a lookup; ``find`` returns the values of missing keys. Above ``most`` keys of a store, all are forgotten."""
        self._find, self._most = find, most
        self._known: WeakKeyDictionary[Store, dict[K, V | None]] = WeakKeyDictionary()

    def __call__(self, store: Store, keys: Iterable[K]) -> dict[K, V]:
        """Returns the values of the keys that have one."""
        known = self._known.setdefault(store, {})
        wanted = set(keys)
        if len(known) > self._most and not wanted <= known.keys():
            known.clear()
        # The difference with a dictionary is fast; that with its keys runs through all of them.
        missing = sorted(wanted.difference(known), key=str)
        for start in range(0, len(missing), _AT_ONCE):
            portion = set(missing[start : start + _AT_ONCE])
            found = self._find(store, portion)
            known |= {key: found.get(key) for key in portion}
        return {key: value for key in wanted if (value := known[key]) is not None}


def memoise_each(most: int) -> Callable[[Callable[[Store, K], V]], Callable[[Store, K], V]]:
    """Decorates a function of a store and a key, so that it runs once for each; above ``most`` keys of a store, all are forgotten."""

    def decorate(find: Callable[[Store, K], V]) -> Callable[[Store, K], V]:
        found = Lookup[K, V](lambda store, keys: {key: find(store, key) for key in keys}, most)

        @wraps(find)
        def look(store: Store, key: K) -> V:
            return found(store, [key])[key]

        return look

    return decorate
