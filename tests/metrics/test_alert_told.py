"""An alert of a run, at a target that listens."""

from __future__ import annotations

import json
from pathlib import Path

from resh.app import App
from resh.clock import FakeClock
from resh.metrics.timeseries import Sample
from resh.monitoring import watch
from resh.state.alerts import Alert
from resh.state.targets import StoredTarget
from tests.web_server import WebServer
from tests.web_server import server as server


def test_a_target_hears_what_begins_and_what_ends(home: Path, clock: FakeClock, server: WebServer) -> None:
    with App(home, clock=clock) as app:
        app.tables.targets.add("team", StoredTarget("webhook", {"url": f"{server.url}/hook"}))
        app.tables.alerts.add(Alert("many", "x by account > 5", "team"))
        for value in (7, 1):
            app.timeseries.write(clock.now(), {"x": [Sample({"account": "a"}, value)]})
            assert watch(app).look(clock.now(), lambda event: None) == ()
            clock.advance(3600)
    said = [json.loads(asked.body)["title"] for asked in server.asked]
    assert said == ["Alert: many account=a: 7 against 5", "Resolved: many account=a: over"]


def test_a_target_that_is_gone_is_named(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock) as app:
        app.tables.alerts.add(Alert("many", "x > 5", "team"))
        app.timeseries.write(clock.now(), {"x": [Sample({}, 7)]})
        assert watch(app).look(clock.now(), lambda event: None) == ("alert many: there is no target 'team'",)
