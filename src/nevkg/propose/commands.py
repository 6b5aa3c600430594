"""Runs a command of the user: a document on its standard input, an answer from its standard output, with limits."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import IO

from nevkg.errors import CouldNotRun, InvalidData, WrongUsage

_MEGABYTE = 1 << 20
_PAUSE = 0.05  # seconds between two looks at a running command
_SHOWN = 200  # characters of what it says about an error


@dataclass(frozen=True)
class Command:
    """A command and its limits.

    Attributes:
        words: the program and its arguments. No shell reads them.
        seconds: time for one answer.
        most: bytes of an answer.
    """

    words: tuple[str, ...]
    seconds: float
    most: int = 8 * _MEGABYTE

    @classmethod
    def parse(cls, text: str, seconds: float) -> Command:
        """Splits a command into words as a shell would."""
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise WrongUsage(f"The command cannot be read: {error}.") from None
        if not words:
            raise WrongUsage("The command is empty; name a program that reads JSON and writes JSON.")
        return cls(tuple(words), seconds)

    def run(self, given: bytes) -> bytes:
        """Returns what the command writes to standard output. It and its children have ended then.

        Raises:
            CouldNotRun: if it cannot be started, fails, or takes too long.
            InvalidData: if it writes too much.
        """
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
            source.write(given)
            source.seek(0)
            try:
                # A session of its own, so that its children can be ended with it.
                process = subprocess.Popen(self.words, stdin=source, stdout=answer, stderr=errors, start_new_session=True)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                raise CouldNotRun(f"{self.words[0]} cannot be started: {reason}.") from None
            try:
                self._wait(process, answer, errors)
            finally:
                _end(process)
            if process.returncode:
                raise CouldNotRun(f"{self.words[0]} ended with {process.returncode}{_last_line(errors)}; nothing was written.")
            answer.seek(0)
            return answer.read()

    def _wait(self, process: subprocess.Popen[bytes], answer: IO[bytes], errors: IO[bytes]) -> None:
        end, is_running = monotonic() + self.seconds, True
        while is_running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PAUSE)
                is_running = False
            if max(_size(answer), _size(errors)) > self.most:
                raise InvalidData(f"{self.words[0]} wrote more than {self.most // _MEGABYTE} MB; nothing was written.")
            if is_running and monotonic() > end:
                raise CouldNotRun(
                    f"{self.words[0]} took more than {self.seconds:g} seconds; nothing was written. --time-limit gives it more."
                )


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a command and its children, also children that it left behind."""
    if sys.platform == "win32":
        subprocess.run(("taskkill", "/F", "/T", "/PID", str(process.pid)), capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(errors: IO[bytes]) -> str:
    """Returns the last line that a command wrote to standard error, after a colon; empty if there is none."""
    errors.seek(max(0, _size(errors) - _SHOWN * 4))
    lines = errors.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    shown = "".join(character for character in last if character.isprintable())[:_SHOWN]
    return f": {shown.rstrip('.')}" if shown else ""
