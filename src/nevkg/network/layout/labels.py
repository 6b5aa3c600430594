"""Labels as they are drawn: cleaned, shortened, and measured without a font at hand."""

from __future__ import annotations

import unicodedata

# One unit of a layout is the height of a line of text; the letters are this much of it.
LETTER = 0.6
_NARROW = frozenset("iljftrI.,:;|!'()[]/- ·")
_WIDE = frozenset("mwMW@%&")


def clean(text: str) -> str:
    """One line without control characters, marks of direction and other invisible things, which pictures and XML cannot hold."""
    kept = (letter if unicodedata.category(letter)[0] != "C" else " " if letter.isspace() else "" for letter in text)
    return " ".join("".join(kept).split())


def width(letter: str) -> float:
    """How wide a letter is at most, in the size of the font."""
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in _NARROW:
        return 0.42
    if letter in _WIDE:
        return 1.0
    return 0.72 if letter.isupper() else 0.64


def measure(text: str) -> float:
    """How wide a label is at most, in units of a layout."""
    return LETTER * sum(map(width, text))


def shorten(text: str, most: float = 22.0) -> str:
    """A clean label that is no wider than ``most`` units; what is cut off is marked by an ellipsis."""
    text = clean(text)
    used = 0.0
    for place, letter in enumerate(text):
        used += LETTER * width(letter)
        if used > most:
            cut = text[:place]
            # Between words, unless that would cost much.
            space = cut.rfind(" ")
            return (cut[:space] if space > 0.7 * place else cut).rstrip(" ,;:-(") + "…"
    return text


def broken(text: str, most: float = 9.5) -> list[str]:
    """A clean label in one line, or in two that are about as long as each other; none for a label without letters."""
    text = clean(text)
    if measure(text) <= most:
        return [text] if text else []
    half = min(measure(text) / 2, most)
    used, ends = 0.0, [0]
    for place, letter in enumerate(text):
        # A line ends at a space, or after any letter that is as wide as it is high.
        if (letter == " " or (width(letter) == 1.0 and ord(letter) > 0x2E7F)) and used <= most:
            ends.append(place + (letter != " "))
            if used >= half:
                break
        used += LETTER * width(letter)
    fitting = [end for end in ends if end and measure(text[:end]) <= most]
    end = min(fitting, key=lambda place: (abs(measure(text[:place]) - half), place), default=0)
    if not end or measure(text[:end]) < 0.35 * half:
        return [shorten(text, most)]
    return [text[:end].rstrip(), shorten(text[end:], most)]
