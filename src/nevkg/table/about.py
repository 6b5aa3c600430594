"""Describes an answer as a table: its question, filters, days, data and citation."""

from __future__ import annotations

from nevkg.lookup import entities
from nevkg.table.evidence import Listing, list_rows
from nevkg.table.parts import LICENCE, count_rows, heading
from nevkg.table.references import format_footnote
from nevkg.table.render import Citable

_WORDS = {
    "en": {
        "title": "title",
        "filters": "filters",
        "day": "as of",
        "known_by": "known by",
        "rows": "rows",
        "version": "version",
        "data": "data",
        "reference": "cite as",
        "footnote": "footnote",
        "address": "address",
        "licence": "licence",
        "query": "query (SPARQL)",
    },
    "zh": {
        "title": "标题",
        "filters": "筛选条件",
        "day": "截至",
        "known_by": "知悉截止日",
        "rows": "行数",
        "version": "版本",
        "data": "数据",
        "reference": "引用格式",
        "footnote": "脚注",
        "address": "地址",
        "licence": "许可",
        "query": "查询语句（SPARQL）",
    },
}


def describe_answer(table: Citable) -> Listing:
    """Returns one fact a row; facts that are unknown are left out."""
    title, filters = heading(table)
    facts = {
        "title": title,
        "filters": filters,
        "day": table.as_of,
        "known_by": table.store.known_by or "",
        "rows": count_rows(table),
        "version": entities.version(table.store),
        "data": table.store.identity,
        "reference": table.reference,
        "footnote": format_footnote(table).strip(),
        "address": table.citation,
        "licence": LICENCE[table.language],
        "query": table.sparql,
    }
    return list_rows(("name", "value"), ((_WORDS[table.language][name], value) for name, value in facts.items() if value))
