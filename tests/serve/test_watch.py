"""The detection of changes in a dataset: which states are opened, and which are served."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nevkg.serve.state.watch import Contents, Sign, Watch, shrinkage

SERVED = Sign("a", files=100)


def find_opened(watch: Watch, *signs: Sign) -> list[int]:
    """Returns the numbers of the checks, from 1, at which a state is opened."""
    return [number for number, sign in enumerate(signs, start=1) if watch.observe(sign)]


def test_the_served_state_is_not_opened_again() -> None:
    assert find_opened(Watch(SERVED), *[SERVED] * 20) == []


def test_a_new_state_is_opened_once_after_two_checks() -> None:
    assert find_opened(Watch(SERVED), SERVED, *[Sign("b", 100)] * 20) == [3]


def test_a_state_that_changes_with_each_check_is_not_opened() -> None:
    assert find_opened(Watch(SERVED), *(Sign(f"copy {number}", 100 + number) for number in range(100))) == []


def test_an_incomplete_copy_is_not_opened() -> None:
    """During a copy, each state has fewer files than the served one."""
    copies = [Sign(f"copy {number // 10}", files=number // 10) for number in range(900)]
    watch = Watch(SERVED)
    assert find_opened(watch, *copies) == []
    assert find_opened(watch, *[Sign("whole", files=100)] * 3) == [2]


def test_a_state_with_fewer_files_is_opened_after_half_a_minute() -> None:
    assert find_opened(Watch(SERVED), *[Sign("b", files=99)] * 40) == [15]


def test_invalid_data_is_not_opened_again_until_it_changes() -> None:
    watch, bad = Watch(SERVED), Sign("bad", 100)
    assert find_opened(watch, bad, bad) == [2]
    assert watch.refuse("it does not parse", for_now=False)
    assert watch.refusal
    assert watch.refusal.reason == "it does not parse"
    assert find_opened(watch, *[bad] * 1000) == []
    assert find_opened(watch, Sign("good", 100), Sign("good", 100)) == [2]
    assert watch.refusal, "until it is served"
    watch.mark_served(Sign("good", 100))
    assert watch.refusal is None


def test_temporary_problems_are_retried_and_reported_once() -> None:
    watch, full, tries = Watch(SERVED), Sign("b", 100), []
    for look in range(1, 1000):
        if watch.observe(full):
            tries.append(look)
            assert watch.refuse("the disk is full", for_now=True) is (len(tries) == 1)
    assert tries[:4] == [2, 4, 8, 16]
    assert max(later - earlier for earlier, later in pairwise(tries)) <= 150


def test_a_reverted_state_clears_the_refusal() -> None:
    watch, gone = Watch(SERVED), Sign("problem", problem="there is no folder")
    assert find_opened(watch, gone, gone) == [2]
    watch.refuse("there is no folder", for_now=True)
    assert find_opened(watch, SERVED) == []
    assert watch.refusal is None


def test_an_unusable_state_is_opened_again() -> None:
    watch = Watch(SERVED)
    watch.mark_unusable()
    assert find_opened(watch, *[SERVED] * 5) == [2]


@pytest.mark.parametrize(
    ("triples", "sources", "refused"),
    [(1000, 10, False), (500, 5, False), (499, 10, True), (1000, 4, True), (9999, 99, False), (0, 0, True)],
)
def test_data_that_shrinks_below_half_is_refused(triples: int, sources: int, refused: bool) -> None:
    reason = shrinkage(Contents(triples=1000, sources=10), Contents(triples=triples, sources=sources))
    assert bool(reason) is refused
    if refused:
        assert f"it has {triples:,} triples from {sources} sources, less than half of 1,000 triples from 10 sources" in reason


def test_unknown_counts_are_not_compared() -> None:
    assert shrinkage(Contents(), Contents(triples=1, sources=1)) == ""
    assert shrinkage(Contents(triples=1, sources=1), Contents()) == ""
