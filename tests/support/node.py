"""npm packages, installed from a lock file, on the Node.js that comes with the Python packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class NodeProject:
    folder: Path
    tools: Path

    def run(self, *command: str | Path) -> str:
        """Runs a program of Node.js or of an installed package, and returns its output."""
        binaries = self.folder / "node_modules" / ".bin"
        path = os.pathsep.join([str(self.tools), str(binaries), os.environ["PATH"]])
        program = shutil.which(command[0], path=path)
        assert program, f"{command[0]} was not found"
        result = subprocess.run(
            [program, *command[1:]], cwd=self.folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        return result.stdout


def install(source: Path, folder: Path) -> NodeProject:
    """Copies the files of ``source`` into ``folder``, and installs the packages of its lock file."""
    for path in source.glob("*.*"):
        shutil.copy(path, folder)
    project = NodeProject(folder, Path(sys.executable).parent)
    project.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return project
