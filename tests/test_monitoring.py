"""An app that serves its metrics."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.errors import BadValue


def test_nothing_is_served_unless_it_is_wanted(home: Path) -> None:
    with App(home) as app:
        assert app.serve_metrics() is None


def test_what_was_measured_is_served_with_how_resh_itself_does(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock, overrides=["metrics.listen=127.0.0.1:0"]) as app:
        app.generator.generate(app.metrics, now=clock.now(), cancel=Cancel())
        app.visits.enter({"user": "ada"})
        exporter = app.serve_metrics()
        assert exporter
        with urllib.request.urlopen("http://{}:{}/metrics".format(*exporter.address), timeout=10) as answer:
            text = answer.read().decode()
    assert "# TYPE resh_volumes_total gauge" in text
    assert "resh_generated_timestamp_seconds 1.7e+09" in text
    assert "resh_sessions 1.0" in text
    assert "resh_workflows_running 0.0" in text


def test_an_address_open_to_all_needs_a_token(home: Path) -> None:
    with App(home, overrides=["metrics.listen=0.0.0.0:0"]) as app, pytest.raises(BadValue, match="nothing asks who they are"):
        app.serve_metrics()
