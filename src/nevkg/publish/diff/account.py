"""Describes the changes between two states.

Statements by source, entities, merges, terms, and the effect on the current view and the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from pyoxigraph import BlankNode, Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import descriptions, entities
from nevkg.lookup.descriptions import EpisodeDescription
from nevkg.lookup.labels import Names
from nevkg.lookup.sources import describe_sources
from nevkg.publish.diff.delta import CURRENT, HISTORY, REGISTRY, SCHEMA, SOURCE, TYPE, Delta, is_statement
from nevkg.publish.diff.differences import (
    Change,
    ComparedState,
    DataDiff,
    EntityChange,
    EpisodeChange,
    HistoryChange,
    MergeChange,
    PropertyChange,
    SourceChange,
    StatementChange,
)
from nevkg.publish.states import OpenedState
from nevkg.store import Store
from nevkg.words import words_of

_FIRST = NamedNode(terms.RDF + "first")
_REST = NamedNode(terms.RDF + "rest")
_END = terms.RDF + "nil"
# Labels for terms that neither the ontology nor the imported extracts label.
_WORDS = words_of("publish.diff.account")
_OWN = {terms.RDF + "type": "type", terms.RDFS + "label": "label", terms.RDFS + "subClassOf": "subClassOf"}
_PROPERTY = terms.NEV + "property"
_NOT_OF_SOURCES = {HISTORY, CURRENT, REGISTRY, *SCHEMA}
Facts = frozenset[tuple[str, str]]
_DATASET = terms.DATASET.rstrip("/")
_REPLACED = NamedNode(terms.NEV + "replaced")
_NOTE = NamedNode(terms.NEV + "note")
_SUBJECT = NamedNode(terms.NEV + "subject")
_SOURCE_CLASS = NamedNode(terms.NEV + "Source")
_EPISODE_CLASS = NamedNode(terms.NEV + "Episode")


@dataclass
class Editor:
    """Finds edits between two states and formats them as text."""

    delta: Delta
    language: str

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Labels of all IRIs in the changed quads, from the second state or otherwise the first. One query is faster than many."""
        changed = self.delta.changed
        iris = {terms.text(term) for quad in changed for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, NamedNode)}
        return self._look_up(iris)

    def _look_up(self, iris: set[str]) -> dict[str, str]:
        before, after = (entities.labels(state.store, iris, self.language) for state in (self.delta.before, self.delta.after))
        return before | after | {iri: _WORDS[self.language][name] for iri, name in _OWN.items() if iri in iris}

    def name(self, iri: str) -> str:
        """Returns the label of an entity in the second state, otherwise in the first, otherwise its prefixed name."""
        if iri not in self._labels:
            short = terms.shorten(iri, terms.prefixes(self.delta.after.store.layout.ontology))
            self._labels[iri] = self._look_up({iri}).get(iri) or short
        return self._labels[iri]

    def edits(self, thing: NamedNode, *graphs: NamedNode, literally: bool = False) -> tuple[PropertyChange, ...]:
        """Returns the edits of an entity, sorted by property.

        Args:
            graphs: the graphs to compare; all if none is given.
            literally: whether an entity and the one that it was merged into count as different values.
        """
        delta = self.delta
        before = self._values(delta.before, thing, graphs, {} if literally else delta.merged)
        after = self._values(delta.after, thing, graphs, {} if literally else delta.unmerged)
        edits = []
        for key in sorted(before.keys() | after.keys()):
            old, new = (values.get(key, {}) for values in (before, after))
            removed, added = (tuple(sorted(own[value] for value in own.keys() - other.keys())) for own, other in ((old, new), (new, old)))
            if removed or added:
                name, language = key
                edits.append(PropertyChange(name, f"{self.name(name)} ({language})" if language else self.name(name), removed, added))
        return tuple(sorted(edits, key=lambda edit: (edit.name, edit.property)))

    def _values(
        self, state: OpenedState, thing: NamedNode, graphs: Iterable[NamedNode], same: Mapping[str, str]
    ) -> dict[tuple[str, str], dict[str, str]]:
        """Returns (property, language) to the values of an entity, each as a key for comparison to the text to show."""
        values: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for quad in state.find(thing, None, None, *graphs):
            language = quad.object.language or "" if isinstance(quad.object, Literal) else ""
            key, text = self._value(state, quad.object, same)
            values[quad.predicate.value, language][key] = text
        return values

    def _value(self, state: OpenedState, term: terms.Term, same: Mapping[str, str]) -> tuple[str, str]:
        if isinstance(term, NamedNode):
            current = same.get(term.value, term.value)
            return f"<{current}>", self.name(term.value)
        if isinstance(term, BlankNode):
            return self._expression(state, term, same)
        return str(term), terms.text(term)

    def _expression(self, state: OpenedState, node: BlankNode, same: Mapping[str, str]) -> tuple[str, str]:
        """Returns the key and the text of an anonymous OWL expression, composed of its parts. Such expressions are trees."""
        parts = list(state.find(node))
        items = [quad.object for quad in parts if quad.predicate == _FIRST]
        if items:
            rest = next(quad.object for quad in parts if quad.predicate == _REST)
            following = ("", "") if terms.text(rest) == _END else self._value(state, rest, same)
            key, text = (
                ", ".join(part for part in pair if part) for pair in zip(self._value(state, items[0], same), following, strict=True)
            )
            return key, text
        facts = sorted((quad.predicate.value, *self._value(state, quad.object, same)) for quad in parts if quad.predicate != TYPE)
        keys = "; ".join(f"<{name}> {key}" for name, key, _ in facts)
        words = "; ".join(f"{self.name(name)}: {text}" for name, _, text in facts)
        return f"[{keys}]", f"[{words}]"


def changed_sources(editor: Editor) -> tuple[list[SourceChange], list[NamedNode]]:
    """Returns the changed sources with their changed statements, sorted by IRI, and other changed subjects in their graphs.

    Other subjects are, for example, passages. Those of a source that was added or removed as a whole are omitted.
    """
    delta = editor.delta
    graphs = {quad.graph_name for quad in delta.changed} - _NOT_OF_SOURCES
    touched = delta.subjects(*(graph for graph in graphs if isinstance(graph, NamedNode)))
    removed, added, common = list[NamedNode](), list[NamedNode](), list[NamedNode]()
    sources, others = list[NamedNode](), list[NamedNode]()
    for subject in touched:
        was, remains = is_statement(delta.before, subject), is_statement(delta.after, subject)
        if was or remains:
            (common if was and remains else added if remains else removed).append(subject)
        else:
            (sources if subject.value.startswith(terms.SOURCE) else others).append(subject)
    changes = _statements(editor, removed, added, common)
    iris = sorted(changes.keys() | {source.value for source in sources})
    before, after = (
        {source.iri: source for source in describe_sources(state.store, iris, editor.language)} for state in (delta.before, delta.after)
    )
    changed = []
    for iri in iris:
        source = NamedNode(iri)
        was, remains = (state.has(source, TYPE) for state in (delta.before, delta.after))
        change: Change | None = "added" if remains and not was else "removed" if was and not remains else None
        edits = () if change else editor.edits(source)
        if change or edits or changes.get(iri):
            changed.append(
                SourceChange(
                    change or ("changed" if edits else None),
                    (before if change == "removed" else after)[iri],
                    edits,
                    tuple(changes.get(iri, ())),
                )
            )
    whole = {source.source.iri.removeprefix(terms.SOURCE) for source in changed if source.change in ("added", "removed")}
    return changed, [other for other in others if not _graphs_of(editor, other) <= {terms.graph(slug) for slug in whole}]


def _graphs_of(editor: Editor, thing: NamedNode) -> set[str]:
    states = (editor.delta.before, editor.delta.after)
    return {terms.text(quad.graph_name) for state in states for quad in state.find(thing)}


def _statements(
    editor: Editor, removed: Iterable[NamedNode], added: Iterable[NamedNode], common: Iterable[NamedNode]
) -> dict[str, list[StatementChange]]:
    """Returns the IRI of each source to its changed statements, in reading order."""
    delta = editor.delta
    edits = {statement.value: found for statement in common if (found := editor.edits(statement, *_own_graphs(editor, statement)))}
    before = descriptions.describe(delta.before.store, [*(statement.value for statement in removed), *edits], editor.language)
    after = descriptions.describe(delta.after.store, [*(statement.value for statement in added), *edits], editor.language)
    old_facts = {statement.value: _facts(delta.before, statement, delta.merged) for statement in removed}
    partners = match_statements(old_facts, {statement.value: _facts(delta.after, statement, delta.unmerged) for statement in added})
    taken = set(partners.values())
    changes = [StatementChange("changed", before[statement], after[statement], found) for statement, found in edits.items()]
    changes += [StatementChange("changed", before[old], after[other]) for old, other in partners.items()]
    changes += [StatementChange("removed", before[statement.value], None) for statement in removed if statement.value not in partners]
    changes += [StatementChange("added", None, after[statement.value]) for statement in added if statement.value not in taken]
    by_source: dict[str, list[StatementChange]] = defaultdict(list)
    for change in sorted(changes, key=_reading_order):
        by_source[change.latest.source].append(change)
    return by_source


def _own_graphs(editor: Editor, statement: NamedNode) -> list[NamedNode]:
    """Returns the graphs in which a source makes a statement. What rules add to it elsewhere is not a change by the source."""
    return [NamedNode(graph) for graph in sorted(_graphs_of(editor, statement)) if NamedNode(graph) not in _NOT_OF_SOURCES]


def _facts(state: OpenedState, statement: NamedNode, same: Mapping[str, str]) -> Facts:
    """Returns the properties and values of a statement; merged entities count as one."""
    found = ((quad.predicate.value, terms.text(quad.object)) for quad in state.find(statement))
    return frozenset((name, same.get(value, value)) for name, value in found)


def match_statements(removed: Mapping[str, Facts], added: Mapping[str, Facts]) -> dict[str, str]:
    """Matches removed statements with the added ones that replace them, most similar pairs first.

    The IRI of a statement is computed from its content, so a corrected statement appears as one removed and one added.
    Two match if they have the same source, class, subject and property.

    Args:
        removed: IRI to facts.
        added: IRI to facts.

    Returns:
        IRI of a removed statement to the IRI of its replacement.
    """
    by_key: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for iri, facts in added.items():
        if (key := _key(facts)) is not None:
            by_key[key].append(iri)
    candidates = sorted(
        (-len(facts & added[other]), old, other)
        for old, facts in removed.items()
        if (key := _key(facts)) is not None
        for other in by_key.get(key, ())
    )
    found: dict[str, str] = {}
    taken = set[str]()
    for _, old, other in candidates:
        if old not in found and other not in taken:
            found[old] = other
            taken.add(other)
    return found


def _key(facts: Facts) -> tuple[str, ...] | None:
    values: dict[str, str] = {}
    for name, value in sorted(facts):
        values.setdefault(name, value)
    if _SUBJECT.value not in values:
        return None
    return values[SOURCE.value], values.get(TYPE.value, ""), values[_SUBJECT.value], values.get(_PROPERTY, "")


def _reading_order(change: StatementChange) -> tuple[str, ...]:
    statement = change.latest
    return statement.subject, statement.property, statement.when, statement.value, statement.iri


def describe_changes(delta: Delta, language: str, snapshots: Sequence[Store | None] = (None, None)) -> DataDiff:
    """Describes the changes. Labels are in ``language`` where available.

    Args:
        delta: the two states.
        language: the language of labels.
        snapshots: those of the two states, for the standing of episodes on their day; None for no standing.
    """
    editor = Editor(delta, language)
    sources, others = changed_sources(editor)
    merges = list(_merges(editor))
    covered = {iri for merge in merges for iri in (merge.old, merge.judgement)}
    registered = [thing for thing in delta.subjects(REGISTRY) if thing.value not in covered]
    things = [*_things(editor, registered, REGISTRY), *_things(editor, others)]
    return DataDiff(
        before=_state(delta.before),
        after=_state(delta.after),
        language=language,
        removed=len(delta.removed),
        added=len(delta.added),
        sources=tuple(sources),
        merges=tuple(merges),
        things=tuple(thing for thing in things if not thing.iri.startswith(_DATASET)),
        terms=tuple(_things(editor, _changed_terms(delta), *SCHEMA)),
        current=tuple(_things(editor, delta.subjects(CURRENT), CURRENT, literally=True)),
        history=tuple(_history(editor, snapshots)),
        description=tuple(thing for thing in things if thing.iri.startswith(_DATASET)),
    )


def _state(opened: OpenedState) -> ComparedState:
    sources = {quad.subject for quad in opened.find(None, TYPE, _SOURCE_CLASS)}
    statements = {quad.subject for quad in opened.find(None, SOURCE)}
    return ComparedState(opened.name, opened.version, opened.date, opened.digest, len(opened.store.store), len(sources), len(statements))


def _things(editor: Editor, things: Iterable[NamedNode], *graphs: NamedNode, literally: bool = False) -> Iterator[EntityChange]:
    """Yields the entities that changed in these graphs (all if none is given).

    With ``literally``, merged entities count as different values, and the values of an entity are listed even if the
    entity itself was added or removed.
    """
    delta = editor.delta
    for thing in things:
        was, remains = (state.has(thing, None, *graphs) for state in (delta.before, delta.after))
        change: Change = "changed" if was and remains else "added" if remains else "removed"
        edits = editor.edits(thing, *graphs, literally=literally) if literally or change == "changed" else ()
        if change == "changed" and any(edit.property in terms.LABELS and edit.before for edit in edits):
            change = "renamed"
        if edits or change != "changed":
            yield EntityChange(change, thing.value, editor.name(thing.value), _kinds(editor, thing, graphs), edits)


def _kinds(editor: Editor, thing: NamedNode, graphs: Iterable[NamedNode]) -> tuple[str, ...]:
    """Returns labels of the classes of an entity in these graphs, from the second state or otherwise the first."""
    for state in (editor.delta.after, editor.delta.before):
        if kinds := {terms.text(quad.object) for quad in state.find(thing, TYPE, None, *graphs)}:
            return tuple(sorted(editor.name(kind) for kind in kinds))
    return ()


def _changed_terms(delta: Delta) -> list[NamedNode]:
    """Returns the terms that changed. The change may be only in an anonymous expression that describes a term."""
    found = {term.value: term for term in delta.subjects(*SCHEMA)}
    if any(isinstance(quad.subject, BlankNode) for quad in delta.changed):
        for state in (delta.before, delta.after):
            for quad in state.find(None, None, None, *SCHEMA):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, BlankNode):
                    found[quad.subject.value] = quad.subject
    return [found[iri] for iri in sorted(found)]


def _merges(editor: Editor) -> Iterator[MergeChange]:
    delta = editor.delta
    directions: tuple[tuple[Change, dict[str, str], OpenedState, OpenedState], ...] = (
        ("added", delta.merged, delta.after, delta.before),
        ("removed", delta.unmerged, delta.before, delta.after),
    )
    for change, replacements, judged, apart in directions:
        for old, new in sorted(replacements.items()):
            judgement = next((quad.subject for quad in judged.find(None, _REPLACED, NamedNode(old))), None)
            naming = {quad.subject for quad in apart.find(None, None, NamedNode(old))}
            statements = sum(is_statement(apart, subject) for subject in naming if isinstance(subject, NamedNode))
            note = _note(judged, judgement, editor.language) if isinstance(judgement, NamedNode) else ""
            iri = judgement.value if isinstance(judgement, NamedNode) else ""
            yield MergeChange(change, old, _name_apart(apart, old, editor), new, editor.name(new), iri, note, statements)


def _name_apart(state: OpenedState, iri: str, editor: Editor) -> str:
    """Returns the label of an entity in the state in which it is not merged; merged entities have no label."""
    return Names(state.store, editor.language).thing(iri).text


def _note(state: OpenedState, thing: NamedNode, language: str) -> str:
    notes = [quad.object for quad in state.find(thing, _NOTE) if isinstance(quad.object, Literal)]
    return min(((note.language != language, note.value) for note in notes), default=(False, ""))[1]


def _history(editor: Editor, snapshots: Sequence[Store | None]) -> Iterator[HistoryChange]:
    delta = editor.delta
    spells, about = list[dict[str, EpisodeDescription]](), dict[str, str]()
    for state, snapshot in zip((delta.before, delta.after), snapshots, strict=True):
        episodes = [episode for episode in delta.subjects(HISTORY) if any(True for _ in state.find(episode, TYPE, _EPISODE_CLASS))]
        for episode in episodes:
            about[episode.value] = next(terms.text(quad.object) for quad in state.find(episode, _SUBJECT))
        spells.append(descriptions.describe_episodes(state.store, [episode.value for episode in episodes], editor.language, snapshot))
    before, after = spells
    # An episode that is now based on other statements, but reads the same, is unchanged.
    unchanged = {iri for iri in before.keys() & after.keys() if before[iri] == after[iri]}
    was, now = (_group_episodes(about, state_spells, unchanged) for state_spells in spells)
    of_thing: dict[str, list[EpisodeChange]] = defaultdict(list)
    for key in sorted(was.keys() | now.keys()):
        for old, new in zip_longest(was.get(key, ()), now.get(key, ())):
            of_thing[key[0]].append(EpisodeChange("changed" if old and new else "added" if new else "removed", old, new))
    for iri, changes in of_thing.items():
        yield HistoryChange(iri, editor.name(iri), tuple(changes))


def _group_episodes(
    about: dict[str, str], spells: dict[str, EpisodeDescription], skipped: set[str]
) -> dict[tuple[str, ...], list[EpisodeDescription]]:
    """Groups episodes by entity, property, value and scope, in order of time.

    So an episode with another beginning or end is a change, not a removal and an addition.
    """
    found: dict[tuple[str, ...], list[EpisodeDescription]] = defaultdict(list)
    for iri, spell in spells.items():
        if iri not in skipped:
            scope = spell.notes()
            found[about[iri], spell.property, spell.value, *scope].append(spell)
    return found
