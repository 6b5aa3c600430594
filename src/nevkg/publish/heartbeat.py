"""The heartbeat of a dataset: how old its confirmations are, how much is stale, what waits to be read, and its precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median_low
from typing import Any

from pyoxigraph import Literal

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.lookup import entities
from nevkg.publish.report import QueryAnswer
from nevkg.publish.samples import Sample, read_samples
from nevkg.store import Store

QUEUE = "queue.csv"
_QUERY = Path("api", "heartbeat.rq")
_LETTER, _GAP = 6.4, 6  # pixels of the badge


@dataclass(frozen=True)
class Heartbeat:
    """The numbers, as of the date of the dataset.

    Attributes:
        facts: number of facts that hold and may become stale.
        stale: number of these that are stale.
        months: median of the calendar months since a fact was last confirmed; None if no confirmation has a date.
        queue: number of candidates in ``queue.csv`` of the data folder that nobody has looked at; None without that file.
        sample: the last sample of statements that were compared with their pages; None if there is none.
    """

    facts: int
    stale: int
    months: int | None
    queue: int | None
    sample: Sample | None

    @classmethod
    def measure(cls, store: Store) -> Heartbeat:
        """Measures a dataset."""
        ages: Counter[int] = Counter()
        by_stale: Counter[bool] = Counter()
        for row in entities.rows(store, read_query(store.layout.queries / _QUERY)):
            facts = int(row["facts"])
            by_stale[row["stale"] == "true"] += facts
            if "age" in row:
                ages[int(row["age"])] += facts
        data = store.layout.data
        return cls(
            by_stale.total(),
            by_stale[True],
            median_low(ages.elements()) if ages else None,
            _count_candidates(data / QUEUE) if (data / QUEUE).exists() else None,
            next(iter(read_samples(data)), None),
        )

    @property
    def stale_share(self) -> float:
        """The share of facts that are stale; 0 if there are none."""
        return self.stale / self.facts if self.facts else 0.0

    def to_json(self) -> dict[str, Any]:
        """Returns the numbers with the members of a JSON object; shares are from 0 to 1."""
        return {
            "facts": self.facts,
            "staleShare": round(self.stale_share, 3),
            "monthsSinceConfirmation": self.months,
            "queue": self.queue,
            "precision": _describe_sample(self.sample) if self.sample else None,
        }

    def texts(self) -> Mapping[str, str | None]:
        """Returns the four numbers as text; None for those that are not known."""
        precision = self.sample.precision if self.sample else None
        months, queue = (None if number is None else f"{number:,}" for number in (self.months, self.queue))
        return {"months": months, "stale": f"{self.stale_share:.0%}", "queue": queue, "precision": precision}


def _count_candidates(file: Path) -> int:
    from nevkg.propose.queue import NEW, Queue  # not in the engine of a site

    return sum(candidate.state == NEW for candidate in Queue.read(file).candidates.values())


def _describe_sample(sample: Sample) -> dict[str, Any]:
    low, high = sample.interval
    numbers = {"share": sample.right / sample.checked, "low": low, "high": high}
    return {"day": sample.day, "checked": sample.checked, **{name: round(number, 3) for name, number in numbers.items()}}


def tabulate(store: Store) -> QueryAnswer:
    """Returns the heartbeat as a table, one row for each number."""
    path = store.layout.queries / _QUERY
    head = read_head(path, read_query(path))
    rows = [[Literal(name), Literal(text or "unknown")] for name, text in Heartbeat.measure(store).texts().items()]
    return QueryAnswer(_QUERY.stem, head, rows)


def write_list(store: Store) -> str:
    """Returns the heartbeat as a list in Markdown, as for release notes."""
    answer = tabulate(store)
    words = answer.head["values"]
    cells = ([terms.text(term) for term in row if term] for row in answer.rows)
    return "\n".join([f"{answer.head['title']}:", "", *(f"- {words[name]}: {words.get(text, text)}" for name, text in cells), ""])


def draw_badge(store: Store) -> str:
    """Returns the heartbeat as a badge in SVG."""
    numbers = Heartbeat.measure(store)
    texts = numbers.texts()
    parts = [
        f"confirmed {texts['months']} months ago (median)" if numbers.months is not None else "",
        f"{texts['stale']} stale",
        f"{texts['queue']} pages to read" if numbers.queue is not None else "",
        f"{texts['precision']} right" if numbers.sample else "",
    ]
    text, label = " · ".join(part for part in parts if part), "data"
    left, right = (round(len(words) * _LETTER + 2 * _GAP) for words in (label, text))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{escape(label)}: {escape(text)}">
<title>{escape(label)}: {escape(text)}</title>
<rect width="{left}" height="20" fill="#5d5a53"/><rect x="{left}" width="{right}" height="20" fill="#1a4f8c"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{left / 2}" y="14" textLength="{left - 2 * _GAP}">{escape(label)}</text>
<text x="{left + right / 2}" y="14" textLength="{right - 2 * _GAP}">{escape(text)}</text>
</g>
</svg>
"""
