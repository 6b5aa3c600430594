"""Programs in child processes, as far as a test is about a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
