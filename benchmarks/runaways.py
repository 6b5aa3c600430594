"""Queries that run or grow without end, each in a different way. None depends on the data."""

from __future__ import annotations

from itertools import count

_MANY = " ".join(str(number) for number in range(30_000))
_FAR = " ".join(f"BIND(CONCAT(?x{step}, ?x{step}) AS ?x{step + 1})" for step in range(40))

QUERIES = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "giant ORDER BY": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a",
    "giant DISTINCT": "SELECT DISTINCT ?a ?b ?c ?d { ?a ?b ?c . ?d ?e ?f }",
    "catastrophic REGEX": (
        'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "^(([a-z])+.)+[A-Z]([a-z])+$", "i")) }'
    ),
    "endless path": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b . ?b (!<urn:x>|^!<urn:x>)* ?c }",
    "huge VALUES": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {_MANY} }} VALUES ?b {{ {_MANY} }} FILTER(?a * ?b < 0) }}",
    "giant GROUP_CONCAT": "SELECT ?b (GROUP_CONCAT(STR(?f)) AS ?all) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?b",
    "doubled text": f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("0123456789" AS ?x0) {_FAR} }}',
    "giant answer": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "giant graph": "CONSTRUCT { ?a ?e ?c } { ?a ?b ?c . ?d ?e ?f }",
}
_number = count()


def make_query(name: str) -> str:
    """Returns a runaway query that is not in a cache yet."""
    return f"{QUERIES[name]}\n# {next(_number)}"
