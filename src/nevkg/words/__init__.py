"""Texts for readers: ``en.json`` and ``zh.json`` have those of all modules, in sections named after the modules.

A text is here if it is in several languages: sentences, headings and labels that the package writes, the punctuation that joins
them, and the texts of templates. Elsewhere are

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


@cache
def _read_files() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.json"))}


def texts_of(section: str) -> dict[str, dict[str, Any]]:
    """Returns the texts of a section by language and name; they may be in groups and lists."""
    names = section.split(".")
    return {language: reduce(dict.__getitem__, names, texts) for language, texts in _read_files().items()}


def words_of(section: str) -> Mapping[str, Mapping[str, str]]:
    """Returns the texts of a section that has neither groups nor lists, by language and name."""
    return texts_of(section)


def labels_of(section: str) -> dict[str, dict[str, str]]:
    """Returns the same texts by name and language."""
    texts = words_of(section)
    return {name: {language: texts[language][name] for language in texts} for name in next(iter(texts.values()))}
