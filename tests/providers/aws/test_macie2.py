"""Macie: where it is on, on a moto server."""

from __future__ import annotations

from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.test_collect_aws import collect
from tests.providers.faults import FaultProxy, body

KIND = "aws_macie2_session"


def test_properties(world: World) -> None:
    session = {"createdAt": "2026-01-02T03:04:05Z", "status": "PAUSED", "serviceRole": "arn:role", "findingPublishingFrequency": "ONE_HOUR"}
    assert world.add(KIND, session) == {
        "id": "session", "kind": KIND, "name": "session", "tags": {}, "ctime": "2026-01-02T03:04:05Z", "status": "PAUSED",
        "service_role": "arn:role", "finding_publishing_frequency": "ONE_HOUR",
    }  # fmt: skip
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    assert world.edges("default") == {"role > session"}


def test_where_it_is_off_there_is_none(provider: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault("GET /macie", body(b'{"__type": "AccessDeniedException", "message": "Macie is not enabled."}', 403, "application/json"))
    sink = collect(AwsProvider(Settings.load(overrides=[f"aws.collect={KIND}", "aws.regions=eu-west-1", "aws.retries=1"])))
    assert sink.bad() == {}
    assert sink.ids(KIND) == []


def test_on_a_server(cloud: Cloud) -> None:
    cloud.client("macie2").enable_macie()
    (document,) = cloud.documents(KIND)
    assert document["reported"]["status"] == "ENABLED"
    assert cloud.goes(document)
    assert cloud.documents(KIND) == []
