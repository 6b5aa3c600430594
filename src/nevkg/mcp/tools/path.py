"""The tool ``path``: how two entities are connected."""

from __future__ import annotations

from nevkg.lookup import entities
from nevkg.mcp.result import CLOCKS, ROWS_OUTPUT, Arguments, Result, Tool, language_of, output, schema
from nevkg.mcp.rows import Part, present
from nevkg.network.paths import find_paths
from nevkg.network.project import project_between
from nevkg.store import Store

_PROJECTION = "neighbourhood"
_DEFAULT_PATHS, _MOST_PATHS, _MOST_STEPS = 3, 10, 6
_NONE = {
    "en": "Nothing connects the two in the data of that day. This is not evidence that they are not connected.",
    "zh": "该日的数据中两者没有联系。这不能证明两者没有联系。",
}


def run(store: Store, arguments: Arguments) -> Result:
    """Returns the paths, one row for each step."""
    language = language_of(arguments)
    start, end = (entities.resolve(store, str(arguments[name])) for name in ("start", "end"))
    avoid = [entities.resolve(store, str(name)) for name in arguments.get("avoid", ())]
    longest = arguments.get("longest")
    network = project_between(
        store, _PROJECTION, start, end, {}, as_of=arguments.get("as_of"), language=language, longest=longest, avoid=avoid
    )
    found = find_paths(network, start, end, longest=longest, limit=int(arguments.get("paths", _DEFAULT_PATHS)), avoid=avoid)
    return present(Part(found, total=len(found)), notes=[] if len(found) else [_NONE[language]], explains=False)


TOOL = Tool(
    "path",
    "Find how two entities are connected",
    "Finds the shortest paths between two entities, one row for each step with its citations.",
    schema(
        {
            "start": {"type": "string", "description": "An entity"},
            "end": {"type": "string", "description": "Another entity"},
            "avoid": {"type": "array", "items": {"type": "string"}, "description": "Entities that paths must not pass"},
            "longest": {"type": "integer", "minimum": 1, "maximum": _MOST_STEPS, "description": "Also longer paths, up to this many steps"},
            "paths": {"type": "integer", "minimum": 1, "maximum": _MOST_PATHS, "default": _DEFAULT_PATHS},
            **CLOCKS,
        },
        "start",
        "end",
    ),
    output(**ROWS_OUTPUT),
    run,
)
