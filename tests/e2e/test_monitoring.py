"""The servers that people run: Prometheus scrapes the exporter, VictoriaMetrics takes what is pushed; both give the same numbers back."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from resh.graph.database import Database
from resh.metrics.definitions import Definition
from resh.metrics.exporter import Exporter, Listen
from resh.metrics.exposition import exposition, families
from resh.metrics.push import Target, push
from resh.metrics.timeseries import Sample, TimeSeries

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
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
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


def answered(port: int, query: str) -> dict[tuple[str, str], float]:
    """What the server's own query API says, once it says anything."""
    url = f"http://127.0.0.1:{port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                rows = json.loads(answer.read())["data"]["result"]
        except OSError:
            rows = []
        if rows:
            return {(row["metric"]["account"], row["metric"]["region"]): float(row["value"][1]) for row in rows}
        time.sleep(0.2)
    pytest.fail(f"no answer to {query} in {PATIENCE} s")


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
    """Once the server listens."""
    until = time.monotonic() + PATIENCE
    place = urllib.parse.urlsplit(target.url)
    while time.monotonic() < until:
        try:
            socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    push(target, families(series, DEFINITIONS), time.time())
