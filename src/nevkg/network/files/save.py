"""Saves a network in the formats of graph tools, as a picture, or as a page for the browser."""

from __future__ import annotations

from pathlib import Path

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.network.model import Network

PAGE = "html"
TABLES = "parquet"


def content(network: Network, format_name: str) -> bytes:
    """Returns the bytes of a network in one of the formats that consist of one file.

    Raises:
        WrongUsage: if the format is unknown.
        CouldNotRun: if a package for pictures is not installed.
    """
    if format_name == "png" or format_name == "svg":
        from nevkg.network.drawing.draw import picture

        return picture(network, format_name)
    if format_name == PAGE:
        from nevkg.network.files.page import page

        return page(network)
    from nevkg.network.files.export import FORMATS

    if format_name not in FORMATS:
        raise WrongUsage(
            f"A network cannot be written as '{format_name}'; choose from {', '.join([*FORMATS, 'png', 'svg', PAGE, TABLES])}."
        )
    return FORMATS[format_name](network)


def find_format(path: str | Path) -> str:
    """Returns the format for a file's extension; without one, tables in a folder."""
    return Path(path).suffix.removeprefix(".").lower() or TABLES


def save(network: Network, path: Path, format_name: str | None = None) -> None:
    """Writes a network to a file, or as ``nodes.parquet`` and ``edges.parquet`` into a folder.

    Raises:
        WrongUsage: if the format is unknown.
        CouldNotRun: if the file cannot be written.
    """
    try:
        _write(network, path, format_name or find_format(path))
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be written: {error.strerror}.") from None


def _write(network: Network, path: Path, chosen: str) -> None:
    if chosen == TABLES:
        from nevkg.network.files.export import parquet

        parquet(network, path)
        return
    path.write_bytes(content(network, chosen))
