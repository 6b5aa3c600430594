"""Exports as RDF: the dataset in other shapes, its description (VoID, DCAT), and the catalogue of questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QueryTriples, Triple

from nevkg.ask import days
from nevkg.ask.catalogue import SNAPSHOT, Question, read_over
from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.data.paths import Layout
from nevkg.data.rdf import FORMATS, serialise
from nevkg.data.terms import prefixes
from nevkg.errors import InvalidData
from nevkg.sparql.syntax import explain_syntax_error
from nevkg.store import Store
from nevkg.store.engine import Result
from nevkg.store.snapshots import as_embedded
from nevkg.table.values import Words

_QUAD = ["graph", "subject", "property", "value"]
DESCRIPTION = "description"
_KEYWORDS = terms.SCHEMA_ORG + "keywords"


@dataclass(frozen=True)
class Export:
    """An export.

    Attributes:
        name: its name, which is that of its file.
        title: what it contains, as a phrase, by language.
        over: ``snapshot`` or ``record``.
        format: the name of its usual format, one of ``FORMATS``.
        released: whether it is a file of each release.
    """

    name: str
    title: Words
    text: str
    over: str
    format: str
    released: bool


def load_exports(layout: Layout) -> Mapping[str, Export]:
    """Returns the exports by name."""
    return {path.stem: _read_export(path) for path in sorted(layout.queries.glob("exports/*.rq"))}


def _read_export(path: Path) -> Export:
    text = read_query(path)
    head = read_head(path, text)
    over, format_name = read_over(path, head), head.get("format")
    if format_name not in FORMATS:
        raise InvalidData(f"{path}: 'format' is '{format_name}'; write one of {', '.join(FORMATS)}.")
    if not isinstance(title := head.get("title"), dict):
        raise InvalidData(f"{path}: the head lacks 'title'; give it in each language, such as {{en: …, zh: …}}.")
    return Export(path.stem, title, text, over, format_name, bool(head.get("released")))


def run_export(store: Store, chosen: Export, day: str) -> set[Quad] | set[Triple]:
    """Runs an export.

    Args:
        store: the record. The content of a server is downloaded once.
        day: the day (ISO) of the snapshot, for an export over a snapshot.

    Raises:
        InvalidData: if its query is not SPARQL, or returns neither triples nor the columns of quads.
    """
    source = days.snapshot(store, day) if chosen.over == SNAPSHOT else as_embedded(store)
    where = f"queries/exports/{chosen.name}.rq"
    found = run_query(source, where, chosen.text)
    if isinstance(found, QueryTriples):
        return set(found)
    if isinstance(found, QueryBoolean) or [variable.value for variable in found.variables] != _QUAD:
        raise InvalidData(f"{where}: write a CONSTRUCT query, or SELECT ?{' ?'.join(_QUAD)}.")
    return {Quad(row["subject"], row["property"], row["value"], row["graph"]) for row in found}


def run_query(store: Store, where: object, text: str) -> Result:
    """Answers a query of the dataset's own files."""
    try:
        return store.query(text)
    except SyntaxError as error:
        raise InvalidData(f"{where}: the query is not SPARQL: {explain_syntax_error(text, error)}.") from None


def describe_dataset(store: Store) -> bytes:
    """Returns the description in Turtle.

    Equal data gives equal bytes, whether or not the data includes a description.
    """
    return serialise(run_constructs(store, DESCRIPTION), "turtle", prefixes(store.layout.ontology))


def run_constructs(store: Store, folder: str) -> list[Triple]:
    """Returns the triples that the queries in a folder below ``queries/`` construct."""
    triples: list[Triple] = []
    for path in sorted(store.layout.queries.glob(f"{folder}/*.rq")):
        found = run_query(store, path, read_query(path))
        if not isinstance(found, QueryTriples):
            raise InvalidData(f"{path}: the query does not return triples; write it as a CONSTRUCT query.")
        triples += found
    return triples


def describe_questions(questions: Iterable[Question]) -> list[Triple]:
    """Returns the name, title, description, tags, keywords, query and parameters of each question."""
    triples: list[Triple] = []
    for question in questions:
        node = NamedNode(terms.QUESTION + question.name)
        facts: list[tuple[str, terms.Term]] = [
            (terms.RDF + "type", NamedNode(terms.SHACL + "SPARQLExecutable")),
            (terms.RDF + "type", NamedNode(terms.SHACL + "SPARQLSelectExecutable")),
            (terms.DCTERMS + "identifier", Literal(question.name)),
            (terms.SHACL + "select", Literal(question.text)),
            *((terms.RDFS + "label", Literal(words, language=language)) for language, words in question.title.items()),
            *((terms.RDFS + "comment", Literal(words.strip(), language=language)) for language, words in question.description.items()),
            *((_KEYWORDS, Literal(tag)) for tag in question.tags),
            *((_KEYWORDS, Literal(word, language=language)) for language, among in question.keywords.items() for word in among),
        ]
        for parameter in question.parameters:
            place = NamedNode(f"{node.value}/{parameter.name}")
            facts.append((terms.SHACL + "parameter", place))
            triples.append(Triple(place, NamedNode(terms.SHACL + "name"), Literal(parameter.name)))
            triples.append(Triple(place, NamedNode(terms.SHACL + "optional"), Literal(True)))
            triples += [
                Triple(place, NamedNode(terms.SHACL + "description"), Literal(words, language=language))
                for language, words in parameter.label.items()
            ]
        triples += [Triple(node, NamedNode(name), value) for name, value in facts]
    return triples
