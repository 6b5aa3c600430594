"""Merges a contribution into the files of the data. Existing statements are never dropped or overwritten.

A source without a title gets one from its outlet, its date and the subjects of its statements.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.registry import Registry
from nevkg.data import terms
from nevkg.lookup.search import normalise

_NOTE = terms.NEV + "note"
_EARLIEST, _LATEST, _PRECISION = (terms.NEV + name for name in ("earliest", "latest", "precision"))


@dataclass
class SourceFile:
    """The graph of one source: ``about`` maps the IRI of a subject to its quads."""

    about: dict[str, list[Quad]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> SourceFile:
        """Returns the graph that consists of ``quads``."""
        found = cls()
        for quad in quads:
            found.about[terms.text(quad.subject)].append(quad)
        return found

    def quads(self) -> list[Quad]:
        """Returns all quads of the graph."""
        return [quad for quads in self.about.values() for quad in quads]

    def add(self, iri: str, quads: Sequence[Quad]) -> bool:
        """Adds a subject and its quads; to a known one, only properties that it lacks. Returns whether it is new."""
        known = self.about.get(iri)
        if known is None:
            self.about[iri] = list(dict.fromkeys(quads))
            return True
        has = {quad.predicate for quad in known}
        known += [quad for quad in dict.fromkeys(quads) if quad.predicate not in has]
        return False

    def extend(self, quads: Iterable[Quad]) -> None:
        """Adds the quads that it lacks."""
        for quad in quads:
            if quad not in (known := self.about[terms.text(quad.subject)]):
                known.append(quad)

    def describe(self, iri: str, quads: Sequence[Quad]) -> None:
        """Adds to the description of the source. Of two dates of publication, the more precise one is used."""
        if iri in self.about and _imprecision(quads) < _imprecision(self.about[iri]):
            self.about[iri] = [quad for quad in self.about[iri] if quad.predicate.value not in (_EARLIEST, _LATEST, _PRECISION)]
        self.add(iri, quads)

    def earliest(self, iri: str) -> str | None:
        """Returns the earliest possible day of publication (ISO), or None unless the date has both bounds."""
        dates = {quad.predicate.value: terms.text(quad.object) for quad in self.about.get(iri, ())}
        return dates.get(_EARLIEST) if _LATEST in dates else None


def _imprecision(quads: Iterable[Quad]) -> int:
    """Returns how imprecise the date of publication is, for comparisons; no date is the least precise."""
    dates = {quad.predicate.value: terms.text(quad.object) for quad in quads}
    if _EARLIEST not in dates or _LATEST not in dates:
        return 9 if _EARLIEST not in dates else 8
    return next((10 - n for n, (first, last) in enumerate(zip(dates[_EARLIEST], dates[_LATEST], strict=False)) if first != last), 0)


def merge_notes(statements: Mapping[str, list[list[Quad]]]) -> dict[str, list[Quad]]:
    """Returns the quads of each statement (IRI), combined from all rows that make it. Notes are joined with semicolons."""
    merged = {}
    for iri, versions in statements.items():
        first = {quad.predicate: quad for quad in versions[0]}
        quads = [quad for quad in versions[0] if quad.predicate.value != _NOTE]
        for version in versions[1:]:
            quads += [quad for quad in version if quad.predicate not in first and quad.predicate.value != _NOTE]
        notes = [quad for version in versions for quad in version if quad.predicate.value == _NOTE]
        if notes:
            words = "; ".join(dict.fromkeys(terms.text(quad.object) for quad in notes))
            quads.append(Quad(notes[0].subject, NamedNode(_NOTE), Literal(words, language=terms.LANGUAGES[0]), notes[0].graph_name))
        merged[iri] = quads
    return merged


TITLE = terms.DCTERMS + "title"
DEVISED = terms.NEV + "titleIsDevised"
_PUBLISHER, _LANGUAGE = terms.DCTERMS + "publisher", terms.DCTERMS + "language"
_ADDRESS, _SUBJECT, _EVENT = (terms.NEV + name for name in ("address", "subject", "event"))
_TRUE = Literal("true", datatype=NamedNode(terms.XSD + "boolean"))
_MOST_SUBJECTS = 3
_MIN_WORDS = 3  # fewer words in an address name a section of the site, such as "local news"
_MIN_CHARACTERS = 6  # for scripts that write no spaces between words
_SUFFIX = re.compile(r"(\.[a-z]{2,6}\d?)+$")
_YEAR, _MONTH_AND_DAY = r"(?:19|20)\d\d", r"[-_/]?[01]\d[-_/]?[0-3]\d"
_DAY = re.compile(rf"^{_YEAR}{_MONTH_AND_DAY}\b[-_]?|[-_]{_YEAR}{_MONTH_AND_DAY}$|(?<=\D)[-_][0-3]\d[-_][01]\d[-_]{_YEAR}$")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SWITCHES = re.compile(r"\d(?=[^\W\d_])|[^\W\d_](?=\d)")
_SPELLED_OUT = re.compile(r"\b[a-z](?: [a-z])+\b")
_POSSESSIVE = re.compile(r"\b([^\W\d_]{2,}) s\b", re.IGNORECASE)
_CENTURIES = ("19", "20")
_ENGLISH = terms.LANGUAGES[0]


def drop_devised_title(file: SourceFile, source: str, described: Iterable[Quad]) -> None:
    """Removes the devised title of a source if its new description has a real one."""
    if any(quad.predicate.value == TITLE for quad in described):
        _remove_devised_title(file, source)


def devise_title(file: SourceFile, source: str, registry: Registry) -> None:
    """Gives a title, marked as devised, to a source that has none.

    An earlier devised title is replaced only if the outlet or the date has changed.
    """
    about = file.about.get(source, [])
    values = {quad.predicate.value: terms.text(quad.object) for quad in about}
    outlet = registry.entities.get(registry.current(values.get(_PUBLISHER, "")))
    head = ", ".join(part for part in (outlet.name() if outlet else "", _publication_date(values)) if part)
    if not about or (TITLE in values and (DEVISED not in values or values[TITLE].startswith(head))):
        return
    language = values.get(_LANGUAGE, "und")
    words = title_words(values.get(_ADDRESS, ""), language, _names_in_statements(file, source, registry))
    if not words:
        words, language = _subjects(file, source, registry), _ENGLISH
    title = ": ".join(part for part in (head, words) if part) or source.rpartition("/")[2]
    _remove_devised_title(file, source)
    pairs = ((TITLE, Literal(title, language=language)), (DEVISED, _TRUE))
    file.about[source] += terms.describe(source, pairs, terms.text(about[0].graph_name))


def _remove_devised_title(file: SourceFile, source: str) -> None:
    about = file.about.get(source, [])
    if any(quad.predicate.value == DEVISED for quad in about):
        file.about[source] = [quad for quad in about if quad.predicate.value not in (TITLE, DEVISED)]


def title_words(address: str, language: str, names: Mapping[tuple[str, ...], str]) -> str:
    """Returns the words of an address as a line of text, or an empty string if there are too few.

    Args:
        language: BCP 47 tag of the document; acronyms and possessives are restored in English.
        names: the words of a name, without capitals and accents, to its spelling.
    """
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    for _ in range(2):  # some addresses are percent-encoded twice
        path = unquote(path, errors="replace")
    found = max((_words(part) for part in path.split("/") if "\ufffd" not in part), key=_count_letters, default=[])
    if not _count_letters(found):
        return ""
    text = " ".join(found)
    if language.partition("-")[0] == _ENGLISH:
        text = _SPELLED_OUT.sub(lambda found: found[0].replace(" ", "").upper(), text)
        text = _POSSESSIVE.sub(r"\1's", text)
        names = {**{(*key[:-1], key[-1] + "s"): f"{name}'s" for key, name in names.items() if len(key[-1]) > 3}, **names}
    text = _with_names(text.split(" "), names)
    return text[:1].upper() + text[1:]


def _count_letters(words: list[str]) -> int:
    """Returns the number of letters in the words, or 0 if there are too few words."""
    plain = [word for word in words if len(word) > 1 and not word.isdigit()]
    dense = sum(len(word) for word in words if _DENSE.search(word))
    return sum(map(len, plain)) if len(plain) >= _MIN_WORDS or dense >= _MIN_CHARACTERS else 0


def _words(part: str) -> list[str]:
    """Returns the words of one segment of an address, without the site's internal numbers and codes at either end."""
    words = _WORD.findall(_DAY.sub("", _UUID.sub("", _SUFFIX.sub("", part))))
    cased = 2 * sum(word[:1].isupper() for word in words) > len(words)
    while words and _is_code(words[0], cased):
        del words[0]
    last = next((number for number, word in enumerate(words) if number > 1 and _is_code(word, cased)), len(words))
    if last < len(words) and all(_is_code(word, cased) or len(word) < 4 for word in words[last:]):
        words = words[: last - (len(words[last - 1]) == 1)]
    return words


def _is_code(word: str, cased: bool) -> bool:
    """Whether a word is an internal code of the site: a long number, letters mixed with digits, or capitals inside a word."""
    if word.isdigit():
        return len(word) > 4 or (len(word) == 4 and word[:2] not in _CENTURIES)
    if _DENSE.search(word):
        return False
    mixed = len(_SWITCHES.findall(word))
    digits = sum(character.isdigit() for character in word)
    return (
        (mixed > 1 and len(word) > 5)
        or (bool(mixed) and digits > 3)
        or (len(word) > 11 and digits > 2)
        or (not cased and re.search(r"[a-z][A-Z]", word) is not None)
    )


def _plain(text: str) -> tuple[str, ...]:
    """Returns the words of a text without capitals and accents, as they appear in addresses."""
    return tuple(_WORD.findall(normalise(text)))


def _with_names(words: list[str], names: Mapping[tuple[str, ...], str]) -> str:
    """Returns the words as text, with names spelled as in the registry."""
    longest = max(map(len, names), default=0)
    result: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            own = words[at : at + size]
            ending = "'s" if own[-1].endswith("'s") else ""
            key = tuple(word for name in own for word in _plain(name.removesuffix("'s")))
            if key in names:
                result.append(names[key] + ending)
                at += size
                break
        else:
            result.append(words[at])
            at += 1
    return " ".join(result)


def _statement_quads(file: SourceFile, source: str) -> Iterable[Quad]:
    """Returns the quads of the statements of a source, without its description."""
    return (quad for iri, quads in file.about.items() if iri != source for quad in quads)


def _names_in_statements(file: SourceFile, source: str, registry: Registry) -> dict[tuple[str, ...], str]:
    """Returns the names of the entities in the statements, by their words without capitals and accents."""
    iris = {quad.object.value for quad in _statement_quads(file, source) if isinstance(quad.object, NamedNode)}
    found: dict[tuple[str, ...], str] = dict(registry.acronyms)
    for iri in sorted(iris):
        entity = registry.entities.get(iri)
        around = {iri, *(value for _, value in entity.links)} if entity else set()
        for other in sorted(around):
            for text, language in sorted(registry.entities[other].names if other in registry.entities else ()):
                if language == _ENGLISH and len(text) > 1 and not text.islower():
                    found.setdefault(_plain(text), text)
    found.pop((), None)
    return found


def _subjects(file: SourceFile, source: str, registry: Registry) -> str:
    """Returns the names of the most frequent subjects of the statements; if they have no subject, of the entities that they name."""
    stated = [quad for quad in _statement_quads(file, source) if isinstance(quad.object, NamedNode)]
    about = [quad for quad in stated if quad.predicate.value == _SUBJECT] or [quad for quad in stated if quad.predicate.value != _EVENT]
    subjects = Counter(registry.current(terms.text(quad.object)) for quad in about)
    known = [(-times, registry.entities[iri].name()) for iri, times in subjects.items() if iri in registry.entities]
    names = list(dict.fromkeys(name for _, name in sorted(known)))
    if len(names) > _MOST_SUBJECTS:
        names[_MOST_SUBJECTS - 1 :] = ["others"]
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""


def _publication_date(values: Mapping[str, str]) -> str:
    """Returns the date of publication in the precision known, or an empty string if even the year is unknown."""
    earliest, latest = values.get(_EARLIEST, ""), values.get(_LATEST, "")
    if not earliest or not latest or earliest[:4] != latest[:4]:
        return ""
    if earliest == latest:
        return earliest
    return earliest[:7] if earliest[:7] == latest[:7] else earliest[:4]
