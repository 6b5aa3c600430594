"""Fonts for pictures: DejaVu Sans, which comes with matplotlib, and installed fonts for the letters that it lacks."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

_FIRST = "DejaVu Sans"
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Droid Sans Fallback",
)
_OTHERS = (
    "Noto Sans Thai",
    "Noto Sans Thai Looped",
    "Loma",
    "Garuda",
    "Leelawadee UI",
    "Thonburi",
    "FreeSerif",
    "Noto Sans",
    "Arial Unicode MS",
)


def families(text: str) -> list[str]:
    """Returns the fonts that a text needs, in the order in which they are tried for each letter."""
    needed = [_FIRST]
    rest = {ord(letter) for letter in text if not letter.isspace()} - _letters(_FIRST)
    for family in installed()[1:] if rest else ():
        if rest & _letters(family):
            needed.append(family)
            rest -= _letters(family)
    return needed


@cache
def installed() -> tuple[str, ...]:
    """Returns the installed fonts for pictures, with at most one Chinese font."""
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    chinese = [name for name in _CHINESE if name in known][:1]
    return (_FIRST, *chinese, *(name for name in _OTHERS if name in known))


@cache
def _letters(family: str) -> frozenset[int]:
    """Returns the code points that a font can draw."""
    from matplotlib import font_manager

    properties: Any = font_manager.FontProperties(family=[family])
    path = font_manager.findfont(properties, fallback_to_default=True)
    return frozenset(font_manager.get_font(path).get_charmap())


def warn_of_missing(texts: Iterable[str]) -> None:
    """Warns, in one sentence, about letters that no installed font has."""
    letters = {letter for text in texts for letter in text if not letter.isspace()}
    missing = sorted(letter for letter in letters if not any(ord(letter) in _letters(family) for family in installed()))
    if any("\u2e80" <= letter <= "\u9fff" or letter >= "\U00020000" for letter in missing):
        warnings.warn(
            "No installed font has the Chinese characters of this picture; install the Debian package fonts-wqy-microhei or fonts-noto-cjk,"
            " or the font Noto Sans CJK SC.",
            stacklevel=3,
        )
    elif missing:
        warnings.warn(
            f"No installed font has these letters of the picture, which are drawn as boxes: {''.join(missing[:40])}", stacklevel=3
        )
