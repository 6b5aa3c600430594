"""The operations for the home page, stories and the search for anything."""

from __future__ import annotations

from nevkg.serve.api import parameter
from nevkg.serve.api.operation import LANG, ROOT, Operation, ref

HOME = [
    Operation(
        f"{ROOT}/discover",
        "discover",
        "things",
        "Entities, questions, topics and stories by name or by words, best match first.",
        "api.discover",
        ref("Discovery"),
        description="Case, accents and small typing errors are ignored. Entities that the data mentions often rank first.",
        parameters=[
            parameter.text("q", "A name, a part of a name, or words, in any language.", required=True),
            LANG,
            parameter.count("limit", "Maximum number of results.", most=100, default=12),
        ],
    ),
    Operation(
        f"{ROOT}/home",
        "home",
        "questions",
        "The content of the home page: numbers with the answers that they count, starting points, stories and topics.",
        "api.home",
        ref("Home"),
        parameters=[LANG],
    ),
    Operation(
        f"{ROOT}/stories", "stories", "questions", "The stories.", "api.stories", ref("Stories"), parameters=[LANG], is_of_data=False
    ),
    Operation(
        f"{ROOT}/stories/{{story}}",
        "story",
        "questions",
        "A story: a short text with figures computed from the data, each with the answer that it is from.",
        "api.story",
        ref("Story"),
        path_parameters={"story": "The name of a story."},
        parameters=[LANG],
    ),
]
