"""Describes the changes between two states.

Statements by source, entities, merges, terms, and the effect on the current view and the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from pyoxigraph import BlankNode, Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import descriptions
from nevkg.lookup.descriptions import EpisodeDescription
from nevkg.publish.diff.delta import CURRENT, HISTORY, REGISTRY, SCHEMA, SOURCE, TYPE, Delta, is_statement
from nevkg.publish.diff.edits import Editor
from nevkg.publish.diff.model import Account, Change, EntityChange, EpisodeChange, HistoryChange, MergeChange, State
from nevkg.publish.diff.statements import changed_sources
from nevkg.publish.states import OpenedState

_DATASET = terms.DATASET.rstrip("/")
_REPLACED = NamedNode(terms.NEV + "replaced")
_NOTE = NamedNode(terms.NEV + "note")
_SUBJECT = NamedNode(terms.NEV + "subject")
_SOURCE_CLASS = NamedNode(terms.NEV + "Source")
_EPISODE_CLASS = NamedNode(terms.NEV + "Episode")


def describe_changes(delta: Delta, language: str) -> Account:
    """Describes the changes. Labels are in ``language`` where available."""
    editor = Editor(delta, language)
    sources, others = changed_sources(editor)
    merges = list(_merges(editor))
    covered = {iri for one in merges for iri in (one.old, one.judgement)}
    registered = [thing for thing in delta.subjects(REGISTRY) if thing.value not in covered]
    things = [*_things(editor, registered, REGISTRY), *_things(editor, others)]
    return Account(
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
        history=tuple(_history(editor)),
        description=tuple(thing for thing in things if thing.iri.startswith(_DATASET)),
    )


def _state(opened: OpenedState) -> State:
    store = opened.store.store
    sources = {quad.subject for quad in store.quads_for_pattern(None, TYPE, _SOURCE_CLASS)}
    statements = {quad.subject for quad in store.quads_for_pattern(None, SOURCE, None)}
    return State(opened.name, opened.version, opened.date, opened.digest, len(opened.quads), len(sources), len(statements))


def _things(editor: Editor, things: Iterable[NamedNode], *graphs: NamedNode, literally: bool = False) -> Iterator[EntityChange]:
    """Yields the entities that changed in these graphs (all if none is given).

    With ``literally``, merged entities count as different values, and the values of an entity are listed even if the
    entity itself was added or removed.
    """
    delta = editor.delta
    for thing in things:
        was, remains = (_is_there(state, thing, graphs) for state in (delta.before, delta.after))
        change: Change = "changed" if was and remains else "added" if remains else "removed"
        edits = editor.edits(thing, *graphs, literally=literally) if literally or change == "changed" else ()
        if change == "changed" and any(edit.property in terms.LABELS and edit.before for edit in edits):
            change = "renamed"
        if edits or change != "changed":
            yield EntityChange(change, thing.value, editor.name(thing.value), _kinds(editor, thing, graphs), edits)


def _is_there(state: OpenedState, thing: NamedNode, graphs: Iterable[NamedNode]) -> bool:
    return any(True for graph in tuple(graphs) or (None,) for _ in state.store.store.quads_for_pattern(thing, None, None, graph))


def _kinds(editor: Editor, thing: NamedNode, graphs: Iterable[NamedNode]) -> tuple[str, ...]:
    """Returns labels of the classes of an entity in these graphs, from the second state or otherwise the first."""
    for state in (editor.delta.after, editor.delta.before):
        kinds = {
            terms.text(quad.object)
            for graph in tuple(graphs) or (None,)
            for quad in state.store.store.quads_for_pattern(thing, TYPE, None, graph)
        }
        if kinds:
            return tuple(sorted(editor.name(kind) for kind in kinds))
    return ()


def _changed_terms(delta: Delta) -> list[NamedNode]:
    """Returns the terms that changed. The change may be only in an anonymous expression that describes a term."""
    found = {term.value: term for term in delta.subjects(*SCHEMA)}
    if any(isinstance(quad.subject, BlankNode) for quad in delta.changed):
        for state in (delta.before, delta.after):
            for graph in SCHEMA:
                for quad in state.store.store.quads_for_pattern(None, None, None, graph):
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
            judgement = next((quad.subject for quad in judged.store.store.quads_for_pattern(None, _REPLACED, NamedNode(old))), None)
            naming = {quad.subject for quad in apart.store.store.quads_for_pattern(None, None, NamedNode(old))}
            statements = sum(is_statement(apart, one) for one in naming if isinstance(one, NamedNode))
            note = _note(judged, judgement, editor.language) if isinstance(judgement, NamedNode) else ""
            iri = judgement.value if isinstance(judgement, NamedNode) else ""
            yield MergeChange(change, old, _name_apart(apart, old, editor), new, editor.name(new), iri, note, statements)


def _name_apart(state: OpenedState, iri: str, editor: Editor) -> str:
    """Returns the label of an entity in the state in which it is not merged; merged entities have no label."""
    return descriptions.make_namer(state.store, [iri], editor.language)(iri)


def _note(state: OpenedState, thing: NamedNode, language: str) -> str:
    notes = [quad.object for quad in state.store.store.quads_for_pattern(thing, _NOTE, None) if isinstance(quad.object, Literal)]
    return min(((note.language != language, note.value) for note in notes), default=(False, ""))[1]


def _history(editor: Editor) -> Iterator[HistoryChange]:
    delta = editor.delta
    spells, about = list[dict[str, EpisodeDescription]](), dict[str, str]()
    for state in (delta.before, delta.after):
        store = state.store.store
        episodes = [one for one in delta.subjects(HISTORY) if any(True for _ in store.quads_for_pattern(one, TYPE, _EPISODE_CLASS))]
        for episode in episodes:
            about[episode.value] = next(terms.text(quad.object) for quad in store.quads_for_pattern(episode, _SUBJECT, None))
        spells.append(descriptions.describe_episodes(state.store, (episode.value for episode in episodes), editor.language))
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
            scope = (mark for mark in spell.marks if mark not in descriptions.MARKS)
            found[about[iri], spell.property, spell.value, *scope].append(spell)
    return found
