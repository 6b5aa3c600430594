"""Programs from npm, installed from the lock file of a folder, on the Node.js that comes with the Python packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Installed:
    """A folder with what has been installed in it."""

    folder: Path
    tools: Path

    def run(self, *command: str | Path) -> str:
        """What a program prints: one of Node's own, or one that a package brings."""
        brought = self.folder / "node_modules" / ".bin"
        path = os.pathsep.join([str(self.tools), str(brought), os.environ["PATH"]])
        program = shutil.which(command[0], path=path)
        assert program, f"there is no {command[0]}"
        done = subprocess.run(
            [program, *command[1:]], cwd=self.folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def install(source: Path, folder: Path) -> Installed:
    """Copies the files of ``source`` into ``folder``, and installs there what they name."""
    for path in source.glob("*.*"):
        shutil.copy(path, folder)
    installed = Installed(folder, Path(sys.executable).parent)
    installed.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return installed
