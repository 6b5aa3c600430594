"""The responses of the API: from these types the OpenAPI document and the types of the explorer are generated, see ``schemas``.

A response is a dictionary whose parts may be dataclasses of the packages that compute them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from nevkg.ask import card
from nevkg.ask.catalogue import Parameter, QuestionBasics, QuestionDocument, QuestionHead
from nevkg.ask.discovery import MatchKind
from nevkg.ask.emptiness import Reason
from nevkg.ask.profile import Portrait
from nevkg.ask.roles import View
from nevkg.ask.support import SupportDocument
from nevkg.data.json_values import Day
from nevkg.data.terms import Language
from nevkg.lookup.descriptions import EpisodeDescription, StatementDescription
from nevkg.lookup.passages import PassageDescription
from nevkg.lookup.sources import Ground, Source
from nevkg.lookup.trace import Addend
from nevkg.table.explanation import Explanation
from nevkg.table.values import Thing, Words
from nevkg.validate.findings import Severity

Iri = str
Role = Annotated[str, ("enum", ("behind", "stage", "beside"))]
ColumnType = Annotated[str, ("enum", ("thing", "text", "boolean", "integer", "number", "date")), ("title", "ColumnType")]
CheckSeverity = Annotated[str, ("enum", tuple(severity.name.lower() for severity in Severity)), ("title", "CheckSeverity")]
Natural = Annotated[int, ("minimum", 0)]
Examples = Annotated[Mapping[str, Sequence[str]], "Example values of parameters."]
Scalar = Annotated[Thing | str | float | bool, "A value.", ("title", "Scalar")]
Value = Annotated[Thing | str | float | bool | None, "A value of a cell; null if nothing is known.", ("title", "Value")]
List = Annotated[Sequence[Scalar], "The values of a cell with several values; empty if nothing is known.", ("title", "List")]
Cell = Annotated[Value | List, ("title", "Cell")]
Row = Annotated[Mapping[str, Cell], "The cells of a row, by column.", ("title", "Row")]


class Problem(TypedDict):
    """An error, as problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: Annotated[str, "One sentence: what is wrong, where, and how to fix it."]
    parameter: NotRequired[Annotated[str, "The parameter with the error."]]


class State(TypedDict):
    """The state of the dataset that the response is for."""

    version: str
    date: Day
    identity: Annotated[str, "Digest of the data, or the name of the store."]


class Page(TypedDict):
    """One page of a list."""

    total: Annotated[Natural, "Number of items on all pages."]
    offset: Natural
    limit: Annotated[int, ("minimum", 1)]
    truncated: Annotated[bool, "Whether further pages follow."]
    next: Annotated[str | None, "A reference to the next page, relative to the address of this one; null on the last page."]


class Path(TypedDict):
    """A path of the API."""

    path: str
    summary: str


class Index(TypedDict):
    """The paths of the API."""

    title: str
    dataset: State
    server: Annotated[str, "The address to which the paths are added."]
    openapi: str
    paths: Sequence[Path]


class Topic(TypedDict):
    """A topic with its questions."""

    topic: str
    title: Words
    questions: Sequence[QuestionHead]


class Catalogue(TypedDict):
    """Questions by topic."""

    dataset: State
    total: int
    topics: Sequence[Topic]


class Question(QuestionDocument):
    """A question with its query, and the state of the dataset."""

    dataset: State


class Option(TypedDict):
    """A possible value of a parameter."""

    iri: Iri
    name: Annotated[str, "Short name, accepted as a parameter value."]
    label: str


class Options(Page):
    """Possible values of a parameter."""

    parameter: Parameter
    options: Sequence[Option]


class AnswerColumn(TypedDict):
    """A column of an answer."""

    name: str
    label: str | None
    type: Annotated[ColumnType | None, "Type of its values; null if no row has one."]
    list: bool
    evidence: Annotated[bool, "Whether its cells have evidence."]


class CellEvidence(TypedDict):
    """The evidence of the rows on a page."""

    evidence: NotRequired[
        Annotated[
            Sequence[Mapping[str, Sequence[Iri]]],
            "For each row and column the IRIs of the statements or episodes that support the cell, at most 100; the format `zip` has all.",
        ]
    ]
    addends: NotRequired[
        Annotated[
            Sequence[Mapping[str, Sequence[Addend]]],
            "For each row, the numbers that the sums and averages among its cells add, by column; left out if there are none.",
        ]
    ]
    grounds: NotRequired[Annotated[Mapping[str, Sequence[Ground]], "For each of these IRIs the statements behind it."]]
    sources: NotRequired[Sequence[Source]]


class Answer(Page, CellEvidence):
    """The answer to a question."""

    question: str
    title: str
    parameters: Annotated[Mapping[str, str], "The parameters as interpreted, including defaults, in short names."]
    filters: Annotated[Sequence[Sequence[str]], "The values of the parameters in words; of those in one list, one must hold."]
    language: Language
    view: View
    asOf: Day
    dataset: State
    sparql: Annotated[str, "The query that was run."]
    columns: Sequence[AnswerColumn]
    rows: Sequence[Row]
    citation: NotRequired[
        Annotated[str, "The permanent address of the whole answer, if requested; left out if the state of the data is unknown."]
    ]
    footnote: NotRequired[Annotated[str, "A short citation in one line, with that address, if requested."]]
    support: NotRequired[Annotated[SupportDocument, "Only if there is a column `standing`."]]
    reason: NotRequired[Annotated[Reason, "Only in an answer without rows."]]


class EmptinessReason(TypedDict):
    """Why a query has no rows."""

    reason: Annotated[Reason | None, "Null if there are rows."]


class Hit(Option):
    """An entity that a search has found."""

    kinds: Annotated[Sequence[str], "The labels of its classes."]
    matched: Annotated[str, "The name that matched."]


class Hits(TypedDict):
    """Entities that a search has found, the best match first."""

    q: str
    hits: Sequence[Hit]


class Found(TypedDict):
    """An entity, a question, a topic or a story that a search has found."""

    kind: MatchKind
    name: Annotated[str, "Short name of an entity, name of a question, topic or story."]
    label: str
    iri: NotRequired[Annotated[Iri, "Only of an entity."]]
    kinds: NotRequired[Annotated[Sequence[str], "The classes of an entity."]]
    matched: NotRequired[Annotated[str, "The name of an entity that matched; empty if it is one of several in a sentence."]]
    example: NotRequired[Annotated[Examples, "Example values of the parameters of a question."]]
    parameters: NotRequired[Annotated[Examples, "The parameters of a question that the text gives, and `as_of` if it names a year."]]
    filters: NotRequired[Annotated[Sequence[str], "The labels of these values."]]
    answer: NotRequired[Annotated[str, "The first line of the answer to the first question with such parameters; else empty."]]


class Discovery(TypedDict):
    """What a search for anything has found, the best match first."""

    q: str
    found: Sequence[Found]


@dataclass(frozen=True, kw_only=True)
class Entity(Portrait):
    """Everything known about an entity, with one page of its statements.

    Attributes:
        name: its short name.
        total: number of its statements.
        truncated: whether further pages follow.
        next: a reference to the next page, relative to the address of this one; null on the last page.
    """

    name: str
    total: int
    offset: int
    limit: int
    truncated: bool
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Card(card.Card):
    """The card of an entity, and the state of the dataset."""

    dataset: State


class PropertyValues(TypedDict):
    """The values of a property."""

    property: Thing
    values: Sequence[Scalar]


@dataclass(frozen=True, kw_only=True)
class Statement(StatementDescription):
    """A statement with its evidence.

    Attributes:
        role: whether it is behind what was asked for, or about the same subject and property.
        exact: whether it was asked for, or states the value of the episode that was, instead of something that implies it.
        facts: all values of its properties.
        passages: its passages in the text of the source.
        report: the address of the form for a wrong fact; empty if the dataset names none.
        standing: the best standing of the facts derived from it on that day; null if none holds.
        witnesses: number of independent sources of that fact.
    """

    role: Role
    exact: bool
    facts: Sequence[PropertyValues]
    passages: Sequence[PassageDescription]
    report: str
    standing: Thing | None
    witnesses: Natural


@dataclass(frozen=True, kw_only=True)
class Episode(EpisodeDescription):
    """An episode with its subject."""

    iri: Iri
    subject: Thing


class Evidence(Page):
    """The statements behind a cell, a node or an edge, and others on the same subject and property."""

    asked: Sequence[Iri]
    statements: Sequence[Statement]
    episodes: Sequence[Episode]
    sources: Sequence[Source]


class Place(TypedDict):
    """The coordinates of an entity."""

    iri: Iri
    label: str
    latitude: Annotated[float, ("minimum", -90), ("maximum", 90)]
    longitude: Annotated[float, ("minimum", -180), ("maximum", 180)]
    at: Annotated[Thing, "The place that has the coordinates."]
    precision: Thing | None


class Places(Page):
    """The coordinates of entities."""

    places: Sequence[Place]


class Projection(QuestionBasics):
    """Relations that can be drawn as a graph."""

    layout: str
    expand: Annotated[str | None, "The parameter for the start node when the graph is expanded step by step; null if it is not."]


class Projections(TypedDict):
    """All projections."""

    dataset: State
    projections: Sequence[Projection]


Spell = TypedDict("Spell", {"from": str | None, "until": str | None})
Spells = Annotated[Sequence[Spell], "The periods in which an edge holds; empty if it has no dates."]
Attribute = str | float | bool


class GraphFacts(TypedDict):
    """What a graph is of."""

    title: str
    description: str
    as_of: Day
    sources: Sequence[Source]


class GraphNode(TypedDict):
    """A node; all further members are its attributes."""

    id: str
    iri: Iri
    label: str


class GraphEdge(TypedDict):
    """An edge; all further members are its attributes."""

    source: str
    target: str
    key: str
    spells: Spells
    evidence: Sequence[Iri]
    sources: Sequence[Iri]


class Graph(TypedDict):
    """Node-link JSON, as read by networkx and D3."""

    directed: bool
    multigraph: bool
    graph: GraphFacts
    nodes: Sequence[GraphNode]
    edges: Sequence[GraphEdge]


class SentNode(TypedDict):
    """A node of a graph that is sent; all further members are its attributes."""

    id: Annotated[str, "Unique among the nodes."]
    label: NotRequired[str]
    color: NotRequired[Annotated[str, "Such as #102030."]]
    x: NotRequired[Annotated[float, "The position in a picture, to the right."]]
    y: NotRequired[Annotated[float, "The position, downwards."]]


class SentEdge(TypedDict):
    """An edge of a graph that is sent; all further members are its attributes."""

    source: str
    target: str
    label: NotRequired[str]
    relation: NotRequired[str]
    spells: NotRequired[Spells]
    evidence: NotRequired[Sequence[Iri]]
    sources: NotRequired[Sequence[Iri]]


class GraphToExport(TypedDict):
    """A graph as the client shows it."""

    title: str
    description: NotRequired[str]
    as_of: NotRequired[str]
    nodes: Sequence[SentNode]
    edges: Sequence[SentEdge]


Step = TypedDict(
    "Step",
    {
        "path": int,
        "step": int,
        "subject": Thing,
        "relation": Thing,
        "object": Thing,
        "from": str | None,
        "until": str | None,
        "standing": Thing | None,
        "sources": List,
        "evidence": Iri | None,
    },
)
Paths = TypedDict(
    "Paths",
    {"from": Iri, "to": Iri, "in": str, "asOf": Day, "dataset": State, "steps": Sequence[Step], "sources": Sequence[Source]},
)


class Neighbour(TypedDict):
    """An entity that is connected to another one."""

    iri: Iri
    name: str
    label: str
    statements: NotRequired[Annotated[int, "Number of statements about or mentioning it, unless sorted by label."]]
    size: NotRequired[Annotated[float, "With `order=importance`, its size as `queries/api/sizes.rq` defines it, if known."]]


class OwnNode(Option):
    """The entity itself."""

    kind: Thing
    color: str


class NeighbourGroup(Page):
    """The neighbours of one class."""

    kind: Thing
    color: str
    nodes: Sequence[Neighbour]


class NeighbourEdge(TypedDict):
    """A relation between two of the entities."""

    subject: Iri
    relation: Thing
    object: Iri
    spells: Spells
    facts: Mapping[str, Cell]
    evidence: Sequence[Iri]
    sources: Sequence[Iri]


class Neighbours(TypedDict):
    """The neighbours of an entity by class."""

    iri: Iri
    self: OwnNode
    asOf: Day
    total: Annotated[int, "Number of neighbours, without the excluded ones."]
    groups: Sequence[NeighbourGroup]
    edges: Annotated[Sequence[NeighbourEdge], "Edges between the entity, the returned nodes and the excluded ones."]
    sources: Sequence[Source]


class Dataset(State):
    """The dataset and its size."""

    iri: Iri
    title: str
    description: str | None
    digest: str | None
    knownBy: Annotated[str | None, "Sources published after this day are left out; null if all are used."]
    licence: str | None
    sources: int
    statements: int
    episodes: int
    triples: int
    questions: int
    colors: Annotated[Mapping[str, str], "The entities with a colour of their own, by IRI."]


class Term(TypedDict):
    """A class, a property, a vocabulary or a concept; all further members are its relations to others."""

    iri: Iri
    label: str
    name: str
    definition: str | None
    color: str | None
    uses: Annotated[int, "Number of instances or uses."]


class Ontology(TypedDict):
    """Classes, properties and vocabularies."""

    dataset: State
    prefixes: Annotated[Mapping[str, str], "The namespace of each prefix; queries need not declare them."]
    classes: Sequence[Term]
    properties: Sequence[Term]
    schemes: Sequence[Term]
    concepts: Sequence[Term]


class QualityTable(TypedDict):
    """A table on coverage, completeness or age of the data."""

    name: str
    section: str
    title: str
    note: str | None
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


class Quality(TypedDict):
    """What the data covers, how complete and how old it is."""

    dataset: State
    tables: Sequence[QualityTable]


class Check(TypedDict):
    """A check on the data."""

    name: str
    severity: CheckSeverity
    title: str
    fix: str
    found: Annotated[int, "Number of findings."]


class Checks(TypedDict):
    """All checks on the data."""

    dataset: State
    checks: Sequence[Check]


class CheckFinding(TypedDict):
    """A finding of a check."""

    about: Thing
    says: Annotated[str, "The finding in one sentence."]


class Findings(Page, Check):
    """A check and its findings."""

    findings: Sequence[CheckFinding]


class Target(TypedDict):
    """An answer."""

    question: str
    parameters: Mapping[str, Sequence[str]]


class Figure(Target):
    """What a text shows of an answer."""

    show: Annotated[
        Literal["count", "sum", "value", "list", "table", "chart", "map"],
        "count: rows, or different values of a column; sum, value, list: of a column.",
    ]
    columns: Sequence[str]
    labels: NotRequired[Annotated[Sequence[str], "Labels of the columns."]]
    title: NotRequired[Annotated[str, "The title of the question."]]
    asOf: NotRequired[Day]
    sources: NotRequired[Annotated[int, "Number of sources of the answer; only of a table."]]
    value: NotRequired[Annotated[Cell, "The number, value or values."]]
    more: NotRequired[Annotated[int, "Number of values of a list that are left out."]]
    rows: NotRequired[Annotated[Sequence[Row], "The rows of a table."]]
    problem: NotRequired[Annotated[str, "Why there is nothing to show; only in that case."]]


class NumberFigure(TypedDict):
    """A number on the home page."""

    label: str
    figure: Figure


class EntityStart(TypedDict):
    """A starting point that is an entity."""

    label: str
    entity: Iri


class AnswerStart(Target):
    """A starting point that is an answer."""

    label: str


class StoryHead(TypedDict):
    """A story without its text."""

    name: str
    title: str


class ExampleQuestion(TypedDict):
    """A question with example values of its parameters."""

    name: str
    title: str
    example: Examples


class HomeTopic(TypedDict):
    """A topic on the home page."""

    topic: str
    title: str
    total: Annotated[int, "Number of questions of this topic."]
    questions: Annotated[Sequence[ExampleQuestion], "The most important ones."]


class Home(TypedDict):
    """The content of the home page."""

    dataset: State
    lead: str
    numbers: Sequence[NumberFigure]
    note: Annotated[str, "What the numbers count."]
    map: Figure
    starts: Sequence[EntityStart | AnswerStart]
    stories: Sequence[StoryHead]
    topics: Sequence[HomeTopic]


class Stories(TypedDict):
    """All stories."""

    stories: Sequence[StoryHead]


class StoryPart(TypedDict):
    """A text or a figure in a line of a story."""

    text: NotRequired[str]
    style: NotRequired[Literal["strong", "emphasis"]]
    href: NotRequired[Annotated[str, "A web address or a view of the explorer."]]
    figure: NotRequired[Figure]


class StoryBlock(TypedDict):
    """A heading, a paragraph, a list or a figure."""

    kind: Literal["heading", "paragraph", "list", "figure"]
    level: NotRequired[Annotated[int, "Of a heading."]]
    parts: NotRequired[Sequence[StoryPart]]
    items: NotRequired[Sequence[Sequence[StoryPart]]]
    figure: NotRequired[Figure]


class Story(StoryHead):
    """A story with its figures computed."""

    dataset: State
    language: Annotated[Language, "The language of the text."]
    blocks: Sequence[StoryBlock]


# All responses and requests that operations name, besides the types in them.
DOCUMENTS = (
    *(Answer, Card, Catalogue, Checks, Dataset, Discovery, EmptinessReason, Entity, Evidence, Explanation, Findings, Graph),
    *(GraphToExport, Hits, Home, Index, List, Neighbours, Ontology, Options, Page, Paths, Places, Problem, Projections, Quality),
    *(Question, Stories, Story, Target, Value),
)
# Objects with further members, and their type.
FURTHER = {Problem: Any, GraphNode: Attribute, GraphEdge: Attribute, SentNode: Attribute, SentEdge: Attribute, Term: Sequence[Value]}
