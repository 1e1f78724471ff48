from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from resh.providers.base import Heard
from resh.providers.limiter import Place
from resh.providers.tally import Tally

LIST = Place("1", "r1", "s", "s:List")


def test_calls_are_counted_by_region_and_operation() -> None:
    tally = Tally()
    tally.add(LIST, Heard(0.2, 100))
    tally.add(LIST, Heard(0.1, 10, "SlowDown", throttled=True))
    tally.add(LIST, Heard(0.3, 50, repeated=True))
    tally.add(LIST._replace(region="r2"), Heard(1.0, None, units=7))
    here, there = tally.taken()
    assert (here.region, here.operation, here.calls, here.throttled, here.repeated) == ("r1", "s:List", 3, 1, 1)
    assert (round(here.seconds, 6), here.longest, here.bytes, here.unsized, here.errors) == (0.6, 0.3, 160, 0, {"SlowDown": 1})
    assert (there.region, there.calls, there.units, there.bytes, there.unsized, there.errors) == ("r2", 1, 7, 0, 1, {})
    assert tally.taken() == ()


def test_a_cloud_that_makes_up_codes_fills_no_memory() -> None:
    tally = Tally()
    for number in range(1000):
        tally.add(LIST, Heard(0.1, 0, f"Code{number}"))
    (count,) = tally.taken()
    assert len(count.errors) == 21
    assert (count.errors["Code0"], count.errors["other"]) == (1, 980)


def test_the_counts_of_others_are_included() -> None:
    tally, other = Tally(), Tally()
    tally.add(LIST, Heard(0.2))
    other.add(LIST, Heard(0.4))
    tally.include(other.taken())
    assert [(count.calls, count.longest) for count in tally.taken()] == [(2, 0.4)]


def test_no_call_is_lost_between_threads() -> None:
    tally = Tally()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: tally.add(LIST, Heard(0.001, 1)), range(4000)))
    (count,) = tally.taken()
    assert (count.calls, count.bytes, sum(count.scale.values())) == (4000, 4000, 4000)
