from __future__ import annotations

from resh.observed import BOUNDS, Observed


def test_durations_are_counted_by_bounds() -> None:
    observed = Observed()
    for seconds in (0.001, 0.0011, 7200):
        observed.took("command", seconds, "search")
    found = observed.durations("command")["search",]
    assert (found.counts[0], found.counts[1], found.counts[len(BOUNDS)], sum(found.counts)) == (1, 1, 1, 3)
    assert round(found.seconds, 6) == 7200.0021
    assert observed.durations("search") == {}


def test_what_was_told_does_not_change() -> None:
    observed = Observed()
    observed.took("command", 1, "search")
    before, numbers = observed.durations("command"), observed.numbers("status")
    observed.took("command", 1, "search")
    observed.counted("status", "0")
    assert (sum(before["search",].counts), numbers) == (1, {})
    assert observed.numbers("status") == {("0",): 1}
