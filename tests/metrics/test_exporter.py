"""The exporter, asked over real sockets."""

from __future__ import annotations

import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

from resh.errors import BadValue, ReshError
from resh.metrics.definitions import Definition
from resh.metrics.exporter import Exporter, Listen, Shared
from resh.metrics.exposition import Family, exposition
from resh.metrics.timeseries import Sample, TimeSeries

DEFINITIONS = (Definition("volumes_total", "Volumes", "…"), Definition("cleanup_deleted_total", "Deleted", "…", type="counter"))
OPEN = "application/openmetrics-text; version=1.0.0"


def text(series: TimeSeries, accept: str = "") -> tuple[bytes, str]:
    return exposition(series, DEFINITIONS, lambda: [Family("resh_sessions", "Sessions", "gauge", [({}, 2.0)])], accept)


@pytest.fixture
def filled(series: TimeSeries) -> TimeSeries:
    hostile = 'a "b"\n\\c'
    series.write(
        1000,
        {
            "volumes_total": [Sample({"account": hostile, "region": "eu"}, 3), Sample({"account": "b", "region": "us"}, 2.5)],
            "cleanup_deleted_total": [Sample({"kind": "x"}, 7)],
            "disks": [Sample({"the kind": "y", "0": "z"}, 1)],
        },
    )
    return series


@pytest.fixture
def exporter(filled: TimeSeries) -> Iterator[Exporter]:
    exporter = Exporter(Listen.parse("0"), lambda accept: text(filled, accept))
    exporter.start()
    yield exporter
    exporter.stop()


def get(exporter: Exporter, path: str = "/metrics", headers: dict[str, str] | None = None, context: ssl.SSLContext | None = None) -> str:
    host, port = exporter.address
    request = urllib.request.Request(f"{'https' if context else 'http'}://{host}:{port}{path}", headers=headers or {})
    with urllib.request.urlopen(request, timeout=10, context=context) as answer:
        return str(answer.read().decode())


def test_a_scrape_reads_what_was_written(exporter: Exporter) -> None:
    found = {(sample.name, *sorted(sample.labels.items())): sample.value for f in prometheus(get(exporter)) for sample in f.samples}
    assert found["resh_volumes_total", ("account", 'a "b"\n\\c'), ("region", "eu")] == 3
    assert found["resh_volumes_total", ("account", "b"), ("region", "us")] == 2.5
    assert found["resh_cleanup_deleted_total", ("kind", "x")] == 7
    assert found["resh_disks", ("_0", "z"), ("the_kind", "y")] == 1
    assert found["resh_generated_timestamp_seconds",] == 1000
    assert found["resh_sessions",] == 2


def test_openmetrics_for_who_asks_for_it(exporter: Exporter) -> None:
    body = get(exporter, headers={"Accept": OPEN})
    assert body.endswith("# EOF\n")
    types = {family.name: family.type for family in openmetrics.text_string_to_metric_families(body)}  # type: ignore[no-untyped-call]
    assert (types["resh_cleanup_deleted"], types["resh_volumes_total"]) == ("counter", "gauge")


def test_there_is_nothing_else(exporter: Exporter) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(exporter, "/other")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic secret"}])
def test_a_token_is_asked_for(filled: TimeSeries, headers: dict[str, str]) -> None:
    exporter = Exporter(Listen.parse("127.0.0.1:0", token="secret"), lambda accept: text(filled, accept))
    exporter.start()
    try:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            get(exporter, headers=headers)
        assert "resh_volumes_total" in get(exporter, headers={"Authorization": "Bearer secret"})
    finally:
        exporter.stop()


def test_over_tls(filled: TimeSeries, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext"]
    subprocess.run([*made, "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    exporter = Exporter(Listen.parse("127.0.0.1:0", "", str(certificate), str(key)), lambda accept: text(filled, accept))
    exporter.start()
    try:
        assert "resh_volumes_total" in get(exporter, context=ssl.create_default_context(cafile=str(certificate)))
    finally:
        exporter.stop()


@pytest.mark.parametrize(
    ("listen", "message"),
    [
        ("metrics", "'metrics' is no address"),
        ("127.0.0.1:99999", "is no address"),
        ("0.0.0.0:9955", "0.0.0.0 is open to others"),
        ("example.org:9955", "example.org is open to others"),
    ],
)
def test_an_address_that_cannot_be_is_refused(listen: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        Listen.parse(listen)


def test_an_address_that_is_taken_is_named(exporter: Exporter) -> None:
    with pytest.raises(ReshError, match=r"cannot listen on 127\.0\.0\.1"):
        Exporter(Listen(*exporter.address), lambda accept: (b"", ""))


@pytest.mark.parametrize("files", [("cert.pem", ""), ("missing.pem", "missing.pem")])
def test_a_certificate_that_is_none_is_named(files: tuple[str, str]) -> None:
    with pytest.raises(ReshError, match="metrics: "):
        Exporter(Listen("127.0.0.1", 0, "", *files), lambda accept: (b"", ""))


def test_those_who_ask_at_the_same_time_share_one_text() -> None:
    made: list[str] = []
    begun, go_on = Event(), Event()

    def text(accept: str) -> tuple[bytes, str]:
        made.append(accept)
        begun.set()
        assert go_on.wait(10)
        return f"{len(made)}".encode(), accept

    shared = Shared(text)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(shared, "")
        assert begun.wait(10)
        others = [pool.submit(shared, "") for _ in range(8)]  # while the first is made: too late to be told that one
        while sum(one.running() for one in others) < 8:
            pass
        go_on.set()
        assert first.result()[0] == b"1"
        assert {one.result()[0] for one in others} <= {b"2", b"3"}
    assert shared("")[0] == f"{len(made)}".encode()
    assert shared("other")[1] == "other"


@pytest.mark.parametrize("header", ["Bearer gehe\u00edm", "bearer gehe\u00edm", "BEARER  gehe\u00edm "])
def test_a_token_may_have_any_letters(filled: TimeSeries, header: str) -> None:
    exporter = Exporter(Listen.parse("0", token="gehe\u00edm"), lambda accept: text(filled, accept))
    exporter.start()
    try:
        assert "resh_volumes_total" in get(exporter, headers={"Authorization": header.encode().decode("latin-1")})
    finally:
        exporter.stop()
