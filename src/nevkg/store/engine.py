"""Runs queries on Oxigraph in this process, without calls to other servers and within bounds.

To find a property of a query, such as whether it has FROM, this module changes the text and tests whether the engine
still accepts it. So the result is right by the engine's own grammar.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TypeVar

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat

from nevkg.data import terms
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.sparql.bounds import UNCERTAIN, refuse_depth, tokenize_safely
from nevkg.sparql.service_guard import explain_refusal, is_query, spell_safely
from nevkg.sparql.syntax import tokenize

Result = QuerySolutions | QueryBoolean | QueryTriples
Ask = Callable[[str], Result]
T = TypeVar("T")
_log = logging.getLogger("nevkg")

_HEAD = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*+[\r\n])*+")  # comments at the beginning
_FROM = re.compile(r"(?<![?$:])from(?=[\s#<]|named|[^\W\d_]|:)", re.IGNORECASE)
# NAMED may only follow FROM. Within a literal or an IRI, the escape or the line end is a syntax error; a comment ends with
# the line, so that the rest does not follow FROM.
_ONLY_AS_KEYWORD = "FROM#\\q\nNAMED<x:y>FROM"
_STAR = re.compile(r"select\s*(?:(?:distinct|reduced)\s*)?(\*)", re.IGNORECASE)
_MOST_TRIES = 20
_MAY_BE_KEYWORDS = ("word", "name", UNCERTAIN)
_BLANK = b"_:"
_FEW = 100_000  # below this number of lines a transaction: each bulk load writes separate files, which all later look-ups read
_DAMAGE = re.compile(r"Corruption: |IO error: No such file|NotFound: ")


def ask(
    store: pyoxigraph.Store, text: str, prefixes: Mapping[str, str] | None = None, allowed: Collection[str] = (), **options: object
) -> Result:
    """Answers a query.

    Args:
        prefixes: namespaces that it need not declare.
        allowed: IRIs of services that it may call.
        options: options of ``pyoxigraph.Store.query``. Without any, the default graph is the union of all graphs, unless the
            query has FROM.

    Raises:
        SyntaxError: if it is not a query.
        NotAllowed: if it would send a request to another server.
        WrongUsage: if it is nested too deep, uses a function that the engine does not support, or has too many words that may be FROM.
        RuntimeError: if the store is damaged.
    """
    refuse_depth(text)
    put = partial(store.query, base_iri=terms.BASE, prefixes=dict(prefixes or {}))
    failure: SyntaxError | None = None
    for spelling in spell_safely(text, prefixes, allowed):
        try:
            # If the union is requested, Oxigraph ignores FROM.
            chosen = options or {"use_default_graph_as_union": not _names_graphs(spelling, prefixes)}
            return _ask_with_ordered_columns(spelling, partial(put, **chosen))[1]
        except SyntaxError as error:
            # Its traceback would keep the variables of all callers, and with them results, until the garbage is collected, in
            # whatever thread; results may only be released in the thread that made them.
            failure = failure or error.with_traceback(None)
        except RuntimeError as error:
            if is_damage(error):
                raise
            raise WrongUsage(f"The query cannot be answered: {error}.") from None
    assert failure
    try:
        raise explain_refusal(text, failure, prefixes, allowed)
    finally:
        del failure  # it may be what is raised, and would refer to itself by way of this frame


def parse(text: str, prefixes: Mapping[str, str] | None = None, allowed: Collection[str] = ()) -> Result:
    """Runs a query on an empty store, to check it; see :func:`ask`."""
    return ask(pyoxigraph.Store(), text, prefixes, allowed)


def load_lines(store: pyoxigraph.Store, content: bytes, graph: NamedNode | DefaultGraph | None = None) -> None:
    """Adds N-Quads, or N-Triples to a graph, without renaming their blank nodes, which the store may have, too."""
    form = RdfFormat.N_QUADS if graph is None else RdfFormat.N_TRIPLES
    if _BLANK in content:
        content, with_blank = _separate_blank(content)
        quads = pyoxigraph.parse(with_blank, form)
        store.extend(Quad(quad.subject, quad.predicate, quad.object, graph or quad.graph_name) for quad in quads)
    load = store.load if content.count(b"\n") < _FEW else store.bulk_load
    load(content, form, to_graph=graph, lenient=True)


def _separate_blank(content: bytes) -> tuple[bytes, bytes]:
    """Returns the lines that have no blank node, and those that may have one."""
    others, with_blank, end = [], [], 0
    while (place := content.find(_BLANK, end)) >= 0:
        start = content.rfind(b"\n", end, place) + 1 or end
        others.append(content[end:start])
        end = content.find(b"\n", place) + 1 or len(content)
        with_blank.append(content[start:end])
    return b"".join([*others, content[end:]]), b"".join(with_blank)


def names_graphs(text: str) -> bool:
    """Whether a query selects graphs by FROM or FROM NAMED."""
    return any(_names_graphs(spelling) for spelling in spell_safely(text))


def order_columns(text: str) -> str:
    """Returns the query with ``SELECT *`` replaced by its columns in the order of first mention; the same text without ``SELECT *``."""
    for spelling in spell_safely(text):
        # A text that is not a query, or has a function that another engine may support, is not changed.
        with suppress(SyntaxError, RuntimeError):
            ordered, _ = _ask_with_ordered_columns(spelling, partial(pyoxigraph.Store().query, base_iri=terms.BASE))
            return text if ordered == spelling else ordered
    return text


def limit_rows(text: str, rows: int, prefixes: Mapping[str, str] | None = None) -> str:
    """Returns the query with a LIMIT appended, if it is a SELECT query and the engine accepts that; else the same text.

    A LIMIT at the end is the outermost one, and the engine accepts only one.
    """
    with suppress(SyntaxError, WrongUsage):
        if isinstance(parse(bounded := f"{text}\nLIMIT {rows}", prefixes), QuerySolutions):
            return bounded
    return text


def is_damage(error: BaseException) -> bool:
    """Whether an error of the engine means that a store on disk is damaged or missing, wholly or in part.

    RocksDB has a checksum for each block, and says NotFound if the folder of an open store has been removed.

    Only the beginning of the message is compared, since other errors may quote the query further on.
    """
    return isinstance(error, OSError | RuntimeError) and bool(_DAMAGE.match(str(error)))


def attempt(analysis: Callable[[], T], otherwise: T) -> T:
    """Returns the result of an analysis that an answer can do without, or ``otherwise`` if it fails in any way.

    Raises:
        CouldNotRun: if the store cannot be read.
        OSError: if it is damaged, so that the answer is wrong, too; or RuntimeError.
    """
    try:
        return analysis()
    except Exception as error:
        if isinstance(error, CouldNotRun) or is_damage(error):
            raise
        _log.debug("An analysis failed.", exc_info=True)
        return otherwise


def _names_graphs(text: str, prefixes: Mapping[str, str] | None = None) -> bool:
    head = _HEAD.match(text)
    places = [place.span() for place in _FROM.finditer(text, head.end() if head else 0)]
    if len(places) > _MOST_TRIES:
        words = [(token.start, token.end) for token, _ in tokenize_safely(text) if token.kind in _MAY_BE_KEYWORDS]
        places = [place for place in places if any(start <= place[0] < end for start, end in words)]
    if len(places) > _MOST_TRIES:
        raise WrongUsage(
            f"The query has 'from' in more than {_MOST_TRIES} places, so that it is unclear which of them is FROM; "
            "leave out comments, and put spaces around < and >."
        )
    return any(is_query(text[:start] + _ONLY_AS_KEYWORD + text[end:], prefixes) for start, end in places)


def _ask_with_ordered_columns(text: str, put: Ask) -> tuple[str, Result]:
    """Returns a query whose columns are in the order of the text, and its answer.

    Oxigraph sorts the columns of ``SELECT *`` by name. This replaces the star by the columns; the columns of the new result
    show whether it was the star of the outermost SELECT.
    """
    found = put(text)
    if not isinstance(found, QuerySolutions) or (names := _columns(found)) != sorted(names):
        return text, found
    for star in islice(_STAR.finditer(text), _MOST_TRIES):
        start, end = star.span(1)
        wanted = [*_order_of_mention(set(names), text[end:])]
        if wanted == names:
            break
        with suppress(SyntaxError):
            again = put(explicit := f"{text[:start]} {' '.join(f'?{name}' for name in wanted)} {text[end:]}")
            if isinstance(again, QuerySolutions) and _columns(again) == wanted:
                return explicit, again
    return text, found


def _order_of_mention(names: set[str], text: str) -> Iterator[str]:
    """Yields names of variables in the order of their first mention in a text, then those not mentioned, sorted."""
    left = set(names)
    for token in tokenize(text):
        if token.kind == "variable" and token.text[1:] in left:
            left.remove(token.text[1:])
            yield token.text[1:]
        if not left:
            return
    yield from sorted(left)


def _columns(found: QuerySolutions) -> list[str]:
    return [variable.value for variable in found.variables]
