"""Small RDF files that would exhaust the stack or the memory of a parser are refused before they are parsed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from nevkg.data import dataset
from nevkg.data.rdf import refuse_bombs
from nevkg.errors import InvalidData

DEEP = 20_000
DOCUMENT = (
    '<?xml version="1.0"?>\n<!DOCTYPE r [{}]>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">'
    '<rdf:Description rdf:about="x:a"><x:b>{}</x:b></rdf:Description></rdf:RDF>'
)
LAUGHS = DOCUMENT.format('<!ENTITY e0 "lol">' + "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9)), "&e9;")
LONG = "x" * 100_000


def nest_terms(subject: str = "<x:a>", end: str = "<x:c>") -> str:
    """Returns Turtle with nested triple terms on its second line."""
    return f"<x:a> <x:b> <x:c> .\n<x:a> <x:b> {f'<<( {subject} <x:b> ' * DEEP}{end}{' )>>' * DEEP} .\n"


TRIPLE_TERMS = "triple terms are nested more than 500 levels deep; flatten them."
OBJECTS = "objects and lists are nested more than 500 levels deep"
BOMBS = [
    ("deep.ttl", nest_terms(), f":2: {TRIPLE_TERMS}"),
    ("deep.trig", nest_terms("<x:a)>>)", '")>>"'), f":2: {TRIPLE_TERMS}"),
    ("deep.nt", nest_terms(), f":2: {TRIPLE_TERMS}"),
    ("deep.nq", nest_terms(), f":2: {TRIPLE_TERMS}"),
    ("comments.ttl", nest_terms("<x:a> #)>>\n", r"'''\''')>>'''"), f": {TRIPLE_TERMS}"),
    ("escapes.ttl", "@prefix a: <x:> .\n" + nest_terms(r"a:\#\)\'"), f":3: {TRIPLE_TERMS}"),
    ("deep.jsonld", '{"x:a":' * DEEP + "1" + "}" * DEEP, f":1: {OBJECTS}"),
    ("texts.jsonld", '{"]}\\"]}":[' * DEEP + "]}" * DEEP, f":1: {OBJECTS}"),
    ("laughs.rdf", LAUGHS, ":2: the entities of the file expand to more than 64 MB"),
    ("long.rdf", DOCUMENT.format(f'<!ENTITY a "\'{LONG}">', "&a;" * 10_000), ":2: the entities of the file expand to more than 64 MB"),
    ("twice.rdf", DOCUMENT.format(f'<!ENTITY a "{LONG}"><!ENTITY a "">', "&a;" * 10_000), ":2: the entities of the file expand"),
    ("space.rdf", DOCUMENT.format(f'<!ENTITY\u00a0a "{LONG}">', "&a;" * 10_000), ":2: this entity declaration cannot be read"),
]


@pytest.mark.parametrize(("name", "text", "message"), BOMBS, ids=[name for name, _, _ in BOMBS])
def test_bombs_are_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidData, match=re.escape(message)):
        refuse_bombs(file)
    with pytest.raises(InvalidData, match=re.escape(message)):
        next(dataset.parse_file(tmp_path / f"{name}.gz", file.read_bytes()))


@pytest.mark.parametrize(
    "arguments",
    [("validate", "deep.ttl"), ("validate", "laughs.rdf"), ("diff", "deep.nq", "deep.nq"), ("load", "store", "deep.nq")],
)
def test_commands_that_read_files_refuse_bombs(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Runs in a child process, since the parser would crash it."""
    for name, text, _ in BOMBS:
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = subprocess.run([sys.executable, "-m", "nevkg", *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stderr.startswith("nevkg: "), result.stderr.count("\n")) == (1, True, 1), result.stderr


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("entities.rdf", DOCUMENT.format('<!ENTITY owl "http://www.w3.org/2002/07/owl#"><!ENTITY c "&owl;Class">', "&c;"), 1),
        ("terms.ttl", "".join(f'<x:a{n}> <x:b> <<( <x:a> <x:b> "<<(<<(" )>> .\n' for n in range(2000)), 2000),
        ("lists.ttl", f"<x:a> <x:b> {'(' * 5000}{')' * 5000} .", 9999),
        ("nodes.ttl", f"<x:a> <x:b> {'[ <x:b> ' * 5000}1{']' * 5000} .", 5001),
        ("tree.jsonld", '{"x:a":' * 400 + "1" + "}" * 400, 400),
    ],
)
def test_large_but_harmless_files_are_read(tmp_path: Path, name: str, text: str, count: int) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert sum(1 for _ in dataset.parse_file(tmp_path / name)) == count


@pytest.mark.parametrize("name", ["long.ttl", "long.trig", "long.nq", "long.nt", "long.jsonld"])
def test_a_literal_beyond_the_buffer_of_the_parser_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    """Oxigraph reports it as a MemoryError, which is neither an OSError nor a RuntimeError."""
    path, long = tmp_path / name, "x" * (17 << 20)
    text = (
        f'{{"@id":"x:a","x:b":"{long}"}}' if path.suffix == ".jsonld" else f'<x:a> <x:b> "" .\n<x:a> <x:b> "{long}" .\n<x:a> <x:c> "" .\n'
    )
    path.write_text(text, encoding="utf-8")
    line = 1 if path.suffix == ".jsonld" else 2
    words = re.escape(f":{line}: a literal or name is longer than 16 MB; shorten it.")
    with pytest.raises(InvalidData, match=words):
        list(dataset.parse_file(path))
    with pytest.raises(InvalidData, match=words):
        dataset.bulk_load(pyoxigraph.Store(), path)
    with pytest.raises(InvalidData, match=words):
        list(dataset.parse_file(path.with_name(f"{name}.gz"), path.read_bytes()))
