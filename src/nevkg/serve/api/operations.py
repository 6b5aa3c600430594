"""The operations that are always there."""

from __future__ import annotations

from nevkg.serve.api import download, paging, parameter
from nevkg.serve.api.operation import LANG, ROOT, THING, Operation, ref

_Q = parameter.text("q", "A name or a part of one, in any language.", required=True)
_NARROW = parameter.text("q", "Only what has this text in a name, in any language.")
_IN = parameter.text("in", "The projection to look in.", default="neighbourhood")
_DAY = parameter.day("as_of", "The day that the answer is for; the date of the dataset if left out.")
_DAY_OR_ALL = parameter.day("as_of", "What held on this day; of all days if left out.")
_QUESTION = "The name of a question."
_ONE_OF_ITS = "The name of one of its parameters."

FIXED = [
    Operation(ROOT, "index", "dataset", "What there is here.", "api.index", ref("Index"), needs_base=True, is_of_data=False),
    Operation(
        f"{ROOT}/openapi.json",
        "openapi",
        "dataset",
        "This API as an OpenAPI document.",
        "api.openapi",
        {"type": "object"},
        needs_base=True,
        is_of_data=False,
    ),
    Operation(
        f"{ROOT}/questions",
        "questions",
        "questions",
        "The catalogue of questions, by topic.",
        "api.questions",
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
        "api.question",
        ref("Question"),
        places={"question": _QUESTION},
    ),
    Operation(
        f"{ROOT}/questions/{{question}}/parameters/{{parameter}}/options",
        "options",
        "questions",
        "What a parameter can be.",
        "api.options",
        ref("Options"),
        places={"question": _QUESTION, "parameter": _ONE_OF_ITS},
        parameters=[_NARROW, LANG, paging.limit(100, 1000), paging.OFFSET],
        paged=True,
    ),
    Operation(
        f"{ROOT}/search",
        "search",
        "things",
        "Things by name, alias or identifier, best first.",
        "api.search",
        ref("Hits"),
        description="Case, accents and small slips do not matter.",
        parameters=[
            _Q,
            parameter.text("kind", "Only things of this class or vocabulary."),
            _DAY_OR_ALL,
            LANG,
            parameter.count("limit", "How many at the most.", most=200, default=20),
        ],
    ),
    Operation(
        f"{ROOT}/entities",
        "entity_by_iri",
        "things",
        "All that is known of a thing, statement by statement.",
        "api.entity",
        ref("Entity"),
        description="Statements, the history that follows from them, and the sources, in words. In Turtle the triples themselves.",
        parameters=[
            parameter.text("iri", f"The thing: {THING}.", required=True),
            _DAY_OR_ALL,
            LANG,
            paging.limit(1000, 10_000),
            paging.OFFSET,
        ],
        formats=download.THINGS,
        paged=True,
    ),
    Operation(
        f"{ROOT}/entities/{{kind}}/{{slug}}",
        "entity",
        "things",
        "All that is known of a thing, by its name.",
        "api.entity",
        ref("Entity"),
        places={"kind": "The prefix of its name.", "slug": "The rest of its name."},
        parameters=[_DAY_OR_ALL, LANG, paging.limit(1000, 10_000), paging.OFFSET],
        formats=download.THINGS,
        paged=True,
    ),
    Operation(
        f"{ROOT}/evidence",
        "evidence",
        "things",
        "The statements behind a cell, a node or an edge.",
        "api.evidence",
        ref("Evidence"),
        description=(
            "Answers and graphs name what each cell and edge rests on; here are the statements behind that (`behind`), and what else "
            "is said of the same subject and property (`beside`), each with its source, its facts and its place in the text."
        ),
        parameters=[
            parameter.text("iri", "A statement, an episode, or a thing that statements are about.", many=True, required=True),
            LANG,
            paging.limit(1000, 10_000),
            paging.OFFSET,
        ],
        paged=True,
    ),
    Operation(
        f"{ROOT}/explain",
        "explain",
        "things",
        "What is behind a row of a query over what holds on a day.",
        "api.explain",
        ref("Explanation"),
        description=(
            "The query is sent as for `/sparql`. For each cell: its facts, what these follow from by which rule, the statements and their "
            "sources. For a question send its `sparql` and its day (`asOf`)."
        ),
        parameters=[
            parameter.count("row", "Which row of the query's solutions, counted from 1.", most=10**6, default=1),
            parameter.text("column", "Only this cell of the row."),
            _DAY,
            LANG,
        ],
        takes_query=True,
    ),
    Operation(
        f"{ROOT}/reason",
        "reason",
        "things",
        "Why a query over what holds on a day finds nothing.",
        "api.reason",
        {"type": "object", "required": ["reason"], "properties": {"reason": {"anyOf": [ref("Reason"), {"type": "null"}]}}},
        description="The query is sent as for `/sparql`. `reason` is null if there are rows.",
        parameters=[_DAY, LANG],
        takes_query=True,
    ),
    Operation(
        f"{ROOT}/places",
        "places",
        "things",
        "Where things lie.",
        "api.places",
        ref("Places"),
        description="`at` is the place whose position it is: the thing itself, or the nearest one around it of which it is known.",
        parameters=[parameter.text("iri", "Only these things.", many=True), LANG, paging.limit(10_000, 10_000), paging.OFFSET],
        paged=True,
    ),
    Operation(f"{ROOT}/graph", "projections", "graphs", "What can be drawn as a graph.", "api.projections", ref("Projections")),
    Operation(
        f"{ROOT}/graph/{{projection}}/parameters/{{parameter}}/options",
        "graph_options",
        "graphs",
        "What a parameter can be.",
        "api.options",
        ref("Options"),
        places={"projection": "The name of a projection.", "parameter": _ONE_OF_ITS},
        parameters=[_NARROW, LANG, paging.limit(100, 1000), paging.OFFSET],
        paged=True,
    ),
    Operation(
        f"{ROOT}/path",
        "path",
        "graphs",
        "How two things are connected, step by step, with sources.",
        "api.path",
        ref("Paths"),
        parameters=[
            parameter.text("from", f"A thing: {THING}.", required=True),
            parameter.text("to", "Another thing.", required=True),
            _IN,
            parameter.text("avoid", "No path may lead through this.", many=True),
            parameter.count("longest", "All paths of at most so many steps, not just the shortest.", most=12),
            parameter.count("limit", "At most so many paths.", most=100, default=10),
            _DAY,
            LANG,
        ],
        formats=download.TABLES,
    ),
    Operation(
        f"{ROOT}/neighbours",
        "neighbours",
        "graphs",
        "What is linked with a thing, by kind.",
        "api.neighbours",
        ref("Neighbours"),
        parameters=[
            parameter.text("iri", f"The thing: {THING}.", required=True),
            parameter.text("exclude", "What is shown already, and not given again; its edges are.", many=True),
            parameter.text("kind", "Only neighbours of this class."),
            _IN,
            _DAY,
            parameter.truth("history", "The whole history instead of one day."),
            LANG,
            paging.limit(25, 1000),
            paging.OFFSET,
        ],
        description="`limit` and `offset` count within each kind.",
    ),
    Operation(
        f"{ROOT}/dataset", "dataset", "dataset", "What the dataset is, and how large.", "api.dataset", ref("Dataset"), parameters=[LANG]
    ),
    Operation(
        f"{ROOT}/ontology",
        "ontology",
        "dataset",
        "Classes, properties and vocabularies, with how often they are used.",
        "api.ontology",
        ref("Ontology"),
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/quality",
        "quality",
        "dataset",
        "What the data covers, how complete and how old it is.",
        "api.quality",
        ref("Quality"),
        description="Questions tell more, such as where sources disagree; see those with the tag `evidence`.",
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/quality/checks", "checks", "dataset", "What is thin or doubtful, by check.", "api.checks", ref("Checks"), parameters=[LANG]
    ),
    Operation(
        f"{ROOT}/quality/checks/{{check}}",
        "check",
        "dataset",
        "What one check finds, in words.",
        "api.findings",
        ref("Findings"),
        places={"check": "Its name."},
        parameters=[LANG, paging.limit(100, 10_000), paging.OFFSET],
        paged=True,
    ),
]
