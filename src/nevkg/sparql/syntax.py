"""A small tokenizer for SPARQL, for convenience only: better error messages, prefixes that need not be declared, lint.

It splits a query without its grammar, and hostile texts mislead it. Nothing that must hold rests on it: see ``lexing`` for how far
its tokens are certain, ``service_guard`` for requests to other servers, and ``engine`` for what the engine itself is asked.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

QUERIES = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
# Each is a function, so that a bracket follows. What may look so in a literal counts as well.
_CHANGING = re.compile(r"(?:NOW|RAND|UUID|BNODE)\s*[(#]|SERVICE", re.IGNORECASE)

# What a local name may hold besides letters: PN_LOCAL of the grammar. A prefix has an end here, so that reading takes no
# longer than the text; one that is longer is seen as words.
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_TOKENS = re.compile(
    rf"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
  | (?P<literal>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\" | \'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\'
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<tag>@[A-Za-z][\w-]*)
  | (?P<name>(?:[^\W\d_][\w.\-]{{0,99}}|_)?:(?:(?:[\w:]|{_ESCAPED})(?:[\w.:\-]|{_ESCAPED})*)?)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<space>[ \t\r\n]+)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and where it begins."""

    kind: str
    text: str
    start: int
    line: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, white space and comments left out."""
    line = 1
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup or "sign"
        if kind not in ("space", "comment"):
            yield Token(kind, match[0], match.start(), line)
        line += match[0].count("\n")


def mentions(text: str, namespaces: Mapping[str, str]) -> Iterator[str]:
    """The IRIs that the text of a query names."""
    for token in tokens(text):
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and prefix in namespaces:
            yield namespaces[prefix] + local
        elif token.kind == "iri" and ":" in token.text:
            yield token.text[1:-1]


def form(text: str) -> str:
    """The keyword by which a text is a query or an update; an empty text if it is neither."""
    words = (token.text.upper() for token in tokens(text) if token.kind == "word")
    return next((word for word in words if word in QUERIES or word in UPDATES), "")


def is_steady(text: str) -> bool:
    """Whether a query answers the same each time: it asks for neither time nor chance nor another server, and makes no blank nodes.

    Letters are looked for, wherever they are, so that none is missed: a comment may make a query count as not steady.
    """
    _, *made = re.split("construct", text, flags=re.IGNORECASE)
    # Collections make blank nodes, too. Where the template has no literal or comment, its first closing bracket ends it.
    templates = (part.partition("}")[0] for part in made)
    return not (
        _CHANGING.search(text)
        or any("_:" in part or "[" in part for part in made)
        or any(sign in template for template in templates for sign in "(\"'#|")
    )


def is_keyword(token: Token, word: str) -> bool:
    """Whether a token is this keyword, in whatever case."""
    return token.kind == "word" and token.text.upper() == word


def place_of(error: SyntaxError) -> tuple[int, int] | None:
    """The line and column, from 1, at which a query stops making sense, if the engine tells."""
    match = re.search(r"error at (\d+):(\d+)", error.msg or "")
    return (int(match[1]), int(match[2])) if match else None


def undeclared(text: str) -> dict[str, int]:
    """The prefixes that a query uses and does not declare, with the line of their first use."""
    used, declared, before = dict[str, int](), set[str](), ""
    for token in tokens(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix != "_":
                used.setdefault(prefix, token.line)
        before = token.text.upper()
    return {prefix: line for prefix, line in used.items() if prefix not in declared}


def syntax_problem(text: str, error: SyntaxError, prefixes: Container[str] = ()) -> str:
    """Where a query stops making sense, in a sentence without the grammar.

    Args:
        text: the query.
        error: as the engine raised it.
        prefixes: those that need not be declared.
    """
    # The engine finds the rest of such a query strange, not the prefix. In a literal without an end there are none.
    if not any(token.kind == "sign" and token.text in "\"'" for token in tokens(text)):
        for prefix, line in undeclared(text).items():
            if prefix not in prefixes:
                return f"line {line}: the prefix '{prefix}:' is not declared"
    place = place_of(error)
    if place is None:
        return re.sub(r"\s+", " ", error.msg or "it cannot be parsed")[:200]
    line, column = place
    rest = text.split("\n")[line - 1 : line]
    found = rest[0][column - 1 : column + 29].strip() if rest else ""
    # Among what the grammar expects there may be a whole sentence: a rule beyond the grammar that is broken.
    rule = re.search(r"\b[A-Z][A-Za-z]+(?: [A-Za-z]+){2,}", error.msg or "")
    what = rule[0] if rule else f"'{found}' is not expected here" if found else "something is missing"
    return f"line {line}, column {column}: {what}"
