"""Applies a review, in which someone compared statements with their sources again and recorded the outcome for each.

A review is a table ``data/reviews/DATE.csv`` with the columns statement, outcome, fields and reason.
A statement with the outcome *kept* gets the day of the review (``nev:checked``). One that was recorded wrongly is
*corrected*: ``fields`` has the new values, as ``nevkg correct`` takes them. One that its source does not support is
*retracted*, with the reason, by a separate source that represents the review. To withdraw a retraction, retract it.
Rows that have been applied have no effect.
"""

from __future__ import annotations

import sys

from nevkg.ask import arguments
from nevkg.contribute.edits import Edits
from nevkg.data.paths import Layout
from nevkg.data.tables import read_table
from nevkg.errors import WrongUsage
from nevkg.publish.report import COLUMNS_OF_REVIEWS
from nevkg.publish.report import OUTCOMES_OF_REVIEWS as OUTCOMES
from quadfile import ROOT

KEPT, CORRECTED, RETRACTED = OUTCOMES[:3]
APPLIED = ("is retracted already", "has this value already")


def main(day: str) -> None:
    """Writes the outcomes of the review of a day into the files of the sources, and the retractions into a separate file."""
    path = ROOT / "data" / "reviews" / f"{day}.csv"
    edits = Edits(Layout.find(), day=day)
    for row in read_table(path, COLUMNS_OF_REVIEWS):
        lacks_reason = row["outcome"] in (CORRECTED, RETRACTED) and not row["reason"]
        if row["outcome"] not in OUTCOMES or lacks_reason or (row["outcome"] == CORRECTED) != bool(row["fields"]):
            needed = f"one of the outcomes {', '.join(OUTCOMES)}; a reason, if corrected or retracted; and fields, if and only if corrected"
            raise SystemExit(f"{path}: {row['statement']} needs {needed}.")
        try:
            if row["outcome"] == KEPT:
                edits.mark_checked(row["statement"])
            elif row["outcome"] == CORRECTED:
                edits.correct(row["statement"], arguments.split(row["fields"].split()), row["reason"])
            elif row["outcome"] == RETRACTED:
                edits.retract(row["statement"], row["reason"])
            else:
                edits.find(row["statement"])
        except WrongUsage as error:
            if not any(words in str(error) for words in APPLIED):
                raise SystemExit(f"{path}: {row['statement']}: {error}") from None
    edits.finish()


if __name__ == "__main__":
    main(sys.argv[1])
