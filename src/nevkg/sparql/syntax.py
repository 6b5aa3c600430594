"""A small SPARQL tokenizer, for convenience only: better error messages, implicit prefixes, lint.

It does not know the grammar, and a malicious query can mislead it, so no guarantee depends on it: see ``sparql.bounds`` for the
part of a query whose tokens are certain, ``sparql.service_guard`` for calls to other servers, and ``store.engine`` for what is decided
by the engine's own parser.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from nevkg.data import terms

QUERIES = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
# The functions are followed by a bracket. Matches within literals count as well.
_CHANGING = re.compile(r"(?:NOW|RAND|UUID|BNODE)\s*[(#]|SERVICE", re.IGNORECASE)

# Escapes that a local name may contain: PN_LOCAL of the grammar. The length of a prefix is limited, so that tokenizing takes
# linear time; a longer prefix becomes words.
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_TOKENS = re.compile(
    rf"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
  | (?P<literal>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\" | \'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\'
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<tag>@[A-Za-z][\w-]*)
  | (?P<name>(?:[^\W\d_][\w.\-]{{0,99}}|_)?:(?:(?:[\w:]|{_ESCAPED})(?:\.*(?:[\w:\-]|{_ESCAPED}))*)?)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<space>[ \t\r\n]+)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ABSOLUTE = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_LOCAL_ESCAPE = re.compile(r"\\(.)")


class Token(NamedTuple):
    """A token of a query: its kind, its text, its offset and its line (from 1)."""

    kind: str
    text: str
    start: int
    line: int

    @property
    def end(self) -> int:
        """The offset after it."""
        return self.start + len(self.text)


def tokenize(text: str) -> Iterator[Token]:
    """Yields the tokens of a query without white space and comments."""
    line = 1
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup or "sign"
        if kind not in ("space", "comment"):
            yield Token(kind, match[0], match.start(), line)
        line += match[0].count("\n")


# A change of a text: the offsets of what goes, and what comes in its place.
Edit = tuple[int, int, str]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Returns a text after edits that do not overlap."""
    parts, place = [], 0
    for start, end, replacement in sorted(edits):
        parts += [text[place:start], replacement]
        place = end
    return "".join([*parts, text[place:]])


def query_form(text: str) -> str:
    """Returns the keyword that makes a text a query or an update, such as SELECT; an empty string if it is neither."""
    words = (token.text.upper() for token in tokenize(text) if token.kind == "word")
    return next((word for word in words if word in QUERIES or word in UPDATES), "")


def is_deterministic(text: str) -> bool:
    """Whether a query gives the same answer each time: no time, random values, calls to other servers or new blank nodes.

    This searches the whole text, so a comment can make a query count as not deterministic, but never the reverse.
    """
    _, *parts = re.split("construct", text, flags=re.IGNORECASE)
    # Collections create blank nodes, too. If the template has no literal or comment, its first closing bracket ends it.
    templates = (part.partition("}")[0] for part in parts)
    return not (
        _CHANGING.search(text)
        or any("_:" in part or "[" in part for part in parts)
        or any(sign in template for template in templates for sign in "(\"'#|")
    )


def is_keyword(token: Token, word: str) -> bool:
    """Whether a token is this keyword (upper case), ignoring case."""
    return token.kind == "word" and token.text.upper() == word


def error_position(error: SyntaxError) -> tuple[int, int] | None:
    """Returns the line and column (from 1) of a syntax error, if the engine reports them."""
    match = re.search(r"error at (\d+):(\d+)", error.msg or "")
    return (int(match[1]), int(match[2])) if match else None


def find_undeclared_prefixes(text: str) -> dict[str, int]:
    """Returns the prefixes that a query uses without declaring them, with the line of their first use."""
    used, declared, before = dict[str, int](), set[str](), ""
    for token in tokenize(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix != "_":
                used.setdefault(prefix, token.line)
        before = token.text.upper()
    return {prefix: line for prefix, line in used.items() if prefix not in declared}


def explain_refusal(text: str, error: SyntaxError, prefixes: Container[str] = ()) -> str:
    """Returns why a store rejected a query: it is an update, or its syntax is wrong; see ``explain_syntax_error``."""
    if (form := query_form(text)) in UPDATES:
        return f"{form} changes data, and this store is read-only"
    return explain_syntax_error(text, error, prefixes)


def explain_syntax_error(text: str, error: SyntaxError, prefixes: Container[str] = ()) -> str:
    """Describes a syntax error and its position in plain words; ``prefixes`` need not be declared."""
    # The engine reports the text after an undeclared prefix, not the prefix. In an unterminated literal there are none.
    if not any(token.kind == "sign" and token.text in "\"'" for token in tokenize(text)):
        for prefix, line in find_undeclared_prefixes(text).items():
            if prefix not in prefixes:
                return f"line {line}: the prefix '{prefix}:' is not declared"
    place = error_position(error)
    if place is None:
        return re.sub(r"\s+", " ", error.msg or "it cannot be parsed")[:200]
    line, column = place
    rest = text.split("\n")[line - 1 : line]
    found = rest[0][column - 1 : column + 29].strip() if rest else ""
    # The engine's list of expected tokens may contain a sentence: a violated rule that is not part of the grammar.
    rule = re.search(r"\b[A-Z][A-Za-z]+(?: [A-Za-z]+){2,}", error.msg or "")
    what = rule[0] if rule else f"'{found}' is not expected here" if found else "something is missing"
    return f"line {line}, column {column}: {what}"


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
        return self.namespaces[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)


def resolve(base: str, iri: str) -> str:
    """Returns an absolute IRI."""
    if _ABSOLUTE.match(iri):
        return iri
    # urljoin drops an empty fragment, as of a namespace.
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")


def read_prologue(tokens: Sequence[Token], prefixes: Mapping[str, str]) -> Prologue:
    """Reads the declarations at the beginning of a query; it need not declare ``prefixes``."""
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
    without_prologue = (0, body[0].start if body else len(text), "")
    names = [(token.start, token.end, f"<{iri}>") for token in body if (iri := prologue.expand(token)) is not None]
    return apply_edits(text, [without_prologue, *names])


def find_iris(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yields the IRIs that occur in the body of a query, including names."""
    tokens = list(tokenize(text))
    prologue = read_prologue(tokens, prefixes)
    for token in tokens[prologue.end :]:
        if (iri := prologue.expand(token)) is not None:
            yield iri
