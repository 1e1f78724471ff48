"""An app that serves its metrics."""

from __future__ import annotations

import io
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.errors import BadValue
from resh.frontends.script import StreamSink
from resh.metrics.exporter import Exporter
from resh.shell.evaluate import evaluate
from resh.shell.session import Session
from resh.state.calls import AccountCalls, CallCount
from resh.state.runs import StepRecord


def test_nothing_is_served_unless_it_is_wanted(home: Path) -> None:
    with App(home) as app:
        assert app.serve_metrics() is None


def asked(exporter: Exporter) -> dict[tuple[str, ...], float]:
    """Values by name and labels, which must be those of Prometheus' own parser."""
    with urllib.request.urlopen("http://{}:{}/metrics".format(*exporter.address), timeout=10) as answer:
        found = text_string_to_metric_families(answer.read().decode())
        return {
            (sample.name, *sorted(f"{name}={value}" for name, value in sample.labels.items())): sample.value
            for f in found
            for sample in f.samples
        }


def test_what_was_measured_is_served_with_how_resh_itself_does(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock, overrides=["metrics.listen=127.0.0.1:0"]) as app:
        app.generator.generate(app.metrics, now=clock.now(), cancel=Cancel())
        exporter = app.serve_metrics()
        assert exporter
        leave = app.visits.enter({"user": "ada", "via": "ssh"})
        app.tables.calls.add(
            "0001", AccountCalls("aws", "1", "demo", (CallCount("eu", "ec2:X", calls=3, throttled=1, scale={0: 3}, longest=2),))
        )
        opened = app.tables.runs.open("collect", by="ada", at=clock.now())
        app.tables.runs.save(replace(opened, steps=(StepRecord("collect", 10, 40),), status="ok"))
        session = Session(app, user="ada", role=Role.admin, sink=StreamSink(io.StringIO(), io.StringIO()))
        evaluate(session, "search all | count")
        evaluate(session, "serch all")
        found = asked(exporter)
        leave()
        assert asked(exporter)["resh_sessions", "via=ssh"] == 0
    assert found["resh_generated_timestamp_seconds",] == clock.now()
    assert found["resh_sessions", "via=ssh"] == 1
    assert found["resh_workflows_running",] == 0
    assert [found["resh_queue_depth", f"queue={queue}"] for queue in ("jobs", "workflows", "steps")] == [0, 0, 0]
    assert found["resh_api_calls_total", "result=ok", "service=ec2"] == 2
    assert found["resh_api_calls_total", "result=throttled", "service=ec2"] == 1
    assert found["resh_api_call_duration_seconds_count", "service=ec2"] == 3
    assert found["resh_step_duration_seconds_bucket", "le=30.0", "step=collect"] == 1
    assert found["resh_step_duration_seconds_bucket", "le=10.0", "step=collect"] == 0
    assert found["resh_workflow_runs_total", "status=ok", "workflow=collect"] == 1
    assert found["resh_command_duration_seconds_count", "command=search"] == 1
    assert [found["resh_commands_total", f"status={status}"] for status in (0, 127)] == [1, 1]
    assert found["resh_search_duration_seconds_count",] == 1


def test_an_address_open_to_all_needs_a_token(home: Path) -> None:
    with App(home, overrides=["metrics.listen=0.0.0.0:0"]) as app, pytest.raises(BadValue, match="nothing asks who they are"):
        app.serve_metrics()
