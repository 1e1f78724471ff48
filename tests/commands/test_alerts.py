from __future__ import annotations

import json

import pytest

from resh.app import App
from resh.clock import FakeClock
from tests.commands.conftest import Shell


@pytest.fixture
def measured(shell: Shell) -> Shell:
    shell("metrics run")
    return shell


def test_an_alert_is_kept_tested_shown_muted_and_forgotten(measured: Shell) -> None:
    row = json.loads(measured("alerts add --name many 'volumes_total by region > 3'")[0])
    assert (row["name"], row["condition"], row["firing"]) == ("many", "volumes_total by region > 3", None)
    assert json.loads(measured("alerts show many")[0]) == {"group": "region=eu-west-1", "value": 4, "limit": 3.0, "fires": True}
    assert measured("alerts test many") == measured("alerts show many")
    assert json.loads(measured("alerts test volumes_total > 4")[0])["fires"] is False
    assert json.loads(measured("alerts mute many 2h")[0])["muted_until"]
    measured("alerts delete many")
    assert measured("alerts list") == []


def test_options_may_stand_behind_the_condition(measured: Shell) -> None:
    row = json.loads(measured("alerts add 'volumes_total by account > 1.2 * avg(7d)' --name growth --repeat 2h")[0])
    assert (row["name"], row["condition"], row["repeat"]) == ("growth", "volumes_total by account > 1.2 * avg(7d)", "2 h")


def test_a_workflow_looks_at_alerts(measured: Shell, app: App, clock: FakeClock) -> None:
    measured("alerts add 'volumes_total > 3'")
    lines = measured("workflows run metrics --follow")
    assert any("alert_fired" in line and "volumes_total: 4 against 3" in line for line in lines)
    assert json.loads(measured("alerts list")[0])["firing"] == "total"
    clock.advance(3600)
    assert not any("alert_fired" in line for line in measured("workflows run metrics --follow"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("alerts add 'volume_total > 3'", "there is no metric 'volume_total'"),
        ("alerts add 'volumes_total by regio > 3'", "volumes_total has no label 'regio'"),
        ("alerts add 'volumes_total > '", "expected a number"),
        ("alerts add --notify team 'volumes_total > 3'", "there is no target 'team'"),
        ("alerts add --name a/b 'volumes_total > 3'", "'a/b' is no name for an alert"),
        ("alerts show nothing", "there is no alert 'nothing'"),
    ],
)
def test_what_is_wrong_is_named(measured: Shell, line: str, told: str) -> None:
    measured(line)
    assert measured.status == 2
    assert told in " ".join(measured.notes)
