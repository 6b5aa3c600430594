"""Documents: the main text of a page, its title, day, language and publisher."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from nevkg.errors import InvalidData, WrongUsage, needs_extra
from nevkg.reading.addresses import check_address
from nevkg.reading.dates import Days, calendar_days, read_dates
from nevkg.reading.pages import Page, parse_html
from nevkg.reading.words import Vocabulary, simplify

_IN_ADDRESS = re.compile(r"(?<!\d)(20\d\d)[/_-]?(0[1-9]|1[0-2])(?:[/_-]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_HEAD = 600  # characters at the beginning of a text, where its day may be
_SHORTEST = 120  # characters of a text that is worth reading
# Tables in Markdown, which the words of the page are not in.
_TABLE_ROW, _TABLE_RULE = re.compile(r"^\|(.*)\|[ \t]*$", re.MULTILINE), re.compile(r"^\|[-:|]+\|[ \t]*\n", re.MULTILINE)
_LINK = re.compile(r"https?://\S+")
# Pages that are not one article in its own words: translations by programs, beginnings, several articles, pages of links.
_TRANSLATED = re.compile(r"<html[^>]*\btranslated-(?:ltr|rtl)\b|<font[^>]*vertical-align:\s*inherit", re.IGNORECASE)
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_DATED = re.compile(r'(?:article:published_time"\s+content=|"datePublished"\s*:\s*)"(\d{4}-\d\d-\d\d)')
_BEGINNING = 1000  # characters: what a site shows of an article that is not free
_ARTICLE = 400  # characters of an article, more than those of a teaser
_MOST_LINKS = 0.6  # of the characters of a text
_SHOWN = 60  # characters


@dataclass(frozen=True)
class Document:
    """What is known of a text that is read.

    Attributes:
        text: the main text.
        title: its headline; empty if unknown.
        published: the first and last day on which it may have been published; None if unknown.
        dated_by: where the day was found: ``page``, ``address``, ``text`` or ``given``; empty if it was not.
        address: its web address; empty if unknown.
        publisher: the name of the site; empty if unknown.
    """

    text: str
    language: str
    title: str = ""
    published: Days | None = None
    dated_by: str = ""
    address: str = ""
    publisher: str = ""


def read_document(page: Page, today: date, words: Vocabulary, *, address: str = "", published: Days | None = None) -> Document:
    """Returns the document on a page.

    Args:
        today: no document is newer.
        words: words of dates (``date``).
        address: its web address; by default that of the page or the one it gives for itself.
        published: its day; by default what the page, the address or the first lines give.
    """
    if published and published[0] > today:
        raise WrongUsage(f"The day of the page, {published[0]}, is after today.")
    text, title, site, dated, link = page.text, "", "", "", ""
    if page.html is not None:
        text, title, site, dated, link = _extract(page.html, today)
    text = text.strip()
    if page.html is not None and (fault := _find_fault(page.html, text)):
        raise InvalidData(f"{page.place} {fault}.")
    if page.html is not None and published is None and (fault := _find_bad_day(page.html, today)):
        raise InvalidData(f"{page.place} is dated {fault}; give its day with --published.")
    if len(text) < _SHORTEST:
        raise InvalidData(f"{page.place} has {len(text)} characters of text, too few for an article; it may be a stub or a page of links.")
    address = address or (page.place if _LINK.match(page.place) else link)
    if address:
        check_address(address)
    if title and title not in text and title in page.text:
        text = f"{title}\n{text}"
    title = title or text.split("\n", 1)[0][:200].strip()
    language = _detect_language(text)
    method = "given" if published else ""
    for name, found in (
        ("page", _to_days(dated)),
        ("address", _days_in_address(address)),
        ("text", _days_in_text(text, language, words, today)),
    ):
        if published is None and found and found[0] <= today:
            published, method = (found[0], min(found[1], today)), name
    return Document(text, language, title, published, method, address, site)


def _extract(html: str, today: date) -> tuple[str, str, str, str, str]:
    with needs_extra("read"):
        from trafilatura import bare_extraction
    found = bare_extraction(
        html,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"max_date": today.isoformat(), "extensive_search": False, "original_date": True},
    )
    if found is None or isinstance(found, dict):
        return "", "", "", "", ""
    text = _TABLE_ROW.sub(lambda row: "\t".join(cell.strip() for cell in row[1].split("|")), _TABLE_RULE.sub("", found.text or ""))
    return text, found.title or "", found.sitename or "", found.date or "", found.url or ""


def _detect_language(text: str) -> str:
    with needs_extra("read"):
        import py3langid
    return str(py3langid.classify(text[:4000])[0])


def _to_days(day: str) -> Days | None:
    try:
        return (date.fromisoformat(day),) * 2 if day else None
    except ValueError:
        return None


def _days_in_address(address: str) -> Days | None:
    """Returns the day, or the days of the month, in an address such as ``/2025/07/01/``."""
    found = (calendar_days(*(int(part or 0) for part in parts)) for parts in _IN_ADDRESS.findall(address))
    return next(chain.from_iterable(found), None)


def _days_in_text(text: str, language: str, words: Vocabulary, today: date) -> Days | None:
    """Returns the first full date at the beginning of a text, with a year."""
    for found in read_dates(simplify(text[:_HEAD], language), language, words["date"], today):
        first, last = found.readings[0]
        if first == last <= today and str(first.year) in text[found.start : found.end]:
            return first, last
    return None


def _find_fault(html: str, text: str) -> str:
    """Returns why a page is no article that can be read, for *The page …*; empty if it can."""
    if _TRANSLATED.search(html):
        return "is a translation by a program; read the page in its own language"
    if len(text) < _BEGINNING and _NOT_FREE.search(html):
        return "has only the beginning of an article that is not free; save the whole article"
    tree = parse_html(html)
    if tree is None:
        return ""
    titles = list(_find_articles(tree))
    if len(titles) > 1:
        return f"has {len(titles)} articles ('{titles[0]}', '{titles[1]}'); save each as a page of its own"
    links = {_join(link.text_content()) for link in tree.iter("a")}
    linked = sum(len(line) for line in text.split("\n") if _join(line.lstrip("-•* ")) in links)
    return "is a page of links; save the article itself" if text and linked / len(text) > _MOST_LINKS else ""


def _find_bad_day(html: str, today: date) -> str:
    """Returns the day that a page gives for itself and why it cannot be right; empty if it can."""
    for text in _DATED.findall(html):
        day = _to_days(text)
        if day is None or day[0] > today:
            return f"{text}, which is {'after today' if day else 'not in the calendar'}"
    return ""


def _find_articles(tree: Any) -> Iterator[str]:
    """Yields the headings of the long articles of a page; an article in another one is a comment on it."""
    for article in tree.iter("article"):
        heading = next(article.iter("h1", "h2"), None)
        is_own = not any(ancestor.tag == "article" for ancestor in article.iterancestors())
        if is_own and heading is not None and len(_join(article.text_content())) >= _ARTICLE:
            yield _join(heading.text_content())[:_SHOWN]


def _join(text: str) -> str:
    return " ".join(text.split())
