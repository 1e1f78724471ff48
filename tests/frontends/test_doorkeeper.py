from __future__ import annotations

from resh.clock import FakeClock
from resh.frontends.ssh.doorkeeper import FREE_FAILURES, LONGEST_PAUSE, Doorkeeper, Most

HERE, THERE = "192.0.2.1", "198.51.100.7"


def doorkeeper(clock: FakeClock, most: Most = Most()) -> Doorkeeper:  # noqa: B008  a value that never changes
    return Doorkeeper(lambda: most, clock.now)


def fail(keeper: Doorkeeper, address: str) -> None:
    assert keeper.arrives(address) == ""
    keeper.leaves(address, logged_in=False, failed=True)


def test_those_that_have_not_logged_in_are_few(clock: FakeClock) -> None:
    keeper = doorkeeper(clock, Most(startups=2))
    assert [keeper.arrives(HERE) for _ in range(3)] == ["", "", "too many connections that have not logged in"]
    keeper.logged_in(HERE)
    assert keeper.arrives(THERE) == ""
    assert keeper.counts == (3, 2, 0)


def test_one_address_leaves_room_for_others(clock: FakeClock) -> None:
    keeper = doorkeeper(clock, Most(address_startups=1))
    assert keeper.arrives(HERE) == ""
    assert keeper.arrives(HERE) == "too many connections of this address that have not logged in"
    assert keeper.arrives(THERE) == ""


def test_connections_end(clock: FakeClock) -> None:
    keeper = doorkeeper(clock, Most(connections=1))
    assert keeper.arrives(HERE) == ""
    keeper.logged_in(HERE)
    assert keeper.arrives(THERE) == "too many connections"
    keeper.leaves(HERE, logged_in=True)
    assert keeper.counts == (0, 0, 0)
    assert keeper.arrives(THERE) == ""


def test_an_address_gets_so_many_a_second(clock: FakeClock) -> None:
    keeper = doorkeeper(clock, Most(rate=2))
    assert [keeper.arrives(HERE) for _ in range(3)] == ["", "", "too many connections a second"]
    assert keeper.arrives(THERE) == ""
    clock.advance(0.5)
    assert keeper.arrives(HERE) == ""
    assert keeper.arrives(HERE) != ""


def test_who_fails_waits_longer_each_time(clock: FakeClock) -> None:
    keeper = doorkeeper(clock)
    for _ in range(FREE_FAILURES):
        fail(keeper, HERE)
    assert keeper.arrives(HERE) == "failed too often"
    assert keeper.arrives(THERE) == ""
    clock.advance(1.1)
    fail(keeper, HERE)
    clock.advance(1.1)
    assert keeper.arrives(HERE) == "failed too often"
    clock.advance(LONGEST_PAUSE)
    assert keeper.arrives(HERE) == ""
    keeper.logged_in(HERE)
    fail(keeper, HERE)
    assert keeper.arrives(HERE) == ""


def test_a_bastion_does_not_wait_for_one_of_its_people(clock: FakeClock) -> None:
    keeper = doorkeeper(clock, Most(rate=1, exempt=("192.0.2.0/24", "nonsense")))
    for _ in range(FREE_FAILURES + 5):
        fail(keeper, HERE)
    assert keeper.arrives(HERE) == ""


def test_sessions_of_one_and_of_all(clock: FakeClock) -> None:
    keeper = doorkeeper(clock, Most(sessions=3, user_sessions=2))
    for user in ("ada", "ada", "bob"):
        assert keeper.admits(user) == ""
        keeper.opens(user)
    assert keeper.admits("carol") == "there are 3 sessions already"
    keeper.closes("bob")
    assert keeper.admits("ada") == "ada has 2 sessions already"
    assert keeper.admits("bob") == ""
