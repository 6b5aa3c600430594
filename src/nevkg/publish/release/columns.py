"""What the columns of the CSV files are, as the W3C's CSVW describes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from nevkg.data import terms
from nevkg.table.columns import Column

if TYPE_CHECKING:
    import pyarrow

METADATA = "csv-metadata.json"
_TYPES = {"bool": "boolean", "int64": "integer", "double": "double", "date32[day]": "date", "string": "string"}


def csvw(tables: Iterable[tuple[str, str, Sequence[Column], pyarrow.Schema]], folder: str) -> bytes:
    """The metadata of tables, each given by its path, title, columns and types, for a file that stands in ``folder``."""
    described = [
        {
            "url": PurePosixPath(path).relative_to(folder).as_posix(),
            "dc:title": title,
            "tableSchema": {"columns": _columns({column.name: column for column in columns}, schema)},
        }
        for path, title, columns, schema in tables
    ]
    document = {"@context": ["http://www.w3.org/ns/csvw", {"@language": terms.LANGUAGES[0]}], "tables": described}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _columns(columns: Mapping[str, Column], schema: pyarrow.Schema) -> list[dict[str, Any]]:
    described = []
    for field in schema:
        column: dict[str, Any] = {"name": field.name, "titles": field.name, "datatype": _TYPES[str(field.type)]}
        words = columns[field.name].label if field.name in columns else {}
        if words:
            column["dc:description"] = [{"@value": text, "@language": language} for language, text in sorted(words.items())]
        described.append(column)
    return described
