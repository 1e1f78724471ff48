"""Web ACLs of the firewall: as it describes them, of regions and of CloudFront, and on a moto server."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest

from resh.errors import UsageError
from resh.providers.aws.wafv2 import TYPES
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import REGION, Cloud

REGIONAL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/a1"
GLOBAL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/web/a2"
LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-shop"


def acl(arn: str, **more: Any) -> dict[str, Any]:
    return {"Name": arn.split("/")[2], "Id": arn.split("/")[3], "ARN": arn, "DefaultAction": {"Allow": {}}, **more}


def test_properties_and_edges(world: World) -> None:
    web_acl = acl(
        REGIONAL, Capacity=5, Description="of the shop", LabelNamespace="awswaf:1:", Rules=[{"Name": "rate", "Priority": 1}],
        AssociationConfig={"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_32"}}},
        AssociatedResources=["arn:alb", "arn:pool"], ManagedByFirewallManager=False, Tags=[{"Key": "owner", "Value": "ada"}],
        LoggingConfiguration={"LogDestinationConfigs": [LOGS, "arn:aws:s3:::aws-waf-logs"]},
    )  # fmt: skip
    reported = world.add("aws_waf_web_acl", web_acl)
    names = ("id", "name", "arn", "scope", "capacity", "description", "label_namespace", "association_inspection_limit")
    assert [reported[name] for name in names] == ["a1", "shop", REGIONAL, "REGIONAL", 5, "of the shop", "awswaf:1:", "KB_32"]
    assert (reported["waf_rules"], reported["tags"]) == ([{"name": "rate", "priority": 1}], {"owner": "ada"})
    assert world.add("aws_waf_web_acl", acl(GLOBAL))["scope"] == "CLOUDFRONT"
    world.add("aws_alb", {"LoadBalancerName": "alb", "LoadBalancerArn": "arn:alb"})
    world.add("aws_cognito_user_pool", {"Id": "pool", "Arn": "arn:pool"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "aws-waf-logs-shop"})
    world.add("aws_s3_bucket", {"Name": "aws-waf-logs"})
    world.add("aws_cloudfront_distribution", {"Id": "E1", "DistributionConfig": {"WebACLId": GLOBAL}})
    waits = {"a1 > alb", "a1 > pool", "a2 > E1"}
    assert world.edges("default") == waits | {"a1 > aws-waf-logs-shop", "a1 > aws-waf-logs"}
    assert world.edges("delete") == waits


def test_only_acls_of_regions_are_asked_whom_they_protect() -> None:
    assert "API_GATEWAY" in jmespath.search(TYPES, {"ARN": REGIONAL})
    assert jmespath.search(TYPES, {"ARN": GLOBAL}) == []


def test_what_the_firewall_manager_manages_stays(cloud: Cloud) -> None:
    document = cloud.placed({"kind": "aws_waf_web_acl", "reported": {"id": "a1", "managed_by_firewall_manager": True}})
    with pytest.raises(UsageError, match="Firewall Manager"):
        cloud.provider.delete(document)


def test_on_a_server(cloud: Cloud, name: str) -> None:
    visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}
    asked = {"Name": name, "DefaultAction": {"Allow": {}}, "VisibilityConfig": visible, "Tags": [{"Key": "owner", "Value": "ada"}]}
    cloud.client("wafv2", "us-east-1").create_web_acl(**asked, Scope="CLOUDFRONT")
    document = cloud.document("aws_waf_web_acl", name)  # moto does not know whom those of a region protect
    assert document["ancestors"]["region"]["reported"]["id"] == "global"
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)
    summary = cloud.client("wafv2").create_web_acl(**asked, Scope="REGIONAL")["Summary"]
    reported = {"id": summary["Id"], "name": name, "arn": summary["ARN"], "scope": "REGIONAL"}
    cloud.provider.delete(cloud.placed({"kind": "aws_waf_web_acl", "reported": reported}, REGION))
    assert cloud.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"] == []
