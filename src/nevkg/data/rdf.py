"""RDF files: refuses those that would exhaust a parser, unpacks compressed ones, and writes canonical ones."""

from __future__ import annotations

import io
import mmap
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from nevkg.data import terms
from nevkg.data.paths import reading
from nevkg.errors import InvalidData, WrongUsage, needs_extra

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
_TYPE = terms.RDF + "type"
FORMATS = {
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
_OF_TRIPLES = {"turtle", "ntriples", "rdfxml"}
_WITHOUT_PREFIXES = {"nquads", "ntriples"}


def refuse_bombs(path: Path, content: bytes | None = None) -> None:
    """Refuses a file that would exhaust a parser. For most files this is a single search for a few bytes.

    Args:
        content: the decompressed content of a compressed file, whose name ends in the suffix of the compression.

    Raises:
        InvalidData: if triple terms, or objects of JSON-LD, are nested too deep, or entities of RDF/XML expand too far.
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


def unpack(file: Path) -> bytes | None:
    """Returns the decompressed content of a file, or None if it is not compressed."""
    decompress = PACKINGS.get(file.suffix)
    return decompress(file) if decompress else None


def _gunzip(file: Path) -> bytes:
    # Few commands read a compressed file; the others start without these modules.
    import gzip
    import zlib

    try:
        return gzip.decompress(_read_bytes(file))
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidData(f"{file} is truncated or not a gzip file; download it again.") from None


def _unzstd(file: Path) -> bytes:
    with needs_extra("publish"):
        import zstandard
    rest, content = _read_bytes(file), list[bytes]()
    while rest:
        # Frame by frame: a stream reader would accept a truncated frame as the end of the stream.
        frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            content.append(frame.decompress(rest))
        except zstandard.ZstdError:
            raise InvalidData(f"{file} is truncated or not a Zstandard file; download it again.") from None
        if not frame.eof:
            raise InvalidData(f"{file} is truncated or not a Zstandard file; download it again.")
        rest = frame.unused_data
    return b"".join(content)


def _read_bytes(file: Path) -> bytes:
    with reading(file):
        return file.read_bytes()


# Suffix to the function that decompresses.
PACKINGS: dict[str, Callable[[Path], bytes]] = {".gz": _gunzip, ".zst": _unzstd}


def sort_key(statement: Quad | Triple) -> tuple[str, ...]:
    """Returns the sort key of a statement: graph, subject, property (``rdf:type`` first), object."""
    graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
    predicate = "" if statement.predicate.value == _TYPE else statement.predicate.value
    return (graph, str(statement.subject), predicate, str(statement.object))


def has_blank_node(quad: Quad) -> bool:
    """Whether the subject or the object is a blank node."""
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


def find_prefixes(statements: Iterable[Quad | Triple], namespaces: dict[str, str]) -> dict[str, str]:
    """Returns the namespaces, by prefix, that a serialisation uses; strings, language tags and ``a`` need none."""
    iris: set[str] = set()
    for statement in statements:
        iris |= {terms.text(term) for term in (statement.subject, statement.predicate, statement.object) if isinstance(term, NamedNode)}
        if isinstance(statement.object, Literal):
            iris.add(statement.object.datatype.value)
        if isinstance(statement, Quad):
            iris.add(terms.text(statement.graph_name))
    iris -= {terms.XSD + "string", terms.RDF + "langString", _TYPE}
    prefixes = {terms.shorten(iri, namespaces).partition(":")[0] for iri in iris}
    return {prefix: namespaces[prefix] for prefix in sorted(prefixes & namespaces.keys())}


def sort_statements(statements: Iterable[Quad | Triple], format_name: str) -> list[Quad | Triple]:
    """Sorts the statements and removes duplicates; for formats of triples, drops the graph."""
    if format_name not in FORMATS:
        raise WrongUsage(f"The format '{format_name}' is unknown; choose from {', '.join(FORMATS)}.")
    if format_name in _OF_TRIPLES:
        return sorted({Triple(statement.subject, statement.predicate, statement.object) for statement in statements}, key=sort_key)
    return sorted(set(statements), key=sort_key)


def write(statements: Sequence[Quad | Triple], format_name: str, namespaces: dict[str, str], output: IO[bytes]) -> None:
    """Writes the result of :func:`sort_statements` for a format, in the given order."""
    prefixes = {} if format_name in _WITHOUT_PREFIXES else find_prefixes(statements, namespaces)
    # The stubs allow quads or triples but not their union.
    serialize(cast(Sequence[Quad], statements), output, FORMATS[format_name], prefixes=prefixes)


def serialise(statements: Iterable[Quad | Triple], format_name: str, namespaces: dict[str, str]) -> bytes:
    """Serialises ``statements`` in one of ``FORMATS``; equal content gives equal bytes."""
    output = io.BytesIO()
    write(sort_statements(statements, format_name), format_name, namespaces, output)
    return output.getvalue()
