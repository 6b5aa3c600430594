"""The operations that do not depend on the questions and projections."""

from __future__ import annotations

from nevkg.serve import parameter
from nevkg.serve.api import operation
from nevkg.serve.api.operation import LANG, ROOT, THING, Operation
from nevkg.serve.api.schemas import ref

HOME = [
    Operation(
        f"{ROOT}/discover",
        "discover",
        "things",
        "Entities, questions, topics and stories by name or by words, best match first.",
        "question_jobs.Discover",
        ref("Discovery"),
        description="Case, accents and small typing errors are ignored. Entities that the data mentions often rank first. "
        "A sentence that names entities, such as *who builds in Thailand*, gives questions with these as parameters; the first has "
        "the first line of its answer.",
        parameters=[
            parameter.text("q", "A name, a part of a name, words, or a sentence, in any language.", required=True),
            LANG,
            parameter.count("limit", "Maximum number of results.", most=100, default=12),
        ],
    ),
    Operation(
        f"{ROOT}/home",
        "home",
        "questions",
        "The content of the home page: numbers with the answers that they count, starting points, stories and topics.",
        "question_jobs.DescribeHome",
        ref("Home"),
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/stories",
        "stories",
        "questions",
        "The stories.",
        "question_jobs.ListStories",
        ref("Stories"),
        parameters=[LANG],
        is_of_data=False,
    ),
    Operation(
        f"{ROOT}/stories/{{story}}",
        "story",
        "questions",
        "A story: a short text with figures computed from the data, each with the answer that it is from.",
        "question_jobs.TellStory",
        ref("Story"),
        path_parameters={"story": "The name of a story."},
        parameters=[LANG],
    ),
]


_Q = parameter.text("q", "A name or part of a name, in any language.", required=True)
_NARROW = parameter.text("q", "Only values with this text in a name, in any language.")
_IN = parameter.text("in", "The projection to search.", default="neighbourhood")
_DAY = parameter.day("as_of", "The day that the answer is for; by default the date of the dataset.")
_DAY_OR_ALL = parameter.day("as_of", "Only facts that held on this day; by default those of all days.")
_QUESTION = "The name of a question."
_ONE_OF_ITS = "The name of one of its parameters."

FIXED = [
    *HOME,
    Operation(ROOT, "index", "dataset", "The paths of this API.", "openapi.ListPaths", ref("Index"), is_of_data=False),
    Operation(
        f"{ROOT}/openapi.json",
        "openapi",
        "dataset",
        "This API as an OpenAPI document.",
        "openapi.DescribeApi",
        {"type": "object"},
        is_of_data=False,
    ),
    Operation(
        f"{ROOT}/questions",
        "questions",
        "questions",
        "The catalogue of questions, by topic.",
        "question_jobs.ListQuestions",
        ref("Catalogue"),
        parameters=[
            parameter.text("topic", "Only questions of this topic."),
            parameter.text("tag", "Only questions with this tag."),
            parameter.text("q", "Only questions whose name, title, description, tags or keywords hold this text."),
        ],
    ),
    Operation(
        f"{ROOT}/questions/{{question}}",
        "question",
        "questions",
        "One question, with its parameters, columns and SPARQL.",
        "question_jobs.DescribeQuestion",
        ref("Question"),
        path_parameters={"question": _QUESTION},
    ),
    Operation(
        f"{ROOT}/questions/{{question}}/parameters/{{parameter}}/options",
        "options",
        "questions",
        "The possible values of a parameter, those with most statements first.",
        "question_jobs.ListOptions",
        ref("Options"),
        path_parameters={"question": _QUESTION, "parameter": _ONE_OF_ITS},
        parameters=[_NARROW, LANG, parameter.limit(100, 1000), parameter.OFFSET],
        paged=True,
    ),
    Operation(
        f"{ROOT}/search",
        "search",
        "things",
        "Entities by name, alias or identifier, best match first.",
        "entity_jobs.SearchEntities",
        ref("Hits"),
        description="Case, accents and small typing errors are ignored.",
        parameters=[
            _Q,
            parameter.text("kind", "Only entities of this class or vocabulary."),
            _DAY_OR_ALL,
            LANG,
            parameter.count("limit", "Maximum number of results.", most=200, default=20),
        ],
    ),
    Operation(
        f"{ROOT}/entities",
        "entity_by_iri",
        "things",
        "Everything known about an entity, statement by statement.",
        "entity_jobs.DescribeEntity",
        ref("Entity"),
        description="Statements, the history derived from them, and the sources, in words; in Turtle the triples.",
        parameters=[
            parameter.text("iri", f"The entity: {THING}.", required=True),
            _DAY_OR_ALL,
            LANG,
            parameter.limit(1000, 10_000),
            parameter.OFFSET,
        ],
        formats=operation.ENTITY_FORMATS,
        paged=True,
    ),
    Operation(
        f"{ROOT}/entities/{{kind}}/{{slug}}",
        "entity",
        "things",
        "Everything known about an entity, by its short name.",
        "entity_jobs.DescribeEntity",
        ref("Entity"),
        path_parameters={"kind": "The prefix of the short name.", "slug": "The rest of the short name."},
        parameters=[_DAY_OR_ALL, LANG, parameter.limit(1000, 10_000), parameter.OFFSET],
        formats=operation.ENTITY_FORMATS,
        paged=True,
    ),
    Operation(
        f"{ROOT}/cards",
        "card",
        "things",
        "The card of an entity: what matters for its class, and the questions that say more.",
        "entity_jobs.ShowCard",
        ref("Card"),
        description=(
            "Fields and questions come from the file of its class in `queries/cards/`. Each value has its evidence, and each number "
            "the question that counts it."
        ),
        parameters=[parameter.text("iri", f"The entity: {THING}.", required=True), _DAY, LANG],
    ),
    Operation(
        f"{ROOT}/evidence",
        "evidence",
        "things",
        "The statements behind a cell, a node or an edge.",
        "entity_jobs.ShowEvidence",
        ref("Evidence"),
        description=(
            "Answers and graphs name the evidence of each cell and edge. This returns the statements behind it (`behind`), and "
            "other statements on the same subject and property: of undisputed values, such as earlier stages (`stage`), and "
            "others (`beside`), each with its source, its facts and its passage in the text."
        ),
        parameters=[
            parameter.text("iri", "A statement, an episode, or the subject of statements.", many=True, required=True),
            parameter.day("as_of", "The day of the standings; by default the date of the dataset."),
            LANG,
            parameter.limit(1000, 10_000),
            parameter.OFFSET,
        ],
        paged=True,
    ),
    Operation(
        f"{ROOT}/explain",
        "explain",
        "things",
        "The explanation of a row of a query on the snapshot of a day.",
        "entity_jobs.ExplainRow",
        ref("Explanation"),
        description=(
            "The query is sent as for `/sparql`. For each cell: its facts, the facts and the rule from which they are derived, the "
            "statements and their sources. For a question send its `sparql` and its day (`asOf`)."
        ),
        parameters=[
            parameter.count("row", "The number of the row in the solutions, from 1.", most=10**6, default=1),
            parameter.text("column", "Only this cell of the row."),
            _DAY,
            LANG,
            parameter.RELIABLE,
        ],
        takes_query=True,
    ),
    Operation(
        f"{ROOT}/reason",
        "reason",
        "things",
        "Why a query on the snapshot of a day has no results.",
        "entity_jobs.ExplainEmptiness",
        ref("EmptinessReason"),
        description="The query is sent as for `/sparql`. `reason` is null if there are rows.",
        parameters=[_DAY, LANG],
        takes_query=True,
    ),
    Operation(
        f"{ROOT}/places",
        "places",
        "things",
        "The coordinates of entities.",
        "entity_jobs.LocateEntities",
        ref("Places"),
        description="`at` is the place that has the coordinates: the entity itself, or the nearest enclosing place with known coordinates.",
        parameters=[parameter.text("iri", "Only these entities.", many=True), LANG, parameter.limit(10_000, 10_000), parameter.OFFSET],
        paged=True,
    ),
    Operation(
        f"{ROOT}/graph",
        "projections",
        "graphs",
        "The projections: relations that can be drawn as a graph.",
        "graph_jobs.ListProjections",
        ref("Projections"),
    ),
    Operation(
        f"{ROOT}/graph/{{projection}}/parameters/{{parameter}}/options",
        "graph_options",
        "graphs",
        "The possible values of a parameter, those with most statements first.",
        "question_jobs.ListOptions",
        ref("Options"),
        path_parameters={"projection": "The name of a projection.", "parameter": _ONE_OF_ITS},
        parameters=[_NARROW, LANG, parameter.limit(100, 1000), parameter.OFFSET],
        paged=True,
    ),
    Operation(
        f"{ROOT}/graph/export",
        "export_graph",
        "graphs",
        "A graph that the client sends, in the format of a graph tool.",
        "graph_jobs.WriteGraph",
        {"type": "object"},
        description=(
            "The data is not read. The body is like the graphs of this API in node-link JSON, such as the visible part of one; all other "
            "members of nodes and edges are their attributes."
        ),
        formats=operation.EXPORT_FORMATS,
        is_of_data=False,
        takes=ref("GraphToExport"),
    ),
    Operation(
        f"{ROOT}/path",
        "path",
        "graphs",
        "How two entities are connected, step by step, with sources.",
        "graph_jobs.FindPaths",
        ref("Paths"),
        parameters=[
            parameter.text("from", f"An entity: {THING}.", required=True),
            parameter.text("to", "Another entity.", required=True),
            _IN,
            parameter.text("avoid", "An entity that no path may contain.", many=True),
            parameter.count("longest", "Maximum number of steps: return all such paths, not only the shortest.", most=12),
            parameter.count("limit", "Maximum number of paths.", most=100, default=10),
            _DAY,
            LANG,
        ],
        formats=operation.TABLE_FORMATS,
    ),
    Operation(
        f"{ROOT}/neighbours",
        "neighbours",
        "graphs",
        "The neighbours of an entity, by class.",
        "graph_jobs.ListNeighbours",
        ref("Neighbours"),
        parameters=[
            parameter.text("iri", f"The entity: {THING}.", required=True),
            parameter.text("exclude", "Entities already shown: they are not returned again, but edges to them are.", many=True),
            parameter.text("kind", "Only neighbours of this class."),
            parameter.one_of(
                "order",
                "By label, by number of statements that mention a neighbour, or by importance: first those to which an upheld fact "
                "links, then the largest, then those with most statements.",
                ["label", "statements", "importance"],
                default="label",
            ),
            _IN,
            _DAY,
            parameter.truth("history", "The whole history instead of one day."),
            LANG,
            parameter.limit(25, 1000),
            parameter.OFFSET,
        ],
        description="`limit` and `offset` apply to each class separately.",
    ),
    Operation(
        f"{ROOT}/dataset",
        "dataset",
        "dataset",
        "Description and size of the dataset.",
        "dataset_jobs.DescribeDataset",
        ref("Dataset"),
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/ontology",
        "ontology",
        "dataset",
        "Classes, properties and vocabularies, with how often they are used.",
        "dataset_jobs.DescribeOntology",
        ref("Ontology"),
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/quality",
        "quality",
        "dataset",
        "What the data covers, how complete and how old it is.",
        "dataset_jobs.MeasureQuality",
        ref("Quality"),
        description="Questions with the tag `evidence` show more, such as where sources disagree.",
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/quality/checks",
        "checks",
        "dataset",
        "Weak or doubtful data, by check.",
        "dataset_jobs.ListChecks",
        ref("Checks"),
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/quality/checks/{{check}}",
        "check",
        "dataset",
        "The findings of one check, in words.",
        "dataset_jobs.ListFindings",
        ref("Findings"),
        path_parameters={"check": "The name of the check."},
        parameters=[LANG, parameter.limit(100, 10_000), parameter.OFFSET],
        paged=True,
    ),
]
