"""Per-store memoisation in memory: a store does not change while it is open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Generic, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from nevkg.store import Store

# Some engines refuse a query with more names.
_AT_ONCE = 1000
K = TypeVar("K")
V = TypeVar("V")
P = ParamSpec("P")


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


_shared: ContextVar[dict[Hashable, object] | None] = ContextVar("shared", default=None)


@contextmanager
def sharing() -> Iterator[None]:
    """Lets functions decorated with ``shared`` run once for the same arguments until the end of the block.

    For what is read several times in a row and then not again, such as what a page in one language and in another have in common.
    """
    before = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(before)


def shared(find: Callable[P, V]) -> Callable[P, V]:
    """Decorates a function, usually of a store; see :func:`sharing`. Its callers must not change what it returns."""

    @wraps(find)
    def look(*args: P.args, **kwargs: P.kwargs) -> V:
        known = _shared.get()
        if known is None:
            return find(*args, **kwargs)
        key = (find, args, tuple(kwargs.items()))
        if key not in known:
            known[key] = find(*args, **kwargs)
        return cast(V, known[key])

    return look
