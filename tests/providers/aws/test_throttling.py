"""AWS through a proxy that throttles: what that slows, what it does not, and what is remembered of it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.errors import Cancelled
from resh.model.scope import Status
from resh.providers.aws.provider import AwsProvider
from resh.providers.base import Heard
from resh.providers.limiter import Place
from resh.settings import Settings
from resh.state.tables import Tables
from tests.providers.faults import FaultProxy, throttle
from tests.providers.provider_fakes import Listener, Recorder

VOLUMES = ("eu-west-1", "aws_ec2_volume")


def collect(provider: AwsProvider, watcher: Listener | None = None, cancel: Cancel | None = None) -> Recorder:
    sink = Recorder()
    provider.collect(provider.accounts()[0], sink, watcher or Listener(), Cancel() if cancel is None else cancel)
    return sink


def test_what_was_throttled_is_paced_here_and_at_the_next_start(
    provider: AwsProvider, proxy: FaultProxy, settings: Settings, tmp_path: Path
) -> None:
    settings.set("aws.retries", 3, "option")
    tables, clock, watcher = Tables(tmp_path), FakeClock(), Listener()
    proxy.fault("DescribeVolumes", throttle(), region="eu-west-1", times=2)
    assert collect(AwsProvider(settings, clock, tables.paces), watcher).bad() == {}
    assert (watcher.throttled, watcher.calls["ec2:DescribeVolumes"]) == (2, 4)
    (row,) = tables.paces.rows()
    assert (row["region"], row["service"], row["operation"]) == ("eu-west-1", "ec2", "ec2:DescribeVolumes")
    assert 0 < row["rate"] < row["excess"]
    assert collect(AwsProvider(settings, clock, Tables(tmp_path).paces)).bad() == {}
    assert [again["operation"] for again in tables.paces.rows()] == ["ec2:DescribeVolumes"], "it stays until it is free"


def test_one_that_is_always_throttled_ends_its_scope_and_no_other(provider: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    settings.set("aws.retries", 2, "option")
    proxy.fault("DescribeVolumes", throttle(), region="eu-west-1")
    watcher = Listener()
    sink = collect(AwsProvider(settings), watcher)
    assert sink.bad() == {VOLUMES: Status.THROTTLED}
    assert watcher.throttled == 2


def test_a_cancel_ends_the_wait_for_a_turn(provider: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    settings.set("aws.limits", "[{where: 'ec2:DescribeVolumes', rate: 0.0001, burst: 1}]", "option")
    settings.set("aws.retries", 2, "option")
    proxy.fault("DescribeVolumes", throttle(), region="eu-west-1")  # so that it is asked for a second time
    slow, cancel, asked = AwsProvider(settings), Cancel(), threading.Event()
    failed: list[Any] = []

    class Watcher(Listener):
        def called(self, place: Place, heard: Heard) -> None:
            if heard.throttled:
                asked.set()

    def run() -> None:
        with pytest.raises(Cancelled) as caught:
            collect(slow, Watcher(), cancel)
        failed.append(caught.value)

    thread = threading.Thread(target=run)
    thread.start()
    assert asked.wait(20)
    cancel.set("stopped")
    thread.join(10)
    assert [str(error) for error in failed] == ["stopped"]
