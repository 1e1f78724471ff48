from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from resh.cancel import Cancel
from resh.durations import parse_duration
from resh.errors import Cancelled, ReshError, SendFailed, UsageError
from resh.events.event import Event
from resh.notify.base import Field, Message, Values
from resh.notify.courier import Courier
from resh.notify.delivery import Delivery, Target
from resh.settings import Settings
from resh.web.client import Web
from tests.notify.conftest import MESSAGE


class Spy:
    """Takes messages, or fails as it is told."""

    name = "spy"
    description = "a spy"
    fields = (
        Field("key", "a key", secret=True, connection=True),
        Field("colour", "a colour", "red"),
        Field("hours", "how long", "3h", check=parse_duration),
    )

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.taken: list[tuple[Message, Values]] = []
        self.retries: list[int] = []

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        self.retries.append(courier._retries)
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append((message, values))


class World:
    def __init__(self, environ: Mapping[str, str] = MappingProxyType({"KEY": "s3cret"})) -> None:
        self.spy = Spy()
        self.events: list[Event] = []
        self.delivery = Delivery({"spy": self.spy}, Web(Settings()), environ, lambda: 5.0, self.events.append)
        self.target = Target("team", "spy", {"key": "env:KEY"})

    def send(self, cancel: Cancel | None = None, **more: str) -> None:
        self.delivery.send(self.target, MESSAGE, Cancel() if cancel is None else cancel, more)


def test_secrets_are_looked_up_when_they_are_needed() -> None:
    world = World()
    world.send()
    world.send(colour="blue")
    assert [values for _, values in world.spy.taken] == [
        {"key": "s3cret", "colour": "red", "hours": "3h"},
        {"key": "s3cret", "colour": "blue", "hours": "3h"},
    ]
    assert world.events == []


def test_a_target_that_is_down_is_told_once_and_tried_once_a_message() -> None:
    world = World()
    world.spy.failures = [SendFailed("no answer", again=True)] * 3
    for _ in range(3):
        with pytest.raises(SendFailed):
            world.send()
    assert [event.text for event in world.events] == [
        "notify team: no answer; further failures are not told until it takes a message again"
    ]
    assert world.spy.retries == [3, 0, 0]


def test_after_it_took_one_the_next_failure_is_news() -> None:
    world = World()
    world.spy.failures = [SendFailed("no answer")]
    with pytest.raises(SendFailed):
        world.send()
    world.send()
    world.spy.failures = [SendFailed("no answer")]
    with pytest.raises(SendFailed):
        world.send()
    assert len(world.events) == 2
    assert world.spy.retries == [3, 0, 3]


def test_a_secret_that_is_not_there_is_a_failure_of_the_target() -> None:
    world = World({})
    with pytest.raises(ReshError, match="env:KEY holds no secret"):
        world.send()
    assert len(world.events) == 1


def test_a_value_that_is_looked_up_is_in_no_error() -> None:
    world = World({"KEY": "s3cret", "HOURS": "5 parrots"})
    with pytest.raises(UsageError, match="'soon' is not part of a duration"):
        world.send(hours="soon")
    world.target = Target("team", "spy", {"key": "env:KEY", "hours": "env:HOURS"})
    with pytest.raises(UsageError, match="spy: hours is wrong") as caught:
        world.send()
    assert "parrots" not in caught.value.message


def test_who_cancels_does_not_make_a_target_bad() -> None:
    world = World()
    world.spy.failures = [Cancelled("stopped")]
    with pytest.raises(Cancelled):
        world.send()
    assert world.events == []


def test_an_unknown_notifier_is_named() -> None:
    with pytest.raises(UsageError, match="no notifier 'spi'") as caught:
        World().delivery.notifier("spi")
    assert "spy" in caught.value.hint
