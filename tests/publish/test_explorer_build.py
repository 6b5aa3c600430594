"""The build of the explorer: when it runs, and that its output and the styles of the review page go into the wheel and the sdist."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.publish.conftest import ROOT, build_distribution, read_files

from nevkg.explorer.build import HERE, BuildError, build, digest, is_current

IN_WHEEL, IN_SDIST = "nevkg/explorer/", "src/nevkg/explorer/"
STYLES = ("base.css", "tokens.css")  # of the explorer and the review page


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    """The files of the build that servers need; they are built now if they are not current."""
    build(HERE)
    files = read_files(HERE / "dist")
    of_sites = {name for name in files if name.startswith("engine/")}
    assert {"engine/worker.js", "engine/offline.js", "engine/pyodide.asm.wasm"} <= of_sites
    return {name: content for name, content in files.items() if name not in of_sites}


@pytest.fixture(scope="module")
def sdist(built: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked sdist."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build_distribution("sdist", ROOT, folder)) as archive:
        # Python 3.11.2 in Debian 12 has no extraction filters; the archive is trusted, because it was just built.
        if hasattr(tarfile, "data_filter"):
            archive.extractall(folder, filter="data")
        else:
            archive.extractall(folder)
    assert built
    return next(folder.glob("nevkg-*/"))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources of the explorer without a build."""
    folder = tmp_path / "explorer"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "__pycache__"))
    return folder


def find_requirements(source: Path) -> dict[str, bool]:
    """Returns for each way of installing from a folder whether it requires Node.js."""
    ways = ("wheel", "sdist", "editable")
    code = "import json\nfrom nevkg.explorer import backend\n" + "".join(
        f"print(json.dumps(backend.get_requires_for_build_{way}()))\n" for way in ways
    )
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=source, env={"PYTHONPATH": str(source / "src")}, check=True, capture_output=True, text=True
    ).stdout
    return {
        way: any("nodejs" in requirement for requirement in json.loads(line)) for way, line in zip(ways, output.splitlines(), strict=True)
    }


@pytest.mark.slow
def test_the_sdist_contains_sources_and_build(sdist: Path, built: dict[str, bytes]) -> None:
    assert read_files(sdist / IN_SDIST / "dist") == built
    assert {"package.json", "package-lock.json", "index.html", "vite.config.ts", "build.py"} <= read_files(sdist / IN_SDIST).keys()
    assert not list(sdist.rglob("node_modules"))
    assert digest(sdist / IN_SDIST) == digest(HERE)


@pytest.mark.slow
def test_a_wheel_of_the_sdist_needs_no_node_and_is_that_of_the_checkout(
    sdist: Path, wheel: Path, built: dict[str, bytes], tmp_path: Path
) -> None:
    assert find_requirements(sdist) == {"wheel": False, "sdist": False, "editable": False}
    for path in (wheel, build_distribution("wheel", sdist, tmp_path)):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith(IN_WHEEL)]
            files = {name.removeprefix(IN_WHEEL): archive.read(name) for name in names}
            styles = {f"src/style/{name}": (HERE / "src" / "style" / name).read_bytes() for name in STYLES}
            assert files == {f"dist/{name}": content for name, content in built.items()} | styles
    assert not (sdist / IN_SDIST / "node_modules").exists()


def test_bundled_packages_have_licences(built: dict[str, bytes]) -> None:
    (licences,) = [text.decode() for name, text in built.items() if name.startswith("assets/licences")]
    bundled = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert bundled
    for name in bundled:
        assert f"\n## {name} - " in licences


def test_the_page_loads_nothing_from_other_servers(built: dict[str, bytes]) -> None:
    page = built["index.html"].decode()
    assert "./assets/" in page
    assert not [word for word in ('src="/', 'href="/', "http:", "https:", "<style", "style=", "onload=") if word in page]


@pytest.mark.parametrize(
    ("change", "current"),
    [
        (lambda folder: (folder / "package.json").write_bytes((folder / "package.json").read_bytes() + b"\n"), False),
        (lambda folder: (folder / "src" / "another.ts").touch(), False),
        (lambda folder: (folder / "index.html").rename(folder / "other.html"), False),
        (lambda folder: (folder / "dist" / "sources.sha256").unlink(), False),
        (lambda folder: shutil.rmtree(folder / "dist"), False),
        (lambda folder: (folder / "node_modules" / "x").mkdir(parents=True), True),
        (lambda folder: (folder / "build.py").touch(), True),
        (lambda folder: (folder / ".swp").touch(), True),
    ],
)
def test_it_is_built_again_when_sources_change(
    sources: Path, built: dict[str, bytes], change: Callable[[Path], object], current: bool
) -> None:
    assert built
    shutil.copytree(HERE / "dist", sources / "dist")
    assert is_current(sources)
    change(sources)
    assert is_current(sources) == current


def test_an_editable_install_never_fetches_node(sdist: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(sdist, copy, ignore=shutil.ignore_patterns("dist"))
    assert find_requirements(copy) == {"wheel": True, "sdist": True, "editable": False}
    code = f"from nevkg.explorer import backend\nbackend.build_editable({str(tmp_path)!r})"
    environment = {"PYTHONPATH": str(copy / "src"), "PIP_BUILD_TRACKER": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=copy, env=environment, check=True, capture_output=True)
    assert list(tmp_path.glob("*.whl"))
    assert not (copy / IN_SDIST / "dist").exists()


def write_small_project(folder: Path, **scripts: str) -> Path:
    """Writes a project without npm packages, so that its build needs no network."""
    folder.mkdir()
    named = {"name": "small", "version": "1.0.0"}
    (folder / "package.json").write_text(json.dumps({**named, "scripts": scripts}), encoding="utf-8")
    lock = {**named, "lockfileVersion": 3, "requires": True, "packages": {"": named}}
    (folder / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return folder


def test_nothing_is_built_twice(tmp_path: Path) -> None:
    script = "mkdir -p dist && echo built >> ../builds && echo page > dist/index.html"
    folder = write_small_project(tmp_path / "small", build=script)
    build(folder)
    build(folder)
    assert (tmp_path / "builds").read_text(encoding="utf-8").split() == ["built"]
    (folder / "another.ts").touch()
    build(folder)
    assert (tmp_path / "builds").read_text(encoding="utf-8").split() == ["built", "built"]


def test_build_errors_are_one_sentence(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path / "small", build="exit 3")
    with pytest.raises(BuildError, match=r"^'npm run --silent build' failed in .*small; see its output above\.$"):
        build(folder)
    assert not is_current(folder)
    with pytest.raises(BuildError, match=r"^The build of the explorer did not create .*index\.html; see 'build' in its vite\.config"):
        build(write_small_project(tmp_path / "idle", build="exit 0"))
    (folder / "package-lock.json").unlink()
    with pytest.raises(BuildError, match=r"^There is no .*package-lock\.json; take the sources of the explorer from"):
        build(folder)


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes(sources: Path, built: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_ENV", "development")
    build(sources)
    again = read_files(sources / "dist")
    assert {name: content for name, content in again.items() if not name.startswith("engine/")} == built
