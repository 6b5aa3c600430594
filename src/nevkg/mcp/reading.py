"""The tools that read an article: ``read_document``, and ``propose_rows``, which writes what a person reviews."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from nevkg.ask import arguments as parameters
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.mcp.result import DAY, Arguments, Result, Tool, clean, clean_all, output, schema
from nevkg.propose.answer import MOST_ROWS, merge_rows
from nevkg.propose.proposals import Proposer, Source, write_collection
from nevkg.propose.task import describe_task
from nevkg.reading.addresses import normalise_address
from nevkg.reading.documents import read_document as find_document
from nevkg.reading.pages import Page
from nevkg.store import EmbeddedStore, Store
from nevkg.store.memo import memoise

# The folder that the server may write to. Whoever runs the calls adds it to the arguments; no client can.
COLLECTION = "collection"
_LONGEST_TEXT, _LONGEST_LINE = 200_000, 20_000  # characters
_DIGITS = 6
_PLACE = "The text"
_DOCUMENT: Mapping[str, Any] = {
    "text": {"type": "string", "minLength": 1, "maxLength": _LONGEST_TEXT},
    "address": {"type": "string", "pattern": r"^https?://\S+$"},
    "published": DAY,
}


@memoise
def _read_proposer(store: Store) -> Proposer:
    if not isinstance(store, EmbeddedStore):
        raise CouldNotRun("Reading an article needs the dataset itself; start the server without the address of a store.")
    return Proposer.read(store.layout, store)


def _read_source(proposer: Proposer, arguments: Arguments) -> Source:
    """Returns the document with the rows that the rules propose. Nothing is fetched: the address only names it."""
    published = date.fromisoformat(parameters.day(str(arguments["published"])))
    page = Page(_PLACE, str(arguments["text"]))
    document = find_document(page, date.today(), proposer.words, address=str(arguments["address"]), published=(published, published))
    return proposer.propose(document)


def run_read(store: Store, arguments: Arguments) -> Result:
    """Returns the rows that the rules propose, and what else is needed to propose rows."""
    proposer = _read_proposer(store)
    found = describe_task(_read_source(proposer, arguments), proposer)
    del found["document"]["text"]  # the assistant has it
    count = len(found["proposals"])
    lines = [
        clean(f"{part}: {json.dumps(item, ensure_ascii=False)}", _LONGEST_LINE)
        for part in ("names", "proposals", "examples", "tables")
        for item in found[part]
    ]
    return Result(
        (f"Rows that the rules propose: {count}. Check them, then call `propose_rows` with all that you add, correct or withdraw.",),
        tuple(lines),
        {name: value if name in ("task", "tables", "examples") else clean_all(value) for name, value in found.items()},
    )


def run_propose(store: Store, arguments: Arguments) -> Result:
    """Writes the rows into a new folder of the collection, if all are right.

    Raises:
        WrongUsage: if the server may not write, or the article has been proposed before.
    """
    if not arguments.get(COLLECTION):
        raise WrongUsage("This server writes nothing. Start it with a folder: nevkg mcp --collection DIR.")
    proposer = _read_proposer(store)
    source = _read_source(proposer, arguments)
    digest = hashlib.sha256(normalise_address(source.document.address).encode()).hexdigest()
    folder = Path(arguments[COLLECTION]) / f"{source.name}-{digest[:_DIGITS]}"
    if folder.exists():
        raise WrongUsage(f"{folder.name} has the rows of this article; a person reviews them, or removes the folder first.")
    merged = merge_rows(arguments["rows"], source, proposer)
    refused, withdrawn = merged.refused, merged.withdrawn
    content = {"refused": clean_all([{"row": refusal.number, "table": refusal.table, "reason": refusal.reason} for refusal in refused])}
    if refused:
        summary = f"Nothing was written: {len(refused)} rows are refused. Correct them or leave them out, and call again with all rows."
        return Result((summary,), tuple(clean(str(refusal)) for refusal in refused), {**content, "folder": None, "rows": 0, "withdrawn": 0})
    write_collection(folder, [merged.source], proposer.tables)
    count = len(merged.source.proposals)
    summary = (
        f"{count} rows are in {clean(folder.name)}, with those of the rules, of which {len(withdrawn)} are withdrawn. "
        "They are proposals: a person reviews and imports them."
    )
    lines = tuple(clean(str(withdrawal)) for withdrawal in withdrawn)
    return Result((summary,), lines, {**content, "folder": folder.name, "rows": count, "withdrawn": len(withdrawn)})


READ_DOCUMENT = Tool(
    "read_document",
    "Read an article",
    "Takes the text of an article, its web address, which is not fetched, and its day. Returns the rows that rules find in it, the "
    "names and their slugs, and the tables and codes for `propose_rows`.",
    schema(_DOCUMENT, *_DOCUMENT),
    output(proposals={"type": "array"}, names={"type": "array"}, tables={"type": "array"}, task={"type": "string"}),
    run_read,
)
PROPOSE_ROWS = Tool(
    "propose_rows",
    "Propose rows of an article",
    "Writes rows {table, cells, quote, confidence?, reason?} for a person to review; each quote is copied from the text. An item "
    "{withdraw, reason} leaves out the row of the rules with that number. If one is wrong, none is written and reasons are returned.",
    schema({**_DOCUMENT, "rows": {"type": "array", "items": {"type": "object"}, "maxItems": MOST_ROWS}}, *_DOCUMENT, "rows"),
    output(refused={"type": "array"}, folder={"type": ["string", "null"]}, rows={"type": "integer"}, withdrawn={"type": "integer"}),
    run_propose,
    writes=True,
)
