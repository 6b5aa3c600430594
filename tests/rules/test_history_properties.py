"""Properties of derived histories: dates, order, repetitions, retractions and ends.

Hypothesis generates small worlds: one to six statements about one subject and property, each with its own source.
The rules derive their episodes, and each test compares these with the episodes of a world that differs in one respect.
The dates come from a short list, so that they often coincide, enclose one another or leave the order open.
The tests after the properties are minimal worlds in which a property once failed.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.support.marks import FUZZ
from tests.support.worlds import PREFIXES, SHIPPED, TURTLE_PREFIXES, World, widen

from nevkg.data import dataset, terms
from nevkg.store.derivation import WORK, derive, read_rules

pytestmark = pytest.mark.slow

# The rules that lead to episodes.
RULES = [rule for rule in read_rules(dataset.rule_files(SHIPPED, dataset.RECORD)) if rule.into in ("history", WORK)]
REGISTRY = """
agent:a a nev:Organization . plant:p a nev:Plant . policy:k a nev:Policy .
place:XA a nev:Country . place:u a nev:Bloc . place:v a nev:Bloc .
"""


@dataclass(frozen=True)
class Matter:
    """A property of a subject, and values that it may have."""

    name: str
    subject: str
    values: tuple[str, ...]
    has_ends: bool = False
    is_figure: bool = False


STATUS = Matter(
    "status",
    "plant:p",
    ("status:announced", "status:under-construction", "status:operating", "status:suspended", "status:closed"),
)
ARRANGEMENT = Matter("arrangement", "production:a-at-p", ("arrangement:acquired", "arrangement:joint-venture", "arrangement:wholly-owned"))
# Only two numbers, so that a range contains no other; close enough that neither is an outlier.
CAPACITY = Matter("capacity", "plant:p", ("100", "110"), is_figure=True)
POLICY = Matter("policyStatus", "policy:k", ("policystatus:issued", "policystatus:in-force", "policystatus:expired"), has_ends=True)
WORKSHOP = Matter("hasWorkshopOfKind", "plant:p", ("workshopkind:welding", "workshopkind:painting"), has_ends=True)
MEMBERSHIP = Matter("memberOf", "place:XA", ("place:u", "place:v"), has_ends=True)
# Exclusive values with and without stages, a figure, and cumulative values; memberships have the same rules as workshops.
MATTERS = (STATUS, ARRANGEMENT, CAPACITY, POLICY, WORKSHOP)
WITHOUT_STAGES = (ARRANGEMENT, CAPACITY)
# H9: once a unit produces, these speak of its next phase. The date of the production decides whether they count.
PREPARATORY = {"status:announced", "status:under-construction", "status:trial-production", "policystatus:issued"}

COLLECTED = date(2026, 1, 15)
DAYS = tuple(map(date.fromisoformat, ("2025-04-10", "2025-04-28", "2025-04-30", "2025-05-10", "2025-11-20")))
LATER = date(2027, 1, 1)
# The numbers of characters of dates precise to the day, the month and the year, and of none: most are precise.
LENGTHS = (10, 10, 10, 10, 7, 7, 4, 0)
# On these days the worlds are compared: those around all days on which something may change.
PROBES = sorted(
    {str(day + timedelta(more)) for day in (*DAYS, COLLECTED, LATER) for more in (-1, 0, 1)}
    | {"2025-01-01", "2025-04-01", "2025-05-01", "2025-05-31", "2025-06-01", "2025-11-01", "2025-11-30", "2025-12-01"}
    | {"2025-12-31", "2026-01-01", "2027-01-31", "2027-12-31", "2028-01-01"}
)


@dataclass(frozen=True)
class Statement:
    """A statement of one source; dates are a year, a month or a day, or None."""

    value: str
    on: str | None = None
    published: str | None = "2026-01-01"
    collected: str = str(COLLECTED)
    until: str | None = None


@dataclass(frozen=True)
class Episode:
    """An episode, with its statements as numbers."""

    value: str
    start: str
    until: str
    earliest: str
    since: str
    disputed: bool
    confirmed: str
    evidence: frozenset[int]

    @property
    def values(self) -> list[str]:
        return self.value.split(" to ")

    def holds_on(self, day: str) -> bool:
        return self.start <= day and (not self.until or day < self.until)


@dataclass(frozen=True)
class History:
    """A derived history."""

    episodes: frozenset[Episode]
    # Statement -> the first and the last day that it may be about; without statements that do not count.
    days: dict[int, tuple[str, str]]
    # Pairs of statements that contradict each other.
    contradictions: frozenset[tuple[int, int]]

    def at(self, day: str) -> set[str]:
        """Returns the values that hold on a day; of a range of figures, both ends."""
        return {value for episode in self.episodes if episode.holds_on(day) for value in episode.values}

    def overlaps(self, one: int, other: int) -> bool:
        """Returns whether two statements may be about the same day, so that their order is uncertain."""
        (first, last), (other_first, other_last) = self.days[one], self.days[other]
        return first <= other_last and other_first <= last


@functools.cache
def schema() -> tuple[pyoxigraph.Quad, ...]:
    """Returns the ontology, the vocabularies and the registry, without labels and definitions, to save time."""
    with tempfile.TemporaryDirectory() as folder:
        quads = tuple(dataset.read_quads(World(Path(folder), registry=REGISTRY).write()))
    return tuple(quad for quad in quads if quad.predicate.value.startswith((terms.NEV, f"{terms.RDF}type", f"{terms.RDFS}subPropertyOf")))


def histories(
    matter: Matter,
    *worlds: Sequence[Statement],
    order: Iterable[int] | None = None,
    slugs: Sequence[str] = (),
    retracted: int = -1,
) -> list[History]:
    """Derives the histories of several worlds at once, each about its own subject.

    Args:
        matter: the property and its subject.
        worlds: the statements of each.
        order: the numbers of the statements to write, in this order, which is also that of their names; by default all.
        slugs: the names of the sources, by default in the order of the statements.
        retracted: the number of a retracted statement.
    """
    text = World(Path(), registry="")
    # Name -> world and number.
    places: dict[str, tuple[int, int]] = {}
    for index, statements in enumerate(worlds):
        subject = f"{matter.subject}{index}"
        for number in range(len(statements)) if order is None else order:
            statement = statements[number]
            slug = slugs[number] if slugs else f"s{number}"
            source = text.source(f"w{index}-{slug}", statement.published, statement.collected)
            if matter.is_figure:
                name = text.figure(matter.name, statement.value, "vehicles-per-year", statement.on, subject=subject, source=source)
            else:
                about = {"subject": subject, "property": f"nev:{matter.name}", "value": statement.value}
                name = text.statement(source, "Attribution", statement.on, statement.until, **about)
            places[name] = index, number
            if number == retracted:
                text.statement("retractions", "Retraction", retracts=name)
    store = pyoxigraph.Store()
    store.extend(schema())
    for slug, lines in text.graphs.items():
        body = "\n".join(lines)
        store.extend(pyoxigraph.parse(f"{TURTLE_PREFIXES}graph:{slug} {{\n{body}\n}}", pyoxigraph.RdfFormat.TRIG))
    derive(store, RULES)
    return read(store, matter, places, len(worlds))


def history(matter: Matter, statements: Sequence[Statement], **how: Any) -> History:
    """Derives the history of one world."""
    return histories(matter, statements, **how)[0]


def read(store: pyoxigraph.Store, matter: Matter, places: dict[str, tuple[int, int]], worlds: int) -> list[History]:
    """Reads the derived history of each world."""
    evidence: dict[str, set[int]] = {}
    for episode, statement in rows(store, "?episode a nev:Episode ; prov:wasDerivedFrom ?statement", "episode", "statement"):
        evidence.setdefault(episode, set()).add(places[statement][1])
    days = [
        (*places[name], first or "0001-01-01", last)
        for name, first, last in rows(store, "?s nev:certainBy ?last OPTIONAL { ?s nev:certainFrom ?first }", "s", "first", "last")
        if name in places
    ]
    contradictions = [(places[one], places[other]) for one, other in rows(store, "?one nev:contradicts ?other", "one", "other")]
    parts = ("subject", "value", "low", "high", "from", "until", "fromEarliest", "since", "disputed", "lastConfirmed")
    optional = " ".join(f"OPTIONAL {{ ?e nev:{part} ?{part} }}" for part in parts)
    episodes = rows(store, f"?e a nev:Episode ; nev:property nev:{matter.name} . {optional}", "e", *parts)
    assert all(earliest <= start for _, _, _, _, _, start, _, earliest, *_ in episodes), episodes
    return [
        History(
            frozenset(
                Episode(
                    value or (low if low == high else f"{low} to {high}"),
                    *(start, until, earliest, since, bool(disputed), confirmed),
                    frozenset(evidence.get(name, ())),
                )
                for name, subject, value, low, high, start, until, earliest, since, disputed, confirmed in episodes
                if subject == f"{matter.subject}{index}"
            ),
            {number: (first, last) for world, number, first, last in days if world == index},
            frozenset((one, other) for (world, one), (_, other) in contradictions if world == index),
        )
        for index in range(worlds)
    ]


def rows(store: pyoxigraph.Store, where: str, *names: str) -> list[tuple[str, ...]]:
    """Returns the solutions of a graph pattern over all graphs, as short names."""
    found = store.query(f"SELECT * WHERE {{ {where} }}", prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [tuple("" if row[name] is None else terms.shorten(terms.text(row[name]), PREFIXES) for name in names) for row in found]


def truncate(day: date, length: int) -> str | None:
    """Shortens a day to 10 (day), 7 (month), 4 (year) or no characters."""
    return str(day)[:length] or None


@st.composite
def a_statement(draw: st.DrawFn, matter: Matter, *, days: Sequence[date] = DAYS, with_end: bool = True) -> Statement:
    """A factual statement, which cannot postdate its source."""
    day = draw(st.sampled_from(days))
    until = None
    if with_end and matter.has_ends and draw(st.booleans()):
        end = draw(st.sampled_from([*(later for later in DAYS if later >= day), LATER]))
        until = truncate(end, draw(st.sampled_from([10, 10, 7, 4])))
    on = truncate(day, draw(st.sampled_from(LENGTHS)))
    return Statement(draw(st.sampled_from(matter.values)), on, *draw(a_source(day)), until)


@st.composite
def a_source(draw: st.DrawFn, day: date) -> tuple[str | None, str]:
    """The dates of publication and collection of a source on an event of ``day``: mostly much later, and precise."""
    if draw(st.integers(0, 2)):
        return "2026-01-01", str(COLLECTED)
    published = draw(st.sampled_from([later for later in DAYS if later >= day]))
    collected = draw(st.sampled_from([published, COLLECTED]))
    return truncate(published, draw(st.sampled_from(LENGTHS))), str(collected)


def some_statements(matter: Matter, least: int = 2, most: int = 5) -> st.SearchStrategy[list[Statement]]:
    return st.lists(a_statement(matter), min_size=least, max_size=most)


@st.composite
def a_coarse_date(draw: st.DrawFn, matter: Matter, *, with_end: bool) -> tuple[list[Statement], int]:
    """Some statements, and the number of one whose date, if any, leaves several days open."""
    statements = draw(some_statements(matter, most=4))
    number = draw(st.integers(0, len(statements) - 1))
    day, length = draw(st.sampled_from(DAYS)), draw(st.sampled_from([7, 7, 4, 0]))
    published, collected = draw(a_source(day)) if length else (None, str(COLLECTED))
    until = statements[number].until if with_end else None
    if until and until < str(day)[: len(until)]:
        until = None
    statements[number] = Statement(statements[number].value, truncate(day, length), published, collected, until)
    return statements, number


def with_date(statements: Sequence[Statement], number: int, on: str | None) -> list[Statement]:
    """Returns the same statements, one of them with another date."""
    return [replace(statement, on=on) if other == number else statement for other, statement in enumerate(statements)]


Property = Callable[[Matter, st.DataObject], None]


def check(holds: Property, matter: Matter, most: int) -> None:
    """Searches for a world in which a property fails, in the same worlds each time."""

    @settings(
        max_examples=most * FUZZ,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.data())
    def search(data: st.DataObject) -> None:
        holds(matter, data)

    search()


def a_finer_date_changes_nothing_before_and_loses_nothing(matter: Matter, data: st.DataObject) -> None:
    """One statement gets a precise date, among the days that its date leaves open.

    Then the same values hold on each day before the first of those days. A value that another
    statement supports still holds at some time, if that statement's days do not overlap with them: its order was certain before.
    If no other statement's days or end overlap with them, the value of the statement itself holds at some time, too, and the
    same values hold on each day from the last of those days on.
    The statement has no end: that it begins before or after its end may change whether it holds at all.
    """
    statements, number = data.draw(a_coarse_date(matter, with_end=False))
    coarse = history(matter, statements)
    first, last = coarse.days[number]
    on = data.draw(st.sampled_from([day for day in PROBES if first <= day <= last] or [last]))
    fine = history(matter, with_date(statements, number, on))
    independent = {other for other in coarse.days if other != number and not coarse.overlaps(number, other)}
    ends = [widen(other.until) for other in statements if other.until]
    is_alone = len(independent) == len(statements) - 1 and all(by < first or last < start for start, by, _ in ends)
    for day in PROBES:
        if day < first or (is_alone and day >= last):
            assert coarse.at(day) == fine.at(day), day
    still = {value for episode in fine.episodes for value in episode.values}
    for episode in coarse.episodes:
        if is_alone or (episode.evidence & independent and not episode.disputed):
            assert still.issuperset(episode.values)


def a_coarse_date_is_as_good_as_its_precise_dates(matter: Matter, data: st.DataObject) -> None:
    """One statement has a date that leaves several days open, each of which gives a world with a precise date.

    A value that holds on a day in all of these worlds also holds in the world of the coarse date. A value that holds
    there holds in at least one of these, so that the coarse date adds at most the dispute between them; except that
    preparations count there though the statement, if it is about the time before, would make them the next phase (H9).
    A step that encloses a further one was before it (H54), though one of its days need not be.
    From the last of the days on, what has no stages has all values that one of these worlds has, in dispute, if the date
    encloses or is enclosed by each other that overlaps with it: where two merely overlap, the later last day counts.
    The days are the first and the last, and those beside the days of the other statements: nothing changes in between.
    Left out are worlds in which another statement counts from the same day as the coarse one: there H12 decides. So are
    those in which it may have ended before it was certain to have begun.
    """
    statements, number = data.draw(a_coarse_date(matter, with_end=True))
    coarse = history(matter, statements)
    first, last = coarse.days[number]
    other_spans = [span for other, span in coarse.days.items() if other != number]
    until = statements[number].until
    if any(by == last for _, by in other_spans) or (until and widen(until)[1] <= last):
        return
    is_nested = all(
        by < first or last < start or (first <= start and by <= last) or (start <= first and last <= by) for start, by in other_spans
    )
    own = statements[number].value
    further = matter.values[matter.values.index(own) + 1 :] if matter in (STATUS, POLICY) else ()
    passed = {own for other, (start, by) in coarse.days.items() if statements[other].value in further and first <= start and by < last}
    marks = [date.fromisoformat(day) for span in other_spans for day in span if day != "0001-01-01"]
    begin = date.fromisoformat(first) if first > "0001-01-01" else min([date.fromisoformat(last), *marks]) - timedelta(40)
    days = {str(begin), last, *(str(day + timedelta(more)) for day in marks for more in (-1, 0, 1))}
    possible = [day for day in days if str(begin) <= day <= last]
    worlds = histories(matter, *(with_date(statements, number, day) for day in sorted(possible)))
    for day in PROBES:
        each = [world.at(day) for world in worlds]
        if each:
            assert set.intersection(*each) - passed <= coarse.at(day), day
            assert coarse.at(day) <= set.union(*each) | PREPARATORY, day
            if matter in WITHOUT_STAGES and day >= last and statements[number].on and is_nested:
                assert coarse.at(day) == set.union(*each), day


def a_coarser_date_widens_the_beginning(matter: Matter, data: st.DataObject) -> None:
    """One statement, precise to the day, gets a coarser date.

    If its value's episode began with it, and with it alone, before and after, the days on which the episode may begin
    include those of before. It begins with it afterwards if no other statement's days overlap with the coarse ones.
    """
    statements = data.draw(some_statements(matter, least=1))
    number = data.draw(st.integers(0, len(statements) - 1))
    day, length = data.draw(st.sampled_from(DAYS)), data.draw(st.sampled_from([7, 4]))
    statements[number] = Statement(statements[number].value)
    fine, coarse = histories(matter, *(with_date(statements, number, truncate(day, size)) for size in (10, length)))

    def starting_episodes(world: History) -> list[Episode]:
        by = world.days[number][1]
        return [
            episode
            for episode in world.episodes
            if episode.start == by and {other for other in episode.evidence if world.days[other][1] == by} == {number}
        ]

    is_alone = not any(coarse.overlaps(number, other) for other in coarse.days if other != number)
    for before in starting_episodes(fine):
        after = [episode for episode in starting_episodes(coarse) if episode.value == before.value]
        assert after or not is_alone
        for episode in after:
            assert (episode.earliest or "0001-01-01") <= (before.earliest or "0001-01-01") <= before.start <= episode.start


def a_confirmation_never_shortens(matter: Matter, data: st.DataObject) -> None:
    """One more statement reports a value that already holds, alone or disputed, on the day from which the statement counts.

    Then the value holds on each day on which it held before, and its last confirmation is not earlier.
    Left out are values with a stated end after which they may have been reported: then it may be a later end.
    """
    statements = data.draw(some_statements(matter))
    before = history(matter, statements)
    days = [day for day in PROBES if day <= str(COLLECTED) and before.at(day)]
    if not days:
        return
    day = date.fromisoformat(data.draw(st.sampled_from(days)))
    value = data.draw(st.sampled_from(sorted(before.at(str(day)))))
    ends = [widen(statement.until)[0] for statement in statements if statement.value == value and statement.until]
    if any(before.days[number][1] >= min(ends, default="9999") for number in before.days if statements[number].value == value):
        return
    on = truncate(day, data.draw(st.sampled_from([10, 7, 4, 0])))
    # Its source is of that day, so that a coarse date counts from it, too.
    published = str(day) if on else None
    more = Statement(value, on, published, str(day))
    after = history(matter, [*statements, more])
    for probe in PROBES:
        assert value not in before.at(probe) or value in after.at(probe), probe

    def last_confirmed(world: History) -> str:
        return max(episode.confirmed for episode in world.episodes if value in episode.values)

    assert last_confirmed(before) <= last_confirmed(after)


def a_statement_changes_nothing_before_its_days(matter: Matter, data: st.DataObject) -> None:
    """One more statement changes nothing on the days before the first that it may be about.

    Values with a stated end are left out: reported again after it, a value has not ended (H57).
    """
    statements = data.draw(some_statements(matter))
    more = data.draw(a_statement(matter, days=DAYS[-2:], with_end=False))
    before, after = histories(matter, statements, [*statements, more])
    ended = {statement.value for statement in statements if statement.until}
    for day in PROBES:
        assert day >= after.days[len(statements)][0] or before.at(day) - ended == after.at(day) - ended, day


def an_end_ends_no_other_value(matter: Matter, data: st.DataObject) -> None:
    """One statement gets an end: each other value holds on exactly the same days, and its own on no further day.

    The latter is so if no other statement of the value has an end: of several ends the last may count (H57).
    """
    statements = data.draw(some_statements(matter))
    number = data.draw(st.integers(0, len(statements) - 1))
    statement = statements[number] = replace(statements[number], until=None)
    if statement.on is None:
        # What has only an end counts from another day (H43).
        return
    end = data.draw(st.sampled_from([*(str(day) for day in DAYS if str(day) >= statement.on), str(COLLECTED)]))
    without, with_end = histories(matter, statements, [*statements[:number], replace(statement, until=end), *statements[number + 1 :]])
    own = {statement.value}
    is_only_end = not any(other.until for other in statements if other.value == statement.value)
    for day in PROBES:
        assert without.at(day) - own == with_end.at(day) - own, day
        assert not is_only_end or with_end.at(day) <= without.at(day), day


def names_and_order_do_not_matter(matter: Matter, data: st.DataObject) -> None:
    """Exchanging the names of statements and of sources does not change the episodes."""
    statements = data.draw(some_statements(matter))
    order = data.draw(st.permutations(range(len(statements))))
    slugs = data.draw(st.permutations([f"s{number}" for number in range(len(statements))]))
    assert history(matter, statements) == history(matter, statements, order=order, slugs=slugs)


def a_retraction_undoes_its_statement(matter: Matter, data: st.DataObject) -> None:
    """A world with a retracted statement has the same history as the world without this statement."""
    statements = data.draw(some_statements(matter))
    number = data.draw(st.integers(0, len(statements) - 1))
    without = [other for other in range(len(statements)) if other != number]
    assert history(matter, statements, retracted=number) == history(matter, statements, order=without)


# Property -> its matters, and the number of worlds generated for each; five times as many at night.
PROPERTIES: dict[Property, tuple[Sequence[Matter], int]] = {
    a_finer_date_changes_nothing_before_and_loses_nothing: (MATTERS, 24),
    a_coarse_date_is_as_good_as_its_precise_dates: (MATTERS, 36),
    a_coarser_date_widens_the_beginning: (MATTERS, 16),
    a_confirmation_never_shortens: (MATTERS, 30),
    a_statement_changes_nothing_before_its_days: (MATTERS, 30),
    an_end_ends_no_other_value: ((POLICY, WORKSHOP, MEMBERSHIP), 24),
    names_and_order_do_not_matter: (MATTERS, 12),
    a_retraction_undoes_its_statement: ((*MATTERS, MEMBERSHIP), 12),
}
CASES: list[Any] = [
    pytest.param(holds, matter, most, id=f"{holds.__name__}-{matter.name}")
    for holds, (matters, most) in PROPERTIES.items()
    for matter in matters
]


@pytest.mark.parametrize(("holds", "matter", "most"), CASES)
def test_property_holds(holds: Property, matter: Matter, most: int) -> None:
    check(holds, matter, most)


def report(value: str, on: str | None, published: str = "2026-01-01", until: str | None = None) -> Statement:
    return Statement(value, on, published, until=until)


def spans(matter: Matter, *statements: Statement) -> set[tuple[str, str, str]]:
    """Returns the value, the first day and the first day after of each episode."""
    episodes = history(matter, statements).episodes
    return {(episode.value.partition(":")[2] or episode.value, episode.start, episode.until) for episode in episodes}


CONSTRUCTION, OPENING = report("status:under-construction", "2025-04-28"), report("status:operating", "2025-04")
BOTH = {
    ("under-construction", "2025-04-28", "2025-04-30"),
    ("under-construction", "2025-04-30", ""),
    ("operating", "2025-04-30", ""),
}


@pytest.mark.parametrize(
    "more",
    [
        # The construction is confirmed between the two, by a date that does not lie in April alone.
        report("status:under-construction", "2025", "2025-04-29"),
        Statement("status:under-construction", None, None, "2025-04-29"),
        # Another opening may have been before the construction, too.
        report("status:operating", "2025", "2025-05-10"),
    ],
)
def test_repeated_statements_do_not_settle_an_open_order(more: Statement) -> None:
    assert spans(STATUS, CONSTRUCTION, OPENING) == BOTH
    assert spans(STATUS, CONSTRUCTION, OPENING, more) == BOTH


def test_a_later_figure_of_the_same_day_settles_an_open_order() -> None:
    statements = [report("110", "2024-01-01"), report("100", "2024", "2024-05-31"), report("100", "2024-05-31")]
    assert spans(CAPACITY, *statements) == {("110", "2024-01-01", "2024-05-31"), ("100", "2024-05-31", "")}


def test_figures_of_two_days_that_differ_in_the_middle_are_two_ranges() -> None:
    first, second = ([report(number, on) for number in (low, "95", "100")] for low, on in (("9", "2025-01-01"), ("20", "2025-02-01")))
    assert spans(CAPACITY, *first, *second) == {("9 to 100", "2025-01-01", "2025-02-01"), ("20 to 100", "2025-02-01", "")}


@pytest.mark.parametrize(("matter", "value"), [(POLICY, "policystatus:in-force"), (WORKSHOP, "workshopkind:welding")])
def test_a_value_that_ended_in_its_first_year_does_not_hold_for_ever(matter: Matter, value: str) -> None:
    assert spans(matter, report(value, "2024", until="2024")) == set()
    assert spans(matter, report(value, "2024-02-01"), report(value, "2024", until="2024")) == {
        (value.partition(":")[2], "2024-02-01", "2024-12-31")
    }


def test_the_end_of_a_weaker_value_of_the_same_day_ends_nothing() -> None:
    in_force, issued = report("policystatus:in-force", "2024-01-01"), report("policystatus:issued", "2024-01-01", until="2024-12-31")
    assert spans(POLICY, in_force, issued) == {("in-force", "2024-01-01", "")}


def test_a_retracted_end_does_not_explain_two_beginnings() -> None:
    statements = [report("place:u", "2024-01-01"), report("place:u", "2025-01-01"), report("place:u", None, until="2024-05-31")]
    assert not history(MEMBERSHIP, statements).contradictions
    assert history(MEMBERSHIP, statements, retracted=2).contradictions == {(0, 1), (1, 0)}
