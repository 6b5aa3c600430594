"""Writes a site of files into a folder, all or nothing."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from nevkg.data.atomic import replacing
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.lookup import entities
from nevkg.progress import Progress, ignore_progress
from nevkg.publish.release.make import publish
from nevkg.serve.local import LocalServer
from nevkg.serve.pages.address import RENDERER
from nevkg.serve.pages.render import static_files
from nevkg.serve.services import BUILT, SITE_POLICY, Site
from nevkg.site.bundle import FOLDER as ENGINE
from nevkg.site.bundle import write_engine
from nevkg.site.static import list_portions, write_answers, write_quickly, write_site_map
from nevkg.site.workers import Workers
from nevkg.store import EmbeddedStore
from nevkg.store.releases import Release, list_releases

RELEASE = "release"
_EXPLORER = "index.html"
# What is at the top of a site, so that nothing else is lost when it is replaced.
_NAMES = f"{ENGINE}/names.json"


def publish_site(
    store: EmbeddedStore,
    folder: Path,
    *,
    address: str | None = None,
    is_quick: bool = False,
    has_release: bool = True,
    releases: Sequence[Path] = (),
    progress: Progress = ignore_progress,
) -> int:
    """Writes a site. The same data gives the same bytes.

    Args:
        folder: the destination: a new or empty folder, or an earlier site, which is replaced.
        address: the address at which the site will be published; None if it is not known.
        is_quick: whether to leave out what takes minutes: the release, and the content of most pages, which then need JavaScript.
        has_release: whether to add the files of a release, if it is not quick.
        releases: releases and folders of releases, from which citations of other editions are answered.

    Returns:
        The number of files.

    Raises:
        WrongUsage: if the folder contains something else, or a place no release.
        CouldNotRun: if the explorer is not built, a release is damaged, or the folder cannot be written. Nothing is left behind.
    """
    if not (BUILT / _EXPLORER).is_file():
        raise CouldNotRun("The explorer is not built; in a checkout of nevkg run 'make explorer'.")
    folder = folder.resolve()
    _check_folder(folder)
    earlier = [release for place in releases for release in _find_releases(place)]
    site = Site((address or "").rstrip("/"), state=f"{entities.version(store)}-{store.digest[:12]}")
    try:
        with replacing(folder) as draft:
            if is_quick:
                _write_application(store, draft, site, earlier, progress)
                asyncio.run(write_quickly(LocalServer(store, site), store, draft, site))
            else:
                _write_all(store, draft, site, earlier, progress, has_release=has_release)
            (draft / _NAMES).write_text(json.dumps(sorted(path.name for path in draft.iterdir()), indent=0), encoding="utf-8")
            count = sum(1 for path in draft.rglob("*") if path.is_file())
    except OSError as error:
        raise CouldNotRun(f"The site cannot be written to {folder}: {error.strerror or error}.") from None
    return count


def _write_all(
    store: EmbeddedStore, folder: Path, site: Site, releases: Sequence[Release], progress: Progress, *, has_release: bool
) -> None:
    """Writes all parts of a site; the pages, most of the work, in other processes."""
    portions = list_portions(store)
    with Workers(store, folder, site, portions) as workers:
        if has_release:
            publish(store, folder / RELEASE, address=f"{site.address}/{RELEASE}" if site.address else None, progress=progress)
        _write_application(store, folder, site, releases, progress)
        step = progress("the pages", sum(len(portion.paths) for portion in portions))
        listed = []
        for portion, pages in workers.results():
            listed += pages
            for _ in portion.paths:
                step()
    if site.address:
        write_site_map(folder, site.address, listed)


def _write_application(store: EmbeddedStore, folder: Path, site: Site, releases: Sequence[Release], progress: Progress) -> None:
    """Writes the explorer, its engine and its answers."""
    _write_explorer(folder, site)
    if site.address:
        _write_not_found(folder, site.address)
    write_engine(store, folder, releases)
    _list_for_offline(folder, asyncio.run(write_answers(LocalServer(store, site), store, folder, progress)))


def _check_folder(folder: Path) -> None:
    """Rejects a destination where files would be lost, or where nothing can be written."""
    if not folder.parent.is_dir():
        raise CouldNotRun(f"{folder.parent}, the parent of the site, is not a folder; create it first.")
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / _NAMES).is_file():
        raise WrongUsage(f"{folder} is not an empty folder and not a site of nevkg; name a new folder.")
    known = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
    if others := sorted(path.name for path in folder.iterdir() if path.name not in known):
        raise WrongUsage(f"{folder} contains '{others[0]}', which is not part of the site there; move it away or name another folder.")


def _find_releases(place: Path) -> list[Release]:
    if found := [*list_releases([place])]:
        return found
    raise WrongUsage(f"{place} is not a release, and contains none.")


def _write_explorer(folder: Path, site: Site) -> None:
    """Copies what all pages load, and writes the page that renders what is in no file."""
    shutil.copytree(BUILT / "assets", folder / "assets")
    head = f'<meta http-equiv="Content-Security-Policy" content="{SITE_POLICY}" /><meta name="nevkg-site" content="{site.state}" />'
    page = (BUILT / RENDERER).read_text(encoding="utf-8").replace("<title>", f"{head}\n    <title>", 1)
    (folder / RENDERER).write_text(page, encoding="utf-8")
    (folder / "static").mkdir()
    for name, file in static_files().items():
        (folder / "static" / name).write_bytes(file.file.content)


def _write_not_found(folder: Path, address: str) -> None:
    """Writes what a host shows for what it lacks: there, too, the browser renders what the address names."""
    page = (folder / RENDERER).read_text(encoding="utf-8")
    root = urlsplit(address).path
    (folder / "404.html").write_text(page.replace("<head>", f'<head>\n    <base href="{escape(root)}/" />', 1), encoding="utf-8")


def _list_for_offline(folder: Path, answers: Sequence[str]) -> None:
    """Lists what a browser keeps for times without a network: the explorer, its engine, and some answers."""
    # It keeps only what is in its own folder and below.
    (folder / ENGINE / "offline.js").rename(folder / "offline.js")
    found = (path.relative_to(folder).as_posix() for part in ("assets", ENGINE, "static") for path in (folder / part).iterdir())
    (folder / ENGINE / "offline.json").write_text(json.dumps(["./", RENDERER, *sorted(found), *answers], indent=0), encoding="utf-8")
