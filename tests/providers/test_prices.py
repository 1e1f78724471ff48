"""Prices: what was learned goes before what a package knows, and both before nothing."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from resh.clock import FakeClock
from resh.model.scope import Code, Status
from resh.providers.catalog import Borrow, Call, Link, Resource
from resh.providers.collector import Options
from resh.providers.prices import Prices
from resh.providers.selection import Selection
from resh.providers.session import Region
from resh.state.tables import StoredPrices
from tests.providers.provider_fakes import FakeSession, Recorder, collect, refused

PRICE = Resource("c_price", "Prices.", Call("p", "prices", "Prices"), id="Sold", fields={"ondemand_cost": "Cost"}, remembered=True)
TYPE = Resource(
    "c_type", "A type.", Call("s", "types", "Types"), id="Id", borrow=(Borrow("c_price", "Id", {"ondemand_cost": "ondemand_cost"}),)
)
USER = Resource("c_user", "Uses a type.", Call("s", "users", "Users"), id="Id", edges=(Link("c_type", "Type"),))
TYPES = [{"Types": [{"Id": "small"}, {"Id": "large"}]}]
LIST = [{"Prices": [{"Sold": "small", "Cost": 0.5}]}, {"Prices": [{"Sold": "huge", "Cost": 9.0}]}]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1_700_000_000.0)


def offline(kind: str, region: str) -> Mapping[str, float]:
    return {"small": 0.4, "large": 4.0} if (kind, region) == ("c_price", "r1") else {}


def session(**answers: Any) -> FakeSession:
    """`prices_r1=[page, …]` is the answer of `prices` in r1, in place of the usual one."""
    known: dict[tuple[str, str], Any] = {("types", "r1"): TYPES, ("types", "r2"): TYPES, ("prices", "r1"): LIST}
    for name, pages in answers.items():
        operation, _, region = name.partition("_")
        known[operation, region] = pages
    return FakeSession(known, (Region("r1"), Region("r2")))


def costs(sink: Recorder, region: str) -> dict[str, float | None]:
    return {n.reported["id"]: n.reported.get("ondemand_cost") for n in sink.found.values() if n.kind == "c_type" and n.region == region}


def test_of_another_region_or_list_nothing_is_known() -> None:
    prices = Prices(offline=offline)
    assert prices.lent("c_price", "r1", "small") == {"ondemand_cost": 0.4}
    assert prices.lent("c_price", "r2", "small") == prices.lent("c_other", "r1", "small") == prices.lent("c_price", "r1", "?") == {}


@pytest.mark.parametrize("nothing", [0, 0.0, -1.0, float("nan"), float("inf"), None, "0.5", True])
def test_what_is_no_price_is_unknown(nothing: Any) -> None:
    prices = Prices()
    prices.learn("c_price", "r1", {"small": nothing})
    assert prices.lent("c_price", "r1", "small") == {}


def test_a_price_list_is_read_again_when_it_is_old(clock: FakeClock) -> None:
    prices = Prices(clock, every=lambda: 60.0)
    assert prices.wait("c_price", "r1") == 0
    prices.learn("c_price", "r1", {})
    assert (prices.wait("c_price", "r1"), prices.wait("c_price", "r2")) == (60.0, 0.0)
    clock.advance(60)
    assert prices.wait("c_price", "r1") == 0


def test_another_process_and_the_next_start_know_them(tmp_path: Path, clock: FakeClock) -> None:
    stored = StoredPrices(tmp_path / "prices.json")
    first, second = (Prices(clock, every=lambda: 60.0, stored=pickle.loads(pickle.dumps(stored))) for _ in range(2))
    assert second.wait("c_price", "r1") == 0
    first.learn("c_price", "r1", {"small": 0.5})
    first.remember()
    assert second.wait("c_price", "r1") == 60.0
    assert second.lent("c_price", "r1", "small") == {"ondemand_cost": 0.5}
    first.learn("c_price", "r1", {"small": 0.6})
    first.remember()
    assert [row["prices"] for row in stored.rows()] == [{"small": 0.6}]
    assert Prices(clock, stored=stored).lent("c_price", "r1", "small") == {"ondemand_cost": 0.6}


def test_types_show_what_the_list_says_and_else_what_the_package_says() -> None:
    sink = collect(session(), TYPE, PRICE, options=Options(prices=Prices(offline=offline)))
    assert costs(sink, "r1") == {"small": 0.5, "large": 4.0}
    assert costs(sink, "r2") == {"small": None, "large": None}
    assert sink.ids("c_price") == []
    assert (sink.reports["r1", "c_price"].count, sink.bad()) == (2, {})


def test_without_price_lists_the_package_is_asked() -> None:
    cloud = session()
    assert costs(collect(cloud, TYPE, options=Options(prices=Prices(offline=offline))), "r1") == {"small": 0.4, "large": 4.0}
    assert "prices" not in [operation for operation, *_ in cloud.asked]


def test_a_denied_list_is_reported_and_changes_no_price() -> None:
    prices = Prices(offline=offline)
    sink = collect(session(prices_r1=refused("AccessDenied")), TYPE, PRICE, options=Options(prices=prices))
    assert sink.bad() == {("r1", "c_price"): Status.DENIED}
    assert costs(sink, "r1") == {"small": 0.4, "large": 4.0}
    assert prices.wait("c_price", "r1") == 0


def test_half_a_list_is_used_and_not_remembered(clock: FakeClock) -> None:
    prices = Prices(clock, every=lambda: 60.0)
    sink = collect(session(prices_r1=[{"Prices": [{"Sold": "small", "Cost": 0.5}, None]}]), TYPE, PRICE, options=Options(prices=prices))
    assert sink.bad() == {("r1", "c_price"): Status.FAILED}
    assert costs(sink, "r1")["small"] == 0.5
    assert prices.wait("c_price", "r1") == 0


def test_the_next_account_reads_no_list_again(clock: FakeClock) -> None:
    options = Options(prices=Prices(clock, every=lambda: 86400.0))
    collect(session(), TYPE, PRICE, options=options)
    cloud = session()
    sink = collect(cloud, TYPE, PRICE, options=options)
    assert "prices" not in [operation for operation, *_ in cloud.asked]
    assert (sink.reports["r1", "c_price"].code, sink.reports["r1", "c_price"].message) == (Code.NOT_DUE.value, "due again in 1 d")
    assert costs(sink, "r1") == {"small": 0.5, "large": None}


def test_a_collect_of_types_alone_takes_what_is_known(clock: FakeClock) -> None:
    cloud = session()
    options = Options(prices=Prices(clock, offline, lambda: 60.0), selection=Selection(kinds=("c_type",)))
    assert costs(collect(cloud, TYPE, PRICE, options=options), "r1") == {"small": 0.4, "large": 4.0}
    assert "prices" not in [operation for operation, *_ in cloud.asked]


def test_types_that_stay_because_they_are_used_have_prices() -> None:
    cloud = session(users_r1=[{"Users": [{"Id": "u", "Type": "small"}]}])
    sink = collect(cloud, TYPE, PRICE, USER, options=Options(used_only=frozenset(("c_type",)), prices=Prices()))
    assert costs(sink, "r1") == {"small": 0.5}
