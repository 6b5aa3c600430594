"""Graphs that a client sends are written in the formats of graph tools."""

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest

from nevkg.errors import WrongUsage
from nevkg.network.graph_formats import FORMATS, to_csv
from nevkg.network.plain import read_document

HOSTILE = 'A & <b> "c" \u0000\u0008\ufffe\ud800 长安'
CLEAN = 'A & <b> "c"  长安'
DOCUMENT: dict[str, Any] = {
    "title": HOSTILE,
    "description": "as of 2026",
    "nodes": [
        {"id": "n1", "label": HOSTILE, "iri": "http://x/n1", "class": "kind", "color": "#102030", "a<b\0": True, "x": 0, "y": 5},
        {"id": "n2", "label": "=1+1"},
    ],
    "edges": [
        {
            "source": "n1",
            "target": "n2",
            "label": HOSTILE,
            "relation": "x#r",
            "weight": 2,
            "of": [{"iri": "x:1", "label": "one"}, "two"],
            "spells": [{"from": "2020-01-01", "until": "2021-01-01"}, {"from": "2022-01-01", "until": None}],
            "evidence": ["e:1"],
            "sources": ["s:1", "s:2"],
        }
    ],
}


def write(format_name: str) -> bytes:
    return FORMATS[format_name](read_document(DOCUMENT))


def test_graphml_has_all_attributes() -> None:
    graph = networkx.read_graphml(io.BytesIO(write("graphml")))
    assert graph.nodes["n1"] == {"a<b": True, "class": "kind", "color": "#102030", "iri": "http://x/n1", "label": CLEAN}
    facts = {"label": CLEAN, "relation": "x#r", "weight": 2, "of": "one; two", "evidence": "e:1", "sources": "s:1 s:2"}
    assert graph.edges["n1", "n2"] == {**facts, "from": "2020-01-01", "id": "e1"}


def test_gexf_has_periods_positions_and_colours() -> None:
    text = write("gexf").decode()
    ElementTree.fromstring(text)
    assert '<spell start="2020-01-01" end="2020-12-31" />' in text
    assert '<spell start="2022-01-01" />' in text
    assert '<viz:position x="0.0" y="-5.0" />' in text
    assert '<viz:color r="16" g="32" b="48" />' in text


def test_csv_is_safe_in_spreadsheets() -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv(read_document(DOCUMENT)).decode("utf-8-sig")))
    assert (row["source"], row["source_label"], row["target_label"]) == ("http://x/n1", CLEAN, "'=1+1")
    assert (row["weight"], row["sources"]) == ("2", "s:1 s:2")


def test_json_can_be_read_again() -> None:
    document = json.loads(write("json"))
    again = read_document({**document, **document["graph"]})
    assert FORMATS["json"](again) == write("json")


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_empty_graph_is_written(format_name: str) -> None:
    assert FORMATS[format_name](read_document({"title": "", "nodes": [], "edges": []}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": None}, "'title'"),
        ({"nodes": {}}, "'nodes'"),
        ({"nodes": ["n1"]}, "'id'"),
        ({"nodes": [{"id": "n1"}, {"id": "n1"}]}, "same 'id'"),
        ({"nodes": [{"id": "n2"}]}, "'n1'"),
        ({"edges": [{"source": "n1"}]}, "'target'"),
        ({"edges": [{"source": "n1", "target": "n2", "spells": [{"from": "soon"}]}]}, "spell"),
        ({"edges": [{"source": "n1", "target": "n2", "spells": [{"from": 7}]}]}, "spell"),
    ],
)
def test_other_forms_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongUsage, match=words):
        read_document(DOCUMENT | change)
    with pytest.raises(WrongUsage):
        read_document([])
