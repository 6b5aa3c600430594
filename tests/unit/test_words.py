"""The texts of each language: the same names, and values for the same places; the code uses all of them."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import nevkg
from nevkg import words
from nevkg.data import terms

PACKAGE = Path(nevkg.__file__).parent
TEXTS = words._read_files()
_CALL = re.compile(r'\b(words_of|labels_of|texts_of)\(\s*"([\w.]+)"')
# Names that the code does not write: it makes them of kinds of clauses, gaps, files, severities and marks, or reads them here.
MADE = re.compile(
    r"ask\.emptiness\.reason\.pattern \w+"
    r"|table\.(explanation\.(conditions|paths|groups|blanks|syntax)|formats\.files\.\w+\.csv)"
    r"|validate\.findings\.\w+"
    r"|view\.(disputed|inferred)|serve\.pages\.(disputed|inferred|errors\.\d+)"
    r"|publish\.ontology\.((kinds|rows|expressions)\..+|questions|checks|report|description|graphs)"  # the last are folders of queries
)


def flatten(texts: object, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """Returns texts by the names that lead to them; the place in a list is in brackets."""
    if isinstance(texts, str):
        return {above: texts}
    assert isinstance(texts, dict | list)
    parts = texts.items() if isinstance(texts, dict) else ((f"[{place}]", part) for place, part in enumerate(texts))
    return {path: text for name, part in parts for path, text in flatten(part, (*above, name)).items()}


def find_places(text: str) -> set[str]:
    """Returns the names, or numbers, of the values that a text has."""
    names = [name for form in text.split("|") for _, name, _, _ in Formatter().parse(form) if name is not None]
    return {name or str(number) for number, name in enumerate(names)}


def find_users() -> dict[str, dict[Path, str]]:
    """Returns, for each section that the code names, the modules that do and the function that they call."""
    found: dict[str, dict[Path, str]] = {}
    for path in (path for path in PACKAGE.rglob("*.py") if "explorer" not in path.parts):
        for function, section in _CALL.findall(path.read_text(encoding="utf-8")):
            found.setdefault(section, {})[path] = function
    return found


def read_code(folder: Path) -> str:
    """Returns the code, templates and scripts in a folder."""
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".html", ".js", ".py"))


@pytest.mark.parametrize("language", terms.LANGUAGES[1:])
def test_each_language_has_the_same_texts(language: str) -> None:
    assert TEXTS.keys() == set(terms.LANGUAGES)
    original, translated = flatten(TEXTS[terms.LANGUAGES[0]]), flatten(TEXTS[language])
    assert [*original] == [*translated]
    assert {name: find_places(text) for name, text in original.items()} == {name: find_places(translated[name]) for name in original}


def test_each_text_is_used() -> None:
    users = find_users()
    code = {folder: read_code(folder) for paths in users.values() for folder in {path.parent for path in paths}}
    unused = []
    for path in flatten(TEXTS[terms.LANGUAGES[0]]):
        names = [name for name in path if not name.startswith("[")]
        full = ".".join(names)
        (section,) = (each for each in users if full.startswith(f"{each}."))
        if section == "punctuation":  # all sections have it
            is_used = re.compile(rf"""["']{names[-1]}["']|\bw\.{names[-1]}\b""")
            unused += [] if any(map(is_used.search, code.values())) else [full]
            continue
        is_named = re.compile(rf"""["']{re.escape(names[-1])}["']|\.{re.escape(names[-1])}\b""")
        is_whole = "labels_of" in users[section].values()
        if not (is_whole or MADE.fullmatch(full) or any(is_named.search(code[path.parent]) for path in users[section])):
            unused.append(full)
    assert unused == []
