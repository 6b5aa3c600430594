"""Describes the columns of the CSV files in W3C CSVW metadata."""

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


def csvw_metadata(tables: Iterable[tuple[str, str, Sequence[Column], pyarrow.Schema]], folder: str) -> bytes:
    """Returns the CSVW metadata of tables as JSON.

    Args:
        tables: Path, title, columns and Arrow schema of each table.
        folder: The folder of the metadata file; paths are written relative to it.
    """
    descriptions = [
        {
            "url": PurePosixPath(path).relative_to(folder).as_posix(),
            "dc:title": title,
            "tableSchema": {"columns": _columns({column.name: column for column in columns}, schema)},
        }
        for path, title, columns, schema in tables
    ]
    document = {"@context": ["http://www.w3.org/ns/csvw", {"@language": terms.LANGUAGES[0]}], "tables": descriptions}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _columns(columns: Mapping[str, Column], schema: pyarrow.Schema) -> list[dict[str, Any]]:
    descriptions = []
    for field in schema:
        column: dict[str, Any] = {"name": field.name, "titles": field.name, "datatype": _TYPES[str(field.type)]}
        words = columns[field.name].label if field.name in columns else {}
        if words:
            column["dc:description"] = [{"@value": text, "@language": language} for language, text in sorted(words.items())]
        descriptions.append(column)
    return descriptions
