"""Runs the notebooks and saves their outputs, with a Markdown page and images for each.

    .venv/bin/python docs/notebooks/make.py [name ...]

Run it after a change of the data or of a notebook. The same data gives the same bytes.
"""

from __future__ import annotations

import re
import sys
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbconvert import MarkdownExporter
from PIL import Image
from traitlets.config import Config

FOLDER = Path(__file__).resolve().parent
TIMEOUT = 300  # seconds per cell
_METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}


def find_notebooks() -> list[Path]:
    """Returns the paths of the notebooks, sorted by name."""
    return sorted(FOLDER.glob("*.ipynb"))


def read_notebook(path: Path) -> Any:
    """Reads a notebook."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def run_notebook(path: Path, folder: Path) -> Any:
    """Executes a notebook in ``folder``. Returns it without the metadata that differs between runs or machines."""
    notebook = read_notebook(path)
    resources = {"metadata": {"path": str(folder)}}
    quiet = ["--IPKernelApp.log_level=ERROR"]
    # The output of a cell arrives in a varying number of pieces; combine them.
    options: dict[str, Any] = {"kernel_name": "python3", "extra_arguments": quiet, "coalesce_streams": True}
    NotebookClient(notebook, timeout=TIMEOUT, resources=resources, **options).execute()
    notebook.metadata = _METADATA
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [clean_output(output) for output in cell.outputs if output.get("name") != "stderr"]
    return notebook


def clean_output(output: Any) -> Any:
    """Removes the HTML, which pages do not need, and the metadata from an output."""
    if "data" in output:
        output.data = {kind: output.data[kind] for kind in ("image/png", "text/plain") if kind in output.data}
        if "image/png" in output.data:
            output.data["image/png"] = b64encode(shrink(b64decode(output.data["image/png"]))).decode()
        output.metadata = {}
    return output


def shrink(png: bytes) -> bytes:
    """Reduces the colours of a PNG, which suffices for plots, and removes its metadata."""
    content = BytesIO()
    few = Image.open(BytesIO(png)).convert("RGB").quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(content, "PNG", optimize=True)
    return content.getvalue()


def make_page(notebook: Any, name: str) -> tuple[str, dict[str, bytes]]:
    """Returns the notebook as Markdown, and its images by path relative to the page."""
    template = "images/{unique_key}-{cell_index}-{index}{extension}"
    exporter = MarkdownExporter(config=Config({"ExtractOutputPreprocessor": {"output_filename_template": template}}))  # type: ignore[no-untyped-call]
    body, resources = exporter.from_notebook_node(notebook, resources={"unique_key": name})
    lines: list[str] = []
    heading, in_code = name, False
    for line in body.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            lines.append(line)
            continue
        elif match := re.match(r"#+ (.*)", line):
            heading = match[1]
        elif not line.strip() and lines and not lines[-1]:
            continue
        lines.append(line.replace("![png](", f"![{heading}](").rstrip())
    text = "\n".join(lines).strip() + "\n"
    note = f"<!-- Made by make.py from {name}.ipynb; do not edit. -->\n\n"
    return note + text, resources["outputs"]


def main(names: list[str]) -> None:
    """Regenerates all notebooks, or those with the given names."""
    images = FOLDER / "images"
    images.mkdir(exist_ok=True)
    for path in find_notebooks():
        if names and path.stem not in names:
            continue
        notebook = run_notebook(path, FOLDER)
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
        for old in images.glob(f"{path.stem}-*.png"):
            old.unlink()
        text, pictures = make_page(read_notebook(path), path.stem)
        for place, content in pictures.items():
            (FOLDER / place).write_bytes(content)
        path.with_suffix(".md").write_text(text, encoding="utf-8")
        print(f"{path.stem}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
