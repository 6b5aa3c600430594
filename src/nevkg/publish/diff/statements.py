"""What changed in what sources say, statement by statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from nevkg.data import terms
from nevkg.lookup import descriptions
from nevkg.lookup.sources import described
from nevkg.publish.diff.delta import CURRENT, HISTORY, REGISTRY, SCHEMA, SOURCE, TYPE, is_statement
from nevkg.publish.diff.edits import Editor
from nevkg.publish.diff.model import Change, OfSource, OfStatement
from nevkg.publish.states import Opened

_SUBJECT = terms.NEV + "subject"
_PROPERTY = terms.NEV + "property"
_NOT_OF_SOURCES = {HISTORY, CURRENT, REGISTRY, *SCHEMA}

Facts = frozenset[tuple[str, str]]


def changed_sources(editor: Editor) -> tuple[list[OfSource], list[NamedNode]]:
    """What changed in sources and what they say, sorted by the IRI of the source; and other things of theirs that changed.

    Such as the passages of a source that was there before; those of a new one, or of one that is gone, go without saying.
    """
    delta = editor.delta
    graphs = {quad.graph_name for quad in delta.changed} - _NOT_OF_SOURCES
    touched = delta.subjects(*(graph for graph in graphs if isinstance(graph, NamedNode)))
    gone, new, kept, sources, others = list[NamedNode](), list[NamedNode](), list[NamedNode](), list[NamedNode](), list[NamedNode]()
    for one in touched:
        was, remains = is_statement(delta.before, one), is_statement(delta.after, one)
        if was or remains:
            (kept if was and remains else new if remains else gone).append(one)
        else:
            (sources if one.value.startswith(terms.SOURCE) else others).append(one)
    changes = _statements(editor, gone, new, kept)
    listed = sorted(changes.keys() | {source.value for source in sources})
    cited_before, cited = (
        {one.iri: one for one in described(state.store, listed, editor.language)} for state in (delta.before, delta.after)
    )
    told = []
    for iri in listed:
        source = NamedNode(iri)
        was, remains = (_has_type(state, source) for state in (delta.before, delta.after))
        change: Change | None = "added" if remains and not was else "removed" if was and not remains else None
        edits = () if change else editor.edits(source)
        if change or edits or changes.get(iri):
            told.append(
                OfSource(
                    change or ("changed" if edits else None),
                    (cited_before if change == "removed" else cited)[iri],
                    edits,
                    tuple(changes.get(iri, ())),
                )
            )
    whole = {one.source.iri.removeprefix(terms.SOURCE) for one in told if one.change in ("added", "removed")}
    return told, [other for other in others if not _graphs_of(editor, other) <= {terms.graph(slug) for slug in whole}]


def _has_type(state: Opened, thing: NamedNode) -> bool:
    return any(True for _ in state.store.store.quads_for_pattern(thing, TYPE, None))


def _graphs_of(editor: Editor, thing: NamedNode) -> set[str]:
    states = (editor.delta.before, editor.delta.after)
    return {terms.text(quad.graph_name) for state in states for quad in state.store.store.quads_for_pattern(thing, None, None)}


def _statements(
    editor: Editor, gone: Iterable[NamedNode], new: Iterable[NamedNode], kept: Iterable[NamedNode]
) -> dict[str, list[OfStatement]]:
    """By source the statements that changed, in the order in which they are read."""
    delta = editor.delta
    edits = {one.value: found for one in kept if (found := editor.edits(one, *_own_graphs(editor, one)))}
    before = descriptions.said(delta.before.store, [*(one.value for one in gone), *edits], editor.language)
    after = descriptions.said(delta.after.store, [*(one.value for one in new), *edits], editor.language)
    was = {one.value: _facts(delta.before, one, delta.merged) for one in gone}
    partners = pairs(was, {one.value: _facts(delta.after, one, delta.parted) for one in new})
    taken = set(partners.values())
    changes = [OfStatement("changed", before[one], after[one], found) for one, found in edits.items()]
    changes += [OfStatement("changed", before[old], after[other]) for old, other in partners.items()]
    changes += [OfStatement("removed", before[one.value], None) for one in gone if one.value not in partners]
    changes += [OfStatement("added", None, after[one.value]) for one in new if one.value not in taken]
    by_source: dict[str, list[OfStatement]] = defaultdict(list)
    for change in sorted(changes, key=_as_read):
        by_source[_said(change).source].append(change)
    return by_source


def _own_graphs(editor: Editor, statement: NamedNode) -> list[NamedNode]:
    """The graphs in which a source makes a statement; what rules note of it is no change of what it says."""
    return [NamedNode(graph) for graph in sorted(_graphs_of(editor, statement)) if NamedNode(graph) not in _NOT_OF_SOURCES]


def _facts(state: Opened, statement: NamedNode, same: Mapping[str, str]) -> Facts:
    """What a statement says, by property; things that were merged count as one."""
    found = ((quad.predicate.value, terms.text(quad.object)) for quad in state.store.store.quads_for_pattern(statement, None, None))
    return frozenset((name, same.get(value, value)) for name, value in found)


def pairs(gone: Mapping[str, Facts], new: Mapping[str, Facts]) -> dict[str, str]:
    """Which statement took the place of which: of the same source, kind, subject and property; those most alike first.

    A statement is named by what it says. So one that was mended is one that went and one that came.
    """
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for iri, facts in new.items():
        if (key := _key(facts)) is not None:
            alike[key].append(iri)
    candidates = sorted(
        (-len(facts & new[other]), old, other)
        for old, facts in gone.items()
        if (key := _key(facts)) is not None
        for other in alike.get(key, ())
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


def _said(change: OfStatement) -> descriptions.Said:
    said = change.after or change.before
    assert said is not None
    return said


def _as_read(change: OfStatement) -> tuple[str, ...]:
    said = _said(change)
    return said.subject, said.property, said.when, said.value, said.iri
