"""Packs the files of an answer into a .zip archive; equal answers give equal bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from nevkg.table.evidence import Listing, list_evidence
from nevkg.table.parts import LICENCE, count_rows, heading
from nevkg.table.render import Citable
from nevkg.table.spreadsheet import guard

_SUMS = "SHA256SUMS"
_WORDS = {
    "en": {
        "files": "Files",
        "columns": "Columns of answer.csv",
        "entity": "IRI in {name}, label in {name}_label",
        "check": "To check the files: sha256sum -c SHA256SUMS",
        "csv": "CSV files are UTF-8 with a header line. Text that a spreadsheet would run as a formula begins with '.",
        "answer.csv": "the rows",
        "evidence.csv": "for each cell the statements that support it, with their sources; rows count from 1",
        "addends.csv": "the numbers that the sums among the cells add, with their statements and sources",
        "sources.csv": "the sources, numbered as in the citation",
        "query.rq": "the SPARQL query that gives the rows",
        "citation.txt": "the citation with all sources",
        "citation.bib": "the citation for BibTeX (biblatex)",
        "citation.csl.json": "the citation as CSL-JSON, for Zotero or Pandoc",
        "citation.ris": "the citation as RIS, for EndNote",
        _SUMS: "SHA-256 checksums",
    },
    "zh": {
        "files": "文件",
        "columns": "answer.csv 的列",
        "entity": "{name} 列为 IRI，{name}_label 列为标签",
        "check": "校验文件：sha256sum -c SHA256SUMS",
        "csv": "CSV 文件采用 UTF-8 编码，首行为列名。会被电子表格当作公式执行的文本以 ' 开头。",
        "answer.csv": "各行",
        "evidence.csv": "支持每个单元格的陈述及其来源；行号从 1 开始",
        "addends.csv": "各合计单元格的加数及其陈述与来源",
        "sources.csv": "来源，编号与引用一致",
        "query.rq": "得出各行的 SPARQL 查询",
        "citation.txt": "引用及全部来源",
        "citation.bib": "BibTeX（biblatex）格式的引用",
        "citation.csl.json": "CSL-JSON 格式的引用，供 Zotero 或 Pandoc 使用",
        "citation.ris": "RIS 格式的引用，供 EndNote 使用",
        _SUMS: "SHA-256 校验和",
    },
}


def to_bundle(table: Citable, files: Mapping[str, bytes]) -> bytes:
    """Returns the archive.

    Args:
        table: the table.
        files: its rows and its citation in several formats, by file name; the other files are made here.
    """
    contents = {
        **files,
        "citation.txt": table.cite().encode(),
        **{f"{name}.csv": _separated(listing) for name, listing in list_evidence(table).items()},
        **({"query.rq": (table.sparql.rstrip() + "\n").encode()} if table.sparql else {}),
    }
    contents["README.txt"] = _readme(table, sorted({*contents, _SUMS})).encode()
    contents[_SUMS] = "".join(f"{sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents)).encode()
    # The time of writing would make equal archives differ.
    year, month, day = (int(part) for part in table.dataset_date.split("-"))
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            entry = ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, ZIP_DEFLATED
            archive.writestr(entry, contents[name])
    return out.getvalue()


def _separated(listing: Listing) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in listing.columns)
    writer.writerows([guard(cell) if isinstance(cell, str) else cell for cell in row] for row in listing.records)
    return text.getvalue().encode()


def _readme(table: Citable, names: Sequence[str]) -> str:
    words = _WORDS[table.language]
    title, filters = heading(table)
    kinds = zip(table.columns, table.kinds, strict=True)
    labels = {
        column.name: "; ".join(
            filter(None, (column.label.get(table.language, ""), words["entity"].format(name=column.name) if kind.things else ""))
        )
        for column, kind in kinds
    }
    lines = [title, *([filters] if filters else []), "", count_rows(table), *([table.reason.text] if table.reason else [])]
    lines += [f"{table.reference}.", "", words["files"], *(f"  {name}: {words[name]}" for name in names)]
    lines += ["", words["csv"], words["check"], "", words["columns"], *(f"  {name}: {label}" for name, label in labels.items())]
    return "\n".join([*lines, "", LICENCE[table.language]]) + "\n"
