"""``nevkg watch``: looks for new pages that may be read, and keeps them in a queue."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from nevkg.api import KnowledgeGraph
from nevkg.ask import arguments
from nevkg.cli import Command, common, write
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.propose.proposals import Proposer
from nevkg.propose.queue import NEW, Candidate, Queue
from nevkg.store import cache, open_store
from nevkg.watch.discovery import Findings, Round, Topics
from nevkg.watch.places import Place, read_watchlist
from nevkg.watch.visitor import Visitor

_DAYS = 60
_REQUESTS = 200


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("queue", metavar="QUEUE", type=Path, help="the table of candidates (CSV); a new one is made")
    parser.add_argument("--places", metavar="FILE", type=Path, help="the list of places (default: watch.yaml of the data)")
    parser.add_argument("--only", metavar="NAME", action="append", help="visit only this place; may be repeated")
    parser.add_argument("--since", metavar="DAY", help=f"leave out pages that are older (default: {_DAYS} days ago)")
    parser.add_argument("--limit", metavar="N", type=common.positive, default=_REQUESTS, help="most requests (default: %(default)s)")
    parser.add_argument("--mark", metavar="STATE", help="visit nothing; give the candidates of --address this state")
    parser.add_argument("--address", metavar="URL", action="append", default=[], help="a candidate to mark; may be repeated")


def _watch(options: argparse.Namespace) -> int:
    queue = Queue.read(options.queue)
    if options.mark:
        queue.mark(options.address, options.mark)
        if not options.address:
            raise WrongUsage("Name the candidates to mark with --address.")
        queue.write(options.queue)
        return 0
    if options.address:
        raise WrongUsage("--address is for --mark; to read a page, use: nevkg read URL --output DIR")
    if not options.queue.absolute().parent.is_dir():
        raise WrongUsage(f"There is no folder {options.queue.parent} for the queue.")
    layout, today = common.layout(options), date.today()
    since = arguments.day(options.since) if options.since else (today - timedelta(_DAYS)).isoformat()
    places = _select(read_watchlist(options.places or layout.data / "watch.yaml"), options.only or [])
    proposer = Proposer.read(layout)
    memory = cache.folder() / f"watch-{hashlib.sha256(str(options.queue.resolve()).encode()).hexdigest()[:16]}.json"
    visitor = Visitor(options.limit, memory if options.queue.exists() else None)
    found = Round(Topics(proposer), frozenset(proposer.slugs), since, today.isoformat()).visit(
        places, visitor, queue, lambda place: _find_words(place, layout)
    )
    queue.write(options.queue)
    visitor.remember(memory)  # afterwards, so that nothing is lost if this process ends in between
    write("".join(map(_to_line, found.new)).encode())
    for problem in found.problems:
        common.warn(problem)
    common.report(_summarise(found, len(places), options.queue), options)
    return CouldNotRun.exit_code if found.problems else 0


def _select(places: list[Place], names: list[str]) -> list[Place]:
    known = [place.name for place in places]
    for name in names:
        if name not in known:
            raise WrongUsage(f"No place is called '{name}'; there are {', '.join(known)}.")
    return [place for place in places if not names or place.name in names]


def _find_words(place: Place, layout: Layout) -> Iterator[str]:
    """Yields the words of the first rows of a place's question."""
    answer = KnowledgeGraph(open_store(layout)).ask(place.question)
    if place.column not in answer.names:
        raise InvalidData(f"'{place.question}' has no column '{place.column}'; it has {', '.join(answer.names)}.")
    cells = [cell if isinstance(cell, list) else [cell] for cell in answer[place.column]]
    words = dict.fromkeys(str(word) for cell in cells for word in cell if word is not None)
    yield from islice(words, place.rows)


def _to_line(candidate: Candidate) -> str:
    """Returns a candidate as an item of a list in Markdown, without what its title might mean there."""
    title = "".join(f"\\{character}" if character in "\\`*_[]<>&|!#" else character for character in candidate.title or candidate.address)
    day = f", {candidate.published}" if candidate.published else ""
    mark = f" ({candidate.state})" if candidate.state != NEW else ""
    return f"- [{title}](<{candidate.address.replace('<', '%3C').replace('>', '%3E')}>){day}: {candidate.names.replace('|', ', ')}{mark}\n"


def _summarise(found: Findings, places: int, queue: Path) -> str:
    return (
        f"{queue}: {len(found.new)} new candidates from {places} places ({found.links} links, of which {found.known} known, "
        f"{found.old} older and {found.other} about other things; {found.unchanged} addresses unchanged)."
    )


COMMANDS = {"watch": Command(_add_arguments, _watch)}
