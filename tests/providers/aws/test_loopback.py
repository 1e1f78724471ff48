"""Under AWS_ENDPOINT_URL nothing but that address is ever contacted, and no name is looked up."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.demo.cloud import NOT_IN_MOTO
from resh.model.scope import Status
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.faults import FaultProxy, deny
from tests.providers.provider_fakes import Listener, Recorder

HERE = frozenset(("127.0.0.1", "localhost", "::1"))


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every other host that anyone asks for; it is not reached."""
    asked: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def guarded_look_up(host: Any, *more: Any, **named: Any) -> Any:
        if host not in HERE:
            asked.append(str(host))
            raise socket.gaierror(socket.EAI_NONAME, "not in this test")
        return look_up(host, *more, **named)

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in HERE:
            asked.append(str(address[0]))
            raise OSError("not in this test")
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    return asked


def test_nothing_but_loopback_is_contacted(provider: AwsProvider, proxy: FaultProxy, elsewhere: list[str]) -> None:
    whole = AwsProvider(Settings.load(overrides=["aws.regions=eu-west-1", f"aws.no_collect=aws_ec2_instance_type,{NOT_IN_MOTO}"]))
    (account,) = whole.accounts()
    sink = Recorder()
    whole.collect(account, sink, Listener(), Cancel())
    assert elsewhere == []
    assert {region for _, region in proxy.asked} >= {"eu-west-1", "us-east-1"}
    for node in sink.found.values():
        if node.kind in ("aws_ec2_volume", "aws_s3_bucket", "aws_iam_user"):
            ancestors = {level: {"reported": {"id": id}} for level, id in (("account", account.id), ("region", node.region))}
            assert whole.read({"kind": node.kind, "reported": node.reported, "ancestors": ancestors})
    assert elsewhere == []


def test_the_guard_sees_what_leaves(elsewhere: list[str]) -> None:
    for host in ("example.com", "192.0.2.1"):
        with pytest.raises(OSError, match="not in this test"):
            socket.create_connection((host, 80), timeout=1)
    assert elsewhere == ["example.com", "192.0.2.1"]


def test_prices_are_asked_from_no_other_address(provider: AwsProvider, proxy: FaultProxy, elsewhere: list[str]) -> None:
    priced = AwsProvider(
        Settings.load(overrides=["aws.regions=eu-west-1", "aws.collect=aws_ec2_*_price", "aws.prices.source=api", "aws.retries=1"])
    )
    (account,) = priced.accounts()
    sink = Recorder()
    proxy.fault("GetProducts", deny())
    priced.collect(account, sink, Listener(), Cancel())
    assert elsewhere == []
    lists = [("eu-west-1", "aws_ec2_instance_price"), ("eu-west-1", "aws_ec2_volume_price")]
    assert [sink.reports[place].status for place in lists] == [Status.DENIED, Status.DENIED]
