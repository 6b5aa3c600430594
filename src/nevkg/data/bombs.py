"""Refuses RDF files that are small and yet would use up the stack or the memory of a parser."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from nevkg.errors import InvalidData

# The parser of Oxigraph 0.5 calls itself once for each triple term in a triple term, and ends the process after some
# ten thousand; that of JSON-LD does so after 6,000 objects in objects, and is slow long before.
_DEEPEST = 500
_TRIPLE_TERM = b"<<("
# Where a triple term begins and ends in the formats of the Turtle family; what else these may be part of is passed over.
_TURTLE = re.compile(
    rb'"""(?>[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?>[^\'\\]|\\.|\'(?!\'\'))*+\'\'\'|"(?>[^"\\\r\n]|\\.)*+"|\'(?>[^\'\\\r\n]|\\.)*+\''
    rb"|(?P<open><<\()|(?P<close>\)>>)|<[^<>\s]*+>|#[^\r\n]*+|\\.",
    re.DOTALL,
)
_JSON = re.compile(rb'"(?>[^"\\]|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
# An entity of RDF/XML; those of OWL tools stand for namespaces. Expanded, a file may have so many bytes.
_DECLARATION = b"<!ENTITY"
_ENTITY = re.compile(_DECLARATION + rb'[ \t\r\n]+([A-Za-z_:][\w:.-]*)[ \t\r\n]+"([^"]*)"[ \t\r\n]*>')
_REFERENCE = re.compile(rb"&([^;&]+);")
_LARGEST = 64 << 20


def refuse_bombs(path: Path, content: bytes | None = None) -> None:
    """Lets only files through that the parsers can read; most files need no more than one search for a few bytes.

    Args:
        path: the file.
        content: what was in it, if it was packed; the name then ends in the suffix of the packing.

    Raises:
        InvalidData: if triple terms, or objects of JSON-LD, are nested too deep, or entities of RDF/XML expand too far.
        OSError: if the file cannot be read.
    """
    if content is not None:
        _look_at(path, path.with_suffix("").suffix, content)
    elif path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            _look_at(path, path.suffix, mapped)


def _look_at(path: Path, suffix: str, content: bytes | mmap.mmap) -> None:
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
                    f"{path}:{_line(content, token.start())}: {what} are nested more than {_DEEPEST} deep; write them flatter."
                )
        elif token.lastgroup == "close":
            depth -= 1


def _refuse_entities(path: Path, content: bytes | mmap.mmap) -> None:
    start = at = content.find(_DECLARATION)
    sizes: dict[bytes, int] = {}
    while at >= 0:
        entity = _ENTITY.match(content, at)
        if entity is None:
            raise InvalidData(f'{path}:{_line(content, at)}: this entity cannot be read; write it as <!ENTITY name "text">.')
        name, value = entity.groups()
        sizes[name] = max(_size(value, sizes), sizes.get(name, 0))
        at = content.find(_DECLARATION, at + 1)
    if sizes and max(*sizes.values(), _size(content, sizes)) > max(_LARGEST, 2 * len(content)):
        where = f"{path}:{_line(content, start)}"
        raise InvalidData(f"{where}: the entities of the file expand to more than {_LARGEST >> 20} MB; write out what they stand for.")


def _size(text: bytes | mmap.mmap, sizes: dict[bytes, int]) -> int:
    """How many bytes a text has when its entities are expanded, at the most."""
    return len(text) + sum(sizes.get(reference[1], 0) for reference in _REFERENCE.finditer(text))


def _line(content: bytes | mmap.mmap, position: int) -> int:
    return content[:position].count(b"\n") + 1
