"""What an import has done, in words."""

from __future__ import annotations

from nevkg.contribute import import_records
from nevkg.contribute.job import ImportResult
from nevkg.data import terms
from nevkg.data.paths import Layout

SHOWN = 20


def count(number: int, noun: str) -> str:
    """Returns a number with a noun: ``2 entities``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def summarize(result: ImportResult, layout: Layout, *, dry: bool, everything: bool) -> str:
    """Returns what an import has done in some lines.

    Args:
        result: the result, without problems.
        layout: the folders.
        dry: whether nothing was written.
        everything: whether to list all warnings and possible duplicates.
    """
    of = {outcome: sum(entry.outcome == outcome for entry in result.entries) for outcome in import_records.OUTCOMES}
    lines = [
        f"{count(len(result.entries), 'row')}: {count(result.new_statements, 'new statement')}, "
        f"{count(len(result.new_things), 'new entity')}, {count(of[import_records.DUPLICATE], 'repetition')}."
    ]
    if result.removed:
        lines.append(f"{count(result.removed, 'statement')} of earlier imports {'would be' if dry else 'were'} removed.")
    if result.doubts:
        listed = result.doubts if everything else result.doubts[:SHOWN]
        lines.append(f"{count(len(result.doubts), 'warning')} about imported rows:")
        lines += [f"  {doubt}" for doubt in listed]
        if len(listed) < len(result.doubts):
            lines.append(f"  … {len(result.doubts) - len(listed)} more; --all lists them.")
    spaces = terms.prefixes(layout.ontology)
    shown = result.candidates if everything else result.candidates[:SHOWN]
    if shown:
        lines.append(f"{count(len(result.candidates), 'pair')} of possible duplicates; decide in data/registry/judgements.ttl:")
        lines += [f"  {terms.shorten(pair.first, spaces)} and {terms.shorten(pair.second, spaces)} ({pair.reason})" for pair in shown]
        if len(shown) < len(result.candidates):
            lines.append(f"  … {len(result.candidates) - len(shown)} more; --all lists them.")
    if result.new_terms:
        lines.append(f"{count(len(result.new_terms), 'new term')}; fill in labels and definitions, which 'nevkg validate' lists:")
        lines += [f"  {term.name} in ontology/{term.file} {term.like}".rstrip() for term in result.new_terms]
    if result.unreviewed:
        lines.append(f"{count(len(result.unreviewed), 'row')} not reviewed and left out; --unreviewed imports them, too.")
    if result.rejected:
        lines.append(f"{count(len(result.rejected), 'bad row')} {'would be' if dry else 'were'} left out.")
    if dry:
        lines.append(f"Nothing was written; {count(len(result.changed), 'file')} would change.")
    else:
        lines.append(
            f"{count(len(result.changed), 'file')} changed." if result.changed else "Nothing to do: the data already has all of it."
        )
    return "\n".join(lines) + "\n"
