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


def test_what_rules_name_waits_for_them(world: World) -> None:
    listed = [{"IPSetReferenceStatement": {"ARN": "arn:office"}}, {"RegexPatternSetReferenceStatement": {"ARN": "arn:bots"}}]
    rules = [
        {"Name": "all", "Statement": {"AndStatement": {"Statements": [{"NotStatement": {"Statement": one}} for one in listed]}}},
        {"Name": "shared", "Statement": {"RuleGroupReferenceStatement": {"ARN": "arn:group"}}},
        {"Name": "AWS's", "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}},
    ]
    world.add("aws_waf_web_acl", acl(REGIONAL, Rules=rules))
    group = {"Id": "g1", "Name": "shared", "ARN": "arn:group", "Capacity": 50, "Rules": rules[:1]}
    reported = world.add("aws_waf_rule_group", group)
    assert [reported[name] for name in ("scope", "capacity", "waf_rules")][:2] == ["REGIONAL", 50]
    assert [rule["name"] for rule in reported["waf_rules"]] == ["all"]
    addresses = {"Id": "s1", "Name": "office", "ARN": "arn:office", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"]}
    assert world.add("aws_waf_ip_set", addresses)["addresses"] == ["192.0.2.0/24"]
    patterns = {"Id": "s2", "Name": "bots", "ARN": "arn:bots", "RegularExpressionList": [{"RegexString": "^bot"}]}
    assert world.add("aws_waf_regex_pattern_set", patterns)["regular_expression_list"] == ["^bot"]
    assert world.edges("default") == {"a1 > g1", "a1 > s1", "a1 > s2", "g1 > s1", "g1 > s2"}
    assert world.edges("delete") == {"g1 > a1", "s1 > a1", "s2 > a1", "s1 > g1", "s2 > g1"}


def test_only_acls_of_regions_are_asked_whom_they_protect() -> None:
    assert "API_GATEWAY" in jmespath.search(TYPES, {"ARN": REGIONAL})
    assert jmespath.search(TYPES, {"ARN": GLOBAL}) == []


def test_what_the_firewall_manager_manages_stays(cloud: Cloud) -> None:
    document = cloud.placed({"kind": "aws_waf_web_acl", "reported": {"id": "a1", "managed_by_firewall_manager": True}})
    with pytest.raises(UsageError, match="Firewall Manager"):
        cloud.provider.delete(document)


@pytest.mark.parametrize(("scope", "region"), [("REGIONAL", REGION), ("CLOUDFRONT", "us-east-1")])
def test_what_rules_share_on_a_server(cloud: Cloud, name: str, scope: str, region: str) -> None:
    wafv2, tags = cloud.client("wafv2", region), [{"Key": "owner", "Value": "ada"}]
    visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}
    wafv2.create_ip_set(Name=name, Scope=scope, IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"], Tags=tags)
    kinds = ["aws_waf_ip_set", "aws_waf_rule_group"]
    if scope == "REGIONAL":  # moto calls the others regional, too
        wafv2.create_regex_pattern_set(Name=name, Scope=scope, RegularExpressionList=[{"RegexString": "^bot"}], Tags=tags)
        kinds.append("aws_waf_regex_pattern_set")
    wafv2.create_rule_group(Name=name, Scope=scope, Capacity=10, VisibilityConfig=visible, Tags=tags)
    for kind in kinds:
        document = cloud.document(kind, name)
        assert document["ancestors"]["region"]["reported"]["id"] == ("global" if scope == "CLOUDFRONT" else REGION)
        assert (document["reported"]["scope"], document["reported"]["tags"]) == (scope, {"owner": "ada"})
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        assert cloud.goes(document)


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
