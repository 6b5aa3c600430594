"""Ranking texts by words: in English and Chinese, singular or plural, whole, begun or misspelt.

A word that no text has stands for the words that begin with it, else for those most like it.
A word counts the more the fewer texts have it. Chinese has no spaces, so any two characters side by side are a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import log

from nevkg.lookup.search import plain

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ALIKE = 80.0
_LEAST_FOR_BEGINNINGS, _LEAST_FOR_SLIPS = 3, 4
# What fits less well than this, compared with the best, is noise.
LEAST_SHARE = 0.2
# They say nothing of what is wanted.
_COMMON = {"a", "an", "and", "are", "by", "did", "do", "does", "for", "from", "how", "in", "is", "it", "many", "much", "of", "on", "or"}
_COMMON |= {"the", "there", "to", "what", "when", "where", "which", "who", "with"}

# One text, in parts: the words of each part and how much a word in it counts.
Parts = Iterable[tuple[str, float]]


def words(text: str) -> list[str]:
    """The words of a text in plain spelling, each plural as its singular."""
    found: list[str] = []
    for run in _RUN.findall(plain(text)):
        if _HAN.match(run):
            found += [run[start : start + 2] for start in range(max(len(run) - 1, 1))]
        else:
            found.append(_singular(run))
    return found


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("is", "ss", "us")) else word


def rank(texts: Mapping[str, Parts], wanted: str, least: float = LEAST_SHARE) -> list[str]:
    """The names of the texts that fit what is wanted, best first; of equals, those with the shorter name.

    Args:
        texts: the parts of each text by its name.
        wanted: words in any order.
        least: how well a text must fit, as a share of how well the best does.
    """
    weights = {name: _weights(parts) for name, parts in texts.items()}
    known = {word for weighed in weights.values() for word in weighed}
    scores, has = dict.fromkeys(texts, 0.0), dict.fromkeys(texts, 0)
    for word in dict.fromkeys(words(wanted)):
        if word in _COMMON:
            continue
        meant = _meant(word, known)
        found = {name: max((weighed.get(one, 0.0) for one in meant), default=0.0) for name, weighed in weights.items()}
        most = max(found.values(), default=0.0)
        if most:
            rarity = log(1 + len(found) * most / sum(found.values()))
            for name, weight in found.items():
                scores[name] += rarity * weight
                has[name] += weight > 0
    # A text with all of the words goes before one that has some of them many times.
    scores = {name: score * has[name] for name, score in scores.items()}
    best = max(scores.values(), default=0.0)
    fitting = [name for name, score in scores.items() if score and score >= best * least]
    return sorted(fitting, key=lambda name: (-scores[name], len(words(name)), name))


def _weights(parts: Parts) -> dict[str, float]:
    """How much each word counts: once for each part that has it."""
    found: dict[str, float] = {}
    for text, weight in parts:
        for word in set(words(text)):
            found[word] = found.get(word, 0.0) + weight
    return found


def _meant(word: str, known: set[str]) -> list[str]:
    """The known words that a word stands for."""
    from rapidfuzz import fuzz, process

    if word in known:
        return [word]
    if len(word) >= _LEAST_FOR_BEGINNINGS and (begun := sorted(one for one in known if one.startswith(word))):
        return begun
    if len(word) < _LEAST_FOR_SLIPS:
        return []
    alike = process.extract(word, sorted(known), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)
    best = max((score for _, score, _ in alike), default=0.0)
    return [one for one, score, _ in alike if score == best]
