"""The steps of the Dockerfile, run without a container engine in a temporary folder, then read-only and without capabilities."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
from tests.support.servers import free_port
from tests.support.worlds import SHIPPED

ROOT = SHIPPED.ontology.parent
# Another user may not be able to read this Python, so the test runs as root without capabilities.
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")

# Environment variables with the network settings of this machine.
NETWORK_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_DIR", "SSL_CERT_FILE")


def read_instructions() -> list[tuple[str, str]]:
    """Returns the instructions of the Dockerfile with their arguments."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
    pairs = (line.partition(" ") for line in text.splitlines() if line.strip())
    return [(word, rest.strip()) for word, _, rest in pairs]


def test_all_versions_are_pinned() -> None:
    bases = {rest.split()[0] for word, rest in read_instructions() if word == "FROM"}
    assert len(bases) == 1, "both stages have the same Python"
    assert re.fullmatch(r"python:3\.\d+-slim@sha256:[0-9a-f]{64}", bases.pop())
    runs = " ".join(rest for word, rest in read_instructions() if word == "RUN")
    assert re.search(r" uv==\d+\.\d+\.\d+ ", runs)
    assert re.search(r"/uv sync .*--frozen .*--no-dev .*--extra serve ", runs)
    assert "uv.lock" not in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()


@pytest.mark.nightly  # fetches packages
def test_the_image_serves_without_rights_and_writes_nothing(part: str, tmp_path: Path) -> None:
    """With few of the sources, since the build of the store takes long."""
    environment = {name: value for name, value in os.environ.items() if name in NETWORK_VARIABLES}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    command: list[str] = []
    check: list[str] = []

    def relocate(text: str) -> str:
        """Replaces paths of the image with paths below the folder of the test."""
        return re.sub(r"(?<![\w.])/(?=src|opt)", f"{tmp_path}/", text)

    for word, rest in read_instructions():
        if word == "ENV":
            environment |= dict(pair.split("=", 1) for pair in relocate(rest).split())
        elif word == "COPY" and not rest.startswith("--from"):
            _copy_context(Path(relocate(rest.split()[1])), Path(part))
        elif word == "RUN":
            subprocess.run(["sh", "-ec", relocate(rest)], env=environment, check=True, capture_output=True)
        elif word == "HEALTHCHECK":
            check = json.loads(relocate(rest.partition("CMD ")[2]))
        elif word in ("ENTRYPOINT", "CMD"):
            command += json.loads(relocate(rest))
        elif word == "USER":
            assert rest == "65534:65534"
    _assert_versions_match_lock(tmp_path / "opt" / "nevkg")
    subprocess.run(["chmod", "-R", "a-w", str(tmp_path / "opt")], check=True)
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    if os.getuid() == 0:
        command = [*WITHOUT_RIGHTS, *command]
    port = str(free_port())
    command[command.index("--port") + 1] = port
    address = f"http://127.0.0.1:{port}"
    command += ["--public-url", "https://example.org/nev/"]
    server = subprocess.Popen(command, cwd="/", env=environment | {"TMPDIR": str(scratch)}, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        assert server.stdout.readline().startswith("nevkg serves at http://0.0.0.0:")
        check[-1] = check[-1].replace("http://127.0.0.1:8000", address)
        subprocess.run(check, check=True, timeout=30)
        with urllib.request.urlopen(f"{address}/health", timeout=30) as health:
            assert json.load(health)["status"] == "pass"
        question = f"{address}/api/questions/local-manufacturers/answer?bloc=place:asean"
        with urllib.request.urlopen(question, timeout=60) as answer:
            assert json.load(answer)["total"] > 0
        assert not list(scratch.iterdir())
    finally:
        server.terminate()
        server.wait(30)


def _assert_versions_match_lock(environment: Path) -> None:
    listing = "import importlib.metadata as m, json; print(json.dumps({package.name: package.version for package in m.distributions()}))"
    installed = json.loads(subprocess.run([environment / "bin" / "python", "-c", listing], check=True, capture_output=True).stdout)
    locked = {
        (package["name"], package.get("version")) for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    }
    assert {"pyoxigraph", "uvicorn", "prometheus-client"} <= {name.lower().replace("_", "-") for name in installed}
    for name, version in installed.items():
        if name != "nevkg":
            assert (re.sub(r"[-_.]+", "-", name).lower(), version) in locked
    assert "pytest" not in installed


def _copy_context(place: Path, data: Path) -> None:
    """Copies the files of the build context, without those in .dockerignore, and with the sources of a data folder."""
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.split("/")[0] not in left_out and (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    shutil.rmtree(place / "data" / "sources")
    shutil.copytree(data / "sources", place / "data" / "sources")
