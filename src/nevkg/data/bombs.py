"""Refuses RDF files that are small but would exhaust the stack or the memory of a parser."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from nevkg.errors import InvalidData

# The Turtle parsers of Oxigraph 0.5 recurse once for each nested triple term, and the process crashes at a depth of some
# ten thousand. Its JSON-LD parser crashes at 6,000 nested objects, and is slow long before that.
_DEEPEST = 500
_TRIPLE_TERM = b"<<("
# Start and end of a triple term in the formats of the Turtle family; literals, IRIs and comments are skipped.
_TURTLE = re.compile(
    rb'"""(?>[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?>[^\'\\]|\\.|\'(?!\'\'))*+\'\'\'|"(?>[^"\\\r\n]|\\.)*+"|\'(?>[^\'\\\r\n]|\\.)*+\''
    rb"|(?P<open><<\()|(?P<close>\)>>)|<[^<>\s]*+>|#[^\r\n]*+|\\.",
    re.DOTALL,
)
_JSON = re.compile(rb'"(?>[^"\\]|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
# Entities of RDF/XML, which OWL tools use for namespaces.
_DECLARATION = b"<!ENTITY"
_ENTITY = re.compile(_DECLARATION + rb'[ \t\r\n]+([A-Za-z_:][\w:.-]*)[ \t\r\n]+"([^"]*)"[ \t\r\n]*>')
_REFERENCE = re.compile(rb"&([^;&]+);")
_LARGEST = 64 << 20  # bytes of a file after its entities are expanded


def refuse_bombs(path: Path, content: bytes | None = None) -> None:
    """Refuses a file that would exhaust a parser. For most files this is a single search for a few bytes.

    Args:
        path: the file.
        content: the decompressed content of a compressed file, whose name ends in the suffix of the compression.

    Raises:
        InvalidData: if triple terms, or objects of JSON-LD, are nested too deep, or entities of RDF/XML expand too far.
        OSError: if the file cannot be read.
    """
    if content is not None:
        _check_content(path, path.with_suffix("").suffix, content)
    elif path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            _check_content(path, path.suffix, mapped)


def _check_content(path: Path, suffix: str, content: bytes | mmap.mmap) -> None:
    if suffix == ".rdf":
        _refuse_entities(path, content)
    elif suffix == ".jsonld":
        _refuse_depth(path, content, _JSON, "objects and lists")
    elif content.find(_TRIPLE_TERM) >= 0:
        _refuse_depth(path, content, _TURTLE, "triple terms")


def _refuse_depth(path: Path, content: bytes | mmap.mmap, tokens: re.Pattern[bytes], what: str) -> None:
    depth = 0
    for token in tokens.finditer(content):
        if token.lastgroup == "open":
            depth += 1
            if depth > _DEEPEST:
                raise InvalidData(
                    f"{path}:{_line_number(content, token.start())}: {what} are nested more than {_DEEPEST} levels deep; flatten them."
                )
        elif token.lastgroup == "close":
            depth -= 1


def _refuse_entities(path: Path, content: bytes | mmap.mmap) -> None:
    start = at = content.find(_DECLARATION)
    sizes: dict[bytes, int] = {}
    while at >= 0:
        entity = _ENTITY.match(content, at)
        if entity is None:
            raise InvalidData(
                f'{path}:{_line_number(content, at)}: this entity declaration cannot be read; write it as <!ENTITY name "text">.'
            )
        name, value = entity.groups()
        sizes[name] = max(_expanded_size(value, sizes), sizes.get(name, 0))
        at = content.find(_DECLARATION, at + 1)
    if sizes and max(*sizes.values(), _expanded_size(content, sizes)) > max(_LARGEST, 2 * len(content)):
        where = f"{path}:{_line_number(content, start)}"
        raise InvalidData(f"{where}: the entities of the file expand to more than {_LARGEST >> 20} MB; replace them by their text.")


def _expanded_size(text: bytes | mmap.mmap, sizes: dict[bytes, int]) -> int:
    """Returns an upper bound of the size of a text, in bytes, after its entities are expanded."""
    return len(text) + sum(sizes.get(reference[1], 0) for reference in _REFERENCE.finditer(text))


def _line_number(content: bytes | mmap.mmap, position: int) -> int:
    return content[:position].count(b"\n") + 1
