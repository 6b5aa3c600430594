r"""Prevents queries from calling other servers by SERVICE, unless a server is allowed.

Processes that may not open sockets (``store.isolation``) do not depend on this; users of the library, systems without isolation,
and servers that answer queries instead of the embedded engine do.

This does not depend on parsing SPARQL correctly. The embedded engine recognises the keyword by its letters, so one letter
is escaped everywhere: in literals, IRIs and comments ``s\u0065rvice`` means the same, and as a keyword it is a syntax error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import count

import pyoxigraph

from nevkg.data import terms
from nevkg.errors import CouldNotRun, NotAllowed
from nevkg.sparql.bounds import tokenize_safely
from nevkg.sparql.syntax import apply_edits, is_keyword, read_prologue, tokenize

_LETTERS = re.compile("service", re.IGNORECASE)
# The name of a variable, after ? or $, includes all following letters: no engine sees a keyword within it.
_PLACES = re.compile(r"[?$][A-Za-z0-9_]*service|service", re.IGNORECASE)
_GAP = r"(?:[ \t\r\n]|\#[^\r\n]*+[\r\n])*+"
_CALL = re.compile(rf"service{_GAP}(?:silent{_GAP})?<([^<>]*)>", re.IGNORECASE)
_KEYWORD = re.compile(rf"service(?:(?P<gap>{_GAP})silent)?", re.IGNORECASE)
_OUTGOING = "SERVICE would send a request to another server, which is not allowed; leave it out"
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_MOST_FORMS = 3
_HARMLESS = ("literal", "iri", "variable")


def spell_safely(text: str, prefixes: Mapping[str, str] | None = None, allowed: Collection[str] = ()) -> Iterator[str]:
    """Yields spellings of a query in which the embedded engine finds no SERVICE other than those ``allowed``.

    Use the first spelling that the engine accepts.

    Args:
        prefixes: namespaces that it need not declare.
        allowed: IRIs of services; a query must write them in full.

    Raises:
        CouldNotRun: if the engine resolves escapes before it looks for keywords, which Oxigraph 0.5 does not.
    """
    has_letters = bool(_LETTERS.search(text))
    if (has_letters or "\\u" in text.lower()) and _engine_resolves_escapes():
        raise CouldNotRun("With this version of pyoxigraph, queries could call other servers; install a version that nevkg supports.")
    if not has_letters:
        yield text
        return
    yield _escape_keyword(text, allowed)
    if (expanded := write_out_names(text, prefixes)) != text:
        yield _escape_keyword(expanded, allowed)


def _escape_keyword(text: str, allowed: Collection[str]) -> str:
    def place(match: re.Match[str]) -> str:
        call = _CALL.match(text, match.start())
        if match[0][0] in "?$" or (call and call[1] in allowed):
            return match[0]
        return f"{match[0][0]}\\u{ord(match[0][1]):04x}{match[0][2:]}"

    return _PLACES.sub(place, text)


def explain_refusal(text: str, error: SyntaxError, prefixes: Mapping[str, str] | None, allowed: Collection[str]) -> Exception:
    """Returns why the engine accepted no spelling of a query: it calls another server, or has a syntax error elsewhere.

    Args:
        error: the engine's error for one of the spellings.
        prefixes: as for :func:`spell_safely`.
        allowed: as for :func:`spell_safely`.
    """
    for token in tokenize(text):
        if is_keyword(token, "SERVICE"):
            call = _CALL.match(text, token.start)
            if not (call and call[1] in allowed):
                return _refusal(text, token.start, _OUTGOING)
    # GRAPH is allowed wherever SERVICE is, and calls no server.
    spelled = _ESCAPE.sub(_resolve_letter, text)
    if (keyword := _LETTERS.search(spelled)) and is_query(_KEYWORD.sub(lambda call: f"GRAPH {call['gap'] or ''} ", spelled), prefixes):
        return _refusal(spelled, keyword.start(), _OUTGOING)
    if not (found := _LETTERS.search(text)):
        return error
    # The replacement has the same length, so that lines and columns are those of the query.
    if other := _syntax_error(_LETTERS.sub("s-rvice", text), prefixes):
        return other
    return _refusal(text, found.start(), "a name with 'service' in it may be the keyword SERVICE; write it out as an IRI, <...>")


def is_query(text: str, prefixes: Mapping[str, str] | None = None) -> bool:
    """Whether the engine accepts a text as a query, including one with functions that it does not support."""
    return _syntax_error(text, prefixes) is None


def _syntax_error(text: str, prefixes: Mapping[str, str] | None) -> SyntaxError | None:
    try:
        with suppress(RuntimeError):  # for a function that the engine does not support
            pyoxigraph.Store().query(text, base_iri=terms.BASE, prefixes=dict(prefixes or {}))
    except SyntaxError as error:
        return error
    return None


def refuse_calls(text: str) -> None:
    """Refuses a query for a remote engine, of which nothing is known, that may call another server.

    The letters of SERVICE, escaped or not, may only occur in literals, IRIs and variables that every engine reads as such.

    Raises:
        NotAllowed: if the letters occur anywhere else.
    """
    forms = _resolve_escapes(text)
    if any(_LETTERS.search(form) for form in forms):
        for form in forms:
            _refuse_uncertain(form)


def _refuse_uncertain(text: str) -> None:
    # Only for some engines does a carriage return end a comment.
    if "\r" in text.replace("\r\n", "\n"):
        raise _refusal(text, 0, "in a query that contains 'service', lines must end in a line feed")
    for token, _ in tokenize_safely(text):
        if token.kind not in _HARMLESS and (found := _LETTERS.search(token.text)):
            raise _refusal(text, token.start + found.start(), _OUTGOING)


def _resolve_escapes(text: str) -> list[str]:
    """Returns the query, and what it becomes in engines that resolve code point escapes, once or repeatedly, before parsing."""
    forms = [text]
    while (resolved := _ESCAPE.sub(_resolve_character, forms[-1])) != forms[-1]:
        if len(forms) > _MOST_FORMS:
            raise _refusal(text, 0, "the query has nested escapes, which could hide SERVICE; resolve them")
        forms.append(resolved)
    return forms


def _resolve_character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def _resolve_letter(match: re.Match[str]) -> str:
    """Resolves the escape of a letter, not those of brackets and other signs: the depth of a query is counted without them."""
    character = _resolve_character(match)
    return character if character.isascii() and character.isalpha() else match[0]


def write_out_names(text: str, prefixes: Mapping[str, str] | None = None) -> str:
    """Returns the query with full IRIs in place of the prefixed names that contain the letters of SERVICE."""
    if not _LETTERS.search(text):
        return text
    tokens = list(tokenize(text))
    prologue = read_prologue(tokens, prefixes or {})
    unused = next(name for number in count() if f"{(name := f'p{number}')}:" not in text)
    edits = []
    for number, token in enumerate(tokens):
        if token.kind != "name" or not _LETTERS.search(token.text):
            continue
        if number < prologue.end:  # its declaration, which is only renamed, so that the engine still checks its IRI
            edits.append((token.start, token.end, f"{unused}:"))
        elif (iri := prologue.expand(token)) is not None:
            edits.append((token.start, token.end, f"<{iri}>"))
    return apply_edits(text, edits)


@cache
def _engine_resolves_escapes() -> bool:
    """Whether the engine resolves code point escapes outside of literals and IRIs, as SPARQL 1.1 requires."""
    try:
        pyoxigraph.Store().query("\\u0041SK {}")
    except SyntaxError:
        return False
    return True


def _refusal(text: str, place: int, why: str) -> NotAllowed:
    line = text.count("\n", 0, place) + 1
    return NotAllowed(f"Line {line}: {why}.")
