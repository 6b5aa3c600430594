"""Pages that are not one article in its own words: translations by programs, pages of links, several articles, beginnings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

_TRANSLATED = re.compile(r"<html[^>]*\btranslated-(?:ltr|rtl)\b|<font[^>]*vertical-align:\s*inherit", re.IGNORECASE)
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_DATED = re.compile(r'(?:article:published_time"\s+content=|"datePublished"\s*:\s*)"(\d{4}-\d\d-\d\d)')
_BEGINNING = 1000  # characters: what a site shows of an article that is not free
_ARTICLE = 400  # characters of an article, more than those of a teaser
_MOST_LINKS = 0.6  # of the characters of a text
_SHOWN = 60  # characters


def find_fault(html: str, text: str) -> str:
    """Returns why a page is no article that can be read, for *The page …*; empty if it can.

    Args:
        html: the page.
        text: its main text.
    """
    if _TRANSLATED.search(html):
        return "is a translation by a program; read the page in its own language"
    if len(text) < _BEGINNING and _NOT_FREE.search(html):
        return "has only the beginning of an article that is not free; save the whole article"
    tree = _parse(html)
    if tree is None:
        return ""
    titles = list(_find_articles(tree))
    if len(titles) > 1:
        return f"has {len(titles)} articles ('{titles[0]}', '{titles[1]}'); save each as a page of its own"
    links = {_join(link.text_content()) for link in tree.iter("a")}
    linked = sum(len(line) for line in text.split("\n") if _join(line.lstrip("-•* ")) in links)
    return "is a page of links; save the article itself" if text and linked / len(text) > _MOST_LINKS else ""


def find_future_day(html: str, today: date) -> str:
    """Returns the day (ISO) that a page gives for itself if it is after today; otherwise empty."""
    return next((day for day in _DATED.findall(html) if day > today.isoformat()), "")


def _parse(html: str) -> Any:
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    try:
        return document_fromstring(html.encode(), parser=HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError):
        return None


def _find_articles(tree: Any) -> Iterator[str]:
    """Yields the headings of the long articles of a page; an article in another one is a comment on it."""
    for article in tree.iter("article"):
        heading = next(article.iter("h1", "h2"), None)
        is_own = not any(ancestor.tag == "article" for ancestor in article.iterancestors())
        if is_own and heading is not None and len(_join(article.text_content())) >= _ARTICLE:
            yield _join(heading.text_content())[:_SHOWN]


def _join(text: str) -> str:
    return " ".join(text.split())
