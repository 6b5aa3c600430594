r"""No query makes an engine call another server by SERVICE, unless that server is allowed.

Nothing here depends on reading SPARQL right. The embedded engine knows the keyword by its letters, so it is given a
text without them: in literals, IRIs and comments ``s\u0065rvice`` means the same, and as a keyword it means nothing.
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
from nevkg.sparql.syntax import is_keyword, tokens
from nevkg.sparql.tokens import read_certain

_LETTERS = re.compile("service", re.IGNORECASE)
# A name after ? or $ goes on over all letters: for no engine does the keyword begin within.
_PLACES = re.compile(r"[?$][A-Za-z0-9_]*service|service", re.IGNORECASE)
_GAP = r"(?:[ \t\r\n]|\#[^\r\n]*+[\r\n])*+"
_CALL = re.compile(rf"service{_GAP}(?:silent{_GAP})?<([^<>]*)>", re.IGNORECASE)
_SILENT = re.compile(rf"service(?:({_GAP})silent)?", re.IGNORECASE)
_OUTGOING = "SERVICE would send a request to another server, which is not allowed; leave it out"
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE, _UNESCAPE = re.compile(r"\\(.)"), r"\1"
_MOST_FORMS = 3
_HARMLESS = ("literal", "iri", "variable")


def spell_safely(text: str, prefixes: Mapping[str, str] | None = None, allowed: Collection[str] = ()) -> Iterator[str]:
    """Ways to write a query in which the embedded engine finds no SERVICE but for those ``allowed``; the first that it accepts is right.

    Args:
        text: the query.
        prefixes: namespaces that it need not declare.
        allowed: IRIs of services; a query must write them out.

    Raises:
        CouldNotRun: if the engine resolves escapes before it looks for keywords, which Oxigraph 0.5 does not.
    """
    has_letters = bool(_LETTERS.search(text))
    if (has_letters or "\\u" in text.lower()) and _resolves_escapes():
        raise CouldNotRun("This version of pyoxigraph cannot be kept from calling other servers; install one that nevkg supports.")
    if not has_letters:
        yield text
        return
    yield _without_calls(text, allowed)
    if (expanded := expand_names(text, prefixes)) != text:
        yield _without_calls(expanded, allowed)


def _without_calls(text: str, allowed: Collection[str]) -> str:
    def place(match: re.Match[str]) -> str:
        call = _CALL.match(text, match.start())
        if match[0][0] in "?$" or (call and call[1] in allowed):
            return match[0]
        return f"{match[0][0]}\\u{ord(match[0][1]):04x}{match[0][2:]}"

    return _PLACES.sub(place, text)


def explain_refusal(text: str, error: SyntaxError, prefixes: Mapping[str, str] | None, allowed: Collection[str]) -> Exception:
    """Why no way to write a query was accepted: it calls another server, or it is wrong elsewhere.

    Args:
        text: the query.
        error: that of the engine, for another way to write it.
        prefixes: as for :func:`spell_safely`.
        allowed: as for :func:`spell_safely`.
    """
    for token in tokens(text):
        if is_keyword(token, "SERVICE"):
            call = _CALL.match(text, token.start)
            if not (call and call[1] in allowed):
                return _not_allowed(token.line, _OUTGOING)
    spelled = _ESCAPE.sub(_letter, text)
    if (meant := _LETTERS.search(spelled)) and is_query(_SILENT.sub(_as_graph, spelled), prefixes):
        return _not_allowed(spelled.count("\n", 0, meant.start()) + 1, _OUTGOING)
    if not (found := _LETTERS.search(text)):
        return error
    # As long as the query, so that lines and columns are those of the query.
    if other := _syntax_error(_LETTERS.sub("s-rvice", text), prefixes):
        return other
    line = text.count("\n", 0, found.start()) + 1
    return _not_allowed(line, "a name with 'service' in it may be the keyword SERVICE; write it out as an IRI, <...>")


def _as_graph(call: re.Match[str]) -> str:
    """What stands like SERVICE in a query, and reaches nothing."""
    return f"GRAPH {call[1] or ''} "


def is_query(text: str, prefixes: Mapping[str, str] | None = None) -> bool:
    """Whether the engine accepts a text as a query, also one with functions that it does not have."""
    return _syntax_error(text, prefixes) is None


def _syntax_error(text: str, prefixes: Mapping[str, str] | None) -> SyntaxError | None:
    try:
        with suppress(RuntimeError):  # of a function that the engine does not have
            pyoxigraph.Store().query(text, base_iri=terms.BASE, prefixes=dict(prefixes or {}))
    except SyntaxError as error:
        return error
    return None


def refuse_calls(text: str) -> None:
    """Lets no query through to an engine elsewhere, of which nothing is known, that may call another server.

    The letters of SERVICE, also escaped ones, may only be in literals, IRIs and variables that every engine sees as such.

    Raises:
        NotAllowed: if the letters are anywhere else.
    """
    forms = _forms(text)
    if any(_LETTERS.search(form) for form in forms):
        for form in forms:
            _refuse_uncertain(form)


def _refuse_uncertain(text: str) -> None:
    # A carriage return ends a comment for some engines only.
    if "\r" in text.replace("\r\n", "\n"):
        raise _not_allowed(1, "with the word 'service' anywhere in it, lines must end in line feeds")
    for token, _ in read_certain(text):
        if token.kind not in _HARMLESS and (found := _LETTERS.search(token.text)):
            line = token.line + token.text.count("\n", 0, found.start())
            raise _not_allowed(line, _OUTGOING)


def _forms(text: str) -> list[str]:
    """The query, and what engines make of it that resolve code point escapes before they read it, once or more often."""
    forms = [text]
    while (resolved := _ESCAPE.sub(_character, forms[-1])) != forms[-1]:
        if len(forms) > _MOST_FORMS:
            raise _not_allowed(1, "there are escapes in escapes, in which SERVICE may hide; resolve them")
        forms.append(resolved)
    return forms


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def _letter(match: re.Match[str]) -> str:
    """The letter that an escape stands for; of brackets and other signs the escape, since the depth of a query is counted without them."""
    character = _character(match)
    return character if character.isascii() and character.isalpha() else match[0]


def expand_names(text: str, prefixes: Mapping[str, str] | None = None) -> str:
    """The query with IRIs instead of those prefixed names that have the letters of SERVICE."""
    if not _LETTERS.search(text):
        return text
    words = list(tokens(text))
    spaces = dict(prefixes or {})
    unused = next(name for number in count() if f"{(name := f'p{number}')}:" not in text)
    changes = []
    for number, token in enumerate(words):
        is_declaration = number > 0 and is_keyword(words[number - 1], "PREFIX") and words[number + 1 : number + 2]
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix == "_":
            continue
        if is_declaration and words[number + 1].kind == "iri":
            spaces[prefix] = words[number + 1].text[1:-1]
            if _LETTERS.search(prefix):
                # The declaration stays, for the engine to check its IRI.
                changes.append((token.start, token.start + len(token.text), f"{unused}:"))
        elif _LETTERS.search(token.text) and prefix in spaces:
            written = f"<{spaces[prefix]}{_LOCAL_ESCAPE.sub(_UNESCAPE, local)}>"
            changes.append((token.start, token.start + len(token.text), written))
    for start, end, instead in reversed(changes):
        text = text[:start] + instead + text[end:]
    return text


@cache
def _resolves_escapes() -> bool:
    """Whether the engine resolves code point escapes outside of literals and IRIs, as SPARQL 1.1 has it."""
    try:
        pyoxigraph.Store().query("\\u0041SK {}")
    except SyntaxError:
        return False
    return True


def _not_allowed(line: int, why: str) -> NotAllowed:
    return NotAllowed(f"Line {line}: {why}.")
