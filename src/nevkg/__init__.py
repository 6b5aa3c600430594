"""nevkg: a knowledge graph on how Chinese new-energy-vehicle makers move from exporting cars to building them abroad.

Open the graph, ask a question of the catalogue, and see the sources of each answer:

    >>> import nevkg
    >>> kg = nevkg.open()
    >>> answer = kg.ask("local-manufacturers", bloc="place:asean")
    >>> [str(row.plant) for row in answer if str(row.maker) == "Changan Automobile"]
    ['Changan Rayong plant']
    >>> answer[0].sources("since")[1].published
    '2025-06-03'

Other methods of a graph:

    kg.questions()                  the catalogue of questions, with their parameters
    kg.show("byd-rayong")           everything known about an entity, statement by statement
    kg.search("比亚迪")              entities by name, in any language
    kg.query("SELECT …")            your own SPARQL 1.1 query
    kg.graph("ownership")           a network: .to_networkx(), .save("ownership.svg")
    kg.path("byd", "place:eu")      how two entities are connected
    kg.resolve_citation(answer.citation)   a cited answer again, the same bytes
    kg.measures("makers-countries") degree, betweenness, communities
    kg.to_rdflib(), kg.to_owlready(), kg.to_networkx()   the whole graph

Questions, SPARQL queries, searches, paths and measures return tables. Iterating over a table gives rows of native
Python values. A table is displayed in a terminal and in a notebook, and has export methods: ``.to_polars()``,
``.to_pandas()``, ``.to_arrow()``, ``.to_csv()``, ``.to_parquet()``, ``.to_xlsx()``, ``.to_networkx()``, ``.cite()``.
Errors in your input or environment are subclasses of :class:`NevkgError`; their text is one sentence.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from nevkg.api import KnowledgeGraph
    from nevkg.ask.answer import Answer
    from nevkg.ask.catalogue import Question
    from nevkg.ask.comparison import CitedAnswer, Comparison
    from nevkg.ask.profile import Portrait
    from nevkg.errors import CouldNotRun, InvalidData, NevkgError, WrongUsage
    from nevkg.lookup.sources import Source
    from nevkg.network import Network
    from nevkg.table.explanation import Explanation
    from nevkg.table.table import Row, Table
    from nevkg.table.values import Thing

# The command line imports this package first; names are imported when they are first used, so that it starts fast.
_MODULES = {
    "Answer": "ask.answer",
    "CitedAnswer": "ask.comparison",
    "Comparison": "ask.comparison",
    "CouldNotRun": "errors",
    "Explanation": "table.explanation",
    "InvalidData": "errors",
    "KnowledgeGraph": "api",
    "Network": "network",
    "NevkgError": "errors",
    "Portrait": "ask.profile",
    "Question": "ask.catalogue",
    "Row": "table.table",
    "Source": "lookup.sources",
    "Table": "table.table",
    "Thing": "table.values",
    "WrongUsage": "errors",
}

__all__ = [
    "Answer",
    "CitedAnswer",
    "Comparison",
    "CouldNotRun",
    "Explanation",
    "InvalidData",
    "KnowledgeGraph",
    "Network",
    "NevkgError",
    "Portrait",
    "Question",
    "Row",
    "Source",
    "Table",
    "Thing",
    "WrongUsage",
    "open",
]


def open(
    source: str | Path | None = None,
    *,
    as_of: str | None = None,
    known_by: str | None = None,
    lang: str = "en",
) -> KnowledgeGraph:
    """Opens the graph.

    The first call builds a store in the user's cache folder, which takes a few seconds; later calls reuse it.

    Args:
        source: a folder to use instead of the shipped ``data/``; a folder created by ``nevkg load``; a release, which
            keeps its own questions and rules, by path or by name (its folder or ``.zip`` in the current folder, or in one
            that the environment variable ``NEVKG_RELEASES`` names); the address of a server filled by ``nevkg load``, or of
            a SPARQL endpoint whose default graph is the union of its graphs; the shipped data if None.
        as_of: the day (ISO or ``today``) that answers are for; the date of the dataset if None.
        known_by: leave out sources published after this day (ISO or ``today``).
        lang: the language of labels, ``en`` or ``zh``.

    Raises:
        WrongUsage: if a day cannot be read.
        CouldNotRun: if the folder is missing or the endpoint does not answer.
        InvalidData: if the data does not parse.
    """
    from nevkg.api import open_graph

    return open_graph(source, as_of, known_by, lang)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'nevkg' has no attribute '{name}'")
    return getattr(import_module(f"nevkg.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
