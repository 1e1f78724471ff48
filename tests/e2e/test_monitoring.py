"""The servers that people run: Prometheus scrapes the exporter, VictoriaMetrics takes what is pushed; both give the same numbers back."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.errors import ReshError
from resh.graph.database import Database
from resh.metrics.definitions import Definition
from resh.metrics.exporter import Exporter, Listen
from resh.metrics.exposition import exposition, families
from resh.metrics.push import Target, push
from resh.metrics.timeseries import Sample, TimeSeries
from tests.commands.made_up import fill

VALUES = {("a", "eu-west-1"): 3.0, ("a", "us-east-1"): 2.5, ('b "quoted"\\', "eu-west-1"): 7.0}
DEFINITIONS = (Definition("volumes_total", "Volumes", "…"),)
PATIENCE = 60


@pytest.fixture
def series(tmp_path: Path) -> Iterator[TimeSeries]:
    database = Database(tmp_path / "graph.sqlite3")
    series = TimeSeries(database)
    samples = [Sample({"account": account, "region": region}, value) for (account, region), value in VALUES.items()]
    series.write(time.time(), {"volumes_total": samples})
    yield series
    database.close()


def needs(program: str) -> str:
    """Installed, or where `scripts/servers` puts it."""
    found = shutil.which(program) or shutil.which(program, path=f"{sys.prefix}/servers/usr/bin")
    if found is None:
        pytest.skip(f"{program} is not installed, and scripts/servers has not fetched it")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def asked(port: int, query: str) -> list[dict[str, Any]]:
    """What the server's own query API says."""
    url = f"http://127.0.0.1:{port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        found: list[dict[str, Any]] = json.loads(answer.read())["data"]["result"]
        return found


def patiently(port: int, query: str) -> list[dict[str, Any]]:
    """The same, once it says anything."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError):
            if rows := asked(port, query):
                return rows
        time.sleep(0.2)
    pytest.fail(f"no answer to {query} in {PATIENCE} s")


def answered(port: int, query: str) -> dict[tuple[str, str], float]:
    return {(row["metric"]["account"], row["metric"]["region"]): float(row["value"][1]) for row in patiently(port, query)}


@pytest.mark.parametrize("token", ["", "secret"])
def test_prometheus_scrapes_the_same_numbers(series: TimeSeries, tmp_path: Path, token: str) -> None:
    program, port = needs("prometheus"), free_port()
    exporter = Exporter(Listen.parse("127.0.0.1:0", token), lambda accept: exposition(series, DEFINITIONS, list, accept))
    exporter.start()
    config = tmp_path / "prometheus.yml"
    job = {"job_name": "resh", "scrape_interval": "1s", "static_configs": [{"targets": [f"127.0.0.1:{exporter.address[1]}"]}]}
    config.write_text(json.dumps({"scrape_configs": [{**job, **({"authorization": {"credentials": token}} if token else {})}]}))
    arguments = (f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'data'}", f"--web.listen-address=127.0.0.1:{port}")
    try:
        with running(program, *arguments):
            assert answered(port, "resh_volumes_total") == VALUES
    finally:
        exporter.stop()


def test_all_metrics_and_the_dashboard_are_what_prometheus_knows(tmp_path: Path) -> None:
    program, port, config = needs("prometheus"), free_port(), tmp_path / "prometheus.yml"
    with App(tmp_path / "home", overrides=["metrics.listen=127.0.0.1:0"]) as app:
        fill(app, seed=5)
        app.generator.generate(app.metrics, now=app.clock.now(), cancel=Cancel())
        exporter = app.serve_metrics()
        assert exporter
        job = {"job_name": "resh", "scrape_interval": "1s", "static_configs": [{"targets": ["{}:{}".format(*exporter.address)]}]}
        config.write_text(json.dumps({"scrape_configs": [job]}))
        arguments = (f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'data'}", f"--web.listen-address=127.0.0.1:{port}")
        with running(program, *arguments):
            rows = patiently(port, "sum by (__name__) ({__name__=~'resh_.*'})")
            told = {row["metric"]["__name__"]: float(row["value"][1]) for row in rows}
            for definition in app.metrics:
                total = sum(row["value"] for row in app.timeseries.latest(definition.name))
                assert told[f"resh_{definition.name}"] == pytest.approx(total), definition.name
            assert told["resh_step_duration_seconds_count"] == 6
            for panel in json.loads((Path(__file__).parents[2] / "docs/grafana/resh.json").read_text())["panels"]:
                for target in panel["targets"]:
                    asked(port, re.sub(r"\$\w+", ".*", target["expr"]))


def test_prometheus_takes_remote_write(series: TimeSeries, tmp_path: Path) -> None:
    program, port = needs("prometheus"), free_port()
    config = tmp_path / "prometheus.yml"
    config.write_text("{}")
    arguments = (f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'data'}", f"--web.listen-address=127.0.0.1:{port}")
    with running(program, *arguments, "--web.enable-remote-write-receiver"):
        pushed(series, Target(f"http://127.0.0.1:{port}/api/v1/write", "remote_write"))
        assert answered(port, "resh_volumes_total") == VALUES


@pytest.mark.parametrize(("format", "path"), [("remote_write", "/api/v1/write"), ("victoria", "/api/v1/import/prometheus")])
def test_victoriametrics_takes_both(series: TimeSeries, tmp_path: Path, format: str, path: str) -> None:
    program, port = needs("victoria-metrics"), free_port()
    arguments = (f"-storageDataPath={tmp_path / 'data'}", f"-httpListenAddr=127.0.0.1:{port}", "-search.latencyOffset=0s")
    with running(program, *arguments):
        pushed(series, Target(f"http://127.0.0.1:{port}{path}", format))
        assert answered(port, "resh_volumes_total") == VALUES


def pushed(series: TimeSeries, target: Target) -> None:
    """Once the server takes it: one that listens may still be starting."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            push(target, families(series, DEFINITIONS), time.time())
            return
        except ReshError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
