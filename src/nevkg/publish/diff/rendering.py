"""Formats a description of changes for people: as plain text, Markdown or HTML."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nevkg import view
from nevkg.data import terms
from nevkg.lookup.descriptions import StatementDescription
from nevkg.publish.diff.differences import (
    ComparedState,
    DataDiff,
    EntityChange,
    EpisodeChange,
    MergeChange,
    PropertyChange,
    SourceChange,
    StatementChange,
)
from nevkg.view import Part, episode_line, statement_line
from nevkg.words import words_of

FORMATS = {"words": "text", "md": "md", "html": "html"}

_WORDS = words_of("publish.diff.rendering")
# Number of characters of a digest that citations show.
_SHOWN_OF_DIGEST = 16
# The properties of an episode that may change while its value stays.
_CHANGING = ("since", "until", "last_confirmed", "standing", "witnesses")
_CHANGES = ("added", "removed", "changed", "renamed")


def format_account(account: DataDiff, format_name: str, namespaces: Mapping[str, str]) -> str:
    """Formats a description of changes.

    Args:
        format_name: one of ``FORMATS``.
    """
    whole = _Writer(account, dict(namespaces)).whole()
    return "\n".join(view.FORMATS[FORMATS[format_name]](whole)).rstrip() + "\n"


class _Writer:
    """Writes the sections of a description of changes."""

    def __init__(self, account: DataDiff, namespaces: dict[str, str]):
        self.account = account
        self.namespaces = namespaces
        self.words = _WORDS[account.language]

    def whole(self) -> Part:
        """Returns the whole description, without sections that would be empty."""
        account, words = self.account, self.words
        title = words["title"].format(before=account.before.name, after=account.after.name)
        whole = Part(title, [self._state(account.before), self._state(account.after)])
        if not account.removed and not account.added:
            whole.lines.append(words["nothing"])
            return whole
        whole.parts = [
            Part(words["summary"], list(self._summary())),
            Part(words["said"], parts=[self._source(source) for source in account.sources]),
            Part(words["merged"], [self._merge(merge) for merge in account.merges]),
            Part(words["registry"], [self.thing(thing) for thing in account.things]),
            Part(words["schema"], [self.thing(term) for term in account.terms]),
            Part(
                words["current"],
                parts=[Part(self._marked_title(thing), [_edit(edit) for edit in thing.edits]) for thing in account.current],
            ),
            Part(
                words["history"],
                parts=[
                    Part(f"{thing.name} ({self._short(thing.iri)})", [self._episode(episode) for episode in thing.episodes])
                    for thing in account.history
                ],
            ),
            Part(words["description"], [self.thing(thing) for thing in account.description]),
        ]
        whole.parts = [part for part in whole.parts if part.lines or part.parts]
        return whole

    def _state(self, state: ComparedState) -> str:
        return self.words["state"].format(
            name=state.name,
            version=state.version or "?",
            date=state.date or "?",
            digest=state.digest[:_SHOWN_OF_DIGEST],
            triples=state.triples,
            sources=state.sources,
            statements=state.statements,
        )

    def _summary(self) -> Iterator[str]:
        account, words = self.account, self.words
        statements = list(account.statements)
        by_kind: dict[str, Counter[str]] = defaultdict(Counter)
        for statement in statements:
            by_kind[statement.latest.kind][statement.change] += 1
        kinds = "; ".join(f"{kind}: {self._count(by_kind[kind])}" for kind in sorted(by_kind))
        yield self._count_changes("statements", statements) + (f" ({kinds})" if kinds else "")
        yield self._count_changes("sources", [source for source in account.sources if source.change])
        yield self._count_changes("things", account.things)
        yield self._count_changes("merges", account.merges)
        yield self._count_changes("terms", account.terms)
        facts = Counter[str]()
        for thing in account.current:
            for edit in thing.edits:
                facts.update(added=len(edit.after), removed=len(edit.before))
        yield f"{words['facts']}: {self._of_things(facts, len(account.current))}"
        episodes = Counter[str](episode.change for thing in account.history for episode in thing.episodes)
        yield f"{words['episodes']}: {self._of_things(episodes, len(account.history))}"
        yield f"{words['triples']}: {self._count(Counter(added=account.added, removed=account.removed))}"

    def _count_changes(self, what: str, changed: Iterable[StatementChange | SourceChange | EntityChange | MergeChange]) -> str:
        return f"{self.words[what]}: {self._count(Counter(str(change.change) for change in changed))}"

    def _count(self, counts: Mapping[str, int]) -> str:
        words = self.words
        parts = [words["count"].format(count=counts[change], change=words[change]) for change in _CHANGES if counts.get(change)]
        return ", ".join(parts) or words["none"]

    def _of_things(self, counts: Mapping[str, int], things: int) -> str:
        return self.words["of things"].format(count=self._count(counts), things=things) if things else self.words["none"]

    def _source(self, changed: SourceChange) -> Part:
        mark = f"{self.words[changed.change]} · " if changed.change else ""
        lines = [_edit(edit) for edit in changed.edits]
        return Part(f"{mark}{changed.source}", lines + [self.statement(statement) for statement in changed.statements])

    def statement(self, changed: StatementChange) -> str:
        """Returns a changed statement on one line."""
        language, before, after = self.account.language, changed.before, changed.after
        statement = changed.latest
        head = " · ".join(part for part in (self.words[changed.change], statement.subject, statement.property) if part)
        if before and after and not changed.edits:
            # Qualifiers and text that are the same on both sides are written once.
            same = (before.qualifiers, before.text) == (after.qualifiers, after.text)
            old = " ".join(part for part in (before.when, before.value) if part) if same else _line(before, language)
            return f"{head}: {old} → {_line(after, language)}"
        return "; ".join((f"{head}: {_line(statement, language)}", *(_edit(edit) for edit in changed.edits)))

    def _merge(self, merge: MergeChange) -> str:
        old, new = (f"{name} ({self._short(iri)})" for name, iri in ((merge.old_name, merge.old), (merge.new_name, merge.new)))
        words = self.words["is apart" if merge.change == "removed" else "is now"].format(old=old, new=new, count=merge.statements)
        return f"{words} — {merge.note}" if merge.note else words

    def thing(self, thing: EntityChange) -> str:
        """Returns a changed entity on one line."""
        kinds = f" · {', '.join(thing.kinds)}" if thing.kinds else ""
        edits = f": {_edits(thing.edits)}" if thing.edits else ""
        return f"{self.words[thing.change]} · {self._title(thing)}{kinds}{edits}"

    def _marked_title(self, thing: EntityChange) -> str:
        mark = "" if thing.change in ("changed", "renamed") else f"{self.words[thing.change]} · "
        return mark + self._title(thing)

    def _title(self, thing: EntityChange) -> str:
        short = self._short(thing.iri)
        return f"{thing.name} ({short})" if thing.name not in (short, thing.iri) else short

    def _episode(self, changed: EpisodeChange) -> str:
        lines = [episode_line(spell, self.account.language) for spell in (changed.before, changed.after) if spell]
        return f"{self.words[changed.change]} · {' → '.join(lines)}"

    def _short(self, iri: str) -> str:
        return terms.shorten(iri, self.namespaces)


def _line(statement: StatementDescription, language: str) -> str:
    return statement_line(replace(statement, subject=""), language)


def _edits(edits: Iterable[PropertyChange]) -> str:
    return "; ".join(_edit(edit) for edit in edits)


def _edit(edit: PropertyChange) -> str:
    if len(edit.before) == len(edit.after) == 1:
        return f"{edit.name}: {edit.before[0]} → {edit.after[0]}"
    values = [f"− {value}" for value in edit.before] + [f"+ {value}" for value in edit.after]
    return f"{edit.name} {', '.join(values)}"


def list_changes_of_facts(account: DataDiff, namespaces: Mapping[str, str]) -> Iterator[str]:
    """Yields a line for each statement and entity that changed."""
    writer = _Writer(account, dict(namespaces))
    for statement in account.statements:
        yield writer.statement(statement)
    for thing in account.things:
        yield writer.thing(thing)


def list_changes_of_answers(account: DataDiff) -> Iterator[str]:
    """Yields a line for each episode that changed, with what changed of it: ``Plant P: status: working: stale → reported``."""
    words = _WORDS[account.language]
    for thing in account.history:
        for change in thing.episodes:
            old, new = change.before, change.after
            if old and new:
                pairs = [(words[name], getattr(old, name), getattr(new, name)) for name in _CHANGING]
                edits = [f"{word}{words['colon']}{was or '–'} → {now or '–'}" for word, was, now in pairs if was != now]
                what = f"{new.property}{words['colon']}{new.value} — {'; '.join(edits)}"
                yield f"{thing.name}{words['colon']}{what}"
            elif spell := new or old:
                yield f"{thing.name}{words['colon']}{words[change.change]} · {episode_line(spell, account.language)}"
