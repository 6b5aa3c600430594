"""Makes the documentation site from the Markdown of the repository: the hooks of mkdocs.yml.

The pages are those that can be reached by links from docs/README.md, with the files that they link. Their links are as in the
repository, so they work on GitHub and on the site. The tables of docs/README.md are the navigation.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

ROOT = Path(__file__).resolve().parent.parent
START = "docs/README.md"
FONTS = "src/nevkg/explorer/node_modules/@fontsource-variable"
STYLE = "src/nevkg/explorer/src/style"
THEME = (f"{STYLE}/icon.svg", f"{STYLE}/tokens.css", "docs/theme/documentation.css")
_LINK = re.compile(r"(?:\]\(|src=\")([^)\s#\":]+)")
_ADDRESSES = {"README.md": "overview/index.html", "docs/w3id/.htaccess": "w3id/htaccess.txt"}
_SPHINX_ROLE = re.compile(r":\w+:(?=<code>|<a )")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Sets the navigation, and adds the fonts of the explorer if they are installed."""
    config.nav = [{"Start": START}, *({title: pages} for title, pages in find_navigation().items())]
    config.extra_css = [find_address(path) for path in (*find_fonts(), *THEME) if path.endswith(".css")]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Replaces the files of docs/ by the pages, the files that they link, and the files of the theme."""
    paths = sorted({*find_pages(), *find_fonts(), *THEME})
    return Files([file for file in files if file.src_dir != config.docs_dir] + [make_file(path, config) for path in paths])


def on_page_content(html: str, **_: object) -> str:
    """Removes the roles of Sphinx from docstrings."""
    return _SPHINX_ROLE.sub("", html)


def find_navigation() -> dict[str, list[str]]:
    """Returns the pages that each section of the start page links, without repetitions."""
    seen = {START}
    navigation: dict[str, list[str]] = {}
    for section in re.split(r"^## ", (ROOT / START).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        pages = [path for path in dict.fromkeys(find_links(START, text)) if path.endswith(".md") and path not in seen]
        seen |= set(pages)
        navigation[title] = pages
    return navigation


def find_pages() -> set[str]:
    """Returns the paths of all files that can be reached by links from the start page."""
    found: set[str] = set()
    open_paths = [START]
    while open_paths:
        path = open_paths.pop()
        if path in found:
            continue
        found.add(path)
        if path.endswith(".md"):
            open_paths += find_links(path, (ROOT / path).read_text(encoding="utf-8"))
    return found


def find_links(page: str, text: str) -> list[str]:
    """Returns the files of the repository that a page links, as paths from its root."""
    targets = (normpath(join(page, "..", unquote(link))) for link in _LINK.findall(text))
    return [target for target in targets if (ROOT / target).is_file()]


def find_fonts() -> list[str]:
    """Returns the style sheets, files and licences of the explorer's fonts; none if its packages are not installed."""
    folders = (ROOT / FONTS / name for name in ("source-sans-3", "source-serif-4"))
    return [
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (*folder.glob("LICENSE"), *folder.glob("wght.css"), *folder.glob("files/*-wght-normal.woff2"))
    ]


def find_address(path: str) -> str:
    """Returns the address on the site for a path in the repository: without docs/, and with short folders for the theme."""
    return _ADDRESSES.get(path, path.removeprefix("docs/").replace(FONTS, "fonts").replace(STYLE, "style"))


def make_file(path: str, config: MkDocsConfig) -> File:
    """Returns a file of the repository with its address on the site."""
    file = File(path, str(ROOT), config.site_dir, config.use_directory_urls)
    file.dest_uri = _ADDRESSES.get(path) or find_address(file.dest_uri)
    file.inclusion = InclusionLevel.INCLUDED  # also hidden files
    return file
