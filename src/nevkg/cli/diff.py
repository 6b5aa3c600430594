"""``nevkg diff``: reports what changed between two releases."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from nevkg.cli import common
from nevkg.data import terms
from nevkg.publish.diff import rdf, words
from nevkg.publish.diff.account import describe_changes
from nevkg.publish.diff.delta import compare_states
from nevkg.publish.states import open_state


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    what = "a release folder, a file of quads (.nq, .trig, .jsonld, also .gz or .zst), a data folder or a checkout"
    parser.add_argument("before", metavar="A", type=Path, help=what)
    parser.add_argument("after", metavar="B", type=Path, help="another one")
    parser.add_argument(
        "--format",
        choices=[*words.FORMATS, "json", *rdf.FORMATS],
        default="words",
        help="update is SPARQL Update that turns A into B, patch is RDF Patch, turtle describes the changes (default: %(default)s)",
    )
    common.add_language(parser)
    parser.epilog = "The exit code is 0 whether or not something changed."


def run(options: argparse.Namespace) -> int:
    """Prints what changed."""
    found = compare_states(open_state(options.before), open_state(options.after))
    if options.format in rdf.FORMATS:
        common.show(rdf.FORMATS[options.format](found))
        return 0
    changes = describe_changes(found, options.lang)
    if options.format == "json":
        common.show((json.dumps(asdict(changes), ensure_ascii=False, indent=2) + "\n").encode())
    else:
        common.show(words.format_account(changes, options.format, terms.prefixes(found.after.store.layout.ontology)).encode())
    return 0
