"""Programs in child processes: those that a test is about, and those that all processes of a run share."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def run_python(program: str, *arguments: str | Path, **environment: str) -> str:
    """Runs a program that may import ``tests`` and ``benchmarks``, with more variables in its environment; returns its output."""
    return _run("-c", program, *arguments, PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]), **environment).decode()


def run_nevkg(*words: str, **environment: str) -> bytes:
    """Runs the command line, with more variables in its environment; returns its output."""
    return _run("-m", "nevkg", *words, **environment)


def _run(*words: str | Path, **environment: str) -> bytes:
    result = subprocess.run([sys.executable, *words], env=os.environ | environment, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Lets one process at a time do the work that this file stands for."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


_END_WITH_RUN = 'while kill -0 "$0"; do sleep 1; done; kill -9 "$1"; rm -rf "$2"'


def end_with_run(process: subprocess.Popen[Any], folder: Path) -> None:
    """Ends a process and removes a folder when the run has ended, however it did."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    words = ["sh", "-c", _END_WITH_RUN, str(run), str(process.pid), str(folder)]
    subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
