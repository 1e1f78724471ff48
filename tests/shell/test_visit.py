from __future__ import annotations

from pathlib import Path

from resh.app import App
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.events.people import Login, Logout
from resh.shell.visit import Visit


def test_coming_and_going_are_events(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock) as app:
        visit = Visit(app, "ada", Role.operator, via="ssh", address="192.0.2.1")
        clock.advance(90)
        visit.end()
        visit.end()
        came, went = app.log.last()
    assert isinstance(came, Login)
    assert (came.user, came.role, came.via, came.address) == ("ada", "operator", "ssh", "192.0.2.1")
    assert isinstance(went, Logout)
    assert (went.user, went.seconds, went.text) == ("ada", 90.0, "ada, ssh from 192.0.2.1")
