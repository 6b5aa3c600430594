"""What a command waits for is shown on a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys
import time

import pytest
from tests.conftest import Nevkg

from nevkg.cli.waiting import show_waiting, stop_waiting
from nevkg.progress import announce


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def use_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Replaces standard error; not in a fixture, since pytest replaces it before each test."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def wait_for(words: str, terminal: Terminal) -> None:
    end = time.monotonic() + 10
    while words not in terminal.getvalue():
        assert time.monotonic() < end, repr(terminal.getvalue()[:300])
        time.sleep(0.01)


def test_a_terminal_shows_the_work_until_there_is_output(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = use_terminal(monkeypatch)
    with show_waiting(seconds=0):
        announce("Deriving this")
        wait_for("Deriving this …", terminal)
        announce("Deriving that")
        wait_for("Deriving that …", terminal)
        stop_waiting()
        before = terminal.getvalue()
        announce("Deriving more")
    announce("Deriving in vain")
    assert terminal.getvalue() == before


@pytest.mark.parametrize("options", [{"quiet": True}, {"seconds": 1000}])
def test_nothing_is_shown_if_quiet_or_before_a_moment(monkeypatch: pytest.MonkeyPatch, options: dict[str, float]) -> None:
    terminal = use_terminal(monkeypatch)
    with show_waiting(quiet=bool(options.get("quiet")), seconds=options.get("seconds", 0)):
        announce("Deriving this")
    assert terminal.getvalue() == ""


def test_no_line_is_shown_without_a_terminal(nevkg: Nevkg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.cli.waiting._SECONDS", 0)
    assert nevkg("questions").err == ""
