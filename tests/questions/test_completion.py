"""Completion in a shell, as argcomplete asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import load_catalogue


def complete(line: str, folder: Path) -> list[str]:
    out = folder / "words"
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_IFS": "\n"}
    environment = {**os.environ, **asked, "_ARGCOMPLETE_STDOUT_FILENAME": str(out), "_ARGCOMPLETE_SUPPRESS_SPACE": "1"}
    subprocess.run([sys.executable, "-m", "nevkg"], env=environment, capture_output=True, check=True)
    return out.read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nevkg retr", ["retract"]),
        ("nevkg ask local-man", ["local-manufacturers"]),
        ("nevkg ask local-content-rules co", ["country="]),
        ("nevkg ask quotas --footn", ["--footnote"]),
        ("nevkg graph makers-c", ["makers-countries"]),
        ("nevkg cache p", ["prune"]),
        ("nevkg ask no-such-question co", [""]),
    ],
)
def test_words_are_completed(tmp_path: Path, line: str, words: list[str]) -> None:
    assert complete(line, tmp_path) == words


def test_questions_are_offered(tmp_path: Path) -> None:
    assert set(complete("nevkg ask ", tmp_path)) >= set(load_catalogue(SHIPPED).questions)


@pytest.mark.usefixtures("shipped")
def test_values_of_parameters_are_completed(tmp_path: Path) -> None:
    assert "country=TH" in complete("nevkg ask local-manufacturers country=T", tmp_path)
    assert [word.strip() for word in complete("nevkg ask local-manufacturers country=thai", tmp_path)] == ["country=Thailand"]
