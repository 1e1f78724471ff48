from __future__ import annotations

from dataclasses import dataclass

import pytest

from resh.limits import parse
from resh.providers.limiter import Gate, Learned, Limiter, Memory, Place

VOLUMES = Place("1", "r1", "ec2", "ec2:DescribeVolumes")
SNAPSHOTS = VOLUMES._replace(operation="ec2:DescribeSnapshots")
ROLES = Place("1", "global", "iam", "iam:ListRoles")
ELSEWHERE = VOLUMES._replace(region="r2")


@dataclass
class World:
    limits: str = ""
    per_service: int = 0
    memory: Memory | None = None
    time: float = 100.0

    def __post_init__(self) -> None:
        self.limiter = Limiter(parse(self.limits), self.per_service, self.memory, lambda: self.time)

    def call(self, place: Place = VOLUMES, throttled: bool = False) -> bool:
        """Whether it could be made now."""
        if self.limiter.enter(place) is not None:
            return False
        self.limiter.leave(place)
        self.limiter.heard(place, throttled)
        return True

    def calls(self, seconds: float, place: Place = VOLUMES) -> int:
        """How many can be made, as fast as it is allowed."""
        done, end = 0, self.time + seconds
        while self.time < end:
            blocked = self.limiter.enter(place)
            if isinstance(blocked, float):
                self.time += blocked
            else:
                self.limiter.leave(place)
                done += 1
                self.time += 0.001
        return done

    def throttle(self, rate: int, place: Place = VOLUMES) -> None:
        """The cloud refuses at that many calls a second."""
        for number in range(rate):
            self.call(place, throttled=number == rate - 1)
            self.time += 1 / rate


def test_a_rate_and_a_burst() -> None:
    world = World("[{where: ec2, rate: 5, burst: 10}]")
    assert sum(world.call() for _ in range(20)) == 10
    assert world.limiter.enter(VOLUMES) == pytest.approx(0.2)
    world.time += 1
    assert sum(world.call(SNAPSHOTS) for _ in range(20)) == 5, "all of the service together"
    assert not world.call()
    assert world.call(ELSEWHERE), "each region for itself"
    assert world.call(ROLES)


def test_places_in_flight() -> None:
    world = World("[{where: 'ec2:DescribeVolumes', concurrency: 1}]", per_service=2)
    assert world.limiter.enter(VOLUMES) is None
    closed = world.limiter.enter(VOLUMES)
    assert isinstance(closed, Gate)
    assert world.limiter.enter(SNAPSHOTS) is None
    assert isinstance(world.limiter.enter(SNAPSHOTS), Gate), "two of the service"
    assert closed in world.limiter.leave(VOLUMES)
    assert world.limiter.enter(VOLUMES) is None


def test_what_throttles_is_slowed_and_nothing_else() -> None:
    world = World()
    assert sum(world.call() for _ in range(500)) == 500, "free, as long as nobody minds"
    world.time += 10
    world.throttle(40)
    assert not world.call()
    assert 15 <= world.calls(1) <= 25, "half of what was too much"
    for other in (SNAPSHOTS, ELSEWHERE, ROLES, VOLUMES._replace(account="2")):
        assert all(world.call(other) for _ in range(100))


def test_a_burst_of_refusals_cuts_once() -> None:
    world = World()
    world.throttle(40)
    for _ in range(15):
        world.limiter.heard(VOLUMES, True)
    assert world.calls(1) >= 15
    world.time += 1
    world.limiter.heard(VOLUMES, True)
    assert world.calls(1) < 25


def test_the_pace_rises_while_it_is_used_and_is_dropped_in_the_end() -> None:
    world = World()
    world.throttle(40)
    first = world.calls(1)
    world.time += 3600
    assert world.calls(1) < first * 2.5, "an hour of silence proves nothing"
    before = world.calls(1)
    world.calls(10)
    assert world.calls(1) > before
    world.calls(60)
    assert all(world.call() for _ in range(500))


def test_never_slower_than_bearable() -> None:
    world = World()
    for _ in range(50):
        world.limiter.heard(VOLUMES, True)
        world.time += 2
    assert world.calls(60) >= 10


def test_what_was_learned_is_remembered() -> None:
    first = World()
    first.throttle(40)
    memory = first.limiter.learned(at=1000.0)
    assert set(memory) == {VOLUMES}
    second = World(memory=memory)
    assert second.calls(1) < 50
    assert second.call(SNAPSHOTS)
    assert World(memory=memory).limiter.learned(at=2000.0) == memory, "what was not needed stays"
    assert World(memory=memory).limiter.learned(at=1000.0 + 8 * 86400) == {}, "for a week"


def test_what_is_free_again_is_not_remembered() -> None:
    world = World(memory={VOLUMES: Learned(70, 40, 0.0)})
    world.calls(60)
    assert world.limiter.learned(at=10.0) == {}


def test_of_an_account_that_is_done_only_paces_stay() -> None:
    world = World(per_service=2)
    world.call(SNAPSHOTS)
    world.throttle(40)
    world.limiter.forget("1")
    assert set(world.limiter.learned(at=0.0)) == {VOLUMES}
    assert not world.call()
    world.limiter.leave(SNAPSHOTS)  # a call that hung comes back
    assert world.limiter.enter(SNAPSHOTS) is None
