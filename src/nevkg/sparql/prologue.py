"""Reads the prologue of a query, BASE and PREFIX, and expands the names in its body.

rdflib keeps one prefix for each namespace, so it gets queries without prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from nevkg.data import terms
from nevkg.sparql.syntax import Token, is_keyword, tokenize

_ABSOLUTE = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_LOCAL_ESCAPE, _UNESCAPE = re.compile(r"\\(.)"), r"\1"


@dataclass(frozen=True)
class Prologue:
    """The declarations of a query.

    Attributes:
        base: the IRI that relative IRIs in its body refer to.
        namespaces: the namespaces by prefix, including those that the query need not declare.
        end: the index of the first token after it.
    """

    base: str
    namespaces: Mapping[str, str]
    end: int

    def expand(self, token: Token) -> str | None:
        """Returns the IRI that a token stands for; None if it is no IRI or name, or its prefix is unknown."""
        if token.kind == "iri":
            return resolve(self.base, token.text[1:-1])
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self.namespaces:
            return None
        return self.namespaces[prefix] + unescape(local)


def resolve(base: str, iri: str) -> str:
    """Returns an absolute IRI."""
    if _ABSOLUTE.match(iri):
        return iri
    # urljoin drops an empty fragment, as of a namespace.
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")


def unescape(local: str) -> str:
    """Returns the local part of a name without the backslashes before signs."""
    return _LOCAL_ESCAPE.sub(_UNESCAPE, local)


def read_prologue(tokens: Sequence[Token], prefixes: Mapping[str, str]) -> Prologue:
    """Reads the declarations at the beginning of a query.

    Args:
        tokens: the tokens of the query.
        prefixes: namespaces that it need not declare.
    """
    base, namespaces, number = terms.BASE, dict(prefixes), 0
    while number + 1 < len(tokens):
        token, second = tokens[number : number + 2]
        third = tokens[number + 2] if number + 2 < len(tokens) else second
        if is_keyword(token, "BASE") and second.kind == "iri":
            base = resolve(base, second.text[1:-1])
            number += 2
        elif is_keyword(token, "PREFIX") and second.kind == "name" and third.kind == "iri":
            namespaces[second.text.removesuffix(":")] = resolve(base, third.text[1:-1])
            number += 3
        else:
            break
    return Prologue(base, namespaces, number)


def expand_names(text: str, prefixes: Mapping[str, str]) -> str:
    """Returns a query without its prologue, with full IRIs in place of names and relative IRIs."""
    tokens = list(tokenize(text))
    prologue = read_prologue(tokens, prefixes)
    body = tokens[prologue.end :]
    pieces, place = [], body[0].start if body else len(text)
    for token in body:
        if (iri := prologue.expand(token)) is not None:
            pieces += [text[place : token.start], f"<{iri}>"]
            place = token.start + len(token.text)
    return "".join([*pieces, text[place:]])


def find_iris(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yields the IRIs that occur in the body of a query, including names."""
    tokens = list(tokenize(text))
    prologue = read_prologue(tokens, prefixes)
    for token in tokens[prologue.end :]:
        if (iri := prologue.expand(token)) is not None:
            yield iri
