"""Compares the statements of sources in two states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from nevkg.data import terms
from nevkg.lookup import descriptions
from nevkg.lookup.sources import describe_sources
from nevkg.publish.diff.delta import CURRENT, HISTORY, REGISTRY, SCHEMA, SOURCE, TYPE, is_statement
from nevkg.publish.diff.edits import Editor
from nevkg.publish.diff.model import Change, SourceChange, StatementChange
from nevkg.publish.states import OpenedState

_SUBJECT = terms.NEV + "subject"
_PROPERTY = terms.NEV + "property"
_NOT_OF_SOURCES = {HISTORY, CURRENT, REGISTRY, *SCHEMA}

Facts = frozenset[tuple[str, str]]


def changed_sources(editor: Editor) -> tuple[list[SourceChange], list[NamedNode]]:
    """Returns the changed sources with their changed statements, sorted by IRI, and other changed subjects in their graphs.

    Other subjects are, for example, passages. Those of a source that was added or removed as a whole are omitted.
    """
    delta = editor.delta
    graphs = {quad.graph_name for quad in delta.changed} - _NOT_OF_SOURCES
    touched = delta.subjects(*(graph for graph in graphs if isinstance(graph, NamedNode)))
    removed, added, common = list[NamedNode](), list[NamedNode](), list[NamedNode]()
    sources, others = list[NamedNode](), list[NamedNode]()
    for one in touched:
        was, remains = is_statement(delta.before, one), is_statement(delta.after, one)
        if was or remains:
            (common if was and remains else added if remains else removed).append(one)
        else:
            (sources if one.value.startswith(terms.SOURCE) else others).append(one)
    changes = _statements(editor, removed, added, common)
    iris = sorted(changes.keys() | {source.value for source in sources})
    before, after = (
        {one.iri: one for one in describe_sources(state.store, iris, editor.language)} for state in (delta.before, delta.after)
    )
    changed = []
    for iri in iris:
        source = NamedNode(iri)
        was, remains = (_has_type(state, source) for state in (delta.before, delta.after))
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
    whole = {one.source.iri.removeprefix(terms.SOURCE) for one in changed if one.change in ("added", "removed")}
    return changed, [other for other in others if not _graphs_of(editor, other) <= {terms.graph(slug) for slug in whole}]


def _has_type(state: OpenedState, thing: NamedNode) -> bool:
    return any(True for _ in state.store.store.quads_for_pattern(thing, TYPE, None))


def _graphs_of(editor: Editor, thing: NamedNode) -> set[str]:
    states = (editor.delta.before, editor.delta.after)
    return {terms.text(quad.graph_name) for state in states for quad in state.store.store.quads_for_pattern(thing, None, None)}


def _statements(
    editor: Editor, removed: Iterable[NamedNode], added: Iterable[NamedNode], common: Iterable[NamedNode]
) -> dict[str, list[StatementChange]]:
    """Returns the IRI of each source to its changed statements, in reading order."""
    delta = editor.delta
    edits = {one.value: found for one in common if (found := editor.edits(one, *_own_graphs(editor, one)))}
    before = descriptions.describe(delta.before.store, [*(one.value for one in removed), *edits], editor.language)
    after = descriptions.describe(delta.after.store, [*(one.value for one in added), *edits], editor.language)
    old_facts = {one.value: _facts(delta.before, one, delta.merged) for one in removed}
    partners = match_statements(old_facts, {one.value: _facts(delta.after, one, delta.unmerged) for one in added})
    taken = set(partners.values())
    changes = [StatementChange("changed", before[one], after[one], found) for one, found in edits.items()]
    changes += [StatementChange("changed", before[old], after[other]) for old, other in partners.items()]
    changes += [StatementChange("removed", before[one.value], None) for one in removed if one.value not in partners]
    changes += [StatementChange("added", None, after[one.value]) for one in added if one.value not in taken]
    by_source: dict[str, list[StatementChange]] = defaultdict(list)
    for change in sorted(changes, key=_reading_order):
        by_source[_latest(change).source].append(change)
    return by_source


def _own_graphs(editor: Editor, statement: NamedNode) -> list[NamedNode]:
    """Returns the graphs in which a source makes a statement. What rules add to it elsewhere is not a change by the source."""
    return [NamedNode(graph) for graph in sorted(_graphs_of(editor, statement)) if NamedNode(graph) not in _NOT_OF_SOURCES]


def _facts(state: OpenedState, statement: NamedNode, same: Mapping[str, str]) -> Facts:
    """Returns the properties and values of a statement; merged entities count as one."""
    found = ((quad.predicate.value, terms.text(quad.object)) for quad in state.store.store.quads_for_pattern(statement, None, None))
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
    if _SUBJECT not in values:
        return None
    return values[SOURCE.value], values.get(TYPE.value, ""), values[_SUBJECT], values.get(_PROPERTY, "")


def _latest(change: StatementChange) -> descriptions.StatementDescription:
    statement = change.after or change.before
    assert statement is not None
    return statement


def _reading_order(change: StatementChange) -> tuple[str, ...]:
    statement = _latest(change)
    return statement.subject, statement.property, statement.when, statement.value, statement.iri
