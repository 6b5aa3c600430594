"""Texts for readers: ``en.json`` and ``zh.json`` have those of all modules, in sections named after the modules.

A text is here if it is in several languages: sentences, headings and labels that the package writes, the texts of templates, and the
punctuation that joins them, which is in each section. Elsewhere are

- texts of the dataset: labels and definitions (``ontology/``), titles of questions and checks (``queries/``);
- what only one language has: errors and help (English, ``serve/http/messages.yaml`` has those that pages translate);
- how a language writes numbers, dates and names (``lookup/literals.py``, ``reading/``), and what is written into the data;
- the explorer, where each view loads only its own texts (``words.ts``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, reduce
from pathlib import Path
from typing import Any

_PUNCTUATION = "punctuation"


@cache
def _read_files() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.json"))}


def _find(texts: dict[str, Any], section: str) -> dict[str, Any]:
    return reduce(dict.__getitem__, section.split("."), texts)


def texts_of(section: str) -> dict[str, dict[str, Any]]:
    """Returns the texts of a section, and the punctuation, by language and name; they may be in groups and lists."""
    return {language: {**texts[_PUNCTUATION], **_find(texts, section)} for language, texts in _read_files().items()}


def words_of(section: str) -> Mapping[str, Mapping[str, str]]:
    """Returns the same texts; the section has neither groups nor lists."""
    return texts_of(section)


def labels_of(section: str) -> dict[str, dict[str, str]]:
    """Returns the texts of such a section by name and language, without the punctuation."""
    texts = {language: _find(texts, section) for language, texts in _read_files().items()}
    return {name: {language: texts[language][name] for language in texts} for name in next(iter(texts.values()))}
