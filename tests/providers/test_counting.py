from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from resh.graph.base import Account
from resh.providers.base import Heard
from resh.providers.counting import Counting, called, carried
from resh.providers.limiter import Place
from resh.state.calls import CallCounts

READ = Place("1", "r1", "s", "s:Read")


@pytest.fixture
def counts(tmp_path: Path) -> CallCounts:
    return CallCounts(tmp_path / "calls")


def kept(counting: Counting, counts: CallCounts, run: str) -> dict[str, int]:
    """Calls by account."""
    assert counting.keep(counts, run) is None
    return {one.account: sum(count.calls for count in one.counts) for one in counts.of(run)}


def call(account: str = "1") -> None:
    called("aws", READ._replace(account=account), Heard(0.1, 10))


def test_it_counts_by_account_what_is_called_in_its_block(counts: CallCounts) -> None:
    counting = Counting("tag")
    call()
    for account in ("1", "2", "1"):
        with counting:
            call(account)
    call()
    accounts = [Account("aws", "1", "shop", 0.0, 0), Account("gcp", "2", "no such one", 0.0, 0)]
    assert counting.keep(counts, "01", lambda: accounts) is None
    one, two = counts.of("01")
    assert (one.cloud, one.account, one.name, one.purpose) == ("aws", "1", "shop", "tag")
    assert [(count.region, count.operation, count.calls, count.bytes) for count in one.counts] == [("r1", "s:Read", 2, 20)]
    assert (two.account, two.name, two.counts[0].calls) == ("2", "", 1)
    assert kept(counting, counts, "02") == {}


def test_threads_are_heard_by_whoever_carries_them_there(counts: CallCounts) -> None:
    one, two = Counting("tag"), Counting("refresh")
    with ThreadPoolExecutor(1) as pool:
        with one:
            pool.submit(call, "nobody's").result()
            pool.submit(carried(call), "1").result()
            with two:
                pool.submit(carried(call), "2").result()
            call("3")
        pool.submit(call, "nobody's").result()
    assert kept(one, counts, "01") == {"1": 1, "3": 1}
    assert kept(two, counts, "02") == {"2": 1}


def test_what_others_do_between_two_rows_is_theirs(counts: CallCounts) -> None:
    """Two commands in one pipeline, in one thread: the second pulls its rows from the first."""
    first, second = Counting("tag"), Counting("refresh")

    def rows(counting: Counting, source: Iterator[str], account: str) -> Iterator[str]:
        for row in source:
            with counting:
                call(account)
            yield row

    assert list(rows(second, rows(first, iter("abc"), "1"), "2")) == ["a", "b", "c"]
    assert kept(first, counts, "01") == {"1": 3}
    assert kept(second, counts, "02") == {"2": 3}


def test_counts_that_cannot_be_written_are_told(counts: CallCounts, tmp_path: Path) -> None:
    (tmp_path / "calls").write_text("in the way")
    counting = Counting("tag")
    with counting:
        call()
    error = counting.keep(counts, "01")
    assert error is not None
    assert "cannot be opened" in error.message
