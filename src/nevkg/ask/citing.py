"""Answers a citation again: finds the data of its edition, asks its question, and compares the bytes and the data of now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nevkg.ask import answer, days
from nevkg.ask.answer import Answer
from nevkg.ask.arguments import EVERYTHING
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.citation import Address, find_default, find_edition, read_address
from nevkg.ask.comparison import Comparison, compare_answers
from nevkg.ask.evaluation import LANGUAGE
from nevkg.data import terms
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.store import EmbeddedStore, Store, cache
from nevkg.store.releases import SUMS, Release, list_releases, open_release


class NotHere(CouldNotRun):
    """The edition of a citation is not on this machine."""


@dataclass(frozen=True)
class CitedAnswer:
    """The answer that a citation stands for.

    Attributes:
        cited: the address that was given.
        answer: the answer, from the data of its edition.
        program: the version of the program that made the release it is from; empty if it is from the data at hand.
    """

    cited: Address
    answer: Answer
    program: str = ""

    @property
    def address(self) -> str:
        """The address as it is to be written, with the digest of the document."""
        return self.answer.citation

    @property
    def document(self) -> bytes:
        """The document, as JSON."""
        return self.answer.document

    @property
    def is_same(self) -> bool:
        """Whether the document has the digest of the address; true if the address has none."""
        return not self.cited.digest or read_address(self.address).digest == self.cited.digest

    def compare(self, now: Store) -> Comparison:
        """Returns what differs in the data of now, asked with the same parameters and days.

        Args:
            now: the record of the data of now.

        Raises:
            WrongUsage: if the question, a parameter or a value no longer exists.
        """
        return compare_answers(self.answer, ask_address(now, self.cited, self.answer.language))


def resolve_citation(text: str, now: Store | None, places: Sequence[Path], language: str = terms.LANGUAGES[0]) -> CitedAnswer:
    """Answers a citation from the data at hand if that is its edition, else from a release.

    Args:
        text: the address; see ``read_address``.
        now: the record of the data at hand; None to look only for releases.
        places: releases, and folders of releases; see ``releases.find_places``.
        language: the language of labels.

    Raises:
        WrongUsage: if it is no address, or its question, a parameter or a value does not exist.
        NotHere: if there is no such edition.
        CouldNotRun: if the release cannot be opened.
    """
    address, first = read_address(text), None
    # The data at hand may have other questions than its release.
    for found in _answers(address, now, places, language):
        if found.is_same:
            return found
        first = first or found
    if first:
        return first
    version = address.edition.partition("+")[0]
    raise NotHere(
        f"The edition {address.edition} is not here: get release {version} of {terms.DATASET.rstrip('/')}, and open the citation with "
        "'nevkg cite --releases DIR', where DIR is the folder that has the release."
    )


def _answers(address: Address, now: Store | None, places: Sequence[Path], language: str) -> Iterator[CitedAnswer]:
    """Yields the answers of the data at hand and of each release of the edition."""
    if now is not None and find_edition(now) == address.edition and _covers(now.known_by, address):
        yield CitedAnswer(address, ask_address(now, address, language))
    for release in list_releases(places):
        if release.edition == address.edition and _covers(release.known_by, address):
            yield CitedAnswer(address, ask_address(_open(release), address, language), release.program)


def _open(release: Release) -> EmbeddedStore:
    sums = release.place / SUMS if release.place.is_dir() else release.place
    return _open_state(release, cache.fingerprint([sums]))


@lru_cache(maxsize=2)
def _open_state(release: Release, fingerprint: str) -> EmbeddedStore:  # noqa: ARG001  so that a replaced release is opened again
    return open_release(release)


def ask_address(record: Store, address: Address, language: str) -> Answer:
    """Asks the question of an address, with its parameters and days, whatever the edition of the record.

    Raises:
        WrongUsage: if the question, a parameter or a value does not exist.
    """
    question = load_catalogue(record.layout)[address.question]
    is_about_a_day = any(one.name == AS_OF for one in question.parameters)
    if address.as_of and not is_about_a_day:
        raise WrongUsage(f"The question '{question.name}' is not about a day; leave as_of out.")
    names = {name for name, _ in address.parameters}
    if LANGUAGE in names and all(one.name != LANGUAGE for one in question.parameters):
        raise WrongUsage(f"The question '{question.name}' has the same texts in all languages; leave language out.")
    # Of a record that leaves out sources the same ones are left out already, or fewer.
    store = days.record_known_by(record, address.known_by) if address.known_by else record
    return answer.ask(store, question, _read_values(store, question, address), as_of=address.as_of, language=language)


def _read_values(store: Store, question: Question, address: Address) -> dict[str, list[str]]:
    """Returns the values of an address as a user would type them; all parameters that it leaves out accept any.

    A default is left to the question: it may name an entity that the data does not have, as users may not. Only the language of
    texts is always given, since its default is the language of labels.
    """
    named: dict[str, list[str]] = {one.name: [] for one in question.parameters if one.name != AS_OF}
    for name, value in address.parameters:
        named[question.parameter(question.other_names.get(name, name)).name].append(value)
    return {
        one.name: named[one.name] or [EVERYTHING]
        for one in question.parameters
        if one.name in named
        and (one.name == LANGUAGE or not named[one.name] or set(named[one.name]) != set(find_default(store, question, one)))
    }


def _covers(known_by: str | None, address: Address) -> bool:
    """Whether data that leaves out the sources after a day has all that an address needs."""
    return known_by is None or (address.known_by is not None and address.known_by <= known_by)


def describe_difference(found: CitedAnswer) -> str:
    """Returns the sentence for an answer that is not the one that was cited."""
    now = read_address(found.address).digest
    made = f"; the release was made with version {found.program} of the program" if found.program else ""
    return f"The answer is not the one that was cited: its digest is {now}, not {found.cited.digest}{made}."
