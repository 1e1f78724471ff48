"""Security Hub: where it is on, on a moto server."""

from __future__ import annotations

from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

HUB = "aws_securityhub_hub"
ARN = "arn:aws:securityhub:eu-west-1:123456789012:hub/default"


def test_properties(world: World) -> None:
    standard = {"StandardsArn": "arn:aws:securityhub:::ruleset/cis", "StandardsStatus": "READY", "StandardsInput": {}}
    hub = {
        "HubArn": ARN,
        "SubscribedAt": "2026-01-02T03:04:05.678Z",
        "AutoEnableControls": True,
        "Standards": [standard],
        "Tags": {"a": "b"},
    }
    assert world.add(HUB, hub) == {
        "id": "default", "kind": HUB, "name": "default", "arn": ARN, "ctime": "2026-01-02T03:04:05Z", "tags": {"a": "b"},
        "auto_enable_controls": True,
        "standards": [{"standards_arn": "arn:aws:securityhub:::ruleset/cis", "standards_status": "READY", "standards_input": {}}],
    }  # fmt: skip


def test_where_it_is_off_there_is_none(cloud: Cloud) -> None:
    (report,) = [report for report in cloud.collect(HUB).reports if report.scope.kind == HUB]
    assert (report.status, report.count) == (Status.OK, 0)
    assert cloud.is_gone(cloud.placed({"kind": HUB, "reported": {"id": "default", "arn": ARN}}))
