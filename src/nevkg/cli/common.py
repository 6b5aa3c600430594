"""What several verbs need: the store, the options of time and language, the version."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from nevkg import arguments, entities, terms
from nevkg.layout import Layout
from nevkg.store import EmbeddedStore, open_store

_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"


def layout(options: argparse.Namespace) -> Layout:
    """The floors that the options name."""
    return Layout.find(Path(options.data) if options.data else None)


def add_known_by(parser: argparse.ArgumentParser) -> None:
    """The option that leaves out what was published later."""
    parser.add_argument("--known-by", metavar="DATE", help="count only sources published by this day")


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option for the language of labels."""
    parser.add_argument("--lang", choices=terms.LANGUAGES, default=terms.LANGUAGES[0], help="language of labels (default: %(default)s)")


def open_for(options: argparse.Namespace) -> EmbeddedStore:
    """The store that the options ask for."""
    known_by = getattr(options, "known_by", None)
    return open_store(layout(options), arguments.day(known_by) if known_by else None)


def let_interrupt() -> None:
    """From here on Ctrl-C ends the process at once: Python would only hear of it when the query engine returns."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_for_a_person() -> bool:
    """Whether the answer goes to a terminal."""
    return sys.stdout.isatty()


def version(store: EmbeddedStore) -> str:
    """The version of ontology, data and code, which are released together."""
    iri = terms.NEV.rstrip("#")
    for row in entities.select(store, f"SELECT ?version WHERE {{ <{iri}> <{_VERSION}> ?version }}"):
        return str(row["version"].value)
    return "without a version"
