"""Queries asked of Oxigraph in this process: guarded, bounded, and read as the engine itself reads them.

Where something must be known of a text, such as whether it says FROM, the text is changed and the engine is asked
whether it still accepts it. So what is found out holds by the engine's own grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.sparql.bounds import refuse_depth
from nevkg.sparql.services import explain_refusal, is_query, spell_safely
from nevkg.sparql.syntax import tokens

Result = QuerySolutions | QueryBoolean | QueryTriples
Ask = Callable[[str], Result]

_HEAD = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*+[\r\n])*+")  # comments at the beginning
_FROM = re.compile(r"(?<![?$:])from(?=[\s#<]|named|[^\W\d_]|:)", re.IGNORECASE)
# Only after FROM may NAMED follow. In a literal or an IRI the escape or the line end is an error; in a comment the line
# ends, and what is left does not stand behind FROM.
_ONLY_AS_KEYWORD = "FROM#\\q\nNAMED<x:y>FROM"
_STAR = re.compile(r"select\s*(?:(?:distinct|reduced)\s*)?(\*)", re.IGNORECASE)
_MOST_TRIES = 20
_DAMAGE = re.compile(r"Corruption: |IO error: No such file.*\.sst")


def ask(
    store: pyoxigraph.Store, text: str, prefixes: Mapping[str, str] | None = None, allowed: Collection[str] = (), **options: object
) -> Result:
    """Answers a query.

    Args:
        store: what is asked.
        text: the query.
        prefixes: namespaces that it need not declare.
        allowed: IRIs of services that it may call.
        options: of ``pyoxigraph.Store.query``. Without any, the default graph is the union of all, unless the query says FROM.

    Raises:
        SyntaxError: if it is not a query.
        NotAllowed: if it would send a request to another server.
        WrongUsage: if it is nested too deep, or has a function that the engine does not.
        RuntimeError: if the store is damaged.
    """
    refuse_depth(text)
    put = partial(store.query, base_iri=terms.BASE, prefixes=dict(prefixes or {}))
    failure: SyntaxError | None = None
    for spelling in spell_safely(text, prefixes, allowed):
        try:
            # With the union asked for, Oxigraph passes over FROM.
            chosen = options or {"use_default_graph_as_union": not _names_graphs(spelling, prefixes)}
            return _ordered(spelling, partial(put, **chosen))[1]
        except SyntaxError as error:
            failure = failure or error
        except RuntimeError as error:
            if is_damage(error):
                raise
            raise WrongUsage(f"The query cannot be answered: {error}.") from None
    assert failure
    raise explain_refusal(text, failure, prefixes, allowed)


def parse(text: str, prefixes: Mapping[str, str] | None = None, allowed: Collection[str] = ()) -> Result:
    """What the engine makes of a query where there is no data; see :func:`ask`."""
    return ask(pyoxigraph.Store(), text, prefixes, allowed)


def names_graphs(text: str) -> bool:
    """Whether a query says itself which graphs it is asked of: FROM, or FROM NAMED."""
    return any(_names_graphs(spelling) for spelling in spell_safely(text))


def order_columns(text: str) -> str:
    """The query with the columns of ``SELECT *`` written out in the order in which it mentions them; the same text if it has no such."""
    for spelling in spell_safely(text):
        # What is no query, and what has a function that another engine may have, stays as it is.
        with suppress(SyntaxError, RuntimeError):
            ordered, _ = _ordered(spelling, partial(pyoxigraph.Store().query, base_iri=terms.BASE))
            return text if ordered == spelling else ordered
    return text


def limit_rows(text: str, rows: int, prefixes: Mapping[str, str] | None = None) -> str:
    """The query with a LIMIT behind it, if it is a SELECT query that may have one there: that is the outermost, and the only one."""
    with suppress(SyntaxError, WrongUsage):
        if isinstance(parse(bounded := f"{text}\nLIMIT {rows}", prefixes), QuerySolutions):
            return bounded
    return text


def is_damage(error: BaseException) -> bool:
    """Whether an error of the engine means that files of a store on disk are damaged or gone; RocksDB has a checksum for each block.

    It begins with RocksDB's words: further on, an error may quote the query.
    """
    return isinstance(error, OSError | RuntimeError) and bool(_DAMAGE.match(str(error)))


def _names_graphs(text: str, prefixes: Mapping[str, str] | None = None) -> bool:
    head = _HEAD.match(text)
    places = islice(_FROM.finditer(text, head.end() if head else 0), _MOST_TRIES)
    return any(is_query(text[: place.start()] + _ONLY_AS_KEYWORD + text[place.end() :], prefixes) for place in places)


def _ordered(text: str, put: Ask) -> tuple[str, Result]:
    """A query whose columns are in the order of the text, and its answer.

    Oxigraph sorts those of ``SELECT *`` by name. They are written out instead of the star, where the engine shows by the
    columns of what it gives that it was that of the outermost SELECT.
    """
    found = put(text)
    if not isinstance(found, QuerySolutions) or (names := _columns(found)) != sorted(names):
        return text, found
    for star in islice(_STAR.finditer(text), _MOST_TRIES):
        start, end = star.span(1)
        wanted = [*_as_mentioned(set(names), text[end:])]
        if wanted == names:
            break
        with suppress(SyntaxError):
            again = put(explicit := f"{text[:start]} {' '.join(f'?{name}' for name in wanted)} {text[end:]}")
            if isinstance(again, QuerySolutions) and _columns(again) == wanted:
                return explicit, again
    return text, found


def _as_mentioned(names: set[str], text: str) -> Iterator[str]:
    """Names of variables in the order in which a text has them, then those that it has not."""
    left = set(names)
    for token in tokens(text):
        if token.kind == "variable" and token.text[1:] in left:
            left.remove(token.text[1:])
            yield token.text[1:]
        if not left:
            return
    yield from sorted(left)


def _columns(found: QuerySolutions) -> list[str]:
    return [variable.value for variable in found.variables]
