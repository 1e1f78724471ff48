"""A resource of the mock read again by itself is the same as in a collect, edges included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.graph.base import CompiledQuery
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy, deny
from tests.providers.provider_fakes import Listener

KINDS = "aws_ec2_volume,aws_ec2_instance,aws_vpc,aws_ec2_subnet,aws_ec2_security_group,aws_iam_*,aws_s3_bucket"


@pytest.fixture(scope="module")
def one_reader() -> AwsProvider:
    return AwsProvider(Settings.load(overrides=["aws.regions=eu-west-1", f"aws.collect={KINDS}", "aws.retries=1"]))


@pytest.fixture
def app(one_reader: AwsProvider, provider: AwsProvider, home: Path, clock: FakeClock) -> Iterator[App]:
    with App(home, clock=clock) as app:
        app.__dict__["providers"] = {"aws": one_reader}
        (account,) = one_reader.accounts()
        with app.graph.merge("aws", account.id, account.name) as merge:
            one_reader.collect(account, merge, Listener(), Cancel())
        clock.advance(60)
        yield app


def refresh(app: App, search: str) -> dict[str, str]:
    return {result.document["id"]: result.outcome for result in app.refresh(list(app.documents(search)), Cancel())}


def edges(app: App) -> set[tuple[Any, ...]]:
    return set(app.graph.fetch(CompiledQuery("SELECT src, dst, et, own FROM edge", (), "values")))


def test_what_has_not_changed_stays(app: App) -> None:
    before = edges(app)
    kinds = "is(volume) or is(instance) or is(aws_vpc) or is(aws_ec2_subnet) or is(aws_ec2_security_group) or is(bucket)"
    outcomes = refresh(app, f"{kinds} or is(user) or is(role) or is(group) or is(policy) or is(access_key) or is(instance_profile)")
    assert len(outcomes) > 10
    assert set(outcomes.values()) == {"unchanged"}
    assert edges(app) == before
    assert list(app.graph.history(since=app.clock.now())) == []


def test_what_changed_and_what_went(app: App, aws: World) -> None:
    ec2 = aws.client("ec2", "eu-west-1")
    made = [ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1)["VolumeId"] for _ in range(2)]
    _collect(app)
    ec2.create_tags(Resources=[made[0]], Tags=[{"Key": "owner", "Value": "grace"}])
    ec2.delete_volume(VolumeId=made[1])
    found = {document["reported"]["id"]: document for document in app.documents(f'is(volume) and id in ["{made[0]}", "{made[1]}"]')}
    outcomes = {result.document["reported"]["id"]: result.outcome for result in app.refresh(found.values(), Cancel())}
    assert outcomes == {made[0]: "changed", made[1]: "gone"}
    (volume,) = app.documents(f"id = {made[0]}")
    assert volume["reported"]["tags"] == {"owner": "grace"}
    told = [
        (event.type, event.payload()["kind"], event.payload()["count"]) for event in app.log.last() if event.type.startswith("resource_")
    ]
    assert told == [("resource_updated", "aws_ec2_volume", 1), ("resource_deleted", "aws_ec2_volume", 1)]
    assert _collect(app) is False, "a collect finds nothing new in it"


def test_what_cannot_be_read_stays(app: App, proxy: FaultProxy) -> None:
    proxy.fault("DescribeVolumes", deny())
    assert set(refresh(app, "is(volume)").values()) == {"failed"}
    assert list(app.documents("is(volume)"))


def _collect(app: App) -> bool:
    """Whether it changed anything of volumes."""
    provider = app.providers["aws"]
    (account,) = provider.accounts()
    app.clock.advance(60)  # type: ignore[attr-defined]
    with app.graph.merge("aws", account.id, account.name) as merge:
        provider.collect(account, merge, Listener(), Cancel())
    return any(change.kind == "aws_ec2_volume" for change in app.graph.history(since=app.clock.now()))
