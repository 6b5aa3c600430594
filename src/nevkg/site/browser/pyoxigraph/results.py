"""The results of queries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pyoxigraph.formats import QueryResultsFormat, RdfFormat, read_quads, serialize
from pyoxigraph.terms import Triple, Variable, read_term


class QuerySolution:
    __slots__ = ("_columns", "_values")

    def __init__(self, columns: dict[str, int], values: list[Any]) -> None:
        self._columns, self._values = columns, values

    def __getitem__(self, key: int | str | Variable) -> Any:
        if isinstance(key, int):
            return self._values[key]
        return self._values[self._columns[key.value if isinstance(key, Variable) else key]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class _Rows:
    """What a query finds. For another format the engine runs the query again."""

    def __init__(self, text: str, write: Any) -> None:
        self._text, self._write = text, write

    def serialize(self, output: Any = None, format: Any = None) -> bytes | None:
        chosen = format or QueryResultsFormat.JSON
        content = (self._text if chosen is QueryResultsFormat.JSON else self._write(chosen.value[0])).encode()
        if output is None:
            return content
        output.write(content)
        return None


class QuerySolutions(_Rows):
    def __init__(self, text: str, write: Any) -> None:
        super().__init__(text, write)
        found = json.loads(text)
        names = found["head"]["vars"]
        self.variables = [Variable(name) for name in names]
        self._columns = {name: place for place, name in enumerate(names)}
        self._bindings = iter(found["results"]["bindings"])

    def __iter__(self) -> QuerySolutions:
        return self

    def __next__(self) -> QuerySolution:
        binding = next(self._bindings)
        return QuerySolution(self._columns, [read_term(binding.get(name)) for name in self._columns])


class QueryBoolean(_Rows):
    def __bool__(self) -> bool:
        return bool(json.loads(self._text)["boolean"])


class QueryTriples:
    def __init__(self, terms: str) -> None:
        self._triples = (quad.triple for quad in read_quads(terms))

    def __iter__(self) -> QueryTriples:
        return self

    def __next__(self) -> Triple:
        return next(self._triples)

    def serialize(self, output: Any = None, format: RdfFormat = RdfFormat.N_TRIPLES, **options: Any) -> bytes | None:
        return serialize(self, output, format, **options)
