"""Compares answers, and resolves citations: the answer that an address stands for, and what has changed since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nevkg.ask import answer, days
from nevkg.ask.answer import Answer
from nevkg.ask.arguments import EVERYTHING, find_default, shorten_terms
from nevkg.ask.catalogue import AS_OF, Question, load_catalogue
from nevkg.ask.citation import Address, find_edition, read_address
from nevkg.ask.evaluation import LANGUAGE
from nevkg.data import terms
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.store import EmbeddedStore, Store, cache
from nevkg.store.releases import SUMS, Release, list_releases, open_release
from nevkg.table.table import Table
from nevkg.table.values import to_machine_text, to_text
from nevkg.words import words_of

# The cells of a row that identify it in words.
_NAMED = 3
_WORDS = words_of("ask.comparison")


@dataclass(frozen=True)
class Edit:
    """A changed cell: the label of its column, and its text before and after; empty for an empty cell."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """A row that is in both answers, with its changed cells."""

    row: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs between two answers; rows are in words.

    Attributes:
        added: the rows that only the second answer has.
        gone: the rows that only the first answer has.
        changed: the rows whose first cell and at least half of the others agree.
        statements_added: the number of statements that support only the second answer.
        statements_gone: the number of those that support only the first.
        columns: the names of the columns that only one of them has, which are not compared.
        language: the language of the words.
    """

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[RowChange, ...]
    statements_added: int
    statements_gone: int
    columns: tuple[str, ...]
    language: str

    @property
    def summary(self) -> list[str]:
        """The number of changes, in sentences."""
        words = _WORDS[self.language]
        counts = {"added": len(self.added), "gone": len(self.gone), "changed": len(self.changed)}
        lines = [words["counts"].format(**counts) if any(counts.values()) else words["same"]]
        if self.statements_added or self.statements_gone:
            lines.append(words["statements"].format(added=self.statements_added, gone=self.statements_gone))
        if self.columns:
            lines.append(words["columns"].format(names=words["comma"].join(self.columns)))
        return lines

    @property
    def details(self) -> list[tuple[str, str]]:
        """Each change as a sign (``+``, ``−`` or ``→``) and its words."""
        words = _WORDS[self.language]

        def describe(edit: Edit) -> str:
            return words["of"].format(column=edit.column, before=edit.before or words["none"], after=edit.after or words["none"])

        changed = [("→", change.row + words["colon"] + words["comma"].join(map(describe, change.edits))) for change in self.changed]
        return [*(("+", row) for row in self.added), *(("−", row) for row in self.gone), *changed]

    def __str__(self) -> str:
        return "\n".join([*self.summary, *(f"  {sign} {text}" for sign, text in self.details)])


def compare_answers(before: Table, after: Table) -> Comparison:
    """Returns what changed from one answer to another, in the language of the second."""
    shared = [name for name in after.names if name in before.names]
    old, new = ([tuple(to_machine_text(row[name]) for name in shared) for row in table] for table in (before, after))
    gone, added = _only(old, new), _only(new, old)
    pairs = _pair(old, gone, new, added)
    labels = {column.name: column.label.get(after.language, column.name) for column in after.columns}

    def describe_edits(first: int, second: int) -> tuple[Edit, ...]:
        differ = [name for name, one, other in zip(shared, old[first], new[second], strict=True) if one != other]
        texts = [[to_text(row[name]) for row in (before[first], after[second])] for name in differ]
        return tuple(Edit(labels[name], *both) for name, both in zip(differ, texts, strict=True))

    statements = [{ground.statement for found in table.evidence.grounds.values() for ground in found} for table in (before, after)]
    return Comparison(
        tuple(_name(after, row) for row in added if row not in pairs.values()),
        tuple(_name(before, row) for row in gone if row not in pairs),
        tuple(RowChange(_name(after, second), describe_edits(first, second)) for first, second in pairs.items()),
        len(statements[1] - statements[0]),
        len(statements[0] - statements[1]),
        tuple(name for name in dict.fromkeys([*before.names, *after.names]) if name not in shared),
        after.language,
    )


def _only(rows: Sequence[tuple[str, ...]], others: Iterable[tuple[str, ...]]) -> list[int]:
    """Returns the numbers of the rows that others lack, counting repeated rows."""
    left, found = Counter(others), []
    for number, row in enumerate(rows):
        if left[row]:
            left[row] -= 1
        else:
            found.append(number)
    return found


def _pair(old: Sequence[tuple[str, ...]], gone: Sequence[int], new: Sequence[tuple[str, ...]], added: Sequence[int]) -> dict[int, int]:
    """Pairs rows that agree in their first cell and in at least half of all cells, the most similar first."""
    candidates: dict[str, list[int]] = defaultdict(list)
    for number in added:
        candidates[new[number][0] if new[number] else ""].append(number)
    scored = [
        (-sum(one == other for one, other in zip(old[first], new[second], strict=True)), first, second)
        for first in gone
        for second in candidates.get(old[first][0] if old[first] else "", ())
    ]
    pairs: dict[int, int] = {}
    for score, first, second in sorted(scored):
        if first not in pairs and second not in pairs.values() and -2 * score >= len(old[first]):
            pairs[first] = second
    return pairs


def _name(table: Table, number: int) -> str:
    """Returns a row in words: its first cells that are not empty, those that the question shows first if it says so."""
    texts = [to_text(table[number][name]) for name in table.brief or table.names]
    return " · ".join([text for text in texts if text][:_NAMED])


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

    Raises:
        WrongUsage: if it is no address, or its question, a parameter or a value does not exist.
        NotHere: if there is no such edition.
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
    """Asks the question of an address, with its parameters and days, whatever the edition of the record."""
    question = load_catalogue(record.layout)[address.question]
    is_about_a_day = any(parameter.name == AS_OF for parameter in question.parameters)
    if address.as_of and not is_about_a_day:
        raise WrongUsage(f"The question '{question.name}' is not about a day; leave as_of out.")
    names = {name for name, _ in address.parameters}
    if LANGUAGE in names and all(parameter.name != LANGUAGE for parameter in question.parameters):
        raise WrongUsage(f"The question '{question.name}' has the same texts in all languages; leave language out.")
    # Of a record that leaves out sources the same ones are left out already, or fewer.
    store = days.record_known_by(record, address.known_by) if address.known_by else record
    return answer.ask(store, question, _read_values(store, question, address), as_of=address.as_of, language=language)


def _read_values(store: Store, question: Question, address: Address) -> dict[str, list[str]]:
    """Returns the values of an address as a user would type them; all parameters that it leaves out accept any.

    A default is left to the question: it may name an entity that the data does not have, as users may not. Only the language of
    texts is always given, since its default is the language of labels.
    """
    named: dict[str, list[str]] = {parameter.name: [] for parameter in question.parameters if parameter.name != AS_OF}
    for name, value in address.parameters:
        named[question.parameter(question.other_names.get(name, name)).name].append(value)
    return {
        parameter.name: named[parameter.name] or [EVERYTHING]
        for parameter in question.parameters
        if parameter.name in named
        and (
            parameter.name == LANGUAGE
            or not named[parameter.name]
            or set(named[parameter.name]) != set(shorten_terms(store, find_default(store, question, parameter)))
        )
    }


def _covers(known_by: str | None, address: Address) -> bool:
    """Whether data that leaves out the sources after a day has all that an address needs."""
    return known_by is None or (address.known_by is not None and address.known_by <= known_by)


def describe_difference(found: CitedAnswer) -> str:
    """Returns the sentence for an answer that is not the one that was cited."""
    now = read_address(found.address).digest
    made = f"; the release was made with version {found.program} of the program" if found.program else ""
    return f"The answer is not the one that was cited: its digest is {now}, not {found.cited.digest}{made}."
