"""Ranks texts by the words of a search, in English and Chinese, with plurals, prefixes and misspellings.

A word that occurs in no text matches the words that begin with it, else the most similar ones. Rare words count more.
Chinese has no spaces, so every pair of adjacent characters is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import log

from nevkg.lookup.search import normalise

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ALIKE = 80.0
_LEAST_FOR_BEGINNINGS, _LEAST_FOR_SLIPS = 3, 4
# Texts with a smaller share of the best score are omitted as noise.
LEAST_SHARE = 0.2
# Stop words.
_COMMON = {"a", "an", "and", "are", "by", "did", "do", "does", "for", "from", "how", "in", "is", "it", "many", "much", "of", "on", "or"}
_COMMON |= {"the", "there", "to", "what", "when", "where", "which", "who", "with"}

# One text in parts, each with the weight of its words.
Parts = Iterable[tuple[str, float]]


def tokenize_words(text: str) -> list[str]:
    """Returns the words of a text, normalised and in the singular."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if _HAN.match(run):
            found += [run[start : start + 2] for start in range(max(len(run) - 1, 1))]
        else:
            found.append(_singular(run))
    return found


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("is", "ss", "us")) else word


def rank_texts(texts: Mapping[str, Parts], wanted: str, least: float = LEAST_SHARE) -> list[str]:
    """Returns the names of the matching texts, best first; those with the same score by length of the name.

    Args:
        texts: the parts of each text by its name.
        wanted: the words to search, in any order.
        least: the minimum score of a text, as a share of the best.
    """
    weights = {name: _weights(parts) for name, parts in texts.items()}
    known = {word for weighed in weights.values() for word in weighed}
    scores, has = dict.fromkeys(texts, 0.0), dict.fromkeys(texts, 0)
    for word in dict.fromkeys(tokenize_words(wanted)):
        if word in _COMMON:
            continue
        matches = _match_words(word, known)
        found = {name: max((weighed.get(one, 0.0) for one in matches), default=0.0) for name, weighed in weights.items()}
        most = max(found.values(), default=0.0)
        if most:
            rarity = log(1 + len(found) * most / sum(found.values()))
            for name, weight in found.items():
                scores[name] += rarity * weight
                has[name] += weight > 0
    # A text with all the words ranks before one that has some of them many times.
    scores = {name: score * has[name] for name, score in scores.items()}
    best = max(scores.values(), default=0.0)
    fitting = [name for name, score in scores.items() if score and score >= best * least]
    return sorted(fitting, key=lambda name: (-scores[name], len(tokenize_words(name)), name))


def _weights(parts: Parts) -> dict[str, float]:
    """Returns the weight of each word: the sum of the weights of the parts that contain it."""
    found: dict[str, float] = {}
    for text, weight in parts:
        for word in set(tokenize_words(text)):
            found[word] = found.get(word, 0.0) + weight
    return found


def _match_words(word: str, known: set[str]) -> list[str]:
    """Returns the known words that a word matches: itself, else those that begin with it, else the most similar."""
    from rapidfuzz import fuzz, process

    if word in known:
        return [word]
    if len(word) >= _LEAST_FOR_BEGINNINGS and (longer := sorted(one for one in known if one.startswith(word))):
        return longer
    if len(word) < _LEAST_FOR_SLIPS:
        return []
    alike = process.extract(word, sorted(known), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)
    best = max((score for _, score, _ in alike), default=0.0)
    return [one for one, score, _ in alike if score == best]
