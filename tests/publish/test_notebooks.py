"""The notebooks have outputs that are current and the same with the installed wheel."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tests.publish.test_wheel import ask_wheel
from tests.support.worlds import CURRENT, SHIPPED

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import dataset
from nevkg.store import EmbeddedStore

ROOT = SHIPPED.ontology.parent
FOLDER = ROOT / "docs" / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
MACHINE = re.compile(r"/(?:work|tmp|root|home|Users)/")

# Runs in the environment of the wheel and executes a notebook in its folder.
EXECUTE = """
import sys, nbformat, nbclient
path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, path)
"""


def read_notebook(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def output_texts(cell: Any) -> list[str]:
    """Returns the text of the outputs of a cell: the printed text and the representations of its values."""
    printed = "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
    return [printed, *(output.data.get("text/plain", "") for output in cell.outputs if "data" in output)]


def count_pictures(cell: Any) -> int:
    return sum("image/png" in output.get("data", {}) for output in cell.outputs)


def test_there_are_three_notebooks() -> None:
    assert NAMES == ["1-first-steps", "2-local-production-in-asean", "3-tariffs-and-plants"]
    for name in NAMES:
        assert f"({name}.md)" in (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_stored(name: str) -> None:
    path = FOLDER / f"{name}.ipynb"
    assert path.stat().st_size < 400_000
    notebook = read_notebook(path)
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert all(re.fullmatch(r"[a-z-]+", cell.id) for cell in notebook.cells), "cell ids are set by hand, so that they are stable"
    assert any(count_pictures(cell) for cell in code_cells(notebook))
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    for cell in code_cells(notebook):
        assert cell.outputs, f"the cell '{cell.id}' shows nothing"
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"
            assert set(output.get("data", {})) <= {"image/png", "text/plain"}
        assert not any(MACHINE.search(text) for text in output_texts(cell))
        assert not MACHINE.search(cell.source)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_from_the_current_data(name: str) -> None:
    whole = "\n".join(text for cell in code_cells(read_notebook(FOLDER / f"{name}.ipynb")) for text in output_texts(cell))
    named = set(re.findall(r"data sha256:([0-9a-f]+)", whole))
    assert named == {dataset.compute_digest(dataset.all_files(CURRENT))[:16]}, "run .venv/bin/python docs/notebooks/make.py"


@pytest.mark.parametrize("name", NAMES)
def test_the_page_matches_the_notebook(name: str) -> None:
    notebook = read_notebook(FOLDER / f"{name}.ipynb")
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    text, images = runpy.run_path(str(FOLDER / "make.py"))["make_page"](notebook, name)
    assert page == text, "run .venv/bin/python docs/notebooks/make.py"
    for place, content in images.items():
        assert (FOLDER / place).read_bytes() == content
    assert {path.name for path in (FOLDER / "images").glob(f"{name}-*")} == {Path(place).name for place in images}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                assert line in page
    assert not MACHINE.search(page)


@pytest.mark.parametrize("name", NAMES)
def test_prose_has_no_counts(name: str) -> None:
    """Numbers in prose would become outdated; only examples in code font and names of formats may have digits."""
    for cell in read_notebook(FOLDER / f"{name}.ipynb").cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"`[^`]*`|SPARQL 1\.1", "", cell.source)
            assert not re.search(r"\d", prose), cell.source


@pytest.fixture(scope="module")
def wheel_python(wheel: Path, current: EmbeddedStore, part: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel and what the notebooks need."""
    folder = tmp_path_factory.mktemp("notebooks")
    python = folder / "venv" / "bin" / "python"
    make, install = [sys.executable, "-m", "venv"], [str(python), "-m", "pip", "install"]
    if shutil.which("uv"):
        make, install = ["uv", "venv", "--quiet", "--python", sys.executable], ["uv", "pip", "install", "--python", str(python)]
    subprocess.run([*make, str(folder / "venv")], check=True)
    subprocess.run([*install, "--quiet", str(wheel)], check=True)
    # The wheel works without extras. It derives little data, since the cache of the tests has the store of all data.
    derive = [str(python), "-m", "nevkg", "ask", "companies", "--data", part]
    subprocess.run(derive, cwd=folder, env={"HOME": str(folder), "NEVKG_CACHE": str(folder / "cache")}, check=True, capture_output=True)
    assert current.digest
    assert str(folder / "venv") in ask_wheel(python, folder, NEVKG_CACHE=os.environ["NEVKG_CACHE"])
    requirements = [f"nevkg[draw,pandas] @ {wheel.as_uri()}", "ipykernel", "nbclient", "nbformat"]
    subprocess.run([*install, "--quiet", *requirements], check=True)
    return python


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
def test_the_installed_wheel_gives_the_same_outputs(name: str, wheel_python: Path, tmp_path: Path) -> None:
    copy = tmp_path / f"{name}.ipynb"
    shutil.copy(FOLDER / copy.name, copy)
    environment = {
        "PATH": os.pathsep.join([str(wheel_python.parent), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "NEVKG_CACHE": os.environ["NEVKG_CACHE"],
        "MPLCONFIGDIR": str(wheel_python.parents[2] / "matplotlib"),
    }
    subprocess.run([str(wheel_python), "-c", EXECUTE, str(copy)], cwd=tmp_path, env=environment, check=True)
    for stored, fresh in zip(code_cells(read_notebook(FOLDER / copy.name)), code_cells(read_notebook(copy)), strict=True):
        assert output_texts(fresh) == output_texts(stored), f"cell '{stored.id}'"
        assert count_pictures(fresh) == count_pictures(stored)


def test_plants_with_both_dates_are_counted_as_in_the_question(shipped: EmbeddedStore) -> None:
    """The count once included plants with a first vehicle but no announcement."""
    answer = ask(shipped, load_catalogue(SHIPPED)["announcement-to-first-vehicle"], {})
    both = len({str(row.plant) for row in answer if row.monthsHigh is not None})
    printed = [text for cell in code_cells(read_notebook(FOLDER / "3-tariffs-and-plants.ipynb")) for text in output_texts(cell)]
    assert any(text.startswith(f"{both} plants have both a dated announcement and a dated first vehicle") for text in printed)
