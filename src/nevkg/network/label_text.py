"""Cleans, shortens, wraps and measures labels without a font."""

from __future__ import annotations

import unicodedata

# One unit of a layout is the height of a line of text; the font size is this share of it.
LETTER = 0.6
# The width of a line, in units of a layout.
_LONGEST = 9.5
_NARROW = frozenset("iljftrI.,:;|!'()[]/- ·")
_WIDE = frozenset("mwMW@%&")


def clean(text: str) -> str:
    """Returns one line without control characters, direction marks and other invisible characters, which pictures or XML cannot hold."""
    letters = (letter if unicodedata.category(letter)[0] != "C" else " " if letter.isspace() else "" for letter in text)
    return " ".join("".join(letters).split())


def width(letter: str) -> float:
    """Returns the maximum width of a letter, in multiples of the font size."""
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
    """Returns the maximum width of a label, in units of a layout."""
    return LETTER * sum(map(width, text))


def shorten(text: str, most: float = 22.0) -> str:
    """Cleans a label and cuts it to at most ``most`` units of a layout; an ellipsis marks the cut."""
    text = clean(text)
    used = 0.0
    for place, letter in enumerate(text):
        used += LETTER * width(letter)
        if used > most:
            cut = text[:place]
            # Cut between words, unless that would lose much of the text.
            space = cut.rfind(" ")
            return (cut[:space] if space > 0.7 * place else cut).rstrip(" ,;:-(") + "…"
    return text


def break_lines(text: str) -> list[str]:
    """Cleans a label and breaks it into one line, or two of about the same width; none if it has no visible letters.

    Each line is at most 9.5 units of a layout wide.
    """
    text = clean(text)
    if measure(text) <= _LONGEST:
        return [text] if text else []
    half = min(measure(text) / 2, _LONGEST)
    used, ends = 0.0, [0]
    for place, letter in enumerate(text):
        # A line can end at a space, or after any full-width letter, such as a Chinese character.
        if (letter == " " or (width(letter) == 1.0 and ord(letter) > 0x2E7F)) and used <= _LONGEST:
            ends.append(place + (letter != " "))
            if used >= half:
                break
        used += LETTER * width(letter)
    fitting = [end for end in ends if end and measure(text[:end]) <= _LONGEST]
    end = min(fitting, key=lambda place: (abs(measure(text[:place]) - half), place), default=0)
    if not end or measure(text[:end]) < 0.35 * half:
        return [shorten(text, _LONGEST)]
    return [text[:end].rstrip(), shorten(text[end:], _LONGEST)]
