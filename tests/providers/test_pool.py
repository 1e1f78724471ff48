from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest

from resh.cancel import Cancel
from resh.errors import Cancelled
from resh.limits import parse
from resh.providers.limiter import Limiter, Place
from resh.providers.pool import Pending, Pool, settled

WAIT = 10


def place(account: str = "1", region: str = "r1", service: str = "s", operation: str = "s:List") -> Place:
    return Place(account, region, service, operation)


class Calls:
    """Calls that hang until they are let go, and how many are in flight by region of an account."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.inside: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.done = 0
        self.changed = threading.Condition()

    def hang(self, name: str) -> Callable[[], None]:
        def call() -> None:
            with self.changed:
                self.inside[name] += 1
                self.most[name] = max(self.most[name], self.inside[name])
                self.changed.notify_all()
            self.free.wait(WAIT)
            with self.changed:
                self.inside[name] -= 1
                self.done += 1
                self.changed.notify_all()

        return call

    def quick(self) -> None:
        with self.changed:
            self.done += 1
            self.changed.notify_all()

    def until(self, what: Callable[[], bool]) -> bool:
        with self.changed:
            return self.changed.wait_for(what, WAIT)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def test_no_more_calls_than_threads_however_many_accounts(calls: Calls) -> None:
    pool = Pool(4, Limiter())
    with pool.guest() as one, pool.guest() as two:
        for _ in range(10):
            one.add(place("1"), calls.hang("all"))
            two.add(place("2"), calls.hang("all"))
        assert calls.until(lambda: calls.inside["all"] == 4)
        calls.free.set()
        assert calls.until(lambda: calls.done == 20)
    assert calls.most["all"] == 4


def test_a_slow_region_or_account_leaves_threads_to_the_others(calls: Calls) -> None:
    pool = Pool(8, Limiter())
    with pool.guest() as slow, pool.guest() as quick:
        quick.add(place("2"), calls.quick)
        for _ in range(30):
            slow.add(place("1"), calls.hang("slow"))
        assert calls.until(lambda: calls.inside["slow"] == 6)
        for _ in range(50):
            quick.add(place("2"), calls.quick)
        assert calls.until(lambda: calls.done == 51)
        assert calls.inside["slow"] == 6
        calls.free.set()


def test_alone_it_has_all_threads(calls: Calls) -> None:
    with Pool(8, Limiter()).guest() as guest:
        for _ in range(8):
            guest.add(place(), calls.hang("all"))
        assert calls.until(lambda: calls.inside["all"] == 8)
        calls.free.set()


def test_whoever_has_least_in_flight_comes_first(calls: Calls) -> None:
    pool = Pool(4, Limiter())
    with pool.guest() as one, pool.guest() as two:
        one.add(place("1"), calls.hang("one"))
        two.add(place("2", "r2"), calls.quick)
        assert calls.until(lambda: calls.inside["one"] == 1 and calls.done == 1)
        for _ in range(3):
            two.add(place("2"), calls.hang("two"))
        assert calls.until(lambda: calls.inside["two"] == 3)
        for _ in range(10):
            two.add(place("2"), calls.hang("two"))
        one.add(place("1"), calls.hang("one"))
        calls.free.set()
        assert calls.until(lambda: calls.done == 16)


def test_a_service_has_its_own_limit_and_a_waiting_call_takes_no_thread(calls: Calls) -> None:
    with Pool(8, Limiter(per_service=2)).guest() as guest:
        for number in range(20):
            guest.add(place(operation=f"s:{number}"), calls.hang("s"))
        assert calls.until(lambda: calls.inside["s"] == 2)
        for _ in range(6):
            guest.add(place(service="t"), calls.quick)
        assert calls.until(lambda: calls.done == 6), "though eighteen wait"
        calls.free.set()
        assert calls.until(lambda: calls.done == 26)
    assert calls.most["s"] == 2


def noting(calls: Calls, noted: list[str], word: str) -> Callable[[], None]:
    def note() -> None:
        noted.append(word)
        calls.quick()

    return note


def test_calls_that_wait_for_their_rate_come_in_time_and_in_order(calls: Calls) -> None:
    done: list[str] = []
    with Pool(4, Limiter(parse("[{rate: 200, burst: 1}]"))).guest() as guest:
        for word in "abcdef":
            guest.add(place(), noting(calls, done, word))
        assert calls.until(lambda: calls.done == 6)
    assert "".join(done) == "abcdef"


def test_a_task_may_be_put_off(calls: Calls) -> None:
    order: list[str] = []
    with Pool(1, Limiter()).guest() as guest:
        guest.add(place(), noting(calls, order, "later"), after=0.02)
        guest.add(place(), noting(calls, order, "now"))
        assert calls.until(lambda: calls.done == 2)
    assert order == ["now", "later"]


def test_further_calls_of_a_task_are_counted_where_they_are_made(calls: Calls) -> None:
    pool = Pool(4, Limiter(parse("[{where: 's:Detail', concurrency: 1}]")))
    answers: list[Pending | None] = []

    def task() -> None:
        answers.append(pool.permit(place()))
        answers.append(pool.permit(place(operation="s:Detail")))
        answers.append(pool.permit(place(operation="s:Detail")))
        calls.hang("detail")()

    def second() -> None:
        answers.append(pool.permit(place(operation="s:Detail")))
        calls.quick()

    with pool.guest() as guest:
        guest.add(place(), task)
        assert calls.until(lambda: calls.inside["detail"] == 1)
        assert answers == [None, None, None]
        guest.add(place(service="other"), second)
        assert calls.until(lambda: calls.done == 1)
        assert answers[-1] == Pending(place(operation="s:Detail"))
        calls.free.set()


def test_what_a_guest_has_not_begun_is_never_done_and_its_threads_are_replaced(calls: Calls) -> None:
    pool = Pool(2, Limiter())
    with pool.guest() as gone:
        for _ in range(5):
            gone.add(place(), calls.hang("gone"))
        assert calls.until(lambda: calls.inside["gone"] == 2)
    with pool.guest() as next_one:
        for _ in range(5):
            next_one.add(place("2"), calls.quick)
        assert calls.until(lambda: calls.done == 5), "though two calls of the first still hang"
    calls.free.set()
    assert calls.until(lambda: calls.done == 7)
    gone.add(place(), calls.quick)
    assert calls.done == 7


def test_pages_for_whoever_has_nothing_else_to_do() -> None:
    waiting = Pending(place(), 0.0)
    assert list(settled([1, waiting, 2], Cancel())) == [1, 2]
    cancel = Cancel()
    cancel.set("stopped")
    with pytest.raises(Cancelled, match="stopped"):
        list(settled([Pending(place(), 3600)], cancel))


def test_outside_of_a_task_only_the_rate_counts() -> None:
    pool = Pool(1, Limiter(parse("[{rate: 1, burst: 2, concurrency: 1}]")))
    assert [pool.permit(place()) for _ in range(2)] == [None, None]
    blocked = pool.permit(place())
    assert blocked is not None
    assert 0 < blocked.seconds <= 1


def test_the_oldest_call_in_flight_is_known(calls: Calls) -> None:
    now = [100.0]
    pool = Pool(4, Limiter(), now=lambda: now[0])
    assert pool.oldest() is None
    with pool.guest() as guest:
        guest.add(Place("1", "r0"), calls.hang("no call"))
        assert calls.until(lambda: calls.inside["no call"] == 1)
        assert pool.oldest() is None
        for number, region in enumerate(("r1", "r2"), 1):
            guest.add(place(region=region), calls.hang(region))
            assert calls.until(lambda region=region: calls.inside[region] == 1)  # type: ignore[misc]
            now[0] += number
        assert pool.oldest() == (place(region="r1"), 3.0)
        calls.free.set()
        assert calls.until(lambda: calls.done == 3)
